-- Keeps of the page, in its order, the first $1 users whose trading profile may match a filter: $2
-- and $3 patterns that its e-mail must be like and must not be like, $4 whether the user_id counts
-- for $2.
-- needs: public.user_trading_profiles(user_id, email)
-- index: user_trading_profiles_user_id_idx
WITH page AS (
    SELECT current_setting('zmartctl.page')::uuid[] AS ids
), trader AS (
    SELECT t.user_id, array_position((SELECT ids FROM page), t.user_id) AS n,
           concat(E'\n', lower(t.email), E'\n') AS text
      FROM public.user_trading_profiles AS t
     WHERE t.user_id = ANY ((SELECT ids FROM page)::uuid[])
), kept AS (
    SELECT DISTINCT t.user_id, t.n
      FROM trader AS t
     WHERE concat(t.text, CASE WHEN $4::boolean THEN t.user_id::text || E'\n' END)
           LIKE ALL ($2::text[])
       AND t.text NOT LIKE ALL ($3::text[])
     ORDER BY t.n
     LIMIT $1::integer
)
SELECT set_config('zmartctl.page',
                  coalesce(array_agg(k.user_id ORDER BY k.n), '{}')::text, true) AS page
  FROM kept AS k
