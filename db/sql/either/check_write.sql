-- Whether this transaction may write at all, and on which database.
SELECT pg_is_in_recovery() AS standby,
       current_setting('transaction_read_only')::boolean AS read_only,
       ''::text AS system,
       (SELECT d.oid::text FROM pg_database d WHERE d.datname = current_database()) AS database_oid
