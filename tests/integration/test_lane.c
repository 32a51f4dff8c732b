/*
 * Lanes on two real servers that are stopped, frozen and started again under them: the screen side
 * is never held, the other side never suffers, and what happened is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "support/lanes.h"
#include "zm/clock.h"
#include "zm/str.h"

static void jobs_come_back_in_order(void **state)
{
    struct rig *rig = *state;
    struct work *sent[20], *got;
    size_t i;

    lanes_start_up(rig);
    for (i = 0; i < ZM_COUNT(sent); i++)
        sent[i] = lanes_submit(rig, DB_LANE_BRAIN, NULL);
    for (i = 0; i < ZM_COUNT(sent); i++) {
        got = lanes_collect(rig, 5000);
        assert_ptr_equal(got, sent[i]);
        assert_true(got->job.ok);
        assert_int_equal(got->links, 1);
        assert_true(got->job.took_us > 0);
        free(got);
    }
    assert_null(db_lanes_collect(rig->lanes));
}

static void one_side_down(void **state)
{
    struct rig *rig = *state;
    struct db_status status;
    struct work *work;
    int64_t begin;

    lanes_start_up(rig);
    cluster_halt(&rig->cluster[DB_BOT]);
    lanes_await(rig, DB_BOT, DB_RETRY, 2000, &status); /* noticed although nobody asked */
    assert_true(status.err.message[0]);
    assert_int_equal(status.facts.version > 0, 1); /* what was known stays known */

    begin = zm_now_ms();
    lanes_submit(rig, DB_LANE_BOT, NULL);
    work = lanes_collect(rig, 1000); /* at once: nobody waits for a server that is away */
    assert_true(zm_now_ms() - begin < 200);
    assert_false(work->job.ok);
    assert_int_equal(work->runs, 0);
    free(work);

    lanes_submit(rig, DB_LANE_BRAIN, NULL);
    work = lanes_collect(rig, 1000);
    assert_true(work->job.ok);
    free(work);

    cluster_resume(&rig->cluster[DB_BOT]);
    db_lanes_connect(rig->lanes, DB_BOT);
    lanes_await(rig, DB_BOT, DB_UP, 3000, &status);
    assert_int_equal(status.tries, 0);
    lanes_submit(rig, DB_LANE_BOT, NULL);
    work = lanes_collect(rig, 1000);
    assert_true(work->job.ok);
    free(work);
}

static void comes_back_by_itself(void **state)
{
    struct rig *rig = *state;
    struct pollfd fd = {.events = POLLIN};
    struct db_status status;
    int64_t tried;

    cluster_halt(&rig->cluster[DB_BRAIN]);
    rig->lanes = db_lanes_start(rig->targets);
    lanes_await(rig, DB_BRAIN, DB_RETRY, 2000, &status);
    tried = zm_now_ms();
    assert_int_equal(status.err.kind, ZM_ERR_CONNECT);
    assert_true(status.retry_at_ms - tried > 500 && status.retry_at_ms - tried < 1300);
    fd.fd = db_lanes_fd(rig->lanes);
    while (status.tries < 2) {
        assert_int_equal(poll(&fd, 1, 3000), 1);
        lanes_await(rig, DB_BRAIN, DB_RETRY, 100, &status);
    }
    assert_true(zm_now_ms() - tried > 500);
    assert_true(status.retry_at_ms - zm_now_ms() > 1300); /* each wait is longer */
    cluster_resume(&rig->cluster[DB_BRAIN]);
    lanes_await(rig, DB_BRAIN, DB_UP, 5000, &status);
}

