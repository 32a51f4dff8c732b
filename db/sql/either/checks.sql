-- What the CHECK constraints of our tables allow. $1 the tables that zmartctl knows.
SELECT n.nspname || '.' || c.relname AS table_name,
       pg_get_constraintdef(k.oid) AS definition
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE k.contype = 'c'
   AND n.nspname = 'public'
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
 ORDER BY 1, 2
