/*
 * The plan as an overlay: its keys in each stage, and what follows when a job is done. What it
 * would do and how it is drawn is elsewhere; nothing is written here.
 */
#include "screens/plan_state.h"

#include <stdlib.h>

#include "screens/conf_place.h"
#include "screens/spool.h"
#include "screens/users_state.h"
#include "tui/dialog.h"
#include "tui/term.h"
#include "zm/clock.h"
#include "zm/str.h"

#define DEAD_MS 300 /* what comes so soon was typed for something else */

void plan_look(struct plan *p)
{
    const struct plan_work *w = p->work;
    struct plan_view *v = &p->view;

    p->head = w->head;
    v->counts = w->repair.counts;
    v->state = w->repair.state;
    v->err = w->repair.err;
    memcpy(v->culprit, w->repair.culprit, sizeof(v->culprit));
    memcpy(v->named, w->named, sizeof(v->named));
    memcpy(v->recent, w->recent, sizeof(v->recent));
    v->n_named = w->n_named;
    v->n_recent = w->n_recent;
}

static void hold(struct plan *p)
{
    tui_flush_input(p->app->tui);
    p->app->overlay_ready_ms = zm_now_ms() + DEAD_MS;
}

/* ---- when a job is done ---- */

/* Who was not mended and why is found again when the dialog is closed: in the messages, whole. */
static void keep_said(struct plan *p, const char *named)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};
    char text[PLAN_SAID + 32];

    snprintf(text, sizeof(text), "plan %.8s: %s", p->head.id, named);
    zm_error_copy(err.message, sizeof(err.message), text);
    if (strlen(text) >= sizeof(err.message))
        zm_error_copy(err.detail, sizeof(err.detail), text + sizeof(err.message) - 4);
    app_tell(p->app, MESSAGE_WARN, &err);
}

static void end_run(struct plan *p)
{
    struct app *app = p->app;
    char text[240];
    size_t i;

    if (!p->paused)
        p->took_ms = zm_now_ms() - p->began_ms;
    p->stage = PLAN_ENDED;
    if (p->work->findings[0]) /* of a scan; of others nobody knows whether it found them */
        sync_applied(app, p->work->mended);
    if (p->view.counts.not_tried < (size_t)p->head.rows) /* nor is it so where one was skipped */
        sync_changed(app);
    p->top = 0;
    for (i = 0; i < p->view.n_named; i++)
        keep_said(p, p->view.named[i]);
    app_say(app, p->view.state == DB_REPAIR_FINISHED ? MESSAGE_INFO : MESSAGE_WARN, "plan %.8s: %s",
            p->head.id, plan_counts_text(&p->view.counts, text, sizeof(text)));
    spool_count(app);
    unfinished_read(app);
    if (app->kept[0])
        users_refresh_all(app, app->kept[0]->state);
}

/* Of a plan without rows there is nothing to ask. */
static void ask(struct plan *p)
{
    if (p->head.rows > 0)
        plan_ask(p);
    else
        app_say(p->app, MESSAGE_WARN, "nothing is in this plan: there is nothing to apply");
}

static void made(struct plan *p, const struct db_job *job)
{
    if (!job->ok) {
        p->err = job->err;
        p->stage = PLAN_FAILED;
        return;
    }
    p->stage = PLAN_SHOWN;
    p->table.rows = p->work->n_lines;
    if (p->save) {
        p->work->kept = true;
        app_say(p->app, MESSAGE_INFO, "plan saved: %s", p->work->path);
    }
    if (p->apply)
        ask(p);
}

static void batch_done(struct plan *p, const struct db_job *job)
{
    struct db_repair *run = &p->work->repair;

    if (!job->ok) { /* it was not begun, or neither database could be reached */
        run->state = DB_REPAIR_BROKEN;
        run->err = job->err;
        if (!p->work->begun)
            run->counts.not_tried = (size_t)p->head.rows;
        plan_look(p);
    }
    if (p->paused) { /* only now it rests */
        p->pause_ms = zm_now_ms();
        p->took_ms = p->pause_ms - p->began_ms;
    }
    if (run->state != DB_REPAIR_READY || p->stopping)
        end_run(p);
    else if (!p->paused)
        plan_submit(p, PLAN_RUNNING);
}

