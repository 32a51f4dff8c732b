/*
 * The table of items.
 */
#include "db/items.h"

#include "zm/str.h"

/* clang-format off */
static const struct db_item_row rows[DB_ITEMS] = {
    [DB_ITEM_TIER]      = {"tier",              "tier",         DB_BRAIN, "user_profiles",         "tier",              false},
    [DB_ITEM_NAME]      = {"name",              "name",         DB_BRAIN, "user_profiles",         "name",              false},
    [DB_ITEM_COUNTRY]   = {"country",           "country",      DB_BRAIN, "user_profiles",         "country",           false},
    [DB_ITEM_COMPLETED] = {"profile_completed", "completed",    DB_BRAIN, "user_profiles",         "profile_completed", true},
    [DB_ITEM_BOT_TIER]  = {"bot_tier",          "Bot's tier",   DB_BOT,   "user_trading_profiles", "tier",              false},
    [DB_ITEM_BOT_EMAIL] = {"bot_email",         "Bot's e-mail", DB_BOT,   "user_trading_profiles", "email",             false},
    [DB_ITEM_TRADING]   = {"trading_enabled",   "trading",      DB_BOT,   "user_trading_profiles", "trading_enabled",   true},
    [DB_ITEM_API]       = {"api_access",        "API access",   DB_BOT,   "user_trading_profiles", "api_access",        true},
};
/* clang-format on */

const struct db_item_row *db_item_row(enum db_item item)
{
    return &rows[item];
}

void db_values_set(struct db_values *values, enum db_item item, const char *text)
{
    values->known[item] = true;
    values->text[item] = text;
}

void db_values_set_flag(struct db_values *values, enum db_item item, signed char maybe)
{
    db_values_set(values, item, maybe < 0 ? NULL : maybe ? "true" : "false");
}

bool db_values_is_on(const struct db_values *values, enum db_item item)
{
    return values->known[item] && zm_streq(values->text[item], "true");
}
