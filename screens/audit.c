/*
 * The Audit screen: what operators did, newest first, those whose reason is owed on top; the record
 * under the cursor; undo, finish, reason, export. Reads the journal; writes through the dialogs.
 */
#include <string.h>

#include "screens/audit_state.h"
#include "screens/edit.h"
#include "screens/export.h"
#include "screens/wrap.h"
#include "tui/layout.h"
#include "zm/clock.h"
#include "zm/str.h"

#define BOTH_ROWS 14 /* body rows from which list and record fit together */

enum audit_action_id {
    AUDIT_UNDO = APP_ACTION_OWN,
    AUDIT_REASON,
    AUDIT_FINISH,
    AUDIT_USER,
    AUDIT_EXPORT
};

/* clang-format off */
static const struct tui_binding bindings[] = {
    {"u", AUDIT_UNDO,   "undo",   "undo",    "take this change back; an open one is reversed", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"r", AUDIT_REASON, "reason", "reason",  "give the reason that is owed", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"f", AUDIT_FINISH, "finish", "finish",  "finish a change that is open", TUI_BIND_WRITE},
    {"i", AUDIT_USER,   "user",   "user",    "open the user", TUI_BIND_BAR},
    {"E", AUDIT_EXPORT, "export", "export",  "write the journal to a file", 0},
};
/* clang-format on */
static const struct tui_keymap keymap = {"audit", "Audit", bindings, ZM_COUNT(bindings)};

static const struct db_journal_row *current(const struct audit *a)
{
    return audit_row(a, a->table.cursor);
}

/* The cursor stays on its change while rows come and go; on the first row it stays on top. */
static void sync(struct audit *a)
{
    const struct db_journal_row *row;
    size_t i;

    a->table.rows = a->n;
    if (!a->at[0])
        a->table.cursor = 0;
    for (i = 0; a->at[0] && (row = audit_row(a, i)); i++) {
        if (!zm_streq(row->id, a->at))
            continue;
        a->table.cursor = i;
        break;
    }
    tui_table_fit(&a->table, a->page);
}

static void hold(struct audit *a)
{
    const struct db_journal_row *row = current(a);

    zm_copy(a->at, sizeof(a->at), row && (a->table.cursor > 0 || a->whole) ? row->id : "");
}

/* ---- drawing ---- */

static const char *empty_text(const struct audit *a)
{
    if (a->filter.len > 0)
        return a->has_read ? "no change matches; Esc clears the filter" : "reading ...";
    return a->has_read ? "operators have changed nothing yet" : "reading ...";
}

static void draw_prompt(struct audit *a, struct tui_box body)
{
    struct tui_box row = {body.row + body.rows, body.col, 1, body.cols};

    tui_draw(a->app->tui, row, 0, 1, TUI_INFO, "/");
    tui_edit_draw(a->app->tui, row, 0, 2, row.cols - 4, &a->filter);
}

static void audit_draw(struct app *app, void *state, struct tui_box body)
{
    struct audit *a = state;
    struct tui_box box = body, record;

    sync(a);
    if (app->status[DB_BRAIN].facts.journal_unprotected) {
        struct tui_box warning = tui_cut_top(&box, 1);

        tui_draw(app->tui, warning, 0, 1, TUI_WARN,
                 "unprotected journal: anon or authenticated may write user_activity");
    }
    if (a->err.kind != ZM_ERR_NONE)
        (void)tui_cut_top(&box, wrap_error(app, tui_inset(box, 0, 1), &a->err));
    a->table.empty = a->err.kind == ZM_ERR_NONE ? empty_text(a) : "";
    if (a->whole) {
        record = tui_cut_bottom(&box, body.rows < BOTH_ROWS ? box.rows : box.rows * 2 / 3);
        audit_draw_record(a, record);
    } else if (body.cols < AUDIT_WIDE && box.rows > 3) {
        audit_draw_below(a, tui_cut_bottom(&box, AUDIT_BELOW));
    }
    if (box.rows > 0)
        a->page = tui_table_draw(app->tui, box, &a->table, true);
    if (a->editing)
        draw_prompt(a, body);
}

/* ---- keys ---- */

/* Where the record is shown, pages are its own; single steps go from change to change. */
static bool scroll_record(struct audit *a, int action)
{
    int page = a->record_page > 2 ? a->record_page - 1 : 1;

    switch (action) {
    case APP_PAGE_DOWN:
        audit_scroll_record(a, page);
        return true;
    case APP_PAGE_UP:
        audit_scroll_record(a, -page);
        return true;
    case APP_HALF_DOWN:
        audit_scroll_record(a, (page + 1) / 2);
        return true;
    case APP_HALF_UP:
        audit_scroll_record(a, -(page + 1) / 2);
        return true;
    default:
        a->record_top = 0;
        return false;
    }
}

static bool move(struct app *app, struct audit *a, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };

    if (a->whole && scroll_record(a, action))
        return true;
    sync(a);
    tui_table_move(&a->table, moves[action], a->page);
    hold(a);
    audit_load_more(app, a);
    return true;
}

static void set_filter(struct app *app, struct audit *a, const char *text)
{
    tui_edit_set(&a->filter, text);
    a->editing = false;
    a->at[0] = '\0';
    audit_load(app, a);
}

static void undo(struct app *app, const struct db_journal_row *row)
{
    const char *who = row->email ? row->email : row->subject;

    if (!row->outcome)
        edit_finish_request(app, row->subject, who, row->id, true);
    else
        edit_undo_request(app, row->subject, who, row->id);
}

