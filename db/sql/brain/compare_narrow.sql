-- What compare_sums adds up, by user, of the buckets $2 of mask $1. $3 the tiers.
-- needs: logins(id, email) public.user_profiles(user_id, tier) public.user_subscriptions(user_id, tier, status)
-- walk
SELECT w.id::text AS id,
       sum(w.part)::text AS total
  FROM (SELECT u.id,
               uuid_hash_extended(u.id, hashtextextended(coalesce(u.email, '')::text COLLATE "C", 0)) >> 2 AS part
          FROM auth.users AS u
         WHERE uuid_hash(u.id) & $1::integer = ANY ($2::integer[])
         UNION ALL
        SELECT p.user_id,
               (uuid_hash_extended(p.user_id, CASE p.tier::text WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                hashtextextended(coalesce(p.tier::text, E'\x01') COLLATE "C", 1) END) >> 16)
               * CASE WHEN p.tier::text = 'free' THEN 1024
                      WHEN p.tier::text = ANY ($3::text[]) THEN 1025 ELSE 5121 END
          FROM public.user_profiles AS p
         WHERE p.user_id IS NOT NULL
           AND uuid_hash(p.user_id) & $1::integer = ANY ($2::integer[])
         UNION ALL
        SELECT s.user_id,
               -(uuid_hash_extended(s.user_id, CASE s.tier::text WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                 hashtextextended(coalesce(s.tier::text, E'\x01') COLLATE "C", 1) END) >> 16)
          FROM public.user_subscriptions AS s
         WHERE s.status = 'active'
           AND s.tier::text IS DISTINCT FROM 'free'
           AND s.user_id IS NOT NULL
           AND uuid_hash(s.user_id) & $1::integer = ANY ($2::integer[])) AS w
 GROUP BY w.id
