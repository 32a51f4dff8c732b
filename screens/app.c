/*
 * The loop of the console: wait, take what happened, change state, draw once. Knows no screen by
 * name but the first, and no database but through the lanes.
 */
#include "screens/app.h"

#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "screens/bulk.h"
#include "screens/check_clean.h"
#include "screens/edit.h"
#include "screens/export.h"
#include "screens/frame.h"
#include "screens/log.h"
#include "screens/log_writer.h"
#include "screens/palette.h"
#include "screens/plan.h"
#include "screens/print.h"
#include "screens/spool.h"
#include "screens/view.h"
#include "zm/clock.h"
#include "zm/str.h"

/* How long the console waits for a lane that is stuck in a name look-up before it leaves anyway. */
#define STOP_WAIT_MS 200
#define STOP_WAIT_WRITE_MS 16000 /* ... and for a write that cannot be cancelled any more */
/* So many answers in a row have to be twice as slow, or as quick, as what is shown. */
#define RTT_NEWS 4
#define RTT_NOISE_MS 20

/* ---- input ---- */

/* False: it was not for the overlay, which is closed. */
static bool take_overlay(struct app *app, const struct tui_event *event)
{
    const struct overlay *overlay = app->overlay;
    void *state = app->overlay_state;

    app->passed_on = false;
    if (overlay->event(app, state, event))
        return true;
    if (app->overlay == overlay && app->overlay_state == state) {
        app->overlay = NULL;
        app->overlay_state = NULL;
    }
    if (overlay->close)
        overlay->close(app, state);
    return !app->passed_on;
}

static void take_key(struct app *app, int key)
{
    const struct tui_binding *binding = tui_keys_find(app->keys, app->view->screen->keymap, key);

    if (!binding)
        binding = tui_keys_find(app->keys, &keymap_global, key);
    if (binding)
        app_act(app, binding->action);
}

static void take_event(struct app *app, const struct tui_event *event)
{
    struct view *view = app->view;

    app->dirty = true;
    if (event->type == TUI_EVENT_EOF) {
        app->quitting = true;
        return;
    }
    if (event->type == TUI_EVENT_RESIZE) {
        tui_resized(app->tui);
        return;
    }
    if (event->type == TUI_EVENT_KEY) {
        app->messages.shown_until_ms = 0;
        app->touched = true;
        guard_key(app);
        equal_key(app);
    }
    if (!frame_fits(app)) {
        if (event->type == TUI_EVENT_KEY &&
            (event->key == 'q' || event->key == (TUI_KEY_CTRL | 'c')))
            app->quitting = true;
        return;
    }
    if (app->overlay && take_overlay(app, event))
        return;
    if (view->screen->event && view->screen->event(app, view->state, event))
        return;
    if (event->type == TUI_EVENT_KEY)
        take_key(app, event->key);
    else if (event->type == TUI_EVENT_PASTE)
        app_say(app, MESSAGE_WARN, "a paste outside of a field was dropped; press / or : first");
}

/* ---- lanes ---- */

/* The round-trip time is redrawn when it has halved or doubled for good, so that an idle screen
 * stays still: one slow answer is no news. */
static void note_rtt(struct app *app, enum db_side side)
{
    int now = app->status[side].rtt_ms, shown = app->shown_rtt[side];
    bool other = now >= 0 && (now * 2 < shown - RTT_NOISE_MS || now > shown * 2 + RTT_NOISE_MS);

    app->odd_rtts[side] = other ? app->odd_rtts[side] + 1 : 0;
    if (now >= 0 && (shown < 0 || app->odd_rtts[side] >= RTT_NEWS)) {
        app->shown_rtt[side] = now;
        app->odd_rtts[side] = 0;
        app->dirty = true;
    }
}

static void say_change(struct app *app, enum db_side side, enum db_state before)
{
    const struct db_status *s = &app->status[side];

    if (s->state == DB_RETRY && before != DB_RETRY)
        app_fail(app, &s->err);
    else if (s->state == DB_STOPPED && before != DB_STOPPED)
        app_fail(app, &s->err);
    else if (s->state == DB_UP && (before == DB_RETRY || before == DB_STOPPED))
        app_say(app, MESSAGE_INFO, "%s is back", db_side_name(side));
    else if (s->state == DB_UP && before != DB_UP && s->facts.first_contact)
        app_say(app, MESSAGE_INFO, "first contact with this %s; its identity was recorded",
                db_side_name(side));
}

