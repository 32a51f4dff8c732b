-- Whether a later change of ours found Bot's row as this one left it, or as it was before it.
-- $1 the user's id, $2 the request, $3 its token, $4 the token before it.
-- needs: public.user_activity(id, action, metadata:jsonb, created_at)
-- index: user_activity_journal_idx
SELECT a.id::text AS id,
       coalesce(a.metadata ->> 'bot_prev' = $3::text, false) AS was_written
  FROM public.user_activity AS a
 WHERE a.metadata ->> 'subject' = $1::uuid::text
   AND a.action LIKE 'zmartctl.%'
   AND a.id <> $2::uuid
   AND a.metadata ->> 'bot_prev' IN ($3::text, $4::text)
 ORDER BY a.created_at
 LIMIT 1
