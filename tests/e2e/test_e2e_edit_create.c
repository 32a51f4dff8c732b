/*
 * A user without a trading profile in the console: e offers to create it, both rights off; f on
 * Health finishes a creation of which a leg is missing.
 */
#include "edit_console.h"

#define REQUEST "0b6c2f7e-0000-4000-8000-0000000000c1"

static void test_edit_offers_it(void **state)
{
    static const char who[] = "mario.new@example.it";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "mario.new@");

    vt_type(vt, "e");
    vt_wait(vt, "create the missing trading profile, rights off", VT_SOON_MS);
    look(vt);
    vt_wait(vt, "Nothing to write yet", VT_SOON_MS); /* it is offered, not chosen */
    vt_type(vt, "z");
    assert_on_one_row(vt, "ZmartBot", "created, both rights off");
    vt_wait(vt, "A reason is needed", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Reason", VT_SOON_MS);
    vt_type(vt, "T-9");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "done: trading profile created", VT_SOON_MS);
    vt_wait_gone(vt, "Edit  mario.new@", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier || trading_enabled || api_access"),
                        "profalsefalse");
    assert_string_equal(of_journal(demo, who, "repair", "metadata->>'reason'"), "T-9");
    look(vt);
    vt_wait_gone(vt, "+ Bot", VT_SOON_MS); /* the list knows it too */
    vt_type(vt, "e");
    vt_wait(vt, "API access", VT_SOON_MS); /* and now there is a right to be given */
    look(vt);
    vt_type(vt, "t");
    assert_on_one_row(vt, "trading_enabled", "off -> on");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "API access", VT_SOON_MS);
    vt_type(vt, "5");
    vt_wait(vt, "+ trading pro", VT_SOON_MS); /* though there was nothing before */
    quit(vt);
}

static void test_finish_creates_it(void **state)
{
    static const char who[] = "diana.s@example.net";
    const struct demo *demo = *state;
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    struct vt *vt;

    demo_sql(demo, DB_BRAIN,
             "INSERT INTO public.user_activity (id, user_id, action, metadata) SELECT '" REQUEST
             "', id, 'zmartctl.repair', jsonb_build_object('subject', id, 'bot_token', "
             "'2026-01-01 00:00:00', 'created_trader', 'true', 'reason', 'T-8') FROM auth.users "
             "WHERE email = 'diana.s@example.net' RETURNING 1");
    vt = vt_start(argv, NULL, 24, 80);
    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_type(vt, "4");
    vt_wait(vt, "unfinished two-database writes: 1", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait(vt, "Finish  diana.s@example.net", VT_SOON_MS);
    vt_wait(vt, "created, both rights off", VT_SOON_MS);
    look(vt);
    give(vt, "> Reason", "after the crash");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Finish it? y/N/d", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "done: trading profile created", VT_SOON_MS);
    vt_wait_gone(vt, "unfinished two-database writes", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier || trading_enabled || api_access"),
                        "freefalsefalse");
    assert_string_equal(demo_sql(demo, DB_BRAIN,
                                 "SELECT metadata->>'outcome' FROM public.user_activity WHERE "
                                 "metadata->>'ref' = '" REQUEST "'"),
                        "done");
    quit(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edit_offers_it),
        cmocka_unit_test(test_finish_creates_it),
    };

    return cmocka_run_group_tests(tests, demo_of_60, demo_end);
}
