-- Sums of Brain's rows by bucket of the user's id, equal to Bot's where all is well: for every user
-- a hash of id and e-mail; for every profile one of id and tier, 17 times, one of which a
-- subscription stands for where there should be one (a free user may have none). A tier that does
-- not exist weighs too much. A user who is deleted weighs more than he does in Bot, so that he differs
-- and his rows are read. A part has two fields, a large and a small one, whose sums the server adds up
-- without numeric; the small one once more times the place of the user's hash (compare_grid.h), which
-- names the user who is alone in differing. $1 mask of the bucket; only $3 buckets by mask $2, or all
-- (NULL); only the users $4, or all (NULL); $5 the tiers; only ids from $6 on, up to $7 (NULL: no end).
-- needs: logins(id, email, deleted_at) public.user_profiles(user_id, tier) public.user_subscriptions(user_id, tier, status)
-- walk
SELECT w.hash & $1::integer AS bucket,
       count(w.login) AS users,
       sum((w.part >> 32)::integer) AS large,
       sum((w.part & 65535)::integer) AS small,
       sum((w.part & 65535)::integer * (w.hash >> 16 & 32767)) AS placed
  FROM (SELECT uuid_hash(u.id) AS hash,
               true AS login,
               (uuid_hash_extended(u.id, hashtextextended(coalesce(u.email, '')::text COLLATE "C", 0)) & 4611686014132453375)
               + CASE WHEN u.deleted_at IS NOT NULL THEN uuid_hash_extended(u.id, 5) & 72057589742961151 ELSE 0 END AS part
          FROM auth.users AS u
         WHERE ($3::integer[] IS NULL OR uuid_hash(u.id) & $2::integer = ANY ($3::integer[]))
           AND ($4::uuid[] IS NULL OR u.id = ANY ($4::uuid[]))
           AND ($6::uuid IS NULL OR u.id >= $6::uuid)
           AND ($7::uuid IS NULL OR u.id < $7::uuid)
         UNION ALL
        SELECT uuid_hash(p.user_id),
               NULL,
               (uuid_hash_extended(p.user_id, CASE p.tier::text COLLATE "C" WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                hashtextextended(coalesce(p.tier::text, E'\x01') COLLATE "C", 1) END) & 72057589742961151)
               * CASE WHEN p.tier::text COLLATE "C" = 'free' THEN 17
                      WHEN p.tier::text COLLATE "C" = ANY ($5::text[]) THEN 16 ELSE 81 END
          FROM public.user_profiles AS p
         WHERE p.user_id IS NOT NULL
           AND ($3::integer[] IS NULL OR uuid_hash(p.user_id) & $2::integer = ANY ($3::integer[]))
           AND ($4::uuid[] IS NULL OR p.user_id = ANY ($4::uuid[]))
           AND ($6::uuid IS NULL OR p.user_id >= $6::uuid)
           AND ($7::uuid IS NULL OR p.user_id < $7::uuid)
         UNION ALL
        SELECT uuid_hash(s.user_id),
               NULL,
               uuid_hash_extended(s.user_id, CASE s.tier::text COLLATE "C" WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                hashtextextended(coalesce(s.tier::text, E'\x01') COLLATE "C", 1) END) & 72057589742961151
          FROM public.user_subscriptions AS s
         WHERE s.status = 'active'
           AND s.tier::text COLLATE "C" IS DISTINCT FROM 'free'
           AND s.user_id IS NOT NULL
           AND ($3::integer[] IS NULL OR uuid_hash(s.user_id) & $2::integer = ANY ($3::integer[]))
           AND ($4::uuid[] IS NULL OR s.user_id = ANY ($4::uuid[]))
           AND ($6::uuid IS NULL OR s.user_id >= $6::uuid)
           AND ($7::uuid IS NULL OR s.user_id < $7::uuid)) AS w
 GROUP BY w.hash & $1::integer
