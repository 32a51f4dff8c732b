/*
 * Test users that live tests of the checklist have left behind: looked for once, when ZmartyBrain
 * comes up, and said with how to remove them. What removes them is the Checklist's.
 */
#ifndef SCREENS_LEFTOVER_H
#define SCREENS_LEFTOVER_H

#include <stdbool.h>

#include "db/side.h"

struct app;
struct db_job;

/* A side's status changed. */
void leftover_status(struct app *app, enum db_side side);
/* Takes its finished job; false: it is somebody else's. The caller drops it. */
bool leftover_job_done(struct app *app, struct db_job *job);

#endif
