-- What a trial of a registration meets: triggers that follow a sign-up, and those that follow the
-- confirmation of its address; whether this role may act as
-- the Auth server, as a user and as anon; which of the triggers can do nothing for the Auth server,
-- where this role may not act as it (powerless: of both kinds); and whether a user may write his own tier.
-- needs: public.user_profiles(user_id)
WITH users AS (
    SELECT c.oid
      FROM pg_class AS c
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = 'auth'
       AND c.relname = 'users'),
server AS (
    SELECT r.oid,
           pg_has_role(r.oid, 'MEMBER') AS is_mine,
           has_any_column_privilege(r.oid, 'public.user_profiles', 'INSERT')
           AND (r.rolbypassrls OR r.rolsuper OR NOT EXISTS (
                   SELECT FROM pg_class AS c
                    WHERE c.oid = 'public.user_profiles'::regclass
                      AND c.relrowsecurity)) AS makes_profiles,
           (SELECT substr(x.setting, length('search_path=') + 1)
              FROM pg_db_role_setting AS s
             CROSS JOIN LATERAL unnest(s.setconfig) AS x (setting)
             WHERE s.setrole = r.oid
               AND x.setting LIKE 'search\_path=%'
             ORDER BY s.setdatabase DESC
             LIMIT 1) AS path
      FROM pg_roles AS r
     WHERE r.rolname = 'supabase_auth_admin'),
follows AS (
    SELECT g.tgname::text AS name, f.prosecdef AS definer, g.tgtype & 4 <> 0 AS on_sign_up,
           g.tgtype & 16 <> 0
           AND (g.tgattr::text = ''
                OR EXISTS (SELECT FROM pg_attribute AS a
                            WHERE a.attrelid = g.tgrelid
                              AND a.attname = 'email_confirmed_at'
                              AND a.attnum = ANY (g.tgattr))) AS on_confirmation
      FROM pg_trigger AS g
      JOIN users AS u ON u.oid = g.tgrelid
      JOIN pg_proc AS f ON f.oid = g.tgfoid
     WHERE NOT g.tgisinternal
       AND g.tgenabled <> 'D')
SELECT (SELECT string_agg(f.name, ', ' ORDER BY f.name) FROM follows AS f WHERE f.on_sign_up)
           AS triggers,
       (SELECT string_agg(f.name, ', ' ORDER BY f.name) FROM follows AS f WHERE f.on_confirmation)
           AS confirms,
       (SELECT string_agg(f.name, ', ' ORDER BY f.name)
          FROM follows AS f
         CROSS JOIN server AS s
         WHERE (f.on_sign_up OR f.on_confirmation)
           AND NOT f.definer
           AND NOT s.is_mine
           AND NOT s.makes_profiles) AS powerless,
       coalesce((SELECT 'supabase_auth_admin' FROM server AS s WHERE s.is_mine), 'none') AS server_role,
       coalesce((SELECT s.path FROM server AS s), 'auth') AS server_path,
       current_setting('search_path') AS own_path,
       EXISTS (SELECT FROM pg_roles AS r
                WHERE r.rolname = 'authenticated'
                  AND pg_has_role(r.oid, 'MEMBER')) AS acts_as_user,
       EXISTS (SELECT FROM pg_roles AS r
                WHERE r.rolname = 'authenticated'
                  AND has_any_column_privilege(r.oid, 'public.user_profiles', 'INSERT')) AS inserts,
       EXISTS (SELECT FROM pg_roles AS r
                WHERE r.rolname = 'anon'
                  AND pg_has_role(r.oid, 'MEMBER')
                  AND has_table_privilege(r.oid, 'public.user_profiles', 'SELECT')) AS anon_reads,
       EXISTS (SELECT FROM pg_roles AS r
                WHERE r.rolname = 'authenticated'
                  AND has_column_privilege(r.oid, 'public.user_profiles', 'tier', 'UPDATE'))
           AS writes_tier,
       EXISTS (SELECT FROM information_schema.columns AS c
                WHERE c.table_schema = 'auth'
                  AND c.table_name = 'identities'
                  AND c.column_name = 'provider_id') AS has_identities
