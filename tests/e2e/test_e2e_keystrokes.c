/*
 * What a person needs is done in as many keys as the contract gives him, counted here one by one:
 * a look-up, stopping, mending one user and all, finishing what was left half done, the checklist.
 * Only the text of a reason is not counted.
 */
#include "edit_console.h"

#include "support/process.h"

/* One key, and what is on the screen because of it. */
static void press(struct vt *vt, int *keys, const char *key, const char *shows)
{
    vt_type(vt, key);
    ++*keys;
    vt_wait(vt, shows, VT_SOON_MS);
}

static void test_why_in_five(void **state)
{
    struct vt *vt = open_console(*state, 24, 80, NULL);
    int keys = 0;

    press(vt, &keys, "/", "EMAIL");
    press(vt, &keys, "a", "Users /a");
    press(vt, &keys, "n", "Users /an");
    press(vt, &keys, "a", "Users /ana");
    press(vt, &keys, "@", "Users /ana@");
    assert_on_one_row(vt, "ana@partner.example", "no Brain profile");
    assert_int_equal(keys, 5);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "/ana@", VT_SOON_MS);
    quit(vt);
}

static void test_stop_in_two(void **state)
{
    static const char who[] = "ivana.r@example.com";
    struct vt *vt = open_on(*state, NULL, 24, 80, who);
    int keys = 0;

    press(vt, &keys, "X", "Stop now? y");
    look(vt);
    press(vt, &keys, "y", "Reason");
    assert_string_equal(of_bot(*state, who, "trading_enabled"), "false");
    assert_int_equal(keys, 2);
    look(vt);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Reason", VT_SOON_MS);
    quit(vt);
}

static void test_mend_one_in_two(void **state)
{
    static const char who[] = "s.haddad@example.lb";
    struct vt *vt = open_on(*state, NULL, 24, 80, who);
    int keys = 0;

    press(vt, &keys, "f", "> Mend it? y/N/d");
    vt_wait(vt, "drift: tier differs", VT_SOON_MS); /* the reason, unless another is typed */
    look(vt);
    press(vt, &keys, "y", "done");
    assert_string_equal(of_bot(*state, who, "tier"), "free");
    assert_string_equal(of_journal(*state, who, "repair", "metadata->>'reason'"),
                        "drift: tier differs");
    assert_int_equal(keys, 2);
    quit(vt);
}

/* Tab goes from the question to the reason, and what is typed there takes its place. */
static void test_another_reason(void **state)
{
    static const char who[] = "tatiana@example.md";
    struct vt *vt = open_on(*state, NULL, 24, 80, who);

    vt_type(vt, "f");
    vt_wait(vt, "> Mend it? y/N/d", VT_SOON_MS);
    look(vt);
    give(vt, "> Reason", "T-77 you asked");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Mend it? y/N/d", VT_SOON_MS);
    assert_absent(vt, "drift: e-mail");
    vt_type(vt, "y");
    vt_wait(vt, "done", VT_SOON_MS);
    assert_string_equal(of_journal(*state, who, "repair", "metadata->>'reason'"), "T-77 you asked");
    quit(vt);
}

static void test_finish_in_three(void **state)
{
    static const char who[] = "mariana+zb@example.com";
    struct vt *vt;
    int keys = 0;

    demo_sql(
        *state, DB_BRAIN,
        "INSERT INTO public.user_activity (user_id, action, metadata) SELECT id,"
        " 'zmartctl.tier_change', jsonb_build_object('v', 1, 'subject', id, 'db_role',"
        " 'postgres', 'os_user', 'mia', 'host', 'ops-2', 'set', 'tier bot_tier', 'old', 'free',"
        " 'new', 'pro', 'tier_old', 'free', 'tier_new', 'pro', 'bot_old', 'free', 'bot_new',"
        " 'pro', 'bot_tier_old', 'free', 'bot_tier_new', 'pro', 'bot_prev', 'then',"
        " 'bot_token', 'never', 'reason', 'T-9 half') FROM auth.users"
        " WHERE email = 'mariana+zb@example.com';"
        "UPDATE public.user_profiles p SET tier = 'pro' FROM auth.users u"
        " WHERE u.id = p.user_id AND u.email = 'mariana+zb@example.com'");
    vt = open_console(*state, 24, 80, NULL);
    press(vt, &keys, "4", "unfinished two-database writes: 1");
    press(vt, &keys, "f", "> Finish it? y/N/d");
    vt_wait(vt, "finishes: T-9 half", VT_SOON_MS);
    look(vt);
    press(vt, &keys, "y", "done: Bot's tier free -> pro");
    assert_string_equal(of_bot(*state, who, "tier"), "pro");
    assert_int_equal(keys, 3);
    quit(vt);
}

