-- The same for servers that can also limit a transaction's life (17 and later).
-- script
BEGIN;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '5s';
SET LOCAL idle_in_transaction_session_timeout = '12s';
SET LOCAL transaction_timeout = '20s';
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL search_path = pg_catalog, public, extensions;
SET LOCAL synchronous_commit = on
