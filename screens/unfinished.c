/*
 * The list of unfinished writes. What finishes or reverses one is edit_finish.c.
 */
#include "screens/unfinished.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "db/journal.h"
#include "screens/app.h"

#define OWNER (UINT_MAX - 7) /* no screen has this id */

struct reading {
    struct db_job base;
    struct db_rows rows;
};

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    static const struct db_journal_filter open = {.open = true};
    struct reading *r = (struct reading *)job;

    return db_journal_page(session->link[DB_BRAIN], &open, NULL, UNFINISHED_MAX, &r->rows, err);
}

static void drop(struct db_job *job)
{
    struct reading *r = (struct reading *)job;

    db_rows_done(&r->rows);
    free(r);
}

void unfinished_read(struct app *app)
{
    struct reading *r;

    if (app->unfinished.asking || !app_is_up(app, DB_BRAIN))
        return;
    r = zm_calloc(1, sizeof(*r));
    r->base.run = run;
    r->base.drop = drop;
    r->base.owner = OWNER;
    app->unfinished.asking = true;
    db_lanes_submit(app->lanes, DB_LANE_BRAIN, &r->base);
}

void unfinished_status(struct app *app, enum db_side side)
{
    if (side == DB_BRAIN)
        unfinished_read(app);
}

/* An older journal, or one that may not be read, has its own message where it is looked for. */
bool unfinished_job_done(struct app *app, struct db_job *job)
{
    struct reading *r = (struct reading *)job;
    struct unfinished *u = &app->unfinished;

    if (job->owner != OWNER)
        return false;
    u->asking = false;
    if (!job->ok)
        return true;
    app->dirty = app->dirty || u->rows.n > 0 || r->rows.n > 0;
    db_rows_done(&u->rows);
    u->rows = r->rows;
    memset(&r->rows, 0, sizeof(r->rows));
    if (u->rows.n > 0 && !u->said)
        app_say(app, MESSAGE_WARN, "%s: f there finishes, u reverses", unfinished_banner(app));
    u->said = u->rows.n > 0;
    return true;
}

void unfinished_done(struct app *app)
{
    db_rows_done(&app->unfinished.rows);
}

const char *unfinished_banner(struct app *app)
{
    size_t n = app->unfinished.rows.n;

    if (n == 0)
        return NULL;
    return zm_arena_printf(&app->frame, "%zu%s unfinished write%s, see Health", n,
                           n == UNFINISHED_MAX ? " or more" : "", n == 1 ? "" : "s");
}
