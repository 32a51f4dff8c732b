/*
 * What a dialog has done in a lane: the write itself, a reason that was owed, and what undo reads.
 * A job owns everything it uses, so that the dialog and even the loop may end before it.
 */
#include "screens/edit_state.h"

#include <stdlib.h>

#include "screens/log.h"
#include "zm/clock.h"
#include "zm/str.h"

#define JOURNAL_ROWS 20

/* ---- in the lane ---- */

static bool read_history(struct db_link *brain, struct edit_job *j, struct zm_error *err)
{
    const struct db_journal_filter filter = {.user_id = j->id};

    j->history_known = db_journal_page(brain, &filter, NULL, JOURNAL_ROWS, &j->history, err);
    return j->history_known;
}

/* Somebody was quicker: one of the last things that operators did to this user may be it. */
static void look_for_writer(struct db_session *session, struct edit_job *j)
{
    struct zm_error err;

    if (j->written.result == DB_RESULT_STALE && db_session_link(session, DB_BRAIN))
        read_history(session->link[DB_BRAIN], j, &err);
}

static bool run_write(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct edit_job *j = (struct edit_job *)job;

    (void)err;
    db_write(session, &j->terms, &j->edit, &j->written);
    j->ran = true;
    if (j->settles[0] && j->written.result == DB_RESULT_DONE) /* else it stays on the list */
        db_journal_close(session->link[DB_BRAIN], j->terms.who, j->settles, j->id, j->settled_as,
                         &(struct zm_error){.kind = ZM_ERR_NONE});
    look_for_writer(session, j);
    return true;
}

static bool run_settle(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct edit_job *j = (struct edit_job *)job;
    struct db_link *brain = db_session_link(session, DB_BRAIN);

    if (!brain)
        return db_session_away(session, DB_BRAIN, "settle the operation", err);
    return db_journal_close(brain, j->terms.who, j->settles, j->id, j->settled_as, err);
}

static struct db_link *link_or_fail(struct db_session *session, enum db_side side,
                                    struct zm_error *err)
{
    struct db_link *link = db_session_link(session, side);

    if (!link)
        db_session_away(session, side, "read", err);
    return link;
}

static bool run_reason(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct edit_job *j = (struct edit_job *)job;
    struct db_link *brain = link_or_fail(session, DB_BRAIN, err);

    return brain && db_journal_give_reason(brain, j->terms.who, j->request, j->id, j->reason, err);
}

static bool run_count(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct edit_job *j = (struct edit_job *)job;
    struct db_link *bot = link_or_fail(session, DB_BOT, err);

    return bot && db_user_still_on(bot, j->id, &j->still, err);
}

/* Both halves are needed: what is away is not known, and what is not known is not taken back. */
static bool run_load(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct edit_job *j = (struct edit_job *)job;
    const char *id = j->id;
    struct db_link *brain = link_or_fail(session, DB_BRAIN, err), *bot;

    if (!brain || !(bot = link_or_fail(session, DB_BOT, err)))
        return false;
    if (j->request[0] && !db_journal_find(brain, j->request, &j->journal, err))
        return false;
    if (!read_history(brain, j, err))
        return false;
    if (!db_users_by_ids(brain, &id, 1, &j->page, err) ||
        !db_users_halves(bot, &id, 1, &j->page.bot, err))
        return false;
    j->page.brain_known = j->page.bot_known = true;
    db_page_join(&j->page, j->terms.policy);
    return !j->wants_drift || edit_repair_look(session, j, err);
}

/* ---- making and ending it ---- */

/* A write whose dialog is gone because the program ends: it is said once the terminal is back. */
static void tell_late(struct edit_job *j)
{
    struct zm_error *err = &j->app->fatal;

    if (j->taken || j->kind != EDIT_JOB_WRITE)
        return;
    zm_error_set(err, ZM_ERR_CANCELLED, "", "", "%s",
                 j->ran ? j->written.message : "the write was cancelled: nothing was changed");
    if (j->written.result == DB_RESULT_PARTIAL || j->written.result == DB_RESULT_UNKNOWN)
        zm_error_hint(err, "request %s: see Health", j->written.request);
}

static void drop(struct db_job *job)
{
    struct edit_job *j = (struct edit_job *)job;

    tell_late(j);
    db_written_done(&j->written);
    db_rows_done(&j->journal);
    db_rows_done(&j->history);
    db_page_done(&j->page);
    zm_arena_done(&j->arena);
    free(j);
}

static struct edit_job *job_new(struct edit *e, enum edit_job_kind kind)
{
    struct edit_job *j = zm_calloc(1, sizeof(*j));
    struct app *app = e->app;

    j->kind = kind;
    j->app = app;
    j->base.run = kind == EDIT_JOB_WRITE    ? run_write
                  : kind == EDIT_JOB_REASON ? run_reason
                  : kind == EDIT_JOB_SETTLE ? run_settle
                  : kind == EDIT_JOB_COUNT  ? run_count
                                            : run_load;
    j->base.drop = drop;
    j->base.owner = APP_OWNER_EDIT;
    j->terms = (struct db_terms){.policy = &app->conf->policy, .who = &app->self};
    zm_copy(j->id, sizeof(j->id), e->id);
    zm_copy(j->settles, sizeof(j->settles), e->settles);
    j->settled_as = e->kind == &edit_reverse ? DB_RESULT_NOTHING_CHANGED : DB_RESULT_DONE;
    return j;
}

