/*
 * `u`: takes the last change of a user back, or the one that was asked for. It is an ordinary edit
 * with today's values; where somebody wrote since, it is refused. What the journal says decides
 * only what is offered, never what is written unasked.
 */
#include "screens/edit_state.h"

#include "screens/audit_state.h"
#include "zm/str.h"

static void open(struct edit *e)
{
    edit_add_reason(e);
}

static void want(struct edit *e)
{
    int i;

    e->edit.action = DB_ACTION_UNDO;
    e->edit.undo_of = e->undo_of;
    for (i = 0; i < DB_ITEMS; i++) {
        if (!e->undo_to.known[i])
            continue;
        if (i != DB_ITEM_BOT_TIER || !e->undo_to.known[DB_ITEM_TIER])
            edit_want(e, (enum db_item)i, e->undo_to.text[i]);
        if (e->undo_from.known[i])
            db_values_set(&e->edit.seen, (enum db_item)i, e->undo_from.text[i]);
    }
}

/* What Bot holds as Brain's: a repair made it equal, and it stays so. */
static bool follows(const struct edit *e, enum db_item item)
{
    return e->undo_to.known[item] &&
           (item == DB_ITEM_BOT_EMAIL ||
            (item == DB_ITEM_BOT_TIER && !e->undo_to.known[DB_ITEM_TIER]));
}

/* "Bot's tier free -> pro, Bot's e-mail ..."; "": nothing was mended. */
static const char *mended(const struct edit *e, struct zm_arena *arena)
{
    const char *ret = "";
    int i;

    for (i = 0; i < DB_ITEMS; i++) {
        const struct db_item_row *row = db_item_row((enum db_item)i);

        if (follows(e, (enum db_item)i))
            ret = zm_arena_printf(arena, "%s%s%s %s -> %s", ret, ret[0] ? ", " : "", row->title,
                                  edit_shown(arena, row->column, e->undo_to.text[i]),
                                  edit_shown(arena, row->column, e->undo_from.text[i]));
    }
    return ret;
}

/* Which of them were on before is not read back into an edit. */
static void tell_rest(struct edit *e)
{
    const char *stays = mended(e, &e->texts);

    if (stays[0])
        edit_line(e, NULL, TUI_WARN,
                  zm_arena_printf(&e->texts, "What it mended stays: %s.", stays));
    if (e->undo_made[0])
        edit_line(e, NULL, TUI_WARN,
                  zm_arena_printf(&e->texts, "It created %s: no row is deleted, so that stays.",
                                  e->undo_made));
    if (e->undo_stop)
        edit_line(e, NULL, TUI_WARN, "Strategies and API keys that went off with it stay off.");
}

const struct edit_kind edit_undo = {
    .title = "Undo",
    .guard = GUARD_WRITE,
    .question = "Take it back? y/N/d",
    .answers = "yd",
    .open = open,
    .want = want,
    .unchanged = "It is as it was before that change.",
    .tell = tell_rest,
};

/* ---- which change ---- */

static bool changed_something(const struct db_journal_row *row)
{
    return !row->undone_by && (!row->outcome || zm_streq(row->outcome, "done"));
}

/* The newest one that stands. NULL: there is none. */
static const struct db_journal_row *pick(const struct edit *e, const struct db_rows *journal)
{
    size_t i;

    for (i = 0; i < journal->n; i++) {
        const struct db_journal_row *row = DB_ROW(journal, struct db_journal_row, i);

        if (e->undo_of[0] ? zm_streq(row->id, e->undo_of) : changed_something(row))
            return row;
    }
    return NULL;
}

static bool is_stop(const struct db_journal_row *row)
{
    return zm_streq(audit_action(row), "stop_all");
}

static bool has_values(const struct db_values *values)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++)
        if (values->known[i])
            return true;
    return false;
}

static const char *why_not(const struct edit *e, const struct db_journal_row *row)
{
    if (!row)
        return e->undo_of[0] ? "This change is not in the journal any more."
                             : "The journal knows of no change that could be taken back.";
    if (row->undone_by)
        return "This change was taken back already.";
    if (!row->outcome)
        return "This change is not finished: f on Health finishes or reverses it.";
    return "This change changed nothing.";
}

static const char *made(const struct db_journal_row *row)
{
    if (row->created_profile && row->created_trader)
        return "a profile in ZmartyBrain and a trading profile in ZmartBot";
    return row->created_profile  ? "a profile in ZmartyBrain"
           : row->created_trader ? "a trading profile in ZmartBot"
                                 : "";
}

static const char *why_nothing(struct edit *e, const struct edit_job *job,
                               const struct db_journal_row *row)
{
    if (job->page.n == 0)
        return "This user is in neither database any more.";
    if (e->undo_made[0])
        return zm_arena_printf(
            &e->arena,
            "This change created %s.\nNo row is deleted from here, so that "
            "stays.%s",
            e->undo_made, row->created_trader ? "\ne on the user gives and takes its rights." : "");
    return is_stop(row) ? "Trading was off already: strategies and API keys went off, and they are "
                          "not switched on from here."
                        : "What this change set is not known any more.";
}

/* Nothing but what a repair made equal. */
static bool only_mended(const struct edit *e)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++)
        if (e->undo_to.known[i] && !follows(e, (enum db_item)i))
            return false;
    return true;
}

static const char *why_mended(struct edit *e)
{
    return zm_arena_printf(
        &e->arena,
        "This change was a repair: %s, as in ZmartyBrain."
        "\nTo take it back would make the databases differ again, so it stays.%s%s%s%s",
        mended(e, &e->arena), e->undo_to.known[DB_ITEM_BOT_TIER] ? " t sets the tier in both." : "",
        e->undo_made[0] ? "\nIt created " : "", e->undo_made,
        e->undo_made[0] ? ": no row is deleted from here, so that stays too." : "");
}

static void tell(struct edit *e, const struct db_journal_row *row)
{
    size_t used = strlen(e->about);

    snprintf(e->about + used, sizeof(e->about) - used, "\n%s %s: %s",
             app_time(e->app, row->created_at, true), audit_who(e->app, row),
             audit_reason(row) ? audit_reason(row) : "no reason given");
}

void edit_undo_loaded(struct edit *e, struct edit_job *job)
{
    const struct db_journal_row *row;
    struct zm_error err;
    char text[700];

    if (!job->base.ok) {
        edit_notice(e, "Cannot undo", zm_error_line(&job->base.err, text, sizeof(text)), false);
        return;
    }
    edit_take_history(e, job);
    row = pick(e, e->undo_of[0] ? &job->journal : &e->journal);
    if (!row || !changed_something(row) || !row->outcome) {
        edit_notice(e, "Cannot undo", why_not(e, row), false);
        return;
    }
    if (!db_journal_values(row, &e->undo_to, &e->undo_from, &e->arena, &err)) {
        edit_notice(e, "Cannot undo", zm_error_line(&err, text, sizeof(text)), false);
        return;
    }
    e->undo_made = made(row);
    if (!has_values(&e->undo_to) || job->page.n == 0) {
        edit_notice(e, "Cannot undo", why_nothing(e, job, row), false);
        return;
    }
    if (only_mended(e)) {
        edit_notice(e, "Cannot undo", why_mended(e), false);
        return;
    }
    zm_copy(e->undo_of, sizeof(e->undo_of), row->id);
    e->undo_at = zm_arena_strdup(&e->arena, row->created_at);
    e->undo_stop = is_stop(row);
    tell(e, row);
    edit_see(e, &job->page.users[0]);
    edit_ask(e);
}