bool plan_job_done(struct app *app, struct db_job *job)
{
    struct plan *p = app->plan;
    struct plan_job *j = (struct plan_job *)job;

    if (job->owner != APP_OWNER_PLAN)
        return false;
    if (!p || p->job != j)
        return true; /* its dialog was closed; drop frees the work */
    j->work = NULL;
    p->job = NULL;
    app->dirty = true;
    plan_look(p);
    if (j->stage == PLAN_MAKING) {
        made(p, job);
        hold(p);
    } else {
        batch_done(p, job);
    }
    return true;
}

/* ---- keys ---- */

static void apply(struct plan *p)
{
    if (!guard_allows(p->app, GUARD_WRITE)) {
        p->form.said = "locked: nothing was written";
        return;
    }
    zm_copy(p->work->reason, sizeof(p->work->reason), p->fields[PLAN_REASON].edit.text);
    p->began_ms = zm_now_ms();
    plan_submit(p, PLAN_RUNNING);
}

static void show_sql(struct plan *p)
{
    if (p->table.cursor >= p->table.rows)
        return;
    free(p->sql);
    p->sql = plan_row_sql(p->work->terms.policy, &p->work->lines[p->table.cursor].row);
    p->sql_top = 0;
    p->showing_sql = true;
}

static bool find_move(int key, enum tui_move *ret)
{
    static const struct {
        int key;
        enum tui_move move;
    } moves[] = {{'j', TUI_MOVE_DOWN},
                 {TUI_KEY_DOWN, TUI_MOVE_DOWN},
                 {'k', TUI_MOVE_UP},
                 {TUI_KEY_UP, TUI_MOVE_UP},
                 {TUI_KEY_PGDN, TUI_MOVE_PAGE_DOWN},
                 {TUI_KEY_PGUP, TUI_MOVE_PAGE_UP},
                 {TUI_KEY_CTRL | 'd', TUI_MOVE_HALF_DOWN},
                 {TUI_KEY_CTRL | 'u', TUI_MOVE_HALF_UP},
                 {'g', TUI_MOVE_FIRST},
                 {TUI_KEY_HOME, TUI_MOVE_FIRST},
                 {'G', TUI_MOVE_LAST},
                 {TUI_KEY_END, TUI_MOVE_LAST}};
    size_t i;

    for (i = 0; i < ZM_COUNT(moves); i++)
        if (moves[i].key == key) {
            *ret = moves[i].move;
            return true;
        }
    return false;
}

/* False: closed. */
static bool shown_key(struct plan *p, int key)
{
    enum tui_move move;

    if (find_move(key, &move))
        tui_table_move(&p->table, move, p->page);
    if (key == 'd')
        show_sql(p);
    if (key == 'W') {
        p->work->kept = true;
        app_say(p->app, MESSAGE_INFO, "plan saved: %s", p->work->path);
    }
    if (key == 'a' && guard_allows(p->app, GUARD_WRITE)) {
        ask(p);
        hold(p);
    }
    return key != TUI_KEY_ESC && key != 'q' && key != (TUI_KEY_CTRL | 'c');
}

/* Esc and No go back to the plan: nothing was done. */
static void asking_key(struct plan *p, int key)
{
    int answer = 0;

    plan_ask_show(p);
    switch (tui_form_key(&p->form, key, &answer)) {
    case TUI_FORM_ANSWERED:
        if (answer == 'd')
            show_sql(p);
        else
            apply(p);
        break;
    case TUI_FORM_CLOSED:
        p->stage = PLAN_SHOWN;
        break;
    default:
        break;
    }
}

