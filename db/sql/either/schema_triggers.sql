-- The triggers of the tables $1 that somebody made.
SELECT n.nspname || '.' || c.relname AS table_name,
       t.tgname::text AS name,
       pg_get_triggerdef(t.oid) AS definition,
       t.tgenabled <> 'D' AS enabled,
       f.nspname || '.' || p.proname AS function,
       p.prosecdef AS definer,
       md5(p.prosrc || coalesce(p.proconfig::text, '')) AS body
  FROM pg_trigger AS t
  JOIN pg_class AS c ON c.oid = t.tgrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_proc AS p ON p.oid = t.tgfoid
  JOIN pg_namespace AS f ON f.oid = p.pronamespace
 WHERE n.nspname IN ('public', 'auth')
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
   AND NOT t.tgisinternal
 ORDER BY n.nspname, c.relname, t.tgname
