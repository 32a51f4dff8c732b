/*
 * The test users that live tests have left behind, listed and removed after y: on the key C of the
 * Checklist, or unasked at the start. Who is one, and how he is removed, is db/leftovers.c's.
 */
#include "screens/check_clean.h"

#include <stdlib.h>

#include "screens/check_state.h"
#include "screens/guard.h"
#include "tui/form.h"
#include "zm/clock.h"
#include "zm/str.h"

#define LINES 60
#define DEAD_MS 300 /* keys before it were meant for what was there before */

struct clean_job {
    struct check_job base; /* its task tells the screen which it is */
    bool removes;
    struct db_leftovers left; /* those that are there */
    struct db_leftovers seen; /* of a removal: those that were listed; nobody else goes */
    size_t wanted, removed;
    struct zm_error why; /* one stayed */
};

struct check_clean {
    struct check *check; /* NULL: it was not asked for */
    struct db_leftovers left;
    char question[40];
    struct tui_form form;
    struct tui_form_line lines[LINES + 2];
};

/* ---- on the lane ---- */

static bool was_seen(const struct clean_job *j, const struct db_leftover *one)
{
    size_t i;

    for (i = 0; i < j->seen.n; i++)
        if (zm_streq(j->seen.items[i].id, one->id))
            return true;
    return false;
}

static void remove_all(struct clean_job *j, struct db_checklist *list)
{
    struct zm_error err;
    size_t i;

    for (i = 0; i < j->left.n && !list->stopped(list->context); i++) {
        if (!was_seen(j, &j->left.items[i]))
            continue;
        list->say(list->context, j->left.items[i].email);
        if (db_leftover_remove(list, &j->left.items[i], &err))
            j->removed++;
        else
            j->why = err;
    }
}

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct clean_job *j = (struct clean_job *)job;
    struct db_checklist list;
    size_t i;
    bool ok;

    check_job_terms(&j->base, session, &list);
    ok = db_leftovers_read(session, list.registration_email, &j->left, err);
    for (i = 0; ok && i < j->left.n; i++)
        j->wanted += was_seen(j, &j->left.items[i]);
    if (ok && j->removes)
        remove_all(j, &list);
    db_checklist_done(&list);
    return ok;
}

static void drop(struct db_job *job)
{
    struct clean_job *j = (struct clean_job *)job;

    check_lines_free(&j->base);
    db_leftovers_done(&j->left);
    db_leftovers_done(&j->seen);
    check_wait_for(NULL, &j->base);
    free(j);
}

/* seen: moved out, to be removed; NULL: only listed. */
static void submit(struct app *app, struct check *s, struct db_leftovers *seen)
{
    struct clean_job *j = zm_calloc(1, sizeof(*j));

    zm_copy(j->base.key, sizeof(j->base.key), "test users");
    j->base.base.run = run;
    j->base.base.drop = drop;
    j->base.task = CHECK_CLEAN;
    j->base.conf = app->conf;
    j->base.who = &app->self;
    j->removes = seen != NULL;
    if (seen) {
        j->seen = *seen;
        memset(seen, 0, sizeof(*seen));
    }
    check_wait_for(seen ? app : NULL, &j->base);
    app->dirty = true;
    if (s) {
        s->write = &j->base;
        app_submit(app, s, DB_LANE_WRITE, &j->base.base);
    } else {
        j->base.base.owner = APP_OWNER_CLEAN;
        db_lanes_submit(app->lanes, DB_LANE_WRITE, &j->base.base);
    }
}

/* ---- the dialog ---- */

static void draw(struct app *app, void *state)
{
    struct check_clean *d = state;

    tui_form_draw(app->tui, &d->form);
}

/* Whether a key is meant for the dialog, where that came by itself. */
static bool is_meant(struct app *app, int key)
{
    return zm_now_ms() >= app->overlay_ready_ms &&
           (key == 'y' || key == 'n' || key == 'N' || key == 'q' || key == TUI_KEY_ENTER ||
            key == TUI_KEY_ESC || key == TUI_KEY_PGUP || key == TUI_KEY_PGDN ||
            key == (TUI_KEY_CTRL | 'c'));
}

