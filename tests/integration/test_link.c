/*
 * One connection against a real server: what a person is told when it cannot be made, and that
 * nothing that a server does or leaves undone holds the caller longer than its deadline.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/link.h"
#include "support/cluster.h"
#include "zm/clock.h"
#include "zm/str.h"

static const char everything[] = "{public.user_profiles,auth.users}";

struct rig {
    struct cluster cluster;
    struct db_option options[4];
    struct db_target target;
    struct db_link *link;
};

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));

    cluster_start(&rig->cluster, false);
    cluster_load(&rig->cluster, DB_BRAIN);
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;

    cluster_done(&rig->cluster);
    free(rig);
    return 0;
}

static int make_link(void **state)
{
    struct rig *rig = *state;

    cluster_target(&rig->cluster, DB_BRAIN, "postgres", rig->options, &rig->target);
    rig->link = db_link_new(&rig->target);
    return 0;
}

static int drop_link(void **state)
{
    struct rig *rig = *state;

    db_link_free(rig->link);
    rig->link = NULL;
    return 0;
}

static void open_link(struct rig *rig)
{
    struct zm_error err;

    if (!db_link_open(rig->link, &err))
        fail_msg("%s; %s; %s", err.message, err.detail, err.hint);
}

/* Tries a target of four keywords that must be refused; how long it took. */
static int64_t refused(const struct rig *rig, const struct db_option options[4],
                       struct zm_error *ret)
{
    struct db_target target = rig->target;
    struct db_link *link;
    int64_t begin = zm_now_ms();

    target.options = options;
    target.connect_ms = 2000;
    link = db_link_new(&target);
    memset(ret, 0, sizeof(*ret));
    assert_false(db_link_open(link, ret));
    assert_false(db_link_is_open(link));
    assert_int_equal(db_link_socket(link), -1);
    db_link_free(link);
    return zm_now_ms() - begin;
}

static void says_what_is_there(void **state)
{
    struct rig *rig = *state;
    const struct db_facts *facts;

    open_link(rig);
    facts = db_link_facts(rig->link);
    assert_string_equal(facts->role, "postgres");
    assert_string_equal(facts->dbname, "postgres");
    assert_string_equal(facts->tls, "unix socket");
    assert_string_equal(facts->system, cluster_value(&rig->cluster, "SELECT system_identifier FROM "
                                                                    "pg_control_system()"));
    assert_int_equal(facts->via, DB_VIA_SOCKET);
    assert_int_equal(facts->logins, DB_LOGINS_TABLE);
    assert_string_equal(facts->writable, "3 of 3 tables");
    assert_false(facts->insecure);
    assert_true(db_link_rtt_ms(rig->link) >= 0);
    assert_string_equal(cluster_value(&rig->cluster, "SELECT count(*) FROM pg_stat_activity WHERE "
                                                     "application_name = 'zmartctl'"),
                        "1");
}

static void refusals_are_named(void **state)
{
    struct rig *rig = *state;
    const char *dir = rig->cluster.directory, *port = rig->cluster.port;
    struct zm_error err;

    refused(rig, (struct db_option[]){{"host", dir}, {"port", "1"}, {"user", "x"}, {"dbname", "x"}},
            &err);
    assert_int_equal(err.kind, ZM_ERR_CONNECT);
    assert_non_null(strstr(err.message, "no server listens on this socket"));
    refused(
        rig,
        (struct db_option[]){{"host", "127.0.0.1"}, {"port", "1"}, {"user", "x"}, {"dbname", "x"}},
        &err);
    assert_int_equal(err.kind, ZM_ERR_CONNECT);
    assert_non_null(strstr(err.message, "connection refused (127.0.0.1 port 1)"));
    refused(
        rig,
        (struct db_option[]){{"host", dir}, {"port", port}, {"user", "nobody"}, {"dbname", "x"}},
        &err);
    assert_int_equal(err.kind, ZM_ERR_AUTH);
    assert_string_equal(err.sqlstate, "28000");
    /* A name with keywords in it is a name. */
    refused(rig,
            (struct db_option[]){{"host", dir},
                                 {"port", port},
                                 {"user", "postgres"},
                                 {"dbname", "postgres application_name=evil"}},
            &err);
    assert_int_equal(err.kind, ZM_ERR_AUTH);
    assert_string_equal(err.sqlstate, "3D000");
    refused(rig,
            (struct db_option[]){
                {"host", "no.such.host.invalid"}, {"port", port}, {"user", "x"}, {"dbname", "x"}},
            &err);
    assert_int_equal(err.kind, ZM_ERR_CONNECT);
    assert_non_null(strstr(err.message, "no.such.host.invalid"));
}

