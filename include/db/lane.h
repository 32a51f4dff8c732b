/*
 * Lanes: worker threads that own their connections and run the very functions that the subcommands
 * call directly. The screen submits a job and goes on; finished jobs are pulled from one queue
 * whose eventfd the loop polls. Nothing is shared but that queue: a job belongs to the lane from
 * submit until it is collected, and its results move with it.
 */
#ifndef DB_LANE_H
#define DB_LANE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/facts.h"
#include "db/link.h"
#include "db/session.h"
#include "zm/error.h"

enum db_lane_id {
    DB_LANE_BRAIN, /* view of Brain: always connected */
    DB_LANE_BOT,   /* view of Bot: always connected */
    DB_LANE_SCAN,  /* both sides; opened on demand, closed when idle */
    DB_LANE_WRITE, /* both sides; opened on demand, closed when idle */
    DB_LANES,
};

struct db_job {
    /* Runs on the lane's thread, with a session whose links are open where they can be. On a view
     * lane it runs once more, from the start, when the connection broke (ZM_ERR_LOST) and could be
     * made again at once: it must not leak what the first run left. */
    bool (*run)(struct db_session *session, struct db_job *job, struct zm_error *err);
    /* Frees the job and what it still owns; called by whoever collected it. */
    void (*drop)(struct db_job *job);
    unsigned owner; /* which screen asked; the application compares it with those still open */
    int tag;        /* the screen's own */
    enum db_lane_id lane; /* filled by submit */
    bool ok;              /* filled by the lane, with err when not */
    struct zm_error err;
    int64_t took_us;
    atomic_bool cancelled; /* run() of a long job looks at it between its steps */
    struct db_job *next;   /* the queue's */
};

struct db_lanes;

/* Starts the threads; the targets outlive them. Signals must be blocked already. The view lanes
 * begin to connect and go on for ever, 1 s to 15 s apart; a refusal (authentication, TLS, identity)
 * stops that. */
struct db_lanes *db_lanes_start(const struct db_target targets[DB_SIDES]);
/* Readable when a job is done or a status changed; read nothing from it. */
int db_lanes_fd(const struct db_lanes *lanes);
/* The job belongs to the lane until it is collected. While its side is DB_RETRY or DB_STOPPED a job
 * of a view lane fails at once with that error; submit it again when the side is DB_UP. */
void db_lanes_submit(struct db_lanes *lanes, enum db_lane_id lane, struct db_job *job);
/* The next finished job, NULL when there is none. Clears the fd. */
struct db_job *db_lanes_collect(struct db_lanes *lanes);
/* The job's result is not wanted: skipped when still queued; a running one sees job->cancelled, and
 * with `hard` its connection is interrupted as well. It is collected all the same. */
void db_lanes_cancel(struct db_lanes *lanes, struct db_job *job, bool hard);
/* A copy of the newest status of a side; true when it changed since the last call. */
bool db_lanes_status(struct db_lanes *lanes, enum db_side side, struct db_status *ret);
/* What a view was asked last has no answer: since when nothing was heard of it; 0: nothing is
 * waited for. It is worth a look when the fd became readable. */
int64_t db_lanes_waits_ms(const struct db_lanes *lanes, enum db_side side);
/* Takes the oldest notice that a server sent beside its answers (what: its severity); false: none.
 */
bool db_lanes_notice(struct db_lanes *lanes, struct zm_error *ret);
/* Connect now: ends a backoff wait, and a stop after an authentication failure. */
void db_lanes_connect(struct db_lanes *lanes, enum db_side side);
/* Asks all threads to end and waits up to wait_ms; a job on the write lane is not interrupted.
 * True: all ended, and everything was freed, jobs included. False: one is stuck (a name look-up, a
 * write between its commits); the caller waits again, or leaves by _exit without touching what they
 * own. */
bool db_lanes_stop(struct db_lanes *lanes, int wait_ms);

#endif
