-- Who and what is at the other end.
SELECT session_user::text AS role,
       current_setting('server_version') AS server,
       current_setting('server_version_num')::bigint AS version,
       current_setting('default_transaction_read_only')::boolean AS read_only,
       pg_is_in_recovery() AS standby,
       pg_backend_pid()::bigint AS pid,
       (SELECT d.oid::text FROM pg_database d WHERE d.datname = current_database()) AS database_oid
