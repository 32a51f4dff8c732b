/*
 * The lanes as the application sees them: submit, collect, cancel, status. What the threads do is
 * in lane_view and lane_pair.
 */
#include "db/lane.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "db/lane_work.h"
#include "zm/arena.h"
#include "zm/clock.h"

static bool is_view(enum db_lane_id id)
{
    return id == DB_LANE_BRAIN || id == DB_LANE_BOT;
}

static void init_lane(struct db_lanes *lanes, enum db_lane_id id,
                      const struct db_target targets[DB_SIDES])
{
    struct db_lane *lane = &lanes->lane[id];
    int side;

    lane->lanes = lanes;
    lane->id = id;
    lane->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (side = 0; side < DB_SIDES; side++)
        if (!is_view(id) || (int)id == side)
            lane->session.link[side] = db_link_new(&targets[side]);
}

static void init_sync(struct db_lanes *lanes)
{
    pthread_condattr_t attr;

    pthread_mutex_init(&lanes->mutex, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&lanes->ended, &attr);
    pthread_condattr_destroy(&attr);
}

struct db_lanes *db_lanes_start(const struct db_target targets[DB_SIDES])
{
    struct db_lanes *lanes = zm_calloc(1, sizeof(*lanes));
    int i;

    init_sync(lanes);
    lanes->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (i = 0; i < DB_SIDES; i++) {
        lanes->status[i].side = (enum db_side)i;
        lanes->status[i].state = DB_CONNECTING;
        lanes->status[i].since_ms = zm_now_ms();
        lanes->status[i].rtt_ms = -1;
        lanes->changed[i] = true;
    }
    for (i = 0; i < DB_LANES; i++)
        init_lane(lanes, (enum db_lane_id)i, targets);
    pthread_mutex_lock(&lanes->mutex);
    for (i = 0; i < DB_LANES; i++)
        lanes->lane[i].started =
            pthread_create(&lanes->lane[i].thread, NULL,
                           is_view((enum db_lane_id)i) ? db_lane_view_main : db_lane_pair_main,
                           &lanes->lane[i]) == 0;
    db_lane_signal(lanes);
    pthread_mutex_unlock(&lanes->mutex);
    return lanes;
}

int db_lanes_fd(const struct db_lanes *lanes)
{
    return lanes->fd;
}

void db_lanes_submit(struct db_lanes *lanes, enum db_lane_id id, struct db_job *job)
{
    const struct zm_error no_thread = {.kind = ZM_ERR_SYSTEM, .message = "no thread is left"};
    struct db_lane *lane = &lanes->lane[id];
    const struct db_status *status = is_view(id) ? &lanes->status[id] : NULL;

    pthread_mutex_lock(&lanes->mutex);
    job->lane = id;
    job->ok = false;
    if (!lane->started) {
        db_lane_finish(lanes, job, false, &no_thread);
    } else if (status && (status->state == DB_RETRY || status->state == DB_STOPPED)) {
        db_lane_finish(lanes, job, false, &status->err);
    } else {
        db_lane_push(&lane->queue, job);
        eventfd_write(lane->wake_fd, 1);
    }
    pthread_mutex_unlock(&lanes->mutex);
}

/* The eventfd stays readable until everything it stands for was taken. */
static void settle(struct db_lanes *lanes)
{
    eventfd_t n;

    if (!lanes->done.head && !lanes->changed[DB_BRAIN] && !lanes->changed[DB_BOT])
        eventfd_read(lanes->fd, &n);
}

struct db_job *db_lanes_collect(struct db_lanes *lanes)
{
    struct db_job *job;

    pthread_mutex_lock(&lanes->mutex);
    job = db_lane_pop(&lanes->done);
    settle(lanes);
    pthread_mutex_unlock(&lanes->mutex);
    return job;
}

/* Takes a job out of the queue it waits in; false: it is not there. */
static bool take_out(struct db_queue *queue, const struct db_job *job)
{
    struct db_job *before = NULL, *at;

    for (at = queue->head; at && at != job; at = at->next)
        before = at;
    if (!at)
        return false;
    if (before)
        before->next = at->next;
    else
        queue->head = at->next;
    if (queue->tail == at)
        queue->tail = before;
    return true;
}