static void refusal_is_final(void **state)
{
    struct rig *rig = *state;
    struct db_option wrong[4] = {{"host", "127.0.0.1"},
                                 {"port", rig->cluster[DB_BRAIN].port},
                                 {"user", "postgres"},
                                 {"dbname", "postgres"}};
    struct pollfd fd = {.events = POLLIN};
    struct db_status status;
    struct work *work;
    int64_t until;

    rig->targets[DB_BRAIN].options = wrong;
    rig->targets[DB_BRAIN].password = "wrong";
    rig->lanes = db_lanes_start(rig->targets);
    lanes_await(rig, DB_BOT, DB_UP, 3000, &status);
    lanes_await(rig, DB_BRAIN, DB_STOPPED, 3000, &status);
    assert_int_equal(status.err.kind, ZM_ERR_AUTH);
    lanes_submit(rig, DB_LANE_BRAIN, NULL);
    work = lanes_collect(rig, 500);
    assert_int_equal(work->job.err.kind, ZM_ERR_AUTH);
    free(work);
    fd.fd = db_lanes_fd(rig->lanes);
    for (until = zm_now_ms() + 1500;
         zm_now_ms() < until;) { /* longer than the first wait of a retry */
        poll(&fd, 1, zm_poll_wait(until));
        db_lanes_status(rig->lanes, DB_BOT, &status);
        db_lanes_status(rig->lanes, DB_BRAIN, &status);
        assert_int_equal(status.state, DB_STOPPED);
        assert_null(db_lanes_collect(rig->lanes));
    }
    cluster_sql(&rig->cluster[DB_BRAIN], "ALTER ROLE postgres PASSWORD 'wrong'");
    db_lanes_connect(rig->lanes, DB_BRAIN);
    lanes_await(rig, DB_BRAIN, DB_UP, 3000, &status);
    cluster_sql(&rig->cluster[DB_BRAIN], "ALTER ROLE postgres PASSWORD NULL");
}

/* The server ends the connection under a running read. */
static void terminate(struct work *work)
{
    cluster_sql(&work->rig->cluster[DB_BRAIN],
                "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE "
                "application_name = 'zmartctl'");
}

static void reads_are_tried_once_more(void **state)
{
    struct rig *rig = *state;
    struct db_status status;
    struct work *work;

    lanes_start_up(rig);
    lanes_submit(rig, DB_LANE_BRAIN, terminate);
    work = lanes_collect(rig, 5000);
    assert_true(work->job.ok);
    assert_int_equal(work->runs, 2);
    free(work);
    db_lanes_status(rig->lanes, DB_BRAIN, &status);
    assert_int_equal(status.state, DB_UP);
}

static void drop(struct db_job *job)
{
    free(job);
}

/* What a server says beside its answers is kept for the messages screen, not printed. */
static bool run_warning(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    (void)job;
    return db_link_script(session->link[DB_BOT], "DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$",
                          5000, err);
}

static void notices(void **state)
{
    struct rig *rig = *state;
    struct zm_error notice;
    struct work *work = zm_calloc(1, sizeof(*work));

    lanes_start_up(rig);
    assert_false(db_lanes_notice(rig->lanes, &notice));
    work->job.run = run_warning;
    work->job.drop = drop;
    db_lanes_submit(rig->lanes, DB_LANE_BOT, &work->job);
    free(lanes_collect(rig, 3000));
    assert_true(db_lanes_notice(rig->lanes, &notice));
    assert_string_equal(notice.where, "ZmartBot");
    assert_string_equal(notice.message, "mind the gap");
    assert_false(db_lanes_notice(rig->lanes, &notice));
}

static void halt(struct work *work)
{
    cluster_halt((struct cluster *)(uintptr_t)&work->rig->cluster[DB_BRAIN]);
}

static void lost_for_good(void **state)
{
    struct rig *rig = *state;
    struct db_status status;
    struct work *first, *second;

    lanes_start_up(rig);
    lanes_submit(rig, DB_LANE_BRAIN, halt);
    lanes_submit(rig, DB_LANE_BRAIN, NULL);
    first = lanes_collect(rig, 5000);
    second = lanes_collect(rig, 5000);
    assert_int_equal(first->job.err.kind, ZM_ERR_LOST);
    assert_false(second->job.ok);
    assert_int_equal(second->runs, 0);
    free(first);
    free(second);
    lanes_await(rig, DB_BRAIN, DB_RETRY, 1000, &status);
    cluster_resume(&rig->cluster[DB_BRAIN]);
    lanes_await(rig, DB_BRAIN, DB_UP, 5000, &status);
}

