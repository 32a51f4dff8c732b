-- Opens the cursor over active subscriptions of the buckets $2, of mask $1 (0 and {0}: all), in the order
-- of their users.
-- needs: public.user_subscriptions(id, user_id, tier, status, started_at)
-- walk
DECLARE zmartctl_subscriptions NO SCROLL CURSOR WITHOUT HOLD FOR
SELECT s.user_id::text AS user_id,
       left(s.tier::text, 256) AS tier
  FROM public.user_subscriptions AS s
 WHERE s.status = 'active' AND (uuid_hash(s.user_id) & $1::integer) = ANY ($2::integer[])
 ORDER BY s.user_id, s.started_at DESC NULLS LAST, s.id
