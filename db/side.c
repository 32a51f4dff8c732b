/*
 * The names of the two databases, as people and as configuration and JSON say them.
 */
#include "db/side.h"

struct side_name {
    const char *name, *key, *shorter;
};

/* clang-format off */
static const struct side_name names[DB_SIDES + 1] = {
    [DB_BRAIN] = {"ZmartyBrain", "brain",  "Brain"},
    [DB_BOT]   = {"ZmartBot",    "bot",    "Bot"},
    [DB_SIDES] = {"either side", "either", "either"},
};
/* clang-format on */

const char *db_side_name(enum db_side side)
{
    return names[side].name;
}

const char *db_side_key(enum db_side side)
{
    return names[side].key;
}

const char *db_side_short(enum db_side side)
{
    return names[side].shorter;
}