static void cancelling(void **state)
{
    struct rig *rig = *state;
    struct work *running, *queued, *got;
    struct db_status status;
    int64_t begin;
    pid_t pid;

    lanes_start_up(rig);
    pid = cluster_backend(&rig->cluster[DB_BOT]);
    kill(pid, SIGSTOP);
    running = lanes_submit(rig, DB_LANE_BOT, NULL);
    queued = lanes_submit(rig, DB_LANE_BOT, NULL);
    begin = zm_now_ms();
    db_lanes_cancel(rig->lanes, &queued->job, false);
    got = lanes_collect(rig, 100);
    assert_ptr_equal(got, queued);
    assert_int_equal(got->job.err.kind, ZM_ERR_CANCELLED);
    assert_int_equal(got->runs, 0);
    free(got);
    db_lanes_cancel(rig->lanes, &running->job, true);
    got = lanes_collect(rig, 3500);
    assert_ptr_equal(got, running);
    assert_int_equal(got->job.err.kind, ZM_ERR_CANCELLED);
    assert_true(zm_now_ms() - begin < 3500);
    free(got);
    kill(pid, SIGCONT);
    lanes_await(rig, DB_BOT, DB_UP, 5000, &status);
    lanes_submit(rig, DB_LANE_BOT, NULL); /* a cancel is for one job only */
    got = lanes_collect(rig, 3000);
    assert_true(got->job.ok);
    free(got);
}

/* Nobody reads, and its server says nothing any more: no socket tells that. */
static void frozen_while_idle(void **state)
{
    struct rig *rig = *state;
    struct pollfd fd = {.events = POLLIN};
    struct db_status status;
    int64_t begin = zm_now_ms();
    pid_t pid;

    lanes_start_up(rig);
    pid = cluster_backend(&rig->cluster[DB_BOT]);
    kill(pid, SIGSTOP);
    fd.fd = db_lanes_fd(rig->lanes);
    do {
        assert_int_equal(poll(&fd, 1, 5000), 1);
        db_lanes_status(rig->lanes, DB_BRAIN, &status);
        db_lanes_status(rig->lanes, DB_BOT, &status);
    } while (db_lanes_waits_ms(rig->lanes, DB_BOT) == 0);
    assert_int_equal(status.state, DB_UP); /* it may only be slow */
    assert_true(zm_now_ms() - begin < 5000);
    while (cluster_backend(&rig->cluster[DB_BOT]) == pid) {
        assert_true(zm_now_ms() - begin < 12000);
        poll(&fd, 1, 100);
        db_lanes_status(rig->lanes, DB_BRAIN, &status);
        db_lanes_status(rig->lanes, DB_BOT, &status);
    }
    kill(pid, SIGCONT);
    lanes_await(rig, DB_BOT, DB_UP, 3000, &status);
}

static void pair_lane(void **state)
{
    struct rig *rig = *state;
    struct db_status status;
    struct work *work;

    lanes_start_up(rig);
    lanes_submit(rig, DB_LANE_SCAN, NULL);
    work = lanes_collect(rig, 5000);
    assert_true(work->job.ok);
    assert_int_equal(work->links, 2);
    free(work);
    assert_string_equal(cluster_value(&rig->cluster[DB_BOT],
                                      "SELECT count(*) FROM pg_stat_activity WHERE "
                                      "application_name = 'zmartctl'"),
                        "2");
    cluster_halt(&rig->cluster[DB_BOT]);
    lanes_await(rig, DB_BOT, DB_RETRY, 2000, &status);
    lanes_submit(rig, DB_LANE_SCAN, NULL);
    work = lanes_collect(rig, 5000);
    assert_true(work->job.ok); /* one side is enough */
    assert_int_equal(work->links, 1);
    free(work);
    cluster_resume(&rig->cluster[DB_BOT]);
    lanes_submit(rig, DB_LANE_WRITE, NULL);
    work = lanes_collect(rig, 5000);
    assert_int_equal(work->links, 2);
    free(work);
}

