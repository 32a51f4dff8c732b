-- What the roles of support and operators lack here, or hold beyond what they are for: each role,
-- grant and policy that is not there or not as it should be, in the order in which they can be made.
WITH grants (relation, privilege, columns, role) AS (VALUES
    ('public.user_profiles', 'SELECT', '{}'::text[], 'zmart_support'),
    ('public.user_profiles', 'SELECT', '{}', 'zmart_operator'),
    ('public.user_subscriptions', 'SELECT', '{}', 'zmart_support'),
    ('public.user_subscriptions', 'SELECT', '{}', 'zmart_operator'),
    ('public.user_activity', 'SELECT', '{}', 'zmart_support'),
    ('public.user_activity', 'SELECT', '{}', 'zmart_operator'),
    ('public.user_profiles', 'UPDATE', '{tier,name,country,profile_completed,updated_at}', 'zmart_operator'),
    ('public.user_profiles', 'INSERT', '{user_id,tier}', 'zmart_operator'),
    ('public.user_subscriptions', 'UPDATE', '{status,ended_at}', 'zmart_operator'),
    ('public.user_subscriptions', 'INSERT', '{id,user_id,tier,status}', 'zmart_operator'),
    ('public.user_activity', 'INSERT', '{id,user_id,action,metadata}', 'zmart_operator')),
policies (relation, name, command, roles, using_text, check_text) AS (VALUES
    ('user_profiles', 'zc_read', 'SELECT', '{zmart_support,zmart_operator}'::text[], 'true', NULL),
    ('user_subscriptions', 'zc_read', 'SELECT', '{zmart_support,zmart_operator}', 'true', NULL),
    ('user_activity', 'zc_read', 'SELECT', '{zmart_support,zmart_operator}', 'true', NULL),
    ('user_profiles', 'zc_tier', 'UPDATE', '{zmart_operator}', 'true', 'true'),
    ('user_profiles', 'zc_ins', 'INSERT', '{zmart_operator}', NULL, 'true'),
    ('user_subscriptions', 'zc_ins', 'INSERT', '{zmart_operator}', NULL, 'true'),
    ('user_subscriptions', 'zc_upd', 'UPDATE', '{zmart_operator}', 'true', 'true'),
    ('user_activity', 'zc_audit', 'INSERT', '{zmart_operator}', NULL, 'action LIKE ''zmartctl.%'' AND metadata->>''db_role'' = session_user::text')),
-- as the server writes them, but for parentheses, blanks and casts
made AS (
    SELECT p.relation, p.name, x.oid IS NOT NULL AS is_there,
           x.polpermissive
           AND x.polcmd = CASE p.command WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a' ELSE 'w' END::"char"
           AND NOT EXISTS (SELECT FROM unnest(p.roles) r (name)
                            WHERE to_regrole(r.name) IS NULL OR to_regrole(r.name) <> ALL (x.polroles))
           AND translate(replace(coalesce(pg_get_expr(x.polqual, x.polrelid), ''), '::text', ''), '() ', '')
               = replace(translate(replace(coalesce(p.using_text, ''), '::text', ''), '() ', ''), 'LIKE', '~~')
           AND translate(replace(lower(coalesce(pg_get_expr(x.polwithcheck, x.polrelid), '')), '::text', ''), '() ', '')
               = replace(translate(replace(lower(coalesce(p.check_text, '')), '::text', ''), '() ', ''), 'like', '~~')
               AS is_so,
           format('CREATE POLICY %I ON public.%I FOR %s TO %s', p.name, p.relation, p.command,
                  array_to_string(p.roles, ', '))
           || coalesce(' USING (' || p.using_text || ')', '')
           || coalesce(' WITH CHECK (' || p.check_text || ')', '') AS statement
      FROM policies p
      LEFT JOIN pg_policy x ON x.polname = p.name AND x.polrelid = to_regclass('public.' || p.relation)
     WHERE to_regclass('public.' || p.relation) IS NOT NULL),
-- what the two roles were granted themselves
held AS (
    SELECT DISTINCT g.relation, r.rolname::text AS role, a.privilege, a.of_column,
           (SELECT min(w.columns) FROM grants w
             WHERE w.relation = g.relation AND w.role = r.rolname AND w.privilege = a.privilege) AS due
      FROM grants g
      JOIN pg_class c ON c.oid = to_regclass(g.relation)
     CROSS JOIN LATERAL (
           SELECT x.grantee, x.privilege_type, NULL::text FROM aclexplode(c.relacl) x
           UNION ALL
           SELECT x.grantee, x.privilege_type, t.attname::text
             FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) x
            WHERE t.attrelid = c.oid AND NOT t.attisdropped) AS a (grantee, privilege, of_column)
      JOIN pg_roles r ON r.oid = a.grantee AND r.rolname IN ('zmart_support', 'zmart_operator')),
