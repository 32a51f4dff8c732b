-- The indexes of the tables $1, those included that a failed CREATE INDEX CONCURRENTLY left behind.
-- columns: their names with commas, "" where one is an expression. of_constraint: NULL where the
-- index was made by itself.
SELECT n.nspname || '.' || c.relname AS table_name,
       s.relname::text AS name,
       format('%I.%I', n.nspname, s.relname) AS quoted,
       pg_get_indexdef(i.indexrelid) AS definition,
       i.indisunique AS is_unique,
       i.indisvalid AND i.indisready AS valid,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       CASE WHEN 0 = ANY (i.indkey::smallint[]) THEN '' ELSE coalesce(
           (SELECT string_agg(a.attname, ',' ORDER BY w.n)
              FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS w(attnum, n)
              JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = w.attnum
             WHERE w.n <= i.indnkeyatts), '') END AS columns,
       (SELECT min(k.conname)::text FROM pg_constraint AS k
         WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AS of_constraint
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indrelid
  JOIN pg_class AS s ON s.oid = i.indexrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'auth')
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
 ORDER BY n.nspname, c.relname, s.relname
