/*
 * The Audit screen and the unfinished writes of Health: what operators did is found, read, taken
 * back; a reason that was owed is given; a write of which a leg is missing is finished or reversed.
 */
#include "edit_console.h"

/* A tier change of which only Brain's half was committed, as a crash between the commits leaves it.
 */
static void half_write(const struct demo *demo, const char *email, const char *request,
                       const char *from, const char *to)
{
    char sql[1600];

    snprintf(
        sql, sizeof(sql),
        "INSERT INTO public.user_activity (id, user_id, action, metadata)"
        " SELECT '%s', u.id, 'zmartctl.tier_change', jsonb_build_object('v', 1, 'subject', u.id,"
        " 'db_role', 'postgres', 'os_user', 'mia', 'host', 'ops-2', 'set', 'tier bot_tier',"
        " 'old', '%s', 'new', '%s', 'tier_old', '%s', 'tier_new', '%s', 'bot_old', '%s',"
        " 'bot_new', '%s', 'bot_tier_old', '%s', 'bot_tier_new', '%s', 'bot_prev', 'then',"
        " 'bot_token', 'never', 'reason', 'T-9 half') FROM auth.users u WHERE u.email = '%s';"
        "UPDATE public.user_profiles p SET tier = '%s' FROM auth.users u"
        " WHERE u.id = p.user_id AND u.email = '%s'",
        request, from, to, from, to, from, to, from, to, email, to, email);
    demo_sql(demo, DB_BRAIN, sql);
}

static struct vt *open_screen(const struct demo *demo, const char *key, const char *shows)
{
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    struct vt *vt = vt_start(argv, NULL, 30, 140);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    vt_type(vt, key);
    vt_wait(vt, shows, VT_SOON_MS);
    return vt;
}

static void confirm(struct vt *vt, const char *question)
{
    vt_wait(vt, "> Reason", VT_SOON_MS);
    look(vt);
    vt_type(vt, "T-10");
    vt_keys(vt, "Enter");
    vt_wait(vt, question, VT_SOON_MS);
    vt_type(vt, "y");
}

static void test_lists_finds_and_shows(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_screen(demo, "5", "T-4390 abuse check");

    assert_on_one_row(vt, "trading.off@example.com", "owed: r gives it");
    assert_on_one_row(vt, "joana.costa@example.pt", "undone");
    assert_on_one_row(vt, "T-4401 was for another", "done");
    vt_type(vt, "/T-4390");
    vt_wait_gone(vt, "T-4401", VT_SOON_MS);
    assert_on_one_row(vt, "trading_toggle", "ana.pop@example.ro");
    vt_keys(vt, "Enter");
    vt_keys(vt, "Enter");
    vt_wait(vt, "claimed", VT_SOON_MS);
    assert_on_one_row(vt, "claimed", "bo at ops-1");
    assert_on_one_row(vt, "change", "on -> off");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "claimed", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "T-4401", VT_SOON_MS);
    vt_type(vt, "/nothing like this");
    vt_wait(vt, "no change matches", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "T-4401", VT_SOON_MS);
    quit(vt);
}

static void test_gives_an_owed_reason(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_screen(demo, "5", "owed: r gives it");

    vt_type(vt, "r");
    vt_wait(vt, "Reason for stop_all", VT_SOON_MS);
    vt_type(vt, "asked for by phone");
    vt_keys(vt, "Enter");
    vt_wait(vt, "the reason is in the journal", VT_SOON_MS);
    vt_wait_gone(vt, "owed: r gives it", VT_SOON_MS);
    assert_on_one_row(vt, "stop_all", "asked for by phone");
    assert_string_equal(demo_sql(demo, DB_BRAIN,
                                 "SELECT r.metadata->>'reason' FROM public.user_activity r JOIN "
                                 "public.user_activity a ON r.metadata->>'ref' = a.id::text WHERE "
                                 "r.action = 'zmartctl.reason' AND a.action = 'zmartctl.stop_all'"),
                        "asked for by phone");
    quit(vt);
}

static void test_finishes_an_unfinished_write(void **state)
{
    static const char who[] = "mariana+zb@example.com";
    const struct demo *demo = *state;
    struct vt *vt;

    half_write(demo, who, "0b6c2f7e-0000-4000-8000-00000000000a", "free", "pro");
    vt = open_screen(demo, "4", "unfinished two-database writes: 1");
    vt_wait(vt, "1 unfinished write, see Health", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait(vt, "Finish  mariana+zb@example.com", VT_SOON_MS);
    assert_on_one_row(vt, "ZmartBot", "free -> pro");
    confirm(vt, "> Finish it? y/N/d");
    vt_wait(vt, "done: Bot's tier free -> pro", VT_SOON_MS);
    vt_wait_gone(vt, "unfinished two-database writes", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "pro");
    assert_string_equal(of_journal(demo, who, "result",
                                   "SELECT string_agg(b.metadata->>'outcome', ',') FROM "
                                   "public.user_activity b WHERE b.metadata->>'ref' = "
                                   "'0b6c2f7e-0000-4000-8000-00000000000a'"),
                        "done");
    quit(vt);
}

static void test_reverses_an_unfinished_write(void **state)
{
    static const char who[] = "joana.costa@example.pt";
    const struct demo *demo = *state;
    struct vt *vt;

    half_write(demo, who, "0b6c2f7e-0000-4000-8000-00000000000b", "free", "enterprise");
    vt = open_screen(demo, "4", "unfinished two-database writes: 1");
    vt_type(vt, "u");
    vt_wait(vt, "Reverse  joana.costa@example.pt", VT_SOON_MS);
    assert_on_one_row(vt, "ZmartyBrain", "enterprise -> free");
    confirm(vt, "> Reverse it? y/N/d");
    vt_wait(vt, "done: tier enterprise -> free", VT_SOON_MS);
    vt_wait_gone(vt, "unfinished two-database writes", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "free");
    assert_string_equal(of_bot(demo, who, "tier"), "free");
    quit(vt);
}

/* Bot was written after all, or nothing is left to be done: only the end is recorded. */
static void test_settles_what_needs_nothing(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;

    half_write(demo, "k.weber@example.de", "0b6c2f7e-0000-4000-8000-00000000000c", "free", "pro");
    vt = open_screen(demo, "4", "unfinished two-database writes: 1");
    vt_type(vt, "f"); /* Bot says pro already */
    vt_wait(vt, "nothing was left to be done", VT_SOON_MS);
    vt_wait_gone(vt, "unfinished two-database writes", VT_SOON_MS);
    quit(vt);
}

static int start(void **state)
{
    struct demo *demo = calloc(1, sizeof(*demo));

    demo_start(demo, 60, NULL);
    *state = demo;
    return 0;
}

static int stop(void **state)
{
    demo_done(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_finds_and_shows),
        cmocka_unit_test(test_gives_an_owed_reason),
        cmocka_unit_test(test_finishes_an_unfinished_write),
        cmocka_unit_test(test_reverses_an_unfinished_write),
        cmocka_unit_test(test_settles_what_needs_nothing),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
