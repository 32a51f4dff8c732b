-- What every transaction pins for itself: nothing is set for the session, a pooler may share it.
-- $1 statement, $2 lock, $3 idle in transaction: milliseconds. The check of the client's socket is
-- newer than 13; it ends a statement whose client has dropped the connection.
SELECT set_config('TimeZone', 'UTC', true),
       set_config('DateStyle', 'ISO, YMD', true),
       set_config('IntervalStyle', 'postgres', true),
       set_config('bytea_output', 'hex', true),
       set_config('search_path', 'pg_catalog', true),
       set_config('statement_timeout', $1::text, true),
       set_config('lock_timeout', $2::text, true),
       set_config('idle_in_transaction_session_timeout', $3::text, true),
       set_config('jit', 'off', true),
       CASE WHEN current_setting('server_version_num')::integer >= 140000
            THEN set_config('client_connection_check_interval', '2s', true) END
