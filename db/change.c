/*
 * From a decision to statements, and to what people read of them. Pure.
 */
#include <stdio.h>
#include <string.h>

#include "db/decide.h"
#include "zm/str.h"

struct list {
    struct db_ask *asks;
    size_t n;
};

static void add(struct list *list, enum db_sql sql, const char *a, const char *b, const char *c)
{
    struct db_ask *ask = &list->asks[list->n++];

    memset(ask, 0, sizeof(*ask));
    ask->sql = sql;
    ask->params[0] = a;
    ask->params[1] = b;
    ask->params[2] = c;
}

struct change {
    const struct db_edit *edit;
    const struct db_now *now;
    const struct db_decision *decision;
};

static void set(struct list *list, const struct change *c, enum db_item item, enum db_sql sql)
{
    const char *row = db_item_row(item)->side == DB_BRAIN ? c->now->profile_id : c->now->trader_id;

    if (c->decision->set[item])
        add(list, sql, row, c->decision->to[item], c->now->values.text[item]);
}

const char *db_change_made_tier(const struct db_now *now, const struct db_decision *decision)
{
    if (decision->set[DB_ITEM_TIER])
        return decision->to[DB_ITEM_TIER];
    return now->profiles == 0 ? db_tiers[0] : now->values.text[DB_ITEM_TIER];
}

static void brain(struct list *list, const struct change *c)
{
    if (c->decision->create_profile)
        add(list, DB_SQL_BRAIN_INSERT_PROFILE, c->edit->user_id, db_tiers[0], NULL);
    set(list, c, DB_ITEM_TIER, DB_SQL_BRAIN_SET_TIER);
    set(list, c, DB_ITEM_NAME, DB_SQL_BRAIN_SET_NAME);
    set(list, c, DB_ITEM_COUNTRY, DB_SQL_BRAIN_SET_COUNTRY);
    set(list, c, DB_ITEM_COMPLETED, DB_SQL_BRAIN_SET_COMPLETED);
    if (!c->decision->set[DB_ITEM_TIER])
        return;
    add(list, DB_SQL_BRAIN_CLOSE_SUBSCRIPTIONS, c->edit->user_id,
        c->now->closing ? c->now->closing : "ended", NULL);
    add(list, DB_SQL_BRAIN_OPEN_SUBSCRIPTION, c->edit->user_id, c->decision->to[DB_ITEM_TIER],
        NULL);
    add(list, DB_SQL_BRAIN_ACTIVE_SUBSCRIPTIONS, c->edit->user_id, NULL, NULL);
}

static bool goes_off(const struct db_decision *decision, enum db_item item)
{
    return decision->set[item] && zm_streq(decision->to[item], "false");
}

static void bot(struct list *list, const struct change *c)
{
    const struct db_decision *d = c->decision;
    bool trading_off = goes_off(d, DB_ITEM_TRADING), api_off = goes_off(d, DB_ITEM_API);
    bool together = d->set[DB_ITEM_BOT_TIER] && (trading_off || api_off);

    if (d->create_trader)
        add(list, DB_SQL_BOT_INSERT_TRADER, c->edit->user_id, c->now->email,
            db_change_made_tier(c->now, d));
    if (together) {
        set(list, c, DB_ITEM_BOT_TIER, DB_SQL_BOT_SET_TIER_RIGHTS);
        list->asks[list->n - 1].params[3] = trading_off ? "false" : "true";
        list->asks[list->n - 1].params[4] = api_off ? "false" : "true";
    } else {
        set(list, c, DB_ITEM_BOT_TIER, DB_SQL_BOT_SET_TIER);
    }
    set(list, c, DB_ITEM_BOT_EMAIL, DB_SQL_BOT_SET_EMAIL);
    if (!together || !trading_off)
        set(list, c, DB_ITEM_TRADING, DB_SQL_BOT_SET_TRADING);
    if (!together || !api_off)
        set(list, c, DB_ITEM_API, DB_SQL_BOT_SET_API);
    if (!d->stop_rest)
        return;
    if (!d->set[DB_ITEM_TRADING]) /* it is off: the row is written all the same, for its token */
        add(list, DB_SQL_BOT_SET_TRADING, c->now->trader_id, "false",
            c->now->values.text[DB_ITEM_TRADING]);
    add(list, DB_SQL_BOT_STOP_STRATEGIES, c->edit->user_id, NULL, NULL);
    add(list, DB_SQL_BOT_STOP_KEYS, c->edit->user_id, NULL, NULL);
    add(list, DB_SQL_BOT_ACTIVE_STRATEGIES, c->edit->user_id, NULL, NULL);
    add(list, DB_SQL_BOT_ACTIVE_KEYS, c->edit->user_id, NULL, NULL);
}

size_t db_change_asks(enum db_side side, const struct db_edit *edit, const struct db_now *now,
                      const struct db_decision *decision, struct db_ask ret[DB_CHANGE_ASKS])
{
    const struct change c = {edit, now, decision};
    struct list list = {.asks = ret};

    if (side == DB_BRAIN)
        brain(&list, &c);
    else
        bot(&list, &c);
    return list.n;
}

static void line(struct db_plan_line *ret, size_t *n, struct db_plan_line value)
{
    if (*n < DB_PLAN_LINES)
        ret[(*n)++] = value;
}