/* 198.51.100.0/24 belongs to nobody: a byte sent there would show as a wait. */
static void weak_tls_is_refused_unsent(void **state)
{
    static const char *const modes[] = {"disable", "prefer", "require", "verify-ca"};
    struct rig *rig = *state;
    struct zm_error err;
    size_t i;

    for (i = 0; i < ZM_COUNT(modes); i++) {
        const struct db_option options[] = {{"hostaddr", "198.51.100.1"},
                                            {"host", "db.example.com"},
                                            {"sslmode", modes[i]},
                                            {"dbname", "postgres"}};

        assert_true(refused(rig, options, &err) < 1000);
        assert_int_equal(err.kind, ZM_ERR_INSECURE);
        assert_non_null(strstr(err.message, modes[i]));
    }
}

/* A statement that fails costs itself only. */
static void errors_stay_alone(void **state)
{
    struct rig *rig = *state;
    struct db_ask asks[] = {
        {.sql = DB_SQL_EITHER_IDENTITY},
        {.sql = DB_SQL_EITHER_COLUMNS, .params = {"not an array"}},
        {.sql = DB_SQL_EITHER_COLUMNS, .params = {everything}},
        {.sql = DB_SQL_EITHER_TABLES, .params = {"{"}},
        {.sql = DB_SQL_EITHER_SYSTEM},
    };
    struct zm_error err;

    open_link(rig);
    assert_true(db_link_read(rig->link, asks, ZM_COUNT(asks), &err));
    assert_true(asks[0].ok);
    assert_int_equal(asks[0].rows.n, 1);
    assert_false(asks[1].ok);
    assert_string_equal(asks[1].err.sqlstate, "22P02");
    assert_string_equal(asks[1].err.where, "ZmartyBrain");
    assert_string_equal(asks[1].err.what, "read the catalogue");
    assert_true(asks[2].ok);
    assert_true(asks[2].rows.n > 8);
    assert_false(asks[3].ok);
    assert_true(asks[4].ok);
    assert_string_equal(cluster_value(&rig->cluster, "SELECT state FROM pg_stat_activity WHERE "
                                                     "application_name = 'zmartctl'"),
                        "idle");
    db_asks_done(asks, ZM_COUNT(asks));
}

/* What reading the catalogue waits for. */
static const char policies[] = "LOCK TABLE pg_catalog.pg_policy";

static void locks_and_timeouts_are_named(void **state)
{
    struct rig *rig = *state;
    struct db_ask asks[] = {
        {.sql = DB_SQL_EITHER_TABLES, .params = {everything}},
        {.sql = DB_SQL_EITHER_IDENTITY},
    };
    struct zm_error err;
    struct pg_conn *holder;

    open_link(rig);
    holder = cluster_hold(&rig->cluster, policies);
    assert_true(db_link_read(rig->link, asks, 2, &err));
    assert_int_equal(asks[0].err.kind, ZM_ERR_LOCKED);
    assert_true(asks[1].ok);
    rig->target.statement_ms = 300; /* before the lock's own limit */
    assert_true(db_link_read(rig->link, asks, 2, &err));
    assert_int_equal(asks[0].err.kind, ZM_ERR_TIMEOUT);
    assert_string_equal(asks[0].err.sqlstate, "57014");
    assert_true(asks[1].ok);
    cluster_release(holder);
    assert_true(db_link_read(rig->link, asks, 2, &err));
    assert_true(asks[0].ok);
    db_asks_done(asks, 2);
}

static void frozen_server(void **state)
{
    struct rig *rig = *state;
    struct db_ask ask = {.sql = DB_SQL_EITHER_IDENTITY};
    struct zm_error err;
    int64_t begin;
    pid_t pid;

    rig->target.statement_ms = 300;
    open_link(rig);
    pid = cluster_backend(&rig->cluster);
    assert_true(pid > 0);
    kill(pid, SIGSTOP);
    begin = zm_now_ms();
    assert_false(db_link_read(rig->link, &ask, 1, &err));
    assert_int_equal(err.kind, ZM_ERR_TIMEOUT);
    assert_true(zm_now_ms() - begin < 2500);
    assert_false(db_link_is_open(rig->link));
    kill(pid, SIGCONT);
    open_link(rig);
    assert_true(db_link_read(rig->link, &ask, 1, &err));
    db_asks_done(&ask, 1);
}

/* Cancelled while the server waits: answered at once, the statement ended there too, the link
 * usable. */
static void cancel_ends_it_on_the_server(void **state)
{
    struct rig *rig = *state;
    struct db_ask ask = {.sql = DB_SQL_EITHER_TABLES, .params = {everything}};
    struct zm_error err;
    pthread_t thread;
    int64_t begin;
    struct pg_conn *holder;

    open_link(rig);
    holder = cluster_hold(&rig->cluster, policies);
    begin = zm_now_ms();
    assert_int_equal(pthread_create(&thread, NULL, cluster_cancel_soon, rig->link), 0);
    assert_false(db_link_read(rig->link, &ask, 1, &err));
    pthread_join(thread, NULL);
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
    assert_true(zm_now_ms() - begin < 1500);
    assert_true(db_link_is_open(rig->link));
    assert_string_equal(cluster_value(&rig->cluster, "SELECT state FROM pg_stat_activity WHERE "
                                                     "application_name = 'zmartctl'"),
                        "idle");
    cluster_release(holder);
    assert_false(db_link_read(rig->link, &ask, 1, &err)); /* until it is rearmed */
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
    db_link_rearm(rig->link);
    assert_true(db_link_read(rig->link, &ask, 1, &err));
    assert_true(ask.ok);
    db_asks_done(&ask, 1);
}

