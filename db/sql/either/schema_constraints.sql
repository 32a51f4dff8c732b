-- The constraints of the tables $1. kind: p primary key, u unique, f foreign key, c check,
-- x exclusion. columns: their names with commas, in the order of the constraint.
SELECT n.nspname || '.' || c.relname AS table_name,
       k.conname::text AS name,
       quote_ident(k.conname) AS quoted,
       k.contype::text AS kind,
       pg_get_constraintdef(k.oid) AS definition,
       coalesce((SELECT string_agg(a.attname, ',' ORDER BY w.n)
                   FROM unnest(k.conkey) WITH ORDINALITY AS w(attnum, n)
                   JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = w.attnum), '')
           AS columns,
       k.convalidated AS valid
  FROM pg_constraint AS k
  JOIN pg_class AS c ON c.oid = k.conrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'auth')
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
   AND k.contype IN ('p', 'u', 'f', 'c', 'x')
 ORDER BY n.nspname, c.relname, k.contype, k.conname
