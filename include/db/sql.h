/*
 * The table of statements. One statement is one file of db/sql/{brain,bot,either}; the folder is
 * the database it runs on. The build embeds each file as [DB_SQL_<FOLDER>_<FILE>]
 * (cmake/embed_sql.cmake), so a file without its line in this enum does not compile, and a test
 * finds a line without its file.
 *
 * Comment lines at the top of a file carry its facts:
 *   -- needs: public.user_profiles(user_id, tier) logins(id, email)
 *      the tables and columns it reads. Before it is sent the catalogue is asked for them: a
 * missing one is ZM_ERR_SHAPE, one that this role may not read ZM_ERR_PRIVILEGE, and only its pane
 * is disabled. `logins` is the relation that holds logins.
 *   -- updates: public.user_profiles(tier, updated_at)
 *   -- inserts: public.user_activity(id, action)
 *      the columns it writes: likewise asked for first. (tier|name): one of them is enough, to
 * lock.
 *   -- script    several statements, sent as they are in the simple protocol
 *   -- walk      reads in ranges; exempt from "every statement is index-backed" (design rule 5.8)
 *   -- index: brain_profiles_user_id ...   the wanted indexes (db/indexes.h) that make it fast
 *
 * `auth.users` in a text is replaced by `zmartctl.users` in its second form, for a role that reads
 * logins through the view of the least-privilege step.
 */
#ifndef DB_SQL_H
#define DB_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "db/side.h"

enum db_sql {
    DB_SQL_NONE,

    /* reaching a server */
    DB_SQL_EITHER_BEGIN_READ,
    DB_SQL_EITHER_COMMIT,
    DB_SQL_EITHER_ROLLBACK,
    DB_SQL_EITHER_SETTINGS,
    DB_SQL_EITHER_PING,
    DB_SQL_EITHER_IDENTITY,
    DB_SQL_EITHER_SYSTEM,
    DB_SQL_EITHER_COLUMNS,
    DB_SQL_EITHER_TABLES,
    DB_SQL_EITHER_INDEXES,
    DB_SQL_EITHER_CHECKS,
    DB_SQL_EITHER_JOURNAL_GUARD,

    /* user list: selectors put the ids of a page into zmartctl.page, readers return their rows */
    DB_SQL_BRAIN_USERS_GIVEN,
    DB_SQL_BRAIN_USERS_BY_EMAIL,
    DB_SQL_BRAIN_USERS_BY_EMAIL_BACK,
    DB_SQL_BRAIN_USERS_NO_EMAIL,
    DB_SQL_BRAIN_USERS_NO_EMAIL_BACK,
    DB_SQL_BRAIN_USERS_BY_ID,
    DB_SQL_BRAIN_USERS_BY_ID_BACK,
    DB_SQL_BRAIN_USERS_BY_CREATED,
    DB_SQL_BRAIN_USERS_BY_CREATED_BACK,
    DB_SQL_BRAIN_USERS_NO_CREATED,
    DB_SQL_BRAIN_USERS_NO_CREATED_BACK,
    DB_SQL_BRAIN_USERS_BY_SIGN_IN,
    DB_SQL_BRAIN_USERS_BY_SIGN_IN_BACK,
    DB_SQL_BRAIN_USERS_NO_SIGN_IN,
    DB_SQL_BRAIN_USERS_NO_SIGN_IN_BACK,
    DB_SQL_BRAIN_PAGE_LOGINS,
    DB_SQL_BRAIN_PAGE_PROFILES,
    DB_SQL_BRAIN_PAGE_ACTIVE,
    DB_SQL_BRAIN_FIND_EMAIL,
    DB_SQL_BRAIN_FIND_EMAIL_LOWER,
    DB_SQL_BRAIN_FIND_IDENTITY,
    DB_SQL_BRAIN_FIND_PHONE,
    DB_SQL_BRAIN_FIND_ID,
    DB_SQL_BRAIN_FIND_NAME,
    DB_SQL_BRAIN_FIND_NARROW,
    DB_SQL_BRAIN_FIND_NARROW_NAMED,
    DB_SQL_BRAIN_WALK_LOGINS,
    DB_SQL_BRAIN_WALK_LOGINS_NAMED,
    DB_SQL_BRAIN_LOGINS_MISSING,
    DB_SQL_BOT_TRADERS_GIVEN,
    DB_SQL_BOT_TRADERS_BY_EMAIL,
    DB_SQL_BOT_TRADERS_BY_EMAIL_BACK,
    DB_SQL_BOT_PAGE_TRADERS,
    DB_SQL_BOT_PAGE_KEYS,
    DB_SQL_BOT_FIND_TRADER_EMAIL,
    DB_SQL_BOT_FIND_TRADER_ID,
    DB_SQL_BOT_FIND_TRADER_NARROW,
    DB_SQL_BOT_WALK_TRADERS,

