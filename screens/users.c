/*
 * The list of users: both databases side by side, a sign between the halves, the verdict on every
 * row. This file is the descriptor: keys, input, what is due.
 */
#include "screens/users.h"
#include "screens/users_state.h"

#include <stdlib.h>

#include "screens/bulk.h"
#include "screens/edit.h"
#include "screens/export.h"
#include "zm/clock.h"
#include "zm/str.h"

// clang-format off
static const struct tui_binding bindings[] = {
    {"w",     USERS_WHY,        "why",      "why",    "why the user can or cannot trade: all gates", TUI_BIND_BAR},
    {"t", APP_EDIT_TIER,    "tier",         "tier",    "change the tier in both databases", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"e", APP_EDIT_PROFILE, "edit",         "edit",    "change rights and profile", TUI_BIND_WRITE},
    {"X", APP_EDIT_STOP,    "stop-trading", "STOP TRADING", "trading off now: X y; the reason is asked afterwards", TUI_BIND_BAR | TUI_BIND_FIXED | TUI_BIND_WRITE},
    {"u", APP_EDIT_UNDO,    "undo",         "",        "take the last change of this user back", TUI_BIND_WRITE},
    {"f", APP_EDIT_REPAIR,  "repair",       "",        "mend what differs between the databases", TUI_BIND_WRITE},
    {"Space", USERS_MARK,       "mark",     "mark",   "mark the row and go on", TUI_BIND_BAR},
    {"V",     USERS_MARK_RANGE, "range",    "",       "mark from the last V to here", 0},
    {"*",     USERS_MARK_ALL,   "mark-all", "",       "mark all that the filter found", 0},
    {"U",     USERS_UNMARK,     "unmark",   "",       "unmark all", 0},
    {"s",     USERS_SORT,       "sort",     "sort",   "choose the order", TUI_BIND_BAR},
    {"I",     USERS_INVERT,     "invert",   "",       "invert the order", 0},
    {"c",     USERS_COLUMNS,    "columns",  "columns","choose the columns", TUI_BIND_BAR},
    {"E",     APP_EXPORT,       "export",   "export", "write the marked users, what the filter finds, or all users, to a file", TUI_BIND_BAR},
};
static const struct tui_keymap keymap = {"users", "Users", bindings, ZM_COUNT(bindings)};
// clang-format on

static struct users *kept_users(struct app *app)
{
    return app->kept[0] ? app->kept[0]->state : NULL;
}

static void users_open(struct app *app, void *state, const char *arg)
{
    struct users *u = state;

    (void)arg;
    u->table.columns = users_columns;
    u->table.n_columns = users_n_columns;
    u->table.hidden = users_default_hidden();
    u->table.sorted = -1;
    u->table.cell = users_cell;
    u->table.context = app;
    u->mark_from = SIZE_MAX;
    u->preview.due_ms = ZM_NEVER;
    u->refreshed_ms = zm_now_ms();
    if (app_is_up(app, DB_BRAIN) || users_source_now(app) == USERS_FROM_BOT)
        users_reload(app, u);
}

static void users_close(struct app *app, void *state)
{
    struct users *u = state;

    (void)app;
    users_rows_clear(&u->rows);
    users_marks_done(&u->marks);
    users_preview_done(&u->preview);
}

/* ---- moving ---- */

static void moved(struct app *app, struct users *u)
{
    users_load_around(app, u);
    users_preview_moved(u);
    if (u->table.cursor + 1 < u->rows.n || (!u->search.on && !u->at_end))
        return;
    users_walk_on(app, u); /* at the end: what no index serves */
}

static bool move(struct app *app, struct users *u, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };

    if (action == APP_FIRST && !u->search.on && (!u->at_start || u->to_last))
        users_reload(app, u);
    else if (action == APP_LAST && !u->search.on && !u->at_end)
        users_load_last(app, u);
    if (action == APP_FIRST || u->rows.n > 0)
        tui_table_move(&u->table, moves[action], u->page);
    moved(app, u);
    return true;
}

/* ---- actions ---- */

static void open_user(struct app *app, struct users *u)
{
    const struct db_user *user = users_rows_at(&u->rows, u->table.cursor);

    if (user)
        app_show(app, &screen_user, user->id);
}

/* Whoever is found alone, as soon as the answer is that to what was typed. */
static void open_only(struct app *app, struct users *u)
{
    if (!u->search.open || u->search.stale)
        return;
    u->search.open = false;
    if (u->search.on && u->search.err.kind == ZM_ERR_NONE && u->rows.n == 1 &&
        app->view->state == u && !app->overlay)
        open_user(app, u);
}

