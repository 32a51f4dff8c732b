-- The subscriptions of a user, newest first, at most 50.
-- needs: public.user_subscriptions(id, user_id, tier, status, started_at, ended_at)
-- index: user_subscriptions_user_id_idx
SELECT s.id::text AS id,
       left(s.tier::text, 64) AS tier,
       left(s.status::text, 64) AS status,
       CASE WHEN s.started_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(s.started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE s.started_at::text END AS started_at,
       CASE WHEN s.ended_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(s.ended_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE s.ended_at::text END AS ended_at
  FROM public.user_subscriptions AS s
 WHERE s.user_id = $1::uuid
 ORDER BY s.started_at DESC NULLS LAST, s.status = 'active' DESC, s.id
 LIMIT 50
