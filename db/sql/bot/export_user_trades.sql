-- All trades of user $1, newest first: $4 rows after the one of time $2 (its place) and id $3, NULL at
-- the beginning. Those without a time come first.
-- needs: public.user_trades(id, user_id, symbol, side, amount, price, total, status, executed_at, created_at)
-- index: user_trades_user_id_idx
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
 WHERE t.user_id = $1::uuid
   AND ($3::uuid IS NULL
        OR ($2::timestamp IS NULL AND (t.created_at IS NOT NULL OR t.id < $3::uuid))
        OR (t.created_at, t.id) < ($2::timestamp, $3::uuid))
 ORDER BY t.created_at DESC, t.id DESC
 LIMIT $4::integer