static void same_database_twice(void **state)
{
    struct rig *rig = *state;
    struct pollfd fd = {.events = POLLIN};
    struct db_status status[DB_SIDES];
    int stopped = -1, i;
    struct work *work;

    cluster_sql(&rig->cluster[DB_BRAIN], "CREATE TABLE public.user_trading_profiles (id uuid)");
    rig->targets[DB_BOT].options = rig->targets[DB_BRAIN].options;
    rig->lanes = db_lanes_start(rig->targets);
    fd.fd = db_lanes_fd(rig->lanes);
    while (stopped < 0) {
        for (i = 0; i < DB_SIDES; i++) {
            db_lanes_status(rig->lanes, (enum db_side)i, &status[i]);
            if (status[i].state == DB_STOPPED)
                stopped = i;
        }
        if (stopped < 0)
            assert_int_equal(poll(&fd, 1, 5000), 1);
    }
    assert_int_equal(status[stopped].err.kind, ZM_ERR_IDENTITY);
    assert_non_null(strstr(status[stopped].err.message, "the same database"));
    lanes_submit(rig, DB_LANE_SCAN, NULL);
    work = lanes_collect(rig, 3000);
    assert_int_equal(work->job.err.kind, ZM_ERR_IDENTITY);
    free(work);
    cluster_sql(&rig->cluster[DB_BRAIN], "DROP TABLE public.user_trading_profiles");
}

/* A quit does not wait for a server that says nothing, and frees what it can. */
static void stopping(void **state)
{
    struct rig *rig = *state;
    int64_t begin;
    pid_t pid;

    lanes_start_up(rig);
    begin = zm_now_ms();
    lanes_submit(rig, DB_LANE_BRAIN, NULL);
    assert_true(db_lanes_stop(rig->lanes, 200));
    assert_true(zm_now_ms() - begin < 250);

    lanes_start_up(rig);
    pid = cluster_backend(&rig->cluster[DB_BRAIN]);
    kill(pid, SIGSTOP);
    lanes_submit(rig, DB_LANE_BRAIN, NULL);
    lanes_submit(rig, DB_LANE_BRAIN, NULL);
    begin = zm_now_ms();
    if (!db_lanes_stop(rig->lanes, 200))
        assert_true(zm_now_ms() - begin < 300);
    else
        rig->lanes = NULL;
    kill(pid, SIGCONT);
}

static void stopping_while_connecting(void **state)
{
    static const char *const argv[] = {"sleep", "60", NULL};
    struct rig *rig = *state;
    int64_t begin;

    rig->targets[DB_BRAIN].password_argv = argv;
    rig->lanes = db_lanes_start(rig->targets);
    begin = zm_now_ms();
    assert_true(db_lanes_stop(rig->lanes, 500));
    assert_true(zm_now_ms() - begin < 500);
    rig->lanes = NULL;
}

#define LANES(test) cmocka_unit_test_setup_teardown(test, lanes_prepare, lanes_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANES(jobs_come_back_in_order),
        LANES(one_side_down),
        LANES(comes_back_by_itself),
        LANES(refusal_is_final),
        LANES(reads_are_tried_once_more),
        LANES(notices),
        LANES(lost_for_good),
        LANES(cancelling),
        LANES(frozen_while_idle),
        LANES(pair_lane),
        LANES(same_database_twice),
        LANES(stopping),
        LANES(stopping_while_connecting),
    };

    return cmocka_run_group_tests(tests, lanes_start_rig, lanes_stop_rig);
}
