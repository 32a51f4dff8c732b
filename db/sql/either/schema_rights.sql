-- What this role could not change of the schema: NULL or "" where it may. $1 names of the tables
-- that the checklist speaks of.
SELECT r.rolsuper AS is_super,
       r.rolname::text AS role,
       has_schema_privilege(r.oid, n.oid, 'CREATE') AS may_create,
       has_database_privilege(r.oid, current_database(), 'CREATE') AS may_extend,
       r.rolcreaterole AS may_create_role,
       (SELECT string_agg(c.relname || ' (' || o.rolname || ')', ', ' ORDER BY c.relname)
          FROM pg_class AS c
          JOIN pg_roles AS o ON o.oid = c.relowner
         WHERE c.relnamespace = n.oid
           AND c.relname = ANY ($1::text[])
           AND NOT pg_has_role(r.oid, c.relowner, 'USAGE')) AS not_owned
  FROM pg_roles AS r, pg_namespace AS n
 WHERE r.rolname = session_user AND n.nspname = 'public'
