-- The portfolio of a user by value, at most 200 rows.
-- needs: public.user_portfolios(id, user_id, symbol, amount, avg_buy_price, current_value, pnl, updated_at)
-- index: user_portfolios_user_id_idx
SELECT p.id::text AS id,
       left(p.symbol, 64) AS symbol,
       p.amount::text AS amount,
       p.avg_buy_price::text AS avg_buy_price,
       p.current_value::text AS current_value,
       p.pnl::text AS pnl,
       CASE WHEN p.updated_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(p.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE p.updated_at::text END AS updated_at
  FROM public.user_portfolios AS p
 WHERE p.user_id = $1::uuid
 ORDER BY p.current_value DESC NULLS LAST, p.symbol, p.id
 LIMIT 200
