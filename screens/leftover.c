/*
 * Looks for test users at the start: on ZmartyBrain's lane by their logins, then on ZmartBot's for
 * those of whom only a trading profile is left. What was found is said once, and asked about once.
 */
#include "screens/leftover.h"

#include <stdlib.h>
#include <string.h>

#include "db/leftovers.h"
#include "screens/app.h"
#include "screens/check_clean.h"
#include "zm/str.h"

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

static bool run_bot(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct reading *r = (struct reading *)job;

    return db_leftovers_read_bot(session, r->pattern, &r->left, err);
}

static void drop(struct db_job *job)
{
    struct reading *r = (struct reading *)job;

    db_leftovers_done(&r->left);
    free(r);
}

static struct reading *new_reading(struct app *app)
{
    struct reading *r = zm_calloc(1, sizeof(*r));

    r->base.run = run;
    r->base.drop = drop;
    r->base.owner = APP_OWNER_LEFTOVER;
    r->pattern = app->conf->registration_email;
    return r;
}

void leftover_status(struct app *app, enum db_side side)
{
    if (side != DB_BRAIN || app->leftover.looked || !app_is_up(app, DB_BRAIN))
        return;
    app->leftover.looked = true;
    db_lanes_submit(app->lanes, DB_LANE_BRAIN, &new_reading(app)->base);
}

/* With what ZmartyBrain has on to ZmartBot, which answers at once when it is away. */
static void go_on(struct app *app, struct reading *done)
{
    struct reading *r = new_reading(app);

    r->base.run = run_bot;
    r->left = done->left;
    memset(&done->left, 0, sizeof(done->left));
    db_lanes_submit(app->lanes, DB_LANE_BOT, &r->base);
}

void leftover_ask(struct app *app)
{
    struct leftover *l = &app->leftover;

    if (l->asked || l->left.n == 0 || app->overlay || !guard_is_open(app) || guard_is_final(app))
        return;
    l->asked = true;
    check_clean_ask(app, &l->left);
}

/* Whoever has pressed a key is busy: no dialog gets in his way, the line tells him. */
static void found(struct app *app, struct reading *r)
{
    app_say(app, MESSAGE_WARN, "%s", db_leftovers_words(&r->left, "C on Check", &app->frame));
    app->leftover.left = r->left;
    memset(&r->left, 0, sizeof(r->left));
    if (!app->touched)
        leftover_ask(app);
}

/* What cannot be read here has its own message where it is needed. */
bool leftover_job_done(struct app *app, struct db_job *job)
{
    struct reading *r = (struct reading *)job;

    if (job->owner != APP_OWNER_LEFTOVER)
        return false;
    if (job->lane == DB_LANE_BRAIN && job->ok)
        go_on(app, r);
    else if (r->left.n > 0)
        found(app, r);
    return true;
}

void leftover_done(struct app *app)
{
    db_leftovers_done(&app->leftover.left);
}