static bool is_of_a_row(int action)
{
    return action == APP_OPEN || action == APP_COPY || action == USERS_WHY ||
           action == USERS_MARK || action == USERS_MARK_RANGE ||
           (action >= APP_EDIT_TIER && action <= APP_EDIT_REPAIR);
}

/* What is done to a row is done to one that was found by what stands in the filter. */
static bool must_wait(struct app *app, struct users *u, int action)
{
    if (!u->search.stale || !is_of_a_row(action))
        return false;
    if (action == APP_OPEN)
        u->search.open = true;
    else
        app_say(app, MESSAGE_WARN, "still looking for /%s: these are the rows of before",
                u->search.edit.text);
    return true;
}

static bool escape(struct app *app, struct users *u)
{
    if (u->search.walking && !u->search.stopped) {
        users_walk_stop(app, u);
        return true;
    }
    if (!u->search.on && !u->search.edit.len)
        return u->marks.n == 0;
    users_search_clear(app, u);
    return true;
}

static bool act_own(struct app *app, struct users *u, int action)
{
    switch (action) {
    case USERS_WHY:
        open_user(app, u);
        return true;
    case USERS_MARK:
        users_mark_toggle(app, u);
        return move(app, u, APP_DOWN);
    case USERS_MARK_RANGE:
        users_mark_range(app, u);
        return true;
    case USERS_MARK_ALL:
        users_mark_all(app, u);
        return true;
    case USERS_UNMARK:
        users_marks_done(&u->marks);
        u->all = false;
        return true;
    case USERS_SORT:
        users_menu_sort(app, u);
        return true;
    case USERS_INVERT:
        u->descending = !u->descending;
        users_reload(app, u);
        return true;
    case USERS_COLUMNS:
        users_menu_columns(app, u);
        return true;
    default:
        return false;
    }
}

/* t, X, f and E with marks are for all of them. */
static bool act_on_marked(struct app *app, const struct users *u, int action)
{
    const struct bulk_who who = {.ids = (const char(*)[37])u->marks.id,
                                 .n = u->marks.n,
                                 .filter = u->all ? &u->all_filter : NULL,
                                 .text = u->all_text,
                                 .others = u->others};

    return bulk_act(app, action, &who);
}

static void read_again(struct app *app, struct users *u)
{
    if (u->search.on)
        users_search_again(app, u);
    else
        users_reload_here(app, u);
}

static void export_list(struct app *app, const struct users *u)
{
    const char *what =
        u->search.on ? zm_arena_printf(&app->frame, "users /%s", u->search.applied) : "all users";

    if (act_on_marked(app, u, APP_EXPORT))
        return;
    export_open(app, "users", what, "", u->search.on ? &u->search.filter : NULL);
}

static bool users_act(struct app *app, void *state, int action)
{
    struct users *u = state;

    u->search.open = false;
    if (action >= APP_UP && action <= APP_LAST) {
        users_walk_stop(app, u);
        return move(app, u, action);
    }
    if (must_wait(app, u, action))
        return true;
    switch (action) {
    case APP_OPEN:
        open_user(app, u);
        return true;
    case APP_FILTER:
        u->search.editing = true;
        return true;
    case APP_FIND_NEXT:
        users_walk_on(app, u);
        return true;
    case APP_ESCAPE:
        return escape(app, u);
    case APP_CANCEL:
        if (!u->search.walking)
            return false;
        users_walk_stop(app, u);
        return true;
    case APP_REFRESH:
        read_again(app, u);
        return true;
    case APP_NEXT_PANE:
    case APP_PREV_PANE:
        u->flip = !u->flip;
        return true;
    case APP_COPY:
        users_menu_copy(app, u);
        return true;
    case APP_EXPORT:
        export_list(app, u);
        return true;
    default:
        return act_on_marked(app, u, action) ||
               edit_act(app, action, users_rows_at(&u->rows, u->table.cursor)) ||
               act_own(app, u, action);
    }
}

/* ---- the filter prompt ---- */

static bool prompt_key(struct app *app, struct users *u, int key)
{
    static const struct {
        int key, action;
    } moves[] = {{TUI_KEY_UP, APP_UP},
                 {TUI_KEY_DOWN, APP_DOWN},
                 {TUI_KEY_PGUP, APP_PAGE_UP},
                 {TUI_KEY_PGDN, APP_PAGE_DOWN}};
    size_t i;

    if (key == TUI_KEY_ESC || key == (TUI_KEY_CTRL | 'c')) {
        users_search_clear(app, u);
        return true;
    }
    if (key == TUI_KEY_ENTER) {
        u->search.editing = false;
        u->search.open = true;
        open_only(app, u);
        return true;
    }
    for (i = 0; i < ZM_COUNT(moves); i++)
        if (key == moves[i].key)
            return move(app, u, moves[i].action);
    if (tui_edit_key(&u->search.edit, key))
        users_search_changed(app, u);
    return true;
}

