/*
 * Two private servers as two empty projects, the source document's own statements, and a way to go
 * through the steps of items 1 and 2 as a person would: look, run what mends, look again.
 */
#ifndef INTEGRATION_SCHEMA_PLACE_H
#define INTEGRATION_SCHEMA_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/sample_scripts.h"
#include "db/steps_tables.h"
#include "support/cluster.h"
#include "zm/str.h"

struct place {
    struct cluster cluster[DB_SIDES];
    struct db_option options[DB_SIDES][4];
    struct db_target targets[DB_SIDES];
    struct db_session session;
    struct db_checklist list;
    const char *role; /* who looks and mends */
};

/* ---- SQL ---- */

static inline PGconn *connect_as(const struct place *p, enum db_side side, const char *role)
{
    const char *const keywords[] = {"host", "port", "user", "dbname", NULL};
    const char *const values[] = {p->cluster[side].directory, p->cluster[side].port, role,
                                  "postgres", NULL};
    PGconn *conn = PQconnectdbParams(keywords, values, 0);

    if (PQstatus(conn) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(conn));
    return conn;
}

/* Runs it as that role in one transaction; "" or the server's message. */
static inline const char *try_sql(const struct place *p, enum db_side side, const char *role,
                                  const char *sql)
{
    static char message[512];
    PGconn *conn = connect_as(p, side, role);
    PGresult *result = PQexec(conn, "BEGIN; SET LOCAL client_min_messages = warning;"
                                    " SET LOCAL search_path = public, extensions");

    PQclear(result);
    result = PQexec(conn, sql);
    zm_copy(message, sizeof(message), PQresultErrorMessage(result));
    PQclear(result);
    PQclear(PQexec(conn, message[0] ? "ROLLBACK" : "COMMIT"));
    PQfinish(conn);
    return message;
}

static inline void run_sql(const struct place *p, enum db_side side, const char *role,
                           const char *sql)
{
    const char *message = try_sql(p, side, role, sql);

    if (message[0])
        fail_msg("%s\nof %s", message, sql);
}

/* One value of any length; the caller frees. */
static inline char *get(const struct place *p, enum db_side side, const char *sql)
{
    PGconn *conn = connect_as(p, side, "supabase_admin");
    PGresult *result = PQexec(conn, sql);
    char *value;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQresultErrorMessage(result));
    value = zm_strdup(PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(conn);
    return value;
}

/* Everything that the catalogue says about schema public, a line each. Not by the code that is
 * tested. */
static inline char *dump(const struct place *p, enum db_side side, bool with_order)
{
    char sql[4096];

    /* clang-format off */
    snprintf(sql, sizeof(sql),
        "SELECT coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE \"C\"), '') FROM ("
        " SELECT 'column ' || a.attrelid::regclass || ' ' || %s || ' ' || a.attname || ' ' ||"
        "   format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' ||"
        "   coalesce(pg_get_expr(d.adbin, d.adrelid), '-') AS line"
        "  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        "  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        "  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0"
        "   AND NOT a.attisdropped"
        " UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' ||"
        "   pg_get_constraintdef(oid) FROM pg_constraint"
        "  WHERE connamespace = 'public'::regnamespace"
        " UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT 'policy ' || p.tablename || ' ' || p.policyname || ' ' || p.permissive ||"
        "   p.roles::text || p.cmd || coalesce(p.qual, '-') || coalesce(p.with_check, '-')"
        "  FROM pg_policies p WHERE schemaname = 'public'"
        " UNION ALL SELECT 'table ' || relname || ' ' || relkind::text || relowner::regrole ||"
        "   relrowsecurity || relforcerowsecurity FROM pg_class"
        "  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        " UNION ALL SELECT 'grant ' || c.relname || ' ' || x.grantee::regrole || ' ' ||"
        "   x.privilege_type FROM pg_class c, aclexplode(c.relacl) x"
        "  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        "   AND x.grantee <> c.relowner"
        " UNION ALL SELECT 'extension ' || extname || ' ' || extnamespace::regnamespace"
        "  FROM pg_extension) AS all_lines",
        with_order ? "a.attnum" : "''");
    /* clang-format on */
    return get(p, side, sql);
}

/* ---- the two projects ---- */

static inline const char *script(const char *name)
{
    const struct db_sample_script *s;

    for (s = db_sample_scripts; s->name && !zm_streq(s->name, name); s++)
        continue;
    assert_non_null(s->name);
    return s->text;
}

/* An empty project, as Supabase makes it. granted: with the classic default privileges; today new
 * tables are granted to nobody. */
static inline void empty_project(const struct place *p, enum db_side side, bool granted)
{
    const char *from = strstr(script("10_roles.both.sql"), "CREATE SCHEMA extensions");

    assert_non_null(from);
    run_sql(p, side, "supabase_admin",
            "DROP SCHEMA IF EXISTS public, auth, extensions, elsewhere CASCADE;"
            "CREATE SCHEMA public AUTHORIZATION postgres; GRANT USAGE ON SCHEMA public TO PUBLIC");
    run_sql(p, side, "supabase_admin", from);
    run_sql(p, side, "supabase_admin", script("20_auth.both.sql"));
    if (!granted)
        run_sql(p, side, "supabase_admin",
                "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public"
                " REVOKE ALL ON TABLES FROM anon, authenticated, service_role");
}

