/*
 * What the Audit screen and `zmartctl audit` say of a plan that was applied: which right went,
 * which row was made; and that what was made is not taken back.
 */
#include "sync_console.h"

static struct vt *open_audit(const struct demo *demo, int rows, int cols, const char *shows)
{
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    struct vt *vt = vt_start(argv, NULL, rows, cols);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_type(vt, "5");
    vt_wait(vt, shows, VT_SOON_MS);
    return vt;
}

static int apply_the_plan(void **state)
{
    struct demo *demo;
    struct vt *vt;
    int failed = demo_of_600(state);

    if (failed)
        return failed;
    demo = *state;
    vt = open_sync(demo, 30, 120);
    plan(vt);
    vt_type(vt, "a");
    vt_wait(vt, "> Apply 12 rows? y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "All were tried", VT_SOON_MS);
    quit(vt);
    return 0;
}

static void test_a_repair_says_what_it_did(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_audit(demo, 30, 120, "drift, plan");

    assert_on_one_row(vt, "ana.pop@example.ro", "Bot.tier free -> pro, api off");
    assert_on_one_row(vt, "flags.exceed@", "trading off");
    assert_on_one_row(vt, "api.exceeds@", "api off");
    assert_on_one_row(vt, "ana@partner.example", "+ profile in Brain (free)");
    assert_on_one_row(vt, "mario.new@example.it", "+ trading profile (pro,");
    assert_absent(vt, "on -> off");
    assert_absent(vt, "free -> free");
    assert_string_equal(of_journal(demo, "ana@partner.example", "repair",
                                   "(metadata ? 'old') || ' ' || (metadata->>'new')"),
                        "false free"); /* there was none */
    vt_type(vt, "/no.profile");
    vt_wait_gone(vt, "ana.pop", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "change + profile in Brain (free), + trading profile (free, rights off)",
            VT_SOON_MS); /* what the column cuts */
    vt_keys(vt, "Enter");
    vt_wait(vt, "claimed", VT_SOON_MS);
    assert_on_one_row(vt, "  change  ", "+ profile in Brain (free), + trading profile (free,");
    quit(vt);
    vt = open_audit(demo, 24, 80, "repair");
    vt_type(vt, "/ana.pop");
    vt_wait(vt, "change Bot.tier free -> pro, api off", VT_SOON_MS);
    vt_wait(vt, "reason drift, plan", VT_SOON_MS);
    vt_keys(vt, "Enter");
    quit(vt);
}

static void assert_no_undo(struct vt *vt, const char *who, const char *created, const char *why)
{
    vt_type(vt, "/");
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, who);
    vt_wait_gone(vt, "ana.pop@", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "1 in all", VT_SOON_MS);
    look(vt);
    vt_type(vt, "u");
    vt_wait(vt, "Cannot undo", VT_SOON_MS);
    vt_wait(vt, created, VT_SOON_MS);
    vt_wait(vt, why, VT_SOON_MS);
    assert_absent(vt, "not known any more");
    look(vt);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Cannot undo", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "ana.pop@", VT_SOON_MS);
}

static void test_what_was_made_stays(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_audit(demo, 40, 140, "drift, plan");

    assert_no_undo(vt, "ana@partner.example", "This change created a profile in ZmartyBrain.",
                   "No row is deleted from here, so that stays.");
    assert_no_undo(vt, "mario.new@", "This change created a trading profile in ZmartBot.",
                   "e on the user gives and takes its rights.");
    assert_no_undo(vt, "no.profile@", "created a profile in ZmartyBrain and a trading profile in",
                   "No row is deleted from here");
    quit(vt);
}

/* Rows of an older zmartctl hold less, and those of anybody else what he likes. */
static void test_older_and_foreign_rows(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BRAIN,
             "UPDATE public.user_activity a SET metadata = a.metadata - '{new,bot_new}'::text[]"
             "  FROM auth.users u WHERE u.id = a.user_id AND u.email = 'mario.new@example.it'"
             "   AND a.action = 'zmartctl.repair';"
             "UPDATE public.user_activity a SET metadata = a.metadata || '{\"set\": \"name\","
             " \"name_old\": \"A\", \"name_new\": \"B\\u001b[2J\\n\\nowed, api on\"}'"
             "  FROM auth.users u WHERE u.id = a.user_id AND u.email = 'api.exceeds@example.com'"
             "   AND a.action = 'zmartctl.repair';"
             "UPDATE public.user_activity a SET metadata = a.metadata || '{\"set\": \"password\"}'"
             "  FROM auth.users u WHERE u.id = a.user_id AND u.email = 'flags.exceed@example.com'"
             "   AND a.action = 'zmartctl.repair'");
    vt = open_audit(demo, 30, 160, "drift, plan");
    assert_on_one_row(vt, "mario.new@example.it", "+ trading profile (rights off)");
    assert_on_one_row(vt, "flags.exceed@", "on -> off");
    assert_on_one_row(vt, "api.exceeds@", "name A -> 'B");
    assert_on_one_row(vt, "api.exceeds@", "owed, api on'");
    assert_on_one_row(vt, "api.exceeds@", "done");
    quit(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_repair_says_what_it_did),
        cmocka_unit_test(test_what_was_made_stays),
        cmocka_unit_test(test_older_and_foreign_rows),
    };

    return cmocka_run_group_tests(tests, apply_the_plan, demo_end);
}
