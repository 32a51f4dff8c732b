/*
 * `X`: trading off, now. Nothing is asked before it but y; the reason is asked afterwards, and owed
 * until it is given. What somebody else changed meanwhile does not hold it up.
 */
#include "screens/edit_state.h"

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

static bool answer(struct edit *e, int key)
{
    if (key == 'y' && !is_on(e)) {
        e->form.said = "trading is off already: nothing was written";
        return false;
    }
    e->edit.stop_rest = key == 'Y';
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
};
