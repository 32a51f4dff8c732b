/*
 * What every screen can do: the global actions, and what is said on the message line. Knows the
 * screens only by the registry.
 */
#include "screens/app.h"

#include "screens/help_screen.h"
#include "screens/log_writer.h"
#include "screens/palette.h"
#include "screens/view.h"
#include "zm/clock.h"
#include "zm/str.h"

#define MESSAGE_SHOWN_MS 8000

void app_tell(struct app *app, enum message_level level, const struct zm_error *err)
{
    messages_add(&app->messages, level, err);
    log_writer_add(app->log, level, err);
    app->messages.shown_until_ms = zm_now_ms() + MESSAGE_SHOWN_MS;
    app->dirty = true;
}

void app_say(struct app *app, enum message_level level, const char *format, ...)
{
    struct zm_error err = {0};
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    zm_error_copy(err.message, sizeof(err.message), text);
    app_tell(app, level, &err);
}

void app_fail(struct app *app, const struct zm_error *err)
{
    if (err->kind != ZM_ERR_CANCELLED)
        app_tell(app, MESSAGE_ERROR, err);
}

void app_overlay(struct app *app, const struct overlay *overlay, void *state)
{
    if (app->overlay && app->overlay->close)
        app->overlay->close(app, app->overlay_state);
    app->overlay = overlay;
    app->overlay_state = state;
    app->overlay_ready_ms = 0;
    app->dirty = true;
}

void app_copy(struct app *app, const char *what, const char *text)
{
    if (!text || !text[0]) {
        app_say(app, MESSAGE_WARN, "there is no %s to copy", what);
        return;
    }
    if (tui_copy(app->tui, text))
        app_say(app, MESSAGE_INFO, "copied %s: %s", what, text);
    else
        app_say(app, MESSAGE_WARN, "copied the first 74,994 bytes of %s", what);
}

static void toggle_pause(struct app *app)
{
    app->paused = !app->paused;
    app_say(app, MESSAGE_INFO, app->paused ? "live refresh paused; Z resumes" : "live refresh on");
}

static void connect_now(struct app *app)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (!app_is_up(app, (enum db_side)side)) {
            db_lanes_connect(app->lanes, (enum db_side)side);
            app_say(app, MESSAGE_INFO, "connecting to %s", db_side_name((enum db_side)side));
        }
}

static void suspend(struct app *app)
{
    tui_suspend(app->tui);
    tui_loop_stop();
    tui_resume(app->tui);
}

static void show_numbered(struct app *app, int digit)
{
    int i;

    for (i = 0; screen_registry[i]; i++)
        if (screen_registry[i]->key == (char)('0' + digit)) {
            app_show(app, screen_registry[i], NULL);
            return;
        }
}

static void close_view(struct app *app)
{
    if (!view_is_top(app))
        app_back(app);
    else if (app->view->screen != screen_registry[0])
        app_show(app, screen_registry[0], NULL);
    else
        app->quitting = true;
}

static void escape(struct app *app)
{
    if (!view_is_top(app))
        app_back(app);
    else if (app->view->screen != screen_registry[0])
        app_show(app, screen_registry[0], NULL);
}

static void act_global(struct app *app, int action)
{
    switch (action) {
    case APP_ESCAPE:
        escape(app);
        break;
    case APP_CLOSE:
        close_view(app);
        break;
    case APP_QUIT:
        app->quitting = true;
        break;
    case APP_CANCEL:
        app_say(app, MESSAGE_INFO, "nothing runs; q quits");
        break;
    case APP_PAUSE:
        toggle_pause(app);
        break;
    case APP_HELP:
        help_open(app);
        break;
    case APP_PALETTE:
        palette_open(app);
        break;
    case APP_PREVIOUS_SCREEN:
        if (app->previous)
            app_show(app, app->previous, NULL);
        break;
    case APP_REDRAW:
        tui_redraw(app->tui);
        break;
    case APP_SUSPEND:
        suspend(app);
        break;
    case APP_MOUSE:
        app->mouse = !app->mouse;
        tui_mouse(app->tui, app->mouse);
        app_say(app, MESSAGE_INFO, app->mouse ? "mouse on" : "mouse off");
        break;
    case APP_CONNECT:
        connect_now(app);
        break;
    case APP_LOCK:
        guard_lock(app, "as asked");
        break;
    case APP_LOCAL_TIME:
        app->local_time = !app->local_time;
        app_say(app, MESSAGE_INFO, app->local_time ? "times are local" : "times are UTC");
        break;
    default:
        if (action >= APP_SCREEN_1 && action <= APP_SCREEN_9)
            show_numbered(app, action - APP_SCREEN_1 + 1);
        break;
    }
}

void app_act(struct app *app, int action)
{
    struct view *view = app->view;

    app->dirty = true;
    if (!view->screen->act || !view->screen->act(app, view->state, action))
        act_global(app, action);
}
