-- The buckets of users with an active free subscription beside another active one: which of them is
-- the newest no sum can tell. $1 mask of the bucket, $2 how many at most.
-- needs: public.user_subscriptions(user_id, tier, status)
-- walk
SELECT DISTINCT (uuid_hash(s.user_id) & $1::integer)::bigint AS bucket
  FROM public.user_subscriptions AS s
 WHERE s.status = 'active'
   AND s.tier::text = 'free'
   AND EXISTS (SELECT FROM public.user_subscriptions AS o
                WHERE o.user_id = s.user_id
                  AND o.status = 'active'
                  AND o.tier::text IS DISTINCT FROM 'free')
 LIMIT $2::integer
