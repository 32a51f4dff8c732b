/*
 * Lanes over a pair of private servers, for tests that stop, freeze and start them under the lanes.
 */
#ifndef SUPPORT_LANES_H
#define SUPPORT_LANES_H

#include "db/lane.h"
#include "support/cluster.h"

struct rig {
    struct cluster cluster[DB_SIDES];
    struct db_option options[DB_SIDES][4];
    struct db_target targets[DB_SIDES];
    struct db_lanes *lanes; /* NULL: not started */
};

/* Group and test fixtures of cmocka. A test changes the targets before it starts the lanes. */
int lanes_start_rig(void **state);
int lanes_stop_rig(void **state);
int lanes_prepare(void **state);
int lanes_stop(void **state);

/* Starts the lanes and waits until both sides are up. */
void lanes_start_up(struct rig *rig);
/* Waits until a side is in a state. */
void lanes_await(struct rig *rig, enum db_side side, enum db_state state, int within_ms,
                 struct db_status *ret);

/* A job that reads one row over a link it was given. */
struct work {
    struct db_job job;
    const struct rig *rig;
    void (*before)(struct work *work); /* in the thread, at the first run */
    int runs, links;
};

struct work *lanes_submit(struct rig *rig, enum db_lane_id lane, void (*before)(struct work *));
/* The next job that comes back; the caller frees it. */
struct work *lanes_collect(struct rig *rig, int within_ms);

#endif
