/*
 * The indexes that a screen relies on beyond those that auth.users and the primary keys bring: the
 * hardening of checklist item 6 creates them, the demo has them unless --as-written. Nothing needs
 * them to work; a list whose index is missing says so by this table.
 *
 * A unique index on the same leading columns serves as well as the plain one.
 */
#ifndef DB_INDEXES_H
#define DB_INDEXES_H

#include <stdint.h>

#include "db/side.h"

enum db_index {
    DB_INDEX_PROFILES_USER,      /* Brain: user_profiles(user_id) */
    DB_INDEX_PROFILES_NAME,      /* Brain: user_profiles(left(lower(name), 200) text_pattern_ops) */
    DB_INDEX_PROFILES_CREATED,   /* Brain: user_profiles(created_at): sign-ups per day */
    DB_INDEX_SUBSCRIPTIONS_USER, /* Brain: user_subscriptions(user_id, started_at) */
    DB_INDEX_ACTIVITY_USER,      /* Brain: user_activity(user_id, created_at, id) */
    DB_INDEX_ACTIVITY_JOURNAL,   /* Brain: user_activity((metadata->>'subject'), created_at)
                                    WHERE action LIKE 'zmartctl.%' */
    DB_INDEX_ACTIVITY_TIME,      /* Brain: user_activity(created_at, id), the same condition */
    DB_INDEX_TRADERS_USER,       /* Bot: user_trading_profiles(user_id) */
    DB_INDEX_TRADERS_EMAIL,      /* Bot: user_trading_profiles(left(email, 200) text_pattern_ops,
                                    user_id) */
    DB_INDEX_PORTFOLIOS_USER,    /* Bot: user_portfolios(user_id, symbol) */
    DB_INDEX_STRATEGIES_USER,    /* Bot: user_strategies(user_id) */
    DB_INDEX_TRADES_USER,        /* Bot: user_trades(user_id, created_at, id) */
    DB_INDEX_TRADES_CREATED,     /* Bot: user_trades(created_at): trades per day */
    DB_INDEX_KEYS_USER,          /* Bot: user_api_keys(user_id) */
    DB_INDEX_COUNT,
};

struct db_index_row {
    const char *name; /* "user_profiles_user_id_idx": what we call it when we create it */
    enum db_side side;
    const char *table;     /* "public.user_profiles" */
    const char *columns;   /* as pg_get_indexdef prints them: "user_id" */
    const char *predicate; /* as pg_get_expr prints it, or NULL */
    const char *create;    /* the statement of item 6 */
    const char *serves;    /* what is slow without it: "users, tiers of a page" */
};

const struct db_index_row *db_index_row(enum db_index index);

#endif
