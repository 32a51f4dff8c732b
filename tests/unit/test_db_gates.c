/*
 * CAN TRADE? and sync of a record: each gate alone, each drift class, and every half or table that
 * may be unknown. A record begins as one that may trade; a case changes what it is about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "db/gates.h"
#include "db/users.h"
#include "zm/str.h"

struct rig {
    struct db_login login;
    struct db_profile profile;
    struct db_active active;
    struct db_trader trader;
    struct db_keys keys;
    struct db_user user;
    struct db_policy policy;
};

static void reset(struct rig *r)
{
    memset(r, 0, sizeof(*r));
    r->login = (struct db_login){.id = "5b1e0a77-c09f-4000-8000-00000000abcd",
                                 .email = "ana.pop@example.ro",
                                 .email_confirmed_at = "2026-01-01T00:00:00Z"};
    r->profile = (struct db_profile){.tier = "pro", .profile_completed = 1, .rows = 1};
    r->active = (struct db_active){.tier = "pro", .status = "active", .rows = 1};
    r->trader = (struct db_trader){.email = "ana.pop@example.ro",
                                   .tier = "pro",
                                   .trading_enabled = 1,
                                   .api_access = 0,
                                   .rows = 1};
    r->keys = (struct db_keys){.total = 2, .active = 1};
    r->user = (struct db_user){.id = r->login.id,
                               .brain_known = true,
                               .bot_known = true,
                               .profile_known = true,
                               .active_known = true,
                               .keys_known = true,
                               .login = &r->login,
                               .profile = &r->profile,
                               .active = &r->active,
                               .trader = &r->trader,
                               .keys = &r->keys};
    db_policy_default(&r->policy);
}

/* ---- what a case changes ---- */

static void nothing(struct rig *r)
{
    (void)r;
}
static void deleted(struct rig *r)
{
    r->login.deleted_at = "2026-03-02T10:00:00Z";
}
static void deleted_no_rights(struct rig *r)
{
    deleted(r);
    r->trader.trading_enabled = 0;
}
static void deleted_not_in_bot(struct rig *r)
{
    deleted(r);
    r->user.trader = NULL;
    r->user.profile = NULL;
}
static void no_login(struct rig *r)
{
    r->user.login = NULL;
    r->user.profile = NULL;
    r->user.active = NULL;
}
static void nobody(struct rig *r)
{
    no_login(r);
    r->user.trader = NULL;
    r->user.keys = NULL;
}
static void unconfirmed(struct rig *r)
{
    r->login.email_confirmed_at = NULL;
}
static void banned(struct rig *r)
{
    r->login.banned = true;
    r->login.banned_until = "2027-01-05T00:00:00Z";
}
static void ban_over(struct rig *r)
{
    r->login.banned_until = "2020-01-05T00:00:00Z";
}
static void no_profile(struct rig *r)
{
    r->user.profile = NULL;
    r->user.active = NULL;
}
static void two_profiles(struct rig *r)
{
    r->profile.rows = 2;
}
static void incomplete(struct rig *r)
{
    r->profile.profile_completed = 0;
}
static void completed_null(struct rig *r)
{
    r->profile.profile_completed = -1;
}
static void no_subscription(struct rig *r)
{
    r->user.active = NULL;
}
static void other_subscription(struct rig *r)
{
    r->active.tier = "free";
}
static void free_user(struct rig *r)
{
    r->profile.tier = r->trader.tier = "free";
    r->trader.trading_enabled = 0;
    r->user.active = NULL;
}
static void free_with_rights(struct rig *r)
{
    free_user(r);
    r->trader.trading_enabled = 1;
}
static void pro_with_api(struct rig *r)
{
    r->trader.api_access = 1;
}
static void enterprise_with_api(struct rig *r)
{
    r->profile.tier = r->trader.tier = r->active.tier = "enterprise";
    r->trader.api_access = 1;
}
static void not_in_bot(struct rig *r)
{
    r->user.trader = NULL;
    r->user.keys = NULL;
}
static void two_traders(struct rig *r)
{
    r->trader.rows = 2;
}
static void orphan_twice(struct rig *r)
{
    no_login(r);
    two_traders(r);
}
static void tier_differs(struct rig *r)
{
    r->trader.tier = "free";
}
static void tier_null(struct rig *r)
{
    r->profile.tier = NULL;
}
static void bot_tier_null(struct rig *r)
{
    r->trader.tier = NULL;
}
static void bot_tier_premium(struct rig *r)
{
    r->trader.tier = "premium";
}
static void both_premium(struct rig *r)
{
    r->profile.tier = r->trader.tier = r->active.tier = "premium";
}
static void both_premium_in_policy(struct rig *r)
{
    both_premium(r);
    r->policy.trading_tiers[2] = "premium";
}
static void email_differs(struct rig *r)
{
    r->trader.email = "old@example.ro";
}
static void email_case(struct rig *r)
{
    r->trader.email = "Ana.Pop@example.ro";
}
static void no_email(struct rig *r)
{
    r->login.email = NULL;
    r->login.email_confirmed_at = NULL;
    not_in_bot(r);
}
static void no_email_no_subscription(struct rig *r)
{
    no_email(r);
    r->user.active = NULL;
}
static void email_null_and_empty(struct rig *r)
{
    r->login.email = NULL;
    r->trader.email = "";
}
static void trading_off(struct rig *r)
{
    r->trader.trading_enabled = 0;
}
static void trading_null(struct rig *r)
{
    r->trader.trading_enabled = -1;
}
static void no_key(struct rig *r)
{
    r->user.keys = NULL;
}
static void key_off(struct rig *r)
{
    r->keys.active = 0;
}
static void bot_away(struct rig *r)
{
    r->user.bot_known = r->user.keys_known = false;
    r->user.trader = NULL;
    r->user.keys = NULL;
}
static void brain_away(struct rig *r)
{
    r->user.brain_known = r->user.profile_known = r->user.active_known = false;
    r->user.login = NULL;
    r->user.profile = NULL;
    r->user.active = NULL;
}
static void two_profiles_bot_away(struct rig *r)
{
    two_profiles(r);
    bot_away(r);
}
static void no_profile_bot_away(struct rig *r)
{
    no_profile(r);
    bot_away(r);
}
static void banned_bot_away(struct rig *r)
{
    banned(r);
    bot_away(r);
}
static void deleted_bot_away(struct rig *r)
{
    deleted(r);
    bot_away(r);
}
static void no_login_bot_away(struct rig *r)
{
    no_login(r);
    bot_away(r);
}
static void two_traders_brain_away(struct rig *r)
{
    two_traders(r);
    brain_away(r);
}
static void trading_off_brain_away(struct rig *r)
{
    trading_off(r);
    brain_away(r);
}
static void no_profiles_table(struct rig *r)
{
    r->user.profile_known = false;
    r->user.profile = NULL;
}
static void no_subscriptions_table(struct rig *r)
{
    r->user.active_known = false;
    r->user.active = NULL;
}
static void no_keys_table(struct rig *r)
{
    r->user.keys_known = false;
    r->user.keys = NULL;
}
static void off_and_differs(struct rig *r)
{
    trading_off(r);
    tier_differs(r);
    email_differs(r);
}

