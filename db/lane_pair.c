/*
 * The thread of a lane that works on both sides: it connects when there is something to do and
 * closes what nobody has used for a while. One side is enough to run a job.
 */
#include <string.h>

#include "db/lane_work.h"
#include "zm/clock.h"

static void close_links(struct db_lane *lane)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        db_link_close(lane->session.link[side]);
}

/* What broke while it was idle is noticed before it is used. */
static bool connect_pair(struct db_lane *lane, struct zm_error *err)
{
    struct db_session *session = &lane->session;
    const struct db_link *brain, *bot;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        db_link_idle_check(session->link[side], NULL);
    db_session_connect(session);
    brain = db_session_link(session, DB_BRAIN);
    bot = db_session_link(session, DB_BOT);
    if (!brain && !bot)
        return db_session_away(session, DB_BRAIN, "connect", err);
    if (!brain || !bot || db_pair_check(db_link_facts(brain), db_link_facts(bot), err))
        return true;
    close_links(lane);
    return false;
}

static void work(struct db_lane *lane, struct db_job *job)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};
    bool ok = connect_pair(lane, &err) && db_lane_run(lane, job, &err);

    db_lane_give_back(lane, job, ok, &err);
}

static void end(struct db_lane *lane)
{
    struct db_lanes *lanes = lane->lanes;

    close_links(lane);
    pthread_mutex_lock(&lanes->mutex);
    lane->ended = true;
    pthread_cond_signal(&lanes->ended);
    pthread_mutex_unlock(&lanes->mutex);
}

void *db_lane_pair_main(void *arg)
{
    struct db_lane *lane = arg;
    int64_t idle_until = ZM_NEVER;
    struct db_job *job;

    while (!db_lane_is_stopping(lane)) {
        int sockets[DB_SIDES] = {db_link_socket(lane->session.link[DB_BRAIN]),
                                 db_link_socket(lane->session.link[DB_BOT])};

        job = db_lane_next(lane);
        if (job) {
            work(lane, job);
            idle_until = zm_now_ms() + DB_LANE_IDLE_MS;
            continue;
        }
        if (db_lane_wait(lane, sockets, idle_until)) {
            db_link_idle_check(lane->session.link[DB_BRAIN], NULL);
            db_link_idle_check(lane->session.link[DB_BOT], NULL);
        }
        if (zm_now_ms() >= idle_until) {
            close_links(lane);
            idle_until = ZM_NEVER;
        }
    }
    end(lane);
    return NULL;
}
