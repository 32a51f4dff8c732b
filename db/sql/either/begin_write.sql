-- The beginning of every transaction that writes: what it pins ends with it, a pooler may share the
-- session. Plain BEGIN, because READ WRITE would override default_transaction_read_only. The app's
-- own triggers find their tables by the search_path.
-- script
BEGIN;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '5s';
SET LOCAL idle_in_transaction_session_timeout = '12s';
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL search_path = pg_catalog, public, extensions;
SET LOCAL synchronous_commit = on
