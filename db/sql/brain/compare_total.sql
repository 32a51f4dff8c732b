-- One sum of all users, or of the users $1 (NULL: all), modulo 2^64: a hash of id and e-mail of every
-- login, one of id and tier of every profile. Whether a tier exists is for Bot to weigh, which is done
-- sooner. Deleted users count as any.
-- needs: logins(id, email) public.user_profiles(user_id, tier)
-- walk
SELECT 0 AS bucket,
       0::bigint AS users,
       (mod(mod(coalesce(l.sum, 0) + coalesce(t.sum, 0), 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint AS large,
       0::bigint AS small,
       0::bigint AS placed
  FROM (SELECT sum(uuid_hash_extended(u.id, hashtextextended(coalesce(u.email, '')::text COLLATE "C", 0))) AS sum
          FROM auth.users AS u
         WHERE ($1::uuid[] IS NULL OR u.id = ANY ($1::uuid[]))) AS l,
       (SELECT sum(uuid_hash_extended(p.user_id, hashtextextended(p.tier::text COLLATE "C", 1))) AS sum
          FROM public.user_profiles AS p
         WHERE ($1::uuid[] IS NULL OR p.user_id = ANY ($1::uuid[]))) AS t
