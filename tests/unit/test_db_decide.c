/*
 * The rules of a write, and what people read of it before they say yes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "db/classes.h"
#include "db/decide.h"
#include "zm/str.h"

static struct db_policy policy(void)
{
    struct db_policy p;

    db_policy_default(&p);
    return p;
}

static struct db_now user(const char *tier, const char *bot_tier)
{
    struct db_now now = {.brain_known = true,
                         .bot_known = true,
                         .has_login = true,
                         .email = "ana@example.com",
                         .profiles = 1,
                         .traders = 1,
                         .profile_id = "p",
                         .trader_id = "t"};

    db_values_set(&now.values, DB_ITEM_TIER, tier);
    db_values_set(&now.values, DB_ITEM_BOT_TIER, bot_tier);
    db_values_set(&now.values, DB_ITEM_TRADING, "false");
    db_values_set(&now.values, DB_ITEM_API, "false");
    return now;
}

static struct db_edit to_tier(const char *tier)
{
    struct db_edit edit = {.action = DB_ACTION_TIER, .create_trader = true, .user_id = "u"};

    db_values_set(&edit.want, DB_ITEM_TIER, tier);
    return edit;
}

static void rights_that_the_tier_does_not_give(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("enterprise", "enterprise");
    struct db_edit edit = to_tier("pro");
    struct db_decision d;

    (void)state;
    db_values_set(&now.values, DB_ITEM_TRADING, "true");
    db_values_set(&now.values, DB_ITEM_API, "true");
    db_decide(&p, &edit, &now, &d);
    assert_false(d.set[DB_ITEM_TRADING]);
    assert_true(d.set[DB_ITEM_API]);
    assert_string_equal(d.to[DB_ITEM_API], "false");
    edit.keep_rights = true;
    db_decide(&p, &edit, &now, &d);
    assert_false(d.set[DB_ITEM_API]);
    edit = to_tier("free");
    db_decide(&p, &edit, &now, &d);
    assert_true(d.set[DB_ITEM_TRADING] && d.set[DB_ITEM_API]);
}

/* A tier change gives no right, even one that is entitled. */
static void a_tier_gives_nothing(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("free", "free");
    struct db_edit edit = to_tier("enterprise");
    struct db_decision d;

    (void)state;
    db_decide(&p, &edit, &now, &d);
    assert_true(d.set[DB_ITEM_TIER] && d.set[DB_ITEM_BOT_TIER]);
    assert_false(d.set[DB_ITEM_TRADING] || d.set[DB_ITEM_API]);
}

/* Whether the application follows is seen when nothing but Brain's tier is changed. */
static void brain_alone(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("enterprise", "enterprise");
    struct db_edit edit = to_tier("pro");
    struct db_decision d;

    (void)state;
    db_values_set(&now.values, DB_ITEM_API, "true");
    assert_true(db_edit_needs_bot(&edit));
    edit.brain_alone = true;
    assert_false(db_edit_needs_bot(&edit));
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_DONE);
    assert_true(d.set[DB_ITEM_TIER] && d.write_brain);
    assert_false(d.set[DB_ITEM_BOT_TIER] || d.set[DB_ITEM_API] || d.write_bot);
    now = user("free", "free"); /* nor is a row made in Bot */
    now.bot_known = false;
    now.traders = 0;
    db_decide(&p, &edit, &now, &d);
    assert_true(d.write_brain && !d.write_bot && !d.create_trader);
}

static void only_brain_differs(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("free", "pro");
    struct db_edit edit = to_tier("pro");
    struct db_decision d;

    (void)state;
    db_decide(&p, &edit, &now, &d);
    assert_true(d.set[DB_ITEM_TIER]);
    assert_false(d.set[DB_ITEM_BOT_TIER]); /* it says so already */
    now = user("pro", "free");
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_DONE);
    assert_false(d.write_brain || d.write_bot); /* a repair's */
}

/* Who wrote Bot's tier last tells a mistake from abuse: another writer, another comparison. */
static void written_since_it_was_compared(void **state)
{
    const struct db_policy p = policy();
    const struct db_both seen = {.id = "u",
                                 .login = true,
                                 .email = "ana@example.com",
                                 .profiles = 1,
                                 .tier = "free",
                                 .traders = 1,
                                 .bot_tier = "pro",
                                 .bot_updated_at = "2026-11-20 09:00:00",
                                 .trading_enabled = 0,
                                 .api_access = 0};
    struct db_now now = user("free", "pro");
    struct db_edit edit = {.action = DB_ACTION_REPAIR, .user_id = "u", .drift = &seen};
    struct db_decision d;

    (void)state;
    db_values_set(&edit.want, DB_ITEM_BOT_TIER, "free");
    now.bot_updated_at = "2026-11-20 09:00:00";
    db_values_of_both(&seen, &now.values);
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_DONE);
    assert_true(d.set[DB_ITEM_BOT_TIER]);
    now.bot_updated_at = "2026-11-20 09:00:01";
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_STALE);
    assert_string_equal(d.message, "his trading profile was written since they were compared");
}

static void stale_names_what_differs(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("pro", "free");
    struct db_edit edit = to_tier("enterprise");
    struct db_decision d;

    (void)state;
    db_values_set(&edit.seen, DB_ITEM_TIER, "pro");
    db_values_set(&edit.seen, DB_ITEM_BOT_TIER, "pro");
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_STALE);
    assert_int_equal(d.stale, DB_ITEM_BOT_TIER);
    assert_string_equal(d.message, "Bot's tier was pro when it was shown and is free now");
    /* NULL is a value like any other. */
    db_values_set(&now.values, DB_ITEM_BOT_TIER, NULL);
    db_values_set(&edit.seen, DB_ITEM_BOT_TIER, NULL);
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_DONE);
}

