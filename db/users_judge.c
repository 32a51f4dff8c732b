/*
 * How the two halves of a record agree: the drift classes of the design folded into one value.
 * Pure. A value that depends on a half that is not known is unknown.
 */
#include "db/users.h"

#include "zm/str.h"

struct sync_row {
    const char *key;
    char sign;
};

/* clang-format off */
static const struct sync_row syncs[DB_SYNC_COUNT] = {
    [DB_SYNC_UNKNOWN]         = {"unknown",         '?'},
    [DB_SYNC_DUPLICATE]       = {"duplicate",       '!'},
    [DB_SYNC_ORPHAN_IN_BOT]   = {"orphan_in_bot",   '-'},
    [DB_SYNC_MISSING_PROFILE] = {"missing_profile", '+'},
    [DB_SYNC_MISSING_IN_BOT]  = {"missing_in_bot",  '+'},
    [DB_SYNC_DIFFERS]         = {"differs",         '~'},
    [DB_SYNC_SYNCED]          = {"synced",          '='},
};

static const char *const known_tiers[] = {"free", "pro", "enterprise", NULL};
/* clang-format on */

const char *db_sync_key(enum db_sync sync)
{
    return syncs[sync].key;
}

char db_sync_sign(enum db_sync sync)
{
    return syncs[sync].sign;
}

static bool is_tier(const struct db_policy *policy, const char *tier)
{
    return db_policy_has(known_tiers, tier) || db_policy_has(policy->trading_tiers, tier) ||
           db_policy_has(policy->api_tiers, tier);
}

static bool has_rights(const struct db_trader *trader)
{
    return trader->trading_enabled == 1 || trader->api_access == 1;
}

/* Rights that the tier of Brain does not give. */
static bool exceeds(const struct db_policy *policy, const struct db_user *user)
{
    const char *tier = user->profile->tier;

    return (user->trader->trading_enabled == 1 && !db_policy_has(policy->trading_tiers, tier)) ||
           (user->trader->api_access == 1 && !db_policy_has(policy->api_tiers, tier));
}

/* A table of subscriptions that is not there has none that differs. */
static bool subscription_differs(const struct db_user *user)
{
    const char *tier = user->profile->tier;

    if (!user->active_known)
        return false;
    if (!user->active)
        return !zm_streq(tier, "free");
    return !zm_streq(user->active->tier, tier);
}

static bool is_duplicate(const struct db_user *user)
{
    return (user->brain_known && user->profile_known && user->profile && user->profile->rows > 1) ||
           (user->bot_known && user->trader && user->trader->rows > 1);
}

static enum db_sync judge_deleted(const struct db_user *user)
{
    if (!user->bot_known)
        return DB_SYNC_UNKNOWN;
    return user->trader && has_rights(user->trader) ? DB_SYNC_DIFFERS : DB_SYNC_SYNCED;
}

/* Both halves are known, neither has duplicates, and there is a login. */
static enum db_sync judge_halves(const struct db_user *user, const struct db_policy *policy)
{
    const char *email = zm_text(user->login->email);

    if (!user->profile)
        return DB_SYNC_MISSING_PROFILE;
    if (!user->trader && email[0])
        return DB_SYNC_MISSING_IN_BOT;
    if (!is_tier(policy, user->profile->tier) || subscription_differs(user))
        return DB_SYNC_DIFFERS;
    if (!user->trader)
        return DB_SYNC_SYNCED;
    if (!zm_streq(user->profile->tier, user->trader->tier) ||
        !zm_streq(email, zm_text(user->trader->email)) || exceeds(policy, user))
        return DB_SYNC_DIFFERS;
    return DB_SYNC_SYNCED;
}

static enum db_sync judge_sync(const struct db_user *user, const struct db_policy *policy)
{
    if (is_duplicate(user))
        return DB_SYNC_DUPLICATE;
    if (!user->brain_known)
        return DB_SYNC_UNKNOWN;
    if (!user->login)
        return user->bot_known && user->trader ? DB_SYNC_ORPHAN_IN_BOT : DB_SYNC_UNKNOWN;
    if (user->login->deleted_at)
        return judge_deleted(user);
    if (!user->profile_known || !user->bot_known)
        return DB_SYNC_UNKNOWN;
    return judge_halves(user, policy);
}

void db_user_judge(struct db_user *user, const struct db_policy *policy)
{
    user->sync = judge_sync(user, policy);
    db_gates_judge(policy, user, &user->verdict);
}
