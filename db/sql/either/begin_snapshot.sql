-- The beginning of a comparison: one snapshot for all of its statements, which read whole tables,
-- or some users by an index. What it pins ends with it, a pooler may share the session.
-- script
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL statement_timeout = '120s';
SET LOCAL lock_timeout = '3s';
SET LOCAL idle_in_transaction_session_timeout = '180s';
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL search_path = pg_catalog;
SET LOCAL client_connection_check_interval = '2s';
SET LOCAL jit = off;
SET LOCAL work_mem = '64MB';
SET LOCAL cursor_tuple_fraction = 1;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_nestloop = off;
SET LOCAL random_page_cost = 1.1
