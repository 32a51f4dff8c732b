-- For a connection of its own, on which one statement that may not be in a transaction runs: it
-- waits for transactions that are older than itself, and hinders nobody while it does.
-- script
SET lock_timeout = '5min';
SET statement_timeout = '0';
SET TimeZone = 'UTC';
SET search_path = public, extensions;
