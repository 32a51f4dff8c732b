-- $1: the tables that zmartctl knows, {public.user_profiles,...}
SELECT n.nspname || '.' || c.relname AS table_name,
       a.attname::text AS column_name,
       format_type(a.atttypid, NULL) AS data_type,
       has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
           AS readable,
       has_column_privilege(c.oid, a.attnum, 'UPDATE') AS updatable,
       has_column_privilege(c.oid, a.attnum, 'INSERT') AS insertable
  FROM pg_namespace n
  JOIN pg_class c ON c.relnamespace = n.oid
  JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE n.nspname IN ('public', 'auth', 'zmartctl')
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND a.attnum > 0
   AND NOT a.attisdropped
 ORDER BY n.nspname, c.relname, a.attnum