static void enabling_is_judged_by_brain(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("free", "enterprise");
    struct db_edit edit = {.action = DB_ACTION_TRADING};
    struct db_decision d;

    (void)state;
    db_values_set(&edit.want, DB_ITEM_TRADING, "true");
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_REFUSED);
    now = user("pro", "free");
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_DONE);
    now.is_deleted = true;
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_REFUSED);
    now.is_deleted = false;
    now.brain_known = false;
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_REFUSED);
    assert_non_null(strstr(d.message, "away"));
}

/* Only whom a trading profile would help is said to need one. */
static void who_needs_a_trading_profile(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("pro", NULL);
    struct db_edit edit = {.action = DB_ACTION_TRADING, .user_id = "u"};
    struct db_decision d;

    (void)state;
    now.traders = 0;
    memset(&now.values.known[DB_ITEM_BOT_TIER], 0, DB_ITEMS - DB_ITEM_BOT_TIER);
    db_values_set(&edit.want, DB_ITEM_TRADING, "true");
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_REFUSED);
    assert_true(d.needs_trader);
    now.email = "";
    db_decide(&p, &edit, &now, &d);
    assert_false(d.needs_trader);
    now.email = "ana@example.com";
    db_values_set(&now.values, DB_ITEM_TIER, "free");
    db_decide(&p, &edit, &now, &d);
    assert_false(d.needs_trader);
    assert_non_null(strstr(d.message, "not entitled"));
    db_values_set(&now.values, DB_ITEM_TIER, "pro");
    db_values_set(&edit.want, DB_ITEM_TRADING, "false");
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_REFUSED);
    assert_false(d.needs_trader);
    edit = (struct db_edit){.action = DB_ACTION_REPAIR, .create_trader = true};
    db_decide(&p, &edit, &now, &d);
    assert_true(d.create_trader && d.write_bot && !d.write_brain);
    now.is_deleted = true;
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_REFUSED);
}

static void disabling_needs_only_bot(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("pro", "pro");
    struct db_edit edit = {.action = DB_ACTION_TRADING};
    struct db_decision d;

    (void)state;
    db_values_set(&edit.want, DB_ITEM_TRADING, "false");
    db_values_set(&now.values, DB_ITEM_TRADING, "true");
    now.brain_known = false;
    assert_true(db_edit_only_disables(&edit));
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(d.result, DB_RESULT_DONE);
    assert_true(d.write_bot && !d.write_brain);
    db_values_set(&edit.want, DB_ITEM_API, "true");
    assert_false(db_edit_only_disables(&edit));
}

static void repair_takes_what_brain_says(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("pro", "free");
    struct db_edit edit = {.action = DB_ACTION_REPAIR};
    struct db_decision d;

    (void)state;
    db_values_set(&edit.want, DB_ITEM_BOT_TIER, "enterprise"); /* believed, and wrong */
    db_values_set(&edit.want, DB_ITEM_BOT_EMAIL, NULL);
    db_values_set(&now.values, DB_ITEM_BOT_EMAIL, "old@example.com");
    db_decide(&p, &edit, &now, &d);
    assert_string_equal(d.to[DB_ITEM_BOT_TIER], "pro");
    assert_string_equal(d.to[DB_ITEM_BOT_EMAIL], "ana@example.com");
    assert_false(d.write_brain);
}

static void the_plan_says_all_of_it(void **state)
{
    const struct db_policy p = policy();
    struct db_now now = user("pro", "free");
    struct db_edit edit = to_tier("free");
    struct db_plan_line lines[DB_PLAN_LINES];
    struct zm_buf sql = {.s = NULL};
    struct db_decision d;

    (void)state;
    db_values_set(&now.values, DB_ITEM_TRADING, "true");
    db_decide(&p, &edit, &now, &d);
    assert_int_equal(db_plan_lines(&edit, &now, &d, lines), 3); /* Bot's tier is free already */
    assert_string_equal(lines[0].column, "tier");
    assert_string_equal(lines[1].table, "user_subscriptions");
    assert_string_equal(lines[2].column, "trading_enabled");
    assert_string_equal(lines[2].note, "the new tier does not give it");
    db_plan_sql(&edit, &now, &d, &sql);
    assert_non_null(strstr(sql.s, "UPDATE public.user_profiles"));
    assert_non_null(strstr(sql.s, "trading_enabled = $2::boolean"));
    assert_non_null(strstr(sql.s, "-- $2 = 'false'"));
    assert_true(strstr(sql.s, "user_profiles") < strstr(sql.s, "user_trading_profiles"));
    zm_buf_done(&sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rights_that_the_tier_does_not_give),
        cmocka_unit_test(a_tier_gives_nothing),
        cmocka_unit_test(brain_alone),
        cmocka_unit_test(only_brain_differs),
        cmocka_unit_test(written_since_it_was_compared),
        cmocka_unit_test(stale_names_what_differs),
        cmocka_unit_test(enabling_is_judged_by_brain),
        cmocka_unit_test(who_needs_a_trading_profile),
        cmocka_unit_test(disabling_needs_only_bot),
        cmocka_unit_test(repair_takes_what_brain_says),
        cmocka_unit_test(the_plan_says_all_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
