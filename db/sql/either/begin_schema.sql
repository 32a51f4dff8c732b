-- The beginning of a change of the schema. It waits two seconds for its locks and then gives up,
-- because everybody else would wait behind it; two of ours are one after the other.
-- script
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '60s';
SET LOCAL idle_in_transaction_session_timeout = '12s';
SET LOCAL TimeZone = 'UTC';
SET LOCAL search_path = public, extensions;
SELECT pg_advisory_xact_lock(hashtextextended('zmartctl schema', 7731));
