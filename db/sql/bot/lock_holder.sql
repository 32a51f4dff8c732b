-- Who holds what a write waits for: the user's row, or the table. $1 the user's id.
-- needs: public.user_trading_profiles(user_id)
-- index: user_trading_profiles_user_id_idx
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
            AND l.transactionid IN (
                SELECT t.xmax FROM public.user_trading_profiles AS t WHERE t.user_id = $1::uuid)
        OR l.locktype = 'relation'
            AND l.relation = 'public.user_trading_profiles'::regclass
            AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock'))
 ORDER BY s.xact_start
 LIMIT 1