    /* one user */
    DB_SQL_BRAIN_USER_PROFILES,
    DB_SQL_BRAIN_USER_SUBSCRIPTIONS,
    DB_SQL_BRAIN_USER_ACTIVITY,
    DB_SQL_BRAIN_USER_OPERATORS,
    DB_SQL_BRAIN_JSON_METADATA,
    DB_SQL_BRAIN_RESOLVE_LOGIN,
    DB_SQL_BRAIN_RESOLVE_LOGIN_LOWER,
    DB_SQL_BRAIN_RESOLVE_LOGIN_SCAN,
    DB_SQL_BRAIN_RESOLVE_NAMES,
    DB_SQL_BRAIN_RESOLVE_NAMES_SCAN,
    DB_SQL_BRAIN_RESOLVE_NAMES_EXACT,
    DB_SQL_BRAIN_ODD_LOGINS,
    DB_SQL_BOT_USER_TRADERS,
    DB_SQL_BOT_USER_PORTFOLIO,
    DB_SQL_BOT_USER_PORTFOLIO_TOTAL,
    DB_SQL_BOT_USER_TRADES,
    DB_SQL_BOT_USER_TRADE_DAYS,
    DB_SQL_BOT_USER_TRADE_COUNT,
    DB_SQL_BOT_USER_STRATEGIES,
    DB_SQL_BOT_USER_API_KEYS,
    DB_SQL_BOT_JSON_STRATEGY_CONFIG,
    DB_SQL_BOT_JSON_PERFORMANCE_METRICS,
    DB_SQL_BOT_JSON_PERMISSIONS,
    DB_SQL_BOT_RESOLVE_TRADER,
    DB_SQL_BOT_RESOLVE_TRADER_SCAN,
    DB_SQL_BOT_RESOLVE_NAMES,

    /* writing: locks, changes and journal of one user, in the order of the protocol */
    DB_SQL_EITHER_BEGIN_WRITE,
    DB_SQL_EITHER_BEGIN_WRITE_17,
    DB_SQL_EITHER_BEGIN,
    DB_SQL_EITHER_CHECK_WRITE,
    DB_SQL_EITHER_CHECK_WRITE_SYSTEM,
    DB_SQL_EITHER_VOTE,
    DB_SQL_BRAIN_LOCK_USER,
    DB_SQL_BRAIN_LOCK_PROFILE,
    DB_SQL_BRAIN_WRITE_LOGIN,
    DB_SQL_BRAIN_INSERT_PROFILE,
    DB_SQL_BRAIN_SET_TIER,
    DB_SQL_BRAIN_SET_NAME,
    DB_SQL_BRAIN_SET_COUNTRY,
    DB_SQL_BRAIN_SET_COMPLETED,
    DB_SQL_BRAIN_CLOSE_SUBSCRIPTIONS,
    DB_SQL_BRAIN_OPEN_SUBSCRIPTION,
    DB_SQL_BRAIN_ACTIVE_SUBSCRIPTIONS,
    DB_SQL_BRAIN_WRITE_INTENT,
    DB_SQL_BRAIN_WRITE_RESULT,
    DB_SQL_BRAIN_FIND_REQUEST,
    DB_SQL_BRAIN_FIND_TOKEN,
    DB_SQL_BRAIN_SEE_PROFILE,
    DB_SQL_BRAIN_LOCK_HOLDER,
    DB_SQL_BOT_LOCK_TRADER,
    DB_SQL_BOT_LOCK_NEW_TRADER,
    DB_SQL_BOT_INSERT_TRADER,
    DB_SQL_BOT_SET_TIER,
    DB_SQL_BOT_SET_TIER_RIGHTS,
    DB_SQL_BOT_SET_EMAIL,
    DB_SQL_BOT_SET_TRADING,
    DB_SQL_BOT_SET_API,
    DB_SQL_BOT_STOP_TRADER,
    DB_SQL_BOT_STOP_STRATEGIES,
    DB_SQL_BOT_STOP_KEYS,
    DB_SQL_BOT_ACTIVE_STRATEGIES,
    DB_SQL_BOT_ACTIVE_KEYS,
    DB_SQL_BOT_SEE_TRADER,
    DB_SQL_BOT_LOCK_HOLDER,

