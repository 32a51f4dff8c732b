-- What compare_sums_bare adds up, of all users together. $1 the tiers.
-- needs: logins(id, email, deleted_at, is_sso_user) public.user_profiles(user_id, tier)
-- walk
SELECT 0 AS bucket,
       count(w.login) AS users,
       coalesce(sum((w.part >> 32)::integer), 0) AS large,
       coalesce(sum((w.part & 65535)::integer), 0) AS small,
       0::bigint AS placed
  FROM (SELECT true AS login,
               (uuid_hash_extended(u.id, hashtextextended(coalesce(u.email, '')::text COLLATE "C", 0)) & 4611686014132453375)
               + CASE WHEN u.deleted_at IS NOT NULL OR u.email = '' OR (u.email IS NULL AND u.is_sso_user IS NOT FALSE)
                      THEN uuid_hash_extended(u.id, 5) & 72057589742961151 ELSE 0 END AS part
          FROM auth.users AS u
         UNION ALL
        SELECT NULL,
               (uuid_hash_extended(p.user_id, CASE p.tier::text WHEN 'free' THEN 1 WHEN 'pro' THEN 2 WHEN 'enterprise' THEN 3 ELSE
                hashtextextended(coalesce(p.tier::text, E'\x01') COLLATE "C", 1) END) & 72057589742961151)
               * CASE WHEN p.tier::text = ANY ($1::text[]) THEN 17 ELSE 81 END
          FROM public.user_profiles AS p
         WHERE p.user_id IS NOT NULL) AS w
