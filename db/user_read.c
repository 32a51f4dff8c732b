/*
 * Everything about one user: what each list's columns become, and one pipeline a side. A list that
 * cannot be read says so in its own ask.
 */
#include "db/user.h"

#include <stdio.h>
#include <string.h>

#include "zm/str.h"

/* clang-format off */
static const struct db_field subscription_fields[] = {
    DB_FIELD(struct db_subscription, id),
    DB_FIELD(struct db_subscription, tier),
    DB_FIELD(struct db_subscription, status),
    DB_FIELD(struct db_subscription, started_at),
    DB_FIELD(struct db_subscription, ended_at),
};
static const struct db_field activity_fields[] = {
    DB_FIELD(struct db_activity, id),
    DB_FIELD(struct db_activity, action),
    DB_FIELD(struct db_activity, metadata),
    DB_FIELD(struct db_activity, metadata_size),
    DB_FIELD(struct db_activity, created_at),
};
static const struct db_field operator_fields[] = {
    DB_FIELD(struct db_operator_change, id),
    DB_FIELD(struct db_operator_change, action),
    DB_FIELD(struct db_operator_change, created_at),
    DB_FIELD(struct db_operator_change, db_role),
    DB_FIELD(struct db_operator_change, os_user),
    DB_FIELD(struct db_operator_change, before),
    DB_FIELD(struct db_operator_change, after),
    DB_FIELD(struct db_operator_change, reason),
};
static const struct db_field portfolio_fields[] = {
    DB_FIELD(struct db_portfolio, id),
    DB_FIELD(struct db_portfolio, symbol),
    DB_FIELD(struct db_portfolio, amount),
    DB_FIELD(struct db_portfolio, avg_buy_price),
    DB_FIELD(struct db_portfolio, current_value),
    DB_FIELD(struct db_portfolio, pnl),
    DB_FIELD(struct db_portfolio, updated_at),
};
static const struct db_field total_fields[] = {
    DB_FIELD(struct db_portfolio_total, symbols),
    DB_FIELD(struct db_portfolio_total, current_value),
    DB_FIELD(struct db_portfolio_total, pnl),
};
static const struct db_field strategy_fields[] = {
    DB_FIELD(struct db_strategy, id),
    DB_FIELD(struct db_strategy, strategy_name),
    DB_FIELD(struct db_strategy, is_active),
    DB_FIELD(struct db_strategy, strategy_config),
    DB_FIELD(struct db_strategy, performance_metrics),
    DB_FIELD(struct db_strategy, config_size),
    DB_FIELD(struct db_strategy, updated_at),
};
static const struct db_field trade_fields[] = {
    DB_FIELD(struct db_trade, id),
    DB_FIELD(struct db_trade, symbol),
    DB_FIELD(struct db_trade, side),
    DB_FIELD(struct db_trade, amount),
    DB_FIELD(struct db_trade, price),
    DB_FIELD(struct db_trade, total),
    DB_FIELD(struct db_trade, status),
    DB_FIELD(struct db_trade, executed_at),
    DB_FIELD(struct db_trade, created_at),
};
static const struct db_field day_fields[] = {
    DB_FIELD(struct db_trade_day, day),
    DB_FIELD(struct db_trade_day, trades),
};
static const struct db_field count_fields[] = {
    DB_FIELD(struct db_trade_count, trades),
    DB_FIELD(struct db_trade_count, pending),
    DB_FIELD(struct db_trade_count, last_at),
};
static const struct db_field key_fields[] = {
    DB_FIELD(struct db_api_key, id),
    DB_FIELD(struct db_api_key, exchange),
    DB_FIELD(struct db_api_key, is_active),
    DB_FIELD(struct db_api_key, permissions),
    DB_FIELD(struct db_api_key, created_at),
    DB_FIELD(struct db_api_key, updated_at),
};

const struct db_shape db_shape_subscription = {
    "subscription", sizeof(struct db_subscription), subscription_fields,
    ZM_COUNT(subscription_fields)};
const struct db_shape db_shape_activity = {
    "activity", sizeof(struct db_activity), activity_fields, ZM_COUNT(activity_fields)};
const struct db_shape db_shape_operator_change = {
    "operator change", sizeof(struct db_operator_change), operator_fields,
    ZM_COUNT(operator_fields)};
const struct db_shape db_shape_portfolio = {
    "portfolio", sizeof(struct db_portfolio), portfolio_fields, ZM_COUNT(portfolio_fields)};
