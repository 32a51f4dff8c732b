/*
 * The table of wanted indexes. Checklist item 6 creates them, screens name the one that is missing.
 * A text of any length is indexed by its first 200 characters: an entry holds at most 2.7 kB, and a
 * longer one would refuse the write of its row.
 */
#include "db/indexes.h"

#include <stddef.h>

#include "zm/str.h"

/* clang-format off */
static const struct db_index_row rows[DB_INDEX_COUNT] = {
    [DB_INDEX_PROFILES_USER] = {"user_profiles_user_id_idx", DB_BRAIN, "public.user_profiles",
        "user_id", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_profiles_user_id_idx ON public.user_profiles (user_id)",
        "tiers of a page of users"},
    [DB_INDEX_PROFILES_NAME] = {"user_profiles_name_idx", DB_BRAIN, "public.user_profiles",
        "\"left\"(lower(name), 200) text_pattern_ops", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_profiles_name_idx ON public.user_profiles (left(lower(name), 200) text_pattern_ops)",
        "look-up by name"},
    [DB_INDEX_PROFILES_CREATED] = {"user_profiles_created_at_idx", DB_BRAIN, "public.user_profiles",
        "created_at", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_profiles_created_at_idx ON public.user_profiles (created_at)",
        "sign-ups per day"},
    [DB_INDEX_SUBSCRIPTIONS_USER] = {"user_subscriptions_user_id_idx", DB_BRAIN, "public.user_subscriptions",
        "user_id, started_at", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_subscriptions_user_id_idx ON public.user_subscriptions (user_id, started_at)",
        "subscriptions of a user"},
    [DB_INDEX_ACTIVITY_USER] = {"user_activity_user_id_idx", DB_BRAIN, "public.user_activity",
        "user_id, created_at, id", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_activity_user_id_idx ON public.user_activity (user_id, created_at, id)",
        "activity of a user"},
    [DB_INDEX_ACTIVITY_JOURNAL] = {"user_activity_journal_idx", DB_BRAIN, "public.user_activity",
        "((metadata ->> 'subject'::text)), created_at", "(action ~~ 'zmartctl.%'::text)",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_activity_journal_idx ON public.user_activity ((metadata->>'subject'), created_at) WHERE action LIKE 'zmartctl.%'",
        "operators' changes of a user"},
    [DB_INDEX_ACTIVITY_TIME] = {"user_activity_journal_time_idx", DB_BRAIN, "public.user_activity",
        "created_at, id", "(action ~~ 'zmartctl.%'::text)",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_activity_journal_time_idx ON public.user_activity (created_at, id) WHERE action LIKE 'zmartctl.%'",
        "what operators did, newest first"},
    [DB_INDEX_TRADERS_USER] = {"user_trading_profiles_user_id_idx", DB_BOT, "public.user_trading_profiles",
        "user_id", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_trading_profiles_user_id_idx ON public.user_trading_profiles (user_id)",
        "Bot's half of a page of users"},
    [DB_INDEX_TRADERS_EMAIL] = {"user_trading_profiles_email_idx", DB_BOT, "public.user_trading_profiles",
        "\"left\"(email, 200) text_pattern_ops, user_id", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_trading_profiles_email_idx ON public.user_trading_profiles (left(email, 200) text_pattern_ops, user_id)",
        "users by e-mail while Brain is away"},
    [DB_INDEX_PORTFOLIOS_USER] = {"user_portfolios_user_id_idx", DB_BOT, "public.user_portfolios",
        "user_id, symbol", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_portfolios_user_id_idx ON public.user_portfolios (user_id, symbol)",
        "portfolio of a user"},
    [DB_INDEX_STRATEGIES_USER] = {"user_strategies_user_id_idx", DB_BOT, "public.user_strategies",
        "user_id", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_strategies_user_id_idx ON public.user_strategies (user_id)",
        "strategies of a user"},
    [DB_INDEX_TRADES_USER] = {"user_trades_user_id_idx", DB_BOT, "public.user_trades",
        "user_id, created_at, id", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_trades_user_id_idx ON public.user_trades (user_id, created_at, id)",
        "trades of a user"},
    [DB_INDEX_TRADES_CREATED] = {"user_trades_created_at_idx", DB_BOT, "public.user_trades",
        "created_at", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_trades_created_at_idx ON public.user_trades (created_at)",
        "trades per day"},
    [DB_INDEX_KEYS_USER] = {"user_api_keys_user_id_idx", DB_BOT, "public.user_api_keys",
        "user_id", NULL,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS user_api_keys_user_id_idx ON public.user_api_keys (user_id)",
        "API keys of a user"},
};
/* clang-format on */

_Static_assert(DB_INDEX_COUNT <= 64, "facts keep one bit an index");

const struct db_index_row *db_index_row(enum db_index index)
{
    return &rows[index];
}
