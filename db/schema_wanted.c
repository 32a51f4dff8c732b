/*
 * The source document's tables and policies, word for word, and what is known of the older shapes
 * that its CREATE TABLE IF NOT EXISTS silently leaves in place.
 */
#include "db/schema_wanted.h"

#include <string.h>

#include "zm/str.h"

#define ID                                                                                         \
    {                                                                                              \
        "id", "uuid", "uuid_generate_v4()", true                                                   \
    }
#define STAMP(name)                                                                                \
    {                                                                                              \
        name, "timestamp without time zone", "now()", false                                        \
    }
#define AMOUNT(name)                                                                               \
    {                                                                                              \
        name, "numeric(20,8)", NULL, false                                                         \
    }
#define TABLE(columns) columns, ZM_COUNT(columns)

struct older_shape {
    const char *table, *column, *shape;
};
struct older_name {
    const char *table, *column, *older;
};

/* clang-format off */
static const struct db_wanted_column user_profiles[] = {
    ID,
    {"user_id", "uuid", NULL, false},
    {"tier", "text", "'free'", false},
    {"name", "text", NULL, false},
    {"country", "text", NULL, false},
    {"profile_completed", "boolean", "false", false},
    STAMP("created_at"),
    STAMP("updated_at"),
};
static const struct db_wanted_column user_subscriptions[] = {
    ID,
    {"user_id", "uuid", NULL, false},
    {"tier", "text", NULL, true},
    STAMP("started_at"),
    {"ended_at", "timestamp without time zone", NULL, false},
    {"status", "text", "'active'", false},
};
static const struct db_wanted_column user_activity[] = {
    ID,
    {"user_id", "uuid", NULL, false},
    {"action", "text", NULL, true},
    {"metadata", "jsonb", NULL, false},
    STAMP("created_at"),
};
static const struct db_wanted_column user_trading_profiles[] = {
    ID,
    {"user_id", "uuid", NULL, true},
    {"email", "text", NULL, true},
    {"tier", "text", "'free'", false},
    {"trading_enabled", "boolean", "false", false},
    {"api_access", "boolean", "false", false},
    STAMP("created_at"),
    STAMP("updated_at"),
};
static const struct db_wanted_column user_portfolios[] = {
    ID,
    {"user_id", "uuid", NULL, true},
    {"symbol", "text", NULL, true},
    AMOUNT("amount"),
    AMOUNT("avg_buy_price"),
    AMOUNT("current_value"),
    AMOUNT("pnl"),
    STAMP("created_at"),
    STAMP("updated_at"),
};
static const struct db_wanted_column user_strategies[] = {
    ID,
    {"user_id", "uuid", NULL, true},
    {"strategy_name", "text", NULL, true},
    {"strategy_config", "jsonb", NULL, false},
    {"is_active", "boolean", "false", false},
    {"performance_metrics", "jsonb", NULL, false},
    STAMP("created_at"),
    STAMP("updated_at"),
};
static const struct db_wanted_column user_trades[] = {
    ID,
    {"user_id", "uuid", NULL, true},
    {"symbol", "text", NULL, true},
    {"side", "text", NULL, false},
    AMOUNT("amount"),
    AMOUNT("price"),
    AMOUNT("total"),
    {"status", "text", "'pending'", false},
    {"executed_at", "timestamp without time zone", NULL, false},
    STAMP("created_at"),
};
static const struct db_wanted_column user_api_keys[] = {
    ID,
    {"user_id", "uuid", NULL, true},
    {"exchange", "text", NULL, true},
    {"api_key_encrypted", "text", NULL, false},
    {"api_secret_encrypted", "text", NULL, false},
    {"is_active", "boolean", "true", false},
    {"permissions", "jsonb", NULL, false},
    STAMP("created_at"),
    STAMP("updated_at"),
};

static const struct db_wanted_table tables[] = {
    {DB_BRAIN, "public.user_profiles", "user_profiles", TABLE(user_profiles), true,
     DB_WANTED_TIERS, "tier IN ('free', 'pro', 'enterprise')", DB_HARDENED_UNIQUE},
    {DB_BRAIN, "public.user_subscriptions", "user_subscriptions", TABLE(user_subscriptions), true,
     NULL, NULL, 0},
    {DB_BRAIN, "public.user_activity", "user_activity", TABLE(user_activity), true,
     NULL, NULL, DB_HARDENED_SET_NULL},
    {DB_BOT, "public.user_trading_profiles", "user_trading_profiles",
     TABLE(user_trading_profiles), false, NULL, NULL, DB_HARDENED_UNIQUE | DB_HARDENED_TIERS},
    {DB_BOT, "public.user_portfolios", "user_portfolios", TABLE(user_portfolios), false,
     NULL, NULL, 0},
    {DB_BOT, "public.user_strategies", "user_strategies", TABLE(user_strategies), false,
     NULL, NULL, 0},
    {DB_BOT, "public.user_trades", "user_trades", TABLE(user_trades), false,
     "side = ANY (ARRAY['buy', 'sell'])", "side IN ('buy', 'sell')", 0},
    {DB_BOT, "public.user_api_keys", "user_api_keys", TABLE(user_api_keys), false,
     NULL, NULL, 0},
};

