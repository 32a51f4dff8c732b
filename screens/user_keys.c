/*
 * What keys and mouse do on the screen of one user: move, open a row, change pane, tab and user.
 */
#include "screens/user_state.h"

#include <stdlib.h>

#include "screens/edit.h"
#include "screens/export.h"
#include "screens/text.h"
#include "screens/users.h"
#include "screens/users_state.h"
#include "tui/layout.h"
#include "zm/str.h"

static void neighbour(struct app *app, struct user *u, int direction)
{
    const struct users *list = app->kept[0] ? app->kept[0]->state : NULL;
    const char *id = users_neighbour(app, u->id, direction);

    if (id)
        user_show(app, u, id);
    else if (!list || users_rows_find(&list->rows, u->id) < 0)
        app_say(app, MESSAGE_INFO, "J and K go through the list of users; this one is not in it");
    else
        app_say(app, MESSAGE_INFO, "this is the %s user of the list",
                direction > 0 ? "last" : "first");
}

/* ---- moving ---- */

/* A pane of lines scrolls as a whole: its cursor is its top. */
static void scroll_lines(struct user *u, enum tui_move how)
{
    struct tui_table *table = &u->table[u->focus];
    size_t page = u->page[u->focus] > 0 ? (size_t)u->page[u->focus] : 1;
    size_t last = table->rows > page ? table->rows - page : 0, step = 1;

    if (how == TUI_MOVE_PAGE_UP || how == TUI_MOVE_PAGE_DOWN)
        step = page;
    else if (how == TUI_MOVE_FIRST || how == TUI_MOVE_LAST)
        step = last;
    if (how == TUI_MOVE_UP || how == TUI_MOVE_PAGE_UP || how == TUI_MOVE_HALF_UP ||
        how == TUI_MOVE_FIRST)
        table->top = table->top > step ? table->top - step : 0;
    else
        table->top = table->top + step < last ? table->top + step : last;
}

/* Rows of the focused pane; of one that has not been drawn yet as many as its place has. */
static int page_rows(const struct user *u)
{
    size_t i;

    if (u->page[u->focus] > 0)
        return u->page[u->focus];
    for (i = 0; i < u->layout.n; i++)
        if (u->layout.place[i].pane == u->focus)
            return u->layout.place[i].box.rows - 2;
    return 1;
}

static bool move(struct app *app, struct user *u, enum tui_move how)
{
    struct user_rows *list = user_long_list(u, u->focus);

    if (!user_panes[u->focus].columns) {
        scroll_lines(u, how);
        return true;
    }
    u->table[u->focus].rows = user_pane_rows(u, u->focus);
    tui_table_move(&u->table[u->focus], how, page_rows(u));
    if (list && how == TUI_MOVE_LAST && !list->at_end)
        u->to_last[user_panes[u->focus].side] = true;
    user_load_more(app, u);
    return true;
}

/* ---- panes ---- */

/* Panes change their places with the focus: keys that were typed ahead meet the new ones. */
static bool act_focus(struct user *u, int action)
{
    switch (action) {
    case APP_NEXT_PANE:
    case APP_PREV_PANE:
        user_focus_step(u, action == APP_NEXT_PANE ? 1 : -1);
        break;
    case APP_NEXT_TAB:
    case APP_PREV_TAB:
        user_tab_step(u, action == APP_NEXT_TAB ? 1 : -1);
        break;
    case APP_ZOOM:
        u->zoom = !u->zoom;
        break;
    default:
        return false;
    }
    user_layout_make(u, u->layout.body);
    return true;
}

/* ---- opening a row ---- */

static const char *title_of(struct app *app, const struct user *u, const char *name)
{
    const char *who = u->email[0] ? u->email : u->id;

    if (u->record.login && u->record.login->email)
        who = u->record.login->email;
    return zm_arena_printf(&app->frame, "%s %s  %s", user_panes[u->focus].title, name, who);
}

