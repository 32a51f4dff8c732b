/*
 * One change for many users from the console: the dialog of `t`, `X`, `f` and `E` where users are
 * marked. The
 * set is frozen before anything is shown, counted before it may be confirmed, and written batch by
 * batch in the write lane while the dialog shows how far it is.
 */
#ifndef SCREENS_BULK_H
#define SCREENS_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/filter.h"

struct app;
struct db_job;

/* Who is meant. */
struct bulk_who {
    const char (*ids)[37]; /* marked one by one */
    size_t n;
    const struct db_filter *filter; /* and all that match it; NULL: nobody else */
    const char *text;               /* of the filter, for the title */
    bool others;                    /* not all of the marked ones match it */
};

/* Opens the dialog of an action (APP_EDIT_TIER, APP_EDIT_STOP; APP_EDIT_REPAIR makes a plan of
 * them, APP_EXPORT a file); what is given is copied. False: not one of these actions, or nobody is
 * meant.
 */
bool bulk_act(struct app *app, int action, const struct bulk_who *who);

/* ---- for the loop: as in screens/edit.h ---- */

bool bulk_job_done(struct app *app, struct db_job *job);
bool bulk_is_writing(const struct app *app);
void bulk_leave(struct app *app);
void bulk_abandon(struct app *app);
int64_t bulk_deadline(const struct app *app);

#endif
