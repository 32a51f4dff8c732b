/*
 * The rules of an adviser for such databases, by the facts behind them.
 */
#ifndef INTEGRATION_HARDENING_LINTS_H
#define INTEGRATION_HARDENING_LINTS_H

/* What is raised, each with the number of its rule and the relation that it is about; the condition
 * on the relation follows. Not that of indexes which were never used: every new index breaks it
 * until it is. */
/* clang-format off */
static const char lints[] =
    "WITH t AS (SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, coalesce(c.reloptions, '{}') AS options,"
    "  has_table_privilege('anon', c.oid, 'SELECT') OR has_table_privilege('authenticated', c.oid, 'SELECT') AS exposed"
    "  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'f')),"
    "p AS (SELECT x.*, t.relrowsecurity AS is_on, replace(concat_ws(' ', qual, with_check), '( SELECT auth.uid() AS uid)', '') AS rest"
    "  FROM pg_policies x JOIN t ON t.relname = x.tablename WHERE x.schemaname = 'public'),"
    "found (relation, lint) AS ("
    " SELECT t.relname, '1 ' || k.conname FROM pg_constraint k JOIN t ON t.oid = k.conrelid WHERE k.contype = 'f' AND NOT EXISTS"
    "  (SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indkey[0] = k.conkey[1])"
    " UNION ALL SELECT c.relname, '2 ' || c.relname FROM pg_class c JOIN pg_rewrite w ON w.ev_class = c.oid JOIN pg_depend d ON d.objid = w.oid"
    "  WHERE d.refobjid = 'auth.users'::regclass"
    "  AND (has_table_privilege('anon', c.oid, 'SELECT') OR has_table_privilege('authenticated', c.oid, 'SELECT'))"
    " UNION ALL SELECT tablename, '3 ' || policyname FROM p WHERE is_on AND (rest LIKE '%auth.%()%' OR rest LIKE '%current_setting(%')"
    " UNION ALL SELECT relname, '4 ' || relname FROM t WHERE relkind = 'r' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)"
    " UNION ALL SELECT tablename, '6 ' || tablename || ' ' || a || ' ' || o.rolname FROM p"
    "  CROSS JOIN unnest(CASE cmd WHEN 'ALL' THEN '{SELECT,INSERT,UPDATE,DELETE}'::text[] ELSE ARRAY[cmd] END) a"
    "  JOIN pg_roles o ON o.rolname = ANY (p.roles) OR 'public' = ANY (p.roles)"
    "  WHERE permissive = 'PERMISSIVE' AND NOT o.rolbypassrls AND o.rolname !~ '^(pg_|supabase)' GROUP BY tablename, a, o.rolname HAVING count(*) > 1"
    " UNION ALL SELECT tablename, '7 ' || tablename FROM p WHERE NOT is_on"
    " UNION ALL SELECT relname, '8 ' || relname FROM t WHERE relkind = 'r' AND relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy y WHERE y.polrelid = t.oid)"
    " UNION ALL SELECT tablename, '9 ' || tablename FROM pg_indexes WHERE schemaname = 'public' GROUP BY tablename, replace(indexdef, indexname, '') HAVING count(*) > 1"
    " UNION ALL SELECT relname, '10 ' || relname FROM t WHERE relkind = 'v' AND exposed AND NOT options && '{security_invoker=true,security_invoker=on}'"
    " UNION ALL SELECT '', '11 ' || proname FROM pg_proc f WHERE pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'zmartctl'))"
    "  AND coalesce(proconfig::text, '') NOT LIKE '%search_path%'"
    " UNION ALL SELECT relname, '13 ' || relname FROM t WHERE relkind = 'r' AND NOT relrowsecurity AND exposed"
    " UNION ALL SELECT '', '14 ' || extname FROM pg_extension WHERE extnamespace = 'public'::regnamespace"
    " UNION ALL SELECT tablename, '15 ' || policyname FROM p WHERE rest LIKE '%user_metadata%'"
    " UNION ALL SELECT relname, '16 ' || relname FROM t WHERE relkind IN ('m', 'f') AND exposed"
    " UNION ALL SELECT tablename, '24 ' || policyname FROM p WHERE is_on AND permissive = 'PERMISSIVE' AND roles && '{public,anon,authenticated}'"
    "  AND cmd <> 'SELECT' AND ('true' IN (qual, with_check) OR cmd = 'INSERT' AND with_check IS NULL)"
    " UNION ALL SELECT '', '28 ' || proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    "  AND (has_function_privilege('anon', oid, 'EXECUTE') OR has_function_privilege('authenticated', oid, 'EXECUTE')))"
    "SELECT coalesce(string_agg(lint, '; ' ORDER BY lint COLLATE \"C\"), '') FROM found WHERE relation ";
/* clang-format on */

#endif
