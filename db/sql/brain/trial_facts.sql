-- What a trial of a registration meets: triggers that follow a sign-up; whether this role may act as
-- the Auth server, as a user and as anon; which of the triggers can do nothing for the Auth server,
-- where this role may not act as it; and whether a user may write his own tier.
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
    SELECT g.tgname::text AS name, f.prosecdef AS definer
      FROM pg_trigger AS g
      JOIN users AS u ON u.oid = g.tgrelid
      JOIN pg_proc AS f ON f.oid = g.tgfoid
     WHERE NOT g.tgisinternal
       AND g.tgenabled <> 'D'
       AND g.tgtype & 4 <> 0)
SELECT (SELECT string_agg(f.name, ', ' ORDER BY f.name) FROM follows AS f) AS triggers,
       (SELECT string_agg(f.name, ', ' ORDER BY f.name)
          FROM follows AS f
         CROSS JOIN server AS s
         WHERE NOT f.definer
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
