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
    if (!is_on(e))
        e->form.question = "Trading is off already. Y: strategies and keys off too   N/d";
}

static void want(struct edit *e)
{
    e->edit.action = DB_ACTION_STOP;
    edit_want(e, DB_ITEM_TRADING, "false");
}

static void tell(struct edit *e)
{
    edit_line(e, NULL, TUI_DIM,
              e->glass || !is_on(e)
                  ? "Pending trades are not cancelled."
                  : "Pending trades are not cancelled. The reason is asked afterwards. u switches "
                    "trading on again, not strategies and keys.");
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
