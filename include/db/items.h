/*
 * What a write may change of a user: one row of a table each. Plans, the journal, conflicts, JSON
 * and undo all speak of these items, by these names.
 */
#ifndef DB_ITEMS_H
#define DB_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/side.h"

enum db_item {
    DB_ITEM_TIER, /* with its copy in Bot and the subscription */
    DB_ITEM_NAME,
    DB_ITEM_COUNTRY,
    DB_ITEM_COMPLETED,
    DB_ITEM_BOT_TIER, /* Bot's copy of the tier; alone only in a repair */
    DB_ITEM_BOT_EMAIL,
    DB_ITEM_TRADING,
    DB_ITEM_API,
    DB_ITEMS,
};

struct db_item_row {
    const char *key;    /* in the journal: "tier", "bot_tier", "trading_enabled" */
    const char *title;  /* for people: "tier", "Bot's tier", "trading" */
    enum db_side side;  /* whose row holds it */
    const char *table;  /* "user_profiles" */
    const char *column; /* "tier" */
    bool is_flag;       /* its text is "true" or "false" */
};

const struct db_item_row *db_item_row(enum db_item item);

/* Values of some items, as text: "true" and "false" for flags, NULL for SQL NULL. The texts belong
 * to whoever filled it. Zeroed: nothing is known. */
struct db_values {
    bool known[DB_ITEMS];
    const char *text[DB_ITEMS];
};

void db_values_set(struct db_values *values, enum db_item item, const char *text);
void db_values_set_flag(struct db_values *values, enum db_item item, signed char maybe);
/* Whether a flag is known to be true. */
bool db_values_is_on(const struct db_values *values, enum db_item item);

#endif