static bool users_event(struct app *app, void *state, const struct tui_event *event)
{
    struct users *u = state;

    if (event->type == TUI_EVENT_MOUSE && !u->search.editing) {
        if (event->wheel)
            return move(app, u, event->wheel > 0 ? APP_DOWN : APP_UP);
        return false;
    }
    if (!u->search.editing)
        return false;
    if (event->type == TUI_EVENT_PASTE) {
        tui_edit_paste(&u->search.edit, event->text, event->text_len);
        users_search_changed(app, u);
        return true;
    }
    return event->type == TUI_EVENT_KEY && prompt_key(app, u, event->key);
}

/* ---- what happens by itself ---- */

static void search_done(struct app *app, struct users *u, struct db_job *job)
{
    users_search_done(app, u, job);
    open_only(app, u);
}

static void users_done(struct app *app, void *state, struct db_job *job)
{
    struct users *u = state;

    if (job->tag == USERS_JOB_FIND)
        search_done(app, u, job);
    else if (job->tag == USERS_JOB_PREVIEW)
        users_preview_job_done(u, job);
    else
        users_job_done(app, u, job);
}

static void users_status(struct app *app, void *state, enum db_side side)
{
    struct users *u = state;
    size_t i;

    if (!app_is_up(app, side)) {
        users_side_lost(app, u, side);
        if (!u->loaded && side == DB_BRAIN && app_is_up(app, DB_BOT))
            users_reload(app, u);
        return;
    }
    if (!u->loaded && side == DB_BOT && users_source_now(app) != USERS_FROM_BOT)
        return; /* Brain is on its way */
    if (!u->loaded || u->err.kind != ZM_ERR_NONE ||
        (side == DB_BRAIN && u->source == USERS_FROM_BOT)) {
        if (u->search.on)
            users_search_again(app, u);
        else
            users_reload(app, u);
        return;
    }
    if (side == DB_BRAIN)
        users_refresh_all(app, u);
    else
        for (i = 0; i < u->rows.n_chunks; i++)
            users_ask_halves(app, u, u->rows.chunk[i]);
}

static int64_t users_deadline(struct app *app, void *state)
{
    const struct users *u = state;
    int64_t due = u->preview.due_ms, refresh;

    if (tui_cols(app->tui) < 140)
        due = ZM_NEVER;
    if (users_search_deadline(u) < due)
        due = users_search_deadline(u);
    refresh = u->refreshed_ms + (int64_t)app->conf->refresh_seconds * 1000;
    if (!app->paused && app->conf->refresh_seconds > 0 && u->loaded && refresh < due)
        due = refresh;
    return due;
}

static void users_tick(struct app *app, void *state)
{
    struct users *u = state;

    if (u->preview.due_ms <= zm_now_ms())
        users_preview_ask(app, u);
    if (!app->paused && u->refreshed_ms + (int64_t)app->conf->refresh_seconds * 1000 <= zm_now_ms())
        users_refresh(app, u);
}

static void users_draw_all(struct app *app, void *state, struct tui_box body)
{
    struct users *u = state;

    u->table.row_state = users_row_state;
    users_draw(app, u, body);
    if (u->search.editing) {
        struct tui_box row = {body.row + body.rows, body.col, 1, body.cols};

        tui_draw(app->tui, row, 0, 1, TUI_INFO, "/");
        tui_edit_draw(app->tui, row, 0, 2, 38, &u->search.edit);
    }
}

/* ---- for other screens ---- */

const char *users_neighbour(struct app *app, const char *id, int direction)
{
    struct users *u = kept_users(app);
    long at = u ? users_rows_find(&u->rows, id) : -1;

    if (at < 0 || (direction < 0 && at == 0) || at + direction >= (long)u->rows.n)
        return NULL;
    u->table.cursor = (size_t)(at + direction);
    tui_table_fit(&u->table, u->page);
    users_load_around(app, u);
    return users_rows_at(&u->rows, u->table.cursor)->id;
}

void users_filter(struct app *app, const char *text)
{
    struct users *u;

    app_show(app, &screen_users, NULL);
    u = kept_users(app);
    tui_edit_set(&u->search.edit, text);
    u->search.editing = false;
    users_search_changed(app, u);
}

const struct screen screen_users = {
    .name = "users",
    .title = "Users",
    .key = '1',
    .single = true,
    .keymap = &keymap,
    .bar = "open filter",
    .state_size = sizeof(struct users),
    .open = users_open,
    .close = users_close,
    .draw = users_draw_all,
    .act = users_act,
    .event = users_event,
    .done = users_done,
    .status = users_status,
    .deadline = users_deadline,
    .tick = users_tick,
    .crumb = users_crumb,
    .line = users_line,
};
