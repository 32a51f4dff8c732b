-- What is on record about each item and step of the checklist: its newest row. $1 the subjects.
-- Anybody may have written such a row: one without a moment, or of one to come, counts as none.
-- needs: public.user_activity(id, action, metadata:jsonb, created_at)
-- index: user_activity_journal_idx
SELECT s.subject AS subject,
       m.id::text AS id,
       m.action AS action,
       to_char(m.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
       left(m.metadata ->> 'note', 1000) AS note,
       left(m.metadata ->> 'until', 10) AS until,
       left(m.metadata ->> 'fingerprint', 36) AS fingerprint,
       left(m.metadata ->> 'profile', 64) AS profile,
       left(m.metadata ->> 'db_role', 64) AS db_role,
       left(m.metadata ->> 'os_user', 64) AS os_user,
       left(m.metadata ->> 'host', 64) AS host,
       coalesce(m.metadata ->> 'until', '') COLLATE "C"
           < to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS expired
  FROM unnest($1::text[]) AS s(subject)
 CROSS JOIN LATERAL (
       SELECT a.id, a.action, a.created_at, a.metadata
         FROM public.user_activity AS a
        WHERE a.metadata ->> 'subject' = s.subject
          AND a.action LIKE 'zmartctl.%'
          AND a.action = ANY ('{zmartctl.signoff,zmartctl.unsign,zmartctl.waive}')
          AND a.created_at <= (clock_timestamp() AT TIME ZONE 'UTC')
        ORDER BY a.created_at DESC, a.id DESC
        LIMIT 1) AS m
