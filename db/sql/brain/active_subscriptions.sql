-- What is active of a user's subscriptions, after a change. $1 his id.
-- needs: public.user_subscriptions(id, user_id, status)
-- index: user_subscriptions_user_id_idx
SELECT s.id::text AS id
  FROM public.user_subscriptions AS s
 WHERE s.user_id = $1::uuid
   AND s.status = 'active'
 ORDER BY s.id