static const char *note_of(const struct change *c, enum db_item item)
{
    bool is_right = item == DB_ITEM_TRADING || item == DB_ITEM_API;

    if (is_right && !c->edit->want.known[item])
        return c->edit->trim_rights ? "his tier does not give it" : "the new tier does not give it";
    return "";
}

size_t db_plan_lines(const struct db_edit *edit, const struct db_now *now,
                     const struct db_decision *decision, struct db_plan_line ret[DB_PLAN_LINES])
{
    const struct change c = {edit, now, decision};
    size_t n = 0;
    int i;

    for (i = 0; i < DB_ITEMS; i++) {
        const struct db_item_row *row = db_item_row((enum db_item)i);

        if (!decision->set[i])
            continue;
        line(ret, &n,
             (struct db_plan_line){row->side, row->table, row->column, now->values.text[i],
                                   decision->to[i], note_of(&c, (enum db_item)i)});
        if (i == DB_ITEM_TIER)
            line(ret, &n,
                 (struct db_plan_line){DB_BRAIN, "user_subscriptions", "", now->values.text[i],
                                       decision->to[i], "end the active one, start the new one"});
    }
    if (decision->create_profile)
        line(ret, &n,
             (struct db_plan_line){DB_BRAIN, "user_profiles", "", NULL, db_tiers[0], "created"});
    if (decision->create_trader)
        line(ret, &n,
             (struct db_plan_line){DB_BOT, "user_trading_profiles", "", NULL,
                                   db_change_made_tier(now, decision), "created, both rights off"});
    if (decision->stop_rest) {
        line(ret, &n,
             (struct db_plan_line){DB_BOT, "user_strategies", "is_active", "true", "false", "all"});
        line(ret, &n,
             (struct db_plan_line){DB_BOT, "user_api_keys", "is_active", "true", "false", "all"});
    }
    return n;
}

static void tell(struct zm_buf *ret, enum db_sql sql, const struct db_ask *ask, int n)
{
    int i;

    zm_buf_printf(ret, "%s;\n", db_sql_text(sql)->text);
    for (i = 0; ask && i < n; i++)
        zm_buf_printf(ret, "-- $%d = %s%s%s\n", i + 1, ask->params[i] ? "'" : "",
                      ask->params[i] ? ask->params[i] : "NULL", ask->params[i] ? "'" : "");
    zm_buf_puts(ret, "\n");
}

static int params_of(enum db_sql sql)
{
    const char *text = db_sql_text(sql)->text;
    int n = 0;

    for (; *text; text++)
        if (*text == '$' && text[1] > '0' + n && text[1] <= '9')
            n = text[1] - '0';
    return n;
}

void db_plan_sql(const struct db_edit *edit, const struct db_now *now,
                 const struct db_decision *decision, struct zm_buf *ret)
{
    static const enum db_sql locks[DB_SIDES] = {DB_SQL_BRAIN_LOCK_PROFILE, DB_SQL_BOT_LOCK_TRADER};
    struct db_ask asks[DB_CHANGE_ASKS];
    const struct db_ask user = {.params = {edit->user_id}};
    int side, last = db_edit_needs_bot(edit) ? DB_BOT : DB_BRAIN;
    size_t i, n;

    for (side = DB_BRAIN; side <= last; side++) {
        zm_buf_printf(ret, "-- %s\n\n", db_side_name((enum db_side)side));
        tell(ret, DB_SQL_EITHER_BEGIN_WRITE, NULL, 0);
        if (side == DB_BRAIN)
            tell(ret, DB_SQL_BRAIN_LOCK_USER, &user, 1);
        tell(ret, locks[side], &user, 1);
        n = db_change_asks((enum db_side)side, edit, now, decision, asks);
        for (i = 0; i < n; i++)
            tell(ret, asks[i].sql, &asks[i], params_of(asks[i].sql));
        if (side == DB_BRAIN)
            tell(ret, DB_SQL_BRAIN_WRITE_INTENT, NULL, 0);
        tell(ret, DB_SQL_EITHER_VOTE, NULL, 0);
    }
    zm_buf_printf(ret, "COMMIT; -- %s first", db_side_name(DB_BRAIN));
    zm_buf_printf(ret, last == DB_BOT ? ", then COMMIT; in %s\n" : "%.0s\n", db_side_name(DB_BOT));
}

/* ---- for other hands ---- */

/* With the id in the place of its parameter. */
static void tell_with(struct zm_buf *ret, enum db_sql sql, const char *user_id)
{
    const char *text = db_sql_text(sql)->text, *at;

    for (; (at = strstr(text, "$1")) != NULL; text = at + 2) {
        zm_buf_add(ret, text, (size_t)(at - text));
        zm_buf_printf(ret, "'%s'", user_id);
    }
    zm_buf_printf(ret, "%s;\n", text);
}

/* No transaction around them: that trading stops must not wait for the others. */
void db_stop_sql(const char *user_id, struct zm_buf *ret)
{
    zm_buf_puts(ret, "-- ZmartBot: trading off. One row must come back.\n");
    tell_with(ret, DB_SQL_BOT_STOP_TRADER, user_id);
    zm_buf_puts(ret, "-- Strategies and API keys too, where everything has to stop:\n");
    tell_with(ret, DB_SQL_BOT_STOP_STRATEGIES, user_id);
    tell_with(ret, DB_SQL_BOT_STOP_KEYS, user_id);
}
