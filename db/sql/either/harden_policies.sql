-- Policies that open every row to everybody, that are meant for owners but speak to all roles, that
-- ask who the user is once a row, or that reach what is not the owner's; and tables whose owners have
-- no policy to read their rows. $1: the tables; $2: a condition beside "it is his" for each of them
-- ('' none), for those that hold more than the owner's rows.
WITH wanted AS (
    SELECT c.oid, c.relname, nullif(w.beside, '') AS beside
      FROM unnest($1::text[], $2::text[]) AS w (name, beside)
      JOIN pg_class c ON c.relname = w.name AND c.relkind IN ('r', 'p')
                     AND c.relnamespace = to_regnamespace('public')),
policy AS (
    SELECT w.oid, w.relname, p.polname, p.polcmd, p.polpermissive,
           pg_get_expr(p.polqual, p.polrelid) AS qual,
           pg_get_expr(p.polwithcheck, p.polrelid) AS checked,
           EXISTS (SELECT FROM unnest(p.polroles) AS r (oid)
                    WHERE r.oid = 0 OR r.oid = to_regrole('anon')) AS is_for_all,
           EXISTS (SELECT FROM unnest(p.polroles) AS r (oid)
                    WHERE r.oid IN (0, to_regrole('anon'), to_regrole('authenticated'))) AS is_for_users
      FROM wanted w JOIN pg_policy p ON p.polrelid = w.oid),
bare AS (
    SELECT oid, relname, polname, polcmd, polpermissive, is_for_all, is_for_users, qual, checked,
           replace(qual, '( SELECT auth.uid() AS uid)', 'auth.uid()') AS qual_bare,
           replace(checked, '( SELECT auth.uid() AS uid)', 'auth.uid()') AS checked_bare,
           translate(coalesce(qual, ''), '() ', '') IN ('true', '1=1')
           OR translate(coalesce(checked, ''), '() ', '') IN ('true', '1=1') AS is_open
      FROM policy),
judged AS (
    SELECT b.oid, b.relname, polname, polcmd, is_for_all, is_open,
           replace(qual_bare, 'auth.uid()', '(SELECT auth.uid())')
               || CASE WHEN strpos(qual, 'zmartctl.') = 0 THEN coalesce(' AND ' || w.beside, '')
                       ELSE '' END AS new_qual,
           replace(checked_bare, 'auth.uid()', '(SELECT auth.uid())')
               || CASE WHEN strpos(checked, 'zmartctl.') = 0 THEN coalesce(' AND ' || w.beside, '')
                       ELSE '' END AS new_checked,
           concat(qual_bare, checked_bare) LIKE '%auth.uid()%' AS is_owners,
           replace(concat(qual, checked), '( SELECT auth.uid() AS uid)', '') LIKE '%auth.uid()%' AS is_slow,
           w.beside IS NOT NULL AND (strpos(coalesce(qual, 'zmartctl.'), 'zmartctl.') = 0
               OR strpos(coalesce(checked, 'zmartctl.'), 'zmartctl.') = 0) AS is_wide
      FROM bare b JOIN wanted w USING (oid)
     WHERE polpermissive AND is_for_users),
found AS (
    SELECT 1 AS part, relname, polname::text AS name,
           format('policy "%s" of %s lets %s %s every row', polname, relname,
                  CASE WHEN is_for_all THEN 'everybody' ELSE 'every user' END,
                  CASE polcmd WHEN 'r' THEN 'read' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'change'
                              WHEN 'd' THEN 'delete' ELSE 'read and write' END) AS hole,
           format('DROP POLICY %I ON public.%I', polname, relname) AS fix
      FROM judged
     WHERE is_open
    UNION ALL
    SELECT 2, relname, polname::text,
           format('policy "%s" of %s %s', polname, relname, concat_ws(' and ',
                  CASE WHEN is_owners AND is_for_all THEN 'is for every role' END,
                  CASE WHEN is_slow THEN 'asks who the user is for each row' END,
                  CASE WHEN is_wide THEN 'reaches the journal' END)),
           format('ALTER POLICY %I ON public.%I', polname, relname)
           || CASE WHEN is_owners AND is_for_all THEN ' TO authenticated' ELSE '' END
           || coalesce(' USING (' || new_qual || ')', '')
           || coalesce(' WITH CHECK (' || new_checked || ')', '')
      FROM judged
     WHERE NOT is_open AND (is_slow OR is_wide OR (is_owners AND is_for_all))
    UNION ALL
    SELECT 3, relname, '',
           format('%s has no policy by which its owner reads it', relname),
           format('CREATE POLICY "Users can view own rows" ON public.%I FOR SELECT TO authenticated'
                  ' USING ((SELECT auth.uid()) = user_id%s)', relname, ' AND ' || beside)
      FROM wanted w
     WHERE NOT EXISTS (SELECT FROM judged j
                        WHERE j.oid = w.oid AND polcmd IN ('r', '*') AND NOT is_open))
SELECT hole, fix FROM found ORDER BY part, relname, name
