-- The extensions that are installed, and where each one's functions are.
SELECT e.extname::text AS name,
       n.nspname::text AS schema_name,
       quote_ident(n.nspname) AS schema_quoted,
       e.extversion AS version
  FROM pg_extension AS e
  JOIN pg_namespace AS n ON n.oid = e.extnamespace
 ORDER BY e.extname
