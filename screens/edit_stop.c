/*
 * `X`: trading off, now. Nothing is asked before it but y; the reason is asked afterwards, and owed
 * until it is given. What somebody else changed meanwhile does not hold it up.
 */
#include "screens/edit_state.h"

#include <stdlib.h>

#include "zm/str.h"

static bool is_on(const struct edit *e)
{
    return db_values_is_on(&e->now.values, DB_ITEM_TRADING);
}

static void open(struct edit *e)
{
    if (e->glass && e->now.bot_known)
        edit_add_stop_word(e);
    e->still = (struct db_still_on){-1, -1, -1};
    edit_submit_count(e);
}

void edit_stop_counted(struct edit *e, const struct db_still_on *still)
{
    e->still = *still;
    if (e->stage == EDIT_ASKING)
        edit_plan(e);
}

static void want(struct edit *e)
{
    e->edit.action = DB_ACTION_STOP;
    edit_want(e, DB_ITEM_TRADING, "false");
}

/* "Y: 2 strategies and 1 API key off too", as far as that is known. */
static void ask(struct edit *e)
{
    const struct db_still_on *still = &e->still;
    char rest[80] = "strategies and keys";

    if (still->strategies >= 0 && still->keys >= 0)
        snprintf(rest, sizeof(rest), "%lld strateg%s and %lld API key%s",
                 (long long)still->strategies, still->strategies == 1 ? "y" : "ies",
                 (long long)still->keys, still->keys == 1 ? "" : "s");
    snprintf(e->question, sizeof(e->question), "%s   Y: %s off too   N/d",
             is_on(e) ? "Stop now? y" : "Trading is off already.", rest);
    e->form.question = e->question;
}

static const char *pending_text(struct edit *e)
{
    int64_t n = e->still.pending;

    if (n < 0)
        return "Pending trades are not cancelled.";
    if (n == 0)
        return "No trade of his is pending.";
    return zm_arena_printf(&e->texts, "%lld pending trade%s NOT cancelled.", (long long)n,
                           n == 1 ? " is" : "s are");
}

static void tell(struct edit *e)
{
    ask(e);
    edit_line(e, NULL, e->still.pending > 0 ? TUI_WARN : TUI_DIM, pending_text(e));
    if (!e->glass && is_on(e))
        edit_line(e, NULL, TUI_DIM,
                  "The reason is asked afterwards. u switches trading on again, not strategies and "
                  "keys.");
}

static bool answer(struct edit *e, int key)
{
    if (key == 'y' && !is_on(e)) {
        e->form.said = "trading is off already: nothing was written";
        return false;
    }
    e->edit.stop_rest = key == 'Y';
    return true;
}

/* ---- ZmartBot away ---- */

/* A line of the dialog for each of the SQL. */
static void sql_lines(struct edit *e)
{
    const char *at = e->sql, *end;

    for (; *at; at = *end ? end + 1 : end) {
        end = at + strcspn(at, "\n");
        edit_line(e, NULL, strncmp(at, "--", 2) == 0 ? TUI_DIM : TUI_TEXT,
                  zm_arena_strndup(&e->arena, at, (size_t)(end - at)));
    }
}

void edit_stop_by_hand(struct edit *e, const char *why)
{
    struct zm_buf sql = {.s = NULL};

    db_stop_sql(e->id, &sql);
    free(e->sql);
    e->sql = sql.s;
    e->stage = EDIT_HANDS;
    e->form.n_fields = e->form.n_lines = e->form.lines_before = 0;
    e->form.blocked = e->form.said = NULL;
    e->form.question = "c copies the SQL   Esc closes";
    e->form.answers = "c";
    edit_line(e, NULL, TUI_BAD, zm_arena_strdup(&e->arena, why));
    edit_line(e, NULL, TUI_WARN,
              "This stops him where ZmartBot can be reached (psql, Supabase's SQL editor). The "
              "journal will not know of it: note who ran it.");
    sql_lines(e);
    tui_form_ask(&e->form);
    e->form.top = 0;
    edit_hold(e);
    e->app->dirty = true;
}

bool edit_stop_by_hand_answer(struct edit *e, int key)
{
    (void)key;
    app_copy(e->app, "SQL", e->sql);
    e->form.said = "copied, where the terminal allows it (OSC 52)";
    return true;
}

const struct edit_kind edit_stop = {
    .title = "STOP TRADING",
    .guard = GUARD_STOP,
    .question = "Stop now? y   Y: strategies and keys off too   N/d",
    .answers = "yYd",
    .open = open,
    .want = want,
    .answer = answer,
    .tell = tell,
};
