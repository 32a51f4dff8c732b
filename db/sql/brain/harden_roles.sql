-- What the roles of support and operators lack here: each role, grant and policy that is not there,
-- in the order in which they can be made.
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
policies (relation, name, rest) AS (VALUES
    ('user_profiles', 'zc_read',
     'FOR SELECT TO zmart_support, zmart_operator USING (true)'),
    ('user_subscriptions', 'zc_read',
     'FOR SELECT TO zmart_support, zmart_operator USING (true)'),
    ('user_activity', 'zc_read',
     'FOR SELECT TO zmart_support, zmart_operator USING (true)'),
    ('user_profiles', 'zc_tier',
     'FOR UPDATE TO zmart_operator USING (true) WITH CHECK (true)'),
    ('user_profiles', 'zc_ins',
     'FOR INSERT TO zmart_operator WITH CHECK (true)'),
    ('user_subscriptions', 'zc_ins',
     'FOR INSERT TO zmart_operator WITH CHECK (true)'),
    ('user_subscriptions', 'zc_upd',
     'FOR UPDATE TO zmart_operator USING (true) WITH CHECK (true)'),
    ('user_activity', 'zc_audit',
     'FOR INSERT TO zmart_operator WITH CHECK (action LIKE ''zmartctl.%'' AND metadata->>''db_role'' = session_user::text)')),
found AS (
    SELECT 1 AS part, name AS what, format('there is no role %s', name) AS hole,
           format('CREATE ROLE %I NOLOGIN', name) AS fix
      FROM unnest('{zmart_support,zmart_operator}'::text[]) AS name
     WHERE to_regrole(name) IS NULL
    UNION ALL
    SELECT 2, '', 'there is no view zmartctl.users, by which they read logins without their secrets',
           'CREATE SCHEMA IF NOT EXISTS zmartctl;
REVOKE ALL ON SCHEMA zmartctl FROM PUBLIC, anon, authenticated;
CREATE VIEW zmartctl.users WITH (security_barrier) AS
    SELECT id, instance_id, email, phone, created_at, last_sign_in_at, email_confirmed_at,
           confirmation_sent_at, banned_until, deleted_at, is_sso_user, is_anonymous
      FROM auth.users;
GRANT USAGE ON SCHEMA zmartctl TO zmart_support, zmart_operator;
GRANT SELECT ON zmartctl.users TO zmart_support, zmart_operator'
     WHERE to_regclass('zmartctl.users') IS NULL
    UNION ALL
    SELECT 3, r.name, format('%s may not read zmartctl.users', r.name),
           format(E'GRANT USAGE ON SCHEMA zmartctl TO %1$I;\nGRANT SELECT ON zmartctl.users TO %1$I', r.name)
      FROM unnest('{zmart_support,zmart_operator}'::text[]) AS r (name)
     WHERE to_regclass('zmartctl.users') IS NOT NULL
       AND (has_schema_privilege(to_regrole(r.name), 'zmartctl', 'USAGE')
            AND has_table_privilege(to_regrole(r.name), 'zmartctl.users', 'SELECT')) IS NOT TRUE
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
    SELECT 6, p.relation || p.name, format('%s has no policy %s for them', p.relation, p.name),
           format('CREATE POLICY %I ON public.%I %s', p.name, p.relation, p.rest)
      FROM policies p
     WHERE to_regclass('public.' || p.relation) IS NOT NULL
       AND NOT EXISTS (SELECT FROM pg_policy x WHERE x.polname = p.name
                          AND x.polrelid = to_regclass('public.' || p.relation)))
SELECT hole, fix FROM found ORDER BY part, what
