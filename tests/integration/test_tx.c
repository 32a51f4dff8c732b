/*
 * The end of a transaction, on a real server: kept, not kept or not known is what the server's
 * answer says, whatever its status.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/tx.h"
#include "support/cluster.h"
#include "zm/arena.h"
#include "zm/clock.h"

#define ID "00000000-0000-4000-8000-000000000001"
#define PROFILES "SELECT count(*) FROM public.user_profiles"

struct rig {
    struct cluster cluster;
    struct db_option options[4];
    struct db_target target;
    struct db_link *link;
};

static int start(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));

    cluster_start(&rig->cluster, false);
    cluster_load(&rig->cluster, DB_BRAIN);
    cluster_sql(&rig->cluster, "INSERT INTO auth.users (id, email) VALUES ('" ID "', 'a@b.c')");
    cluster_target(&rig->cluster, DB_BRAIN, "postgres", rig->options, &rig->target);
    rig->link = db_link_new(&rig->target);
    *state = rig;
    return 0;
}

static int stop(void **state)
{
    struct rig *rig = *state;

    db_link_free(rig->link);
    cluster_done(&rig->cluster);
    free(rig);
    return 0;
}

/* Without a profile, and a transaction that has made one. */
static int begin(void **state)
{
    struct rig *rig = *state;
    struct db_ask ask = {.sql = DB_SQL_BRAIN_INSERT_PROFILE, .params = {ID, "free"}};
    struct zm_error err;
    size_t failed;

    cluster_sql(&rig->cluster, "TRUNCATE public.user_profiles");
    if (!db_link_open(rig->link, &err) || !db_tx_begin(&rig->link, 1, &err) ||
        !db_tx_run(rig->link, &ask, 1, zm_now_ms() + DB_TX_STEP_MS, &failed, &err))
        fail_msg("%s", err.message);
    db_asks_done(&ask, 1);
    return 0;
}

static enum db_commit commit(const struct rig *rig, struct zm_error *ret)
{
    return db_tx_commit(rig->link, zm_now_ms() + DB_TX_STEP_MS, ret);
}

static void kept(void **state)
{
    struct rig *rig = *state;
    struct zm_error err;

    assert_int_equal(commit(rig, &err), DB_COMMITTED);
    assert_string_equal(cluster_value(&rig->cluster, PROFILES), "1");
}

/* COMMIT of a transaction that failed succeeds; nothing of it is kept. */
static void failed_before(void **state)
{
    struct rig *rig = *state;
    struct db_ask ask = {.sql = DB_SQL_BRAIN_LOCK_USER, .params = {"nobody"}};
    struct zm_error err;
    size_t failed;

    assert_false(db_tx_run(rig->link, &ask, 1, zm_now_ms() + DB_TX_STEP_MS, &failed, &err));
    db_asks_done(&ask, 1);
    assert_int_equal(commit(rig, &err), DB_ABORTED);
    assert_non_null(strstr(err.message, "rolled the transaction back"));
    assert_string_equal(cluster_value(&rig->cluster, PROFILES), "0");
    assert_true(db_link_idle_check(rig->link, &err));
}

/* The session ends before COMMIT reaches it: the link cannot tell that from one that was lost. */
static void ended_before(void **state)
{
    struct rig *rig = *state;
    struct zm_error err;

    cluster_sql(&rig->cluster, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                               " WHERE application_name = 'zmartctl'");
    assert_int_equal(commit(rig, &err), DB_LOST);
    assert_false(db_link_is_open(rig->link));
    assert_string_equal(cluster_value(&rig->cluster, PROFILES), "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(kept, begin),
        cmocka_unit_test_setup(failed_before, begin),
        cmocka_unit_test_setup(ended_before, begin),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