/* Whoever goes on may not be who began, and the plan may be too old meanwhile. */
static void toggle_pause(struct plan *p)
{
    if (p->paused && !guard_allows(p->app, GUARD_WRITE))
        return;
    p->paused = !p->paused;
    if (p->paused) {
        p->pause_ms = zm_now_ms();
        p->took_ms = p->pause_ms - p->began_ms;
        return;
    }
    p->began_ms += zm_now_ms() - p->pause_ms;
    if (p->job)
        return;
    p->work->resumed = true;
    plan_submit(p, PLAN_RUNNING);
}

/* Esc lets the batch end; Ctrl-C takes it back where nothing of it is committed. */
static void running_key(struct plan *p, int key)
{
    if (key == ' ' && !p->stopping) {
        toggle_pause(p);
    } else if (key == TUI_KEY_ESC || key == (TUI_KEY_CTRL | 'c')) {
        p->stopping = true;
        if (!p->job)
            end_run(p);
        else if (key != TUI_KEY_ESC)
            db_lanes_cancel(p->app->lanes, &p->job->base, true);
    } else if (key == 'q' || key == 'Q') {
        app_say(p->app, MESSAGE_WARN, "a plan is being applied: Esc stops it, then q leaves");
    }
}

/* What was compared is not so any more. */
static bool ended_key(struct plan *p, int key)
{
    struct tui_table tops = {.rows = p->last_top + 1, .cursor = p->top};
    enum tui_move move;

    if (key == 'R') {
        struct app *app = p->app;

        app_overlay(app, NULL, NULL);
        app_show(app, &screen_sync, NULL);
        app_act(app, APP_REFRESH);
        return true; /* it is closed already */
    }
    if (find_move(key, &move))
        tui_table_move(&tops, move, p->said_page);
    p->top = tops.cursor;
    return key != TUI_KEY_ESC && key != TUI_KEY_ENTER && key != 'q';
}

static bool take_key(struct plan *p, int key)
{
    struct app *app = p->app;

    if (p->stage == PLAN_RUNNING) {
        running_key(p, key);
        return true;
    }
    if (key != TUI_KEY_ESC && zm_now_ms() < app->overlay_ready_ms) {
        p->form.said = "typed before the dialog was there: dropped";
        app->overlay_ready_ms = zm_now_ms() + DEAD_MS;
        return true;
    }
    if (p->showing_sql) {
        p->showing_sql = tui_notice_key(key, &p->sql_top) != TUI_CLOSED;
        return true;
    }
    if (p->stage == PLAN_ASKING) {
        asking_key(p, key);
        return true;
    }
    if (p->stage == PLAN_SHOWN)
        return shown_key(p, key);
    if (p->stage == PLAN_ENDED)
        return ended_key(p, key);
    return key != TUI_KEY_ESC && key != (TUI_KEY_CTRL | 'c') &&
           (p->stage == PLAN_MAKING || (key != TUI_KEY_ENTER && key != 'q'));
}

static bool plan_event(struct app *app, void *state, const struct tui_event *event)
{
    struct plan *p = state;

    if (event->type == TUI_EVENT_PASTE &&
        (p->stage != PLAN_ASKING || zm_now_ms() < app->overlay_ready_ms ||
         !tui_form_paste(&p->form, event->text, event->text_len))) {
        p->form.said = "a paste outside of a field was dropped";
        app_say(app, MESSAGE_WARN, "%s", p->form.said);
    }
    return event->type != TUI_EVENT_KEY || take_key(p, event->key);
}

/* ---- the overlay ---- */

static void plan_free(struct app *app, void *state)
{
    struct plan *p = state;

    app->plan = NULL;
    if (!p->job)
        plan_work_free(p->work);
    else if (!app->quitting) /* the lane still has it; drop frees it */
        db_lanes_cancel(app->lanes, &p->job->base, true);
    zm_arena_done(&p->texts);
    free(p->sql);
    free(p);
}

static const struct overlay plan_overlay = {plan_draw, plan_event, plan_free};

static struct plan *open_dialog(struct app *app)
{
    struct plan *p = zm_calloc(1, sizeof(*p));

