/*
 * What both kinds of lane threads do: take a job, run it, give it back, wait.
 */
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>

#include "db/lane_work.h"
#include "zm/clock.h"

void db_lane_push(struct db_queue *queue, struct db_job *job)
{
    job->next = NULL;
    if (queue->tail)
        queue->tail->next = job;
    else
        queue->head = job;
    queue->tail = job;
}

struct db_job *db_lane_pop(struct db_queue *queue)
{
    struct db_job *job = queue->head;

    if (!job)
        return NULL;
    queue->head = job->next;
    if (!queue->head)
        queue->tail = NULL;
    job->next = NULL;
    return job;
}

void db_lane_signal(struct db_lanes *lanes)
{
    eventfd_write(lanes->fd, 1);
}

void db_lane_finish(struct db_lanes *lanes, struct db_job *job, bool ok, const struct zm_error *err)
{
    job->ok = ok;
    if (ok)
        memset(&job->err, 0, sizeof(job->err));
    else
        job->err = *err;
    db_lane_push(&lanes->done, job);
    db_lane_signal(lanes);
}

struct db_job *db_lane_next(struct db_lane *lane)
{
    struct db_lanes *lanes = lane->lanes;

    pthread_mutex_lock(&lanes->mutex);
    lane->running = lanes->stopping ? NULL : db_lane_pop(&lane->queue);
    pthread_mutex_unlock(&lanes->mutex);
    return lane->running;
}

bool db_lane_run(struct db_lane *lane, struct db_job *job, struct zm_error *err)
{
    int64_t begin = zm_now_us();
    bool ok;

    memset(err, 0, sizeof(*err));
    ok = job->run(&lane->session, job, err);
    job->took_us = zm_now_us() - begin;
    return ok;
}

static void take_notices(struct db_lane *lane)
{
    struct db_lanes *lanes = lane->lanes;
    struct zm_error notice;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        while (lane->session.link[side] && db_link_notice(lane->session.link[side], &notice)) {
            if (lanes->n_notices == DB_LANES_NOTICES) {
                memmove(lanes->notice, lanes->notice + 1,
                        sizeof(lanes->notice) - sizeof(lanes->notice[0]));
                lanes->n_notices--;
            }
            lanes->notice[lanes->n_notices++] = notice;
        }
    }
}

/* A cancel is meant for the job that runs; once it is given back none can come, and what came is
 * over. */
void db_lane_give_back(struct db_lane *lane, struct db_job *job, bool ok,
                       const struct zm_error *err)
{
    struct db_lanes *lanes = lane->lanes;
    int side;

    pthread_mutex_lock(&lanes->mutex);
    lane->running = NULL;
    take_notices(lane);
    for (side = 0; side < DB_SIDES; side++)
        if (lane->session.link[side] && !lanes->stopping)
            db_link_rearm(lane->session.link[side]);
    db_lane_finish(lanes, job, ok, err);
    pthread_mutex_unlock(&lanes->mutex);
}

bool db_lane_is_stopping(const struct db_lane *lane)
{
    struct db_lanes *lanes = lane->lanes;
    bool stopping;

    pthread_mutex_lock(&lanes->mutex);
    stopping = lanes->stopping;
    pthread_mutex_unlock(&lanes->mutex);
    return stopping;
}

unsigned db_lane_wait(struct db_lane *lane, const int sockets[DB_SIDES], int64_t deadline_ms)
{
    struct pollfd fds[1 + DB_SIDES] = {{.fd = lane->wake_fd, .events = POLLIN}};
    unsigned ready = 0;
    eventfd_t n;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        fds[1 + i] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
    if (poll(fds, 1 + DB_SIDES, zm_poll_wait(deadline_ms)) <= 0)
        return 0;
    if (fds[0].revents)
        eventfd_read(lane->wake_fd, &n);
    for (i = 0; i < DB_SIDES; i++)
        ready |= fds[1 + i].revents ? 1u << i : 0;
    return ready;
}
