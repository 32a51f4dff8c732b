/*
 * Whole tables of ZmartBot, page by page, for files: all rows, those of a user, or those since a
 * time.
 */
#ifndef DB_EXPORT_H
#define DB_EXPORT_H

#include <stdbool.h>

#include "db/link.h"
#include "zm/error.h"

#define DB_EXPORT_PAGE 2000

struct db_export_trade {
    const char *id, *user_id, *symbol, *side, *amount, *price, *total, *status, *executed_at,
        *created_at;
    const char *place; /* created_at with its fractions: where the next page begins */
};
struct db_export_portfolio {
    const char *id, *user_id, *symbol, *amount, *avg_buy_price, *current_value, *pnl, *created_at,
        *updated_at;
};
extern const struct db_shape db_shape_export_trade, db_shape_export_portfolio;

/* Where an export is; zeroed at its begin but for what to export. */
struct db_export {
    const char *user;  /* id, or NULL: all users */
    const char *since; /* a timestamp, or NULL. A hint: where no index serves it, all rows come */
    char id[37], place[48];
    bool done;
};

/* The next page, in the order that an index gives: of a user newest first, since a time oldest
 * first, else by id. One round trip. False: nothing was read, *err says why; the place has not
 * moved. */
bool db_export_trades(struct db_link *bot, struct db_export *at, struct db_ask *ret,
                      struct zm_error *err);
/* Likewise, by id; `since` is not looked at. */
bool db_export_portfolios(struct db_link *bot, struct db_export *at, struct db_ask *ret,
                          struct zm_error *err);

#endif