static void finish(struct app *app, const struct db_journal_row *row)
{
    if (row->outcome)
        app_say(app, MESSAGE_INFO, "this change has ended: %s", row->outcome);
    else
        edit_finish_request(app, row->subject, row->email ? row->email : row->subject, row->id,
                            false);
}

static bool act_on_row(struct app *app, struct audit *a, int action)
{
    const struct db_journal_row *row;

    sync(a);
    row = current(a);
    if (!row) {
        app_say(app, MESSAGE_INFO, "there is no change under the cursor");
        return true;
    }
    if (action != APP_COPY && (!row->subject || !zm_is_uuid(row->subject))) {
        app_say(app, MESSAGE_WARN, "this row names no user: zmartctl did not write it");
        return true;
    }
    switch (action) {
    case AUDIT_UNDO:
        undo(app, row);
        break;
    case AUDIT_REASON:
        audit_give_reason(app, a, row);
        break;
    case AUDIT_FINISH:
        finish(app, row);
        break;
    case AUDIT_USER:
        app_show(app, &screen_user, row->subject);
        break;
    default:
        app_copy(app, "request", row->id);
        break;
    }
    return true;
}

static bool escape(struct app *app, struct audit *a)
{
    if (a->whole) {
        a->whole = false;
        hold(a);
        return true;
    }
    if (a->filter.len == 0)
        return false;
    set_filter(app, a, "");
    return true;
}

static bool audit_act(struct app *app, void *state, int action)
{
    struct audit *a = state;

    if (action >= APP_UP && action <= APP_LAST)
        return move(app, a, action);
    switch (action) {
    case AUDIT_UNDO:
    case AUDIT_REASON:
    case AUDIT_FINISH:
    case AUDIT_USER:
    case APP_COPY:
        return act_on_row(app, a, action);
    case AUDIT_EXPORT:
        export_open(app, "audit", "the journal", "", NULL);
        return true;
    case APP_OPEN:
        sync(a);
        a->whole = !a->whole && a->table.rows > 0;
        a->record_top = 0;
        hold(a);
        return true;
    case APP_FILTER:
        a->editing = true;
        return true;
    case APP_REFRESH:
        audit_load(app, a);
        return true;
    case APP_ESCAPE:
        return escape(app, a);
    default:
        return false;
    }
}

static bool prompt_key(struct app *app, struct audit *a, int key)
{
    if (key == TUI_KEY_ESC || key == (TUI_KEY_CTRL | 'c'))
        set_filter(app, a, "");
    else if (key == TUI_KEY_ENTER)
        a->editing = false;
    else if (key == TUI_KEY_UP || key == TUI_KEY_DOWN)
        return move(app, a, key == TUI_KEY_UP ? APP_UP : APP_DOWN);
    else if (tui_edit_key(&a->filter, key))
        audit_load(app, a);
    return true;
}

static bool audit_event(struct app *app, void *state, const struct tui_event *event)
{
    struct audit *a = state;

    if (event->type == TUI_EVENT_MOUSE && event->wheel)
        return move(app, a, event->wheel > 0 ? APP_DOWN : APP_UP);
    if (!a->editing)
        return false;
    if (event->type == TUI_EVENT_PASTE) {
        tui_edit_paste(&a->filter, event->text, event->text_len);
        audit_load(app, a);
        return true;
    }
    return event->type == TUI_EVENT_KEY && prompt_key(app, a, event->key);
}

/* ---- around the list ---- */

static void audit_open(struct app *app, void *state, const char *arg)
{
    struct audit *a = state;

    a->app = app;
    a->table.columns = audit_columns;
    a->table.n_columns = audit_n_columns;
    a->table.sorted = -1;
    a->table.cell = audit_cell;
    a->table.context = a;
    tui_edit_set(&a->filter, arg ? arg : "");
    audit_load(app, a);
}

static void audit_close(struct app *app, void *state)
{
    (void)app;
    audit_forget(state);
}

static void audit_done(struct app *app, void *state, struct db_job *job)
{
    if (!audit_reason_done(app, state, job))
        audit_job_done(app, state, job);
}

static void audit_status(struct app *app, void *state, enum db_side side)
{
    if (side == DB_BRAIN && app_is_up(app, DB_BRAIN))
        audit_load(app, state);
}

static void audit_crumb(struct app *app, void *state, char *dst, size_t size)
{
    const struct audit *a = state;

    (void)app;
    snprintf(dst, size, "Audit%s%s", a->filter.len ? " /" : "", a->filter.text);
}

static void audit_line(struct app *app, void *state, char *dst, size_t size)
{
    const struct audit *a = state;
    if (a->editing) {
        dst[0] = '\0';
        return;
    }
    snprintf(dst, size, "newest first   %s%s   %zu reason%s owed%s",
             app_count(app, (int64_t)a->n, false), a->at_end ? " in all" : " so far", a->owed.n,
             a->owed.n == 1 ? "" : "s", app_is_up(app, DB_BRAIN) ? "" : "   ZmartyBrain is away");
}

const struct screen screen_audit = {
    .name = "audit",
    .title = "Audit",
    .key = '5',
    .single = true,
    .keymap = &keymap,
    .bar = "open filter",
    .state_size = sizeof(struct audit),
    .open = audit_open,
    .close = audit_close,
    .draw = audit_draw,
    .act = audit_act,
    .event = audit_event,
    .done = audit_done,
    .status = audit_status,
    .crumb = audit_crumb,
    .line = audit_line,
};
