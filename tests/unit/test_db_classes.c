/*
 * Which drift classes a user has: every class, and everything that suppresses one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "db/classes.h"
#include "zm/str.h"

/* "tier_differs flags_exceed_tier", in the order of the table. */
static const char *classes_of(const struct db_both *both)
{
    static char text[400];
    struct db_classified classified;
    struct db_policy policy;
    size_t n = 0;
    unsigned c;

    db_policy_default(&policy);
    db_classify(&policy, both, &classified);
    text[0] = '\0';
    for (c = 0; c < DB_CLASSES; c++)
        if (classified.classes & DB_CLASS_BIT(c))
            n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", n ? " " : "",
                                  db_class_row((enum db_class)c)->key);
    return text;
}

/* Somebody with whom all is well. */
static struct db_both pro(void)
{
    return (struct db_both){.id = "1",
                            .login = true,
                            .email = "ana@example.ro",
                            .profiles = 1,
                            .tier = "pro",
                            .profile_updated_at = "2026-11-20 09:00:00",
                            .subscriptions_known = true,
                            .subscriptions = 1,
                            .subscription_tier = "pro",
                            .traders = 1,
                            .bot_email = "ana@example.ro",
                            .bot_tier = "pro",
                            .bot_updated_at = "2026-11-20 09:00:00",
                            .trading_enabled = 1,
                            .api_access = 0,
                            .rights = true};
}

#define CHECK(both, expected) assert_string_equal(classes_of(&(both)), expected)

static void nothing(void **state)
{
    struct db_both u = pro();

    (void)state;
    CHECK(u, "");
    u.email = NULL; /* NULL in Brain equals '' in Bot */
    u.bot_email = "";
    CHECK(u, "");
    u.trading_enabled = u.api_access = -1;
    CHECK(u, "");
}

/* A column that is not there makes nobody differ, and costs only what needs it. */
static void lacking(void **state)
{
    struct db_both u = pro();

    (void)state;
    u.tier = NULL;
    u.bot_tier = "enterprise";
    u.subscription_tier = "free";
    u.api_access = 1;
    u.bot_email = "old@example.ro";
    CHECK(u, "email_differs invalid_tier subscription_differs");
    u.lacks = DB_LACKS_TIER;
    CHECK(u, "email_differs");
    u.bot_tier = "premium";
    CHECK(u, "email_differs invalid_tier");
    u.profiles = 0; /* free, then */
    u.bot_tier = "enterprise";
    CHECK(u, "email_differs missing_profile flags_exceed_tier");
    u = pro();
    u.bot_tier = NULL;
    u.api_access = 1;
    u.lacks = DB_LACKS_BOT_TIER;
    CHECK(u, "flags_exceed_tier");
    u.tier = "premium";
    CHECK(u, "invalid_tier subscription_differs");
    u = pro();
    u.bot_email = NULL;
    u.lacks = DB_LACKS_BOT_EMAIL;
    CHECK(u, "");
    u.traders = 0;
    CHECK(u, "missing_in_bot");
}

static void tiers(void **state)
{
    struct db_both u = pro();

    (void)state;
    u.bot_tier = "free";
    CHECK(u, "tier_differs");
    u.api_access = 1; /* judged by Brain's tier */
    CHECK(u, "tier_differs flags_exceed_tier");
    u = pro();
    u.bot_tier = "premium";
    u.api_access = 1;
    CHECK(u, "invalid_tier");
    u = pro();
    u.bot_tier = NULL;
    CHECK(u, "invalid_tier");
    u = pro();
    u.tier = NULL;
    u.bot_tier = NULL;
    u.subscription_tier = NULL;
    CHECK(u, "invalid_tier");
    u.subscriptions = 0;
    CHECK(u, "invalid_tier subscription_differs");
}

static void abuse(void **state)
{
    struct db_classified classified;
    struct db_both u = pro();
    struct db_policy policy;

    (void)state;
    db_policy_default(&policy);
    u.bot_tier = "enterprise";
    db_classify(&policy, &u, &classified);
    assert_false(classified.bot_newer_above); /* not newer */
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_SAFE);
    u.bot_updated_at = "2026-11-20 09:00:00.5";
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_HUMAN);
    u.ours = true;
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_SAFE);
    u.ours = false;
    u.bot_updated_at = "12026-11-20 09:00:00"; /* not before 2026, as its text would be */
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_HUMAN);
    u.bot_updated_at = "infinity";
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_HUMAN);
    u.bot_updated_at = "2027-01-01 00:00:00 BC";
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_SAFE);
    u.bot_updated_at = "2026-11-20 09:00:00.5";
    u.bot_tier = "free"; /* newer, but not higher */
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_SAFE);
    u.bot_tier = "enterprise";
    u.profile_updated_at = NULL;
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_SAFE);
}

/* A tier that no write accepts is nothing to give to Bot: neither one that does not exist nor one
 * that only the policy names. */
static void no_tier_to_copy(void **state)
{
    struct db_classified classified;
    struct db_both u = pro();
    struct db_policy policy;

    (void)state;
    db_policy_default(&policy);
    u.traders = 0;
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_MISSING_IN_BOT), DB_MEND_SAFE);
    u.tier = "premium";
    db_classify(&policy, &u, &classified);
    assert_true(classified.classes & DB_CLASS_BIT(DB_CLASS_MISSING_IN_BOT));
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_MISSING_IN_BOT), DB_MEND_HUMAN);
    policy.trading_tiers[0] = "vip";
    policy.trading_tiers[1] = NULL;
    u = pro();
    u.tier = "vip";
    db_classify(&policy, &u, &classified);
    assert_true(classified.classes & DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS));
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_TIER_DIFFERS), DB_MEND_HUMAN);
    u.profiles = 0; /* created as free, both of them */
    u.traders = 0;
    db_classify(&policy, &u, &classified);
    assert_int_equal(db_classified_mend(&classified, DB_CLASS_MISSING_IN_BOT), DB_MEND_SAFE);
}

