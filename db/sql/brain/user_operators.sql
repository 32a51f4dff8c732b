-- What operators changed about a user, newest first: rows of our journal. $1 his id.
-- needs: public.user_activity(id, action, metadata:jsonb, created_at)
-- index: user_activity_journal_idx
SELECT a.id::text AS id,
       left(a.action, 128) AS action,
       CASE WHEN a.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(a.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE a.created_at::text END AS created_at,
       left(a.metadata ->> 'db_role', 64) AS db_role,
       left(a.metadata ->> 'os_user', 64) AS os_user,
       left(a.metadata ->> 'old', 128) AS before,
       left(a.metadata ->> 'new', 128) AS after,
       left(a.metadata ->> 'reason', 512) AS reason
  FROM public.user_activity AS a
 WHERE a.metadata ->> 'subject' = $1::text
   AND a.action LIKE 'zmartctl.%'
   AND a.action <> ALL ('{zmartctl.result,zmartctl.reason}')
 ORDER BY a.created_at DESC, a.id DESC
 LIMIT 20
