/*
 * No statement that a screen issues unasked reads a large table whole: on 50,000 users with the
 * indexes of checklist item 6, as a role that reads auth.users and as one that reads it through
 * zmartctl.users. ./run torture sets ZM_PLANS_USERS and has more.
 *
 * Twice: the plan of every statement that is no walk, run; and the very functions that screens
 * call, by the counters of the server. Without the indexes the same functions still answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/link_run.h"
#include "db/overview.h"
#include "db/session.h"
#include "db/sql.h"
#include "db/user.h"
#include "db/users.h"
#include "plan_questions.h"
#include "support/demo.h"
#include "support/least.h"
#include "zm/clock.h"
#include "zm/str.h"

#define LARGE "10000"

struct rig {
    struct demo demo;
    struct db_policy policy;
    char id[37], email[256], ids[1024]; /* somebody in the middle, and a page around him */
    char whale[37];                     /* somebody with more trades than anybody else */
};

static const char *const roles[] = {"postgres", "op_olga"};

static void find_people(struct rig *rig)
{
    const struct demo *d = &rig->demo;

    zm_copy(
        rig->id, sizeof(rig->id),
        demo_sql(d, DB_BRAIN,
                 "SELECT id FROM auth.users WHERE NOT is_sso_user AND email > 'm' ORDER BY email"
                 " LIMIT 1"));
    zm_copy(
        rig->email, sizeof(rig->email),
        demo_sql(d, DB_BRAIN,
                 "SELECT email FROM auth.users WHERE NOT is_sso_user AND email > 'm' ORDER BY email"
                 " LIMIT 1"));
    zm_copy(
        rig->ids, sizeof(rig->ids),
        demo_sql(d, DB_BRAIN,
                 "SELECT array_agg(id) FROM (SELECT id FROM auth.users WHERE NOT is_sso_user AND"
                 " email > 'm' ORDER BY email LIMIT 20) p"));
    zm_copy(
        rig->whale, sizeof(rig->whale),
        demo_sql(d, DB_BOT,
                 "SELECT user_id FROM public.user_trades GROUP BY user_id ORDER BY count(*) DESC"
                 " LIMIT 1"));
    assert_true(rig->id[0] && rig->ids[0] && rig->whale[0]);
}

static int start(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    const char *users = getenv("ZM_PLANS_USERS");

    demo_start(&rig->demo, users ? strtol(users, NULL, 10) : 50000, NULL);
    least_privilege(&rig->demo);
    db_policy_default(&rig->policy);
    find_people(rig);
    *state = rig;
    return 0;
}

static int stop(void **state)
{
    struct rig *rig = *state;

    demo_done(&rig->demo);
    free(rig);
    return 0;
}

/* ---- plans ---- */

static const char *person(const struct rig *rig, const char *param)
{
    if (!param || *param != '@')
        return param;
    return zm_streq(param, "@id")      ? rig->id
           : zm_streq(param, "@email") ? rig->email
           : zm_streq(param, "@whale") ? rig->whale
                                       : rig->ids;
}

static bool is_large(PGconn *conn, const char *schema, const char *table)
{
    const char *const params[2] = {schema, table};
    PGresult *result = PQexecParams(conn,
                                    "SELECT reltuples > " LARGE
                                    " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                                    " WHERE nspname = $1 AND relname = $2",
                                    2, NULL, params, NULL, NULL, 0);
    bool large = PQntuples(result) == 1 && zm_streq(PQgetvalue(result, 0, 0), "t");

    PQclear(result);
    return large;
}

/* Whether a node that ran read a large table whole. */
static bool reads_whole(PGconn *conn, const json_t *node)
{
    const char *type = json_string_value(json_object_get(node, "Node Type"));
    json_t *children = json_object_get(node, "Plans");
    size_t i;

    if (type && strstr(type, "Seq Scan") &&
        json_integer_value(json_object_get(node, "Actual Loops")) > 0 &&
        is_large(conn, json_string_value(json_object_get(node, "Schema")),
                 json_string_value(json_object_get(node, "Relation Name"))))
        return true;
    for (i = 0; i < json_array_size(children); i++)
        if (reads_whole(conn, json_array_get(children, i)))
            return true;
    return false;
}

