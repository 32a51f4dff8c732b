/*
 * The spool as the console sees it. What a record is, and that a replay writes it once, is db's.
 */
#include "screens/spool.h"

#include <stdlib.h>

#include "db/spool.h"
#include "screens/app.h"
#include "zm/str.h"

struct replay {
    struct db_job base;
    struct db_spool spool;
    size_t replayed, bad;
};

void spool_start(struct app *app)
{
    memset(&app->spool, 0, sizeof(app->spool));
    if (conf_state_path(app->conf, "spool"))
        zm_copy(app->spool.directory, sizeof(app->spool.directory), app->conf->state_dir);
    spool_count(app);
}

void spool_count(struct app *app)
{
    app->spooled = app->spool.directory[0] ? db_spool_count(&app->spool) : 0;
}

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct replay *r = (struct replay *)job;
    struct db_link *brain = db_session_link(session, DB_BRAIN);

    if (!brain)
        return db_session_away(session, DB_BRAIN, "bring the journal's rows", err);
    return db_spool_replay(&r->spool, brain, &r->replayed, &r->bad, err);
}

static void drop(struct db_job *job)
{
    free(job);
}

void spool_status(struct app *app, enum db_side side)
{
    struct replay *r;

    if (side != DB_BRAIN || !app_is_up(app, DB_BRAIN) || app->replaying || app->spooled == 0 ||
        guard_is_final(app))
        return;
    r = zm_calloc(1, sizeof(*r));
    r->base.run = run;
    r->base.drop = drop;
    r->base.owner = APP_OWNER_SPOOL;
    r->spool = app->spool;
    app->replaying = true;
    db_lanes_submit(app->lanes, DB_LANE_WRITE, &r->base);
}

bool spool_job_done(struct app *app, struct db_job *job)
{
    const struct replay *r = (const struct replay *)job;
    size_t waited;

    if (job->owner != APP_OWNER_SPOOL)
        return false;
    waited = app->spooled;
    app->replaying = false;
    app->dirty = true;
    spool_count(app);
    if (!job->ok)
        app_fail(app, &job->err);
    if (waited > app->spooled && r->replayed > 0) /* it counts lines: a result is one of its own */
        app_say(app, MESSAGE_INFO, "%zu audit record%s written to ZmartyBrain",
                waited - app->spooled, waited - app->spooled == 1 ? " was" : "s were");
    if (r->bad > 0)
        app_say(app, MESSAGE_ERROR, "%zu record%s of the spool could not be read: put aside in %s",
                r->bad, r->bad == 1 ? "" : "s", app->spool.directory);
    return true;
}

const char *spool_banner(struct app *app)
{
    if (app->spooled == 0)
        return NULL;
    return zm_arena_printf(&app->frame, "%zu audit record%s not yet in ZmartyBrain", app->spooled,
                           app->spooled == 1 ? "" : "s");
}