static const struct db_wanted_policy policies[] = {
    {"public.user_profiles", "Users can view own profile", "SELECT", DB_WANTED_OWN,
     "auth.uid() = user_id", NULL, "authenticated", NULL},
    {"public.user_profiles", "Users can update own profile", "UPDATE", DB_WANTED_OWN,
     "auth.uid() = user_id", NULL, "authenticated", "name,country,profile_completed,updated_at"},
    {"public.user_profiles", "Users can insert own profile", "INSERT", DB_WANTED_OWN,
     NULL, "auth.uid() = user_id", "authenticated", "user_id,name,country"},
    {"public.user_trading_profiles", "Public read", "SELECT", DB_WANTED_PUBLIC,
     "true", NULL, "anon", NULL},
    {"public.user_trading_profiles", "Public insert", "INSERT", DB_WANTED_PUBLIC,
     NULL, "true", "anon", NULL},
};

static const struct older_shape shapes[] = {
    {"public.user_subscriptions",    "created_at",            "ZMARTYBRAIN_TABLES.sql"},
    {"public.user_trading_profiles", "total_portfolio_value", "ZMARTBOT_TABLES.sql"},
    {"public.user_portfolios",       "pnl_percentage",        "ZMARTBOT_TABLES.sql"},
    {"public.user_strategies",       "strategy_type",         "ZMARTBOT_TABLES.sql"},
    {"public.user_trades",           "strategy_id",           "ZMARTBOT_TABLES.sql"},
    {"public.user_api_keys",         "is_testnet",            "ZMARTBOT_TABLES.sql"},
    {"public.user_trading_profiles", "risk_tolerance",        "restore-user-reference-tables.sql"},
    {"public.user_portfolios",       "portfolio_name",        "restore-user-reference-tables.sql"},
    {"public.user_strategies",       "parameters",            "restore-user-reference-tables.sql"},
    {"public.user_trades",           "trade_type",            "restore-user-reference-tables.sql"},
    {"public.user_api_keys",         "key_name",              "restore-user-reference-tables.sql"},
};

static const struct older_name older_names[] = {
    {"public.user_portfolios", "current_value",   "total_value"},
    {"public.user_strategies", "strategy_config", "parameters"},
    {"public.user_trades",     "side",            "trade_type"},
    {"public.user_trades",     "amount",          "quantity"},
    {"public.user_trades",     "total",           "total_value"},
};
/* clang-format on */

const struct db_wanted_table *db_wanted_table(size_t i)
{
    return i < ZM_COUNT(tables) ? &tables[i] : NULL;
}

const struct db_wanted_policy *db_wanted_policy(size_t i)
{
    return i < ZM_COUNT(policies) ? &policies[i] : NULL;
}

const struct db_wanted_table *db_wanted_table_named(const char *name)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(tables); i++)
        if (zm_streq(tables[i].name, name))
            return &tables[i];
    return NULL;
}

const struct db_wanted_policy *db_wanted_policy_named(const char *table, const char *name)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(policies); i++)
        if (zm_streq(policies[i].table, table) && zm_streq(policies[i].name, name))
            return &policies[i];
    return NULL;
}

const struct db_wanted_column *db_wanted_column(const struct db_wanted_table *table,
                                                const char *name)
{
    size_t i;

    for (i = 0; i < table->n_columns; i++)
        if (zm_streq(table->columns[i].name, name))
            return &table->columns[i];
    return NULL;
}

const char *db_wanted_older_shape(const char *table, const char *column)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(shapes); i++)
        if (zm_streq(shapes[i].table, table) && zm_streq(shapes[i].column, column))
            return shapes[i].shape;
    return NULL;
}

const char *db_wanted_older_name(const char *table, const char *column)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(older_names); i++)
        if (zm_streq(older_names[i].table, table) && zm_streq(older_names[i].column, column))
            return older_names[i].older;
    return NULL;
}
