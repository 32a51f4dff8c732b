-- The ten symbols with the most trades, counted.
-- needs: public.user_trades(symbol)
-- walk
SELECT left(t.symbol, 64) AS symbol,
       count(*) AS trades,
       false AS estimated
  FROM public.user_trades AS t
 GROUP BY t.symbol
 ORDER BY trades DESC, symbol
 LIMIT 10