static void check_pair(struct app *app)
{
    struct zm_error err;

    if (app_is_up(app, DB_BRAIN) && app_is_up(app, DB_BOT) &&
        !db_pair_check(&app->status[DB_BRAIN].facts, &app->status[DB_BOT].facts, &err)) {
        app->fatal = err;
        app->quitting = true;
        app->exit_code = zm_error_exit_code(err.kind);
    }
}

static void take_lanes(struct app *app)
{
    struct db_job *job;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        enum db_state before = app->status[side].state;

        if (!db_lanes_status(app->lanes, (enum db_side)side, &app->status[side]))
            continue;
        note_rtt(app, (enum db_side)side);
        if (app->status[side].state == before)
            continue;
        app->dirty = true;
        say_change(app, (enum db_side)side, before);
        view_status(app, (enum db_side)side);
        spool_status(app, (enum db_side)side);
        unfinished_status(app, (enum db_side)side);
        leftover_status(app, (enum db_side)side);
        equal_status(app);
        check_pair(app);
    }
    while ((job = db_lanes_collect(app->lanes))) {
        if (edit_job_done(app, job) || bulk_job_done(app, job) || plan_job_done(app, job) ||
            spool_job_done(app, job) || export_job_done(app, job) ||
            unfinished_job_done(app, job) || leftover_job_done(app, job) ||
            equal_job_done(app, job) || check_clean_left(app, job))
            job->drop(job);
        else
            view_deliver(app, job);
    }
}

/* ---- the loop ---- */

static bool is_writing(const struct app *app)
{
    return edit_is_writing(app) || bulk_is_writing(app) || plan_is_writing(app) || app->at_work > 0;
}

static int64_t next_deadline(struct app *app)
{
    const struct screen *screen = app->view->screen;
    int64_t due = app->frame_due_ms = frame_deadline(app), mine;
    int wait = tui_read_wait(app->tui);

    if (equal_deadline(app) < due)
        due = equal_deadline(app);
    if (screen->deadline) {
        mine = screen->deadline(app, app->view->state);
        if (mine < due)
            due = mine;
    }
    if (wait >= 0 && zm_now_ms() + wait < due)
        due = zm_now_ms() + wait;
    return due;
}

static void take_input(struct app *app)
{
    struct tui_event event;

    while (!app->quitting && tui_read(app->tui, &event))
        take_event(app, &event);
}

static void take_timer(struct app *app)
{
    const struct screen *screen = app->view->screen;
    int64_t now = zm_now_ms();

    if (app->frame_due_ms <= now || frame_deadline(app) <= now + 1000)
        app->dirty = true;
    if (app->messages.shown_until_ms <= now)
        app->messages.shown_until_ms = 0;
    guard_tick(app);
    equal_tick(app);
    if (screen->deadline && screen->deadline(app, app->view->state) <= now && screen->tick)
        screen->tick(app, app->view->state);
}

/* They come after the first frame: connecting takes more of the machine than that frame. */
static void start_lanes(struct app *app)
{
    struct db_job *job;

    app->lanes = db_lanes_start(app->conf->target);
    while ((job = app->parked)) {
        app->parked = job->next;
        job->next = NULL;
        db_lanes_submit(app->lanes, job->lane, job);
    }
}

static void run_loop(struct app *app)
{
    app->dirty = false;
    frame_draw(app);
    start_lanes(app);
    app->scans_path = conf_state_path(app->conf, "scans");
    scans_load(app->scans_path, &app->scans);
    app->dirty = true;
    while (!app->quitting) {
        unsigned woke;

        if (app->dirty) {
            app->dirty = false;
            frame_draw(app);
        }
        woke = tui_loop_wait(app->loop, app->tui, db_lanes_fd(app->lanes), next_deadline(app));
        if (woke & TUI_WAKE_QUIT) {
            int sig = tui_loop_signal(app->loop);

            app->exit_code = sig ? 128 + sig : 128 + SIGHUP;
            break;
        }
        if (woke & TUI_WAKE_RESIZE) {
            tui_resized(app->tui);
            app->dirty = true;
        }
        if (woke & TUI_WAKE_SUSPEND && !is_writing(app)) /* no transaction is stopped */
            app_act(app, APP_SUSPEND);
        take_input(app);
        if (woke & TUI_WAKE_FD)
            take_lanes(app);
        take_timer(app);
    }
}

