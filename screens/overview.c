/*
 * The Overview screen: figures over all users. They come from statistics and index ranges, so that
 * it may be open all day; x counts exactly, on its own lane, until it is done or stopped.
 */
#include "screens/overview_state.h"

#include "tui/layout.h"
#include "zm/clock.h"
#include "zm/str.h"

#define REFRESH_MS 60000 /* samples and ranges cost more than a page of users */

enum overview_action { OVERVIEW_COUNT = APP_ACTION_OWN };

// clang-format off
static const struct tui_binding bindings[] = {
    {"x", OVERVIEW_COUNT, "count", "exact", "exact counts instead of statistics; may take long", TUI_BIND_BAR},
};
static const struct tui_keymap keymap = {"overview", "Overview", bindings, ZM_COUNT(bindings)};
// clang-format on

/* ---- keys ---- */

static bool move(struct overview *o, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };
    enum overview_pane pane = o->focus;
    struct tui_table as_list = {.cursor = (size_t)o->top[pane], .rows = 1};

    if (pane == OVERVIEW_TABLES) {
        tui_table_move(&o->tables, moves[action], o->page[pane]);
        return true;
    }
    if (o->rows[pane] > o->page[pane])
        as_list.rows = (size_t)(o->rows[pane] - o->page[pane] + 1);
    tui_table_move(&as_list, moves[action], o->page[pane]);
    o->top[pane] = (int)as_list.cursor;
    return true;
}

static void step_focus(struct overview *o, int direction)
{
    o->focus = (enum overview_pane)(((int)o->focus + direction + OVERVIEW_PANES) % OVERVIEW_PANES);
}

static void copy_row(struct app *app, struct overview *o)
{
    const struct db_ask *part = overview_part(o, OVERVIEW_TABLES, DB_BOT);
    const struct db_table_state *t;

    if (!part || !part->ok || o->tables.cursor >= part->rows.n)
        return;
    t = DB_ROW(&part->rows, struct db_table_state, o->tables.cursor);
    app_copy(app, "row",
             zm_arena_printf(&app->frame, "%s\t%s\t%lld\t%s", t->table_name, t->kind,
                             (long long)t->estimate, zm_text(t->freshest)));
}

static bool overview_act(struct app *app, void *state, int action)
{
    struct overview *o = state;

    if (action >= APP_UP && action <= APP_LAST)
        return move(o, action);
    switch (action) {
    case OVERVIEW_COUNT:
        overview_count(app, o);
        return true;
    case APP_NEXT_PANE:
    case APP_NEXT_TAB:
        step_focus(o, 1);
        return true;
    case APP_PREV_PANE:
    case APP_PREV_TAB:
        step_focus(o, -1);
        return true;
    case APP_OPEN:
    case APP_ZOOM:
        o->zoom = !o->zoom;
        return true;
    case APP_ESCAPE:
    case APP_CANCEL:
        if (overview_is_counting(o))
            overview_stop(app, o);
        else if (o->zoom && action == APP_ESCAPE)
            o->zoom = false;
        else
            return false;
        return true;
    case APP_REFRESH:
        overview_refresh(app, o);
        return true;
    case APP_COPY:
        copy_row(app, o);
        return true;
    default:
        return false;
    }
}

static bool overview_event(struct app *app, void *state, const struct tui_event *event)
{
    struct overview *o = state;
    int i;

    (void)app;
    if (event->type != TUI_EVENT_MOUSE)
        return false;
    for (i = 0; i < OVERVIEW_PANES; i++)
        if (tui_box_has(o->place[i], event->row, event->col))
            o->focus = (enum overview_pane)i;
    return event->wheel == 0 || move(o, event->wheel > 0 ? APP_DOWN : APP_UP);
}

/* ---- what happens by itself ---- */

static void overview_done(struct app *app, void *state, struct db_job *job)
{
    overview_take(app, state, job);
}

static void overview_open(struct app *app, void *state, const char *arg)
{
    struct overview *o = state;

    (void)arg;
    o->app = app;
    o->focus = OVERVIEW_TABLES;
    o->tables.columns = overview_table_columns;
    o->tables.n_columns = overview_n_table_columns;
    o->tables.sorted = -1;
    o->tables.cell = overview_table_cell;
    o->tables.context = o;
    overview_load(app, o);
}

static void overview_close(struct app *app, void *state)
{
    struct overview *o = state;

    (void)app;
    db_overview_brain_done(&o->brain);
    db_overview_brain_done(&o->brain_exact);
    db_overview_bot_done(&o->bot);
    db_overview_bot_done(&o->bot_exact);
}

static void overview_status(struct app *app, void *state, enum db_side side)
{
    overview_ask(app, state, side, false);
}

static int64_t refresh_due(const struct app *app, const struct overview *o)
{
    int64_t due = ZM_NEVER;
    int side;

    if (app->paused || app->conf->refresh_seconds <= 0)
        return ZM_NEVER;
    for (side = 0; side < DB_SIDES; side++) {
        const struct overview_read *read = &o->live[side];

        if (app_is_up(app, (enum db_side)side) && !read->asking &&
            read->asked_ms + REFRESH_MS < due)
            due = read->asked_ms + REFRESH_MS;
    }
    return due;
}

/* While it counts, the seconds are shown. */
static int64_t overview_deadline(struct app *app, void *state)
{
    const struct overview *o = state;
    int64_t due = refresh_due(app, o);

    return overview_is_counting(o) && o->ticked_ms + 1000 < due ? o->ticked_ms + 1000 : due;
}

static void overview_tick(struct app *app, void *state)
{
    struct overview *o = state;

    if (refresh_due(app, o) <= zm_now_ms())
        overview_load(app, o);
    o->ticked_ms = zm_now_ms();
    app->dirty = app->dirty || overview_is_counting(o);
}

/* ---- drawing ---- */

static void overview_draw(struct app *app, void *state, struct tui_box body)
{
    overview_draw_all(app, state, body);
}

static void overview_crumb(struct app *app, void *state, char *dst, size_t size)
{
    const struct overview *o = state;

    (void)app;
    if (o->zoom || o->alone)
        snprintf(dst, size, "Overview   %d of %d", (int)o->focus + 1, OVERVIEW_PANES);
    else
        snprintf(dst, size, "Overview");
}

static void overview_line(struct app *app, void *state, char *dst, size_t size)
{
    const struct overview *o = state;
    const struct overview_read *first = &o->exact[o->exact[DB_BRAIN].asking ? DB_BRAIN : DB_BOT];

    if (overview_is_counting(o))
        snprintf(dst, size, "counting %s, %d of 2   %s   Esc stops",
                 db_side_name(o->exact[DB_BRAIN].asking ? DB_BRAIN : DB_BOT),
                 o->exact[DB_BRAIN].asking ? 1 : 2, app_age(app, first->asked_ms));
    else
        snprintf(dst, size, "%s~ by statistics and samples; x counts",
                 app->paused ? "paused (Z)   " : "");
}

const struct screen screen_overview = {
    .name = "overview",
    .title = "Overview",
    .key = '6',
    .single = true,
    .keymap = &keymap,
    .state_size = sizeof(struct overview),
    .open = overview_open,
    .close = overview_close,
    .draw = overview_draw,
    .act = overview_act,
    .event = overview_event,
    .done = overview_done,
    .status = overview_status,
    .deadline = overview_deadline,
    .tick = overview_tick,
    .crumb = overview_crumb,
    .line = overview_line,
};