/* A postmaster that does not answer cancel requests either. */
static void cancel_at_a_frozen_server(void **state)
{
    struct rig *rig = *state;
    struct db_ask ask = {.sql = DB_SQL_EITHER_IDENTITY};
    struct zm_error err;
    pthread_t thread;
    int64_t begin;
    pid_t backend;

    open_link(rig);
    backend = cluster_backend(&rig->cluster);
    kill(backend, SIGSTOP);
    kill(rig->cluster.pid, SIGSTOP);
    begin = zm_now_ms();
    assert_int_equal(pthread_create(&thread, NULL, cluster_cancel_soon, rig->link), 0);
    assert_false(db_link_read(rig->link, &ask, 1, &err));
    pthread_join(thread, NULL);
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
    assert_true(zm_now_ms() - begin < 3000);
    assert_false(db_link_is_open(rig->link));
    kill(rig->cluster.pid, SIGCONT);
    kill(backend, SIGCONT);
}

/* Waits until the socket of an idle link has something to say. */
static void wait_idle(struct rig *rig, struct zm_error *ret)
{
    int64_t deadline = zm_now_ms() + 5000;
    const struct timespec pause = {.tv_nsec = 5000000};

    while (db_link_idle_check(rig->link, ret)) {
        assert_true(zm_now_ms() < deadline);
        nanosleep(&pause, NULL);
    }
}

static void loss_is_noticed(void **state)
{
    struct rig *rig = *state;
    struct db_ask ask = {.sql = DB_SQL_EITHER_IDENTITY};
    struct zm_error err;

    open_link(rig);
    assert_true(db_link_idle_check(rig->link, &err));
    cluster_sql(&rig->cluster, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                               "application_name = 'zmartctl'");
    wait_idle(rig, &err);
    assert_int_equal(err.kind, ZM_ERR_LOST);
    assert_non_null(strstr(err.message, "administrator command"));
    assert_string_equal(err.sqlstate, "57P01");
    assert_false(db_link_is_open(rig->link));
    assert_false(db_link_read(rig->link, &ask, 1, &err));
    assert_int_equal(err.kind, ZM_ERR_LOST);

    open_link(rig);
    cluster_halt(&rig->cluster);
    assert_false(db_link_read(rig->link, &ask, 1, &err));
    assert_int_equal(err.kind, ZM_ERR_LOST);
    assert_false(db_link_open(rig->link, &err));
    assert_int_equal(err.kind, ZM_ERR_CONNECT);
    cluster_resume(&rig->cluster);
    open_link(rig);
    assert_true(db_link_read(rig->link, &ask, 1, &err));
    db_asks_done(&ask, 1);
}

static void scripts(void **state)
{
    struct rig *rig = *state;
    struct zm_error err, notice;
    int n = 0;

    open_link(rig);
    assert_true(db_link_script(rig->link,
                               "CREATE TABLE public.s (a int);\n"
                               "DO $$ BEGIN FOR i IN 1..20 LOOP RAISE WARNING 'w%', i; END LOOP; "
                               "END $$;\nINSERT INTO public.s VALUES (1)",
                               5000, &err));
    for (; db_link_notice(rig->link, &notice); n++)
        assert_string_equal(notice.what, "WARNING");
    assert_int_equal(n, 8);
    assert_string_equal(notice.message, "w20");
    assert_false(db_link_script(
        rig->link, "BEGIN;\nDELETE FROM public.s;\nSELECT nothing FROM public.s;", 5000, &err));
    assert_int_equal(err.kind, ZM_ERR_SHAPE);
    assert_non_null(strstr(err.detail, "line 3: SELECT nothing"));
    assert_string_equal(cluster_value(&rig->cluster, "SELECT count(*) FROM public.s"), "1");
    assert_true(db_link_script(rig->link, "DROP TABLE public.s", 5000, &err));
}

#define WITH_LINK(test) cmocka_unit_test_setup_teardown(test, make_link, drop_link)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LINK(says_what_is_there),
        WITH_LINK(refusals_are_named),
        WITH_LINK(weak_tls_is_refused_unsent),
        WITH_LINK(errors_stay_alone),
        WITH_LINK(locks_and_timeouts_are_named),
        WITH_LINK(frozen_server),
        WITH_LINK(cancel_ends_it_on_the_server),
        WITH_LINK(cancel_at_a_frozen_server),
        WITH_LINK(loss_is_noticed),
        WITH_LINK(scripts),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
