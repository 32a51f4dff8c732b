/*
 * Which struct the rows of a statement fill. A statement without a line here returns nothing that
 * anybody reads. The texts themselves are made from db/sql by the build.
 */
#include "db/sql.h"

#include <stddef.h>

#include "db/catalog_data.h"
#include "db/checklist_work.h"
#include "db/compare_work.h"
#include "db/export.h"
#include "db/flow.h"
#include "db/flow_watch.h"
#include "db/hardening.h"
#include "db/holder.h"
#include "db/journal.h"
#include "db/leftovers.h"
#include "db/names.h"
#include "db/overview.h"
#include "db/replica.h"
#include "db/resolve.h"
#include "db/rows.h"
#include "db/schema.h"
#include "db/trial.h"
#include "db/user.h"
#include "db/users_read.h"
#include "db/write_work.h"

/* clang-format off */
static const struct db_shape *const shapes[DB_SQL_COUNT] = {
    [DB_SQL_EITHER_IDENTITY] = &db_shape_identity,
    [DB_SQL_EITHER_SYSTEM]   = &db_shape_system,
    [DB_SQL_EITHER_COLUMNS]  = &db_shape_column,
    [DB_SQL_EITHER_TABLES]   = &db_shape_table,
    [DB_SQL_EITHER_INDEXES]  = &db_shape_index,
    [DB_SQL_EITHER_CHECKS]   = &db_shape_check,
    [DB_SQL_EITHER_JOURNAL_GUARD] = &db_shape_guard,

    [DB_SQL_BRAIN_PAGE_LOGINS]            = &db_shape_login,
    [DB_SQL_BRAIN_PAGE_PROFILES]          = &db_shape_profile,
    [DB_SQL_BRAIN_PAGE_ACTIVE]            = &db_shape_active,
    [DB_SQL_BRAIN_WALK_LOGINS]            = &db_shape_walk_row,
    [DB_SQL_BRAIN_WALK_LOGINS_NAMED]      = &db_shape_walk_row,
    [DB_SQL_BRAIN_LOGINS_MISSING]         = &db_shape_id_row,
    [DB_SQL_BOT_PAGE_TRADERS]             = &db_shape_trader,
    [DB_SQL_BOT_PAGE_KEYS]                = &db_shape_keys,
    [DB_SQL_BOT_WALK_TRADERS]             = &db_shape_walk_row,

    [DB_SQL_BRAIN_USER_PROFILES]          = &db_shape_profile,
    [DB_SQL_BRAIN_USER_SUBSCRIPTIONS]     = &db_shape_subscription,
    [DB_SQL_BRAIN_USER_ACTIVITY]          = &db_shape_activity,
    [DB_SQL_BRAIN_USER_OPERATORS]         = &db_shape_operator_change,
    [DB_SQL_BRAIN_JSON_METADATA]          = &db_shape_json_piece,
    [DB_SQL_BRAIN_RESOLVE_LOGIN]          = &db_shape_candidate_login,
    [DB_SQL_BRAIN_RESOLVE_LOGIN_LOWER]    = &db_shape_candidate_login,
    [DB_SQL_BRAIN_RESOLVE_LOGIN_SCAN]     = &db_shape_candidate_login,
    [DB_SQL_BRAIN_RESOLVE_NAMES]         = &db_shape_name_row,
    [DB_SQL_BRAIN_RESOLVE_NAMES_SCAN]    = &db_shape_name_row,
    [DB_SQL_BRAIN_RESOLVE_NAMES_EXACT]    = &db_shape_name_row,
    [DB_SQL_BRAIN_ODD_LOGINS]            = &db_shape_id_row,
    [DB_SQL_BOT_USER_TRADERS]             = &db_shape_trader,
    [DB_SQL_BOT_USER_PORTFOLIO]           = &db_shape_portfolio,
    [DB_SQL_BOT_USER_PORTFOLIO_TOTAL]     = &db_shape_portfolio_total,
    [DB_SQL_BOT_USER_TRADES]              = &db_shape_trade,
    [DB_SQL_BOT_USER_TRADE_DAYS]          = &db_shape_trade_day,
    [DB_SQL_BOT_USER_TRADE_COUNT]         = &db_shape_trade_count,
    [DB_SQL_BOT_USER_STRATEGIES]          = &db_shape_strategy,
    [DB_SQL_BOT_USER_API_KEYS]            = &db_shape_api_key,
    [DB_SQL_BOT_JSON_STRATEGY_CONFIG]     = &db_shape_json_piece,
    [DB_SQL_BOT_JSON_PERFORMANCE_METRICS] = &db_shape_json_piece,
    [DB_SQL_BOT_JSON_PERMISSIONS]         = &db_shape_json_piece,
    [DB_SQL_BOT_RESOLVE_TRADER]           = &db_shape_candidate_trader,
    [DB_SQL_BOT_RESOLVE_TRADER_SCAN]      = &db_shape_candidate_trader,
    [DB_SQL_BOT_RESOLVE_NAMES]           = &db_shape_name_row,

    [DB_SQL_EITHER_CHECK_WRITE]           = &db_shape_check_row,
    [DB_SQL_EITHER_CHECK_WRITE_SYSTEM]    = &db_shape_check_row,
    [DB_SQL_BRAIN_LOCK_PROFILE]           = &db_shape_profile_lock,
    [DB_SQL_BRAIN_WRITE_LOGIN]            = &db_shape_login_seen,
    [DB_SQL_BRAIN_INSERT_PROFILE]         = &db_shape_stored,
    [DB_SQL_BRAIN_SET_TIER]               = &db_shape_stored,
    [DB_SQL_BRAIN_SET_NAME]               = &db_shape_stored,
    [DB_SQL_BRAIN_SET_COUNTRY]            = &db_shape_stored,
    [DB_SQL_BRAIN_SET_COMPLETED]          = &db_shape_stored,
    [DB_SQL_BRAIN_CLOSE_SUBSCRIPTIONS]    = &db_shape_id_row,
    [DB_SQL_BRAIN_OPEN_SUBSCRIPTION]      = &db_shape_id_row,
    [DB_SQL_BRAIN_ACTIVE_SUBSCRIPTIONS]   = &db_shape_id_row,
    [DB_SQL_BRAIN_WRITE_RESULT]           = &db_shape_id_row,
    [DB_SQL_BRAIN_FIND_REQUEST]           = &db_shape_request_row,
    [DB_SQL_BRAIN_FIND_TOKEN]             = &db_shape_token_row,
    [DB_SQL_BRAIN_SEE_PROFILE]            = &db_shape_profile_lock,
    [DB_SQL_BRAIN_LOCK_HOLDER]            = &db_shape_holder,
    [DB_SQL_BOT_LOCK_TRADER]              = &db_shape_trader_lock,
    [DB_SQL_BOT_INSERT_TRADER]            = &db_shape_stored_token,
    [DB_SQL_BOT_SET_TIER]                 = &db_shape_stored_token,
    [DB_SQL_BOT_SET_TIER_RIGHTS]          = &db_shape_stored_token,
    [DB_SQL_BOT_SET_EMAIL]                = &db_shape_stored_token,
    [DB_SQL_BOT_SET_TRADING]              = &db_shape_stored_token,
    [DB_SQL_BOT_SET_API]                  = &db_shape_stored_token,
    [DB_SQL_BOT_STOP_TRADER]              = &db_shape_id_row,
    [DB_SQL_BOT_STOP_STRATEGIES]          = &db_shape_id_row,
    [DB_SQL_BOT_STOP_KEYS]                = &db_shape_id_row,
    [DB_SQL_BOT_ACTIVE_STRATEGIES]        = &db_shape_id_row,
    [DB_SQL_BOT_ACTIVE_KEYS]              = &db_shape_id_row,
    [DB_SQL_BOT_SEE_TRADER]               = &db_shape_trader_lock,
    [DB_SQL_BOT_LOCK_HOLDER]              = &db_shape_holder,

    [DB_SQL_BRAIN_JOURNAL_PAGE]           = &db_shape_journal_row,
    [DB_SQL_BRAIN_JOURNAL_USER]           = &db_shape_journal_row,
    [DB_SQL_BRAIN_JOURNAL_FIND]           = &db_shape_journal_row,

    [DB_SQL_BRAIN_OVERVIEW_TIERS]         = &db_shape_tier_count,
    [DB_SQL_BRAIN_OVERVIEW_TIERS_EXACT]   = &db_shape_tier_count,
    [DB_SQL_BRAIN_OVERVIEW_SIGN_UPS]      = &db_shape_day_count,
    [DB_SQL_BOT_OVERVIEW_TIERS]           = &db_shape_tier_count,
    [DB_SQL_BOT_OVERVIEW_TIERS_EXACT]     = &db_shape_tier_count,
    [DB_SQL_BOT_OVERVIEW_TRADES]          = &db_shape_day_count,
    [DB_SQL_BOT_OVERVIEW_SYMBOLS]         = &db_shape_symbol_count,
    [DB_SQL_BOT_OVERVIEW_SYMBOLS_EXACT]   = &db_shape_symbol_count,
    [DB_SQL_BOT_OVERVIEW_TABLES]          = &db_shape_table_state,

    [DB_SQL_BOT_EXPORT_TRADES]          = &db_shape_export_trade,
    [DB_SQL_BOT_EXPORT_TRADES_SINCE]    = &db_shape_export_trade,
    [DB_SQL_BOT_EXPORT_USER_TRADES]     = &db_shape_export_trade,
    [DB_SQL_BOT_EXPORT_PORTFOLIOS]      = &db_shape_export_portfolio,
    [DB_SQL_BOT_EXPORT_USER_PORTFOLIOS] = &db_shape_export_portfolio,

    /* comparing */
    [DB_SQL_EITHER_REPLICA]               = &db_shape_replica,
    [DB_SQL_EITHER_COMPARE_HASH]          = &db_shape_constants,
    [DB_SQL_EITHER_COMPARE_ORDER]         = &db_shape_order,
    [DB_SQL_BRAIN_COMPARE_TOTAL]          = &db_shape_sums,
    [DB_SQL_BRAIN_COMPARE_TOTAL_NAMELESS] = &db_shape_sums,
    [DB_SQL_BRAIN_COMPARE_SUMS]           = &db_shape_sums,
    [DB_SQL_BRAIN_COMPARE_SUMS_BARE]      = &db_shape_sums,
    [DB_SQL_BRAIN_COMPARE_IDS]            = &db_shape_id_row,
    [DB_SQL_BRAIN_COMPARE_MIXED]          = &db_shape_id_row,
    [DB_SQL_BRAIN_COMPARE_APART]          = &db_shape_apart,
    [DB_SQL_BRAIN_COMPARE_NAMELESS]       = &db_shape_id_row,
    [DB_SQL_BRAIN_COMPARE_NEXT_USERS]     = &db_shape_login_row,
    [DB_SQL_BRAIN_COMPARE_NEXT_PROFILES]  = &db_shape_profile_row,
    [DB_SQL_BRAIN_COMPARE_NEXT_SUBSCRIPTIONS] = &db_shape_subscription_row,
    [DB_SQL_BRAIN_COMPARE_USERS_OF]       = &db_shape_login_row,
    [DB_SQL_BRAIN_COMPARE_PROFILES_OF]    = &db_shape_profile_row,
    [DB_SQL_BRAIN_COMPARE_SUBSCRIPTIONS_OF] = &db_shape_subscription_row,
    [DB_SQL_BRAIN_COMPARE_JOURNAL]        = &db_shape_id_row,
    [DB_SQL_BOT_COMPARE_TOTAL]            = &db_shape_sums,
    [DB_SQL_BOT_COMPARE_SUMS]             = &db_shape_sums,
    [DB_SQL_BOT_COMPARE_IDS]              = &db_shape_id_row,
    [DB_SQL_BOT_COMPARE_ABSENT]           = &db_shape_id_row,
    [DB_SQL_BOT_COMPARE_RIGHTS]           = &db_shape_id_row,
    [DB_SQL_BOT_COMPARE_NEXT_TRADERS]     = &db_shape_trader_row,
    [DB_SQL_BOT_COMPARE_TRADERS_OF]       = &db_shape_trader_row,

    [DB_SQL_BRAIN_CHECKLIST_MARKS]  = &db_shape_mark,
    /* the live tests */
    [DB_SQL_EITHER_TRIAL_ACT_AS]          = &db_shape_id_row,
    [DB_SQL_BRAIN_TRIAL_FACTS]            = &db_shape_trial_facts,
    [DB_SQL_BRAIN_TRIAL_CONNECT]          = &db_shape_id_row,
    [DB_SQL_BRAIN_TRIAL_LOOK]             = &db_shape_trial_seen,
    [DB_SQL_BRAIN_TRIAL_CHANGE]           = &db_shape_trial_count,
    [DB_SQL_BRAIN_TRIAL_LEFT]             = &db_shape_trial_count,
    [DB_SQL_BOT_TRIAL_FACTS]              = &db_shape_trial_roles,
    [DB_SQL_BOT_TRIAL_LEFT]               = &db_shape_trial_count,
    [DB_SQL_BRAIN_FLOW_RECORD]        = &db_shape_flow_record,
    [DB_SQL_BRAIN_FLOW_NOW]           = &db_shape_flow_moment,
    [DB_SQL_BRAIN_FLOW_SIGN_UP]       = &db_shape_flow_login,
    [DB_SQL_BRAIN_FLOW_SIGN_UP_NAMED] = &db_shape_flow_login,
    [DB_SQL_BRAIN_FLOW_PROFILE]       = &db_shape_flow_row,
    [DB_SQL_BOT_FLOW_TRADER]          = &db_shape_flow_row,
    [DB_SQL_BRAIN_LEFTOVER_RECORDED]  = &db_shape_leftover_recorded,
    [DB_SQL_BRAIN_LEFTOVER_LOGINS]    = &db_shape_leftover,
    [DB_SQL_BOT_LEFTOVER_TRADERS]     = &db_shape_leftover,
    [DB_SQL_BRAIN_REMOVE_LOGIN]       = &db_shape_id_row,
    [DB_SQL_BOT_REMOVE_TRADER]        = &db_shape_id_row,
    [DB_SQL_EITHER_SCHEMA_RIGHTS]   = &db_shape_rights,
    [DB_SQL_EITHER_SCHEMA_HOLDER]   = &db_shape_holder,
    [DB_SQL_EITHER_INVALID_INDEXES] = &db_shape_invalid_index,
    /* the schema */
    [DB_SQL_EITHER_SCHEMA_FACTS]          = &db_shape_schema_facts,
    [DB_SQL_EITHER_SCHEMA_TABLES]         = &db_shape_schema_table,
    [DB_SQL_EITHER_SCHEMA_COLUMNS]        = &db_shape_schema_column,
    [DB_SQL_EITHER_SCHEMA_CONSTRAINTS]    = &db_shape_schema_constraint,
    [DB_SQL_EITHER_SCHEMA_POLICIES]       = &db_shape_schema_policy,
    [DB_SQL_EITHER_SCHEMA_GRANTS]         = &db_shape_schema_grant,
    [DB_SQL_EITHER_SCHEMA_INDEXES]        = &db_shape_schema_index,
    [DB_SQL_EITHER_SCHEMA_TRIGGERS]       = &db_shape_schema_trigger,
    [DB_SQL_EITHER_SCHEMA_EXTENSIONS]     = &db_shape_schema_extension,
    [DB_SQL_EITHER_SCHEMA_ROLES]          = &db_shape_schema_role,
    [DB_SQL_EITHER_SCHEMA_ROWS]           = &db_shape_schema_rows,
    /* checklist item 6 */
    [DB_SQL_EITHER_HARDEN_ROWS]           = &db_shape_hole,
    [DB_SQL_EITHER_HARDEN_POLICIES]       = &db_shape_hole,
    [DB_SQL_EITHER_HARDEN_GRANTS]         = &db_shape_hole,
    [DB_SQL_EITHER_HARDEN_UNIQUE]         = &db_shape_hole,
    [DB_SQL_EITHER_HARDEN_INVALID]        = &db_shape_hole,
    [DB_SQL_BRAIN_HARDEN_DUPLICATES]      = &db_shape_how_many,
    [DB_SQL_BRAIN_HARDEN_HISTORY]         = &db_shape_hole,
    [DB_SQL_BRAIN_HARDEN_ROLES]           = &db_shape_hole,
    [DB_SQL_BRAIN_HARDEN_SIGN_UP]         = &db_shape_hole,
    [DB_SQL_BOT_HARDEN_DUPLICATES]        = &db_shape_how_many,
    [DB_SQL_BOT_HARDEN_TIER]              = &db_shape_hole,
    [DB_SQL_BOT_HARDEN_ODD_TIERS]         = &db_shape_how_many,
    [DB_SQL_BOT_HARDEN_ROLES]             = &db_shape_hole,
};
/* clang-format on */

const struct db_shape *db_sql_shape(enum db_sql id)
{
    return shapes[id];
}
