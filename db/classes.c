/*
 * Drift classes and which of them apply. Pure: knows no connection and no row set.
 */
#include "db/classes.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "db/decide.h"
#include "db/fold.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_class_row classes[DB_CLASSES] = {
    [DB_CLASS_TIER_DIFFERS] = {"tier_differs", '~', DB_MEND_SAFE, "tier differs", "Brain -> Bot",
        "has the rights and limits of a tier that is not his",
        "Bot takes Brain's tier"},
    [DB_CLASS_EMAIL_DIFFERS] = {"email_differs", '~', DB_MEND_SAFE, "e-mail differs", "Brain -> Bot",
        "mail about trades goes to an old address",
        "Bot takes Brain's e-mail"},
    [DB_CLASS_MISSING_IN_BOT] = {"missing_in_bot", '+', DB_MEND_SAFE, "no trading profile", "Brain -> Bot",
        "cannot trade",
        "create the trading profile, rights off"},
    [DB_CLASS_MISSING_PROFILE] = {"missing_profile", '+', DB_MEND_SAFE, "no profile in Brain", "",
        "has no tier; every change of it fails",
        "create the profile, free; Bot takes that tier"},
    [DB_CLASS_FLAGS_EXCEED_TIER] = {"flags_exceed_tier", '~', DB_MEND_SAFE, "rights exceed the tier", "Brain -> Bot",
        "trades or uses the API without being entitled to",
        "the right goes off"},
    [DB_CLASS_DELETED_IN_BRAIN] = {"deleted_in_brain", '-', DB_MEND_OPT_IN, "deleted, still has rights", "Brain -> Bot",
        "trades without a login",
        "rights off, the row is kept"},
    [DB_CLASS_ORPHAN_IN_BOT] = {"orphan_in_bot", '-', DB_MEND_OPT_IN, "trading profile without a user", "Brain -> Bot",
        "may trade without a login",
        "rights off, the row is kept"},
    [DB_CLASS_DUPLICATE_IN_BOT] = {"duplicate_in_bot", '!', DB_MEND_HUMAN, "several trading profiles", "",
        "which one counts is chance",
        "decide which trading profile stays"},
    [DB_CLASS_DUPLICATE_PROFILE] = {"duplicate_profile", '!', DB_MEND_HUMAN, "several profiles in Brain", "",
        "which tier counts is chance",
        "decide which profile stays"},
    [DB_CLASS_INVALID_TIER] = {"invalid_tier", '!', DB_MEND_HUMAN, "a tier that does not exist", "",
        "what he is entitled to is not defined",
        "decide which tier he has"},
    [DB_CLASS_SUBSCRIPTION_DIFFERS] = {"subscription_differs", '!', DB_MEND_HUMAN, "subscription is not the tier", "",
        "pays for another tier than he has",
        "decide which of the two is right"},
    [DB_CLASS_NO_EMAIL] = {"no_email", '=', DB_MEND_INFO, "no e-mail, no trading profile", "",
        "none",
        "none: a trading profile needs an e-mail; a tier change writes Brain only"},
};
/* clang-format on */

static const char *const mends[] = {[DB_MEND_SAFE] = "safe",
                                    [DB_MEND_OPT_IN] = "opt_in",
                                    [DB_MEND_HUMAN] = "human",
                                    [DB_MEND_INFO] = "info"};

const struct db_class_row *db_class_row(enum db_class class)
{
    return &classes[class];
}

enum db_class db_class_find(const char *key)
{
    unsigned i = 0;

    while (i < DB_CLASSES && !zm_streq(classes[i].key, key))
        i++;
    return (enum db_class)i;
}

const char *db_mend_key(enum db_mend mend)
{
    return mends[mend];
}

bool db_class_knows_tier(const struct db_policy *policy, const char *tier)
{
    return db_tier_is_known(tier) || db_policy_has(policy->trading_tiers, tier) ||
           db_policy_has(policy->api_tiers, tier);
}

/* A tier that only the policy names has no place in the order. */
static int rank(const char *tier)
{
    int i;

    for (i = 0; db_tiers[i]; i++)
        if (zm_streq(db_tiers[i], tier))
            return i;
    return -1;
}

/* As lower() of the servers has it. */
static bool equal_but_for_case(const char *a, const char *b)
{
    char *lower_a = zm_strdup(a), *lower_b = zm_strdup(b);
    bool equal;

    db_fold(lower_a);
    db_fold(lower_b);
    equal = zm_streq(lower_a, lower_b);
    free(lower_a);
    free(lower_b);
    return equal;
}

