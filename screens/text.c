/*
 * The viewer of long texts: a record that is given, or JSON of one row that is read in pieces while
 * one scrolls or searches. Only a window of the pieces is kept, so its size does not matter.
 */
#include "screens/text.h"

#include <stdlib.h>

#include "screens/text_state.h"
#include "tui/layout.h"
#include "zm/str.h"

enum text_action { TEXT_PAGE = APP_ACTION_OWN };

// clang-format off
static const struct tui_binding bindings[] = {
    {"/",     APP_FILTER,    "search",   "search",   "search in the text", TUI_BIND_BAR},
    {"n",     APP_FIND_NEXT, "next",     "next",     "next match", TUI_BIND_BAR},
    {"N",     APP_FIND_PREV, "previous", "previous", "previous match", TUI_BIND_BAR},
    {"]",     APP_NEXT_TAB,  "value",    "value",    "the other value of the row", TUI_BIND_BAR},
    {"Space", TEXT_PAGE,     "page",     "",         "a page down", 0},
};
static const struct tui_keymap keymap = {"text", "Text", bindings, ZM_COUNT(bindings)};
// clang-format on

/* ---- keys ---- */

static bool move(struct app *app, struct text *t, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };

    if (action == APP_FIRST && t->window.from > 0) {
        text_show_value(app, t, t->value);
        return true;
    }
    /* a key may come before it was drawn for the first time */
    tui_pager_move(&t->pager, moves[action], t->page > 0 ? t->page : tui_rows(app->tui) - 5);
    t->to_end = action == APP_LAST && t->n_values > 0;
    text_load_around(app, t);
    return true;
}

static bool text_act(struct app *app, void *state, int action)
{
    struct text *t = state;
    bool walked = t->finding || t->to_end;

    t->finding = 0;
    t->to_end = false;
    if (walked && (action == APP_ESCAPE || action == APP_CANCEL))
        return true;
    if (action >= APP_UP && action <= APP_LAST)
        return move(app, t, action);
    switch (action) {
    case TEXT_PAGE:
        return move(app, t, APP_PAGE_DOWN);
    case APP_LEFT:
    case APP_RIGHT:
        tui_pager_sideways(&t->pager, action == APP_LEFT ? -8 : 8);
        return true;
    case APP_FILTER:
        t->editing = true;
        tui_edit_set(&t->edit, "");
        return true;
    case APP_FIND_NEXT:
    case APP_FIND_PREV:
        text_find(app, t, action == APP_FIND_NEXT ? 1 : -1);
        return true;
    case APP_NEXT_TAB:
    case APP_PREV_TAB:
        if (t->n_values > 1)
            text_show_value(app, t, (t->value + 1) % t->n_values);
        return true;
    case APP_REFRESH:
        if (t->n_values > 0)
            text_show_value(app, t, t->value);
        return true;
    case APP_COPY:
        app_copy(app, "text", t->window.buf.s);
        return true;
    default:
        return false;
    }
}

static bool text_event(struct app *app, void *state, const struct tui_event *event)
{
    struct text *t = state;

    if (event->type == TUI_EVENT_MOUSE && event->wheel)
        return move(app, t, event->wheel > 0 ? APP_DOWN : APP_UP);
    if (!t->editing)
        return false;
    if (event->type == TUI_EVENT_PASTE) {
        tui_edit_paste(&t->edit, event->text, event->text_len);
        return true;
    }
    if (event->type != TUI_EVENT_KEY)
        return false;
    if (event->key == TUI_KEY_ESC || event->key == (TUI_KEY_CTRL | 'c')) {
        t->editing = false;
    } else if (event->key == TUI_KEY_ENTER) {
        t->editing = false;
        if (t->edit.len > 0)
            zm_copy(t->pager.search, sizeof(t->pager.search), t->edit.text);
        text_find(app, t, 1);
    } else {
        (void)tui_edit_key(&t->edit, event->key);
    }
    return true;
}

/* ---- drawing ---- */

static void draw_rule(struct app *app, const struct text *t, struct tui_box rule)
{
    int col = 1;
    size_t i;

    tui_draw_rule(app->tui, rule, 0, NULL, TUI_DIM);
    col += tui_drawf(app->tui, rule, 0, col, TUI_TITLE, " %s ", t->title) + 2;
    for (i = 0; t->n_values > 1 && i < t->n_values; i++)
        col += tui_drawf(app->tui, rule, 0, col, i == t->value ? TUI_INFO : TUI_DIM,
                         i == t->value ? "[%s]" : " %s ", t->values[i]);
}

