/*
 * Audit records that wait on this machine for ZmartyBrain: counted for the banner, replayed in the
 * write lane as soon as it is back.
 */
#ifndef SCREENS_SPOOL_H
#define SCREENS_SPOOL_H

#include <stdbool.h>

#include "db/side.h"

struct app;
struct db_job;

/* Finds the state directory and counts. Reads the disk. */
void spool_start(struct app *app);
/* Counts again. Reads the disk. */
void spool_count(struct app *app);
/* A side's status changed: replays where Brain is back and something waits. */
void spool_status(struct app *app, enum db_side side);
/* Takes a finished job of this; false: it is somebody else's. The caller drops it. */
bool spool_job_done(struct app *app, struct db_job *job);
/* "1 audit record not yet in ZmartyBrain", in the frame's arena; NULL: none waits. */
const char *spool_banner(struct app *app);

#endif
