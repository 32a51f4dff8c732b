-- Opens the cursor over profiles of the buckets $2, of mask $1 (0 and {0}: all), in the order
-- of their users.
-- What an older shape lacks is NULL: a name that the inner table does not have is found outside.
-- needs: public.user_profiles(user_id:uuid)
-- walk
DECLARE zmartctl_profiles NO SCROLL CURSOR WITHOUT HOLD FOR
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
 WHERE (uuid_hash(p.user_id) & $1::integer) = ANY ($2::integer[])
 ORDER BY p.user_id, p.created_at, p.id
