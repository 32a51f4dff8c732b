/*
 * The Checklist screen: items and steps, a fix from its SQL to ok, what people say and take back,
 * a report, and who may not.
 */
#include "edit_console.h"

#include <unistd.h>

static struct vt *open_check(const struct demo *demo, const char *conf, int rows, int cols)
{
    const char *const argv[] = {ZM_BINARY, "-c", conf ? conf : demo->conf, NULL};
    struct vt *vt = vt_start(argv, NULL, rows, cols);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_type(vt, "3");
    vt_wait(vt, "Deploy to production", VT_SOON_MS);
    vt_wait(vt, "3 Check ", VT_SOON_MS);
    vt_wait(vt, "1.1  extension", VT_SOON_MS);
    return vt;
}

/* The cursor on a step of item 6, the first of which is 6.1. */
static void go_to(struct vt *vt, int step)
{
    vt_type(vt, "G");
    vt_wait(vt, "6.1", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_type(vt, "g");
    while (step-- > 1)
        vt_type(vt, "j");
}

static const char *rls(const struct demo *demo)
{
    return demo_sql(demo, DB_BRAIN,
                    "SELECT relrowsecurity FROM pg_class WHERE oid = "
                    "'public.user_activity'::regclass");
}

static void test_lists(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_check(demo, NULL, 40, 160);

    assert_on_one_row(vt, "1 Create tables in Zmarty", "8/8");
    vt_wait(vt, "Check 0/6", VT_SOON_MS);
    assert_on_one_row(vt, "[ok]", "1.1");
    vt_type(vt, "j");
    vt_wait(vt, "2.11", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_keys(vt, "Enter");
    vt_wait(vt, "WANT     installed, in any schema", VT_SOON_MS);
    vt_wait(vt, "In full", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "Checklist", VT_SOON_MS);
    vt_type(vt, "n");
    vt_wait(vt, "> Confirm it? y/N", VT_SOON_MS);
    vt_keys(vt, "Enter"); /* is No */
    vt_wait(vt, "> [..]", VT_SOON_MS);
    quit(vt);
}

static void test_fixes(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_check(demo, NULL, 30, 120);

    assert_string_equal(rls(demo), "f");
    go_to(vt, 1);
    vt_wait(vt, "user_activity has no row security", VT_SOON_MS);
    vt_type(vt, "F");
    vt_wait(vt, "ALTER TABLE public.user_activity ENABLE ROW LEVEL", VT_SOON_MS);
    vt_wait(vt, "it was tried and rolled back", VT_SOON_MS);
    assert_string_equal(rls(demo), "f");
    look(vt);
    vt_keys(vt, "Enter"); /* is No */
    vt_wait_gone(vt, "it was tried", VT_SOON_MS);
    assert_string_equal(rls(demo), "f");
    vt_type(vt, "F");
    vt_wait(vt, "it was tried and rolled back", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "done, and looked at again: ok", VT_SOON_MS);
    assert_string_equal(rls(demo), "t");
    escape(vt, "Perform 6.1");
    vt_wait(vt, "row security is on for all three tables", VT_SOON_MS);
    vt_type(vt, "F"); /* it is ok: the next one */
    vt_wait(vt, "Perform 6.2", VT_SOON_MS);
    vt_wait(vt, "it was tried and rolled back", VT_SOON_MS);
    escape(vt, "Perform 6.2");
    assert_string_equal(demo_sql(demo, DB_BRAIN,
                                 "SELECT metadata->>'new' FROM public.user_activity WHERE action = "
                                 "'zmartctl.check_run' AND metadata->>'step' = '6.1'"),
                        "done");
    quit(vt);
}

static void say(struct vt *vt, const char *key, const char *title, const char *note,
                const char *question)
{
    vt_type(vt, key);
    vt_wait(vt, title, VT_SOON_MS);
    look(vt);
    give(vt, "> Note", note);
    vt_keys(vt, "Enter");
    vt_wait(vt, question, VT_SOON_MS);
    vt_type(vt, "y");
}

static void test_signs(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_check(demo, NULL, 30, 120);

    say(vt, "s", "Sign 1", "T-1 seen with Ana", "> Sign it? y/N");
    vt_wait(vt, "Check 1/6", VT_SOON_MS);
    vt_type(vt, "g");
    vt_wait(vt, "1.8", VT_SOON_MS);
    demo_sql(demo, DB_BRAIN, "ALTER TABLE public.user_profiles ALTER COLUMN tier DROP DEFAULT");
    vt_type(vt, "r");
    vt_wait(vt, "Check 0/6", VT_SOON_MS);
    assert_on_one_row(vt, "1 Create tables in ZmartyBrain", "stale");
    demo_sql(demo, DB_BRAIN,
             "ALTER TABLE public.user_profiles ALTER COLUMN tier SET DEFAULT 'free'");
    vt_type(vt, "r");
    vt_wait(vt, "Check 1/6", VT_SOON_MS);
    say(vt, "u", "Take back 1", "T-2 not yet", "> Take it back? y/N");
    vt_wait(vt, "Check 0/6", VT_SOON_MS);
    quit(vt);
}

static void test_confirms_and_waives(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_check(demo, NULL, 30, 120);

    vt_type(vt, "jjjjjn"); /* from item 6 on */
    vt_wait(vt, "Confirm 6.18  backups are confirmed by a person", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Confirm 6.18", VT_SOON_MS);
    say(vt, "y", "Confirm 6.18", "restored on staging", "> Confirm it? y/N");
    vt_wait(vt, ": restored on staging", VT_SOON_MS);
    vt_type(vt, "kk");
    vt_wait(vt, "6.16 the everyday login role", VT_SOON_MS);
    vt_type(vt, "w");
    vt_wait(vt, "Waive 6.16", VT_SOON_MS);
    look(vt);
    vt_type(vt, "only a demo");
    vt_keys(vt, "Tab");
    vt_type(vt, "2020-01-01");
    vt_keys(vt, "Enter");
    vt_wait(vt, "2020-01-01 is over", VT_SOON_MS);
    escape(vt, "Waive 6.16");
    vt_type(vt, "w");
    vt_wait(vt, "Waive 6.16", VT_SOON_MS);
    look(vt);
    vt_type(vt, "only a demo");
    vt_keys(vt, "Tab");
    vt_type(vt, "2099-12-31");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Waive it? y/N", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "[wv]", VT_SOON_MS);
    quit(vt);
}

static void test_reports(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_check(demo, NULL, 30, 120);
    char path[200];
    FILE *file;

    snprintf(path, sizeof(path), "%.150s.report.md", demo->conf);
    vt_type(vt, "E");
    vt_wait(vt, "Report of the checklist", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, path);
    vt_keys(vt, "Enter");
    vt_wait(vt, "the report is in", VT_SOON_MS);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(path, sizeof(path), file));
    assert_string_equal(path, "# Deployment checklist: DEMO\n");
    fclose(file);
    quit(vt);
}

static void test_guard(void **state)
{
    const struct demo *demo = *state;
    char path[160];
    struct vt *vt = open_check(demo, conf_with_guard(demo, "unlock", path), 30, 120);

    go_to(vt, 2);
    vt_wait(vt, "row security on ZmartBot", VT_SOON_MS);
    vt_type(vt, "F");
    vt_wait(vt, "locked: ':rw 30m REASON'", VT_SOON_MS);
    vt_type(vt, "s");
    vt_wait(vt, "item 6 is not done: 6.", VT_SOON_MS);
    vt_keys(vt, "Esc");
    look(vt); /* Esc and a letter at once are Alt */
    vt_type(vt, "g");
    vt_type(vt, "s");
    vt_wait(vt, "locked: ':rw 30m REASON'", VT_SOON_MS);
    vt_type(vt, "n"); /* only goes there */
    vt_wait(vt, "> [..]", VT_SOON_MS);
    quit(vt);
}

/* Who does not own the tables sees that, and why, and nothing is sent. */
static void test_not_an_owner(void **state)
{
    const struct demo *demo = *state;
    char line[512], path[160];
    FILE *in = fopen(demo->conf, "r"), *out;
    struct vt *vt;

    snprintf(path, sizeof(path), "%.130s.reader", demo->conf);
    out = fopen(path, "w");
    assert_true(in && out);
    while (fgets(line, sizeof(line), in)) {
        char *user = strstr(line, "user = \"postgres\"");

        if (user)
            memcpy(user, "user = \"reader01\"", 17);
        fputs(line, out);
    }
    fclose(in);
    fclose(out);
    demo_sql(demo, DB_BRAIN, "CREATE ROLE reader01 LOGIN BYPASSRLS IN ROLE pg_read_all_data");
    demo_sql(demo, DB_BOT, "CREATE ROLE reader01 LOGIN BYPASSRLS IN ROLE pg_read_all_data");
    vt = open_check(demo, path, 40, 160);
    go_to(vt, 2);
    vt_wait(vt, "reader01 does not own", VT_SOON_MS);
    vt_type(vt, "F");
    vt_wait(vt, "6.2: reader01 does not own", VT_SOON_MS);
    quit(vt);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),        cmocka_unit_test(test_fixes),
        cmocka_unit_test(test_signs),        cmocka_unit_test(test_confirms_and_waives),
        cmocka_unit_test(test_reports),      cmocka_unit_test(test_guard),
        cmocka_unit_test(test_not_an_owner),
    };

    return cmocka_run_group_tests(tests, demo_of_50, demo_end);
}
