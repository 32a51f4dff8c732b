-- What anon, authenticated and everybody hold on our tables beyond what their policies can use, and
-- what users lack to read the rows that are theirs.
WITH want (name, reads, updates, inserts) AS (VALUES
    ('user_profiles', true, '{name,country,profile_completed,updated_at}'::text[], '{user_id,name,country}'::text[]),
    ('user_subscriptions', true, '{}', '{}'),
    ('user_activity', false, '{}', '{}'),
    ('user_trading_profiles', true, '{}', '{}'),
    ('user_portfolios', true, '{}', '{}'),
    ('user_strategies', true, '{}', '{}'),
    ('user_trades', true, '{}', '{}'),
    ('user_api_keys', false, '{}', '{}')),
held AS (
    SELECT c.oid, w.name, w.reads, w.updates, w.inserts, coalesce(r.rolname, 'PUBLIC') AS grantee,
           a.privilege, a.of_column
      FROM want w
      JOIN pg_class c ON c.relname = w.name AND c.relkind IN ('r', 'p')
                     AND c.relnamespace = to_regnamespace('public')
     CROSS JOIN LATERAL (
           SELECT x.grantee, x.privilege_type, NULL::text FROM aclexplode(c.relacl) x
           UNION ALL
           SELECT x.grantee, x.privilege_type, t.attname::text
             FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) x
            WHERE t.attrelid = c.oid AND NOT t.attisdropped) AS a (grantee, privilege, of_column)
      LEFT JOIN pg_roles r ON r.oid = a.grantee
     WHERE a.grantee = 0 OR r.rolname IN ('anon', 'authenticated')),
judged AS (
    SELECT oid, name, reads, updates, inserts, grantee, privilege, of_column,
           grantee = 'authenticated' AND (
               (privilege = 'SELECT' AND reads)
               OR (privilege = 'UPDATE' AND of_column = ANY (updates))
               OR (privilege = 'INSERT' AND of_column = ANY (inserts))) IS TRUE AS is_due
      FROM held),
found AS (
    SELECT 1 AS part, name AS what, grantee,
           format('%s may %s %s', grantee,
                  string_agg(DISTINCT lower(privilege) || coalesce(' (' || of_column || ')', ''), ', ')
                      FILTER (WHERE NOT is_due), name) AS hole,
           format('REVOKE ALL ON public.%I FROM %s', name, grantee)
           || CASE WHEN grantee = 'authenticated' AND reads AND bool_or(privilege = 'SELECT')
                   THEN format(E';\nGRANT SELECT ON public.%I TO authenticated', name) ELSE '' END
           || CASE WHEN grantee = 'authenticated' AND bool_or(privilege = 'UPDATE')
                   THEN coalesce(E';\nGRANT UPDATE (' ||
                        (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                          WHERE attrelid = j.oid AND attname = ANY (j.updates))
                        || ') ON public.' || quote_ident(name) || ' TO authenticated', '') ELSE '' END
           || CASE WHEN grantee = 'authenticated' AND bool_or(privilege = 'INSERT')
                   THEN coalesce(E';\nGRANT INSERT (' ||
                        (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                          WHERE attrelid = j.oid AND attname = ANY (j.inserts))
                        || ') ON public.' || quote_ident(name) || ' TO authenticated', '') ELSE '' END AS fix
      FROM judged j
     GROUP BY oid, name, reads, updates, inserts, grantee
    HAVING bool_or(NOT is_due)
    UNION ALL
    SELECT 2, w.name, 'authenticated',
           format('authenticated may not read %s, so the policy of its owners does nothing', w.name),
           format('GRANT SELECT ON public.%I TO authenticated', w.name)
      FROM want w
      JOIN pg_class c ON c.relname = w.name AND c.relkind IN ('r', 'p')
                     AND c.relnamespace = to_regnamespace('public')
     WHERE w.reads
       AND has_any_column_privilege(to_regrole('authenticated'), c.oid, 'SELECT') IS FALSE
       AND EXISTS (SELECT FROM pg_policy p
                    WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                      AND (p.polroles = '{0}' OR to_regrole('authenticated') = ANY (p.polroles))))
SELECT hole, fix FROM found ORDER BY part, what, grantee