static void draw_state(struct app *app, const struct text *t, struct tui_box row)
{
    char line[700];

    if (t->err.kind != ZM_ERR_NONE)
        tui_draw(app->tui, row, 0, 1, TUI_WARN, zm_error_line(&t->err, line, sizeof(line)));
    else if (!app_is_up(app, t->side))
        tui_drawf(app->tui, row, 0, 1, TUI_WARN, "%s is away for %s", db_side_name(t->side),
                  app_age(app, app->status[t->side].since_ms));
    else
        tui_draw(app->tui, row, 0, 1, TUI_DIM, "loading ...");
}

static void text_draw(struct app *app, void *state, struct tui_box body)
{
    struct text *t = state;
    struct tui_box prompt = {body.row + body.rows, body.col, 1, body.cols};
    bool waits = t->window.n == 0 && t->n_values > 0;

    draw_rule(app, t, tui_cut_top(&body, 1));
    if (t->n_values > 0 && (waits || t->err.kind != ZM_ERR_NONE))
        draw_state(app, t, tui_cut_top(&body, 1));
    t->page = body.rows;
    if (!waits && t->n_values > 0 && t->window.buf.len == 0)
        tui_draw(app->tui, body, 0, 1, TUI_DIM, "no value");
    else if (!waits)
        tui_pager_draw(app->tui, tui_inset(body, 0, 1), &t->pager);
    if (t->editing) {
        tui_draw(app->tui, prompt, 0, 1, TUI_INFO, "/");
        tui_edit_draw(app->tui, prompt, 0, 2, prompt.cols - 4, &t->edit);
    }
}

/* How far down in the whole text the last line on the screen is. */
static int percent(const struct text *t)
{
    const struct text_window *w = &t->window;
    size_t line = t->pager.top + (size_t)(t->page > 0 ? t->page : 0);
    size_t bytes = line < t->pager.n_lines ? t->pager.lines[line] : w->buf.len;
    int64_t from = w->to > w->from ? w->piece[w->from].offset : 0;
    int64_t kept =
        w->to > w->from ? w->piece[w->to - 1].offset + w->piece[w->to - 1].chars - from : 0;

    if (w->size <= 0 || w->buf.len == 0)
        return 100;
    return (int)((double)from * 100 / (double)w->size +
                 (double)kept * (double)bytes / (double)w->buf.len * 100 / (double)w->size);
}

static void text_line(struct app *app, void *state, char *dst, size_t size)
{
    const struct text *t = state;
    const char *doing = t->finding                ? "searching ...   "
                        : t->to_end && t->loading ? "to the end; any key stops   "
                                                  : "";

    dst[0] = '\0';
    if (!t->editing && t->window.size > 0)
        snprintf(dst, size, "%s%d%% of %s characters", doing, percent(t),
                 app_count(app, t->window.size, false));
}

static void text_crumb(struct app *app, void *state, char *dst, size_t size)
{
    const struct text *t = state;

    const struct view *view = app->view;

    while (view->under)
        view = view->under;
    snprintf(dst, size, "%s > %s", view->screen->title,
             t->n_values ? t->values[t->value] : "In full");
}

/* ---- opening ---- */

static void text_open(struct app *app, void *state, const char *arg)
{
    struct text *t = state;

    (void)app;
    t->window.size = -1;
    t->pager.found = SIZE_MAX;
    text_window_put(&t->window, 0, zm_text(arg), 0);
    text_refill(t, 0);
}

static void text_close(struct app *app, void *state)
{
    struct text *t = state;

    (void)app;
    tui_pager_done(&t->pager);
    text_window_done(&t->window);
}

static void text_status(struct app *app, void *state, enum db_side side)
{
    struct text *t = state;

    if (side != t->side || !app_is_up(app, side))
        return;
    t->err.kind = ZM_ERR_NONE;
    text_load_around(app, t);
}

void text_show(struct app *app, const char *title, const char *body, int hang)
{
    struct text *t;

    app_show(app, &screen_text, body);
    t = app->view->state;
    t->pager.wrap = true;
    t->pager.hang = hang;
    zm_copy(t->title, sizeof(t->title), title);
}

void text_show_json(struct app *app, enum db_side side, const char *title, const char *row_id,
                    const char *const *values, size_t n)
{
    struct text *t;
    size_t i;

    app_show(app, &screen_text, NULL);
    t = app->view->state;
    zm_copy(t->title, sizeof(t->title), title);
    zm_copy(t->row_id, sizeof(t->row_id), row_id);
    t->side = side;
    for (i = 0; i < n && i < TEXT_VALUES; i++)
        t->values[t->n_values++] = values[i];
    text_show_value(app, t, 0);
}

const struct screen screen_text = {
    .name = "text",
    .title = "Text",
    .keymap = &keymap,
    .state_size = sizeof(struct text),
    .open = text_open,
    .close = text_close,
    .draw = text_draw,
    .act = text_act,
    .event = text_event,
    .done = text_done,
    .status = text_status,
    .crumb = text_crumb,
    .line = text_line,
};