static void test_repair_in_four(void **state)
{
    struct vt *vt = open_console(*state, 24, 80, NULL);
    int keys = 0;

    press(vt, &keys, "2", "drifted");
    press(vt, &keys, "p", "PLAN ");
    look(vt);
    press(vt, &keys, "a", "? y/N");
    look(vt);
    press(vt, &keys, "y", "not started 0");
    assert_string_equal(of_bot(*state, "diana.s@example.net", "tier"), "free");
    assert_int_equal(keys, 4);
    vt_keys(vt, "Esc");
    look(vt);
    quit(vt);
}

static void test_checklist_in_two(void **state)
{
    struct vt *vt = open_console(*state, 24, 80, NULL);
    int keys = 0;

    press(vt, &keys, "3", "11/11"); /* it looks by itself already */
    press(vt, &keys, "r", "Checklist");
    vt_wait(vt, "11/11", VT_SOON_MS);
    assert_int_equal(keys, 2);
    quit(vt);
}

/* Of what is left when everything else is ok or waived: seven steps that want a person. */
#define HUMAN "5.5|5.6|5.7|5.8|6.17|6.18|6.19|6.20"

static void waive_the_rest(const struct demo *demo)
{
    char line[600];
    const char *const argv[] = {"sh", "-c", line, NULL};

    snprintf(
        line, sizeof(line),
        "export HOME=/nonexistent; Z='%s -c %s';"
        " $Z check run 6.1 --yes; $Z check run 6.5 --yes;"
        " for s in $($Z check 2>/dev/null | grep -v '^\\[ok\\]' | sed -n 's/^\\[..\\]  *\\([1-6]"
        "\\.[0-9]*\\) .*/\\1/p' | grep -vxE '" HUMAN "'); do"
        " $Z check waive $s --note demo --until 2099-12-31 --yes; done",
        ZM_BINARY, demo->conf);
    process_run(argv);
}

static void sign_in_two(struct vt *vt, int *keys, int item)
{
    char said[32];

    snprintf(said, sizeof(said), "%d: signed", item);
    press(vt, keys, "s", "> Sign it? y/N");
    press(vt, keys, "y", said);
    snprintf(said, sizeof(said), "Check %d/6", item);
    vt_wait(vt, said, VT_SOON_MS);
}

static void confirm_in_two(struct vt *vt, int *keys, const char *step)
{
    char said[32];

    snprintf(said, sizeof(said), "Confirm %s", step);
    press(vt, keys, "n", said);
    vt_wait(vt, "> Confirm it? y/N", VT_SOON_MS);
    snprintf(said, sizeof(said), "%s: signed", step);
    press(vt, keys, "y", said);
}

static void test_checklist_complete(void **state)
{
    static const char *const of_5[] = {"5.5", "5.6", "5.7", "5.8"};
    struct vt *vt;
    int keys = 0, item;
    size_t i;

    waive_the_rest(*state);
    vt = open_console(*state, 30, 100, NULL);
    press(vt, &keys, "3", "1.1  extension");
    press(vt, &keys, "r", "Checklist");
    vt_wait(vt, "Check 0/6", VT_SOON_MS);
    for (item = 1; item <= 4; item++) /* the cursor goes on by itself */
        sign_in_two(vt, &keys, item);
    for (i = 0; i < 4; i++)
        confirm_in_two(vt, &keys, of_5[i]);
    vt_wait(vt, "7/7   1/1 ok", VT_SOON_MS); /* all of it was looked at again */
    sign_in_two(vt, &keys, 5);
    confirm_in_two(vt, &keys, "6.18");
    confirm_in_two(vt, &keys, "6.19");
    press(vt, &keys, "n", "Confirm 6.20");
    vt_wait(vt, "> Profile", VT_SOON_MS);
    vt_type(vt, "demo");
    keys += 4;
    vt_keys(vt, "Enter");
    keys++;
    vt_wait(vt, "> Confirm it? y/N", VT_SOON_MS);
    press(vt, &keys, "y", "6.20: signed");
    vt_wait(vt, "18/18   3/3 ok", VT_SOON_MS);
    sign_in_two(vt, &keys, 6);
    assert_int_equal(keys, 33);
    assert_string_equal(demo_sql(*state, DB_BRAIN,
                                 "SELECT count(*) FROM public.user_activity WHERE action ="
                                 " 'zmartctl.signoff' AND metadata->>'note' LIKE 'seen by %@%'"),
                        "7");
    quit(vt);
}

static int start(void **state)
{
    struct demo *demo = calloc(1, sizeof(*demo));

    demo_start(demo, 400, NULL);
    *state = demo;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_why_in_five),      cmocka_unit_test(test_stop_in_two),
        cmocka_unit_test(test_mend_one_in_two),  cmocka_unit_test(test_another_reason),
        cmocka_unit_test(test_finish_in_three),  cmocka_unit_test(test_repair_in_four),
        cmocka_unit_test(test_checklist_in_two), cmocka_unit_test(test_checklist_complete),
    };

    return cmocka_run_group_tests(tests, start, demo_end);
}
