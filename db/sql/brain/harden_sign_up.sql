-- Triggers by which a sign-up gets the tier that the user says of himself: the data of a sign-up is
-- his own word. A statement that mended their functions would have to know what else they do.
SELECT format('trigger %s: %s.%s() takes the tier from raw_user_meta_data', t.tgname, f.nspname, p.proname) AS hole,
       format('-- in %s.%s(): ''free'' in place of raw_user_meta_data ->> ''tier''; the tier is given later, by zmartctl',
              f.nspname, p.proname) AS fix
  FROM pg_trigger AS t
  JOIN pg_class AS c ON c.oid = t.tgrelid AND c.relname = 'users'
  JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'auth'
  JOIN pg_proc AS p ON p.oid = t.tgfoid
  JOIN pg_namespace AS f ON f.oid = p.pronamespace
 WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
   AND p.prosrc ~ 'raw_user_meta_data\s*->>?\s*''tier'''
 ORDER BY t.tgname
