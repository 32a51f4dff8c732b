-- The roles that exist, but for the server's own. member: this role may act as it.
SELECT r.rolname::text AS name,
       r.rolcanlogin AS can_login,
       r.rolsuper AS is_super,
       r.rolbypassrls AS bypasses,
       pg_has_role(r.oid, 'MEMBER') AS member
  FROM pg_roles AS r
 WHERE r.rolname !~ '^pg_'
 ORDER BY r.rolname
