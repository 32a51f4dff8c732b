-- Sums of Bot's rows by bucket of the user's id, equal to Brain's where all is well: a hash of id
-- and e-mail, one of id and tier 17 times, and one more for a right that the row's own tier does
-- not give. $1 mask of the bucket; only $3 buckets by mask $2, or all (NULL); only the users $4, or
-- all (NULL); $5 tiers that may trade, $6 that may use the API; only ids from $7 on, up to $8 (NULL:
-- no end). The branch that is never taken keeps the planner from taking every user for a group of
-- his own, so that it aggregates in parallel.
-- needs: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
-- walk
SELECT w.hash & $1::integer AS bucket,
       count(*) AS users,
       sum((w.part >> 32)::integer) AS large,
       sum((w.part & 65535)::integer) AS small,
       sum((w.part & 65535)::integer * (w.hash >> 16 & 32767)) AS placed
  FROM (SELECT uuid_hash(t.user_id) AS hash,
               (uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.email, '')::text COLLATE "C", 0)) & 4611686014132453375)
               + (uuid_hash_extended(t.user_id, CASE t.tier::text COLLATE "C" WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                  hashtextextended(coalesce(t.tier::text, E'\x01') COLLATE "C", 1) END) & 72057589742961151)
                 * 17
               + CASE WHEN (t.trading_enabled AND coalesce(t.tier::text COLLATE "C" <> ALL ($5::text[]), true))
                        OR (t.api_access AND coalesce(t.tier::text COLLATE "C" <> ALL ($6::text[]), true))
                      THEN uuid_hash_extended(t.user_id, 4) & 72057589742961151 ELSE 0 END AS part
          FROM public.user_trading_profiles AS t
         WHERE t.user_id IS NOT NULL
           AND ($3::integer[] IS NULL OR uuid_hash(t.user_id) & $2::integer = ANY ($3::integer[]))
           AND ($4::uuid[] IS NULL OR t.user_id = ANY ($4::uuid[]))
           AND ($7::uuid IS NULL OR t.user_id >= $7::uuid)
           AND ($8::uuid IS NULL OR t.user_id < $8::uuid)
         UNION ALL
        SELECT NULL, NULL
          FROM public.user_trading_profiles
         WHERE false) AS w
 GROUP BY w.hash & $1::integer
