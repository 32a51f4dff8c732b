-- What compare_sums adds up, of all users together. $1 tiers that may trade, $2 that may use the API.
-- needs: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
-- walk
SELECT 0 AS bucket,
       count(*) AS users,
       coalesce(sum((uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.email, '')::text COLLATE "C", 0)) >> 2)
                    + (uuid_hash_extended(t.user_id, CASE t.tier::text WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                       hashtextextended(coalesce(t.tier::text, E'\x01') COLLATE "C", 1) END) >> 16)
                      * 1024
                    + CASE WHEN (t.trading_enabled AND coalesce(t.tier::text <> ALL ($1::text[]), true))
                             OR (t.api_access AND coalesce(t.tier::text <> ALL ($2::text[]), true))
                           THEN uuid_hash_extended(t.user_id, 4) >> 3 ELSE 0 END), 0)::text AS total
  FROM public.user_trading_profiles AS t
