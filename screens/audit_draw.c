/*
 * How a change looks: a line of the list, and all that is known of it.
 */
#include <string.h>

#include "screens/audit_state.h"
#include "screens/wrap.h"
#include "tui/layout.h"
#include "zm/str.h"

#define LABEL_CELLS 12

enum column { COL_SIGN, COL_TIME, COL_WHO, COL_WHAT, COL_USER, COL_CHANGE, COL_REASON, COL_END };

/* clang-format off */
const struct tui_column audit_columns[] = {
    {"",        1, 0, 9, TUI_LEFT, COL_SIGN},
    {"TIME",   11, 0, 6, TUI_LEFT, COL_TIME},
    {"WHO",    10, 0, 4, TUI_LEFT, COL_WHO},
    {"WHAT",   14, 0, 5, TUI_LEFT, COL_WHAT},
    {"USER",   16, 2, 8, TUI_LEFT, COL_USER},
    {"CHANGE", 13, 1, 7, TUI_LEFT, COL_CHANGE},
    {"REASON", 14, 3, 2, TUI_LEFT, COL_REASON},
    {"RESULT",  9, 0, 3, TUI_LEFT, COL_END},
};
/* clang-format on */
const size_t audit_n_columns = ZM_COUNT(audit_columns);

const char *audit_action(const struct db_journal_row *row)
{
    const char *dot = strchr(zm_text(row->action), '.');

    return dot ? dot + 1 : zm_text(row->action);
}

bool audit_is_owed(const struct db_journal_row *row)
{
    return !row->reason && !row->reason_later;
}

static const char *value(const struct app *app, const char *text)
{
    return zm_streq(text, "true") ? "on" : zm_streq(text, "false") ? "off" : app_value(app, text);
}

const char *audit_change(struct app *app, const struct db_journal_row *row)
{
    if (!row->before && !row->after)
        return "";
    return zm_arena_printf(&app->frame, "%.40s -> %.40s", value(app, row->before),
                           value(app, row->after));
}

/* What became of it; "open" where nobody wrote that down. */
static const char *end_of(const struct db_journal_row *row, unsigned *style)
{
    if (row->undone_by) {
        *style = TUI_DIM;
        return "undone";
    }
    if (!row->outcome) {
        *style = TUI_BAD;
        return "open";
    }
    *style = zm_streq(row->outcome, "done") ? TUI_GOOD : TUI_WARN;
    return zm_streq(row->outcome, "nothing_changed") ? "not done" : row->outcome;
}

static const char *reason_of(const struct db_journal_row *row, unsigned *style)
{
    if (audit_is_owed(row)) {
        *style = TUI_WARN;
        return "owed: r gives it";
    }
    return row->reason ? row->reason : row->reason_later;
}

void audit_cell(void *context, size_t i, int column, struct tui_cell *ret)
{
    const struct audit *a = context;
    unsigned style = TUI_TEXT;
    const struct db_journal_row *row = audit_row(a, i);

    if (!row)
        return;
    switch (column) {
    case COL_SIGN:
        ret->text = !row->outcome ? "!" : i < a->owed.n ? "?" : "";
        style = TUI_WARN;
        break;
    case COL_TIME:
        ret->text = app_time(a->app, row->created_at, true);
        style = TUI_DIM;
        break;
    case COL_WHO:
        ret->text = row->os_user ? row->os_user : zm_text(row->db_role);
        break;
    case COL_WHAT:
        ret->text = audit_action(row);
        break;
    case COL_USER:
        ret->text = row->email ? row->email : zm_text(row->subject);
        break;
    case COL_CHANGE:
        ret->text = audit_change(a->app, row);
        style = TUI_STRONG;
        break;
    case COL_REASON:
        ret->text = reason_of(row, &style);
        break;
    default:
        ret->text = end_of(row, &style);
        break;
    }
    ret->style = (enum tui_style)style;
}

/* ---- the record ---- */

static void field(struct app *app, struct tui_box *box, const char *label, unsigned style,
                  const char *text)
{
    struct tui_box value_box = *box;

    if (!text || !text[0] || box->rows <= 0)
        return;
    tui_draw(app->tui, *box, 0, 0, TUI_DIM, label);
    (void)tui_cut_left(&value_box, LABEL_CELLS);
    (void)tui_cut_top(box, wrap_draw(app, value_box, style, text));
}

static const char *both(struct app *app, const char *before, const char *after)
{
    if (!before && !after)
        return NULL;
    return zm_arena_printf(&app->frame, "%s -> %s", value(app, before), value(app, after));
}

void audit_draw_record(struct audit *a, struct tui_box box)
{
    struct app *app = a->app;
    unsigned style = TUI_TEXT;
    const struct db_journal_row *row = audit_row(a, a->table.cursor);
    const char *end;

    if (!row)
        return;
    tui_draw_rule(app->tui, box, 0, audit_action(row), TUI_TITLE);
    (void)tui_cut_top(&box, 1);
    box = tui_inset(box, 0, 2);
    field(app, &box, "user", TUI_STRONG,
          zm_arena_printf(&app->frame, "%s   %s", row->email ? row->email : "(no login)",
                          zm_text(row->subject)));
    field(app, &box, "change", TUI_STRONG, both(app, row->before, row->after));
    field(app, &box, "in ZmartBot", TUI_TEXT, both(app, row->bot_before, row->bot_after));
    end = end_of(row, &style);
    field(app, &box, "result", style, end);
    style = TUI_TEXT;
    field(app, &box, "reason", style, row->reason ? row->reason : row->reason_later);
    field(app, &box, "when", TUI_TEXT,
          zm_arena_printf(&app->frame, "%s %s", app_time(app, row->created_at, false),
                          app->local_time ? "local" : "UTC"));
    field(app, &box, "role", TUI_TEXT, row->db_role);
    field(app, &box, "claimed", TUI_TEXT,
          zm_arena_printf(&app->frame, "%s at %s%s%s%s%s", zm_text(row->os_user),
                          zm_text(row->host), row->loginuid ? ", login uid " : "",
                          zm_text(row->loginuid), row->ssh ? ", SSH " : "", zm_text(row->ssh)));
    field(app, &box, "request", TUI_TEXT, row->id);
    field(app, &box, "takes back", TUI_TEXT, row->undo_of);
    field(app, &box, "undone by", TUI_TEXT, row->undone_by);
    field(app, &box, "metadata", TUI_DIM, row->metadata);
}
