-- The active subscriptions of the users $1 (uuid[]), in their order.
-- What an older shape lacks is NULL: a name that the inner table does not have is found outside.
-- needs: public.user_subscriptions(user_id:uuid, tier, status)
-- index: user_subscriptions_user_id_idx
-- walk
SELECT s.user_id::text AS user_id,
       left(s.tier::text, 64) AS tier
  FROM (SELECT NULL::uuid AS id,
               NULL::timestamp AS started_at) AS lacking
 CROSS JOIN LATERAL (
        SELECT id, user_id, tier, status, started_at
          FROM public.user_subscriptions) AS s
 WHERE s.status = 'active' AND s.user_id = ANY ($1::uuid[])
 ORDER BY s.user_id, s.started_at DESC NULLS LAST, s.id
