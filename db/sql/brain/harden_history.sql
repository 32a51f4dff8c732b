-- Foreign keys by which the journal goes when its user is deleted.
SELECT format('%s: rows of user_activity %s when the user is deleted', k.conname,
              CASE k.confdeltype WHEN 'c' THEN 'go' ELSE 'stand in the way' END) AS hole,
       format('ALTER TABLE public.user_activity %sDROP CONSTRAINT %I, ADD CONSTRAINT %I'
              ' FOREIGN KEY (user_id) REFERENCES auth.%s (id) ON DELETE SET NULL',
              CASE WHEN a.attnotnull THEN 'ALTER COLUMN user_id DROP NOT NULL, ' ELSE '' END,
              k.conname, k.conname, 'users') AS fix
  FROM pg_class c
  JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.confdeltype <> 'n'
  JOIN pg_attribute a ON a.attrelid = c.oid AND k.conkey = ARRAY[a.attnum] AND a.attname = 'user_id'
 WHERE c.relname = 'user_activity' AND c.relnamespace = to_regnamespace('public')
 ORDER BY k.conname
