-- The page is the trading profiles of these users. $1: uuid[]
SELECT set_config('zmartctl.page', $1::uuid[]::text, true) AS page
