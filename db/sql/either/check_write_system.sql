-- The same for roles that may see the system identifier.
SELECT pg_is_in_recovery() AS standby,
       current_setting('transaction_read_only')::boolean AS read_only,
       (SELECT s.system_identifier::text FROM pg_control_system() s) AS system,
       (SELECT d.oid::text FROM pg_database d WHERE d.datname = current_database()) AS database_oid
