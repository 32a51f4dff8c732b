-- Indexes that a CREATE INDEX CONCURRENTLY left behind when it failed: they cost and serve nobody.
SELECT c.relname::text AS name,
       format('%I.%I', n.nspname, c.relname) AS quoted
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE NOT i.indisvalid AND n.nspname IN ('public', 'auth')
 ORDER BY c.relname
