/*
 * Taking a change back: an ordinary edit with today's values, itself undoable.
 */
#include "edit_console.h"

/* A downgrade took the rights away: undo gives them back with the tier; undo of that takes them
 * again. */
static void test_undo(void **state)
{
    static const char who[] = "oana.d@example.ro";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "oana.d@");

    change_tier(vt, "f", "done: tier enterprise -> free");
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "false");
    vt_type(vt, "u");
    vt_wait(vt, "Undo  oana.d@example.ro", VT_SOON_MS);
    assert_on_one_row(vt, "ZmartyBrain", "free -> enterprise");
    assert_on_one_row(vt, "trading_enabled", "off -> on");
    assert_on_one_row(vt, "api_access", "off -> on");
    vt_wait(vt, "T-1", VT_SOON_MS); /* whose change it was, and why */
    give_reason(vt, "T-2 mistake");
    vt_wait(vt, "done: tier free -> enterprise", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "enterprise");
    assert_string_equal(of_bot(demo, who, "tier"), "enterprise");
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "true");
    assert_string_equal(of_bot(demo, who, "api_access"), "true");
    assert_string_equal(of_journal(demo, who, "undo", "metadata->>'reason'"), "T-2 mistake");
    assert_string_equal(of_journal(demo, who, "undo",
                                   "(metadata->>'undo_of')::uuid = (SELECT id "
                                   "FROM public.user_activity b WHERE b.action "
                                   "= 'zmartctl.tier_change' AND b.user_id = "
                                   "a.user_id ORDER BY created_at DESC LIMIT 1)"),
                        "true");
    look(vt);
    vt_type(vt, "u"); /* the undo itself */
    vt_wait(vt, "Undo  oana.d@example.ro", VT_SOON_MS);
    assert_on_one_row(vt, "ZmartyBrain", "enterprise -> free");
    vt_wait(vt, "> Reason", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Undo  ", VT_SOON_MS);
    quit(vt);
}

/* Trading goes on again, and what does not come back is said; of a stop that found trading off
 * nothing does. */
static void test_undo_of_a_stop(void **state)
{
    static const char who[] = "anadolu.trd@example.com";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "anadolu.trd@");

    press_stop(vt, "> Stop now? y");
    vt_wait(vt, "pending trades are NOT cancelled", VT_SOON_MS);
    look(vt);
    vt_type(vt, "Y");
    vt_wait(vt, "Stopped  anadolu.trd@", VT_SOON_MS);
    vt_type(vt, "T-70 fraud");
    vt_keys(vt, "Enter");
    vt_wait(vt, "the reason is recorded", VT_SOON_MS);
    look(vt);
    vt_type(vt, "u");
    vt_wait(vt, ": T-70 fraud", VT_SOON_MS);
    vt_wait(vt, "Strategies and API keys that went off with it stay off", VT_SOON_MS);
    give_reason(vt, "T-71 cleared");
    vt_wait(vt, "done: trading off -> on", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "true");
    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET trading_enabled = false "
             "WHERE email = 'anadolu.trd@example.com'");
    vt_type(vt, "R");
    press_stop(vt, "Trading is off already");
    look(vt);
    vt_type(vt, "Y");
    vt_wait(vt, "Stopped  anadolu.trd@", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "its reason is owed", VT_SOON_MS);
    look(vt);
    vt_type(vt, "u");
    vt_wait(vt, "not switched on from here", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Cannot undo", VT_SOON_MS);
    quit(vt);
}

/* What a repair made equal stays equal, and that is said. */
static void test_no_undo_of_a_repair(void **state)
{
    static const char who[] = "whale@example.com";
    const struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'free' "
             "WHERE email = 'whale@example.com'");
    vt = open_on(demo, NULL, 24, 80, "whale@");
    vt_type(vt, "f");
    vt_wait(vt, "> Mend it? y/N/d", VT_SOON_MS); /* a reason is suggested */
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "done:", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), of_brain(demo, who, "tier"));
    look(vt);
    vt_type(vt, "u");
    vt_wait(vt, "Cannot undo", VT_SOON_MS);
    vt_wait(vt, "Bot's tier free -> enterprise", VT_SOON_MS);
    vt_wait(vt, "make the databases differ again", VT_SOON_MS);
    assert_absent(vt, "as it was before");
    look(vt);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Cannot undo", VT_SOON_MS);
    quit(vt);
}

/* The tier goes back; the row that came with it does not go. */
static void test_undo_of_what_made_a_row(void **state)
{
    static const char who[] = "ivana.r@example.com";
    const struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "DELETE FROM public.user_trading_profiles WHERE email = 'ivana.r@example.com'");
    vt = open_on(demo, NULL, 24, 80, "ivana.r@");
    change_tier(vt, "e", "done: tier pro -> enterprise");
    look(vt);
    vt_type(vt, "u");
    vt_wait(vt, "created a trading profile in ZmartBot: no row is deleted", VT_SOON_MS);
    give_reason(vt, "T-3 mistake");
    vt_wait(vt, "done: tier enterprise -> pro", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "pro");
    quit(vt);
}

static void test_nothing_to_undo(void **state)
{
    struct vt *vt = open_on(*state, NULL, 24, 80, "yamada@");

    vt_type(vt, "u");
    vt_wait(vt, "no change that could be taken back", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Cannot undo", VT_SOON_MS);
    quit(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_undo),
        cmocka_unit_test(test_undo_of_a_stop),
        cmocka_unit_test(test_no_undo_of_a_repair),
        cmocka_unit_test(test_undo_of_what_made_a_row),
        cmocka_unit_test(test_nothing_to_undo),
    };

    return cmocka_run_group_tests(tests, demo_of_60, demo_end);
}
