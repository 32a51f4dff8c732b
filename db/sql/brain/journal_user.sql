-- What operators did to a user, newest first.
-- $1 and $2 the place (moment and id) behind which the page begins, or NULL; $3 rows; $4 a word or
-- NULL; $5 since when or NULL; $6 only where a reason is owed; $7 only without a result.
-- Anybody may have written such a row: one with an odd moment, or none, hides no other.
-- $8 the user.
-- needs: public.user_activity(id, user_id, action, metadata:jsonb, created_at) logins(id, email)
-- index: user_activity_journal_idx
SELECT a.id::text AS id,
       a.created_at::text AS at,
       CASE WHEN a.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(a.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE a.created_at::text END AS created_at,
       CASE WHEN isfinite(a.created_at)
            THEN extract(epoch FROM (now() AT TIME ZONE 'UTC') - a.created_at)::bigint ELSE 0 END AS age_seconds,
       left(a.action, 128) AS action,
       left(a.metadata ->> 'subject', 64) AS subject,
       (SELECT left(u.email, 320) FROM auth.users AS u WHERE u.id = a.user_id) AS email,
       left(a.metadata ->> 'db_role', 64) AS db_role,
       left(a.metadata ->> 'os_user', 64) AS os_user,
       left(a.metadata ->> 'loginuid', 16) AS loginuid,
       left(a.metadata ->> 'ssh', 128) AS ssh,
       left(a.metadata ->> 'host', 64) AS host,
       left(a.metadata ->> 'app_version', 32) AS app_version,
       left(a.metadata ->> 'old', 512) AS before,
       left(a.metadata ->> 'new', 512) AS after,
       left(a.metadata ->> 'bot_old', 64) AS bot_before,
       left(a.metadata ->> 'bot_new', 64) AS bot_after,
       left(a.metadata ->> 'reason', 512) AS reason,
       left(a.metadata ->> 'undo_of', 36) AS undo_of,
       left(a.metadata ->> 'bot_row', 36) AS bot_row,
       left(a.metadata ->> 'bot_prev', 64) AS bot_prev,
       left(a.metadata ->> 'bot_token', 64) AS bot_token,
       a.metadata ->> 'created_profile' IS NOT NULL AS created_profile,
       a.metadata ->> 'created_trader' IS NOT NULL AS created_trader,
       coalesce(cardinality(string_to_array(a.metadata ->> 'strategies', ' ')), 0)::bigint AS stopped_strategies,
       coalesce(cardinality(string_to_array(a.metadata ->> 'keys', ' ')), 0)::bigint AS stopped_keys,
       (SELECT left(string_agg(k.key || E'\x1f' ||
                               coalesce('=' || translate(a.metadata ->> (k.key || '_old'), E'\x1e\x1f', ''), '-') || E'\x1f' ||
                               coalesce('=' || translate(a.metadata ->> (k.key || '_new'), E'\x1e\x1f', ''), '-'),
                               E'\x1e'), 8192)
          FROM unnest(string_to_array(a.metadata ->> 'set', ' ')) AS k(key)) AS items,
       left(jsonb_pretty(a.metadata::jsonb), 4096) AS metadata,
       later.outcome AS outcome,
       later.reason AS reason_later,
       later.undone_by AS undone_by
  FROM public.user_activity AS a
 CROSS JOIN LATERAL (
       SELECT coalesce(left(max(r.metadata ->> 'outcome') FILTER (WHERE r.action = 'zmartctl.result'), 32),
                       CASE WHEN a.action = ANY ('{zmartctl.signoff,zmartctl.unsign,zmartctl.waive,zmartctl.flow_test,zmartctl.check_run}')
                            THEN 'done' END) AS outcome,
              left(max(r.metadata ->> 'reason') FILTER (WHERE r.action = 'zmartctl.reason'), 512) AS reason,
              max(r.id::text) FILTER (WHERE r.action = 'zmartctl.undo' AND NOT EXISTS (
                  SELECT FROM public.user_activity AS f
                   WHERE f.metadata ->> 'subject' = r.metadata ->> 'subject'
                     AND f.action LIKE 'zmartctl.%'
                     AND f.action = 'zmartctl.result'
                     AND f.metadata ->> 'ref' = r.id::text
                     AND f.metadata ->> 'outcome' = 'nothing_changed')) AS undone_by
         FROM public.user_activity AS r
        WHERE r.metadata ->> 'subject' = a.metadata ->> 'subject'
          AND r.action LIKE 'zmartctl.%'
          AND r.created_at >= a.created_at
          AND (r.metadata ->> 'ref' = a.id::text OR r.metadata ->> 'undo_of' = a.id::text)) AS later
 WHERE a.metadata ->> 'subject' = $8::uuid::text
   AND a.action LIKE 'zmartctl.%'
   AND a.action <> ALL ('{zmartctl.result,zmartctl.reason}')
   AND a.created_at IS NOT NULL
   AND ($1::timestamp IS NULL OR (a.created_at, a.id) < ($1::timestamp, $2::uuid))
   AND ($5::timestamp IS NULL OR a.created_at >= $5::timestamp)
   AND ($4::text IS NULL OR strpos(lower(concat_ws(' ', a.id, a.action, a.metadata ->> 'subject',
            a.metadata ->> 'db_role', a.metadata ->> 'os_user', a.metadata ->> 'host',
            a.metadata ->> 'reason', later.reason, later.outcome,
            (SELECT u.email FROM auth.users AS u WHERE u.id = a.user_id))), lower($4::text)) > 0)
   AND (NOT $6::boolean OR (a.metadata ->> 'reason' IS NULL AND later.reason IS NULL
            AND a.created_at > (now() AT TIME ZONE 'UTC') - interval '30 days'))
   AND (NOT $7::boolean OR (later.outcome IS NULL
            AND a.created_at > (now() AT TIME ZONE 'UTC') - interval '30 days'))
 ORDER BY a.created_at DESC, a.id DESC
 LIMIT $3::integer
