/*
 * `e`: rights and the profile's own fields. Only what was changed is wanted, so that nothing is
 * written that nobody touched. Where the trading profile is missing it is offered to create it,
 * both rights off; to give one is another change.
 */
#include "screens/edit_state.h"

#include "zm/str.h"

/* A field a row: `own` is by these numbers. */
static const struct row {
    enum db_item item;
    int key; /* of a flag */
    const char *label, *text;
} rows[] = {
    {DB_ITEM_TRADING, 't', "Trading", "trading_enabled"},
    {DB_ITEM_API, 'a', "API access", "api_access"},
    {DB_ITEM_COMPLETED, 'c', "Completed", "profile_completed"},
    {DB_ITEM_NAME, 0, "Name", NULL},
    {DB_ITEM_COUNTRY, 0, "Country", NULL},
};

static bool is_there(const struct edit *e, enum db_item item)
{
    const struct db_now *now = &e->now;

    return db_item_row(item)->side == DB_BRAIN ? now->brain_known && now->profiles == 1
                                               : now->bot_known && now->traders == 1;
}

#define CREATE ZM_COUNT(rows)

static bool can_create_trader(const struct edit *e)
{
    const struct db_edit create = {.action = DB_ACTION_REPAIR, .create_trader = true};
    struct db_decision decision;

    db_decide(&e->app->conf->policy, &create, &e->now, &decision);
    return decision.create_trader;
}

static void offer_trader(struct edit *e)
{
    struct tui_field *field = edit_field(e, TUI_FIELD_FLAG, "ZmartBot");

    field->key = 'z';
    field->text = "create the missing trading profile, rights off";
    e->own[CREATE] = edit_field_at(e, field);
}

static bool creates_trader(const struct edit *e)
{
    return e->own[CREATE] != EDIT_NO_FIELD && e->fields[e->own[CREATE]].on;
}

static void open(struct edit *e)
{
    bool any = can_create_trader(e);
    size_t i;

    e->own[CREATE] = EDIT_NO_FIELD;
    if (any)
        offer_trader(e);
    for (i = 0; i < ZM_COUNT(rows); i++) {
        struct tui_field *field;

        e->own[i] = EDIT_NO_FIELD;
        if (!is_there(e, rows[i].item))
            continue;
        any = true;
        field = edit_field(e, rows[i].key ? TUI_FIELD_FLAG : TUI_FIELD_TEXT, rows[i].label);
        field->key = rows[i].key;
        field->text = rows[i].text;
        field->on = db_values_is_on(&e->now.values, rows[i].item);
        if (!rows[i].key)
            tui_edit_set(&field->edit, zm_text(e->now.values.text[rows[i].item]));
        e->own[i] = edit_field_at(e, field);
    }
    if (!any)
        return;
    if (e->glass)
        edit_add_stop_word(e);
    edit_add_reason(e);
}

/* What the field shows where nothing was typed: a stored text may hold more than a line shows. */
static bool is_changed(const struct edit *e, size_t i)
{
    const struct tui_field *field = &e->fields[e->own[i]];
    const char *before = e->now.values.text[rows[i].item];
    struct tui_edit untouched;

    if (rows[i].key)
        return field->on != db_values_is_on(&e->now.values, rows[i].item);
    tui_edit_set(&untouched, zm_text(before));
    return !zm_streq(untouched.text, field->edit.text);
}

static const char *value_of(const struct edit *e, size_t i)
{
    const struct tui_field *field = &e->fields[e->own[i]];

    if (rows[i].key)
        return field->on ? "true" : "false";
    return field->edit.len ? field->edit.text : NULL;
}

/* The journal names a single right that was switched; anything more is a profile edit. */
static enum db_action action_of(const struct edit *e)
{
    const struct db_values *want = &e->edit.want;
    bool rest =
        want->known[DB_ITEM_COMPLETED] || want->known[DB_ITEM_NAME] || want->known[DB_ITEM_COUNTRY];

    if (!rest && e->edit.create_trader)
        return DB_ACTION_REPAIR;
    if (!rest && want->known[DB_ITEM_TRADING] && !want->known[DB_ITEM_API])
        return DB_ACTION_TRADING;
    if (!rest && want->known[DB_ITEM_API] && !want->known[DB_ITEM_TRADING])
        return DB_ACTION_API;
    return DB_ACTION_PROFILE;
}

static void want(struct edit *e)
{
    size_t i;

    if (e->form.n_fields == 0) { /* only to hear why not */
        edit_want(e, e->now.brain_known ? DB_ITEM_NAME : DB_ITEM_TRADING,
                  e->now.brain_known ? "" : "false");
        e->edit.action = DB_ACTION_PROFILE;
        return;
    }
    for (i = 0; i < ZM_COUNT(rows); i++) {
        if (e->own[i] == EDIT_NO_FIELD || !is_changed(e, i))
            continue;
        edit_want(e, rows[i].item, value_of(e, i));
        edit_seen(e, rows[i].item);
        if (rows[i].item == DB_ITEM_TRADING || rows[i].item == DB_ITEM_API)
            edit_seen(e, DB_ITEM_TIER); /* by which it is entitled */
    }
    e->edit.create_trader = creates_trader(e);
    e->edit.action = action_of(e);
}

const struct edit_kind edit_profile = {
    .title = "Edit",
    .guard = GUARD_WRITE,
    .question = "Apply? y/N/d",
    .answers = "yd",
    .open = open,
    .want = want,
    .piecemeal = true,
    .unchanged = "Nothing is changed yet.",
};
