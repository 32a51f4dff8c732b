/*
 * Somebody wrote since it was seen: what was seen, what is there now, what was wanted. Theirs
 * stays, or the same wish is planned again on theirs; nothing is written from here.
 */
#include "screens/edit_state.h"

#include "screens/audit_state.h"
#include "screens/user_state.h"
#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

#define WRITING_MS 5000 /* its row says when a write began: it may have waited for a lock since */
#define LABELS 18       /* cells beside the table */

/* ---- who wrote ---- */

static bool differs(const struct edit *e, int item, const struct db_values *now)
{
    const struct db_values *seen = &e->edit.seen;

    return seen->known[item] && now->known[item] && !zm_streq(seen->text[item], now->text[item]);
}

static bool any_differs(const struct edit *e, const struct db_values *now)
{
    int item;

    for (item = 0; item < DB_ITEMS; item++)
        if (differs(e, item, now))
            return true;
    return false;
}

/* Whether it left a value that is there now and was not seen. */
static bool wrote(struct edit *e, const struct db_journal_row *row, const struct db_values *now)
{
    struct db_values before, after;
    struct zm_error err;
    int item;

    if (zm_streq(row->outcome, db_result_key(DB_RESULT_NOTHING_CHANGED)) ||
        !db_journal_values(row, &before, &after, &e->texts, &err))
        return false;
    for (item = 0; item < DB_ITEMS; item++)
        if (differs(e, item, now) && after.known[item] &&
            zm_streq(after.text[item], now->text[item]))
            return true;
    return !any_differs(e, now);
}

/* The newest such change since it was seen; undo: since the change that it is about. */
static const struct db_journal_row *writer(struct edit *e, const struct db_values *now)
{
    int64_t age_ms = zm_now_ms() - e->seen_ms + WRITING_MS;
    size_t i;

    for (i = 0; i < e->journal.n; i++) {
        const struct db_journal_row *row = DB_ROW(&e->journal, struct db_journal_row, i);

        if (e->undo_at ? zm_streq(row->id, e->undo_of) : row->age_seconds * 1000 > age_ms)
            return NULL;
        if (wrote(e, row, now))
            return row;
    }
    return NULL;
}

static void add_writer(struct edit *e, const struct db_values *now)
{
    const struct db_journal_row *row = writer(e, now);
    const char *reason = row ? audit_reason(row) : NULL;

    edit_line(e, "Written by", TUI_TEXT,
              row ? zm_arena_printf(&e->texts, "%s, %s, %.40s%s%.200s", audit_who(e->app, row),
                                    app_time(e->app, row->created_at, true), row->action,
                                    reason ? ": " : "", zm_text(reason))
              : e->journal_known
                  ? "no operator, as the journal has it: the application, or SQL by hand"
                  : "not known: the journal could not be read");
}

/* ---- the table ---- */

static int column_cells(const struct edit *e)
{
    int cells = (tui_cols(e->app->tui) - LABELS) / 3;

    return cells > 18 ? 18 : cells < 7 ? 7 : cells;
}

static const char *padded(struct edit *e, const char *text, int cells)
{
    const char *cut = user_cut(e->app, text, cells - 1);
    int used = tui_text_cells(cut, tui_is_ascii(e->app->tui));

    return zm_arena_printf(&e->texts, "%s%*s", cut, used < cells ? cells - used : 1, "");
}

static void add_row(struct edit *e, const char *label, unsigned style, const char *const text[3])
{
    int cells = column_cells(e);

    edit_line(e, label, style,
              zm_arena_printf(&e->texts, "%s%s%s", padded(e, text[0], cells),
                              padded(e, text[1], cells), padded(e, text[2], cells)));
}

/* "11-28 02:14" where there is little room: the minute, of another day the day. */
static const char *shorter(struct edit *e, const char *at, const char *now)
{
    if (strlen(at) != 11 || column_cells(e) > 11)
        return at;
    return strncmp(at, now, 6) == 0 ? at + 6 : zm_arena_strndup(&e->texts, at, 5);
}

/* With when each was so. */
static void add_head(struct edit *e, int64_t now_ms)
{
    static const char *const words[3] = {"SAW", "NOW", "WANT"};
    const char *at[3] = {e->undo_at ? app_time(e->app, e->undo_at, true)
                                    : app_time_of(e->app, e->seen_ms),
                         app_time_of(e->app, now_ms), ""};
    int i;

    if (column_cells(e) < 18) {
        add_row(e, "", TUI_HEAD, words);
        at[0] = shorter(e, at[0], at[1]);
        at[1] = shorter(e, at[1], at[1]);
        add_row(e, "", TUI_DIM, at);
        return;
    }
    for (i = 0; i < 2; i++)
        at[i] = zm_arena_printf(&e->texts, "%s %s", words[i], at[i]);
    at[2] = words[2];
    add_row(e, "", TUI_HEAD, at);
}

