-- One range of the walk through trading profiles: the users after $1 (NULL: from the beginning), $2
-- rows of the range, and of them, into the page, those who may match a filter: $4 to $6 as in
-- find_trader_narrow. $3 rows of the page: the range ends where it is full.
-- needs: public.user_trading_profiles(user_id, email)
-- index: user_trading_profiles_user_id_idx
-- walk
WITH range AS MATERIALIZED (
    SELECT t.user_id, t.email, row_number() OVER (ORDER BY t.user_id) AS n
      FROM public.user_trading_profiles AS t
     WHERE ($1::uuid IS NULL OR t.user_id > $1::uuid)
     ORDER BY t.user_id
     LIMIT $2::integer
), record AS (
    SELECT r.user_id, r.n, concat(E'\n', lower(r.email), E'\n') AS text
      FROM range AS r
), kept AS (
    SELECT DISTINCT ON (r.user_id) r.user_id, r.n
      FROM record AS r
     WHERE concat(r.text, CASE WHEN $6::boolean THEN r.user_id::text || E'\n' END)
           LIKE ALL ($4::text[])
       AND r.text NOT LIKE ALL ($5::text[])
     ORDER BY r.user_id, r.n
     LIMIT $3::integer
), stop AS (
    SELECT CASE WHEN count(*) = $3::integer THEN max(k.n)
                ELSE (SELECT count(*) FROM range) END AS n
      FROM kept AS k
)
SELECT set_config('zmartctl.page',
                  coalesce((SELECT array_agg(k.user_id ORDER BY k.n) FROM kept AS k), '{}')::text,
                  true) AS page,
       stop.n AS passed,
       stop.n AS searched,
       (SELECT count(*) FROM range) AS in_range,
       NULL::text AS email,
       r.user_id::text AS id
  FROM stop
  LEFT JOIN range AS r ON r.n = stop.n
