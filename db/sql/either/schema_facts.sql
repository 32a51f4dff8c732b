-- Who asks, and what a change of the schema depends on besides the tables. By the catalogue and not
-- by to_regclass(), which refuses schemas that this role may not use.
SELECT r.rolname::text AS role,
       r.rolsuper AS is_super,
       r.rolbypassrls AS bypasses,
       has_schema_privilege(n.oid, 'CREATE') AS may_create,
       has_database_privilege(current_database(), 'CREATE') AS may_extend,
       pg_get_userbyid(n.nspowner)::text AS schema_owner,
       EXISTS (SELECT FROM pg_namespace AS e WHERE e.nspname = 'extensions') AS extensions,
       EXISTS (SELECT FROM pg_class AS c
                 JOIN pg_namespace AS a ON a.oid = c.relnamespace
                WHERE a.nspname = 'auth' AND c.relname = 'users') AS logins,
       EXISTS (SELECT FROM pg_proc AS p
                 JOIN pg_namespace AS a ON a.oid = p.pronamespace
                WHERE a.nspname = 'auth' AND p.proname = 'uid' AND p.pronargs = 0) AS uid,
       EXISTS (SELECT FROM pg_available_extensions AS x WHERE x.name = 'uuid-ossp')
           AS uuid_available
  FROM pg_roles AS r, pg_namespace AS n
 WHERE r.rolname = current_user AND n.nspname = 'public'
