-- Indexes whose making was interrupted: they cost every write and serve nobody. $1: the tables.
SELECT format('index %s of %s is invalid: its making was interrupted', x.indexrelid::regclass, c.relname) AS hole,
       format('DROP INDEX CONCURRENTLY %s', x.indexrelid::regclass) AS fix
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
 WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1::text[]) AND NOT x.indisvalid
 ORDER BY 1
