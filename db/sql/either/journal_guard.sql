-- Whether those whom the app serves may write our journal: a grant, and where row security is on a
-- policy that lets them and does not set our rows apart. $1 the journal.
SELECT EXISTS (
       SELECT FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_roles r ON r.rolname IN ('anon', 'authenticated')
        WHERE n.nspname || '.' || c.relname = $1::text
          AND (has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE')
               OR has_table_privilege(r.oid, c.oid, 'DELETE'))
          AND (NOT c.relrowsecurity OR EXISTS (
               SELECT FROM pg_policy p
                WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd <> 'r'
                  AND (p.polroles = '{0}' OR r.oid = ANY (p.polroles))
                  AND coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') NOT LIKE '%zmartctl%'
                  AND coalesce(pg_get_expr(p.polqual, p.polrelid), '') NOT LIKE '%zmartctl%'))
       ) AS unprotected
