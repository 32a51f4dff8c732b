/*
 * `t`: another tier, in both databases. A trading profile that is missing can be created with it;
 * rights that the new tier does not give go off unless they are kept.
 */
#include "screens/edit_state.h"

#include "zm/str.h"

enum { TIER, KEEP, CREATE };

static const struct tui_choice choices[] = {{'f', "free"}, {'p', "pro"}, {'e', "enterprise"}};

/* Where the record does not allow any tier, fields would promise what cannot be. */
static bool can_be_changed(const struct edit *e)
{
    const char *tier = e->now.values.text[DB_ITEM_TIER];
    struct db_edit probe = {.action = DB_ACTION_TIER, .create_trader = true};
    struct db_decision decision;

    zm_copy(probe.user_id, sizeof(probe.user_id), e->id);
    db_values_set(&probe.want, DB_ITEM_TIER, zm_streq(tier, "free") ? "pro" : "free");
    db_decide(&e->app->conf->policy, &probe, &e->now, &decision);
    return decision.result == DB_RESULT_DONE;
}

static bool has_rights(const struct edit *e)
{
    return db_values_is_on(&e->now.values, DB_ITEM_TRADING) ||
           db_values_is_on(&e->now.values, DB_ITEM_API);
}

static bool lacks_trader(const struct edit *e)
{
    return e->now.bot_known && e->now.traders == 0 && zm_text(e->now.email)[0];
}

static void open(struct edit *e)
{
    struct tui_field *field;
    size_t i;

    if (!can_be_changed(e))
        return;
    field = edit_field(e, TUI_FIELD_CHOICE, "Tier");
    field->choices = choices;
    field->n_choices = field->chosen = ZM_COUNT(choices);
    for (i = 0; i < ZM_COUNT(choices); i++)
        if (zm_streq(choices[i].label, e->now.values.text[DB_ITEM_TIER]))
            field->chosen = i;
    e->own[TIER] = edit_field_at(e, field);
    e->own[KEEP] = e->own[CREATE] = EDIT_NO_FIELD;
    if (has_rights(e)) {
        field = edit_field(e, TUI_FIELD_FLAG, "Rights");
        field->key = 'k';
        field->text = "keep those that the new tier does not give";
        e->own[KEEP] = edit_field_at(e, field);
    }
    if (lacks_trader(e)) {
        field = edit_field(e, TUI_FIELD_FLAG, "ZmartBot");
        field->key = 'c';
        field->on = true;
        field->text = "create the missing trading profile, rights off";
        e->own[CREATE] = edit_field_at(e, field);
    }
    edit_add_reason(e);
}

static bool is_on(const struct edit *e, int which)
{
    return e->own[which] < e->form.n_fields && e->fields[e->own[which]].on;
}

static void want(struct edit *e)
{
    static const enum db_item seen[] = {DB_ITEM_TIER, DB_ITEM_BOT_TIER, DB_ITEM_TRADING,
                                        DB_ITEM_API};
    const struct tui_field *tier = &e->fields[e->own[TIER]];
    size_t i;

    e->edit.action = DB_ACTION_TIER;
    if (e->form.n_fields == 0) /* only to hear why not */
        edit_want(e, DB_ITEM_TIER, "free");
    else if (tier->chosen < tier->n_choices)
        edit_want(e, DB_ITEM_TIER, choices[tier->chosen].label);
    e->edit.keep_rights = is_on(e, KEEP);
    e->edit.create_trader = is_on(e, CREATE);
    for (i = 0; i < ZM_COUNT(seen); i++)
        edit_seen(e, seen[i]);
}

/* The tier that he has is no edit, though Bot may have another: that is f's. */
static void tell_drift(struct edit *e)
{
    const struct db_values *v = &e->now.values;

    if (!e->decision.write_brain && v->known[DB_ITEM_TIER] && v->known[DB_ITEM_BOT_TIER] &&
        !zm_streq(v->text[DB_ITEM_TIER], v->text[DB_ITEM_BOT_TIER]))
        edit_line(e, NULL, TUI_WARN,
                  zm_arena_printf(&e->texts, "ZmartBot has %.40s: Esc, and f mends that.",
                                  edit_shown(&e->texts, "tier", v->text[DB_ITEM_BOT_TIER])));
}

const struct edit_kind edit_tier = {
    .title = "Change tier",
    .guard = GUARD_WRITE,
    .question = "Apply? y/N/d",
    .answers = "yd",
    .open = open,
    .want = want,
    .unchanged = "Choose another tier.",
    .tell = tell_drift,
};
