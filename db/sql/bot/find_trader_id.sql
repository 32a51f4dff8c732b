-- Adds the users of trading profiles whose user_id lies between $1 and $2 to the page, at most $3.
-- needs: public.user_trading_profiles(user_id)
-- index: user_trading_profiles_user_id_idx
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(DISTINCT p.user_id) FILTER (
               WHERE p.user_id <> ALL ((SELECT ids FROM so_far)::uuid[])) AS ids
      FROM (SELECT t.user_id
              FROM public.user_trading_profiles AS t
             WHERE t.user_id >= $1::uuid
               AND t.user_id <= $2::uuid
             ORDER BY t.user_id
             LIMIT $3::integer) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