static void begin(PGconn *conn, const struct rig *rig)
{
    const char *const page[1] = {rig->ids};

    PQclear(PQexec(conn, "BEGIN; SET LOCAL search_path = pg_catalog; SET LOCAL timezone = "
                         "'UTC'; SET LOCAL jit = off"));
    PQclear(PQexecParams(conn, "SELECT set_config('zmartctl.page', $1, true)", 1, NULL, page, NULL,
                         NULL, 0));
}

static bool plan_reads_whole(PGconn *conn, const struct rig *rig, const struct question *q,
                             bool view)
{
    const struct db_sql_text *row = db_sql_text(q->sql);
    const char *text = view ? row->text_view : row->text, *params[DB_MAX_PARAMS] = {NULL};
    struct zm_buf explain = {.s = NULL};
    PGresult *result;
    json_t *plan;
    bool whole;
    size_t i;

    for (i = 0; i < ZM_COUNT(q->params); i++)
        params[i] = person(rig, q->params[i]);
    zm_buf_printf(&explain, "EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) %s", text);
    begin(conn, rig);
    if (strstr(row->name, "users_by") || strstr(row->name, "users_no") ||
        strstr(row->name, "find_"))
        PQclear(PQexec(conn, "SET LOCAL zmartctl.page = '{}'"));
    result = PQexecParams(conn, explain.s, db_link_count_params(text), NULL, params, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", row->name, PQresultErrorMessage(result));
    plan = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    assert_non_null(plan);
    whole = reads_whole(conn, json_object_get(json_array_get(plan, 0), "Plan"));
    json_decref(plan);
    PQclear(result);
    PQclear(PQexec(conn, "ROLLBACK"));
    zm_buf_done(&explain);
    return whole;
}

/* What no view lets through is only asked of auth.users. */
static bool needs_table(const struct db_sql_text *row)
{
    return strstr(row->needs, "auth.") != NULL;
}

static void test_plans(void **state)
{
    static const struct question scan = {DB_SQL_BRAIN_OVERVIEW_TIERS_EXACT, {NULL}};
    struct rig *rig = *state;
    size_t r, i;

    for (r = 0; r < ZM_COUNT(roles); r++) {
        PGconn *conn[DB_SIDES] = {demo_connect(&rig->demo, DB_BRAIN, roles[r]),
                                  demo_connect(&rig->demo, DB_BOT, roles[r])};

        for (i = 0; i < ZM_COUNT(questions); i++) {
            const struct db_sql_text *row = db_sql_text(questions[i].sql);

            if (r == 1 && needs_table(row))
                continue;
            if (plan_reads_whole(conn[row->side], rig, &questions[i], r == 1))
                fail_msg("%s as %s reads a table whole", row->name, roles[r]);
        }
        assert_true(plan_reads_whole(conn[DB_BRAIN], rig, &scan, r == 1)); /* it would be noticed */
        PQfinish(conn[DB_BRAIN]);
        PQfinish(conn[DB_BOT]);
    }
}

/* A new statement is in the table above, or says why not. */
static void test_all_are_asked(void **state)
{
    size_t sql, i;

    (void)state;
    for (sql = 1; sql < DB_SQL_COUNT; sql++) {
        const struct db_sql_text *row = db_sql_text((enum db_sql)sql);
        bool asked = row->walk;

        for (i = 0; i < ZM_COUNT(exempt); i++)
            asked = asked || strncmp(row->name, exempt[i], strlen(exempt[i])) == 0;
        for (i = 0; i < ZM_COUNT(questions); i++)
            asked = asked || questions[i].sql == (enum db_sql)sql;
        if (!asked)
            fail_msg("%s has no plan here", row->name);
    }
}

/* ---- what screens call ---- */

struct visit {
    const struct rig *rig;
    struct db_session session;
    struct db_option options[DB_SIDES][4];
    struct db_target targets[DB_SIDES];
    struct zm_error err;
};

static struct db_link *link_of(const struct visit *v, enum db_side side)
{
    return db_session_link(&v->session, side);
}

static bool visit_pages(struct visit *v)
{
    static const enum db_sort sorts[] = {DB_SORT_EMAIL, DB_SORT_ID};
    struct db_place starts[3] = {
        {.id = ""}, {.segment = DB_SEGMENT_END}, {.segment = DB_SEGMENT_PASSWORD}};
    size_t s, i, back, n;

    zm_copy(starts[2].key, sizeof(starts[2].key), v->rig->email);
    zm_copy(starts[2].id, sizeof(starts[2].id), v->rig->id);
    for (s = 0; s < ZM_COUNT(sorts); s++)
        for (i = 0; i < ZM_COUNT(starts); i++)
            for (back = 0; back < 2; back++) {
                struct db_page page = {.n = 0};

                if (!db_users_page(link_of(v, DB_BRAIN), sorts[s], &starts[i], back, 100, &page,
                                   &v->err))
                    return false;
                n = page.brain.logins.n;
                db_page_done(&page);
                if (n != (i == 2 || (i == 1) == (back == 1) ? 100 : 0))
                    return zm_error_set(&v->err, ZM_ERR_DATA, "", "", "%zu rows at %zu", n, i);
            }
    return true;
}

/* As a person types: every beginning of a word is looked up. */
static bool visit_finds(struct visit *v)
{
    static const char *const words[] = {
        "m",    "ma",   "maria", "maria p", "\"maria.p@example.com\"",
        "4072", "5b1e", "zzzz",  "+40",     "j confirmed:no"};
    struct db_filter filter;
    size_t i;

    for (i = 0; i < ZM_COUNT(words); i++) {
        struct db_page page = {.n = 0}, bot = {.n = 0};
        bool ok;

        ok = db_filter_parse(words[i], &filter, &v->err) &&
             db_users_find(link_of(v, DB_BRAIN), &filter, 100, &page, &v->err) &&
             db_traders_find(link_of(v, DB_BOT), &filter, 100, &bot, &v->err);
        db_page_done(&page);
        db_page_done(&bot);
        if (!ok)
            return false;
    }
    return true;
}

static bool visit_refresh(struct visit *v)
{
    const char *ids[1] = {v->rig->id};
    struct db_page page = {.n = 0};
    struct db_place middle = {.segment = DB_SEGMENT_PASSWORD};
    bool ok;

    ok = db_users_by_ids(link_of(v, DB_BRAIN), ids, 1, &page, &v->err) &&
         db_users_halves(link_of(v, DB_BOT), ids, 1, &page.bot, &v->err);
    db_page_done(&page);
    zm_copy(middle.key, sizeof(middle.key), v->rig->email);
    zm_copy(middle.id, sizeof(middle.id), v->rig->id);
    ok = ok && db_traders_page(link_of(v, DB_BOT), &middle, false, 100, &page, &v->err);
    db_page_done(&page);
    return ok;
}

static bool visit_user(struct visit *v)
{
    const char *ids[2] = {v->rig->id, v->rig->whale};
    size_t i;

    for (i = 0; i < 2; i++) {
        struct db_user_brain brain;
        struct db_user_bot bot;
        struct db_ask more = {.ok = false};
        const struct db_rows *trades = &bot.part[DB_UT_TRADES].rows;
        bool ok = true;

        memset(&brain, 0, sizeof(brain));
        memset(&bot, 0, sizeof(bot));
        if (!db_user_read_brain(link_of(v, DB_BRAIN), ids[i], &brain, &v->err) ||
            !db_user_read_bot(link_of(v, DB_BOT), ids[i], &bot, &v->err))
            return false;
        if (i == 1) {
            const struct db_trade *last = DB_ROW(trades, struct db_trade, trades->n - 1);

            ok = db_user_more_trades(link_of(v, DB_BOT), ids[i], last->created_at, last->id, &more,
                                     &v->err);
        }
        db_asks_done(&more, 1);
        db_user_brain_done(&brain);
        db_user_bot_done(&bot);
        if (!ok)
            return false;
    }
    return true;
}

static bool visit_overview(struct visit *v)
{
    struct db_overview_brain brain;
    struct db_overview_bot bot;
    static const char *const patterns[] = {"user_*", NULL};
    bool ok;

    memset(&brain, 0, sizeof(brain));
    memset(&bot, 0, sizeof(bot));
    ok = db_overview_read_brain(link_of(v, DB_BRAIN), false, &brain, &v->err) &&
         db_overview_read_bot(link_of(v, DB_BOT), false, patterns, &bot, &v->err);
    db_overview_brain_done(&brain);
    db_overview_bot_done(&bot);
    return ok;
}

/* What a visit may read whole: tables of few rows, and for the overview those of few bytes. */
static const struct {
    const char *name;
    bool (*run)(struct visit *v);
    const char *large;
} visits[] = {
    {"pages", visit_pages, "true"},
    {"look-ups", visit_finds, "true"},
    {"refresh", visit_refresh, "true"},
    {"user", visit_user, "true"},
    {"overview", visit_overview, "pg_relation_size(relid) > 8000000"},
};

/* What a session has read is told when it ends, and that is a moment after it was closed. */
static void await_ends(const struct rig *rig, enum db_side side)
{
    static const char others[] = "SELECT count(*) FROM pg_stat_activity WHERE backend_type ="
                                 " 'client backend' AND pid <> pg_backend_pid()";
    int64_t deadline = zm_now_ms() + 20000;

    while (strcmp(demo_sql(&rig->demo, side, others), "0") != 0) {
        assert_true(zm_now_ms() < deadline);
        poll(NULL, 0, 10);
    }
}

/* The tables that were read whole so far, "users:3 ...". */
static const char *scans(const struct rig *rig, enum db_side side, const char *large, char *dst,
                         size_t size)
{
    char sql[512];

    await_ends(rig, side);
    snprintf(sql, sizeof(sql),
             "SELECT string_agg(relname || ':' || seq_scan, ' ' ORDER BY relname)"
             " FROM pg_stat_user_tables WHERE %s AND (n_live_tup > " LARGE
             " OR relid IN (SELECT oid FROM pg_class WHERE reltuples > " LARGE "))",
             large);
    zm_copy(dst, size, demo_sql(&rig->demo, side, sql));
    assert_true(dst[0]);
    return dst;
}

static void run_visit(struct rig *rig, const char *role, size_t n)
{
    struct visit v = {.rig = rig};
    size_t i;

    for (i = 0; i < DB_SIDES; i++)
        demo_target(&rig->demo, (enum db_side)i, role, v.options[i], &v.targets[i]);
    if (!db_session_open(&v.session, v.targets, &v.err) || !visits[n].run(&v))
        fail_msg("%s as %s: %s; %s", visits[n].name, role, v.err.message, v.err.detail);
    db_session_close(&v.session);
}

static void test_visits(void **state)
{
    struct rig *rig = *state;
    char before[DB_SIDES][512], after[512];
    size_t r, i, s;

    for (r = 0; r < ZM_COUNT(roles); r++)
        for (i = 0; i < ZM_COUNT(visits); i++) {
            for (s = 0; s < DB_SIDES; s++)
                scans(rig, (enum db_side)s, visits[i].large, before[s], sizeof(before[s]));
            run_visit(rig, roles[r], i);
            for (s = 0; s < DB_SIDES; s++)
                if (strcmp(before[s],
                           scans(rig, (enum db_side)s, visits[i].large, after, sizeof(after))) != 0)
                    fail_msg("%s as %s: %s became %s", visits[i].name, roles[r], before[s], after);
        }
}

/* Every walk is one because it says so: what does read tables whole is told by the counters. */
static void test_counters_count(void **state)
{
    struct rig *rig = *state;
    char before[512], after[512];
    PGconn *conn;

    scans(rig, DB_BRAIN, "true", before, sizeof(before));
    conn = demo_connect(&rig->demo, DB_BRAIN, "postgres");
    PQclear(PQexec(conn, "SELECT count(*) FROM auth.users WHERE email LIKE '%x%'"));
    PQfinish(conn);
    assert_string_not_equal(before, scans(rig, DB_BRAIN, "true", after, sizeof(after)));
}

/* The document as written has none of the indexes: everything answers, only slower. Last: it drops
 * them. */
static void test_without_indexes(void **state)
{
    static const char drop[] =
        "DO $$ DECLARE i record; BEGIN FOR i IN SELECT indexname FROM pg_indexes WHERE schemaname ="
        " 'public' AND indexname LIKE 'user\\_%\\_idx' LOOP EXECUTE format('DROP INDEX public.%I',"
        " i.indexname); END LOOP; END $$";
    struct rig *rig = *state;
    size_t i;

    demo_sql(&rig->demo, DB_BRAIN, drop);
    demo_sql(&rig->demo, DB_BOT, drop);
    for (i = 0; i < ZM_COUNT(visits); i++)
        run_visit(rig, roles[i % ZM_COUNT(roles)], i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_asked),   cmocka_unit_test(test_plans),
        cmocka_unit_test(test_visits),          cmocka_unit_test(test_counters_count),
        cmocka_unit_test(test_without_indexes),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