const struct db_shape db_shape_portfolio_total = {
    "portfolio total", sizeof(struct db_portfolio_total), total_fields, ZM_COUNT(total_fields)};
const struct db_shape db_shape_strategy = {
    "strategy", sizeof(struct db_strategy), strategy_fields, ZM_COUNT(strategy_fields)};
const struct db_shape db_shape_trade = {
    "trade", sizeof(struct db_trade), trade_fields, ZM_COUNT(trade_fields)};
const struct db_shape db_shape_trade_day = {
    "trade day", sizeof(struct db_trade_day), day_fields, ZM_COUNT(day_fields)};
const struct db_shape db_shape_trade_count = {
    "trade count", sizeof(struct db_trade_count), count_fields, ZM_COUNT(count_fields)};
const struct db_shape db_shape_api_key = {
    "api key", sizeof(struct db_api_key), key_fields, ZM_COUNT(key_fields)};

static const enum db_sql brain_parts[DB_UB_PARTS] = {
    [DB_UB_LOGIN]         = DB_SQL_BRAIN_PAGE_LOGINS,
    [DB_UB_PROFILES]      = DB_SQL_BRAIN_USER_PROFILES,
    [DB_UB_ACTIVE]        = DB_SQL_BRAIN_PAGE_ACTIVE,
    [DB_UB_SUBSCRIPTIONS] = DB_SQL_BRAIN_USER_SUBSCRIPTIONS,
    [DB_UB_ACTIVITY]      = DB_SQL_BRAIN_USER_ACTIVITY,
    [DB_UB_OPERATORS]     = DB_SQL_BRAIN_USER_OPERATORS,
};
static const enum db_sql bot_parts[DB_UT_PARTS] = {
    [DB_UT_TRADERS]     = DB_SQL_BOT_USER_TRADERS,
    [DB_UT_KEY_COUNTS]  = DB_SQL_BOT_PAGE_KEYS,
    [DB_UT_PORTFOLIO]   = DB_SQL_BOT_USER_PORTFOLIO,
    [DB_UT_TOTAL]       = DB_SQL_BOT_USER_PORTFOLIO_TOTAL,
    [DB_UT_TRADES]      = DB_SQL_BOT_USER_TRADES,
    [DB_UT_TRADE_DAYS]  = DB_SQL_BOT_USER_TRADE_DAYS,
    [DB_UT_TRADE_COUNT] = DB_SQL_BOT_USER_TRADE_COUNT,
    [DB_UT_STRATEGIES]  = DB_SQL_BOT_USER_STRATEGIES,
    [DB_UT_API_KEYS]    = DB_SQL_BOT_USER_API_KEYS,
};
/* clang-format on */

/* Parameter 1 of every part is the id; the readers of pages take it from the setting. */
static bool read_parts(struct db_link *link, enum db_sql given, const char *id,
                       const enum db_sql *sqls, size_t n, struct db_ask *parts,
                       struct zm_error *err)
{
    struct db_ask asks[1 + DB_UT_PARTS] = {{.sql = given}};
    char array[40];
    size_t i;

    snprintf(array, sizeof(array), "{%.36s}", id);
    asks[0].params[0] = array;
    for (i = 0; i < n; i++) {
        asks[1 + i].sql = sqls[i];
        asks[1 + i].params[0] = id;
    }
    if (given == DB_SQL_BRAIN_USERS_GIVEN)
        asks[1 + DB_UB_ACTIVITY].params[3] = DB_USER_ACTIVITY_ROWS;
    if (!db_link_read(link, asks, 1 + n, err))
        return false;
    for (i = 0; i < n; i++) {
        parts[i] = asks[1 + i];
        memset(parts[i].params, 0, sizeof(parts[i].params)); /* they end with this call */
    }
    db_asks_done(asks, 1);
    return true;
}

bool db_user_read_brain(struct db_link *brain, const char *id, struct db_user_brain *ret,
                        struct zm_error *err)
{
    return read_parts(brain, DB_SQL_BRAIN_USERS_GIVEN, id, brain_parts, DB_UB_PARTS, ret->part,
                      err);
}

bool db_user_read_bot(struct db_link *bot, const char *id, struct db_user_bot *ret,
                      struct zm_error *err)
{
    return read_parts(bot, DB_SQL_BOT_TRADERS_GIVEN, id, bot_parts, DB_UT_PARTS, ret->part, err);
}
