-- Sums of Brain's rows by bucket of the user's id, equal to Bot's where all is well: for every user
-- a hash of id and e-mail; for every profile one of id and tier, 1,024 times, and once more where a
-- subscription should go with it (a free user may have none); every subscription that does takes one
-- away. A tier that does not exist weighs too much. Deleted users count: compare_apart names them,
-- so that not every row has to be unpacked as far as its deleted_at. $1 mask of the bucket; only $3
-- buckets by mask $2, or all (NULL); only the users $4, or all (NULL); $5 the tiers.
-- needs: logins(id, email) public.user_profiles(user_id, tier) public.user_subscriptions(user_id, tier, status)
-- walk
SELECT w.bucket,
       count(w.login) AS users,
       sum(w.part)::text AS total
  FROM (SELECT uuid_hash(u.id) & $1::integer AS bucket,
               true AS login,
               uuid_hash_extended(u.id, hashtextextended(coalesce(u.email, '')::text COLLATE "C", 0)) >> 2 AS part
          FROM auth.users AS u
         WHERE ($3::integer[] IS NULL OR uuid_hash(u.id) & $2::integer = ANY ($3::integer[]))
           AND ($4::uuid[] IS NULL OR u.id = ANY ($4::uuid[]))
         UNION ALL
        SELECT uuid_hash(p.user_id) & $1::integer,
               NULL,
               (uuid_hash_extended(p.user_id, CASE p.tier::text WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                hashtextextended(coalesce(p.tier::text, E'\x01') COLLATE "C", 1) END) >> 16)
               * CASE WHEN p.tier::text = 'free' THEN 1024
                      WHEN p.tier::text = ANY ($5::text[]) THEN 1025 ELSE 5121 END
          FROM public.user_profiles AS p
         WHERE p.user_id IS NOT NULL
           AND ($3::integer[] IS NULL OR uuid_hash(p.user_id) & $2::integer = ANY ($3::integer[]))
           AND ($4::uuid[] IS NULL OR p.user_id = ANY ($4::uuid[]))
         UNION ALL
        SELECT uuid_hash(s.user_id) & $1::integer,
               NULL,
               -(uuid_hash_extended(s.user_id, CASE s.tier::text WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                 hashtextextended(coalesce(s.tier::text, E'\x01') COLLATE "C", 1) END) >> 16)
          FROM public.user_subscriptions AS s
         WHERE s.status = 'active'
           AND s.tier::text IS DISTINCT FROM 'free'
           AND s.user_id IS NOT NULL
           AND ($3::integer[] IS NULL OR uuid_hash(s.user_id) & $2::integer = ANY ($3::integer[]))
           AND ($4::uuid[] IS NULL OR s.user_id = ANY ($4::uuid[]))) AS w
 GROUP BY w.bucket