struct verdict_case {
    void (*change)(struct rig *r);
    enum db_known can;
    const char *text;
    enum db_sync sync;
};

/* clang-format off */
static const struct verdict_case cases[] = {
    {nothing,                  DB_HOLDS,   "yes",                            DB_SYNC_SYNCED},
    {deleted,                  DB_FAILS,   "NO  deleted 2026-03-02",         DB_SYNC_DIFFERS},
    {deleted_no_rights,        DB_FAILS,   "NO  deleted 2026-03-02  (+1)",   DB_SYNC_SYNCED},
    {deleted_not_in_bot,       DB_FAILS,   "NO  deleted 2026-03-02  (+2)",   DB_SYNC_SYNCED},
    {no_login,                 DB_FAILS,   "NO  orphan in ZmartBot",         DB_SYNC_ORPHAN_IN_BOT},
    {nobody,                   DB_FAILS,   "NO  no login  (+1)",             DB_SYNC_UNKNOWN},
    {orphan_twice,             DB_FAILS,   "NO  orphan in ZmartBot  (+1)",   DB_SYNC_DUPLICATE},
    {unconfirmed,              DB_HOLDS,   "yes (email unconfirmed)",        DB_SYNC_SYNCED},
    {banned,                   DB_FAILS,   "NO  banned until 2027-01-05",    DB_SYNC_SYNCED},
    {ban_over,                 DB_HOLDS,   "yes",                            DB_SYNC_SYNCED},
    {no_profile,               DB_FAILS,   "NO  no Brain profile",           DB_SYNC_MISSING_PROFILE},
    {two_profiles,             DB_FAILS,   "NO  2 Brain profiles",           DB_SYNC_DUPLICATE},
    {incomplete,               DB_HOLDS,   "yes (profile incomplete)",       DB_SYNC_SYNCED},
    {completed_null,           DB_HOLDS,   "yes (profile incomplete)",       DB_SYNC_SYNCED},
    {no_subscription,          DB_HOLDS,   "yes (subscription differs)",     DB_SYNC_DIFFERS},
    {other_subscription,       DB_HOLDS,   "yes (subscription differs)",     DB_SYNC_DIFFERS},
    {free_user,                DB_FAILS,   "NO  not entitled  (+1)", DB_SYNC_SYNCED},
    {free_with_rights,         DB_FAILS,   "NO  not entitled",              DB_SYNC_DIFFERS},
    {pro_with_api,             DB_HOLDS,   "yes",                            DB_SYNC_DIFFERS},
    {enterprise_with_api,      DB_HOLDS,   "yes",                            DB_SYNC_SYNCED},
    {not_in_bot,               DB_FAILS,   "NO  not in ZmartBot",            DB_SYNC_MISSING_IN_BOT},
    {two_traders,              DB_FAILS,   "NO  2 trading profiles",         DB_SYNC_DUPLICATE},
    {tier_differs,             DB_FAILS,   "NO  tier differs",               DB_SYNC_DIFFERS},
    {tier_null,                DB_FAILS,   "NO  tier differs  (+1)",         DB_SYNC_DIFFERS},
    {bot_tier_null,            DB_FAILS,   "NO  tier differs",               DB_SYNC_DIFFERS},
    {bot_tier_premium,         DB_FAILS,   "NO  tier differs",               DB_SYNC_DIFFERS},
    {both_premium,             DB_FAILS,   "NO  not entitled", DB_SYNC_DIFFERS},
    {both_premium_in_policy,   DB_HOLDS,   "yes",                            DB_SYNC_SYNCED},
    {email_differs,            DB_HOLDS,   "yes (email differs)",            DB_SYNC_DIFFERS},
    {email_case,               DB_HOLDS,   "yes (email differs)",            DB_SYNC_DIFFERS},
    {no_email,                 DB_FAILS,   "NO  not in ZmartBot",            DB_SYNC_SYNCED},
    {no_email_no_subscription, DB_FAILS,   "NO  not in ZmartBot",            DB_SYNC_DIFFERS},
    {email_null_and_empty,     DB_HOLDS,   "yes",                            DB_SYNC_SYNCED},
    {trading_off,              DB_FAILS,   "NO  trading off",                DB_SYNC_SYNCED},
    {trading_null,             DB_FAILS,   "NO  trading off",                DB_SYNC_SYNCED},
    {no_key,                   DB_HOLDS,   "yes (no active key)",            DB_SYNC_SYNCED},
    {key_off,                  DB_HOLDS,   "yes (no active key)",            DB_SYNC_SYNCED},
    {off_and_differs,          DB_FAILS,   "NO  tier differs  (+1)",         DB_SYNC_DIFFERS},
    /* what is not known is unknown, unless the answer does not need it */
    {bot_away,                 DB_UNKNOWN, "?  ZmartBot not readable",  DB_SYNC_UNKNOWN},
    {brain_away,               DB_UNKNOWN, "?  ZmartyBrain not readable",DB_SYNC_UNKNOWN},
    {banned_bot_away,          DB_FAILS,   "NO  banned until 2027-01-05",    DB_SYNC_UNKNOWN},
    {two_profiles_bot_away,    DB_FAILS,   "NO  2 Brain profiles",           DB_SYNC_DUPLICATE},
    {no_profile_bot_away,      DB_FAILS,   "NO  no Brain profile",           DB_SYNC_UNKNOWN},
    {deleted_bot_away,         DB_FAILS,   "NO  deleted 2026-03-02",         DB_SYNC_UNKNOWN},
    {no_login_bot_away,        DB_FAILS,   "NO  no login",                   DB_SYNC_UNKNOWN},
    {two_traders_brain_away,   DB_FAILS,   "NO  2 trading profiles",         DB_SYNC_DUPLICATE},
    {trading_off_brain_away,   DB_FAILS,   "NO  trading off",                DB_SYNC_UNKNOWN},
    {no_profiles_table,        DB_UNKNOWN, "?  user_profiles cannot be read", DB_SYNC_UNKNOWN},
    {no_subscriptions_table,   DB_HOLDS,   "yes",                            DB_SYNC_SYNCED},
    {no_keys_table,            DB_HOLDS,   "yes",                            DB_SYNC_SYNCED},
};
/* clang-format on */

