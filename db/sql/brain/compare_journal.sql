-- For which users $1 (text[]) the journal says that Bot's tier as it is, $3 (text[]), was written by us:
-- $2 (text[]) is when the trading profile was changed last. The change of that moment wrote it, or it
-- wrote something else and the change before it is asked in its place, as far as one of ours follows the
-- other: who wrote in between, or left the time as it was, wrote no tier of ours. A change of a tier that
-- does not say which is believed.
-- needs: public.user_activity(action, metadata:jsonb)
-- index: user_activity_journal_idx
-- walk
WITH RECURSIVE chain (subject, tier, before, wrote) AS (
SELECT w.subject,
       w.tier,
       a.metadata ->> 'bot_prev',
       coalesce(a.metadata ->> 'bot_tier_new', a.metadata ->> 'bot_new',
                CASE WHEN a.action LIKE '%.tier\_change' THEN coalesce(a.metadata ->> 'new', w.tier) END)
  FROM unnest($1::text[], $2::text[], $3::text[]) AS w(subject, token, tier)
  JOIN public.user_activity AS a
    ON a.metadata ->> 'subject' = w.subject
   AND a.metadata ->> 'bot_token' = w.token
 WHERE a.action LIKE 'zmartctl.%'
 UNION
SELECT c.subject,
       c.tier,
       a.metadata ->> 'bot_prev',
       coalesce(a.metadata ->> 'bot_tier_new', a.metadata ->> 'bot_new',
                CASE WHEN a.action LIKE '%.tier\_change' THEN coalesce(a.metadata ->> 'new', c.tier) END)
  FROM chain AS c
  JOIN public.user_activity AS a
    ON a.metadata ->> 'subject' = c.subject
   AND a.metadata ->> 'bot_token' = c.before
 WHERE c.wrote IS NULL
   AND a.action LIKE 'zmartctl.%')
SELECT DISTINCT c.subject AS id
  FROM chain AS c
 WHERE c.wrote = c.tier
