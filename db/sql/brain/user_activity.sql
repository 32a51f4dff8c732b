-- The activity of a user, newest first: $4 rows after the one of time $2 and id $3, NULL at the
-- beginning. $2 lacks the fractions of a second that the row itself knows.
-- needs: public.user_activity(id, user_id, action, metadata, created_at)
-- index: user_activity_user_id_idx
SELECT a.id::text AS id,
       left(a.action, 128) AS action,
       left(a.metadata, 400) AS metadata,
       coalesce(length(a.metadata), 0)::bigint AS metadata_size,
       CASE WHEN a.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(a.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE a.created_at::text END AS created_at
  FROM (SELECT a.id, a.action, a.metadata::text AS metadata, a.created_at
          FROM public.user_activity AS a
         WHERE a.user_id = $1::uuid
           AND ($3::uuid IS NULL
                OR ($2::timestamp IS NULL AND (a.created_at IS NOT NULL OR a.id < $3::uuid))
                OR (a.created_at, a.id)
                   < (coalesce((SELECT k.created_at::timestamp
                                  FROM public.user_activity AS k
                                 WHERE k.id = $3::uuid), $2::timestamp), $3::uuid))
         ORDER BY a.created_at DESC, a.id DESC
         LIMIT $4::integer) AS a
 ORDER BY a.created_at DESC, a.id DESC
