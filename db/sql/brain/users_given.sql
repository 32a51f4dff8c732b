-- The page is these logins. $1: uuid[]
SELECT set_config('zmartctl.page', $1::uuid[]::text, true) AS page
