-- Trading profiles by tier, from a sample of about 400 blocks (see brain/overview_tiers).
-- needs: public.user_trading_profiles(tier)
WITH size AS (
    SELECT least(1, 400 * current_setting('block_size')::numeric
                    / greatest(1, pg_relation_size(c.oid))) AS share, c.reltuples::numeric AS rows
      FROM pg_class AS c
     WHERE c.oid = 'public.user_trading_profiles'::regclass
), sample AS (
    SELECT left(p.tier::text, 64) AS tier, count(*) AS n
      FROM public.user_trading_profiles AS p
           TABLESAMPLE SYSTEM (least(100, 40000 * current_setting('block_size')::numeric
                                 / greatest(1, pg_relation_size('public.user_trading_profiles'))))
                       REPEATABLE (1)
     GROUP BY 1
)
SELECT s.tier,
       round(s.n * CASE WHEN z.share < 1 AND z.rows > 0 THEN z.rows / sum(s.n) OVER ()
                        ELSE 1 / z.share END)::bigint AS users,
       z.share < 1 AS estimated
  FROM sample AS s, size AS z
 ORDER BY users DESC, tier