    p->app = app;
    p->work = plan_work_new(app);
    p->table = (struct tui_table){.columns = plan_columns,
                                  .n_columns = plan_n_columns,
                                  .sorted = -1,
                                  .cell = plan_cell,
                                  .context = p,
                                  .empty = "nothing is in this plan"};
    app_overlay(app, &plan_overlay, p);
    app->plan = p;
    hold(p);
    return p;
}

static void fail(struct plan *p, const char *why, const char *hint)
{
    zm_error_set(&p->err, ZM_ERR_SYSTEM, "", "make a plan", "%s", why);
    zm_error_hint(&p->err, "%s", hint);
    p->stage = PLAN_FAILED;
}

static void fill_head(struct app *app, const struct sync *s, struct db_plan_head *head)
{
    const struct db_compare_result *last = s && s->found ? &s->found->result : NULL;
    int side;

    memset(head, 0, sizeof(*head));
    zm_copy(head->by, sizeof(head->by), app->who);
    zm_copy(head->label, sizeof(head->label), app->conf->label);
    head->brain_users = last ? last->brain_users : app->status[DB_BRAIN].facts.estimate;
    head->bot_profiles = last ? last->bot_profiles : app->status[DB_BOT].facts.estimate;
    for (side = 0; side < DB_SIDES; side++) {
        const struct db_facts *f = &app->status[side].facts;
        struct db_plan_side *to = &head->side[side];

        zm_copy(to->system, sizeof(to->system), f->system);
        zm_copy(to->database_oid, sizeof(to->database_oid), f->database_oid);
        zm_copy(to->project, sizeof(to->project), f->project);
        zm_copy(to->dbname, sizeof(to->dbname), f->dbname);
        zm_copy(to->host, sizeof(to->host), f->host);
    }
}

/* NULL: there is no place for the plan, and the dialog says so. */
static struct plan_work *prepare(struct plan *p, const struct sync *s)
{
    const char *directory = conf_state_path(p->app->conf, "plans");
    struct plan_work *w = p->work;

    if (!directory || !conf_place_make(directory)) {
        fail(p, "there is no directory for it", "see state_dir of the profile");
        return NULL;
    }
    zm_copy(w->directory, sizeof(w->directory), directory);
    fill_head(p->app, s, &w->head);
    return w;
}

static struct plan *begin(struct app *app, const struct sync *s)
{
    struct plan *p = open_dialog(app);
    struct plan_work *w = prepare(p, s);

    sync_left_out(s, p->left_out, sizeof(p->left_out));
    if (w && !s->found->path[0]) {
        p->err = s->found->path_err;
        p->stage = PLAN_FAILED;
    } else if (w) {
        zm_copy(w->findings, sizeof(w->findings), s->found->path);
        w->filter = s->matched;
        sync_choices_copy(&w->choices, &s->choices);
        plan_submit(p, PLAN_MAKING);
    }
    return p;
}

void plan_make(struct app *app, const struct sync *s, bool apply)
{
    begin(app, s)->apply = apply;
}

void plan_save(struct app *app, const struct sync *s)
{
    begin(app, s)->save = true;
}

void plan_make_of(struct app *app, struct db_idset *set)
{
    const struct view *sync = app->kept[screen_sync.key - '1'];
    struct plan *p = open_dialog(app);
    struct plan_work *w = prepare(p, sync ? sync->state : NULL);

    p->work->set = set;
    sync_choices_start(&p->work->choices);
    zm_copy(p->left_out, sizeof(p->left_out),
            "whoever of them does not differ, what a person has to decide, and what is opt-in: "
            "those on Sync");
    if (w)
        plan_submit(p, PLAN_MAKING);
}

void plan_open(struct app *app, const char *path)
{
    struct plan *p = open_dialog(app);

    p->opened = true;
    zm_copy(p->work->path, sizeof(p->work->path), path);
    plan_submit(p, PLAN_MAKING);
}