static bool bind_keys(struct app *app, struct zm_error *err)
{
    const struct tui_keymap *maps[16];
    size_t n = 0, i;

    maps[n++] = &keymap_global;
    for (i = 0; screen_registry[i]; i++)
        if (screen_registry[i]->keymap)
            maps[n++] = screen_registry[i]->keymap;
    maps[n++] = screen_user.keymap;
    maps[n++] = screen_text.keymap;
    app->keys = tui_keys_new(maps, n);
    for (i = 0; i < app->conf->n_keys; i++)
        if (!tui_keys_rebind(app->keys, app->conf->keys[i].map, app->conf->keys[i].name,
                             app->conf->keys[i].keys, err))
            return false;
    return tui_keys_check(app->keys, err);
}

/* "ana@ops-1": asked for once, a name service may be slow. */
static void name_operator(struct app *app)
{
    const struct passwd *pw = getpwuid(getuid());
    char host[64] = "";

    gethostname(host, sizeof(host) - 1);
    host[strcspn(host, ".")] = '\0';
    snprintf(app->who, sizeof(app->who), "%.32s@%s", pw ? pw->pw_name : "?", host);
}

static bool start(struct app *app, struct zm_error *err)
{
    struct tui_options look = {.ascii = app->options->ascii || app->conf->ascii,
                               .no_color = app->options->no_color,
                               .mouse = app->conf->mouse,
                               .theme = app->conf->theme};

    app->log = log_writer_new(app->options->log);
    name_operator(app);
    db_operator_self(&app->self, ZM_VERSION);
    guard_start(app);
    spool_start(app);
    app->local_time = app->conf->local_time;
    app->mouse = app->conf->mouse;
    app->shown_rtt[DB_BRAIN] = app->shown_rtt[DB_BOT] = -1;
    if (!bind_keys(app, err) || !tui_loop_new(&app->loop, err) || !tui_open(&look, &app->tui, err))
        return false;
    log_redirect_stderr(app->options->log);
    app_show(app, screen_registry[0], NULL);
    return true;
}

/* The one thing that is waited for: what it came to is said once the terminal is restored. */
static void wait_for_write(struct app *app, bool *ret_ended)
{
    bool bulk = bulk_is_writing(app), plan = plan_is_writing(app);

    atomic_store(&app->leaves_ms, zm_now_ms());
    if (bulk)
        bulk_leave(app);
    else if (plan)
        plan_leave(app);
    else if (edit_is_writing(app))
        edit_leave(app);
    else
        app_say(app, MESSAGE_WARN, "the Checklist puts back what it changed; then this ends");
    frame_draw(app);
    *ret_ended = db_lanes_stop(app->lanes, STOP_WAIT_WRITE_MS);
    if (!*ret_ended && bulk)
        bulk_abandon(app);
    else if (!*ret_ended && plan)
        plan_abandon(app);
    else if (!*ret_ended && edit_is_writing(app))
        edit_abandon(app);
    else if (!*ret_ended)
        zm_error_set(
            &app->fatal, ZM_ERR_LOST, "", "",
            "a step of the checklist did not end in time: zmartctl check says what is left");
}

/* Restores the terminal first: whatever a lane is stuck in, the person has his shell back at once.
 */
static void stop(struct app *app)
{
    bool ended, writing = is_writing(app);

    if (writing)
        wait_for_write(app, &ended);
    tui_close(app->tui);
    app->tui = NULL;
    log_restore_stderr();
    if (app->fatal.kind != ZM_ERR_NONE)
        out_error(&app->fatal, app->options->ascii);
    if (!writing)
        ended = !app->lanes || db_lanes_stop(app->lanes, STOP_WAIT_MS);
    palette_save_history(app);
    if (!log_writer_stop(app->log, STOP_WAIT_MS) || !ended)
        _exit(app->exit_code);
    if (app->overlay && app->overlay->close)
        app->overlay->close(app, app->overlay_state);
    view_close_all(app);
    tui_loop_free(app->loop);
    tui_keys_free(app->keys);
    tui_history_done(&app->history);
    messages_done(&app->messages);
    unfinished_done(app);
    leftover_done(app);
    zm_arena_done(&app->frame);
}

int console_run(const struct options *options, struct conf *conf)
{
    struct app app = {.options = options, .conf = conf};
    struct zm_error err;

    if (!start(&app, &err)) {
        tui_close(app.tui);
        tui_loop_free(app.loop);
        tui_keys_free(app.keys);
        out_error(&err, options->ascii);
        log_writer_stop(app.log, STOP_WAIT_MS);
        return zm_error_exit_code(err.kind);
    }
    run_loop(&app);
    stop(&app);
    return app.exit_code;
}
