/*
 * One small function for every gate: whether it holds for a record, and the few words that say why
 * not. Pure: a side or a table that is not known makes unknown what depends on it, never false.
 */
#include "db/gates_judge.h"

#include <stdarg.h>
#include <stdio.h>

#include "db/users.h"
#include "zm/str.h"

typedef enum db_known judge_fn(const struct db_policy *policy, const struct db_user *user,
                               struct db_gate_result *ret);

__attribute__((format(printf, 3, 4))) static enum db_known
say(struct db_gate_result *ret, enum db_known known, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    zm_error_copy(ret->detail, sizeof(ret->detail), text);
    return known;
}

static enum db_known brain_unread(struct db_gate_result *ret)
{
    return say(ret, DB_UNKNOWN, "ZmartyBrain not readable");
}

static enum db_known bot_unread(struct db_gate_result *ret)
{
    return say(ret, DB_UNKNOWN, "ZmartBot not readable");
}

static enum db_known unreadable(struct db_gate_result *ret, const char *table)
{
    return say(ret, DB_UNKNOWN, "%s cannot be read", table);
}

/* It fails, but only because the row is missing that another gate names. */
static enum db_known implied(struct db_gate_result *ret, const char *missing)
{
    ret->implied = true;
    return say(ret, DB_FAILS, "%s", missing);
}

static const char *shown(const char *tier)
{
    return tier ? tier : "-";
}

/* The tier that rights are judged by. */
static const char *brain_tier(const struct db_user *user)
{
    return user->profile ? user->profile->tier : "free";
}

static bool is_deleted(const struct db_user *user)
{
    return user->login && user->login->deleted_at;
}

static enum db_known judge_login(const struct db_policy *policy, const struct db_user *user,
                                 struct db_gate_result *ret)
{
    (void)policy;
    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->login)
        return say(ret, DB_FAILS, "%s", user->trader ? "orphan in ZmartBot" : "no login");
    if (is_deleted(user))
        return say(ret, DB_FAILS, "deleted %.10s", user->login->deleted_at);
    return DB_HOLDS;
}

static enum db_known judge_confirmed(const struct db_policy *policy, const struct db_user *user,
                                     struct db_gate_result *ret)
{
    (void)policy;
    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->login)
        return implied(ret, "no login");
    if (user->login->email_confirmed_at)
        return DB_HOLDS;
    return say(ret, DB_FAILS, "%s", zm_text(user->login->email)[0] ? "not confirmed" : "no e-mail");
}

static enum db_known judge_banned(const struct db_policy *policy, const struct db_user *user,
                                  struct db_gate_result *ret)
{
    (void)policy;
    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->login || !user->login->banned)
        return DB_HOLDS;
    return say(ret, DB_FAILS, "banned until %.10s", zm_text(user->login->banned_until));
}

static enum db_known judge_one_profile(const struct db_policy *policy, const struct db_user *user,
                                       struct db_gate_result *ret)
{
    (void)policy;
    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->profile_known)
        return unreadable(ret, "user_profiles");
    if (!user->profile && !user->login)
        return implied(ret, "no login");
    if (!user->profile)
        return say(ret, DB_FAILS, "no Brain profile");
    if (user->profile->rows > 1)
        return say(ret, DB_FAILS, "%lld Brain profiles", (long long)user->profile->rows);
    return DB_HOLDS;
}

static enum db_known judge_completed(const struct db_policy *policy, const struct db_user *user,
                                     struct db_gate_result *ret)
{
    (void)policy;
    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->profile_known)
        return unreadable(ret, "user_profiles");
    if (!user->profile)
        return implied(ret, "no Brain profile");
    if (user->profile->profile_completed == 1)
        return DB_HOLDS;
    return say(ret, DB_FAILS, "%s", user->profile->profile_completed == 0 ? "no" : "not set");
}

static enum db_known judge_subscription(const struct db_policy *policy, const struct db_user *user,
                                        struct db_gate_result *ret)
{
    const char *tier;

    (void)policy;
    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->profile_known)
        return unreadable(ret, "user_profiles");
    if (!user->active_known)
        return unreadable(ret, "user_subscriptions");
    tier = brain_tier(user);
    if (user->active && zm_streq(user->active->tier, tier))
        return say(ret, DB_HOLDS, "%s", shown(tier));
    if (!user->active && zm_streq(tier, "free"))
        return DB_HOLDS;
    return say(ret, DB_FAILS, "tier %s / active subscription %s", shown(tier),
               user->active ? shown(user->active->tier) : "none");
}

static enum db_known judge_one_trader(const struct db_policy *policy, const struct db_user *user,
                                      struct db_gate_result *ret)
{
    (void)policy;
    if (!user->bot_known)
        return bot_unread(ret);
    if (!user->trader)
        return say(ret, DB_FAILS, "not in ZmartBot");
    if (user->trader->rows > 1)
        return say(ret, DB_FAILS, "%lld trading profiles", (long long)user->trader->rows);
    return DB_HOLDS;
}

