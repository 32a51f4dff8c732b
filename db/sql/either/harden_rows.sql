-- Tables without row security, and what mends each. $1: the tables.
SELECT format('%s has no row security', c.relname) AS hole,
       format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', c.relname) AS fix
  FROM pg_class c
 WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p')
   AND c.relname = ANY ($1::text[]) AND NOT c.relrowsecurity
 ORDER BY c.relname
