-- $1: the tables that zmartctl knows. Indexes that can be used, as the server itself would write them.
SELECT n.nspname || '.' || c.relname AS table_name,
       pg_get_indexdef(i.indexrelid) AS definition,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       i.indisunique AS is_unique
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'auth')
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
   AND i.indisvalid AND i.indisready
 ORDER BY n.nspname, c.relname, i.indexrelid