/* The source document's own statements, as a person pastes them. */
static inline void run_document(const struct place *p, enum db_side side)
{
    char path[512], *text;
    FILE *f;
    size_t n;

    snprintf(path, sizeof(path), "%s/tests/integration/document/%s.sql", ZM_SOURCE_DIR,
             db_side_key(side));
    f = fopen(path, "r");
    assert_non_null(f);
    text = zm_calloc(1, 65536);
    n = fread(text, 1, 65535, f);
    fclose(f);
    assert_true(n > 1000);
    run_sql(p, side, "postgres", text);
    free(text);
}

static inline int start_place(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));
    const char *roles = script("10_roles.both.sql");
    char *head = zm_strdup(roles);
    int side;

    *strstr(head, "CREATE SCHEMA extensions") = '\0';
    for (side = 0; side < DB_SIDES; side++) {
        cluster_start(&p->cluster[side], false);
        run_sql(p, (enum db_side)side, "supabase_admin", head);
        run_sql(p, (enum db_side)side, "supabase_admin", "CREATE ROLE plain LOGIN");
    }
    free(head);
    p->role = "postgres";
    *state = p;
    return 0;
}

static inline void close_links(struct place *p)
{
    int side;

    db_steps_schema_forget(&p->list);
    zm_arena_done(&p->list.arena);
    for (side = 0; side < DB_SIDES; side++) {
        db_link_free(p->session.link[side]);
        p->session.link[side] = NULL;
    }
}

static inline int stop_place(void **state)
{
    struct place *p = *state;
    int side;

    close_links(p);
    for (side = 0; side < DB_SIDES; side++)
        cluster_done(&p->cluster[side]);
    free(p);
    return 0;
}

/* ---- the steps ---- */

/* Looks at the databases anew, as that role. */
static inline void look_as(struct place *p, const char *role)
{
    struct zm_error err;
    int side;

    close_links(p);
    memset(&p->list, 0, sizeof(p->list));
    p->list.session = &p->session;
    p->role = role;
    for (side = 0; side < DB_SIDES; side++) {
        cluster_target(&p->cluster[side], (enum db_side)side, role, p->options[side],
                       &p->targets[side]);
        p->session.link[side] = db_link_new(&p->targets[side]);
        if (!db_link_open(p->session.link[side], &err))
            fail_msg("%s; %s", err.message, err.hint);
    }
}

static inline const struct db_step *step_of(const char *key)
{
    const struct db_step *step;

    for (step = db_steps_tables; step->key; step++)
        if (zm_streq(step->key, key))
            return step;
    fail_msg("there is no step %s", key);
    return NULL;
}

static inline struct db_step_finding check(struct place *p, const char *key)
{
    struct db_step_finding finding;

    step_of(key)->check(&p->list, step_of(key), &finding);
    if (finding.err.kind != ZM_ERR_NONE)
        fail_msg("%s: %s", key, finding.err.message);
    return finding;
}

static inline enum db_side side_of(const struct db_step *step)
{
    return step->where == DB_STEP_BRAIN ? DB_BRAIN : DB_BOT;
}

/* Runs what mends a step, and looks anew. */
static inline void mend(struct place *p, const char *key)
{
    run_sql(p, side_of(step_of(key)), p->role, check(p, key).fix);
    db_steps_schema_forget(&p->list);
}

/* All steps but the one about other people's tables, in their order. Returns how many were mended.
 */
static inline int mend_all(struct place *p)
{
    const struct db_step *step;
    int n = 0;

    for (step = db_steps_tables; step->key; step++) {
        if (step->kind != DB_STEP_SCHEMA || check(p, step->key).state == DB_STEP_OK)
            continue;
        mend(p, step->key);
        n++;
        if (check(p, step->key).state != DB_STEP_OK)
            fail_msg("%s after it was mended: %s\n%s", step->key, check(p, step->key).found,
                     check(p, step->key).fix);
    }
    return n;
}

/* Fails unless every step is fine and wants nothing. */
static inline void assert_all_ok(struct place *p)
{
    const struct db_step *step;

    for (step = db_steps_tables; step->key; step++) {
        struct db_step_finding finding;

        if (step->kind != DB_STEP_SCHEMA)
            continue;
        finding = check(p, step->key);
        if (finding.state != DB_STEP_OK || finding.fix[0])
            fail_msg("%s %s: %s\n%s", step->key, step->title, finding.found, finding.fix);
    }
}

/* What the sign-off of an item would be bound to; the caller frees. */
static inline char *form_of(struct place *p, int item)
{
    struct zm_buf text = {.s = NULL};
    const struct db_step *step;

    for (step = db_steps_tables; step->key; step++)
        if (step->item == item && step->kind == DB_STEP_SCHEMA)
            step->fingerprint(&p->list, step, &text);
    return text.s;
}

/* Whether some step says it. */
static inline bool is_said(struct place *p, const char *part)
{
    const struct db_step *step;

    for (step = db_steps_tables; step->key; step++)
        if (strstr(check(p, step->key).found, part))
            return true;
    return false;
}

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

#endif
