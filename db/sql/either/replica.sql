-- How far this server is in the write-ahead log, and whether it is as far as $1 (NULL: not asked). By
-- when it was started a server is told from another one of the same system.
SELECT pg_is_in_recovery() AS standby,
       pg_postmaster_start_time()::text AS started,
       l.lsn::text AS position,
       $1::pg_lsn IS NULL OR coalesce(l.lsn >= $1::pg_lsn, false) AS reached
  FROM (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                    ELSE pg_current_wal_lsn() END AS lsn) AS l
