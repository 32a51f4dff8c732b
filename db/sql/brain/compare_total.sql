-- One sum of all users, or of the users $2 (NULL: all): a hash of id and e-mail of every login, one of
-- id and tier of every profile. As placed, how many tiers are none of $1. Deleted users count as any.
-- needs: logins(id, email) public.user_profiles(user_id, tier)
-- walk
SELECT 0 AS bucket,
       l.users,
       l.part + t.part AS large,
       0::bigint AS small,
       t.odd AS placed
  FROM (SELECT count(*) AS users,
               coalesce(sum(uuid_hash_extended(u.id, hashtextextended(coalesce(u.email, '')::text COLLATE "C", 0)) & 68719476735), 0)::bigint AS part
          FROM auth.users AS u
         WHERE ($2::uuid[] IS NULL OR u.id = ANY ($2::uuid[]))) AS l,
       (SELECT coalesce(sum(uuid_hash_extended(p.user_id, hashtextextended(coalesce(p.tier::text, E'\x01') COLLATE "C", 1)) & 68719476735), 0)::bigint AS part,
               count(*) FILTER (WHERE coalesce(p.tier::text <> ALL ($1::text[]), true)) AS odd
          FROM public.user_profiles AS p
         WHERE p.user_id IS NOT NULL
           AND ($2::uuid[] IS NULL OR p.user_id = ANY ($2::uuid[]))) AS t
