-- Users with an active free subscription beside another active one: which of them is the newest no
-- sum can tell. $1 how many at most.
-- needs: public.user_subscriptions(user_id, tier, status)
-- walk
SELECT DISTINCT s.user_id::text AS id
  FROM public.user_subscriptions AS s
 WHERE s.status = 'active'
   AND s.tier::text = 'free'
   AND EXISTS (SELECT FROM public.user_subscriptions AS o
                WHERE o.user_id = s.user_id
                  AND o.status = 'active'
                  AND o.tier::text IS DISTINCT FROM 'free')
 LIMIT $1::integer
