/*
 * Writes that were begun and whose end is not known: intents of the journal without a result. Read
 * when Brain comes up, after every write and when Health is shown; said once, listed on Health.
 */
#ifndef SCREENS_UNFINISHED_H
#define SCREENS_UNFINISHED_H

#include <stdbool.h>
#include <stddef.h>

#include "db/rows.h"
#include "db/side.h"

struct app;
struct db_job;

#define UNFINISHED_MAX 20

struct unfinished {
    struct db_rows rows; /* struct db_journal_row, newest first */
    bool asking, said;
    /* What ZmartBot says about each: enum db_open_state and 1; 0: not known. */
    unsigned char leg[UNFINISHED_MAX];
    char at[37]; /* the request that is chosen; another, or "": the first */
};

/* Reads them again, when Brain is up. */
void unfinished_read(struct app *app);
/* The one that is chosen, to be finished or reversed; -1: there is none. */
long unfinished_at(const struct app *app);
void unfinished_choose_next(struct app *app);
/* "ZmartyBrain done, ZmartBot NOT done" of a request in the list; NULL: it is not in it. */
const char *unfinished_leg(const struct app *app, const char *request);
/* A side's status changed. */
void unfinished_status(struct app *app, enum db_side side);
/* Takes a finished job of this; false: it is somebody else's. The caller drops it. */
bool unfinished_job_done(struct app *app, struct db_job *job);
void unfinished_done(struct app *app);
/* "2 unfinished writes: 4 Health", in the frame's arena; NULL: there is none. */
const char *unfinished_banner(struct app *app);

#endif
