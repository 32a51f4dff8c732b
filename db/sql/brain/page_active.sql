-- The newest active subscription of each user of the page, and how many he has.
-- needs: public.user_subscriptions(id, user_id, tier, status, started_at)
-- index: user_subscriptions_user_id_idx
SELECT DISTINCT ON (s.user_id)
       s.user_id::text AS user_id,
       left(s.tier::text, 64) AS tier,
       left(s.status::text, 64) AS status,
       CASE WHEN s.started_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(s.started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE s.started_at::text END AS started_at,
       count(*) OVER (PARTITION BY s.user_id) AS rows
  FROM public.user_subscriptions AS s
 WHERE s.user_id = ANY ((SELECT current_setting('zmartctl.page')::uuid[])::uuid[])
   AND s.status = 'active'
 ORDER BY s.user_id, s.started_at DESC NULLS LAST, s.id
