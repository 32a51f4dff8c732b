-- Opens the cursor over active subscriptions of the buckets $2, of mask $1 (0 and {0}: all), in the order
-- of their users.
-- What an older shape lacks is NULL: a name that the inner table does not have is found outside.
-- needs: public.user_subscriptions(user_id:uuid, tier, status)
-- walk
DECLARE zmartctl_subscriptions NO SCROLL CURSOR WITHOUT HOLD FOR
SELECT s.user_id::text AS user_id,
       left(s.tier::text, 64) AS tier
  FROM (SELECT NULL::uuid AS id,
               NULL::timestamp AS started_at) AS lacking
 CROSS JOIN LATERAL (
        SELECT id, user_id, tier, status, started_at
          FROM public.user_subscriptions) AS s
 WHERE s.status = 'active' AND (uuid_hash(s.user_id) & $1::integer) = ANY ($2::integer[])
 ORDER BY s.user_id, s.started_at DESC NULLS LAST, s.id
