-- The trades of all users since time $1, oldest first: $4 rows after the one of time $2 (its place)
-- and id $3, NULL at the beginning.
-- needs: public.user_trades(id, user_id, symbol, side, amount, price, total, status, executed_at, created_at)
-- walk
-- index: user_trades_created_at_idx
SELECT t.id::text AS id,
       t.user_id::text AS user_id,
       left(t.symbol, 1000) AS symbol,
       left(t.side::text, 1000) AS side,
       t.amount::text AS amount,
       t.price::text AS price,
       t.total::text AS total,
       left(t.status::text, 1000) AS status,
       CASE WHEN t.executed_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(t.executed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE t.executed_at::text END AS executed_at,
       CASE WHEN t.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(t.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE t.created_at::text END AS created_at,
       t.created_at::text AS place
  FROM public.user_trades AS t
 WHERE t.created_at >= coalesce($2::timestamp, $1::timestamp)
   AND ($3::uuid IS NULL OR (t.created_at, t.id) > ($2::timestamp, $3::uuid))
 ORDER BY t.created_at, t.id
 LIMIT $4::integer
