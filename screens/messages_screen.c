/*
 * The Messages screen: everything that was said in this session, newest first, and the record under
 * the cursor whole: SQLSTATE, detail, hint. Reads the ring of messages; asks no database.
 */
#include <string.h>

#include "screens/app.h"
#include "screens/match.h"
#include "screens/wrap.h"
#include "tui/edit.h"
#include "tui/layout.h"
#include "tui/table.h"
#include "zm/clock.h"
#include "zm/str.h"

#define WIDE 100 /* columns from which a time is shown with its date */
#define LABEL_CELLS 10
#define BOTH_ROWS 12 /* body rows from which list and record fit together */

enum column { COL_TIME, COL_CLOCK, COL_LEVEL, COL_WHERE, COL_TEXT };

// clang-format off
static const struct tui_column columns[] = {
    {"TIME",  19, 0, 3, TUI_LEFT, COL_TIME},
    {"TIME",   8, 0, 3, TUI_LEFT, COL_CLOCK},
    {"LEVEL",  7, 0, 4, TUI_LEFT, COL_LEVEL},
    {"WHERE", 11, 0, 1, TUI_LEFT, COL_WHERE},
    {"TEXT",  20, 1, 5, TUI_LEFT, COL_TEXT},
};

static const struct {
    const char *word;
    enum tui_style style;
} levels[] = {
    [MESSAGE_INFO]  = {"info",    TUI_DIM},
    [MESSAGE_WARN]  = {"warning", TUI_WARN},
    [MESSAGE_ERROR] = {"error",   TUI_BAD},
};
// clang-format on

static const struct tui_keymap keymap = {"messages", "Messages", NULL, 0};

struct messages_view {
    struct app *app; /* for cells */
    struct tui_table table;
    int page;
    struct tui_edit filter;
    bool editing;
    bool whole;      /* the record is shown below the list */
    uint64_t serial; /* of the message under the cursor; 0: the newest, whichever it is */
    unsigned short at[MESSAGES_MAX]; /* the messages that the filter leaves, newest first */
};

static const struct message *message_at(const struct messages_view *v, size_t row)
{
    return row < v->table.rows ? messages_get(&v->app->messages, v->at[row]) : NULL;
}

static bool matches(const struct message *m, const char *words)
{
    char line[1100];

    if (!words[0])
        return true;
    snprintf(line, sizeof(line), "%s %s %s %s %s %s %s", levels[m->level].word, m->err.where,
             m->err.what, m->err.message, m->err.sqlstate, m->err.detail, m->err.hint);
    return match_words(line, words);
}

/* The list as it is now. A message that comes does not move the one under the cursor, unless that
 * is the newest. */
static void sync(struct messages_view *v)
{
    const struct message *m;
    size_t i;

    v->table.rows = 0;
    for (i = 0; (m = messages_get(&v->app->messages, i)); i++) {
        if (!matches(m, v->filter.text))
            continue;
        if (v->serial == m->serial)
            v->table.cursor = v->table.rows;
        v->at[v->table.rows++] = (unsigned short)i;
    }
    if (v->serial == 0)
        v->table.cursor = 0;
    tui_table_fit(&v->table, v->page);
}

static void hold(struct messages_view *v)
{
    const struct message *m = message_at(v, v->table.cursor);

    v->serial = m && (v->table.cursor > 0 || v->whole) ? m->serial : 0;
}

/* ---- drawing ---- */

static const char *clock_text(struct app *app, const struct message *m)
{
    const char *full = app_time(app, m->time, false);

    return strlen(full) == 19 ? full + 11 : full;
}

static const char *line_text(struct app *app, const struct message *m)
{
    struct zm_error err = m->err;
    char line[700];

    err.where[0] = '\0'; /* has its own column */
    zm_error_line(&err, line, sizeof(line));
    if (m->repeats > 0)
        return zm_arena_printf(&app->frame, "%s  (%u times)", line, m->repeats + 1);
    return zm_arena_strdup(&app->frame, line);
}

