-- Every policy of public. roles: their names with commas, in alphabetical order. place and rest: with
-- DROP POLICY and CREATE POLICY before them, statements. depends: the columns that it names, as
-- public.user_trades.user_id, with commas; their types cannot be changed while it is there.
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
       pg_get_expr(p.polwithcheck, p.polrelid) AS check_text,
       quote_ident(p.polname) || ' ON ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
         AS place,
       CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END ||
         CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT'
                       WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE ' FOR ALL' END ||
         ' TO ' || (SELECT string_agg(CASE WHEN w.oid = 0 THEN 'PUBLIC'
                                           ELSE quote_ident(pg_get_userbyid(w.oid)) END, ', ')
                      FROM unnest(p.polroles) AS w(oid)) ||
         coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') ||
         coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS rest,
       (SELECT string_agg(DISTINCT dn.nspname || '.' || dc.relname || '.' || a.attname, ',')
          FROM pg_depend AS d
          JOIN pg_class AS dc ON dc.oid = d.refobjid
          JOIN pg_namespace AS dn ON dn.oid = dc.relnamespace
          JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_policy'::regclass
           AND d.objid = p.oid
           AND d.refclassid = 'pg_class'::regclass) AS depends
  FROM pg_policy AS p
  JOIN pg_class AS c ON c.oid = p.polrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public'
 ORDER BY c.relname, p.polname
