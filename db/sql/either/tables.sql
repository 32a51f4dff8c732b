-- $1: the tables that zmartctl knows. sees_all: no row is hidden from this role by row security: it
-- is off or bypassed, or a permissive policy for reading is constant true and no restrictive one is
-- not. A view reads with its owner's eyes, so its owner is judged against the tables behind it; with
-- security_invoker it reads with this role's, for which no policy is read here: any row security behind
-- it may hide rows. So may a condition, a limit or a grouping of its own, anywhere in it.
SELECT n.nspname || '.' || c.relname AS table_name,
       c.relkind::text AS kind,
       CASE WHEN c.relkind IN ('v', 'm') AND EXISTS (
                     SELECT FROM pg_rewrite w
                      WHERE w.ev_class = c.oid AND w.ev_type = '1'
                        AND w.ev_action::text ~ ':(quals|havingQual|limitCount|groupClause|distinctClause|setOperations) [^<]')
            THEN false
            WHEN c.relkind = 'v' AND EXISTS (
                     SELECT FROM pg_options_to_table(c.reloptions) o
                      WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)
            THEN NOT EXISTS (
                     SELECT FROM pg_rewrite w
                       JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                       JOIN pg_class b ON d.refclassid = 'pg_class'::regclass AND b.oid = d.refobjid
                      WHERE w.ev_class = c.oid AND b.oid <> c.oid AND row_security_active(b.oid))
            WHEN c.relkind IN ('v', 'm') THEN c.relowner IN (
                     SELECT r.oid FROM pg_roles r WHERE r.rolsuper OR r.rolbypassrls)
                 OR NOT EXISTS (
                     SELECT FROM pg_rewrite w
                       JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                       JOIN pg_class b ON d.refclassid = 'pg_class'::regclass AND b.oid = d.refobjid
                      WHERE w.ev_class = c.oid AND b.oid <> c.oid AND b.relrowsecurity
                        AND (b.relforcerowsecurity OR NOT pg_has_role(c.relowner, b.relowner, 'USAGE')))
            WHEN NOT row_security_active(c.oid) THEN true
            ELSE EXISTS (
                     SELECT FROM pg_policy p
                      WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                        AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                        AND (p.polroles = '{0}' OR EXISTS (
                             SELECT FROM unnest(p.polroles) AS role(oid)
                              WHERE role.oid <> 0 AND pg_has_role(role.oid, 'USAGE'))))
                 AND NOT EXISTS (
                     SELECT FROM pg_policy p
                      WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd IN ('r', '*')
                        AND pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM 'true')
       END AS sees_all,
       has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'INSERT, UPDATE')
           AS writable,
       c.reltuples::bigint AS estimate
  FROM pg_namespace n
  JOIN pg_class c ON c.relnamespace = n.oid
 WHERE n.nspname IN ('public', 'auth', 'zmartctl')
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
 ORDER BY n.nspname, c.relname
