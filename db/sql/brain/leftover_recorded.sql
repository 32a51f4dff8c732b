-- The addresses of test users that are on record, newest first. $1 the subject of such rows. Anybody
-- may have written one: whoever asks compares the addresses with those that tests make.
-- needs: public.user_activity(id, action, metadata:jsonb, created_at)
-- index: user_activity_journal_idx
SELECT left(a.metadata ->> 'email', 320) AS email
  FROM public.user_activity AS a
 WHERE a.metadata ->> 'subject' = $1::text
   AND a.action LIKE 'zmartctl.%'
   AND a.action = 'zmartctl.flow_test'
 ORDER BY a.created_at DESC, a.id DESC
 LIMIT 200