static void judge_email(const struct db_both *both, struct db_classified *ret)
{
    const char *brain = zm_text(both->email), *bot = zm_text(both->bot_email);

    if (both->lacks & DB_LACKS_BOT_EMAIL || zm_streq(brain, bot))
        return;
    ret->classes |= DB_CLASS_BIT(DB_CLASS_EMAIL_DIFFERS);
    ret->case_only = equal_but_for_case(brain, bot);
}

/* Of a table that has no tier nobody's is invalid. */
static bool has_invalid_tier(const struct db_policy *policy, const struct db_both *both)
{
    bool brain = both->profiles && !(both->lacks & DB_LACKS_TIER);
    bool bot = both->traders && !(both->lacks & DB_LACKS_BOT_TIER);

    return (brain && !db_class_knows_tier(policy, both->tier)) ||
           (bot && !db_class_knows_tier(policy, both->bot_tier));
}

bool db_time_is_later(const char *a, const char *b)
{
    const char *texts[] = {a, b};
    long year[2];
    int i;

    for (i = 0; i < 2; i++) {
        year[i] = strstr(texts[i], "infinity") ? LONG_MAX : strtol(texts[i], NULL, 10);
        if (*texts[i] == '-' || strstr(texts[i], " BC"))
            year[i] = -labs(year[i]);
    }
    return year[0] != year[1] ? year[0] > year[1] : strcmp(a, b) > 0;
}

static void judge_tiers(const struct db_policy *policy, const struct db_both *both,
                        struct db_classified *ret)
{
    const char *tier = both->profiles ? both->tier : "free";
    int brain = rank(both->tier), bot = rank(both->bot_tier);

    if (has_invalid_tier(policy, both)) {
        ret->classes |= DB_CLASS_BIT(DB_CLASS_INVALID_TIER);
        return;
    }
    if (!both->traders || (both->profiles && both->lacks & DB_LACKS_TIER))
        return;
    if ((both->trading_enabled == 1 && !db_policy_has(policy->trading_tiers, tier)) ||
        (both->api_access == 1 && !db_policy_has(policy->api_tiers, tier)))
        ret->classes |= DB_CLASS_BIT(DB_CLASS_FLAGS_EXCEED_TIER);
    if (!both->profiles || both->lacks & DB_LACKS_BOT_TIER || zm_streq(both->tier, both->bot_tier))
        return;
    ret->classes |= DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS);
    ret->bot_newer_above = brain >= 0 && bot > brain && both->profile_updated_at &&
                           both->bot_updated_at && !both->ours &&
                           db_time_is_later(both->bot_updated_at, both->profile_updated_at);
}

/* A free user may have no active subscription. */
static bool subscription_differs(const struct db_both *both)
{
    if (!both->profiles || !both->subscriptions_known || both->lacks & DB_LACKS_TIER)
        return false;
    if (both->subscriptions == 0)
        return !zm_streq(both->tier, "free");
    return !zm_streq(both->tier, both->subscription_tier);
}

static void judge_live(const struct db_policy *policy, const struct db_both *both,
                       struct db_classified *ret)
{
    bool email = zm_text(both->email)[0] != '\0';

    ret->no_tier_to_copy = both->profiles && !db_tier_is_known(both->tier);
    if (!both->profiles)
        ret->classes |= DB_CLASS_BIT(DB_CLASS_MISSING_PROFILE);
    if (!both->traders)
        ret->classes |= DB_CLASS_BIT(email ? DB_CLASS_MISSING_IN_BOT : DB_CLASS_NO_EMAIL);
    else
        judge_email(both, ret);
    judge_tiers(policy, both, ret);
    if (subscription_differs(both))
        ret->classes |= DB_CLASS_BIT(DB_CLASS_SUBSCRIPTION_DIFFERS);
}

void db_classify(const struct db_policy *policy, const struct db_both *both,
                 struct db_classified *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (both->login && both->deleted && !both->rights)
        return;
    if (both->traders > 1)
        ret->classes = DB_CLASS_BIT(DB_CLASS_DUPLICATE_IN_BOT);
    else if (both->profiles > 1)
        ret->classes = DB_CLASS_BIT(DB_CLASS_DUPLICATE_PROFILE);
    else if (!both->login)
        ret->classes = both->traders ? DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT) : 0;
    else if (both->deleted)
        ret->classes = DB_CLASS_BIT(DB_CLASS_DELETED_IN_BRAIN);
    else
        judge_live(policy, both, ret);
}

enum db_mend db_classified_mend(const struct db_classified *classified, enum db_class class)
{
    if (class == DB_CLASS_TIER_DIFFERS && classified->bot_newer_above)
        return DB_MEND_HUMAN;
    if ((class == DB_CLASS_TIER_DIFFERS || class == DB_CLASS_MISSING_IN_BOT) &&
        classified->no_tier_to_copy)
        return DB_MEND_HUMAN;
    return classes[class].mend;
}
