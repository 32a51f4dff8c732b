/*
 * Starts and stops lanes over two private servers, and sends jobs through them.
 */
#include "lanes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "zm/clock.h"
#include "zm/str.h"

int lanes_start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        cluster_start(&rig->cluster[i], true);
        cluster_load(&rig->cluster[i], (enum db_side)i);
    }
    *state = rig;
    return 0;
}

int lanes_stop_rig(void **state)
{
    struct rig *rig = *state;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        cluster_done(&rig->cluster[i]);
    free(rig);
    return 0;
}

/* What is wrong with the pair is told before the lanes start. */
int lanes_prepare(void **state)
{
    struct rig *rig = *state;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        cluster_target(&rig->cluster[i], (enum db_side)i, "postgres", rig->options[i],
                       &rig->targets[i]);
    return 0;
}

int lanes_stop(void **state)
{
    struct rig *rig = *state;

    if (rig->lanes && !db_lanes_stop(rig->lanes, 10000))
        return -1;
    rig->lanes = NULL;
    return 0;
}

void lanes_await(struct rig *rig, enum db_side side, enum db_state state, int within_ms,
                 struct db_status *ret)
{
    int64_t deadline = zm_now_ms() + within_ms;

    for (;;) {
        struct pollfd fd = {.fd = db_lanes_fd(rig->lanes), .events = POLLIN};
        struct db_status other;

        db_lanes_status(rig->lanes, side == DB_BRAIN ? DB_BOT : DB_BRAIN, &other);
        db_lanes_status(rig->lanes, side, ret);
        if (ret->state == state)
            return;
        if (poll(&fd, 1, zm_poll_wait(deadline)) == 0)
            fail_msg("%s: state %d, not %d: %s", db_side_name(side), ret->state, state,
                     ret->err.message);
    }
}

void lanes_start_up(struct rig *rig)
{
    struct db_status status;

    rig->lanes = db_lanes_start(rig->targets);
    lanes_await(rig, DB_BRAIN, DB_UP, 5000, &status);
    lanes_await(rig, DB_BOT, DB_UP, 5000, &status);
}

static bool run_work(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct work *work = (struct work *)job;
    struct db_ask ask = {.sql = DB_SQL_EITHER_SYSTEM};
    struct db_link *link = NULL;
    int i;
    bool ok;

    work->links = 0;
    for (i = 0; i < DB_SIDES; i++) {
        if (!db_session_link(session, (enum db_side)i))
            continue;
        link = session->link[i];
        work->links++;
    }
    if (work->runs++ == 0 && work->before)
        work->before(work);
    ok = db_link_read(link, &ask, 1, err);
    if (ok && !ask.ok) {
        *err = ask.err;
        ok = false;
    }
    db_asks_done(&ask, 1);
    return ok;
}

static void drop_work(struct db_job *job)
{
    free(job);
}

struct work *lanes_submit(struct rig *rig, enum db_lane_id lane, void (*before)(struct work *))
{
    struct work *work = zm_calloc(1, sizeof(*work));

    work->job.run = run_work;
    work->job.drop = drop_work;
    work->rig = rig;
    work->before = before;
    db_lanes_submit(rig->lanes, lane, &work->job);
    return work;
}

struct work *lanes_collect(struct rig *rig, int within_ms)
{
    int64_t deadline = zm_now_ms() + within_ms;
    struct db_job *job;

    while (!(job = db_lanes_collect(rig->lanes))) {
        struct pollfd fd = {.fd = db_lanes_fd(rig->lanes), .events = POLLIN};
        struct db_status status;

        db_lanes_status(rig->lanes, DB_BRAIN, &status);
        db_lanes_status(rig->lanes, DB_BOT, &status);
        if (poll(&fd, 1, zm_poll_wait(deadline)) == 0)
            fail_msg("no job came back");
    }
    return (struct work *)job;
}
