-- All profiles of a user, oldest first.
-- needs: public.user_profiles(id, user_id, tier, name, country, profile_completed, created_at, updated_at)
-- index: user_profiles_user_id_idx
SELECT p.id::text AS id,
       p.user_id::text AS user_id,
       left(p.tier::text, 64) AS tier,
       left(p.name, 512) AS name,
       left(p.country, 64) AS country,
       p.profile_completed,
       CASE WHEN p.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(p.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE p.created_at::text END AS created_at,
       CASE WHEN p.updated_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(p.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE p.updated_at::text END AS updated_at,
       count(*) OVER () AS rows
  FROM public.user_profiles AS p
 WHERE p.user_id = $1::uuid
 ORDER BY p.created_at, p.id
 LIMIT 50
