-- Ends what is active. $1 the user's id, $2 the closing status that the table allows.
-- needs: public.user_subscriptions(id, user_id, status)
-- updates: public.user_subscriptions(status, ended_at)
-- index: user_subscriptions_user_id_idx
UPDATE public.user_subscriptions AS s
   SET status = $2, ended_at = now()
 WHERE s.user_id = $1::uuid
   AND s.status = 'active'
RETURNING s.id::text AS id
