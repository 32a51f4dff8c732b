-- Users with an active free subscription beside another active one: which of them is the newest no
-- sum can tell. $1 how many at most. OFFSET: neither side is looked up row by row. Bytes are
-- compared, which saves a twentieth.
-- needs: public.user_subscriptions(user_id, tier, status)
-- walk
SELECT f.user_id::text AS id
  FROM (SELECT s.user_id
          FROM public.user_subscriptions AS s
         WHERE s.status::text COLLATE "C" = 'active'
           AND s.tier::text COLLATE "C" = 'free'
        OFFSET 0) AS f
  JOIN (SELECT s.user_id
          FROM public.user_subscriptions AS s
         WHERE s.status::text COLLATE "C" = 'active'
           AND s.tier::text COLLATE "C" IS DISTINCT FROM 'free'
        OFFSET 0) AS o
    ON o.user_id = f.user_id
 LIMIT $1::integer
