-- The active subscriptions of the users $1 (uuid[]), in their order.
-- needs: public.user_subscriptions(id, user_id, tier, status, started_at)
-- index: user_subscriptions_user_id_idx
-- walk
SELECT s.user_id::text AS user_id,
       left(s.tier::text, 256) AS tier
  FROM public.user_subscriptions AS s
 WHERE s.status = 'active' AND s.user_id = ANY ($1::uuid[])
 ORDER BY s.user_id, s.started_at DESC NULLS LAST, s.id
