/*
 * What the lanes consist of. For db/lane*.c only. Everything in here is guarded by the mutex but
 * what says that it belongs to the thread.
 */
#ifndef DB_LANE_WORK_H
#define DB_LANE_WORK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/lane.h"

#define DB_LANES_NOTICES 32
#define DB_LANE_RETRY_MS 1000 /* the first wait before another try; doubled each time */
#define DB_LANE_RETRY_MAX 15000
/* A view that has heard nothing for so long asks whether its server is still there: what hangs is
 * seen on every screen, as "no answer" within 6 s and as lost within 9 s. A line that is only slow,
 * and a pooler that lets it wait for a turn, have time enough. */
#define DB_LANE_PING_MS 3000
#define DB_LANE_SILENT_MS 6000
#define DB_LANE_IDLE_MS 60000 /* a pair of connections that nobody uses is closed */

struct db_queue {
    struct db_job *head, *tail;
};

struct db_lane {
    struct db_lanes *lanes;
    enum db_lane_id id;
    pthread_t thread;
    bool started, ended;
    int wake_fd; /* readable: look at the queue, at connect and at stopping */
    struct db_queue queue;
    struct db_job *running;
    bool connect;              /* the person asked for a try now */
    struct db_session session; /* the thread's; the links live as long as the lane, so that they can
                                  be cancelled from outside */
    int64_t retry_at_ms;       /* the thread's, and what follows */
    int64_t heard_ms;          /* a view's server last answered */
    int tries;
    bool stopped;
};

struct db_lanes {
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    int fd;
    bool stopping;
    struct db_queue done;
    struct db_status status[DB_SIDES];
    bool changed[DB_SIDES];
    struct zm_error notice[DB_LANES_NOTICES];
    size_t n_notices;
    struct db_lane lane[DB_LANES];
};

/* The threads: view lanes hold one link, pair lanes (scan, write) both. */
void *db_lane_view_main(void *lane);
void *db_lane_pair_main(void *lane);

/* With the mutex held. */
void db_lane_push(struct db_queue *queue, struct db_job *job);
struct db_job *db_lane_pop(struct db_queue *queue);
void db_lane_finish(struct db_lanes *lanes, struct db_job *job, bool ok,
                    const struct zm_error *err);
void db_lane_signal(struct db_lanes *lanes);

/* Without it. Take a job to run; NULL when there is none or it is time to end. */
struct db_job *db_lane_next(struct db_lane *lane);
/* Runs it; *err as the job left it. */
bool db_lane_run(struct db_lane *lane, struct db_job *job, struct zm_error *err);
/* Gives it back, and takes the notices of the links. */
void db_lane_give_back(struct db_lane *lane, struct db_job *job, bool ok,
                       const struct zm_error *err);
bool db_lane_is_stopping(const struct db_lane *lane);
/* Waits for the wake eventfd, and for sockets[0..1] (-1: none). Which of them has something: bit i.
 */
unsigned db_lane_wait(struct db_lane *lane, const int sockets[DB_SIDES], int64_t deadline_ms);

#endif