static void test_verdicts(void **state)
{
    struct rig r;
    char text[96];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        reset(&r);
        cases[i].change(&r);
        db_user_judge(&r.user, &r.policy);
        db_verdict_text(&r.user.verdict, text, sizeof(text));
        if (r.user.verdict.can_trade != cases[i].can || strcmp(text, cases[i].text) != 0 ||
            r.user.sync != cases[i].sync)
            fail_msg("case %zu: expected \"%s\" %s, got \"%s\" %s", i, cases[i].text,
                     db_sync_key(cases[i].sync), text, db_sync_key(r.user.sync));
    }
}

/* The order of the design, and what is off is not listed. */
static void test_listed(void **state)
{
    static const char *const keys[] = {"login",
                                       "email_confirmed",
                                       "not_banned",
                                       "one_profile",
                                       "profile_completed",
                                       "subscription",
                                       "one_trading_profile",
                                       "tier_equal",
                                       "email_equal",
                                       "tier_entitled",
                                       "trading_enabled",
                                       "api_key"};
    struct rig r;
    size_t i;

    (void)state;
    reset(&r);
    db_user_judge(&r.user, &r.policy);
    assert_int_equal(r.user.verdict.n, ZM_COUNT(keys));
    for (i = 0; i < ZM_COUNT(keys); i++) {
        assert_string_equal(db_gate_key(r.user.verdict.gate[i].gate), keys[i]);
        assert_int_equal(r.user.verdict.gate[i].ok, DB_HOLDS);
    }
    r.policy.level[DB_GATE_API_ACCESS] = DB_LEVEL_HARD;
    r.policy.level[DB_GATE_EMAIL_CONFIRMED] = DB_LEVEL_OFF;
    db_user_judge(&r.user, &r.policy);
    assert_int_equal(r.user.verdict.n, ZM_COUNT(keys));
    assert_int_equal(r.user.verdict.can_trade, DB_FAILS); /* api_access is off */
    assert_string_equal(db_level_key(DB_LEVEL_WARN), "warn");
}

