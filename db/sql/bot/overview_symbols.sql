-- The ten symbols with the most trades, from a sample of about 400 blocks (see
-- brain/overview_tiers).
-- needs: public.user_trades(symbol)
WITH size AS (
    SELECT least(1, 400 * current_setting('block_size')::numeric
                    / greatest(1, pg_relation_size(c.oid))) AS share, c.reltuples::numeric AS rows
      FROM pg_class AS c
     WHERE c.oid = 'public.user_trades'::regclass
), sample AS (
    SELECT left(t.symbol::text, 64) AS symbol, count(*) AS n
      FROM public.user_trades AS t
           TABLESAMPLE SYSTEM (least(100, 40000 * current_setting('block_size')::numeric
                                     / greatest(1, pg_relation_size('public.user_trades'))))
                       REPEATABLE (1)
     GROUP BY 1
)
SELECT s.symbol,
       round(s.n * CASE WHEN z.share < 1 AND z.rows > 0 THEN z.rows / sum(s.n) OVER ()
                        ELSE 1 / z.share END)::bigint AS trades,
       z.share < 1 AS estimated
  FROM sample AS s, size AS z
 ORDER BY trades DESC, symbol
 LIMIT 10