-- by the catalogue and not by to_regclass(), which refuses schemas that this role may not use
logins AS (
    SELECT c.oid, n.oid AS schema_oid, c.relowner, c.relacl,
           c.relkind = 'v' AND 'security_barrier=true' = ANY (c.reloptions)
           AND '{id,instance_id,email,phone,created_at,last_sign_in_at,email_confirmed_at,'
               'confirmation_sent_at,banned_until,deleted_at,is_sso_user,is_anonymous}'
               = (SELECT array_agg(a.attname::text ORDER BY a.attnum)::text FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS is_so
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'zmartctl'
     WHERE c.relname = 'users'),
found AS (
    SELECT 1 AS part, name AS what, format('there is no role %s', name) AS hole,
           format('CREATE ROLE %I NOLOGIN', name) AS fix
      FROM unnest('{zmart_support,zmart_operator}'::text[]) AS name
     WHERE to_regrole(name) IS NULL
    UNION ALL
    SELECT 2, '', CASE WHEN v.oid IS NOT NULL THEN 'zmartctl.users is not the view of logins that it should be'
                       ELSE 'there is no view zmartctl.users, by which they read logins without their secrets' END,
           CASE WHEN v.oid IS NOT NULL THEN E'DROP VIEW zmartctl.users;\n' ELSE '' END ||
           'CREATE SCHEMA IF NOT EXISTS zmartctl;
REVOKE ALL ON SCHEMA zmartctl FROM PUBLIC, anon, authenticated;
CREATE VIEW zmartctl.users WITH (security_barrier) AS
    SELECT id, instance_id, email, phone, created_at, last_sign_in_at, email_confirmed_at,
           confirmation_sent_at, banned_until, deleted_at, is_sso_user, is_anonymous
      FROM auth.users;
GRANT USAGE ON SCHEMA zmartctl TO zmart_support, zmart_operator;
GRANT SELECT ON zmartctl.users TO zmart_support, zmart_operator'
      FROM (SELECT 1) AS one (n) LEFT JOIN logins v ON true
     WHERE v.is_so IS NOT TRUE
    UNION ALL
    SELECT 3, 'owner', format('zmartctl.users shows its owner''s rows of auth.users only: %s does not bypass row security', o.rolname),
           'ALTER VIEW zmartctl.users OWNER TO CURRENT_USER'
      FROM logins v
      JOIN pg_roles o ON o.oid = v.relowner AND NOT o.rolsuper AND NOT o.rolbypassrls
     WHERE v.is_so
    UNION ALL
    SELECT 3, r.name, format('%s may not read zmartctl.users', r.name),
           format(E'GRANT USAGE ON SCHEMA zmartctl TO %1$I;\nGRANT SELECT ON zmartctl.users TO %1$I', r.name)
      FROM unnest('{zmart_support,zmart_operator}'::text[]) AS r (name)
      JOIN logins v ON (has_schema_privilege(to_regrole(r.name), v.schema_oid, 'USAGE')
                        AND has_table_privilege(to_regrole(r.name), v.oid, 'SELECT')) IS NOT TRUE
    UNION ALL
    SELECT 4, r.name, format('%s may not use schema public', r.name),
           format('GRANT USAGE ON SCHEMA public TO %I', r.name)
      FROM unnest('{zmart_support,zmart_operator}'::text[]) AS r (name)
     WHERE NOT has_schema_privilege('public', 'public', 'USAGE')
       AND has_schema_privilege(to_regrole(r.name), 'public', 'USAGE') IS NOT TRUE
    UNION ALL
    SELECT 5, g.relation || g.role || g.privilege,
           format('%s may not %s%s %s', g.role, lower(g.privilege),
                  coalesce(' (' || nullif(array_to_string(g.columns, ', '), '') || ') of', ''), g.relation),
           format('GRANT %s%s ON %s TO %I', g.privilege,
                  coalesce(' (' || nullif(array_to_string(g.columns, ', '), '') || ')', ''), g.relation, g.role)
      FROM grants g
     WHERE to_regclass(g.relation) IS NOT NULL
       AND (CASE WHEN g.columns = '{}'
                 THEN has_table_privilege(to_regrole(g.role), to_regclass(g.relation), g.privilege)
                 ELSE (SELECT bool_and(has_column_privilege(to_regrole(g.role), a.attrelid, a.attnum, g.privilege))
                         FROM pg_attribute a
                        WHERE a.attrelid = to_regclass(g.relation) AND a.attname = ANY (g.columns)) END) IS NOT TRUE
    UNION ALL
    SELECT 6, m.relation || m.name,
           format(CASE WHEN m.is_there THEN 'policy %2$s of %1$s is not as it should be'
                       ELSE '%1$s has no policy %2$s for them' END, m.relation, m.name),
           CASE WHEN m.is_there THEN format(E'DROP POLICY %I ON public.%I;\n', m.name, m.relation)
                ELSE '' END || m.statement
      FROM made m
     WHERE m.is_so IS NOT TRUE
    UNION ALL
    SELECT 7, h.relation || h.role || h.privilege || coalesce(h.of_column, ''),
           format('%s may %s%s %s, which is not its business', h.role, lower(h.privilege),
                  coalesce(' (' || h.of_column || ') of', ''), h.relation),
           format('REVOKE %s%s ON %s FROM %I', h.privilege, coalesce(' (' || quote_ident(h.of_column) || ')', ''),
                  h.relation, h.role)
           || CASE WHEN h.of_column IS NULL AND h.due IS NOT NULL
                   THEN format(E';\nGRANT %s (%s) ON %s TO %I', h.privilege,
                               array_to_string(h.due, ', '), h.relation, h.role) ELSE '' END
      FROM held h
     WHERE CASE WHEN h.of_column IS NULL THEN h.due IS DISTINCT FROM '{}'
                ELSE h.due IS NULL OR (h.due <> '{}' AND h.of_column <> ALL (h.due)) END
    UNION ALL
    SELECT 8, coalesce(r.rolname, 'PUBLIC'), format('%s may read zmartctl.users', coalesce(r.rolname, 'PUBLIC')),
           format('REVOKE ALL ON zmartctl.users FROM %s', coalesce(r.rolname, 'PUBLIC'))
      FROM logins v
     CROSS JOIN LATERAL aclexplode(v.relacl) x
      LEFT JOIN pg_roles r ON r.oid = x.grantee
     WHERE x.grantee = 0 OR r.rolname IN ('anon', 'authenticated')
     GROUP BY r.rolname)
SELECT hole, fix FROM found ORDER BY part, what
