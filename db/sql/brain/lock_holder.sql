-- Who holds what a write waits for: our lock of the user, his row, or the table. $1 the user's id.
-- needs: public.user_profiles(user_id)
-- index: user_profiles_user_id_idx
SELECT l.pid::bigint AS pid,
       coalesce(s.usename::text, '') AS role,
       coalesce(s.application_name, '') AS application,
       coalesce(extract(epoch FROM clock_timestamp() - s.xact_start)::bigint, -1) AS seconds
  FROM pg_locks AS l
  JOIN pg_stat_activity AS s ON s.pid = l.pid
 WHERE l.granted
   AND l.pid <> pg_backend_pid()
   AND (l.locktype = 'transactionid'
            AND l.mode = 'ExclusiveLock'
            AND l.transactionid IN (SELECT p.xmax FROM public.user_profiles AS p WHERE p.user_id = $1::uuid)
        OR l.locktype = 'advisory'
            AND l.objsubid = 1
            AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended($1::uuid::text, 7731)
        OR l.locktype = 'relation'
            AND l.relation = 'public.user_profiles'::regclass
            AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock'))
 ORDER BY s.xact_start
 LIMIT 1
