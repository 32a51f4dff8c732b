-- What keeps a user from having one row only: no unique index on user_id, one that was left behind
-- half-made, or the plain index that the unique one replaces. $1: the table.
WITH t AS (
    SELECT c.oid, c.relname FROM pg_class c
     WHERE c.relname = $1::text AND c.relkind = 'r' AND c.relnamespace = to_regnamespace('public')),
i AS (
    SELECT x.indexrelid::regclass::text AS name, x.indisvalid, x.indisunique,
           pg_get_indexdef(x.indexrelid) LIKE '%USING btree (user_id)' AS is_plain,
           EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid) AS is_constraint
      FROM t JOIN pg_index x ON x.indrelid = t.oid),
found AS (
    SELECT 1 AS part, format('index %s is invalid: its making was interrupted', name) AS hole,
           format('DROP INDEX CONCURRENTLY %s', name) AS fix
      FROM i WHERE NOT indisvalid AND indisunique AND is_plain
    UNION ALL
    SELECT 2, format('%s.user_id is not unique', relname),
           format('CREATE UNIQUE INDEX CONCURRENTLY %I ON public.%I (user_id)', relname || '_user_id_key', relname)
      FROM t WHERE NOT EXISTS (SELECT FROM i WHERE indisvalid AND indisunique AND is_plain)
    UNION ALL
    SELECT 3, format('index %s does what the unique one does', name),
           format('DROP INDEX CONCURRENTLY %s', name)
      FROM i WHERE NOT indisunique AND is_plain AND NOT is_constraint)
SELECT hole, fix FROM found ORDER BY part, hole
