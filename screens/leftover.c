/*
 * Looks for test users at the start, by their logins: the lane holds ZmartyBrain only. Those of
 * whom only a trading profile is left are found by `zmartctl check` and on the Checklist.
 */
#include "screens/leftover.h"

#include <limits.h>
#include <stdlib.h>

#include "db/leftovers.h"
#include "screens/app.h"
#include "zm/str.h"

#define OWNER (UINT_MAX - 9) /* no screen has this id */

struct reading {
    struct db_job base;
    const char *pattern; /* of the configuration */
    struct db_leftovers left;
};

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct reading *r = (struct reading *)job;

    return db_leftovers_read(session, r->pattern, &r->left, err);
}

static void drop(struct db_job *job)
{
    struct reading *r = (struct reading *)job;

    db_leftovers_done(&r->left);
    free(r);
}

void leftover_status(struct app *app, enum db_side side)
{
    struct reading *r;

    if (side != DB_BRAIN || app->looked_for_leftovers || !app_is_up(app, DB_BRAIN))
        return;
    app->looked_for_leftovers = true;
    r = zm_calloc(1, sizeof(*r));
    r->base.run = run;
    r->base.drop = drop;
    r->base.owner = OWNER;
    r->pattern = app->conf->registration_email;
    db_lanes_submit(app->lanes, DB_LANE_BRAIN, &r->base);
}

/* What cannot be read here has its own message where it is needed. */
bool leftover_job_done(struct app *app, struct db_job *job)
{
    struct reading *r = (struct reading *)job;

    if (job->owner != OWNER)
        return false;
    if (job->ok && r->left.n > 0)
        app_say(app, MESSAGE_WARN, "%s", db_leftovers_words(&r->left, "C on Check", &app->frame));
    return true;
}
