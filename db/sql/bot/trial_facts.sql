-- As which roles this one may act.
SELECT EXISTS (SELECT FROM pg_roles AS r
                WHERE r.rolname = 'anon'
                  AND pg_has_role(r.oid, 'MEMBER')) AS acts_as_anon,
       EXISTS (SELECT FROM pg_roles AS r
                WHERE r.rolname = 'service_role'
                  AND pg_has_role(r.oid, 'MEMBER')) AS acts_as_service
