-- Adds the users whose trading profile has an e-mail like $1, a pattern without a % in front, to
-- the page, at most $2 of them.
-- needs: public.user_trading_profiles(user_id, email)
-- index: user_trading_profiles_email_idx
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.user_id ORDER BY p.email USING ~<~) FILTER (
               WHERE p.user_id <> ALL ((SELECT ids FROM so_far)::uuid[])) AS ids
      FROM (SELECT t.user_id, left(t.email, 200) AS email
              FROM public.user_trading_profiles AS t
             WHERE left(t.email, 200) LIKE $1::text
             ORDER BY left(t.email, 200) USING ~<~
             LIMIT $2::integer) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