static const char *shown(struct edit *e, int item, const char *text)
{
    return edit_shown(&e->texts, db_item_row((enum db_item)item)->column, text);
}

static const char *of(struct edit *e, const struct db_values *values, int item)
{
    return values->known[item] ? shown(e, item, values->text[item]) : "-";
}

/* NULL: it was to stay as it is. With a wish goes what follows from it, as it was planned or as the
 * change that is undone had it: Bot's tier, a right that the tier does not give. */
static const char *wanted(struct edit *e, int item)
{
    if (e->edit.want.known[item])
        return shown(e, item, e->edit.want.text[item]);
    if (e->undo_at && e->undo_to.known[item])
        return shown(e, item, e->undo_to.text[item]);
    return e->decision.set[item] ? shown(e, item, e->decision.to[item]) : NULL;
}

static void add_item(struct edit *e, int item, const struct db_values *now)
{
    const struct db_values *seen = &e->edit.seen;
    const char *want = wanted(e, item);
    const char *const text[3] = {of(e, seen, item), of(e, now, item), want ? want : "-"};

    if (seen->known[item] || want)
        add_row(e, db_item_row((enum db_item)item)->title,
                differs(e, item, now) ? TUI_BAD : TUI_TEXT, text);
}

void edit_conflict(struct edit *e)
{
    bool undo = e->kind == &edit_undo, planned = e->decision.result == DB_RESULT_STALE;
    const struct db_values *now = planned ? &e->now.values : &e->written.after;
    const char *why = planned ? e->decision.message : e->written.message;
    int item;

    zm_arena_reset(&e->texts);
    e->stage = EDIT_CONFLICT;
    if (e->edit.drift)
        db_values_of_both(e->edit.drift, &e->edit.seen);
    snprintf(e->title, sizeof(e->title), "Changed meanwhile  %s", e->who);
    e->form.n_fields = e->form.n_lines = e->form.lines_before = 0;
    e->form.blocked = NULL;
    edit_line(e, NULL, TUI_WARN,
              undo ? "Somebody wrote since that change, so it is not taken back. t and e change "
                     "what is there now."
                   : "Somebody wrote since this was shown. Nothing was written by you.");
    if (!any_differs(e, now)) /* it is no value: a row that came or went */
        edit_line(e, NULL, TUI_BAD, zm_arena_strdup(&e->texts, why));
    add_writer(e, now);
    edit_line(e, "", TUI_HEAD, "");
    add_head(e, planned ? e->seen_ms : zm_now_ms());
    for (item = 0; item < DB_ITEMS; item++)
        add_item(e, item, now);
    e->form.question = undo                      ? "Enter or Esc closes"
                       : e->kind == &edit_repair ? "k keep theirs   r look again how he differs"
                                                 : "k keep theirs   r plan again on theirs";
    e->form.answers = undo ? "" : "kr";
    tui_form_start(&e->form);
    edit_hold(e);
    e->app->dirty = true;
}

/* The wish stays in the fields; what is there now becomes what was seen. */
static void take_theirs(struct edit *e)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++)
        if (e->written.after.known[i])
            db_values_set(&e->now.values, (enum db_item)i,
                          zm_arena_strdup(&e->arena, e->written.after.text[i]));
}

/* What is to be mended follows from how he differs: that is found out anew. */
static void look_again(struct edit *e)
{
    e->suggestion = zm_arena_strdup(&e->arena, e->fields[e->reason].edit.text);
    app_about(e->app, e->about, sizeof(e->about));
    edit_begin_load(e);
}

bool edit_conflict_answer(struct edit *e, int key)
{
    if (key == 'k') {
        app_say(e->app, MESSAGE_INFO, "nothing was written: theirs stays");
        return false;
    }
    snprintf(e->title, sizeof(e->title), "%s  %s", e->kind->title, e->who);
    if (e->kind == &edit_repair) {
        look_again(e);
        return true;
    }
    take_theirs(e);
    e->seen_ms = zm_now_ms();
    e->stage = EDIT_ASKING;
    e->form.n_fields = e->asked_fields;
    e->form.lines_before = e->asked_lines_before;
    e->form.question = e->kind->question;
    e->form.answers = e->kind->answers;
    edit_plan(e);
    if (e->form.blocked)
        tui_form_start(&e->form);
    else
        tui_form_ask(&e->form);
    return true;
}
