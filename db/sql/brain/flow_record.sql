-- How a test of the checklist ended the last time. $1 its subject. Anybody may have written such a
-- row: one without a moment, or of one to come, counts as none.
-- needs: public.user_activity(id, action, metadata:jsonb, created_at)
-- index: user_activity_journal_idx
SELECT to_char(a.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
       left(a.metadata ->> 'outcome', 16) AS outcome,
       left(a.metadata ->> 'found', 1000) AS found,
       left(a.metadata ->> 'fingerprint', 36) AS fingerprint,
       left(a.metadata ->> 'os_user', 64) AS os_user
  FROM public.user_activity AS a
 WHERE a.metadata ->> 'subject' = $1::text
   AND a.action LIKE 'zmartctl.%'
   AND a.action = 'zmartctl.flow_test'
   AND a.created_at <= (clock_timestamp() AT TIME ZONE 'UTC')
 ORDER BY a.created_at DESC, a.id DESC
 LIMIT 1
