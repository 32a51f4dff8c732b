/*
 * How a change looks: a line of the list, and all that is known of it.
 */
#include <string.h>

#include "screens/audit_change.h"
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
    {"WHO",     8, 1, 3, TUI_LEFT, COL_WHO},
    {"WHAT",   14, 0, 4, TUI_LEFT, COL_WHAT},
    {"USER",   16, 4, 8, TUI_LEFT, COL_USER},
    {"CHANGE", 13, 16, 7, TUI_LEFT, COL_CHANGE},
    {"REASON", 14, 5, 2, TUI_LEFT, COL_REASON},
    {"RESULT",  8, 0, 5, TUI_LEFT, COL_END},
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

static const char *change_of(struct app *app, const struct db_journal_row *row)
{
    return audit_change(&app->frame, row, app_value(app, NULL));
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

const char *audit_reason(const struct db_journal_row *row)
{
    return row->reason ? row->reason : row->reason_later;
}

static const char *reason_of(const struct db_journal_row *row, unsigned *style)
{
    if (audit_is_owed(row)) {
        *style = TUI_WARN;
        return "owed: r gives it";
    }
    return audit_reason(row);
}

const char *audit_who(struct app *app, const struct db_journal_row *row)
{
    if (!row->os_user)
        return zm_text(row->db_role);
    return zm_arena_printf(&app->frame, "%s%s%s", row->os_user, row->host ? "@" : "",
                           zm_text(row->host));
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
        ret->text = !row->outcome ? "?" : audit_is_owed(row) ? "!" : "";
        style = !row->outcome ? TUI_BAD : TUI_WARN;
        break;
    case COL_TIME:
        ret->text = app_time(a->app, row->created_at, true);
        style = TUI_DIM;
        break;
    case COL_WHO:
        ret->text = audit_who(a->app, row);
        break;
    case COL_WHAT:
        ret->text = audit_action(row);
        break;
    case COL_USER:
        ret->text = row->email ? row->email : zm_text(row->subject);
        ret->id = row->subject;
        break;
    case COL_CHANGE:
        ret->text = change_of(a->app, row);
        style = row->outcome ? TUI_STRONG : TUI_BAD;
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

/* Rows of the record go by; those from `top` on that fit are drawn. */
struct record {
    struct app *app;
    struct tui_box box;
    int top, at;
};

static void field(struct record *r, const char *label, unsigned style, const char *text)
{
    struct tui_box box = r->box;
    bool first = true;

    if (!text)
        return;
    (void)tui_cut_left(&box, LABEL_CELLS);
    for (; *text; r->at++, first = false) {
        const char *next;
        size_t len = wrap_line(text, box.cols, tui_is_ascii(r->app->tui), &next);
        int row = r->at - r->top;

        if (row >= 0 && row < box.rows) {
            if (first)
                tui_draw(r->app->tui, r->box, row, 0, TUI_DIM, label);
            tui_draw_span(r->app->tui, box, row, 0, style, text, len, 0);
        }
        text = next;
    }
}

static const char *both(struct app *app, const char *before, const char *after)
{
    if (!before && !after)
        return NULL;
    return zm_arena_printf(&app->frame, "%s -> %s", app_value(app, before), app_value(app, after));
}

static void fields(struct record *r, const struct db_journal_row *row)
{
    struct app *app = r->app;
    unsigned style = TUI_TEXT;
    const char *end = end_of(row, &style);

    field(r, "user", TUI_STRONG,
          zm_arena_printf(&app->frame, "%s   %s", row->email ? row->email : "(no login)",
                          zm_text(row->subject)));
    field(r, "change", TUI_STRONG, change_of(app, row));
    field(r, "in ZmartBot", TUI_TEXT, both(app, row->bot_before, row->bot_after));
    if (unfinished_leg(app, row->id))
        end = zm_arena_printf(&app->frame, "%s: %s", end, unfinished_leg(app, row->id));
    field(r, "result", style, end);
    style = TUI_TEXT;
    end = reason_of(row, &style);
    field(r, "reason", style, end);
    field(r, "when", TUI_TEXT,
          zm_arena_printf(&app->frame, "%s %s", app_time(app, row->created_at, false),
                          app->local_time ? "local" : "UTC"));
    field(r, "role", TUI_TEXT, row->db_role);
    field(r, "claimed", TUI_TEXT,
          zm_arena_printf(&app->frame, "%s at %s%s%s%s%s", zm_text(row->os_user),
                          zm_text(row->host), row->loginuid ? ", login uid " : "",
                          zm_text(row->loginuid), row->ssh ? ", SSH " : "", zm_text(row->ssh)));
    field(r, "request", TUI_TEXT, row->id);
    field(r, "takes back", TUI_TEXT, row->undo_of);
    field(r, "undone by", TUI_TEXT, row->undone_by);
    field(r, "metadata", TUI_DIM, row->metadata);
}

/* "PgDn  12 more rows", where the record is longer than its place. */
static const char *rest_text(struct audit *a, int rows)
{
    int below = a->record_rows - a->record_top - rows;

    if (below > 0)
        return zm_arena_printf(&a->app->frame, "PgDn  %d more row%s", below, below == 1 ? "" : "s");
    return a->record_top > 0 ? "PgUp  back" : "";
}

void audit_scroll_record(struct audit *a, int rows)
{
    int last = a->record_rows - a->record_page;

    a->record_top += rows;
    if (a->record_top > last)
        a->record_top = last;
    if (a->record_top < 0)
        a->record_top = 0;
}

static void draw_below(struct audit *a, struct tui_box box, int row, const char *label,
                       unsigned style, const char *text)
{
    tui_draw(a->app->tui, box, row, 1, TUI_DIM, label);
    tui_draw_field(a->app->tui, box, row, 8, box.cols - 9, TUI_LEFT, style, text);
}

void audit_draw_below(struct audit *a, struct tui_box box)
{
    const struct db_journal_row *row = audit_row(a, a->table.cursor);
    unsigned style = TUI_TEXT;
    const char *reason;

    if (!row)
        return;
    draw_below(a, box, 0, "change", TUI_STRONG, change_of(a->app, row));
    reason = reason_of(row, &style);
    draw_below(a, box, 1, "reason", style, zm_text(reason));
}

void audit_draw_record(struct audit *a, struct tui_box box)
{
    const struct db_journal_row *row = audit_row(a, a->table.cursor);
    struct record nothing = {a->app, {0}, 0, 0}, drawn = nothing;
    struct tui_box rule = box;
    const char *rest;

    if (!row)
        return;
    (void)tui_cut_top(&box, 1);
    nothing.box = drawn.box = tui_inset(box, 0, 2);
    nothing.box.rows = 0;
    fields(&nothing, row); /* how long it is */
    a->record_rows = nothing.at;
    a->record_page = box.rows;
    audit_scroll_record(a, 0);
    drawn.top = a->record_top;
    fields(&drawn, row);
    tui_draw_rule(a->app->tui, rule, 0, audit_action(row), TUI_TITLE);
    rest = rest_text(a, box.rows);
    if (rest[0])
        tui_draw(a->app->tui, rule, 0, rule.cols - (int)strlen(rest) - 4, TUI_DIM,
                 zm_arena_printf(&a->app->frame, " %s ", rest));
}
