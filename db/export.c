/*
 * Pages of whole tables by keyset: every statement reads one bounded range of one index, so that an
 * export of any size neither meets a timeout nor holds more than a page.
 */
#include "db/export.h"

#include <stdio.h>
#include <string.h>

#include "db/indexes.h"
#include "db/rows.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_field trade[] = {
    DB_FIELD(struct db_export_trade, id),
    DB_FIELD(struct db_export_trade, user_id),
    DB_FIELD(struct db_export_trade, symbol),
    DB_FIELD(struct db_export_trade, side),
    DB_FIELD(struct db_export_trade, amount),
    DB_FIELD(struct db_export_trade, price),
    DB_FIELD(struct db_export_trade, total),
    DB_FIELD(struct db_export_trade, status),
    DB_FIELD(struct db_export_trade, executed_at),
    DB_FIELD(struct db_export_trade, created_at),
    DB_FIELD(struct db_export_trade, place),
};
static const struct db_field portfolio[] = {
    DB_FIELD(struct db_export_portfolio, id),
    DB_FIELD(struct db_export_portfolio, user_id),
    DB_FIELD(struct db_export_portfolio, symbol),
    DB_FIELD(struct db_export_portfolio, amount),
    DB_FIELD(struct db_export_portfolio, avg_buy_price),
    DB_FIELD(struct db_export_portfolio, current_value),
    DB_FIELD(struct db_export_portfolio, pnl),
    DB_FIELD(struct db_export_portfolio, created_at),
    DB_FIELD(struct db_export_portfolio, updated_at),
};
/* clang-format on */

const struct db_shape db_shape_export_trade = {"trade", sizeof(struct db_export_trade), trade,
                                               ZM_COUNT(trade)};
const struct db_shape db_shape_export_portfolio = {"portfolio", sizeof(struct db_export_portfolio),
                                                   portfolio, ZM_COUNT(portfolio)};

static bool read_page(struct db_link *bot, struct db_ask *ask, struct zm_error *err)
{
    if (!db_link_read(bot, ask, 1, err))
        return false;
    if (ask->ok)
        return true;
    *err = ask->err;
    return false;
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

bool db_export_trades(struct db_link *bot, struct db_export *at, struct db_ask *ret,
                      struct zm_error *err)
{
    bool indexed = db_link_facts(bot)->indexes >> DB_INDEX_TRADES_CREATED & 1;
    const char *id = or_null(at->id), *place = or_null(at->place);
    const struct db_export_trade *last;
    char limit[16];

    snprintf(limit, sizeof(limit), "%d", DB_EXPORT_PAGE);
    memset(ret, 0, sizeof(*ret));
    if (at->user)
        *ret = (struct db_ask){.sql = DB_SQL_BOT_EXPORT_USER_TRADES,
                               .params = {at->user, place, id, limit}};
    else if (at->since && indexed)
        *ret = (struct db_ask){.sql = DB_SQL_BOT_EXPORT_TRADES_SINCE,
                               .params = {at->since, place, id, limit}};
    else
        *ret = (struct db_ask){.sql = DB_SQL_BOT_EXPORT_TRADES, .params = {id, limit}};
    if (!read_page(bot, ret, err))
        return false;
    at->done = ret->rows.n < DB_EXPORT_PAGE;
    if (ret->rows.n > 0) {
        last = DB_ROW(&ret->rows, struct db_export_trade, ret->rows.n - 1);
        zm_copy(at->id, sizeof(at->id), last->id);
        zm_copy(at->place, sizeof(at->place), last->place);
    }
    return true;
}

bool db_export_portfolios(struct db_link *bot, struct db_export *at, struct db_ask *ret,
                          struct zm_error *err)
{
    const char *id = or_null(at->id);
    const struct db_export_portfolio *last;
    char limit[16];

    snprintf(limit, sizeof(limit), "%d", DB_EXPORT_PAGE);
    memset(ret, 0, sizeof(*ret));
    if (at->user)
        *ret = (struct db_ask){.sql = DB_SQL_BOT_EXPORT_USER_PORTFOLIOS,
                               .params = {at->user, id, limit}};
    else
        *ret = (struct db_ask){.sql = DB_SQL_BOT_EXPORT_PORTFOLIOS, .params = {id, limit}};
    if (!read_page(bot, ret, err))
        return false;
    at->done = ret->rows.n < DB_EXPORT_PAGE;
    if (ret->rows.n > 0) {
        last = DB_ROW(&ret->rows, struct db_export_portfolio, ret->rows.n - 1);
        zm_copy(at->id, sizeof(at->id), last->id);
    }
    return true;
}
