-- What was granted on the relations of public to the roles of the API, of the least-privilege step
-- and to everybody (PUBLIC). privileges: "INSERT,SELECT"; column_name NULL: on the whole table.
SELECT n.nspname || '.' || c.relname AS table_name,
       NULL::text AS column_name,
       coalesce(r.rolname::text, 'PUBLIC') AS grantee,
       string_agg(x.privilege_type, ',' ORDER BY x.privilege_type) AS privileges
  FROM pg_namespace AS n
  JOIN pg_class AS c ON c.relnamespace = n.oid
 CROSS JOIN LATERAL aclexplode(c.relacl) AS x
  LEFT JOIN pg_roles AS r ON r.oid = x.grantee
 WHERE n.nspname = 'public'
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND (x.grantee = 0 OR r.rolname IN ('anon', 'authenticated', 'service_role', 'zmart_support',
                                       'zmart_operator'))
 GROUP BY n.nspname, c.relname, r.rolname
UNION ALL
SELECT n.nspname || '.' || c.relname,
       a.attname::text,
       coalesce(r.rolname::text, 'PUBLIC'),
       string_agg(x.privilege_type, ',' ORDER BY x.privilege_type)
  FROM pg_namespace AS n
  JOIN pg_class AS c ON c.relnamespace = n.oid
  JOIN pg_attribute AS a ON a.attrelid = c.oid
 CROSS JOIN LATERAL aclexplode(a.attacl) AS x
  LEFT JOIN pg_roles AS r ON r.oid = x.grantee
 WHERE n.nspname = 'public'
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND a.attnum > 0
   AND NOT a.attisdropped
   AND a.attacl IS NOT NULL
   AND (x.grantee = 0 OR r.rolname IN ('anon', 'authenticated', 'service_role', 'zmart_support',
                                       'zmart_operator'))
 GROUP BY n.nspname, c.relname, a.attname, r.rolname
 ORDER BY 1, 3, 2