void db_lanes_cancel(struct db_lanes *lanes, struct db_job *job, bool hard)
{
    const struct zm_error cancelled = {.kind = ZM_ERR_CANCELLED, .message = "cancelled"};
    struct db_lane *lane = &lanes->lane[job->lane];
    int side;

    pthread_mutex_lock(&lanes->mutex);
    atomic_store(&job->cancelled, true);
    if (take_out(&lane->queue, job)) {
        db_lane_finish(lanes, job, false, &cancelled);
    } else if (lane->running == job && hard) {
        for (side = 0; side < DB_SIDES; side++)
            if (lane->session.link[side])
                db_link_cancel(lane->session.link[side]);
    }
    pthread_mutex_unlock(&lanes->mutex);
}

bool db_lanes_status(struct db_lanes *lanes, enum db_side side, struct db_status *ret)
{
    bool changed;

    pthread_mutex_lock(&lanes->mutex);
    *ret = lanes->status[side];
    changed = lanes->changed[side];
    lanes->changed[side] = false;
    settle(lanes);
    pthread_mutex_unlock(&lanes->mutex);
    return changed;
}

int64_t db_lanes_waits_ms(const struct db_lanes *lanes, enum db_side side)
{
    return db_link_waits_ms(lanes->lane[side].session.link[side]);
}

bool db_lanes_notice(struct db_lanes *lanes, struct zm_error *ret)
{
    bool found;

    pthread_mutex_lock(&lanes->mutex);
    found = lanes->n_notices > 0;
    if (found) {
        *ret = lanes->notice[0];
        lanes->n_notices--;
        memmove(lanes->notice, lanes->notice + 1, lanes->n_notices * sizeof(lanes->notice[0]));
    }
    pthread_mutex_unlock(&lanes->mutex);
    return found;
}

void db_lanes_connect(struct db_lanes *lanes, enum db_side side)
{
    struct db_lane *lane = &lanes->lane[side];

    pthread_mutex_lock(&lanes->mutex);
    lane->connect = true;
    eventfd_write(lane->wake_fd, 1);
    pthread_mutex_unlock(&lanes->mutex);
}

static void ask_to_end(struct db_lane *lane)
{
    int side;

    if (lane->running)
        atomic_store(&lane->running->cancelled, true);
    for (side = 0; side < DB_SIDES; side++)
        if (lane->session.link[side] && lane->id != DB_LANE_WRITE)
            db_link_cancel(lane->session.link[side]);
    eventfd_write(lane->wake_fd, 1);
}

static bool all_ended(const struct db_lanes *lanes)
{
    int i;

    for (i = 0; i < DB_LANES; i++)
        if (lanes->lane[i].started && !lanes->lane[i].ended)
            return false;
    return true;
}

static void drop_all(struct db_queue *queue)
{
    struct db_job *job;

    while ((job = db_lane_pop(queue)))
        if (job->drop)
            job->drop(job);
}

static void free_lanes(struct db_lanes *lanes)
{
    int i;

    for (i = 0; i < DB_LANES; i++) {
        struct db_lane *lane = &lanes->lane[i];

        if (lane->started)
            pthread_join(lane->thread, NULL);
        drop_all(&lane->queue);
        db_session_close(&lane->session);
        close(lane->wake_fd);
    }
    drop_all(&lanes->done);
    close(lanes->fd);
    pthread_cond_destroy(&lanes->ended);
    pthread_mutex_destroy(&lanes->mutex);
    free(lanes);
}

bool db_lanes_stop(struct db_lanes *lanes, int wait_ms)
{
    struct timespec until;
    bool ended;
    int i, rc = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&lanes->mutex);
    lanes->stopping = true;
    for (i = 0; i < DB_LANES; i++)
        ask_to_end(&lanes->lane[i]);
    while (!(ended = all_ended(lanes)) && rc == 0)
        rc = pthread_cond_timedwait(&lanes->ended, &lanes->mutex, &until);
    pthread_mutex_unlock(&lanes->mutex);
    if (ended)
        free_lanes(lanes);
    return ended;
}
