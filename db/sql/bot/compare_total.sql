-- What compare_sums adds up, of all users together. $1 tiers that may trade, $2 that may use the API.
-- needs: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
-- walk
SELECT 0 AS bucket,
       count(*) AS users,
       coalesce(sum((w.part >> 32)::integer), 0) AS large,
       coalesce(sum((w.part & 65535)::integer), 0) AS small,
       0::bigint AS placed
  FROM (SELECT (uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.email, '')::text COLLATE "C", 0)) & 4611686014132453375)
               + (uuid_hash_extended(t.user_id, CASE t.tier::text WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                  hashtextextended(coalesce(t.tier::text, E'\x01') COLLATE "C", 1) END) & 72057589742961151)
                 * 17
               + CASE WHEN (t.trading_enabled AND coalesce(t.tier::text <> ALL ($1::text[]), true))
                        OR (t.api_access AND coalesce(t.tier::text <> ALL ($2::text[]), true))
                      THEN uuid_hash_extended(t.user_id, 4) & 72057589742961151 ELSE 0 END AS part
          FROM public.user_trading_profiles AS t) AS w
