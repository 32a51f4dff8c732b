/*
 * The thread of a view lane: one connection that is kept. It is made again for ever when it breaks,
 * watched while idle, and its state is published on every change.
 */
#include <stdio.h>
#include <string.h>

#include "db/lane_work.h"
#include "zm/clock.h"

static enum db_side side_of(const struct db_lane *lane)
{
    return lane->id == DB_LANE_BRAIN ? DB_BRAIN : DB_BOT;
}

static struct db_link *link_of(const struct db_lane *lane)
{
    return lane->session.link[side_of(lane)];
}

/* With the mutex held. */
static void set_state(struct db_lane *lane, enum db_state state, const struct zm_error *err)
{
    struct db_lanes *lanes = lane->lanes;
    struct db_status *status = &lanes->status[side_of(lane)];

    if (status->state != state)
        status->since_ms = zm_now_ms();
    status->state = state;
    status->retry_at_ms = lane->retry_at_ms;
    status->tries = lane->tries;
    if (err)
        status->err = *err;
    else
        memset(&status->err, 0, sizeof(status->err));
    if (state == DB_UP)
        status->facts = *db_link_facts(link_of(lane));
    lanes->changed[side_of(lane)] = true;
    db_lane_signal(lanes);
}

static void publish(struct db_lane *lane, enum db_state state, const struct zm_error *err)
{
    pthread_mutex_lock(&lane->lanes->mutex);
    set_state(lane, state, err);
    pthread_mutex_unlock(&lane->lanes->mutex);
}

/* Of the last round trip; worth a redraw when it halves or doubles. */
static void publish_rtt(struct db_lane *lane)
{
    struct db_lanes *lanes = lane->lanes;
    struct db_status *status = &lanes->status[side_of(lane)];
    int rtt = db_link_rtt_ms(link_of(lane));

    lane->heard_ms = zm_now_ms();
    pthread_mutex_lock(&lanes->mutex);
    if (status->rtt_ms < 0 || rtt >= 2 * status->rtt_ms + 2 || 2 * rtt + 2 <= status->rtt_ms) {
        lanes->changed[side_of(lane)] = true;
        db_lane_signal(lanes);
    }
    status->rtt_ms = rtt;
    pthread_mutex_unlock(&lanes->mutex);
}

/* The screen counts from here how long there is no answer, so it is woken. */
static void begin_wait(struct db_lane *lane)
{
    db_link_wait_begin(link_of(lane));
    pthread_mutex_lock(&lane->lanes->mutex);
    db_lane_signal(lane->lanes); /* the status is as it was: no answer came */
    pthread_mutex_unlock(&lane->lanes->mutex);
}

/* With the mutex held: the other side may be connecting at the same moment, and one must see the
 * other. */
static bool check_pair(struct db_lane *lane, struct zm_error *err)
{
    const struct db_status *status = lane->lanes->status;
    const struct db_facts *own = db_link_facts(link_of(lane));
    enum db_side other = side_of(lane) == DB_BRAIN ? DB_BOT : DB_BRAIN;

    if (status[other].state != DB_UP)
        return true;
    return db_pair_check(other == DB_BRAIN ? &status[other].facts : own,
                         other == DB_BOT ? &status[other].facts : own, err);
}

/* Doubled from try to try, a fifth more or less, so that many consoles do not come back at once. */
static int64_t backoff(int tries)
{
    int64_t wait = DB_LANE_RETRY_MS, spread;
    int i;

    for (i = 1; i < tries && wait < DB_LANE_RETRY_MAX; i++)
        wait *= 2;
    if (wait > DB_LANE_RETRY_MAX)
        wait = DB_LANE_RETRY_MAX;
    spread = wait * 2 / 5;
    return wait - spread / 2 + zm_now_us() % (spread + 1);
}

static bool is_final(enum zm_error_kind kind)
{
    return kind == ZM_ERR_AUTH || kind == ZM_ERR_IDENTITY || kind == ZM_ERR_INSECURE ||
           kind == ZM_ERR_CONFIG;
}

static void note_failure(struct db_lane *lane, const struct zm_error *err)
{
    lane->tries++;
    lane->stopped = is_final(err->kind);
    lane->retry_at_ms = lane->stopped ? ZM_NEVER : zm_now_ms() + backoff(lane->tries);
    publish(lane, lane->stopped ? DB_STOPPED : DB_RETRY, err);
}

static bool connect_view(struct db_lane *lane)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};
    bool ok = db_link_open(link_of(lane), &err);

    if (db_lane_is_stopping(lane))
        return false;
    pthread_mutex_lock(&lane->lanes->mutex);
    if (ok && (ok = check_pair(lane, &err))) {
        lane->tries = 0;
        lane->stopped = false;
        lane->retry_at_ms = 0;
        set_state(lane, DB_UP, NULL);
    }
    pthread_mutex_unlock(&lane->lanes->mutex);
    if (ok) {
        publish_rtt(lane);
        return true;
    }
    db_link_close(link_of(lane));
    note_failure(lane, &err);
    return false;
}