static const char *member(const struct db_shape *shape, const void *item, const char *name)
{
    size_t i;

    for (i = 0; i < shape->n_fields; i++)
        if (zm_streq(shape->fields[i].name, name) && shape->fields[i].kind == DB_KIND_TEXT)
            return *(const char *const *)(const void *)((const char *)item +
                                                        shape->fields[i].offset);
    return NULL;
}

static void open_row(struct app *app, struct user *u)
{
    const struct user_pane_row *pane = &user_panes[u->focus];
    const struct db_shape *shape;
    const void *item;
    const char *title;
    size_t n = 0;

    if (!pane->columns) {
        (void)act_focus(u, APP_ZOOM);
        return;
    }
    item = user_pane_item(u, u->focus, u->table[u->focus].cursor, &shape);
    if (!item)
        return;
    title = title_of(app, u, zm_text(member(shape, item, pane->name)));
    while (pane->json && pane->json[n])
        n++;
    if (n > 0) {
        text_show_json(app, pane->side, title, member(shape, item, "id"), pane->json, n);
    } else {
        char *text = user_row_text(shape, item, tui_is_ascii(app->tui));

        text_show(app, title, text, 19);
        free(text);
    }
}

/* ---- actions ---- */

static bool escape(struct user *u)
{
    bool zoomed = u->zoom;

    u->zoom = false;
    user_layout_make(u, u->layout.body);
    return zoomed;
}

static void refresh(struct app *app, struct user *u)
{
    user_load(app, u, DB_BRAIN);
    user_load(app, u, DB_BOT);
}

static void export_trades(struct app *app, const struct user *u)
{
    export_open(app, "trades", zm_arena_printf(&app->frame, "trades of %s", user_called(app, u)),
                u->id, NULL);
}

static bool act_here(struct app *app, struct user *u, int action)
{
    switch (action) {
    case APP_OPEN:
        open_row(app, u);
        return true;
    case APP_REFRESH:
        refresh(app, u);
        return true;
    case APP_COPY:
        user_copy_menu(app, u);
        return true;
    case APP_EXPORT:
        export_trades(app, u);
        return true;
    case USER_WHY:
        user_gates_open(app, u);
        return true;
    case USER_NEXT:
    case USER_PREVIOUS:
        neighbour(app, u, action == USER_NEXT ? 1 : -1);
        return true;
    default:
        return false;
    }
}

bool user_act(struct app *app, void *state, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };
    struct user *u = state;
    bool walked = u->to_last[DB_BRAIN] || u->to_last[DB_BOT];

    u->wanted = 0;
    memset(u->to_last, 0, sizeof(u->to_last)); /* any key ends the way to the oldest row */
    if (walked && (action == APP_ESCAPE || action == APP_CANCEL))
        return true;
    if (action == APP_ESCAPE || action == APP_CLOSE)
        return escape(u);
    if (action >= APP_UP && action <= APP_LAST)
        return move(app, u, moves[action]);
    return act_focus(u, action) || act_here(app, u, action) || edit_act(app, action, &u->record);
}

bool user_event(struct app *app, void *state, const struct tui_event *event)
{
    struct user *u = state;
    const struct user_place *place;
    long row;

    if (event->type != TUI_EVENT_MOUSE)
        return false;
    place = user_place_at(u, event->row, event->col);
    if (!place || place->pane == USER_COMPARE)
        return false;
    user_focus(u, place->pane);
    if (event->wheel)
        return move(app, u, event->wheel > 0 ? TUI_MOVE_DOWN : TUI_MOVE_UP);
    if (user_panes[place->pane].columns) {
        struct tui_box box = place->box;

        (void)tui_cut_top(&box, 1);
        row = tui_table_at(&u->table[place->pane], box, event->row);
        if (row >= 0)
            u->table[place->pane].cursor = (size_t)row;
    }
    return true;
}
