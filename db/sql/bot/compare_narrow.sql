-- What compare_sums adds up, by user, of the buckets $2 of mask $1. $3 tiers that may trade, $4 that
-- may use the API.
-- needs: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
-- walk
SELECT w.id::text AS id,
       sum(w.part)::text AS total
  FROM (SELECT t.user_id AS id,
               (uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.email, '')::text COLLATE "C", 0)) >> 2)
               + (uuid_hash_extended(t.user_id, CASE t.tier::text WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                  hashtextextended(coalesce(t.tier::text, E'\x01') COLLATE "C", 1) END) >> 16)
                 * 1024
               + CASE WHEN (t.trading_enabled AND coalesce(t.tier::text <> ALL ($3::text[]), true))
                        OR (t.api_access AND coalesce(t.tier::text <> ALL ($4::text[]), true))
                      THEN uuid_hash_extended(t.user_id, 4) >> 3 ELSE 0 END AS part
          FROM public.user_trading_profiles AS t
         WHERE uuid_hash(t.user_id) & $1::integer = ANY ($2::integer[])) AS w
 GROUP BY w.id
