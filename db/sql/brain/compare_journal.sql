-- For which users $1 (uuid[]) the journal has the change that left their trading profile as it is:
-- $2 (text[]), in the same order, is when that row was changed last.
-- needs: public.user_activity(action, metadata:jsonb)
-- index: user_activity_journal_idx
-- walk
SELECT DISTINCT a.metadata ->> 'subject' AS id
  FROM unnest($1::text[], $2::text[]) AS w(subject, token)
  JOIN public.user_activity AS a
    ON a.metadata ->> 'subject' = w.subject
   AND a.metadata ->> 'bot_token' = w.token
 WHERE a.action LIKE 'zmartctl.%'
