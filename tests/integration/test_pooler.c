/*
 * Through PgBouncer in transaction mode with two server connections for everybody, as port 6543 of
 * a Supabase project behaves: everything works, and nothing of ours stays behind on a shared
 * connection.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/link.h"
#include "support/bouncer.h"
#include "support/cluster.h"
#include "zm/clock.h"
#include "zm/str.h"

#define OPERATORS 12

static const char tables[] = "{public.user_profiles}";

struct rig {
    struct cluster cluster;
    struct bouncer bouncer;
    struct db_option options[4];
    struct db_target target;
};

/* A client of its own, through the pooler. */
static PGconn *connect_client(const struct rig *rig)
{
    const char *const keywords[] = {"host", "port", "user", "dbname", NULL};
    const char *const values[] = {rig->bouncer.directory, BOUNCER_PORT, "postgres", "postgres",
                                  NULL};

    return PQconnectdbParams(keywords, values, 0);
}

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));

    cluster_start(&rig->cluster, false);
    cluster_load(&rig->cluster, DB_BRAIN);
    bouncer_start(&rig->bouncer, rig->cluster.directory, rig->cluster.port, "transaction", 2);
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;

    bouncer_stop(&rig->bouncer);
    cluster_done(&rig->cluster);
    free(rig);
    return 0;
}

static int prepare(void **state)
{
    struct rig *rig = *state;

    cluster_target(&rig->cluster, DB_BRAIN, "postgres", rig->options, &rig->target);
    rig->options[0].value = rig->bouncer.directory;
    rig->options[1].value = BOUNCER_PORT;
    return 0;
}

static struct db_link *open_link(const struct rig *rig)
{
    struct db_link *link = db_link_new(&rig->target);
    struct zm_error err;

    if (!db_link_open(link, &err))
        fail_msg("%s; %s; %s", err.message, err.detail, err.hint);
    return link;
}

static void read_once(struct db_link *link)
{
    struct db_ask asks[] = {
        {.sql = DB_SQL_EITHER_TABLES, .params = {tables}},
        {.sql = DB_SQL_EITHER_COLUMNS, .params = {"not an array"}}, /* and after an error */
    };
    struct zm_error err;

    if (!db_link_read(link, asks, 2, &err))
        fail_msg("%s", err.message);
    assert_true(asks[0].ok);
    assert_false(asks[1].ok);
    db_asks_done(asks, 2);
}

static void many_operators(void **state)
{
    struct rig *rig = *state;
    struct db_link *links[OPERATORS];
    int i, round;

    for (i = 0; i < OPERATORS; i++)
        links[i] = open_link(rig);
    assert_int_equal(db_link_facts(links[0])->via, DB_VIA_TRANSACTION_POOLER);
    for (round = 0; round < 3; round++)
        for (i = 0; i < OPERATORS; i++)
            read_once(links[i]);
    assert_true(strtol(cluster_value(&rig->cluster, "SELECT count(*) FROM pg_stat_activity WHERE "
                                                    "usename = 'postgres'"),
                       NULL, 10) <= 2);
    for (i = 0; i < OPERATORS; i++)
        db_link_free(links[i]);
}

/* What port 5432 of a pooler is: a server connection each, for as long as the client stays. */
static void session_mode(void **state)
{
    struct rig *rig = *state;
    struct bouncer transaction = rig->bouncer;
    struct db_link *links[2];
    int i;

    bouncer_start(&rig->bouncer, rig->cluster.directory, rig->cluster.port, "session", 2);
    prepare(state);
    for (i = 0; i < 2; i++)
        links[i] = open_link(rig);
    for (i = 0; i < 4; i++)
        read_once(links[i % 2]);
    for (i = 0; i < 2; i++)
        db_link_free(links[i]);
    bouncer_stop(&rig->bouncer);
    rig->bouncer = transaction;
}

static void expect(PGconn *conn, const char *sql, const char *value)
{
    PGresult *result = PQexec(conn, sql);

    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    assert_string_equal(PQgetvalue(result, 0, 0), value);
    PQclear(result);
}

