/*
 * One user: both databases' halves of him, why he can or cannot trade, his rows. This file is the
 * descriptor: keys, input, what is due. It knows no pane by its content.
 */
#include "screens/user_state.h"

#include <stdlib.h>

#include "screens/edit.h"
#include "screens/user.h"
#include "screens/users_state.h"
#include "tui/layout.h"
#include "zm/clock.h"
#include "zm/str.h"

// clang-format off
static const struct tui_binding bindings[] = {
    {"w", USER_WHY,      "why",           "why",      "all gates of CAN TRADE", TUI_BIND_BAR},
    {"t", APP_EDIT_TIER,    "tier",         "tier",    "change the tier in both databases", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"e", APP_EDIT_PROFILE, "edit",         "edit",    "change rights and profile", TUI_BIND_WRITE},
    {"X", APP_EDIT_STOP,    "stop-trading", "STOP TRADING", "trading off now: X y; the reason is asked afterwards", TUI_BIND_BAR | TUI_BIND_FIXED | TUI_BIND_WRITE},
    {"u", APP_EDIT_UNDO,    "undo",         "",        "take the last change of this user back", TUI_BIND_WRITE},
    {"f", APP_EDIT_REPAIR,  "repair",       "",        "mend what differs between the databases", TUI_BIND_WRITE},
    {"J", USER_NEXT,     "next-user",     "next",     "the next user of the list", TUI_BIND_BAR},
    {"K", USER_PREVIOUS, "previous-user", "previous", "the user before in the list", TUI_BIND_BAR},
    {"]", APP_NEXT_TAB,  "next-tab",      "tab",      "the next tab of the pane", TUI_BIND_BAR},
    {"z", APP_ZOOM,      "zoom",          "zoom",     "the pane alone, and back", TUI_BIND_BAR},
    {"y", APP_COPY,      "copy",          "copy",     "copy id, e-mail, row or statement", TUI_BIND_BAR},
    {"E", APP_EXPORT,    "export",        "export",   "write the user's trades to a file", TUI_BIND_BAR},
};
static const struct tui_keymap keymap = {"user", "User", bindings, ZM_COUNT(bindings)};
// clang-format on

#define HEAD_ROWS 3
#define PLACE_COLS 100

/* ---- which user ---- */

/* What the list knows already: his e-mail and the verdict. */
static void take_early(struct app *app, struct user *u)
{
    const struct users *list = app->kept[0] ? app->kept[0]->state : NULL;
    long at = list ? users_rows_find(&list->rows, u->id) : -1;
    const struct db_user *known = at >= 0 ? users_rows_at(&list->rows, (size_t)at) : NULL;

    if (!known)
        return;
    if (known->login && known->login->email)
        zm_copy(u->email, sizeof(u->email), known->login->email);
    else if (known->trader)
        zm_copy(u->email, sizeof(u->email), known->trader->email);
    u->early = known->verdict;
    u->has_early = known->brain_known && known->bot_known;
}

void user_show(struct app *app, struct user *u, const char *id)
{
    int pane, side;

    user_forget(u);
    u->generation++;
    zm_copy(u->id, sizeof(u->id), id);
    take_early(app, u);
    for (pane = 0; pane < USER_PANES; pane++)
        u->table[pane].cursor = u->table[pane].top = u->table[pane].rows = 0;
    memset(u->places, 0, sizeof(u->places));
    for (side = 0; side < DB_SIDES; side++)
        user_load(app, u, (enum db_side)side);
}

static void set_up_table(struct user *u, enum user_pane pane)
{
    const struct user_pane_row *row = &user_panes[pane];
    struct tui_table *table = &u->table[pane];
    size_t n = 0;

    table->sorted = -1;
    while (row->columns && row->columns[n].title) {
        u->columns[pane][n] = row->columns[n];
        n++;
    }
    table->columns = u->columns[pane];
    table->n_columns = n;
    table->cell = row->cell;
    table->context = u;
    table->empty = row->empty;
}

static void user_open(struct app *app, void *state, const char *arg)
{
    /* What a place shows before anything was chosen there; the last has the focus on wide
     * terminals. */
    static const enum user_pane first[] = {USER_ACTIVITY, USER_FOLIO, USER_TRADER, USER_PROFILE};
    struct user *u = state;
    size_t i;
    int pane;

    u->app = app;
    u->activity.shape = &db_shape_activity;
    u->trades.shape = &db_shape_trade;
    for (pane = 0; pane < USER_PANES; pane++)
        set_up_table(u, (enum user_pane)pane);
    for (i = 0; i < ZM_COUNT(first); i++)
        user_focus(u, first[i]);
    if (tui_cols(app->tui) >= 80)
        u->focus = USER_FOLIO;
    user_show(app, u, zm_text(arg));
}

static void user_close(struct app *app, void *state)
{
    struct user *u = state;

    (void)app;
    user_forget(u);
}

/* ---- what happens by itself ---- */

void user_show_for(struct app *app, const char *id, int action)
{
    app_show(app, &screen_user, id);
    ((struct user *)app->view->state)->wanted = action;
}

static void user_done(struct app *app, void *state, struct db_job *job)
{
    struct user *u = state;
    int wanted = u->wanted;

    user_job_done(app, u, job);
    if (!wanted || u->side[DB_BRAIN].loading || u->side[DB_BOT].loading)
        return;
    u->wanted = 0;
    if (app->view->state == u && !app->overlay)
        edit_act(app, wanted, &u->record);
}