static bool event(struct app *app, void *state, const struct tui_event *event)
{
    struct check_clean *d = state;
    enum tui_form_answer answer;
    int key;

    if (event->type != TUI_EVENT_KEY)
        return true;
    app->passed_on = !d->check && !is_meant(app, event->key);
    if (app->passed_on || (!d->check && event->key == 'q'))
        return false;
    answer = tui_form_key(&d->form, event->key, &key);
    if (answer == TUI_FORM_ANSWERED && guard_allows(app, GUARD_WRITE))
        submit(app, d->check, &d->left);
    return answer != TUI_FORM_ANSWERED && answer != TUI_FORM_CLOSED;
}

static void close_dialog(struct app *app, void *state)
{
    struct check_clean *d = state;

    (void)app;
    db_leftovers_done(&d->left);
    free(d);
}

static const struct overlay overlay = {draw, event, close_dialog};

static const char *where(const struct db_leftover *one)
{
    if (one->login && one->trader)
        return "both databases";
    return one->login ? "ZmartyBrain" : "ZmartBot";
}

static void open_dialog(struct app *app, struct check *s, struct db_leftovers *left)
{
    struct check_clean *d = zm_calloc(1, sizeof(*d));
    size_t i;

    d->check = s;
    d->left = *left;
    memset(left, 0, sizeof(*left));
    d->form = (struct tui_form){.title = "Remove test users",
                                .badge = app->conf->label,
                                .lines = d->lines,
                                .question = d->question,
                                .answers = "y"};
    for (i = 0; i < d->left.n && i < LINES; i++)
        d->lines[d->form.n_lines++] =
            (struct tui_form_line){where(&d->left.items[i]), d->left.items[i].email, TUI_TEXT};
    if (i < d->left.n)
        d->lines[d->form.n_lines++] = (struct tui_form_line){NULL, "...", TUI_DIM};
    d->lines[d->form.n_lines++] = (struct tui_form_line){
        NULL,
        "Live tests made them, or saw them sign up. What refers to them in ZmartyBrain goes with "
        "them.",
        TUI_DIM};
    snprintf(d->question, sizeof(d->question), "Remove %zu? y/N", d->left.n);
    tui_form_start(&d->form);
    app_overlay(app, &overlay, d);
}

void check_clean_ask(struct app *app, struct db_leftovers *left)
{
    open_dialog(app, NULL, left);
    tui_flush_input(app->tui);
    app->overlay_ready_ms = zm_now_ms() + DEAD_MS;
}

void check_clean_open(struct app *app, struct check *s)
{
    if (s->write)
        app_say(app, MESSAGE_WARN, "one after the other: another write is under way");
    else if (guard_allows(app, GUARD_WRITE))
        submit(app, s, NULL);
}

/* What became of a removal, if it is one. */
static void say_removed(struct app *app, const struct clean_job *j)
{
    if (!j->base.base.ok)
        app_fail(app, &j->base.base.err);
    else if (j->removes && j->why.kind != ZM_ERR_NONE)
        app_fail(app, &j->why);
    if (j->base.base.ok && j->removes)
        app_say(app, j->removed < j->wanted ? MESSAGE_WARN : MESSAGE_INFO,
                "%zu of %zu test users removed%s", j->removed, j->wanted,
                j->removed < j->wanted ? "; C on Check lists the rest" : "");
}

bool check_clean_left(struct app *app, struct db_job *job)
{
    if (job->owner != APP_OWNER_CLEAN)
        return false;
    say_removed(app, (struct clean_job *)job);
    if (app->view->screen == &screen_check)
        app_act(app, APP_REFRESH);
    return true;
}

bool check_clean_done(struct app *app, struct check *s, struct check_job *job)
{
    struct clean_job *j = (struct clean_job *)job;

    if (job->task != CHECK_CLEAN)
        return false;
    if (s->write == job)
        s->write = NULL;
    say_removed(app, j);
    if (!job->base.ok)
        return true;
    if (j->removes)
        check_look(app, s, "");
    else if (j->left.n == 0)
        app_say(app, MESSAGE_INFO, "no test users are left behind");
    else
        open_dialog(app, s, &j->left);
    return true;
}
