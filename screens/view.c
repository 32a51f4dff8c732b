/*
 * Open screens: which one is shown, what lies under it, and to whom a finished job goes. A job
 * whose screen has moved on is dropped.
 */
#include "screens/view.h"
#include "screens/app.h"

#include <stdlib.h>

#include "zm/str.h"

static struct view *view_new(struct app *app, const struct screen *screen, const char *arg)
{
    struct view *view = zm_calloc(1, sizeof(*view));

    view->screen = screen;
    view->state = zm_calloc(1, screen->state_size);
    view->id = ++app->next_id;
    view->under = app->view;
    app->view = view;
    if (screen->open)
        screen->open(app, view->state, arg);
    return view;
}

static void view_free(struct app *app, struct view *view)
{
    if (view->screen->close)
        view->screen->close(app, view->state);
    free(view->state);
    free(view);
}

static bool is_kept(const struct app *app, const struct view *view)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(app->kept); i++)
        if (app->kept[i] == view)
            return true;
    return false;
}

/* Closes what was put over the numbered screen. */
static void unstack(struct app *app)
{
    while (app->view && !is_kept(app, app->view)) {
        struct view *view = app->view;

        app->view = view->under;
        view_free(app, view);
    }
}

static void show_single(struct app *app, const struct screen *screen, const char *arg)
{
    size_t slot = (size_t)(screen->key - '1');

    unstack(app);
    if (app->view && app->view->screen != screen)
        app->previous = app->view->screen;
    if (app->kept[slot]) {
        app->view = app->kept[slot];
        return;
    }
    app->view = NULL;
    app->kept[slot] = view_new(app, screen, arg);
}

void app_show(struct app *app, const struct screen *screen, const char *arg)
{
    app->dirty = true;
    if (screen->single)
        show_single(app, screen, arg);
    else
        view_new(app, screen, arg);
}

void app_back(struct app *app)
{
    struct view *view = app->view;

    app->dirty = true;
    if (!view || !view->under)
        return;
    app->view = view->under;
    view_free(app, view);
}

bool view_is_top(const struct app *app)
{
    return !app->view || !app->view->under;
}

/* All open views, those under the shown one and the kept ones that are not shown. */
struct view *view_by_id(struct app *app, unsigned id)
{
    struct view *view;
    size_t i;

    for (view = app->view; view; view = view->under)
        if (view->id == id)
            return view;
    for (i = 0; i < ZM_COUNT(app->kept); i++)
        if (app->kept[i] && app->kept[i]->id == id)
            return app->kept[i];
    return NULL;
}

static unsigned owner_of(const struct app *app, const void *state)
{
    const struct view *view;
    size_t i;

    for (view = app->view; view; view = view->under)
        if (view->state == state)
            return view->id;
    for (i = 0; i < ZM_COUNT(app->kept); i++)
        if (app->kept[i] && app->kept[i]->state == state)
            return app->kept[i]->id;
    return 0;
}

static void park(struct app *app, struct db_job *job)
{
    struct db_job **at = &app->parked;

    while (*at)
        at = &(*at)->next;
    job->next = NULL;
    *at = job;
}

void app_submit(struct app *app, const void *state, enum db_lane_id lane, struct db_job *job)
{
    job->owner = owner_of(app, state);
    job->lane = lane;
    if (app->lanes)
        db_lanes_submit(app->lanes, lane, job);
    else
        park(app, job);
}

void view_deliver(struct app *app, struct db_job *job)
{
    struct view *view = view_by_id(app, job->owner);

    if (view && view->screen->done)
        view->screen->done(app, view->state, job);
    app->dirty = true;
    job->drop(job);
}

static bool is_stacked(const struct app *app, const struct view *view)
{
    const struct view *v;

    for (v = app->view; v; v = v->under)
        if (v == view)
            return true;
    return false;
}

void view_status(struct app *app, enum db_side side)
{
    struct view *view;
    size_t i;

    for (view = app->view; view; view = view->under)
        if (view->screen->status)
            view->screen->status(app, view->state, side);
    for (i = 0; i < ZM_COUNT(app->kept); i++) {
        view = app->kept[i];
        if (view && !is_stacked(app, view) && view->screen->status)
            view->screen->status(app, view->state, side);
    }
}

void view_close_all(struct app *app)
{
    size_t i;

    unstack(app);
    for (i = 0; i < ZM_COUNT(app->kept); i++) {
        if (app->kept[i])
            view_free(app, app->kept[i]);
        app->kept[i] = NULL;
    }
    app->view = NULL;
}