static void submit(struct edit *e, struct edit_job *j, enum db_lane_id lane)
{
    e->job = &j->base;
    e->began_ms = zm_now_ms();
    e->cancelling = false;
    e->app->dirty = true;
    db_lanes_submit(e->app->lanes, lane, &j->base);
}

static void own_values(struct edit_job *j, struct db_values *values)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++)
        values->text[i] = zm_arena_strdup(&j->arena, values->text[i]);
}

void edit_submit_write(struct edit *e)
{
    struct edit_job *j = job_new(e, EDIT_JOB_WRITE);

    db_request_new(e->edit.request);
    j->edit = e->edit;
    own_values(j, &j->edit.want);
    own_values(j, &j->edit.seen);
    j->edit.reason = zm_arena_strdup(&j->arena, e->edit.reason);
    j->edit.undo_of = zm_arena_strdup(&j->arena, e->edit.undo_of);
    if (e->edit.drift) {
        db_plan_row_keep(&j->arena, &e->drift, &j->drift);
        j->edit.drift = &j->drift.seen;
    }
    if (e->glass && e->app->spool.directory[0])
        j->terms.spool = &e->app->spool;
    e->stage = EDIT_WRITING;
    tui_form_ask(&e->form);
    e->form.said = NULL;
    submit(e, j, DB_LANE_WRITE);
}

void edit_submit_reason(struct edit *e, const char *reason)
{
    struct edit_job *j = job_new(e, EDIT_JOB_REASON);

    zm_copy(j->request, sizeof(j->request), e->written.request);
    zm_copy(j->reason, sizeof(j->reason), reason);
    e->stage = EDIT_PAYING;
    submit(e, j, DB_LANE_WRITE);
}

void edit_submit_settle(struct edit *e)
{
    e->stage = EDIT_PAYING;
    submit(e, job_new(e, EDIT_JOB_SETTLE), DB_LANE_WRITE);
}

void edit_submit_load(struct edit *e)
{
    struct edit_job *j = job_new(e, EDIT_JOB_LOAD);

    zm_copy(j->request, sizeof(j->request), e->undo_of);
    j->wants_drift = e->kind == &edit_repair;
    submit(e, j, DB_LANE_SCAN);
}

/* On the lane that reads, so that a stop which is answered at once is not held up by it. */
void edit_submit_count(struct edit *e)
{
    struct edit_job *j = job_new(e, EDIT_JOB_COUNT);

    e->counting = &j->base;
    db_lanes_submit(e->app->lanes, DB_LANE_BOT, &j->base);
}

/* ---- for the loop ---- */

void edit_take_history(struct edit *e, struct edit_job *job)
{
    db_rows_done(&e->journal);
    e->journal = job->history;
    e->journal_known = job->history_known;
    memset(&job->history, 0, sizeof(job->history));
}

bool edit_job_done(struct app *app, struct db_job *job)
{
    struct edit_job *j = (struct edit_job *)job;
    struct edit *e = app->edit;

    if (job->owner != APP_OWNER_EDIT)
        return false;
    app->dirty = true;
    if (e && e->counting == job) {
        e->counting = NULL;
        if (job->ok)
            edit_stop_counted(e, &j->still);
        return true;
    }
    if (!e || e->job != job)
        return true; /* its dialog was closed: only what reads can be */
    j->taken = true;
    e->job = NULL;
    if (j->kind == EDIT_JOB_WRITE)
        edit_write_done(e, j);
    else if (j->kind == EDIT_JOB_REASON)
        edit_reason_done(e, j);
    else if (j->kind == EDIT_JOB_SETTLE)
        edit_settled(e, j);
    else if (j->wants_drift)
        edit_repair_loaded(e, j);
    else if (e->settles[0])
        edit_finish_loaded(e, j);
    else
        edit_undo_loaded(e, j);
    unfinished_read(app);
    return true;
}

bool edit_is_writing(const struct app *app)
{
    return app->edit && app->edit->job && app->edit->stage != EDIT_LOADING;
}

void edit_leave(struct app *app)
{
    app->quitting = true;
    app->edit->cancelling = true;
    db_lanes_cancel(app->lanes, app->edit->job, true);
}

void edit_abandon(struct app *app)
{
    const struct edit *e = app->edit;

    zm_error_set(&app->fatal, ZM_ERR_LOST, "", "",
                 "a write did not end in time: what became of request %s is not known",
                 e->edit.request);
    zm_error_hint(&app->fatal, "see Health, or zmartctl audit %s", e->id);
}

int64_t edit_deadline(const struct app *app)
{
    const struct edit *e = app->edit;

    if (!e || !e->job)
        return ZM_NEVER;
    return e->began_ms + ((zm_now_ms() - e->began_ms) / 1000 + 1) * 1000;
}
