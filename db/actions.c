/*
 * The names of actions and results.
 */
#include "db/write.h"

#include "db/side.h"
#include "zm/error.h"
#include "zm/str.h"

/* clang-format off */
static const struct {
    const char *name, *title;
} actions[DB_ACTIONS] = {
    [DB_ACTION_TIER]    = {"zmartctl.tier_change",    "change tier"},
    [DB_ACTION_TRADING] = {"zmartctl.trading_toggle", "change trading"},
    [DB_ACTION_API]     = {"zmartctl.api_toggle",     "change API access"},
    [DB_ACTION_PROFILE] = {"zmartctl.profile_edit",   "edit profile"},
    [DB_ACTION_STOP]    = {"zmartctl.stop_all",       "stop trading"},
    [DB_ACTION_REPAIR]  = {"zmartctl.repair",         "repair"},
    [DB_ACTION_UNDO]    = {"zmartctl.undo",           "undo"},
};

static const char *const results[DB_RESULTS] = {
    [DB_RESULT_DONE]            = "done",
    [DB_RESULT_NOTHING_CHANGED] = "nothing_changed",
    [DB_RESULT_STALE]           = "stale",
    [DB_RESULT_REFUSED]         = "refused",
    [DB_RESULT_PARTIAL]         = "partial",
    [DB_RESULT_UNKNOWN]         = "unknown",
};
/* clang-format on */

const char *db_action_name(enum db_action action)
{
    return actions[action].name;
}

const char *db_action_title(enum db_action action)
{
    return actions[action].title;
}

const char *db_result_key(enum db_result result)
{
    return results[result];
}

/* 3 is for a database that could not be reached. */
static bool is_out_of_reach(enum zm_error_kind kind)
{
    return kind == ZM_ERR_CONNECT || kind == ZM_ERR_AUTH || kind == ZM_ERR_LOST ||
           kind == ZM_ERR_TIMEOUT || kind == ZM_ERR_INSECURE;
}

bool db_written_lacks(const struct db_written *written, enum db_side side)
{
    return written->result == DB_RESULT_NOTHING_CHANGED && is_out_of_reach(written->err.kind) &&
           zm_streq(written->err.where, db_side_name(side));
}

int db_written_exit_code(const struct db_written *written)
{
    switch (written->result) {
    case DB_RESULT_DONE:
        return 0;
    case DB_RESULT_PARTIAL:
    case DB_RESULT_UNKNOWN:
        return 4;
    case DB_RESULT_NOTHING_CHANGED:
        return is_out_of_reach(written->err.kind) ? 3 : 5;
    default:
        return 5;
    }
}
