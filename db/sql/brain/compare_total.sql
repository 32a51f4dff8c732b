-- One sum of all users, or of the users $2 (NULL: all), modulo 2^64: a hash of id and e-mail of every
-- login, one of id and tier of every profile whose tier is one of $1. One that is not adds nothing,
-- so that its user differs from Bot, where every tier adds something. Deleted users count as any.
-- Most are free: for them no array is looked through, which would cost an eighth of all this.
-- needs: logins(id, email) public.user_profiles(user_id, tier)
-- walk
SELECT 0 AS bucket,
       l.users,
       (mod(mod(coalesce(l.sum, 0) + coalesce(t.sum, 0), 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint AS large,
       0::bigint AS small,
       0::bigint AS placed
  FROM (SELECT count(*) AS users,
               sum(uuid_hash_extended(u.id, hashtextextended(coalesce(u.email, '')::text COLLATE "C", 0))) AS sum
          FROM auth.users AS u
         WHERE ($2::uuid[] IS NULL OR u.id = ANY ($2::uuid[]))) AS l,
       (SELECT sum(uuid_hash_extended(p.user_id,
                   CASE WHEN p.tier::text COLLATE "C" = 'free' THEN hashtextextended('free' COLLATE "C", 1)
                        WHEN p.tier::text COLLATE "C" = ANY ($1::text[]) THEN hashtextextended(p.tier::text COLLATE "C", 1)
                   END)) AS sum
          FROM public.user_profiles AS p
         WHERE ($2::uuid[] IS NULL OR p.user_id = ANY ($2::uuid[]))) AS t
