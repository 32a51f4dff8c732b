-- The sums of a user's portfolio, over all of its rows.
-- needs: public.user_portfolios(user_id, current_value, pnl)
-- index: user_portfolios_user_id_idx
SELECT count(*) AS symbols,
       sum(p.current_value)::text AS current_value,
       sum(p.pnl)::text AS pnl
  FROM public.user_portfolios AS p
 WHERE p.user_id = $1::uuid
