-- Every policy of public. roles: their names with commas, in alphabetical order.
SELECT n.nspname || '.' || c.relname AS table_name,
       p.polname::text AS name,
       quote_ident(p.polname) AS quoted,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                     WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
       p.polpermissive AS permissive,
       (SELECT string_agg(CASE WHEN w.oid = 0 THEN 'public' ELSE pg_get_userbyid(w.oid)::text END,
                          ',' ORDER BY CASE WHEN w.oid = 0 THEN 'public'
                                            ELSE pg_get_userbyid(w.oid)::text END)
          FROM unnest(p.polroles) AS w(oid)) AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS using_text,
       pg_get_expr(p.polwithcheck, p.polrelid) AS check_text
  FROM pg_policy AS p
  JOIN pg_class AS c ON c.oid = p.polrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public'
 ORDER BY c.relname, p.polname
