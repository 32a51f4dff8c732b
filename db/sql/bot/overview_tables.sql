-- The tables whose names are like $1 (text[] of patterns): kind, rows by the statistics ($2:
-- counted) and the newest value of the column that tells how fresh they are. That value is read
-- from the table where an index on the column or a small size makes it cheap, or $2 asks for it;
-- else the statistics say the newest of when they were made. The one statement whose tables are not
-- known beforehand: their names come from the catalogue and go through format()'s %I.
WITH told AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples,
           has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
               AS readable,
           f.attname, f.attnum
      FROM pg_namespace AS n
      JOIN pg_class AS c ON c.relnamespace = n.oid
      LEFT JOIN LATERAL (
           SELECT a.attname, a.attnum
             FROM pg_attribute AS a
             JOIN unnest('{timestamp,updated_at,last_updated,last_health_check,created_at}'::name[])
                  WITH ORDINALITY AS w(name, n) ON w.name = a.attname
            WHERE a.attrelid = c.oid
              AND a.attnum > 0
              AND NOT a.attisdropped
              AND a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype, 'date'::regtype)
            ORDER BY w.n
            LIMIT 1) AS f ON true
     WHERE n.nspname = 'public'
       AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND c.relname LIKE ANY ($1::text[])
), judged AS (
    SELECT t.oid, t.nspname, t.relname, t.relkind, t.reltuples, t.readable, t.attname, t.attnum,
           t.readable AND t.attname IS NOT NULL
           AND ($2::boolean
                OR t.relkind IN ('r', 'm') AND pg_relation_size(t.oid) < 8000000
                OR t.relkind IN ('r', 'm') AND EXISTS (
                   SELECT FROM pg_index AS i
                    WHERE i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL
                      AND i.indkey[0] = t.attnum)) AS cheap
      FROM told AS t
)
SELECT j.relname::text AS table_name,
       CASE j.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' WHEN 'v' THEN 'view'
                      WHEN 'm' THEN 'materialized' ELSE 'foreign' END AS kind,
       CASE WHEN $2::boolean AND j.readable
            THEN substring(query_to_xml(format('SELECT count(*) AS n FROM %I.%I', j.nspname,
                                               j.relname),
                                        false, false, '')::text FROM '<n>([0-9]+)</n>')::bigint
            WHEN j.relkind = 'v' THEN -1
            ELSE j.reltuples::bigint END AS estimate,
       CASE WHEN m.newest IS NULL THEN NULL
            WHEN m.newest BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(m.newest, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE m.newest::text END AS freshest,
       j.attname::text AS fresh_column,
       coalesce(j.readable, false) AS readable
  FROM judged AS j
  CROSS JOIN LATERAL (
       SELECT CASE WHEN j.cheap
                   THEN substring(query_to_xml(format('SELECT max(%I)::text AS n FROM %I.%I',
                                                      j.attname, j.nspname, j.relname),
                                               false, false, '')::text FROM '<n>([^<]+)</n>')
                   ELSE (SELECT max(v.value)
                           FROM pg_stats AS s,
                                unnest(coalesce(s.histogram_bounds::text::text[], '{}')
                                       || coalesce(s.most_common_vals::text::text[], '{}'))
                                    AS v(value)
                          WHERE s.schemaname = j.nspname
                            AND s.tablename = j.relname
                            AND s.attname = j.attname) END::timestamptz AS newest
       OFFSET 0) AS m
 ORDER BY j.relname
 LIMIT 200
