-- What the roles of support and operators lack here: each role, grant and policy that is not there,
-- in the order in which they can be made.
WITH grants (relation, privilege, columns, role) AS (VALUES
    ('public.user_trading_profiles', 'SELECT', '{}'::text[], 'zmart_support'),
    ('public.user_trading_profiles', 'SELECT', '{}', 'zmart_operator'),
    ('public.user_portfolios', 'SELECT', '{}', 'zmart_support'),
    ('public.user_portfolios', 'SELECT', '{}', 'zmart_operator'),
    ('public.user_strategies', 'SELECT', '{}', 'zmart_support'),
    ('public.user_strategies', 'SELECT', '{}', 'zmart_operator'),
    ('public.user_trades', 'SELECT', '{}', 'zmart_support'),
    ('public.user_trades', 'SELECT', '{}', 'zmart_operator'),
    ('public.user_api_keys', 'SELECT', '{id,user_id,exchange,is_active,permissions,created_at,updated_at}', 'zmart_support'),
    ('public.user_api_keys', 'SELECT', '{id,user_id,exchange,is_active,permissions,created_at,updated_at}', 'zmart_operator'),
    ('public.user_trading_profiles', 'UPDATE', '{email,tier,trading_enabled,api_access,updated_at}', 'zmart_operator'),
    ('public.user_trading_profiles', 'INSERT', '{user_id,email,tier,trading_enabled,api_access}', 'zmart_operator'),
    ('public.user_strategies', 'UPDATE', '{is_active,updated_at}', 'zmart_operator'),
    ('public.user_api_keys', 'UPDATE', '{is_active,updated_at}', 'zmart_operator')),
policies (relation, name, rest) AS (VALUES
    ('user_trading_profiles', 'zc_read',
     'FOR SELECT TO zmart_support, zmart_operator USING (true)'),
    ('user_portfolios', 'zc_read',
     'FOR SELECT TO zmart_support, zmart_operator USING (true)'),
    ('user_strategies', 'zc_read',
     'FOR SELECT TO zmart_support, zmart_operator USING (true)'),
    ('user_trades', 'zc_read',
     'FOR SELECT TO zmart_support, zmart_operator USING (true)'),
    ('user_api_keys', 'zc_read',
     'FOR SELECT TO zmart_support, zmart_operator USING (true)'),
    ('user_trading_profiles', 'zc_upd',
     'FOR UPDATE TO zmart_operator USING (true) WITH CHECK (true)'),
    ('user_trading_profiles', 'zc_ins',
     'FOR INSERT TO zmart_operator WITH CHECK (NOT trading_enabled AND NOT api_access)'),
    ('user_strategies', 'zc_off',
     'FOR UPDATE TO zmart_operator USING (true) WITH CHECK (NOT is_active)'),
    ('user_api_keys', 'zc_off',
     'FOR UPDATE TO zmart_operator USING (true) WITH CHECK (NOT is_active)')),
found AS (
    SELECT 1 AS part, name AS what, format('there is no role %s', name) AS hole,
           format('CREATE ROLE %I NOLOGIN', name) AS fix
      FROM unnest('{zmart_support,zmart_operator}'::text[]) AS name
     WHERE to_regrole(name) IS NULL
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
