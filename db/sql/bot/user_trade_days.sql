-- The trades of a user a day, of the last 30 days.
-- needs: public.user_trades(user_id, created_at)
-- index: user_trades_user_id_idx
SELECT to_char(d.day, 'YYYY-MM-DD') AS day, d.trades
  FROM (SELECT t.created_at::date AS day, count(*) AS trades
          FROM public.user_trades AS t
         WHERE t.user_id = $1::uuid
           AND t.created_at >= current_date - 29
           AND t.created_at < current_date + 1
         GROUP BY t.created_at::date) AS d
 ORDER BY d.day
