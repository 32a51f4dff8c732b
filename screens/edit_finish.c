/*
 * Finishes a write of which a leg is missing, or reverses it. The journal says only what was meant:
 * what is offered is an ordinary edit with today's values, and where nothing is left to be done the
 * change is recorded as ended.
 */
#include "screens/edit_state.h"

#include "screens/audit_state.h"
#include "zm/str.h"

static void open(struct edit *e)
{
    edit_add_reason(e);
}

/* Bot takes what the change meant for it. Of a tier that is Brain's as it is now; a right that was
 * asked for by name is judged anew. */
static void want_finish(struct edit *e)
{
    static const enum db_item rights[] = {DB_ITEM_TRADING, DB_ITEM_API};
    size_t i;

    e->edit.action = DB_ACTION_REPAIR;
    if (e->undo_from.known[DB_ITEM_TIER] || e->undo_from.known[DB_ITEM_BOT_TIER]) {
        edit_want(e, DB_ITEM_BOT_TIER, NULL);
        e->edit.create_trader = true;
    }
    e->edit.create_trader = e->edit.create_trader || e->creates;
    for (i = 0; i < ZM_COUNT(rights); i++)
        if (e->undo_from.known[rights[i]] && e->now.traders == 1)
            edit_want(e, rights[i], e->undo_from.text[rights[i]]);
    edit_seen(e, DB_ITEM_TIER);
    edit_seen(e, DB_ITEM_BOT_TIER);
    edit_seen(e, DB_ITEM_TRADING);
    edit_seen(e, DB_ITEM_API);
}

/* Both sides go back to what was before; which of them was changed at all is seen by today's
 * values. */
static void want_reverse(struct edit *e)
{
    int i;

    e->edit.action = DB_ACTION_UNDO;
    e->edit.undo_of = e->settles;
    for (i = 0; i < DB_ITEMS; i++) {
        if (!e->undo_to.known[i])
            continue;
        if (i != DB_ITEM_BOT_TIER || !e->undo_to.known[DB_ITEM_TIER])
            edit_want(e, (enum db_item)i, e->undo_to.text[i]);
        edit_seen(e, (enum db_item)i);
    }
}

const struct edit_kind edit_finish = {
    .title = "Finish",
    .guard = GUARD_WRITE,
    .question = "Finish it? y/N/d",
    .answers = "yd",
    .open = open,
    .want = want_finish,
};

const struct edit_kind edit_reverse = {
    .title = "Reverse",
    .guard = GUARD_WRITE,
    .question = "Reverse it? y/N/d",
    .answers = "yd",
    .open = open,
    .want = want_reverse,
};

static void tell(struct edit *e, const struct db_journal_row *row)
{
    size_t used = strlen(e->about);

    snprintf(e->about + used, sizeof(e->about) - used, "\n%s %s %s: %s",
             app_time(e->app, row->created_at, true), audit_who(e->app, row), row->action,
             audit_reason(row) ? audit_reason(row) : "no reason given");
}

void edit_finish_loaded(struct edit *e, struct edit_job *job)
{
    const struct db_journal_row *row = DB_ROW(&job->journal, struct db_journal_row, 0);
    struct zm_error err;
    char text[700];

    if (!job->base.ok) {
        edit_notice(e, "Cannot look", zm_error_line(&job->base.err, text, sizeof(text)), false);
        return;
    }
    if (job->journal.n == 0 || job->page.n == 0) {
        edit_notice(e, "Nothing to do",
                    job->journal.n ? "This user is in neither database any more."
                                   : "This change is not in the journal any more.",
                    false);
        return;
    }
    if (row->outcome) {
        edit_notice(e, "Nothing to do", "Somebody else has settled it meanwhile.", false);
        return;
    }
    if (!db_journal_values(row, &e->undo_to, &e->undo_from, &e->arena, &err)) {
        edit_notice(e, "Cannot look", zm_error_line(&err, text, sizeof(text)), false);
        return;
    }
    if (e->kind == &edit_finish && audit_reason(row)) /* what it was begun for */
        e->suggestion = zm_arena_printf(&e->arena, "finishes: %.200s", audit_reason(row));
    e->creates = row->bot_token && !row->bot_row;
    tell(e, row);
    edit_see(e, &job->page.users[0]);
    edit_ask(e);
    if (e->stage == EDIT_ASKING && e->decision.result == DB_RESULT_DONE &&
        !e->decision.write_brain && !e->decision.write_bot)
        edit_submit_settle(e); /* it was carried out, or never was: only its end is missing */
}

void edit_settled(struct edit *e, struct edit_job *job)
{
    char line[700];

    if (job->base.ok)
        app_say(e->app, MESSAGE_INFO,
                "%s: nothing was left to be done; the change is recorded as %s", e->who,
                e->kind == &edit_finish ? "done" : "not done");
    else
        app_say(e->app, MESSAGE_ERROR, "%s: %s", e->who,
                zm_error_line(&job->base.err, line, sizeof(line)));
    edit_close(e);
}
