-- Trades a day, of the last 30 days.
-- needs: public.user_trades(created_at)
-- index: user_trades_created_at_idx
SELECT to_char(d.day, 'YYYY-MM-DD') AS day, d.n
  FROM (SELECT t.created_at::date AS day, count(*) AS n
          FROM public.user_trades AS t
         WHERE t.created_at >= current_date - 29
           AND t.created_at < current_date + 1
         GROUP BY t.created_at::date) AS d
 ORDER BY d.day
