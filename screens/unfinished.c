/*
 * The list of unfinished writes: Brain's journal names them, Bot's rows tell which were written
 * there all the same. What finishes or reverses one is edit_finish.c.
 */
#include "screens/unfinished.h"

#include <stdlib.h>
#include <string.h>

#include "db/journal.h"
#include "screens/app.h"
#include "zm/str.h"

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

/* ---- which leg is missing ---- */

struct judged {
    char request[37], subject[37], prev[65], token[65];
    bool has_prev, has_token;
    unsigned char leg;
};

struct judging {
    struct db_job base;
    size_t n;
    struct judged row[UNFINISHED_MAX];
};

/* What cannot be judged stays unknown and holds the others up no longer than a round trip. */
static bool run_judge(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct judging *j = (struct judging *)job;
    size_t i;

    for (i = 0; i < j->n; i++) {
        struct judged *d = &j->row[i];
        const struct db_journal_row row = {.subject = d->subject,
                                           .bot_prev = d->has_prev ? d->prev : NULL,
                                           .bot_token = d->has_token ? d->token : NULL};
        enum db_open_state state;

        if (db_journal_judge_open(session, &row, &state, err))
            d->leg = (unsigned char)(state + 1);
        else if (err->kind == ZM_ERR_LOST)
            return false;
    }
    return true;
}

static void drop_judge(struct db_job *job)
{
    free(job);
}

static void judge(struct app *app)
{
    const struct db_rows *rows = &app->unfinished.rows;
    struct judging *j;
    size_t i;

    if (rows->n == 0 || !app_is_up(app, DB_BOT))
        return;
    j = zm_calloc(1, sizeof(*j));
    j->base.run = run_judge;
    j->base.drop = drop_judge;
    j->base.owner = APP_OWNER_UNFINISHED_LEG;
    for (i = 0; i < rows->n; i++) {
        const struct db_journal_row *row = DB_ROW(rows, struct db_journal_row, i);
        struct judged *d = &j->row[j->n];

        if (!row->subject || !zm_is_uuid(row->subject))
            continue; /* not one of ours */
        zm_copy(d->request, sizeof(d->request), row->id);
        zm_copy(d->subject, sizeof(d->subject), row->subject);
        zm_copy(d->prev, sizeof(d->prev), zm_text(row->bot_prev));
        zm_copy(d->token, sizeof(d->token), zm_text(row->bot_token));
        d->has_prev = row->bot_prev != NULL;
        d->has_token = row->bot_token != NULL;
        j->n++;
    }
    if (j->n > 0)
        db_lanes_submit(app->lanes, DB_LANE_BOT, &j->base);
    else
        free(j);
}

static long find(const struct app *app, const char *request)
{
    const struct db_rows *rows = &app->unfinished.rows;
    size_t i;

    for (i = 0; i < rows->n; i++)
        if (zm_streq(DB_ROW(rows, struct db_journal_row, i)->id, request))
            return (long)i;
    return -1;
}

static void take_judged(struct app *app, const struct judging *j)
{
    size_t i;

    for (i = 0; i < j->n; i++) {
        long at = find(app, j->row[i].request);

        if (at >= 0)
            app->unfinished.leg[at] = j->row[i].leg;
    }
    app->dirty = app->dirty || j->n > 0;
}

const char *unfinished_leg(const struct app *app, const char *request)
{
    /* clang-format off */
    static const char *const texts[] = {
        "ZmartyBrain done, ZmartBot not known",
        [DB_OPEN_DONE + 1]      = "ZmartyBrain done, ZmartBot done, only the end is not recorded",
        [DB_OPEN_NOT_DONE + 1]  = "ZmartyBrain done, ZmartBot NOT done",
        [DB_OPEN_OVERTAKEN + 1] = "ZmartyBrain done, ZmartBot changed by others since",
        [DB_OPEN_NO_ROW + 1]    = "ZmartyBrain done, no such row in ZmartBot",
    };
    /* clang-format on */
    long at = find(app, request);

    return at < 0 ? NULL : texts[app->unfinished.leg[at]];
}

/* ---- which one is meant ---- */

long unfinished_at(const struct app *app)
{
    long at = find(app, app->unfinished.at);

    return at >= 0 ? at : app->unfinished.rows.n > 0 ? 0 : -1;
}

void unfinished_choose_next(struct app *app)
{
    const struct db_rows *rows = &app->unfinished.rows;
    long at = unfinished_at(app);

    if (at >= 0)
        zm_copy(app->unfinished.at, sizeof(app->unfinished.at),
                DB_ROW(rows, struct db_journal_row, ((size_t)at + 1) % rows->n)->id);
}

/* ---- the list ---- */

void unfinished_read(struct app *app)
{
    struct reading *r;

    if (app->unfinished.asking || !app_is_up(app, DB_BRAIN))
        return;
    r = zm_calloc(1, sizeof(*r));
    r->base.run = run;
    r->base.drop = drop;
    r->base.owner = APP_OWNER_UNFINISHED;
    app->unfinished.asking = true;
    db_lanes_submit(app->lanes, DB_LANE_BRAIN, &r->base);
}

void unfinished_status(struct app *app, enum db_side side)
{
    if (side == DB_BRAIN)
        unfinished_read(app);
    else if (app_is_up(app, DB_BOT))
        judge(app);
    else
        memset(app->unfinished.leg, 0, sizeof(app->unfinished.leg));
}

/* An older journal, or one that may not be read, has its own message where it is looked for. */
bool unfinished_job_done(struct app *app, struct db_job *job)
{
    struct reading *r = (struct reading *)job;
    struct unfinished *u = &app->unfinished;

    if (job->owner == APP_OWNER_UNFINISHED_LEG)
        take_judged(app, (const struct judging *)job);
    if (job->owner != APP_OWNER_UNFINISHED)
        return job->owner == APP_OWNER_UNFINISHED_LEG;
    u->asking = false;
    if (!job->ok)
        return true;
    app->dirty = app->dirty || u->rows.n > 0 || r->rows.n > 0;
    db_rows_done(&u->rows);
    u->rows = r->rows;
    memset(&r->rows, 0, sizeof(r->rows));
    memset(u->leg, 0, sizeof(u->leg));
    judge(app);
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