    /* journal */
    DB_SQL_BRAIN_JOURNAL_PAGE,
    DB_SQL_BRAIN_JOURNAL_USER,
    DB_SQL_BRAIN_JOURNAL_FIND,

    /* figures over all users */
    DB_SQL_BRAIN_OVERVIEW_TIERS,
    DB_SQL_BRAIN_OVERVIEW_TIERS_EXACT,
    DB_SQL_BRAIN_OVERVIEW_SIGN_UPS,
    DB_SQL_BOT_OVERVIEW_TIERS,
    DB_SQL_BOT_OVERVIEW_TIERS_EXACT,
    DB_SQL_BOT_OVERVIEW_TRADES,
    DB_SQL_BOT_OVERVIEW_SYMBOLS,
    DB_SQL_BOT_OVERVIEW_SYMBOLS_EXACT,
    DB_SQL_BOT_OVERVIEW_TABLES,

    /* everything, for files */
    DB_SQL_BOT_EXPORT_TRADES,
    DB_SQL_BOT_EXPORT_TRADES_SINCE,
    DB_SQL_BOT_EXPORT_USER_TRADES,
    DB_SQL_BOT_EXPORT_PORTFOLIOS,
    DB_SQL_BOT_EXPORT_USER_PORTFOLIOS,

    /* comparing: sums by bucket, then the rows of those that differ */
    DB_SQL_EITHER_REPLICA,
    DB_SQL_EITHER_COMPARE_HASH,
    DB_SQL_EITHER_COMPARE_ORDER,
    DB_SQL_BRAIN_COMPARE_TOTAL,
    DB_SQL_BRAIN_COMPARE_TOTAL_NAMELESS,
    DB_SQL_BRAIN_COMPARE_SUMS,
    DB_SQL_BRAIN_COMPARE_SUMS_BARE,
    DB_SQL_BRAIN_COMPARE_IDS,
    DB_SQL_BRAIN_COMPARE_MIXED,
    DB_SQL_BRAIN_COMPARE_APART,
    DB_SQL_BRAIN_COMPARE_NAMELESS,
    DB_SQL_BRAIN_COMPARE_OPEN_USERS,
    DB_SQL_BRAIN_COMPARE_OPEN_PROFILES,
    DB_SQL_BRAIN_COMPARE_OPEN_SUBSCRIPTIONS,
    DB_SQL_BRAIN_COMPARE_NEXT_USERS,
    DB_SQL_BRAIN_COMPARE_NEXT_PROFILES,
    DB_SQL_BRAIN_COMPARE_NEXT_SUBSCRIPTIONS,
    DB_SQL_BRAIN_COMPARE_USERS_OF,
    DB_SQL_BRAIN_COMPARE_PROFILES_OF,
    DB_SQL_BRAIN_COMPARE_SUBSCRIPTIONS_OF,
    DB_SQL_BRAIN_COMPARE_JOURNAL,
    DB_SQL_BOT_COMPARE_TOTAL,
    DB_SQL_BOT_COMPARE_SUMS,
    DB_SQL_BOT_COMPARE_IDS,
    DB_SQL_BOT_COMPARE_ABSENT,
    DB_SQL_BOT_COMPARE_RIGHTS,
    DB_SQL_BOT_COMPARE_OPEN_TRADERS,
    DB_SQL_BOT_COMPARE_NEXT_TRADERS,
    DB_SQL_BOT_COMPARE_TRADERS_OF,

    /* the checklist */
    DB_SQL_BRAIN_CHECKLIST_MARKS,
    DB_SQL_BRAIN_LOCK_CHECKLIST,
    DB_SQL_BRAIN_WRITE_MARK,

