-- $1 the user's id, $2 the tier.
-- needs: public.user_subscriptions(id)
-- inserts: public.user_subscriptions(user_id, tier, status)
INSERT INTO public.user_subscriptions AS s (user_id, tier, status)
VALUES ($1::uuid, $2, 'active')
RETURNING s.id::text AS id
