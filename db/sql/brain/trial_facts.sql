-- What a trial of a registration meets: triggers that follow a sign-up, whether this role may act as
-- a user and as anon, somebody else's profile, and whether a user may write his own tier.
-- needs: public.user_profiles(user_id)
SELECT (SELECT string_agg(g.tgname, ', ' ORDER BY g.tgname)
          FROM pg_trigger AS g
         WHERE g.tgrelid = to_regclass('auth.users')
           AND NOT g.tgisinternal
           AND g.tgenabled <> 'D') AS triggers,
       EXISTS (SELECT FROM pg_roles AS r
                WHERE r.rolname = 'authenticated'
                  AND pg_has_role(r.oid, 'MEMBER')) AS acts_as_user,
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
                  AND c.column_name = 'provider_id') AS has_identities,
       (SELECT p.user_id::text
          FROM public.user_profiles AS p
         WHERE p.user_id IS NOT NULL
         LIMIT 1) AS other
