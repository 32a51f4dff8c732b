/*
 * One user: everything that both databases hold about him, in one round trip each. Every list is an
 * ask of its own, so a missing table disables its pane only.
 */
#ifndef DB_USER_H
#define DB_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/link.h"
#include "db/users.h"

struct db_subscription {
    const char *id, *tier, *status, *started_at, *ended_at;
};

struct db_activity {
    const char *id, *action;
    const char *metadata;  /* JSON, the first 400 characters */
    int64_t metadata_size; /* characters of the whole */
    const char *created_at;
};

/* A journal row of ours (action zmartctl.*) about this user. */
struct db_operator_change {
    const char *id, *action, *created_at, *db_role, *os_user, *before, *after, *reason;
};

struct db_portfolio {
    const char *id, *symbol, *amount, *avg_buy_price, *current_value, *pnl, *updated_at;
};
struct db_portfolio_total {
    int64_t symbols;
    const char *current_value, *pnl; /* exact sums by the server */
};

struct db_strategy {
    const char *id, *strategy_name;
    db_maybe is_active;
    const char *strategy_config, *performance_metrics; /* the first 400 characters */
    int64_t config_size;
    const char *updated_at;
};

struct db_trade {
    const char *id, *symbol, *side, *amount, *price, *total, *status, *executed_at, *created_at;
};
struct db_trade_day {
    const char *day; /* 2026-11-22 */
    int64_t trades;
};
struct db_trade_count {
    int64_t trades;  /* counted up to 10,001: above, show "10,000+" */
    int64_t pending; /* of the newest 1,000 */
    const char *last_at;
};

/* The encrypted columns are in no statement. */
struct db_api_key {
    const char *id, *exchange;
    db_maybe is_active;
    const char *permissions, *created_at, *updated_at;
};

extern const struct db_shape db_shape_subscription, db_shape_activity, db_shape_operator_change,
    db_shape_portfolio, db_shape_portfolio_total, db_shape_strategy, db_shape_trade,
    db_shape_trade_day, db_shape_trade_count, db_shape_api_key;

#define DB_USER_ACTIVITY_ROWS "50" /* of db_user_read_brain; more come in hundreds */

enum db_user_brain_part {
    DB_UB_LOGIN,         /* struct db_login */
    DB_UB_PROFILES,      /* struct db_profile, oldest first: all of them */
    DB_UB_ACTIVE,        /* struct db_active */
    DB_UB_SUBSCRIPTIONS, /* newest first, at most 50 */
    DB_UB_ACTIVITY,      /* newest first, at most 50 */
    DB_UB_OPERATORS,     /* newest first, at most 20 */
    DB_UB_PARTS,
};
enum db_user_bot_part {
    DB_UT_TRADERS,    /* struct db_trader, oldest first: all of them */
    DB_UT_KEY_COUNTS, /* struct db_keys */
    DB_UT_PORTFOLIO,  /* at most 200, by value */
    DB_UT_TOTAL,
    DB_UT_TRADES,     /* newest first, at most 100 */
    DB_UT_TRADE_DAYS, /* the last 30 days that have trades */
    DB_UT_TRADE_COUNT,
    DB_UT_STRATEGIES,
    DB_UT_API_KEYS,
    DB_UT_PARTS,
};

struct db_user_brain {
    struct db_ask part[DB_UB_PARTS];
};
struct db_user_bot {
    struct db_ask part[DB_UT_PARTS];
};

/* One round trip; parts that failed say why in their ask. False: the side did not answer at all. */
bool db_user_read_brain(struct db_link *brain, const char *id, struct db_user_brain *ret,
                        struct zm_error *err);
bool db_user_read_bot(struct db_link *bot, const char *id, struct db_user_bot *ret,
                      struct zm_error *err);
void db_user_brain_done(struct db_user_brain *half);
void db_user_bot_done(struct db_user_bot *half);

/* The record of the list, from the two halves (either may be NULL: unknown). It points into them.
 */
void db_user_join(const char *id, const struct db_user_brain *brain, const struct db_user_bot *bot,
                  const struct db_policy *policy, struct db_user *ret);

/* More rows of a list, after the last one shown (created_at and id of it). ask->rows are the next
 * 100. */
bool db_user_more_trades(struct db_link *bot, const char *user_id, const char *created_at,
                         const char *id, struct db_ask *ret, struct zm_error *err);
bool db_user_more_activity(struct db_link *brain, const char *user_id, const char *created_at,
                           const char *id, struct db_ask *ret, struct zm_error *err);

/* What stopping his trading leaves alone: pending trades (of the newest 1,000), strategies and API
 * keys that are on. -1: not known, because it may not be read or is not there. */
struct db_still_on {
    int64_t pending, strategies, keys;
};
/* One round trip. False: Bot did not answer at all. */
bool db_user_still_on(struct db_link *bot, const char *user_id, struct db_still_on *ret,
                      struct zm_error *err);

/* A long JSON value whole, as jsonb_pretty prints it, in pieces of at most 64 KiB characters:
 * what = "strategy_config", "performance_metrics", "permissions" or "metadata" of the row id. */
struct db_json_piece {
    const char *text;
    int64_t size; /* characters of the whole pretty text */
};
extern const struct db_shape db_shape_json_piece;
bool db_user_json(struct db_link *link, const char *what, const char *row_id, int64_t offset,
                  struct db_ask *ret, struct zm_error *err);

/* ---- who is meant by USER: an id, an e-mail or a phone ---- */

#define DB_CANDIDATES 8
struct db_candidates {
    size_t n; /* found, at most DB_CANDIDATES */
    struct {
        char id[37];
        char text[200]; /* "ana@example.ro (SSO)" for the list of candidates */
    } row[DB_CANDIDATES];
};
/* Looks in auth.users, then in Bot's trading profiles (an orphan is somebody too).
 * Case-insensitive. n == 0: nobody. False: a database that had to be asked did not answer. */
bool db_user_resolve(struct db_session *session, const char *who, struct db_candidates *ret,
                     struct zm_error *err);

#endif