    /* the live tests of the checklist, and what they leave behind */
    DB_SQL_EITHER_TRIAL_ACT_AS,
    DB_SQL_BRAIN_TRIAL_FACTS,
    DB_SQL_BRAIN_TRIAL_CONNECT,
    DB_SQL_BRAIN_TRIAL_LOGIN,
    DB_SQL_BRAIN_TRIAL_IDENTITY,
    DB_SQL_BRAIN_TRIAL_CONFIRM,
    DB_SQL_BRAIN_TRIAL_INSERT,
    DB_SQL_BRAIN_TRIAL_LOOK,
    DB_SQL_BRAIN_TRIAL_CHANGE,
    DB_SQL_BRAIN_TRIAL_LEFT,
    DB_SQL_BOT_TRIAL_FACTS,
    DB_SQL_BOT_TRIAL_INSERT,
    DB_SQL_BOT_TRIAL_LEFT,
    DB_SQL_BRAIN_FLOW_RECORD,
    DB_SQL_BRAIN_FLOW_NOW,
    DB_SQL_BRAIN_FLOW_SIGN_UP,
    DB_SQL_BRAIN_FLOW_SIGN_UP_NAMED,
    DB_SQL_BRAIN_FLOW_PROFILE,
    DB_SQL_BOT_FLOW_TRADER,
    DB_SQL_BRAIN_LEFTOVER_RECORDED,
    DB_SQL_BRAIN_LEFTOVER_LOGINS,
    DB_SQL_BOT_LEFTOVER_TRADERS,
    DB_SQL_BRAIN_REMOVE_LOGIN,
    DB_SQL_BOT_REMOVE_TRADER,
    DB_SQL_EITHER_SCHEMA_RIGHTS,
    DB_SQL_EITHER_BEGIN_SCHEMA,
    DB_SQL_EITHER_BEGIN_CONCURRENT,
    DB_SQL_EITHER_INVALID_INDEXES,

    /* the schema as the checklist compares it */
    DB_SQL_EITHER_SCHEMA_FACTS,
    DB_SQL_EITHER_SCHEMA_TABLES,
    DB_SQL_EITHER_SCHEMA_COLUMNS,
    DB_SQL_EITHER_SCHEMA_CONSTRAINTS,
    DB_SQL_EITHER_SCHEMA_POLICIES,
    DB_SQL_EITHER_SCHEMA_GRANTS,
    DB_SQL_EITHER_SCHEMA_INDEXES,
    DB_SQL_EITHER_SCHEMA_TRIGGERS,
    DB_SQL_EITHER_SCHEMA_EXTENSIONS,
    DB_SQL_EITHER_SCHEMA_ROLES,
    DB_SQL_EITHER_SCHEMA_ROWS,
    DB_SQL_EITHER_SCHEMA_HOLDER,
    /* checklist item 6: holes, and what closes them */
    DB_SQL_EITHER_HARDEN_ROWS,
    DB_SQL_EITHER_HARDEN_POLICIES,
    DB_SQL_EITHER_HARDEN_GRANTS,
    DB_SQL_EITHER_HARDEN_UNIQUE,
    DB_SQL_EITHER_HARDEN_INVALID,
    DB_SQL_BRAIN_HARDEN_DUPLICATES,
    DB_SQL_BRAIN_HARDEN_HISTORY,
    DB_SQL_BRAIN_HARDEN_ROLES,
    DB_SQL_BRAIN_HARDEN_SIGN_UP,
    DB_SQL_BOT_HARDEN_DUPLICATES,
    DB_SQL_BOT_HARDEN_TIER,
    DB_SQL_BOT_HARDEN_ODD_TIERS,
    DB_SQL_BOT_HARDEN_ROLES,

    DB_SQL_COUNT,
};

struct db_shape;

struct db_sql_text {
    const char *name;      /* "brain/users_by_email" */
    enum db_side side;     /* DB_SIDES: either */
    const char *text;      /* over auth.users */
    const char *text_view; /* over zmartctl.users; the same pointer where no login is read */
    const char *needs;     /* "" where nothing but the system catalogue is read */
    const char *updates;   /* likewise what it updates, and inserts */
    const char *inserts;
    const char *indexes; /* names of wanted indexes, separated by blanks; "" for none */
    bool walk;
    bool script; /* more than one statement; cannot be described */
};

/* The row of a statement. Never NULL for 0 < id < DB_SQL_COUNT. */
const struct db_sql_text *db_sql_text(enum db_sql id);
/* What a statement does, for whoever does not know its file: "read user_profiles", "lock
 * user_trading_profiles", "commit". At least 64 bytes. */
void db_sql_title(enum db_sql id, char *dst, size_t size);
/* The struct that its rows fill; NULL: it returns no rows that anybody reads. */
const struct db_shape *db_sql_shape(enum db_sql id);

#endif
