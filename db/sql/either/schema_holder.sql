-- Who holds what a change of the schema waits for: the lock by which two of ours are one after the
-- other, or a table that its SQL names ($1). Whoever has been at it longest comes first.
SELECT l.pid::bigint AS pid,
       coalesce(s.usename::text, '') AS role,
       coalesce(s.application_name, '') AS application,
       coalesce(extract(epoch FROM clock_timestamp() - s.xact_start)::bigint, -1) AS seconds
  FROM pg_locks AS l
  JOIN pg_stat_activity AS s ON s.pid = l.pid
  LEFT JOIN pg_class AS c ON l.locktype = 'relation' AND c.oid = l.relation
  LEFT JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE l.granted
   AND l.pid <> pg_backend_pid()
   AND s.datname = current_database()
   AND (l.locktype = 'advisory'
            AND l.objsubid = 1
            AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('zmartctl schema', 7731)
        OR n.nspname IN ('public', 'auth')
            AND strpos($1::text, n.nspname || '.' || c.relname) > 0)
 ORDER BY l.locktype <> 'advisory', s.xact_start
 LIMIT 1
