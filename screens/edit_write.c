/*
 * How a write ended, in words. Nothing is said here that db_write did not say: a result that is not
 * known is shown as such, in red, until a person has read it.
 */
#include "screens/edit_state.h"

#include "screens/log.h"
#include "screens/spool.h"
#include "screens/sync_state.h"
#include "screens/user_state.h"
#include "screens/users_state.h"
#include "zm/str.h"

/* What is shown of the user is read again, in the list as well; not everybody for one, as Sync
 * would. */
static void refresh_screens(struct app *app)
{
    struct view *list = app->kept[0];

    if (list && app->view != list)
        users_refresh_all(app, list->state);
    if (app->view->screen != &screen_sync)
        app_act(app, APP_REFRESH);
}

static const char *what_next(enum db_result result)
{
    return result == DB_RESULT_PARTIAL
               ? "ZmartyBrain was changed, ZmartBot was not. It is listed on Health as unfinished: "
                 "f there finishes it, u reverses it."
               : "What became of it is not known yet. Health lists it once both databases answer: "
                 "f there finishes it, u reverses it.";
}

static void show_unfinished(struct edit *e)
{
    const struct db_written *w = &e->written;
    struct app *app = e->app;
    char text[1400], line[700];

    app_say(app, MESSAGE_ERROR, "%s: %s (request %s)", e->who, w->message, w->request);
    snprintf(text, sizeof(text), "%s\n%s%s \nRequest %s\n \n%s", w->message,
             w->err.kind != ZM_ERR_NONE ? zm_error_line(&w->err, line, sizeof(line)) : "",
             w->err.kind != ZM_ERR_NONE ? "\n" : "", w->request, what_next(w->result));
    edit_notice(e, w->result == DB_RESULT_PARTIAL ? "HALF WRITTEN" : "NOT KNOWN", text, true);
}

/* Back to the question, with what went wrong above the plan: another y tries again. */
static void show_failed(struct edit *e, const char *message, const struct zm_error *err)
{
    const char *hint = err->hint[0] ? err->hint : "";

    e->stage = EDIT_ASKING;
    snprintf(e->failed, sizeof(e->failed), "%s%s%s", message, hint[0] ? "; " : "", hint);
    app_say(e->app, MESSAGE_ERROR, "%s: %s", e->who, message);
    e->form.question = e->kind->question;
    edit_plan(e);
    if (e->stage == EDIT_ASKING) {
        e->form.top = 0;
        e->form.asked = false;
    }
}

static void show_done(struct edit *e)
{
    const struct db_written *w = &e->written;
    bool owed = e->kind == &edit_stop && w->changed && !w->in_spool;

    app_say(e->app, w->in_spool ? MESSAGE_WARN : MESSAGE_INFO, "%s: %s", e->who, w->message);
    if (w->in_spool)
        spool_count(e->app);
    if (owed)
        edit_ask_reason(e);
    else
        edit_close(e);
}

void edit_write_done(struct edit *e, struct edit_job *job)
{
    struct app *app = e->app;
    char line[700];

    db_written_done(&e->written);
    e->written = job->written;
    memset(&job->written, 0, sizeof(job->written));
    if (!job->ran) { /* neither database could be reached */
        zm_error_line(&job->base.err, line, sizeof(line));
        if (e->kind == &edit_stop)
            edit_stop_by_hand(e, line);
        else
            show_failed(e, line, &job->base.err);
        return;
    }
    switch (e->written.result) {
    case DB_RESULT_DONE:
        if (e->kind == &edit_repair)
            sync_mended(app, e->id, edit_repair_classes(e), e->drift.classes);
        show_done(e); /* e may be gone */
        break;
    case DB_RESULT_STALE:
        edit_take_history(e, job);
        edit_conflict(e);
        break;
    case DB_RESULT_PARTIAL:
    case DB_RESULT_UNKNOWN:
        show_unfinished(e);
        break;
    default:
        if (e->kind == &edit_stop && db_written_lacks(&e->written, DB_BOT))
            edit_stop_by_hand(e, e->written.message);
        else
            show_failed(e, e->written.message, &e->written.err);
        break;
    }
    refresh_screens(app);
}
