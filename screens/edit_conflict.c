/*
 * Somebody wrote since it was seen: what was seen, what is there now, what was wanted. Theirs
 * stays, or the same wish is planned again on theirs; nothing is written from here.
 */
#include "screens/edit_state.h"

#include "screens/user_state.h"
#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

#define SHOWN_MS 10000 /* so old may be what the dialog was opened on */

static const char *padded(struct edit *e, const char *text, int cells)
{
    const char *cut = user_cut(e->app, text, cells - 1);
    int used = tui_text_cells(cut, tui_is_ascii(e->app->tui));

    return zm_arena_printf(&e->texts, "%s%*s", cut, used < cells ? cells - used : 1, "");
}

static void add_row(struct edit *e, const char *label, unsigned style, const char *const text[3])
{
    int cells = tui_cols(e->app->tui) < 76 ? 7 : 18;

    edit_line(e, label, style,
              zm_arena_printf(&e->texts, "%s%s%s", padded(e, text[0], cells),
                              padded(e, text[1], cells), padded(e, text[2], cells)));
}

static const char *of(const struct db_values *values, int item)
{
    return values->known[item] ? edit_shown(values->text[item]) : "-";
}

static void add_item(struct edit *e, int item, const struct db_values *now)
{
    const struct db_values *seen = &e->edit.seen, *want = &e->edit.want;
    const char *const text[3] = {of(seen, item), of(now, item), of(want, item)};
    bool differs =
        seen->known[item] && now->known[item] && !zm_streq(seen->text[item], now->text[item]);

    if (seen->known[item] || want->known[item])
        add_row(e, db_item_row((enum db_item)item)->title, differs ? TUI_BAD : TUI_TEXT, text);
}

void edit_conflict_by(struct edit *e, const struct db_rows *journal)
{
    const struct db_journal_row *row =
        journal->n > 0 ? DB_ROW(journal, struct db_journal_row, 0) : NULL;
    int64_t age_ms = zm_now_ms() - e->seen_ms + SHOWN_MS;

    if (row && row->age_seconds * 1000 <= age_ms)
        snprintf(e->writer, sizeof(e->writer), "%.60s@%.60s, %s, %.40s",
                 zm_text(row->os_user ? row->os_user : row->db_role), zm_text(row->host),
                 app_time(e->app, row->created_at, true), row->action);
    else
        snprintf(e->writer, sizeof(e->writer),
                 "no operator, as the journal has it: the application, or SQL by hand");
}

void edit_conflict(struct edit *e)
{
    static const char *const head[3] = {"SAW", "NOW", "WANT"};
    bool undo = e->kind == &edit_undo;
    const struct db_values *now =
        e->decision.result == DB_RESULT_STALE ? &e->now.values : &e->written.after;
    int item;

    zm_arena_reset(&e->texts);
    e->stage = EDIT_CONFLICT;
    snprintf(e->title, sizeof(e->title), "Changed meanwhile  %s", e->who);
    e->form.n_fields = e->form.n_lines = e->form.lines_before = 0;
    e->form.blocked = NULL;
    edit_line(e, NULL, TUI_WARN,
              undo ? "Somebody wrote since that change, so it is not taken back. t and e change "
                     "what is there now."
                   : "Somebody wrote since this was shown. Nothing was written by you.");
    if (e->writer[0])
        edit_line(e, "Written by", TUI_TEXT, e->writer);
    edit_line(e, "", TUI_HEAD, "");
    add_row(e, "", TUI_HEAD, head);
    for (item = 0; item < DB_ITEMS; item++)
        add_item(e, item, now);
    e->form.question = undo ? "Enter or Esc closes" : "k keep theirs   r plan again on theirs";
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

bool edit_conflict_answer(struct edit *e, int key)
{
    if (key == 'k') {
        app_say(e->app, MESSAGE_INFO, "nothing was written: theirs stays");
        return false;
    }
    take_theirs(e);
    e->seen_ms = zm_now_ms();
    snprintf(e->title, sizeof(e->title), "%s  %s", e->kind->title, e->who);
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
