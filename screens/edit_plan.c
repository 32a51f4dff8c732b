/*
 * What will be done, as the person reads it before he says yes: the very decision that the write
 * will take under the locks, as lines before -> after by database.
 */
#include "screens/edit_state.h"

#include "screens/reason.h"
#include "tui/text.h"
#include "zm/str.h"

void edit_line(struct edit *e, const char *label, unsigned style, const char *text)
{
    if (e->form.n_lines < EDIT_LINES)
        e->lines[e->form.n_lines++] = (struct tui_form_line){label, text, style};
}

const char *edit_shown(struct zm_arena *arena, const char *column, const char *text)
{
    bool right = zm_streq(column, "trading_enabled") || zm_streq(column, "api_access");

    if (right && text)
        return zm_streq(text, "true") ? "on" : zm_streq(text, "false") ? "off" : text;
    return text ? zm_quoted(arena, text) : "NULL";
}

void edit_seen(struct edit *e, enum db_item item)
{
    if (e->now.values.known[item])
        db_values_set(&e->edit.seen, item, e->now.values.text[item]);
}

void edit_want(struct edit *e, enum db_item item, const char *text)
{
    db_values_set(&e->edit.want, item, text);
}

/* ---- lines ---- */

/* The column, or the table of a whole row; which database it is stands before it. */
static const char *name_of(const struct db_plan_line *line)
{
    return line->column[0] ? line->column : line->table;
}

static int name_cells(const struct db_plan_line *lines, size_t n)
{
    int most = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        int cells = (int)strlen(name_of(&lines[i]));

        most = cells > most ? cells : most;
    }
    return most;
}

/* Switching a right is what the eye should find. */
static unsigned style_of(const struct db_plan_line *line)
{
    return zm_streq(line->after, "false") || zm_streq(line->after, "true") ? TUI_WARN : TUI_TEXT;
}

static const char *text_of(struct edit *e, const struct db_plan_line *line, int cells)
{
    const char *text;

    if (!line->column[0] && line->note[0])
        return zm_arena_printf(&e->texts, "%-*s  %s", cells, name_of(line), line->note);
    text = zm_arena_printf(&e->texts, "%-*s  %s -> %s", cells, name_of(line),
                           edit_shown(&e->texts, line->column, line->before),
                           edit_shown(&e->texts, line->column, line->after));
    return line->note[0] ? zm_arena_printf(&e->texts, "%s  (%s)", text, line->note) : text;
}

static void plan_lines(struct edit *e)
{
    bool brief = tui_cols(e->app->tui) < 76;
    struct db_plan_line lines[DB_PLAN_LINES];
    size_t n = db_plan_lines(&e->edit, &e->now, &e->decision, lines), i;
    int cells = name_cells(lines, n), side;

    for (side = 0; side < DB_SIDES; side++) {
        const char *label =
            brief ? db_side_short((enum db_side)side) : db_side_name((enum db_side)side);

        for (i = 0; i < n; i++) {
            if ((int)lines[i].side != side)
                continue;
            edit_line(e, label, style_of(&lines[i]), text_of(e, &lines[i], brief ? 0 : cells));
            label = "";
        }
    }
}

static bool sets_nothing(const struct db_decision *d)
{
    return !d->write_brain && !d->write_bot;
}

/* Nothing was chosen yet, and something may still be: while Brain is away not everything. */
static bool wants_nothing(const struct edit *e)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++)
        if (e->edit.want.known[i])
            return false;
    return e->kind->piecemeal && e->form.n_fields > 0 && !e->edit.create_trader;
}

static void make_lines(struct edit *e)
{
    const struct db_decision *d = &e->decision;

    e->form.n_lines = 0;
    if (e->failed[0])
        edit_line(e, "Failed", TUI_BAD, e->failed);
    if (e->glass && d->result == DB_RESULT_DONE)
        edit_line(e, NULL, TUI_BAD,
                  "ZmartyBrain is away. Rights can be taken away all the same: the audit record is "
                  "kept on this machine and follows when ZmartyBrain is back.");
    if (d->result != DB_RESULT_DONE) {
        edit_line(e, wants_nothing(e) ? NULL : "Refused", TUI_WARN, d->message);
        if (wants_nothing(e) && e->kind->unchanged)
            edit_line(e, NULL, TUI_DIM, e->kind->unchanged);
        return;
    }
    plan_lines(e);
    if (sets_nothing(d) && e->kind->unchanged)
        edit_line(e, NULL, TUI_DIM, e->kind->unchanged);
    if (d->message[0])
        edit_line(e, NULL, TUI_WARN, d->message);
    if (e->kind->tell)
        e->kind->tell(e);
}

/* ---- may it be asked ---- */

static void block(struct edit *e, size_t wanted, const char *why)
{
    snprintf(e->blocked, sizeof(e->blocked), "%s", why);
    e->form.blocked = e->blocked;
    e->form.wanted = wanted;
}

static void judge(struct edit *e)
{
    e->form.blocked = NULL;
    if (e->decision.result != DB_RESULT_DONE)
        block(e, EDIT_NO_FIELD,
              wants_nothing(e) ? "Nothing to write yet" : "Nothing can be written. Esc closes");
    else if (sets_nothing(&e->decision) && !e->kind->answer)
        block(e, EDIT_NO_FIELD, "Nothing to write yet");
    else if (e->stop_word < e->form.n_fields && !zm_streq(edit_text_of(e, e->stop_word), "STOP"))
        block(e, e->stop_word, "Type the word STOP to go on without ZmartyBrain");
    else if (e->reason < e->form.n_fields && reason_is_blank(edit_text_of(e, e->reason)))
        block(e, e->reason, "A reason is needed");
}

void edit_plan(struct edit *e)
{
    struct db_edit *edit = &e->edit;

    zm_arena_reset(&e->texts);
    memset(edit, 0, sizeof(*edit));
    zm_copy(edit->user_id, sizeof(edit->user_id), e->id);
    e->kind->want(e);
    if (e->reason < e->form.n_fields && !reason_is_blank(edit_text_of(e, e->reason)))
        edit->reason = edit_text_of(e, e->reason);
    db_decide(&e->app->conf->policy, edit, &e->now, &e->decision);
    if (e->decision.result == DB_RESULT_STALE) {
        edit_conflict(e);
        return;
    }
    make_lines(e);
    judge(e);
}