static void cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    const struct messages_view *v = context;
    const struct message *m = message_at(v, row);

    if (!m)
        return;
    switch (column) {
    case COL_TIME:
        ret->text = app_time(v->app, m->time, false);
        ret->style = TUI_DIM;
        break;
    case COL_CLOCK:
        ret->text = clock_text(v->app, m);
        ret->style = TUI_DIM;
        break;
    case COL_LEVEL:
        ret->text = levels[m->level].word;
        ret->style = levels[m->level].style;
        break;
    case COL_WHERE:
        ret->text = m->err.where;
        break;
    default:
        ret->text = line_text(v->app, m);
        break;
    }
}

/* "hint      use the session pooler", wrapped beside its label; cuts what it used off the box. */
static void draw_field(struct app *app, struct tui_box *box, const char *label, unsigned style,
                       const char *text)
{
    struct tui_box value = *box;

    if (!text[0] || box->rows <= 0)
        return;
    tui_draw(app->tui, *box, 0, 0, TUI_DIM, label);
    (void)tui_cut_left(&value, LABEL_CELLS);
    (void)tui_cut_top(box, wrap_draw(app, value, style, text));
}

static void draw_record(struct messages_view *v, struct tui_box box)
{
    const struct message *m = message_at(v, v->table.cursor);
    struct app *app = v->app;
    const struct zm_error *err;

    tui_draw_rule(
        app->tui, box, 0,
        zm_arena_printf(&app->frame, "message %zu of %zu", v->table.cursor + 1, v->table.rows),
        TUI_TITLE);
    (void)tui_cut_top(&box, 1);
    box = tui_inset(box, 0, 2);
    if (!m)
        return;
    err = &m->err;
    draw_field(app, &box, levels[m->level].word, levels[m->level].style, err->message);
    draw_field(app, &box, "attempted", TUI_TEXT, err->what);
    draw_field(app, &box, "where", TUI_TEXT, err->where);
    draw_field(app, &box, "SQLSTATE", TUI_TEXT, err->sqlstate);
    draw_field(app, &box, "detail", TUI_TEXT, err->detail);
    draw_field(app, &box, "hint", TUI_INFO, err->hint);
    draw_field(app, &box, "time", TUI_TEXT,
               zm_arena_printf(&app->frame, "%s %s", app_time(app, m->time, false),
                               app->local_time ? "local" : "UTC"));
    if (m->repeats > 0)
        draw_field(app, &box, "repeated", TUI_TEXT,
                   zm_arena_printf(&app->frame, "%u times, last then", m->repeats));
}

static void draw_prompt(struct messages_view *v, struct tui_box body)
{
    struct tui_box row = {body.row + body.rows, body.col, 1, body.cols};

    tui_draw(v->app->tui, row, 0, 1, TUI_INFO, "/");
    tui_edit_draw(v->app->tui, row, 0, 2, row.cols - 4, &v->filter);
}

static void messages_draw(struct app *app, void *state, struct tui_box body)
{
    struct messages_view *v = state;
    struct tui_box box = body, record;

    sync(v);
    v->table.hidden = body.cols >= WIDE ? 1u << COL_CLOCK : 1u << COL_TIME;
    v->table.empty =
        v->filter.len > 0 ? "no message matches; Esc clears the filter" : "nothing was said yet";
    if (v->whole) {
        record = tui_cut_bottom(&box, body.rows < BOTH_ROWS ? body.rows : body.rows / 2);
        draw_record(v, record);
    }
    if (box.rows > 0)
        v->page = tui_table_draw(app->tui, box, &v->table, true);
    if (v->editing)
        draw_prompt(v, body);
}

/* ---- keys ---- */

static bool move(struct messages_view *v, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };

    sync(v);
    tui_table_move(&v->table, moves[action], v->page);
    hold(v);
    return true;
}

static void set_filter(struct messages_view *v, const char *text)
{
    tui_edit_set(&v->filter, text);
    v->editing = false;
}

static void toggle_whole(struct messages_view *v)
{
    sync(v);
    v->whole = !v->whole && v->table.rows > 0;
    hold(v);
}

