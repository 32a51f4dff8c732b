/*
 * What the Overview asks: figures by statistics on each side's own lane, so that one side down
 * never delays the other, and exact counts on the scan lane, which can be stopped. Draws nothing.
 */
#include "screens/overview_state.h"

#include <stdlib.h>
#include <string.h>

#include "zm/clock.h"

struct overview_job {
    struct db_job base;
    enum db_side side;
    bool exact;
    const char *const *patterns; /* of the configuration */
    struct db_overview_brain brain;
    struct db_overview_bot bot;
};

static void drop_job(struct db_job *job)
{
    struct overview_job *j = (struct overview_job *)job;

    db_overview_brain_done(&j->brain);
    db_overview_bot_done(&j->bot);
    free(j);
}

static bool run_job(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct overview_job *j = (struct overview_job *)job;
    struct db_link *link = db_session_link(session, j->side);

    if (!link)
        return db_session_away(session, j->side, "read the overview", err);
    db_overview_brain_done(&j->brain); /* of a first run that broke off */
    db_overview_bot_done(&j->bot);
    if (j->side == DB_BRAIN)
        return db_overview_read_brain(link, j->exact, &j->brain, err);
    return db_overview_read_bot(link, j->exact, j->patterns, &j->bot, err);
}

void overview_ask(struct app *app, struct overview *o, enum db_side side, bool exact)
{
    struct overview_read *read = exact ? &o->exact[side] : &o->live[side];
    enum db_lane_id lane = exact ? DB_LANE_SCAN : side == DB_BRAIN ? DB_LANE_BRAIN : DB_LANE_BOT;
    struct overview_job *j;

    if (read->asking || !app_is_up(app, side))
        return;
    j = zm_calloc(1, sizeof(*j));
    j->base.run = run_job;
    j->base.drop = drop_job;
    j->side = side;
    j->exact = exact;
    j->patterns = app->conf->existing_tables;
    read->asking = &j->base;
    read->asked_ms = zm_now_ms();
    app_submit(app, o, lane, &j->base);
}

void overview_load(struct app *app, struct overview *o)
{
    overview_ask(app, o, DB_BRAIN, false);
    overview_ask(app, o, DB_BOT, false);
}

static void take(struct overview *o, struct overview_job *j)
{
    struct db_overview_brain *brain = j->exact ? &o->brain_exact : &o->brain;
    struct db_overview_bot *bot = j->exact ? &o->bot_exact : &o->bot;

    if (j->side == DB_BRAIN) {
        db_overview_brain_done(brain);
        *brain = j->brain;
        memset(&j->brain, 0, sizeof(j->brain));
    } else {
        db_overview_bot_done(bot);
        *bot = j->bot;
        memset(&j->bot, 0, sizeof(j->bot));
    }
}

void overview_take(struct app *app, struct overview *o, struct db_job *job)
{
    struct overview_job *j = (struct overview_job *)job;
    struct overview_read *read = j->exact ? &o->exact[j->side] : &o->live[j->side];

    if (read->asking != job)
        return; /* was stopped */
    read->asking = NULL;
    if (job->ok) {
        read->err.kind = ZM_ERR_NONE;
        read->known = true;
        read->read_ms = zm_now_ms();
        take(o, j);
        return;
    }
    if (job->err.kind == ZM_ERR_CANCELLED)
        return;
    read->err = job->err;
    if (j->exact)
        app_fail(app, &job->err);
}

/* ---- counting ---- */

bool overview_is_counting(const struct overview *o)
{
    return o->exact[DB_BRAIN].asking || o->exact[DB_BOT].asking;
}

void overview_count(struct app *app, struct overview *o)
{
    int side;

    if (overview_is_counting(o))
        return;
    for (side = 0; side < DB_SIDES; side++)
        if (app_is_up(app, (enum db_side)side))
            overview_ask(app, o, (enum db_side)side, true);
        else
            app_say(app, MESSAGE_WARN, "%s is away: not counted", db_side_name((enum db_side)side));
}

void overview_stop(struct app *app, struct overview *o)
{
    int side;

    for (side = DB_SIDES - 1; side >= 0; side--) /* what still waits first */
        if (o->exact[side].asking) {
            db_lanes_cancel(app->lanes, o->exact[side].asking, true);
            o->exact[side].asking = NULL;
        }
    app_say(app, MESSAGE_INFO, "counting stopped; what is shown is of the statistics");
}

/* Back to the statistics of now. */
void overview_refresh(struct app *app, struct overview *o)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (!o->exact[side].asking)
            o->exact[side].known = false;
    overview_load(app, o);
}

/* ---- what a pane shows ---- */

// clang-format off
static const int brain_parts[OVERVIEW_PANES] = {
    [OVERVIEW_TIERS] = DB_OB_TIERS, [OVERVIEW_SIGN_UPS] = DB_OB_SIGN_UPS,
    [OVERVIEW_TRADES] = -1, [OVERVIEW_SYMBOLS] = -1, [OVERVIEW_TABLES] = -1,
};
static const int bot_parts[OVERVIEW_PANES] = {
    [OVERVIEW_TIERS] = DB_OT_TIERS, [OVERVIEW_SIGN_UPS] = -1,
    [OVERVIEW_TRADES] = DB_OT_TRADES, [OVERVIEW_SYMBOLS] = DB_OT_SYMBOLS,
    [OVERVIEW_TABLES] = DB_OT_TABLES,
};
// clang-format on

bool overview_is_exact(const struct overview *o, enum overview_pane pane, enum db_side side)
{
    if (!o->exact[side].known || pane == OVERVIEW_SIGN_UPS || pane == OVERVIEW_TRADES)
        return false;
    return side == DB_BRAIN ? o->brain_exact.part[brain_parts[pane]].ok
                            : o->bot_exact.part[bot_parts[pane]].ok;
}

const struct db_ask *overview_part(const struct overview *o, enum overview_pane pane,
                                   enum db_side side)
{
    int part = side == DB_BRAIN ? brain_parts[pane] : bot_parts[pane];
    bool exact;

    if (part < 0)
        return NULL;
    exact = overview_is_exact(o, pane, side);
    if (!exact && !o->live[side].known)
        return NULL;
    if (side == DB_BRAIN)
        return exact ? &o->brain_exact.part[part] : &o->brain.part[part];
    return exact ? &o->bot_exact.part[part] : &o->bot.part[part];
}

bool overview_is_old(const struct app *app, const struct overview *o, enum db_side side)
{
    return o->live[side].known && (!app_is_up(app, side) || o->live[side].err.kind != ZM_ERR_NONE);
}