/* The connection broke: said at once, and made again at once; only then with pauses. */
static void note_loss(struct db_lane *lane, const struct zm_error *err)
{
    lane->retry_at_ms = zm_now_ms();
    publish(lane, DB_RETRY, err);
}

/* What waits in the queue has no connection to run on. */
static void fail_queue(struct db_lane *lane, const struct zm_error *err)
{
    struct db_job *job;

    while ((job = db_lane_next(lane)))
        db_lane_give_back(lane, job, false, err);
}

static void last_error(const struct db_lane *lane, struct zm_error *ret)
{
    pthread_mutex_lock(&lane->lanes->mutex);
    *ret = lane->lanes->status[side_of(lane)].err;
    pthread_mutex_unlock(&lane->lanes->mutex);
}

/* A read whose connection turned out to be dead is worth a second try before anybody hears of it.
 * After a cancel the connection may be gone as well, which is nobody's fault. */
static void work(struct db_lane *lane, struct db_job *job)
{
    struct zm_error err;
    bool ok;

    begin_wait(lane);
    ok = db_lane_run(lane, job, &err);
    if (!ok && err.kind == ZM_ERR_LOST && !db_lane_is_stopping(lane) && connect_view(lane))
        ok = db_lane_run(lane, job, &err);
    db_link_wait_end(link_of(lane));
    if (db_link_is_open(link_of(lane))) {
        publish_rtt(lane);
        db_lane_give_back(lane, job, ok, &err);
        return;
    }
    db_lane_give_back(lane, job, ok, &err);
    if (!ok && err.kind != ZM_ERR_CANCELLED && lane->tries == 0)
        note_loss(lane, &err);
    else if (lane->tries == 0)
        lane->retry_at_ms = zm_now_ms();
}

/* Whether the person asked for a try. */
static bool take_request(struct db_lane *lane)
{
    bool asked;

    pthread_mutex_lock(&lane->lanes->mutex);
    asked = lane->connect;
    lane->connect = false;
    pthread_mutex_unlock(&lane->lanes->mutex);
    return asked;
}

/* Connects when it is due. A first try and one that was asked for show as connecting. */
static void keep_connected(struct db_lane *lane)
{
    bool asked = take_request(lane);
    struct zm_error err;

    if (db_link_is_open(link_of(lane)))
        return;
    if (asked) {
        lane->tries = 0;
        lane->stopped = false;
        publish(lane, DB_CONNECTING, NULL);
    } else if (lane->stopped || zm_now_ms() < lane->retry_at_ms) {
        return;
    }
    if (connect_view(lane))
        return;
    last_error(lane, &err);
    fail_queue(lane, &err);
}

/* A job that comes meanwhile waits for this answer instead of its own. */
static void ask_if_there(struct db_lane *lane)
{
    struct zm_error err;
    bool ok;

    begin_wait(lane);
    ok = db_link_ping(link_of(lane), zm_now_ms() + DB_LANE_SILENT_MS, &err);
    db_link_wait_end(link_of(lane));
    if (ok) {
        publish_rtt(lane);
    } else if (!db_lane_is_stopping(lane)) {
        note_loss(lane, &err);
    }
}

static int64_t due(const struct db_lane *lane)
{
    if (db_link_is_open(link_of(lane)))
        return lane->heard_ms + DB_LANE_PING_MS;
    return lane->stopped ? ZM_NEVER : lane->retry_at_ms;
}

static void wait(struct db_lane *lane)
{
    struct db_link *link = link_of(lane);
    const int sockets[DB_SIDES] = {db_link_socket(link), -1};
    unsigned ready = db_lane_wait(lane, sockets, due(lane));
    struct zm_error err;

    if (!db_link_is_open(link))
        return;
    if (ready && !db_link_idle_check(link, &err))
        note_loss(lane, &err);
    else if (!ready && due(lane) <= zm_now_ms())
        ask_if_there(lane);
}

void *db_lane_view_main(void *arg)
{
    struct db_lane *lane = arg;
    struct db_lanes *lanes = lane->lanes;
    struct db_job *job;

    while (!db_lane_is_stopping(lane)) {
        keep_connected(lane);
        job = db_link_is_open(link_of(lane)) ? db_lane_next(lane) : NULL;
        if (job)
            work(lane, job);
        else
            wait(lane);
    }
    db_link_close(link_of(lane));
    pthread_mutex_lock(&lanes->mutex);
    lane->ended = true;
    pthread_cond_signal(&lanes->ended);
    pthread_mutex_unlock(&lanes->mutex);
    return NULL;
}
