/*
 * The bulk dialog's work in the lanes: collecting who matches a filter, counting, and one batch
 * after the other. Each job is short, so that pause and stop are heard between two of them.
 */
#include "screens/bulk_state.h"

#include <stdlib.h>

#include "screens/json_user.h"
#include "zm/clock.h"
#include "zm/str.h"

#define SLICE_MS 100 /* how long a job reads before it reports */

/* ---- what is heard of single users ---- */

static const char *name_of(const char *id, const struct db_user *user)
{
    const char *email = user ? json_user_email(user) : NULL;

    return email ? email : id;
}

static void name_one(struct bulk_work *w, const char *id, const struct db_user *user,
                     const char *message)
{
    if (w->n_named < BULK_NAMED)
        snprintf(w->named[w->n_named++], BULK_SAID, "%.70s: %.140s", name_of(id, user), message);
}

/* "ana@example.com   enterprise -> pro, API off": one line where it can be. */
static void show_one(struct bulk_work *w, const char *id, const struct db_user *user,
                     const struct db_now *now, const struct db_decision *decision)
{
    static const enum db_item flags[] = {DB_ITEM_TRADING, DB_ITEM_API};
    const char *before = now->values.text[DB_ITEM_TIER];
    char *text = w->shown[w->n_shown++];
    size_t n = (size_t)snprintf(text, BULK_SAID, "%-28.60s", name_of(id, user)), i;
    const char *comma = " ";

    if (decision->set[DB_ITEM_TIER]) {
        n += (size_t)snprintf(text + n, BULK_SAID - n, " %.20s -> %.20s", before ? before : "NULL",
                              decision->to[DB_ITEM_TIER]);
        comma = ", ";
    }
    for (i = 0; i < ZM_COUNT(flags); i++)
        if (decision->set[flags[i]]) {
            n += (size_t)snprintf(text + n, BULK_SAID - n, "%s%s %s", comma,
                                  db_item_row(flags[i])->title,
                                  zm_streq(decision->to[flags[i]], "true") ? "on" : "off");
            comma = ", ";
        }
    if (decision->create_trader)
        snprintf(text + n, BULK_SAID - n, "%strading profile created", comma);
}

static void see(void *context, const char *id, const struct db_user *user, const struct db_now *now,
                const struct db_decision *decision)
{
    struct bulk_work *w = context;

    if (decision->result != DB_RESULT_DONE)
        name_one(w, id, user, decision->message);
    else if ((decision->write_brain || decision->write_bot) && w->n_shown < BULK_SHOWN)
        show_one(w, id, user, now, decision);
}

static void take(void *context, const struct db_edit *edit, const struct db_user *user,
                 const struct db_written *written)
{
    if (written->result != DB_RESULT_DONE)
        name_one(context, edit->user_id, user, written->message);
}

/* ---- in the lane ---- */

/* With a side away a filter would match whoever is not known: then there is no set. */
static bool need_both(struct db_session *session, struct zm_error *err)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (!db_session_link(session, (enum db_side)side))
            return db_session_away(session, (enum db_side)side, "find the users", err);
    return true;
}

static bool collect(struct bulk_work *w, struct db_session *session, const struct db_job *job,
                    struct zm_error *err)
{
    int64_t until = zm_now_ms() + SLICE_MS;

    while (!w->walk.done && zm_now_ms() < until && !atomic_load(&job->cancelled)) {
        struct db_page page;
        bool ok = true;
        size_t i;

        memset(&page, 0, sizeof(page));
        if (!need_both(session, err) ||
            !db_users_walk(session, &w->filter, false, w->terms.policy, &w->walk, &page, err))
            return false;
        for (i = 0; ok && i < page.n; i++)
            ok = db_idset_add(w->set, page.users[i].id, err);
        db_page_done(&page);
        if (!ok)
            return false;
    }
    return !w->walk.done || db_idset_freeze(w->set, err);
}

static bool count(struct bulk_work *w, struct db_session *session, const struct db_job *job,
                  struct zm_error *err)
{
    int64_t until = zm_now_ms() + SLICE_MS;
    bool more = true;