static enum db_known judge_tier_equal(const struct db_policy *policy, const struct db_user *user,
                                      struct db_gate_result *ret)
{
    (void)policy;
    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->profile_known)
        return unreadable(ret, "user_profiles");
    if (!user->bot_known)
        return bot_unread(ret);
    if (!user->trader)
        return implied(ret, "not in ZmartBot");
    if (!user->profile)
        return implied(ret, user->login ? "no Brain profile" : "no login");
    if (user->profile->tier && zm_streq(user->profile->tier, user->trader->tier))
        return say(ret, DB_HOLDS, "%s", user->profile->tier);
    return say(ret, DB_FAILS, "Brain %s / Bot %s", shown(user->profile->tier),
               shown(user->trader->tier));
}

static enum db_known judge_email_equal(const struct db_policy *policy, const struct db_user *user,
                                       struct db_gate_result *ret)
{
    (void)policy;
    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->bot_known)
        return bot_unread(ret);
    if (!user->login)
        return implied(ret, "no login");
    if (!user->trader)
        return implied(ret, "not in ZmartBot");
    if (zm_streq(zm_text(user->login->email), zm_text(user->trader->email)))
        return DB_HOLDS;
    return say(ret, DB_FAILS, "Bot has %s",
               zm_text(user->trader->email)[0] ? user->trader->email : "none");
}

static enum db_known judge_entitled(const struct db_policy *policy, const struct db_user *user,
                                    struct db_gate_result *ret)
{
    const char *tier;

    if (!user->brain_known)
        return brain_unread(ret);
    if (!user->profile_known)
        return unreadable(ret, "user_profiles");
    tier = brain_tier(user);
    if (db_policy_has(policy->trading_tiers, tier))
        return say(ret, DB_HOLDS, "%s", tier);
    if (!user->profile)
        return implied(ret, user->login ? "no Brain profile" : "no login");
    return say(ret, DB_FAILS, "tier %.40s may not trade", shown(tier));
}

static enum db_known judge_flag(const struct db_user *user, db_maybe flag,
                                struct db_gate_result *ret)
{
    if (!user->bot_known)
        return bot_unread(ret);
    if (!user->trader)
        return implied(ret, "not in ZmartBot");
    if (flag == 1)
        return DB_HOLDS;
    return say(ret, DB_FAILS, "%s", flag == 0 ? "off" : "not set");
}

static enum db_known judge_trading(const struct db_policy *policy, const struct db_user *user,
                                   struct db_gate_result *ret)
{
    (void)policy;
    return judge_flag(user, user->trader ? user->trader->trading_enabled : 0, ret);
}

static enum db_known judge_api(const struct db_policy *policy, const struct db_user *user,
                               struct db_gate_result *ret)
{
    (void)policy;
    return judge_flag(user, user->trader ? user->trader->api_access : 0, ret);
}

static enum db_known judge_key(const struct db_policy *policy, const struct db_user *user,
                               struct db_gate_result *ret)
{
    (void)policy;
    if (!user->bot_known)
        return bot_unread(ret);
    if (!user->keys_known)
        return unreadable(ret, "user_api_keys");
    if (!user->keys)
        return say(ret, DB_FAILS, "none");
    return say(ret, user->keys->active > 0 ? DB_HOLDS : DB_FAILS, "%lld of %lld active",
               (long long)user->keys->active, (long long)user->keys->total);
}

/* clang-format off */
static judge_fn *const judges[DB_GATE_COUNT] = {
    [DB_GATE_LOGIN]               = judge_login,
    [DB_GATE_EMAIL_CONFIRMED]     = judge_confirmed,
    [DB_GATE_NOT_BANNED]          = judge_banned,
    [DB_GATE_ONE_PROFILE]         = judge_one_profile,
    [DB_GATE_PROFILE_COMPLETED]   = judge_completed,
    [DB_GATE_SUBSCRIPTION]        = judge_subscription,
    [DB_GATE_ONE_TRADING_PROFILE] = judge_one_trader,
    [DB_GATE_TIER_EQUAL]          = judge_tier_equal,
    [DB_GATE_EMAIL_EQUAL]         = judge_email_equal,
    [DB_GATE_TIER_ENTITLED]       = judge_entitled,
    [DB_GATE_TRADING_ENABLED]     = judge_trading,
    [DB_GATE_API_ACCESS]          = judge_api,
    [DB_GATE_API_KEY]             = judge_key,
};
/* clang-format on */

void db_gate_judge(const struct db_policy *policy, const struct db_user *user, enum db_gate gate,
                   struct db_gate_result *ret)
{
    ret->gate = gate;
    ret->level = policy->level[gate];
    ret->implied = false;
    ret->detail[0] = '\0';
    ret->ok = judges[gate](policy, user, ret);
}
