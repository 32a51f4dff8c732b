/*
 * One user: his record out of what was read, and more rows of what is long. Knows no statement's
 * columns.
 */
#include "db/user.h"

#include <stdio.h>
#include <string.h>

#include "zm/str.h"

void db_user_brain_done(struct db_user_brain *half)
{
    db_asks_done(half->part, DB_UB_PARTS);
}

void db_user_bot_done(struct db_user_bot *half)
{
    db_asks_done(half->part, DB_UT_PARTS);
}

/* The first row of a part: of profiles the oldest. */
static const void *first(const struct db_ask *ask)
{
    return ask->ok && ask->rows.n > 0 ? ask->rows.items : NULL;
}

void db_user_join(const char *id, const struct db_user_brain *brain, const struct db_user_bot *bot,
                  const struct db_policy *policy, struct db_user *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->id = id;
    if (brain && brain->part[DB_UB_LOGIN].ok) {
        ret->brain_known = true;
        ret->profile_known = brain->part[DB_UB_PROFILES].ok;
        ret->active_known = brain->part[DB_UB_ACTIVE].ok;
        ret->login = first(&brain->part[DB_UB_LOGIN]);
        ret->profile = first(&brain->part[DB_UB_PROFILES]);
        ret->active = first(&brain->part[DB_UB_ACTIVE]);
    }
    if (bot && bot->part[DB_UT_TRADERS].ok) {
        ret->bot_known = true;
        ret->keys_known = bot->part[DB_UT_KEY_COUNTS].ok;
        ret->trader = first(&bot->part[DB_UT_TRADERS]);
        ret->keys = first(&bot->part[DB_UT_KEY_COUNTS]);
    }
    db_user_judge(ret, policy);
}

/* One statement, whose own failure is the call's. */
static bool read_one(struct db_link *link, struct db_ask *ask, struct db_ask *ret,
                     struct zm_error *err)
{
    if (!db_link_read(link, ask, 1, err))
        return false;
    if (!ask->ok) {
        if (err)
            *err = ask->err;
        return false;
    }
    memset(ask->params, 0, sizeof(ask->params));
    *ret = *ask;
    return true;
}

bool db_user_more_trades(struct db_link *bot, const char *user_id, const char *created_at,
                         const char *id, struct db_ask *ret, struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BOT_USER_TRADES, .params = {user_id, created_at, id}};

    return read_one(bot, &ask, ret, err);
}

bool db_user_more_activity(struct db_link *brain, const char *user_id, const char *created_at,
                           const char *id, struct db_ask *ret, struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BRAIN_USER_ACTIVITY,
                         .params = {user_id, created_at, id, "100"}};

    return read_one(brain, &ask, ret, err);
}

static int64_t rows_of(const struct db_ask *ask)
{
    return ask->ok ? (int64_t)ask->rows.n : -1;
}

bool db_user_still_on(struct db_link *bot, const char *user_id, struct db_still_on *ret,
                      struct zm_error *err)
{
    struct db_ask asks[] = {{.sql = DB_SQL_BOT_USER_TRADE_COUNT, .params = {user_id}},
                            {.sql = DB_SQL_BOT_ACTIVE_STRATEGIES, .params = {user_id}},
                            {.sql = DB_SQL_BOT_ACTIVE_KEYS, .params = {user_id}}};
    bool ok = db_link_read(bot, asks, ZM_COUNT(asks), err);
    const struct db_trade_count *trades = ok ? first(&asks[0]) : NULL;

    ret->pending = trades ? trades->pending : -1;
    ret->strategies = ok ? rows_of(&asks[1]) : -1;
    ret->keys = ok ? rows_of(&asks[2]) : -1;
    db_asks_done(asks, ZM_COUNT(asks));
    return ok;
}

/* clang-format off */
static const struct db_field piece_fields[] = {
    DB_FIELD(struct db_json_piece, text),
    DB_FIELD(struct db_json_piece, size),
};
const struct db_shape db_shape_json_piece = {
    "json piece", sizeof(struct db_json_piece), piece_fields, ZM_COUNT(piece_fields)};

static const struct json_row {
    const char *what;
    enum db_sql sql;
} jsons[] = {
    {"metadata",            DB_SQL_BRAIN_JSON_METADATA},
    {"strategy_config",     DB_SQL_BOT_JSON_STRATEGY_CONFIG},
    {"performance_metrics", DB_SQL_BOT_JSON_PERFORMANCE_METRICS},
    {"permissions",         DB_SQL_BOT_JSON_PERMISSIONS},
};
/* clang-format on */

bool db_user_json(struct db_link *link, const char *what, const char *row_id, int64_t offset,
                  struct db_ask *ret, struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_NONE};
    char skip[24];
    size_t i;

    for (i = 0; i < ZM_COUNT(jsons); i++)
        if (zm_streq(jsons[i].what, what))
            ask.sql = jsons[i].sql;
    if (ask.sql == DB_SQL_NONE || db_sql_text(ask.sql)->side != db_link_facts(link)->side)
        return zm_error_set(err, ZM_ERR_USAGE, db_side_name(db_link_facts(link)->side), "read JSON",
                            "no column \"%s\" is read whole here", what);
    snprintf(skip, sizeof(skip), "%lld", (long long)offset);
    ask.params[0] = row_id;
    ask.params[1] = skip;
    return read_one(link, &ask, ret, err);
}
