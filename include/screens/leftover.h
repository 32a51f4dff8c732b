/*
 * Test users that live tests of the checklist have left behind: looked for once, when ZmartyBrain
 * comes up, said, and asked about where writing is allowed. Who has pressed a key by then is about
 * something else, and is asked when he opens the Checklist. What removes them is the Checklist's.
 */
#ifndef SCREENS_LEFTOVER_H
#define SCREENS_LEFTOVER_H

#include <stdbool.h>

#include "db/leftovers.h"
#include "db/side.h"

struct app;
struct db_job;

struct leftover {
    bool looked, asked;
    struct db_leftovers left; /* those that have not been asked about yet */
};

/* A side's status changed. */
void leftover_status(struct app *app, enum db_side side);
/* Takes its finished job; false: it is somebody else's. The caller drops it. */
bool leftover_job_done(struct app *app, struct db_job *job);
/* Asks whether they are to be removed, once, where there are some and writing needs no unlocking.
 */
void leftover_ask(struct app *app);
void leftover_done(struct app *app);

#endif