static void copy_record(struct app *app, struct messages_view *v)
{
    const struct message *m;
    char line[700];

    sync(v);
    m = message_at(v, v->table.cursor);
    if (!m)
        return;
    zm_error_line(&m->err, line, sizeof(line));
    app_copy(app, "message",
             zm_arena_printf(&app->frame, "%s %s %s%s%s%s%s", m->time, levels[m->level].word, line,
                             m->err.detail[0] ? "\ndetail: " : "", m->err.detail,
                             m->err.hint[0] ? "\nhint: " : "", m->err.hint));
}

static bool messages_act(struct app *app, void *state, int action)
{
    struct messages_view *v = state;

    if (action >= APP_UP && action <= APP_LAST)
        return move(v, action);
    switch (action) {
    case APP_OPEN:
        toggle_whole(v);
        return true;
    case APP_FILTER:
        v->editing = true;
        return true;
    case APP_COPY:
        copy_record(app, v);
        return true;
    case APP_ESCAPE:
        if (v->whole)
            toggle_whole(v);
        else if (v->filter.len > 0)
            set_filter(v, "");
        else
            return false;
        return true;
    default:
        return false;
    }
}

static bool prompt_key(struct messages_view *v, int key)
{
    if (key == TUI_KEY_ESC || key == (TUI_KEY_CTRL | 'c'))
        set_filter(v, "");
    else if (key == TUI_KEY_ENTER)
        v->editing = false;
    else if (key == TUI_KEY_UP || key == TUI_KEY_DOWN)
        return move(v, key == TUI_KEY_UP ? APP_UP : APP_DOWN);
    else
        (void)tui_edit_key(&v->filter, key);
    return true;
}

static bool messages_event(struct app *app, void *state, const struct tui_event *event)
{
    struct messages_view *v = state;

    (void)app;
    if (event->type == TUI_EVENT_MOUSE && event->wheel)
        return move(v, event->wheel > 0 ? APP_DOWN : APP_UP);
    if (!v->editing)
        return false;
    if (event->type == TUI_EVENT_PASTE) {
        tui_edit_paste(&v->filter, event->text, event->text_len);
        return true;
    }
    return event->type == TUI_EVENT_KEY && prompt_key(v, event->key);
}

/* ---- around the list ---- */

static void messages_open(struct app *app, void *state, const char *arg)
{
    struct messages_view *v = state;

    (void)arg;
    v->app = app;
    v->table.columns = columns;
    v->table.n_columns = ZM_COUNT(columns);
    v->table.sorted = -1;
    v->table.cell = cell;
    v->table.context = v;
}

/* What is on the screen has been read. */
static int64_t messages_deadline(struct app *app, void *state)
{
    (void)state;
    return app->messages.unread > 0 ? 0 : ZM_NEVER;
}

static void messages_tick(struct app *app, void *state)
{
    (void)state;
    app->messages.unread = 0;
    app->dirty = true;
}

static void messages_crumb(struct app *app, void *state, char *dst, size_t size)
{
    const struct messages_view *v = state;

    if (v->filter.len > 0)
        snprintf(dst, size, "Messages /%s   %zu of %zu", v->filter.text, v->table.rows,
                 app->messages.n);
    else
        snprintf(dst, size, "Messages   %zu", app->messages.n);
}

static void messages_line(struct app *app, void *state, char *dst, size_t size)
{
    const struct messages_view *v = state;

    (void)app;
    if (v->editing)
        dst[0] = '\0';
    else
        snprintf(dst, size, "newest first, the last %d of this session", MESSAGES_MAX);
}

const struct screen screen_messages = {
    .name = "messages",
    .title = "Messages",
    .key = '7',
    .single = true,
    .keymap = &keymap,
    .bar = "open filter",
    .state_size = sizeof(struct messages_view),
    .open = messages_open,
    .draw = messages_draw,
    .act = messages_act,
    .event = messages_event,
    .deadline = messages_deadline,
    .tick = messages_tick,
    .crumb = messages_crumb,
    .line = messages_line,
};
