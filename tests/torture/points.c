/*
 * What is done, and where faults strike. The texts are those of db/sql, on one line each, so that
 * they are found in the stream.
 */
#include "torture.h"

#include "zm/str.h"

#define VOTE "SET CONSTRAINTS ALL IMMEDIATE"

/* clang-format off */
static const struct torture_operation operations[] = {
    {"tier",       "tier",    WRITES_TIER,    "pro", "pro",   "free", "free", 1, false, TORTURE_COMMAND},
    {"trading",    "trading", WRITES_TRADING, "off", "false", "on",   "true", 1, false, TORTURE_COMMAND},
    {"api",        "api",     WRITES_API,     "off", "false", "on",   "true", 1, false, TORTURE_COMMAND},
    {"bulk",       "tier",    WRITES_TIER,    "pro", "pro",   "free", "free", 3, false, TORTURE_COMMAND},
    {"breakglass", "trading", WRITES_TRADING, "off", "false", "on",   "true", 1, true, TORTURE_COMMAND},
};

static const struct torture_point points[] = {
    {"brain begin",     DB_BRAIN, "", "SET LOCAL lock_timeout", PROXY_HOLD_BEFORE, false},
    {"brain begun",     DB_BRAIN, "", "SET LOCAL lock_timeout", PROXY_HOLD_AFTER, false},
    {"brain lock",      DB_BRAIN, "", "pg_advisory_xact_lock", PROXY_HOLD_BEFORE, false},
    {"brain locked",    DB_BRAIN, "", "pg_advisory_xact_lock", PROXY_HOLD_AFTER, false},
    {"brain change",    DB_BRAIN, "", "UPDATE public.user_profiles", PROXY_HOLD_BEFORE, true},
    {"brain changed",   DB_BRAIN, "", "UPDATE public.user_profiles", PROXY_HOLD_AFTER, true},
    {"brain history",   DB_BRAIN, "", "INSERT INTO public.user_subscriptions", PROXY_HOLD_BEFORE, true},
    {"brain journal",   DB_BRAIN, "", "INSERT INTO public.user_activity", PROXY_HOLD_BEFORE, false},
    {"brain journalled", DB_BRAIN, "", "INSERT INTO public.user_activity", PROXY_HOLD_AFTER, false},
    {"brain vote",      DB_BRAIN, "", VOTE, PROXY_HOLD_BEFORE, false},
    {"brain voted",     DB_BRAIN, "", VOTE, PROXY_HOLD_AFTER, false},
    {"brain commit",    DB_BRAIN, VOTE, "COMMIT", PROXY_HOLD_BEFORE, false},
    {"brain committed", DB_BRAIN, VOTE, "COMMIT", PROXY_HOLD_AFTER, false},
    {"brain look",      DB_BRAIN, VOTE, "BEGIN", PROXY_HOLD_BEFORE, false},
    {"brain looked",    DB_BRAIN, VOTE, "BEGIN", PROXY_HOLD_AFTER, false},
    {"bot begin",       DB_BOT,   "", "SET LOCAL lock_timeout", PROXY_HOLD_BEFORE, false},
    {"bot begun",       DB_BOT,   "", "SET LOCAL lock_timeout", PROXY_HOLD_AFTER, false},
    {"bot lock",        DB_BOT,   "", "FOR NO KEY UPDATE", PROXY_HOLD_BEFORE, false},
    {"bot locked",      DB_BOT,   "", "FOR NO KEY UPDATE", PROXY_HOLD_AFTER, false},
    {"bot change",      DB_BOT,   "", "UPDATE public.user_trading_profiles", PROXY_HOLD_BEFORE, false},
    {"bot changed",     DB_BOT,   "", "UPDATE public.user_trading_profiles", PROXY_HOLD_AFTER, false},
    {"bot vote",        DB_BOT,   "", VOTE, PROXY_HOLD_BEFORE, false},
    {"bot voted",       DB_BOT,   "", VOTE, PROXY_HOLD_AFTER, false},
    {"bot commit",      DB_BOT,   VOTE, "COMMIT", PROXY_HOLD_BEFORE, false},
    {"bot committed",   DB_BOT,   VOTE, "COMMIT", PROXY_HOLD_AFTER, false},
    {"bot look",        DB_BOT,   VOTE, "BEGIN", PROXY_HOLD_BEFORE, false},
    {"bot looked",      DB_BOT,   VOTE, "BEGIN", PROXY_HOLD_AFTER, false},
};
/* clang-format on */

size_t torture_points(void)
{
    return ZM_COUNT(points);
}

const struct torture_point *torture_point(size_t i)
{
    return &points[i];
}

size_t torture_operations(void)
{
    return ZM_COUNT(operations);
}

const struct torture_operation *torture_operation(size_t i)
{
    return &operations[i];
}

bool torture_is_voted(const struct torture_point *point)
{
    return point->since[0] != '\0';
}

bool torture_is_point_of(const struct torture_point *point,
                         const struct torture_operation *operation)
{
    if (operation->without_brain && point->side == DB_BRAIN)
        return false;
    if (operation->console == TORTURE_FINISH && point->tier_only)
        return false;
    return operation->kind == WRITES_TIER || !point->tier_only;
}