static void emails(void **state)
{
    struct db_classified classified;
    struct db_both u = pro();
    struct db_policy policy;

    (void)state;
    db_policy_default(&policy);
    u.bot_email = "Ana@Example.RO";
    CHECK(u, "email_differs");
    db_classify(&policy, &u, &classified);
    assert_true(classified.case_only);
    u.bot_email = "other@example.ro";
    CHECK(u, "email_differs");
    db_classify(&policy, &u, &classified);
    assert_false(classified.case_only);
    u.bot_email = "";
    CHECK(u, "email_differs");
    u.email = NULL;
    u.bot_email = "x@example.com";
    CHECK(u, "email_differs");
}

static void missing(void **state)
{
    struct db_both u = pro();

    (void)state;
    u.traders = 0;
    u.bot_email = u.bot_tier = NULL;
    u.trading_enabled = u.api_access = -1;
    u.rights = false;
    CHECK(u, "missing_in_bot");
    u.email = "";
    CHECK(u, "no_email");
    u.profiles = 0;
    u.tier = NULL;
    CHECK(u, "missing_profile no_email");
    u.email = "ana@example.ro";
    CHECK(u, "missing_in_bot missing_profile");
}

/* Rights are judged by `free` without a profile, and no subscription is. */
static void missing_profile(void **state)
{
    struct db_both u = pro();

    (void)state;
    u.profiles = 0;
    u.tier = NULL;
    CHECK(u, "missing_profile flags_exceed_tier");
    u.trading_enabled = 0;
    CHECK(u, "missing_profile");
    u.bot_tier = "premium";
    CHECK(u, "missing_profile invalid_tier");
}

static void flags(void **state)
{
    struct db_both u = pro();

    (void)state;
    u.api_access = 1;
    CHECK(u, "flags_exceed_tier");
    u = pro();
    u.tier = u.bot_tier = u.subscription_tier = "free";
    CHECK(u, "flags_exceed_tier");
    u.trading_enabled = 0;
    CHECK(u, "");
}

static void subscriptions(void **state)
{
    struct db_both u = pro();

    (void)state;
    u.subscription_tier = "enterprise";
    CHECK(u, "subscription_differs");
    u.subscriptions = 0;
    u.subscription_tier = NULL;
    CHECK(u, "subscription_differs");
    u.subscriptions_known = false;
    CHECK(u, "");
    u = pro();
    u.tier = u.bot_tier = "free";
    u.trading_enabled = 0;
    u.subscriptions = 0;
    u.subscription_tier = NULL;
    CHECK(u, ""); /* a free user may have none */
    u.subscriptions = 1;
    u.subscription_tier = "pro";
    CHECK(u, "subscription_differs");
}

/* Those that stand alone, everything else being wrong as well. */
static void alone(void **state)
{
    struct db_both u = pro();

    (void)state;
    u.bot_email = "other@example.ro";
    u.bot_tier = "free";
    u.subscription_tier = "free";
    u.traders = 2;
    CHECK(u, "duplicate_in_bot");
    u.profiles = 2;
    CHECK(u, "duplicate_in_bot");
    u.traders = 1;
    CHECK(u, "duplicate_profile");
    u.profiles = 0;
    u.login = false;
    CHECK(u, "orphan_in_bot");
    u.traders = 2;
    CHECK(u, "duplicate_in_bot");
}

static void deleted(void **state)
{
    struct db_both u = pro();

    (void)state;
    u.deleted = true;
    u.bot_email = "other@example.ro";
    u.tier = "free";
    CHECK(u, "deleted_in_brain");
    u.traders = 2;
    CHECK(u, "duplicate_in_bot");
    u.rights = false;
    u.trading_enabled = 0;
    CHECK(u, "");
    u.traders = 0;
    u.profiles = 0;
    CHECK(u, "");
}

static void table(void **state)
{
    unsigned c;

    (void)state;
    for (c = 0; c < DB_CLASSES; c++) {
        const struct db_class_row *row = db_class_row((enum db_class)c);

        assert_int_equal(db_class_find(row->key), c);
        assert_true(strchr("~+-!=", row->sign) != NULL);
        assert_true(row->title[0] && row->risk[0] && row->repair[0]);
        assert_int_equal(row->mend == DB_MEND_HUMAN, row->sign == '!');
        assert_int_equal(row->mend == DB_MEND_OPT_IN, row->sign == '-');
    }
    assert_int_equal(db_class_find("tier"), DB_CLASSES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing),         cmocka_unit_test(lacking),
        cmocka_unit_test(tiers),           cmocka_unit_test(abuse),
        cmocka_unit_test(no_tier_to_copy), cmocka_unit_test(emails),
        cmocka_unit_test(missing),         cmocka_unit_test(missing_profile),
        cmocka_unit_test(flags),           cmocka_unit_test(subscriptions),
        cmocka_unit_test(alone),           cmocka_unit_test(deleted),
        cmocka_unit_test(table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
