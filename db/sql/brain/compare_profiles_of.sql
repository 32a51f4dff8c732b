-- The profiles of the users $1 (uuid[]), in their order.
-- needs: public.user_profiles(id, user_id, tier, created_at, updated_at)
-- index: user_profiles_user_id_idx
-- walk
SELECT p.user_id::text AS user_id,
       left(p.tier::text, 256) AS tier,
       p.updated_at::text AS updated_at
  FROM public.user_profiles AS p
 WHERE p.user_id = ANY ($1::uuid[])
 ORDER BY p.user_id, p.created_at, p.id
