-- Whether the tables $1 hold rows. Asked of the table where this role sees all of them, else told by
-- its size, which is that of deleted rows too. The names come from the catalogue and go through
-- format()'s %I.
SELECT n.nspname || '.' || c.relname AS table_name,
       pg_relation_size(c.oid) > 0
       AND CASE WHEN has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
                     AND NOT row_security_active(c.oid)
                THEN query_to_xml(format('SELECT 1 AS n FROM %I.%I LIMIT 1', n.nspname, c.relname),
                                  false, false, '')::text LIKE '%<n>1</n>%'
                ELSE true END AS has_rows
  FROM pg_namespace AS n
  JOIN pg_class AS c ON c.relnamespace = n.oid
 WHERE n.nspname = 'public'
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
   AND c.relkind = 'r'
 ORDER BY c.relname
