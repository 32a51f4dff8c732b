-- Adds the users whose trading profile has an e-mail like $1, a pattern without a % in front, to
-- the page, at most $2 of them.
-- needs: public.user_trading_profiles(user_id, email)
-- index: user_trading_profiles_email_idx
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.user_id ORDER BY p.email USING ~<~) FILTER (
               WHERE p.user_id <> ALL ((SELECT ids FROM so_far)::uuid[])) AS ids
      FROM (SELECT DISTINCT ON (w.user_id) w.user_id, w.email
              FROM (SELECT t.user_id, t.email
                      FROM public.user_trading_profiles AS t
                     WHERE t.email LIKE $1::text
                     LIMIT $2::integer) AS w
             ORDER BY w.user_id) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
