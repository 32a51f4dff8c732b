-- The profiles of the users $1 (uuid[]), in their order.
-- What an older shape lacks is NULL: a name that the inner table does not have is found outside.
-- needs: public.user_profiles(user_id:uuid)
-- index: user_profiles_user_id_idx
-- walk
SELECT p.user_id::text AS user_id,
       left(p.tier::text, 64) AS tier,
       p.updated_at::text AS updated_at
  FROM (SELECT NULL::uuid AS id,
               NULL::text AS tier,
               NULL::timestamp AS created_at,
               NULL::timestamp AS updated_at) AS lacking
 CROSS JOIN LATERAL (
        SELECT id, user_id, tier, created_at, updated_at
          FROM public.user_profiles) AS p
 WHERE p.user_id = ANY ($1::uuid[])
 ORDER BY p.user_id, p.created_at, p.id