static const struct db_gate_result *result(const struct rig *r, enum db_gate gate)
{
    size_t i;

    for (i = 0; i < r->user.verdict.n; i++)
        if (r->user.verdict.gate[i].gate == gate)
            return &r->user.verdict.gate[i];
    fail_msg("gate %d is not listed", (int)gate);
    return NULL;
}

/* The words that say why. */
static void test_details(void **state)
{
    static const struct {
        void (*change)(struct rig *r);
        enum db_gate gate;
        enum db_known ok;
        const char *detail;
    } details[] = {
        {tier_differs, DB_GATE_TIER_EQUAL, DB_FAILS, "Brain pro / Bot free"},
        {tier_null, DB_GATE_TIER_EQUAL, DB_FAILS, "Brain - / Bot pro"},
        {email_differs, DB_GATE_EMAIL_EQUAL, DB_FAILS, "Bot has old@example.ro"},
        {trading_null, DB_GATE_TRADING_ENABLED, DB_FAILS, "not set"},
        {nothing, DB_GATE_API_KEY, DB_HOLDS, "1 of 2 active"},
        {no_key, DB_GATE_API_KEY, DB_FAILS, "none"},
        {no_keys_table, DB_GATE_API_KEY, DB_UNKNOWN, "user_api_keys cannot be read"},
        {no_subscription, DB_GATE_SUBSCRIPTION, DB_FAILS, "tier pro / active subscription none"},
        {no_email, DB_GATE_EMAIL_CONFIRMED, DB_FAILS, "no e-mail"},
    };
    struct rig r;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(details); i++) {
        reset(&r);
        details[i].change(&r);
        db_user_judge(&r.user, &r.policy);
        assert_int_equal(result(&r, details[i].gate)->ok, details[i].ok);
        assert_string_equal(result(&r, details[i].gate)->detail, details[i].detail);
    }
}

/* Somebody else's e-mail may be as long as it likes. */
static void test_long_detail(void **state)
{
    char email[2000];
    struct rig r;

    (void)state;
    memset(email, 'a', sizeof(email));
    email[sizeof(email) - 1] = '\0';
    reset(&r);
    r.trader.email = email;
    db_user_judge(&r.user, &r.policy);
    assert_true(strlen(result(&r, DB_GATE_EMAIL_EQUAL)->detail) < 96);
    assert_non_null(strstr(result(&r, DB_GATE_EMAIL_EQUAL)->detail, "..."));
}

static void test_signs(void **state)
{
    static const char signs[] = "?!-++~=";
    size_t i;

    (void)state;
    for (i = 0; i < DB_SYNC_COUNT; i++)
        assert_int_equal(db_sync_sign((enum db_sync)i), signs[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts), cmocka_unit_test(test_listed),
        cmocka_unit_test(test_details),  cmocka_unit_test(test_long_detail),
        cmocka_unit_test(test_signs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