/* Two strangers hold both server connections and look what is set on them. */
static void nothing_stays_behind(void **state)
{
    struct rig *rig = *state;
    struct db_link *link = open_link(rig);
    PGconn *strangers[2];
    int i;

    for (i = 0; i < 4; i++)
        read_once(link);
    for (i = 0; i < 2; i++) {
        strangers[i] = connect_client(rig);
        PQclear(PQexec(strangers[i], "BEGIN"));
        expect(strangers[i], "SHOW statement_timeout", "0");
        expect(strangers[i], "SHOW lock_timeout", "0");
        expect(strangers[i], "SHOW idle_in_transaction_session_timeout", "0");
        expect(strangers[i], "SHOW search_path", "public");
        expect(strangers[i], "SHOW jit", "on");
        expect(strangers[i], "SHOW transaction_read_only", "off");
        expect(strangers[i], "SELECT coalesce(current_setting('zmartctl.page', true), '')", "");
        expect(strangers[i], "SELECT count(*) FROM pg_prepared_statements", "0");
        expect(strangers[i], "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", "0");
    }
    for (i = 0; i < 2; i++)
        PQfinish(strangers[i]);
    db_link_free(link);
}

#define ID(n) "00000000-0000-0000-0000-00000000000" n

/* The ids of a page travel from statement to statement in a setting of the transaction. */
static void pages_stay_apart(void **state)
{
    static const char *const given[] = {"{" ID("1") "," ID("2") "}", "{" ID("3") "}", "{}"};
    static const size_t found[] = {2, 1, 0};
    struct rig *rig = *state;
    struct db_link *links[3];
    struct zm_error err;
    size_t i, round;

    cluster_sql(&rig->cluster,
                "INSERT INTO auth.users (id, email) SELECT ('00000000-0000-0000-0000-"
                "00000000000' || i)::uuid, i || '@example.com' FROM "
                "generate_series(1, 3) i");
    for (i = 0; i < 3; i++)
        links[i] = open_link(rig);
    for (round = 0; round < 4; round++) {
        for (i = 0; i < 3; i++) {
            struct db_ask asks[] = {{.sql = DB_SQL_BRAIN_USERS_GIVEN, .params = {given[i]}},
                                    {.sql = DB_SQL_BRAIN_PAGE_LOGINS}};

            assert_true(db_link_read(links[i], asks, 2, &err));
            if (!asks[1].ok)
                fail_msg("%s", asks[1].err.message);
            assert_int_equal(asks[1].rows.n, found[i]);
            db_asks_done(asks, 2);
        }
    }
    for (i = 0; i < 3; i++)
        db_link_free(links[i]);
}

static void cancel_through_the_pooler(void **state)
{
    struct rig *rig = *state;
    struct db_link *link = open_link(rig);
    struct db_ask ask = {.sql = DB_SQL_EITHER_TABLES, .params = {tables}};
    struct pg_conn *holder = cluster_hold(&rig->cluster, "LOCK TABLE pg_catalog.pg_policy");
    struct zm_error err;
    pthread_t thread;
    int64_t begin;

    begin = zm_now_ms();
    assert_int_equal(pthread_create(&thread, NULL, cluster_cancel_soon, link), 0);
    assert_false(db_link_read(link, &ask, 1, &err));
    pthread_join(thread, NULL);
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
    assert_true(zm_now_ms() - begin < 2000);
    cluster_release(holder);
    db_link_rearm(link);
    assert_true(db_link_open(link, &err));
    read_once(link);
    db_link_free(link);
}

static void pooler_restart(void **state)
{
    struct rig *rig = *state;
    struct db_link *link = open_link(rig);
    struct db_ask ask = {.sql = DB_SQL_EITHER_SYSTEM};
    struct zm_error err;

    bouncer_kill(&rig->bouncer);
    assert_false(db_link_read(link, &ask, 1, &err));
    assert_int_equal(err.kind, ZM_ERR_LOST);
    assert_false(db_link_open(link, &err));
    assert_int_equal(err.kind, ZM_ERR_CONNECT);
    bouncer_restart(&rig->bouncer);
    assert_true(db_link_open(link, &err));
    read_once(link);
    db_link_free(link);
}

static void unknown_role(void **state)
{
    struct rig *rig = *state;
    struct db_link *link;
    struct zm_error err;

    rig->options[2].value = "stranger";
    link = db_link_new(&rig->target);
    assert_false(db_link_open(link, &err));
    assert_int_equal(err.kind, ZM_ERR_AUTH);
    db_link_free(link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(many_operators, prepare),
        cmocka_unit_test_setup(session_mode, prepare),
        cmocka_unit_test_setup(nothing_stays_behind, prepare),
        cmocka_unit_test_setup(pages_stay_apart, prepare),
        cmocka_unit_test_setup(cancel_through_the_pooler, prepare),
        cmocka_unit_test_setup(pooler_restart, prepare),
        cmocka_unit_test_setup(unknown_role, prepare),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
