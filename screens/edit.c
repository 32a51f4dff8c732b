/*
 * The dialog as an overlay: it takes all keys, drops what was typed before it was there, and gives
 * each stage its own. What stands in it is edit_make.c's and the kinds'; nothing is written here.
 */
#include "screens/edit_state.h"

#include <stdlib.h>

#include "tui/dialog.h"
#include "tui/term.h"
#include "zm/clock.h"
#include "zm/str.h"

#define DEAD_MS 300 /* what comes so soon was typed for something else */

/* ---- making it ---- */

static const char *name_of(const struct db_user *user)
{
    if (user->login && zm_text(user->login->email)[0])
        return user->login->email;
    if (user->login && zm_text(user->login->phone)[0])
        return user->login->phone;
    if (user->trader && zm_text(user->trader->email)[0])
        return user->trader->email;
    return user->id;
}

static const struct overlay edit_overlay;

struct edit *edit_new(struct app *app, const struct edit_kind *kind, const char *id,
                      const char *who)
{
    struct edit *e = zm_calloc(1, sizeof(*e));

    e->app = app;
    e->kind = kind;
    e->reason = e->stop_word = EDIT_NO_FIELD;
    zm_copy(e->id, sizeof(e->id), id);
    zm_copy(e->who, sizeof(e->who), who);
    snprintf(e->title, sizeof(e->title), "%s  %s", kind->title, e->who);
    app_about(app, e->about, sizeof(e->about));
    e->form = (struct tui_form){.title = e->title,
                                .badge = app->conf->label,
                                .about = e->about,
                                .fields = e->fields,
                                .lines = e->lines};
    app_overlay(app, &edit_overlay, e);
    app->edit = e;
    tui_flush_input(app->tui);
    edit_hold(e);
    return e;
}

void edit_hold(struct edit *e)
{
    e->app->overlay_ready_ms = zm_now_ms() + DEAD_MS;
}

void edit_close(struct edit *e)
{
    app_overlay(e->app, NULL, NULL);
}

/* ---- keys ---- */

static void show_sql(struct edit *e)
{
    struct zm_buf sql = {.s = NULL};

    db_plan_sql(&e->edit, &e->now, &e->decision, &sql);
    free(e->sql);
    e->sql = sql.s ? sql.s : zm_strdup("");
    e->sql_top = 0;
    e->showing_sql = true;
}

/* False: the dialog is closed. */
static bool answer(struct edit *e, int key)
{
    if (key == 'd') {
        show_sql(e);
        return true;
    }
    if (e->kind->answer && !e->kind->answer(e, key))
        return true;
    if (guard_allows(e->app, e->kind->guard))
        edit_submit_write(e);
    else
        e->form.said = "locked meanwhile: nothing was written";
    return true;
}

static bool form_key(struct edit *e, int key)
{
    int answered = 0;

    switch (tui_form_key(&e->form, key, &answered)) {
    case TUI_FORM_CHANGED:
        e->failed[0] = '\0';
        edit_plan(e);
        return true;
    case TUI_FORM_ANSWERED:
        return e->stage == EDIT_CONFLICT ? edit_conflict_answer(e, answered)
               : e->stage == EDIT_HANDS  ? edit_stop_by_hand_answer(e, answered)
                                         : answer(e, answered);
    case TUI_FORM_CLOSED:
        return false;
    default:
        return true;
    }
}

static bool take_key(struct edit *e, int key)
{
    struct app *app = e->app;

    if (e->stage == EDIT_WRITING || e->stage == EDIT_PAYING) {
        if (key == (TUI_KEY_CTRL | 'c') && e->job) {
            e->cancelling = true;
            db_lanes_cancel(app->lanes, e->job, true);
        }
        return true;
    }
    if (key != TUI_KEY_ESC && zm_now_ms() < app->overlay_ready_ms) {
        e->form.said = "typed before the dialog was there: dropped";
        edit_hold(e);
        return true;
    }
    if (e->showing_sql) {
        e->showing_sql = tui_notice_key(key, &e->sql_top) != TUI_CLOSED;
        e->form.asked = false;
        return true;
    }
    return e->stage == EDIT_REASON ? edit_reason_key(e, key) : form_key(e, key);
}

static void take_paste(struct edit *e, const struct tui_event *event)
{
    bool asks = e->stage == EDIT_ASKING || e->stage == EDIT_REASON;

    if (asks && !e->showing_sql && zm_now_ms() >= e->app->overlay_ready_ms &&
        tui_form_paste(&e->form, event->text, event->text_len)) {
        if (e->stage == EDIT_ASKING)
            edit_plan(e);
        return;
    }
    e->form.said = "a paste outside of a field was dropped";
    app_say(e->app, MESSAGE_WARN, "%s", e->form.said);
}

