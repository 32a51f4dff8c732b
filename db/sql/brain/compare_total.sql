-- One sum of all users, or of the users $2 (NULL: all), modulo 2^64: a hash of id and e-mail of every
-- login, one of id and tier of every profile; a tier that is NULL adds nothing. As placed, how many tiers
-- are none of $1 (NULL is, in Bot as well). Deleted users count as any.
-- needs: logins(id, email) public.user_profiles(user_id, tier)
-- walk
SELECT 0 AS bucket,
       l.users,
       (mod(mod(coalesce(l.sum, 0) + coalesce(t.sum, 0), 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint AS large,
       0::bigint AS small,
       t.odd AS placed
  FROM (SELECT count(*) AS users,
               sum(uuid_hash_extended(u.id, hashtextextended(coalesce(u.email, '')::text COLLATE "C", 0))) AS sum
          FROM auth.users AS u
         WHERE ($2::uuid[] IS NULL OR u.id = ANY ($2::uuid[]))) AS l,
       (SELECT sum(uuid_hash_extended(p.user_id, hashtextextended(p.tier::text COLLATE "C", 1))) AS sum,
               count(*) FILTER (WHERE p.tier::text <> ALL ($1::text[]) AND p.user_id IS NOT NULL) AS odd
          FROM public.user_profiles AS p
         WHERE ($2::uuid[] IS NULL OR p.user_id = ANY ($2::uuid[]))) AS t
