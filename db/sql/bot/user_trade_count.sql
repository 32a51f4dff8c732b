-- How many trades a user has, counted up to 10,001, how many of the newest 1,000 are pending, and
-- when the last was made.
-- needs: public.user_trades(id, user_id, status, created_at)
-- index: user_trades_user_id_idx
SELECT (SELECT count(*)
          FROM (SELECT FROM public.user_trades AS t
                 WHERE t.user_id = $1::uuid
                 LIMIT 10001) AS counted)
           AS trades,
       count(*) FILTER (WHERE n.status = 'pending') AS pending,
       (array_agg(CASE WHEN n.created_at BETWEEN '0001-01-01' AND '99999-12-31'
                       THEN to_char(n.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                       ELSE n.created_at::text END ORDER BY n.created_at DESC NULLS LAST))[1]
           AS last_at
  FROM (SELECT t.status::text AS status, t.created_at
          FROM public.user_trades AS t
         WHERE t.user_id = $1::uuid
         ORDER BY t.created_at DESC, t.id DESC
         LIMIT 1000) AS n