static void user_status(struct app *app, void *state, enum db_side side)
{
    if (app_is_up(app, side))
        user_load(app, state, side);
}

static int64_t refresh_due(const struct app *app, const struct user *u, int side)
{
    if (app->paused || app->conf->refresh_seconds <= 0 || u->side[side].loading ||
        !app_is_up(app, (enum db_side)side))
        return ZM_NEVER;
    return u->side[side].asked_ms + (int64_t)app->conf->refresh_seconds * 1000;
}

/* Data that is not refreshed grows old by the minute. */
static int64_t age_due(const struct app *app, const struct user *u, int side)
{
    int64_t age;

    if (!u->side[side].known || refresh_due(app, u, side) != ZM_NEVER)
        return ZM_NEVER;
    age = zm_now_ms() - u->side[side].read_ms;
    return u->side[side].read_ms + (age / 60000 + 1) * 60000;
}

static int64_t user_deadline(struct app *app, void *state)
{
    const struct user *u = state;
    int64_t due = ZM_NEVER;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        int64_t refresh_at = refresh_due(app, u, side), age = age_due(app, u, side);

        due = refresh_at < due ? refresh_at : due;
        due = age < due ? age : due;
    }
    return due;
}

static void user_tick(struct app *app, void *state)
{
    struct user *u = state;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (refresh_due(app, u, side) <= zm_now_ms())
            user_load(app, u, (enum db_side)side);
        else
            app->dirty = true; /* an age has changed */
}

/* ---- drawing ---- */

static void user_draw(struct app *app, void *state, struct tui_box body)
{
    struct user *u = state;
    int most = body.rows >= 16 ? HEAD_ROWS : body.rows >= 10 ? 2 : 1;
    struct tui_box head = {body.row, body.col, most, body.cols};
    size_t i;

    head = tui_cut_top(&body, user_head_draw(app, u, head, false));
    user_head_draw(app, u, head, true);
    user_layout_make(u, body);
    for (i = 0; i < ZM_COUNT(u->layout.vline); i++)
        if (u->layout.vline[i] > 0)
            tui_draw_vline(app->tui, body, u->layout.vline[i]);
    for (i = 0; i < u->layout.n; i++)
        user_pane_draw(app, u, &u->layout.place[i]);
}

const char *user_called(struct app *app, const struct user *u)
{
    const struct db_user *r = &u->record;

    if (r->login && r->login->email && r->login->email[0])
        return r->login->email;
    if (u->email[0])
        return u->email;
    if (r->login && r->login->phone && r->login->phone[0])
        return zm_arena_printf(&app->frame, "+%s", r->login->phone);
    if (!r->login && r->trader && r->trader->email)
        return r->trader->email;
    return user_short_id(app, u->id);
}

static void user_crumb(struct app *app, void *state, char *dst, size_t size)
{
    int cells = tui_cols(app->tui) / 2 - 9;

    snprintf(dst, size, "Users > %s",
             user_cut(app, user_called(app, state), cells > 12 ? cells : 12));
}

static const char *side_text(struct app *app, const struct user *u, enum db_side side)
{
    const struct user_side *s = &u->side[side];

    if (!s->known)
        return zm_arena_printf(&app->frame, "%s unknown", db_side_short(side));
    if (user_is_old(app, u, side))
        return zm_arena_printf(&app->frame, "%s OLD %s", db_side_short(side),
                               app_age(app, s->read_ms));
    if (zm_now_ms() - s->read_ms < 60000)
        return zm_arena_printf(&app->frame, "%s read now", db_side_short(side));
    return zm_arena_printf(&app->frame, "%s read %s ago", db_side_short(side),
                           app_age(app, s->read_ms));
}

static void user_line_text(struct app *app, void *state, char *dst, size_t size)
{
    const struct user *u = state;
    const struct tui_table *table = &u->table[u->focus];
    const char *live = app->paused ? "paused (Z)"
                       : app->conf->refresh_seconds > 0
                           ? zm_arena_printf(&app->frame, "live %ds", app->conf->refresh_seconds)
                           : "R reads again";
    const char *place = "";

    if (u->to_last[user_panes[u->focus].side])
        place = zm_arena_printf(&app->frame, "to the oldest: %s rows; any key stops   ",
                                app_count(app, (int64_t)table->rows, false));
    else if (user_panes[u->focus].columns && table->rows > (size_t)u->page[u->focus])
        place = zm_arena_printf(&app->frame, "%s row %s   ", user_panes[u->focus].title,
                                app_count(app, (int64_t)table->cursor + 1, false));
    snprintf(dst, size, "%s%s   %s   %s", place, side_text(app, u, DB_BRAIN),
             side_text(app, u, DB_BOT), live);
}

const struct screen screen_user = {
    .name = "user",
    .title = "User",
    .keymap = &keymap,
    .bar = "open",
    .state_size = sizeof(struct user),
    .open = user_open,
    .close = user_close,
    .draw = user_draw,
    .act = user_act,
    .event = user_event,
    .done = user_done,
    .status = user_status,
    .deadline = user_deadline,
    .tick = user_tick,
    .crumb = user_crumb,
    .line = user_line_text,
};
