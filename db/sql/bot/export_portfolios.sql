-- All portfolio rows by id: $2 rows after the one of id $1, NULL at the beginning.
-- needs: public.user_portfolios(id, user_id, symbol, amount, avg_buy_price, current_value, pnl, created_at, updated_at)
-- walk
SELECT t.id::text AS id,
       t.user_id::text AS user_id,
       left(t.symbol, 1000) AS symbol,
       t.amount::text AS amount,
       t.avg_buy_price::text AS avg_buy_price,
       t.current_value::text AS current_value,
       t.pnl::text AS pnl,
       CASE WHEN t.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(t.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE t.created_at::text END AS created_at,
       CASE WHEN t.updated_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(t.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE t.updated_at::text END AS updated_at
  FROM public.user_portfolios AS t
 WHERE $1::uuid IS NULL OR t.id > $1::uuid
 ORDER BY t.id
 LIMIT $2::integer