static bool edit_event(struct app *app, void *state, const struct tui_event *event)
{
    struct edit *e = state;

    (void)app;
    if (event->type == TUI_EVENT_PASTE)
        take_paste(e, event);
    return event->type != TUI_EVENT_KEY || take_key(e, event->key);
}

/* ---- drawing ---- */

static void edit_draw(struct app *app, void *state)
{
    struct edit *e = state;
    int seconds = (int)((zm_now_ms() - e->began_ms) / 1000);

    if (e->showing_sql) {
        tui_notice_scroll(app->tui, "SQL of this change", app->conf->label, e->sql, &e->sql_top);
        return;
    }
    if (e->stage == EDIT_WRITING || e->stage == EDIT_PAYING || e->stage == EDIT_LOADING)
        e->form.question = zm_arena_printf(
            &app->frame, "%s ... %d s   %s", e->stage == EDIT_LOADING ? "reading" : "writing",
            seconds,
            app->quitting || e->cancelling ? "cancelled, or waited for to its end"
            : e->stage == EDIT_LOADING     ? "Esc closes"
                                           : "Ctrl-C cancels while nothing is committed");
    tui_form_draw(app->tui, &e->form);
}

static void edit_free(struct app *app, void *state)
{
    struct edit *e = state;

    app->edit = NULL;
    free(e->sql);
    db_written_done(&e->written);
    db_rows_done(&e->journal);
    zm_arena_done(&e->texts);
    zm_arena_done(&e->arena);
    free(e);
}

static const struct overlay edit_overlay = {edit_draw, edit_event, edit_free};

/* ---- opening ---- */

void edit_begin_load(struct edit *e)
{
    e->stage = EDIT_LOADING;
    e->form.n_fields = e->form.n_lines = e->form.lines_before = 0;
    e->form.blocked = NULL;
    e->form.answers = "";
    tui_form_start(&e->form);
    edit_submit_load(e);
}

/* A dialog that begins by reading the journal and today's record. */
static struct edit *open_loading(struct app *app, const struct edit_kind *kind, const char *id,
                                 const char *who, const char *request)
{
    struct edit *e = edit_new(app, kind, id, who);

    zm_copy(e->undo_of, sizeof(e->undo_of), request);
    edit_begin_load(e);
    return e;
}

void edit_undo_request(struct app *app, const char *user_id, const char *who, const char *request)
{
    if (guard_allows(app, GUARD_WRITE))
        open_loading(app, &edit_undo, user_id, who, request);
}

void edit_finish_request(struct app *app, const char *user_id, const char *who, const char *request,
                         bool reverse)
{
    struct edit *e;

    if (!guard_allows(app, GUARD_WRITE))
        return;
    e = open_loading(app, reverse ? &edit_reverse : &edit_finish, user_id, who, request);
    zm_copy(e->settles, sizeof(e->settles), request);
}

bool edit_act(struct app *app, int action, const struct db_user *user)
{
    static const struct {
        int action;
        const struct edit_kind *kind;
    } kinds[] = {{APP_EDIT_TIER, &edit_tier},
                 {APP_EDIT_PROFILE, &edit_profile},
                 {APP_EDIT_STOP, &edit_stop},
                 {APP_EDIT_UNDO, &edit_undo},
                 {APP_EDIT_REPAIR, &edit_repair}};
    size_t i;

    for (i = 0; i < ZM_COUNT(kinds) && kinds[i].action != action; i++)
        ;
    if (i == ZM_COUNT(kinds))
        return false;
    if (!guard_allows(app, kinds[i].kind->guard)) {
        return true;
    } else if (!user || !user->id || (!user->brain_known && !user->bot_known)) {
        app_say(app, MESSAGE_WARN, "nobody is shown here yet: nothing to change");
    } else if (kinds[i].kind == &edit_stop && !user->bot_known && app_is_up(app, DB_BOT)) {
        app_say(app, MESSAGE_WARN,
                "ZmartBot is there, but what it holds of him has not come yet: once more");
    } else if (kinds[i].kind == &edit_undo || kinds[i].kind == &edit_repair) {
        open_loading(app, kinds[i].kind, user->id, name_of(user), "");
    } else {
        struct edit *e = edit_new(app, kinds[i].kind, user->id, name_of(user));

        edit_see(e, user);
        if (e->kind == &edit_stop && !e->now.bot_known)
            edit_stop_by_hand(e, "ZmartBot is away: nothing was written, and nothing is queued.");
        else
            edit_ask(e);
    }
    return true;
}