    while (more && zm_now_ms() < until && !atomic_load(&job->cancelled))
        more = db_bulk_look(session, &w->bulk, err);
    return more || err->kind == ZM_ERR_NONE;
}

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct bulk_work *w = ((struct bulk_job *)job)->work;

    err->kind = ZM_ERR_NONE;
    if (w->stage == BULK_COLLECTING)
        return collect(w, session, job, err);
    if (w->stage == BULK_ASKING)
        return count(w, session, job, err);
    db_bulk_step(session, &w->bulk);
    return true;
}

/* ---- making and ending it ---- */

struct bulk_work *bulk_work_new(struct app *app)
{
    struct bulk_work *w = zm_calloc(1, sizeof(*w));

    w->app = app;
    w->set = db_idset_new();
    w->terms = (struct db_terms){.policy = &app->conf->policy, .who = &app->self};
    if (app->spool.directory[0])
        w->terms.spool = &app->spool;
    return w;
}

void bulk_work_free(struct bulk_work *w)
{
    if (!w)
        return;
    db_bulk_done(&w->bulk);
    db_idset_free(w->set);
    free(w);
}

/* The program ended while a batch was under way. */
static void tell_late(struct bulk_work *w)
{
    char text[200];

    if (w->stage != BULK_RUNNING)
        return;
    zm_error_set(&w->app->fatal, ZM_ERR_CANCELLED, "", "",
                 "the change of %zu users was stopped: %s", db_idset_count(w->set),
                 bulk_counts_text(&w->bulk.counts, text, sizeof(text)));
    zm_error_hint(&w->app->fatal, "what is done stays done; the same change again does the rest");
}

static void drop(struct db_job *job)
{
    struct bulk_job *j = (struct bulk_job *)job;

    if (j->work) {
        tell_late(j->work);
        bulk_work_free(j->work);
    }
    free(j);
}

void bulk_submit(struct bulk *b, enum bulk_stage stage)
{
    struct bulk_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run;
    j->base.drop = drop;
    j->base.owner = APP_OWNER_BULK;
    j->work = b->work;
    b->work->stage = stage;
    b->job = j;
    b->asked_ms = zm_now_ms();
    b->app->dirty = true;
    db_lanes_submit(b->app->lanes, stage == BULK_RUNNING ? DB_LANE_WRITE : DB_LANE_SCAN, &j->base);
}

void bulk_begin(struct bulk *b, const struct db_edit *edit)
{
    struct bulk_work *w = b->work;

    db_bulk_done(&w->bulk);
    memset(&w->bulk, 0, sizeof(w->bulk));
    w->bulk.edit = *edit;
    w->bulk.edit.reason = w->reason;
    w->bulk.terms = &w->terms;
    w->bulk.set = w->set;
    w->bulk.stop_errors = (size_t)b->app->conf->stop_errors;
    w->bulk.take = take;
    w->bulk.see = see;
    w->bulk.context = w;
    w->n_shown = w->n_named = 0;
    db_bulk_begin(&w->bulk);
}

/* ---- for the loop ---- */

bool bulk_is_writing(const struct app *app)
{
    return app->bulk && app->bulk->job && app->bulk->stage == BULK_RUNNING;
}

void bulk_leave(struct app *app)
{
    app->quitting = true;
    app->bulk->stopping = true;
    bulk_show(app->bulk);
    db_lanes_cancel(app->lanes, &app->bulk->job->base, true);
}

void bulk_abandon(struct app *app)
{
    zm_error_set(&app->fatal, ZM_ERR_LOST, "", "",
                 "a batch of users did not end in time: what became of it is not known");
    zm_error_hint(&app->fatal, "Health lists what is unfinished once both databases answer");
}

int64_t bulk_deadline(const struct app *app)
{
    const struct bulk *b = app->bulk;

    if (!b || !b->job)
        return ZM_NEVER;
    return b->asked_ms + ((zm_now_ms() - b->asked_ms) / 1000 + 1) * 1000;
}
