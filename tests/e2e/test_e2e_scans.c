/*
 * Whether the databases are equal, on row 2 of every screen: after a scan, after another start,
 * after a repair, and with a side away; and what earlier scans found.
 */
#include "edit_console.h"

#include <signal.h>

static void scan(struct vt *vt)
{
    vt_type(vt, "2");
    vt_wait(vt, "Last scan", VT_SOON_MS);
    vt_wait(vt, "in plan", VT_SOON_MS);
}

static void test_is_said_and_kept(void **state)
{
    struct vt *vt = open_console(*state, 24, 80, NULL);

    vt_wait(vt, "2 Sync ! 3", VT_SOON_MS); /* that something differs was asked at the start */
    scan(vt);
    vt_wait(vt, "2 Sync 22!", VT_SOON_MS);
    vt_type(vt, "1");
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    vt_wait(vt, "2 Sync 22!", VT_SOON_MS);
    quit(vt);
    vt = open_console(*state, 24, 80, NULL);
    vt_wait(vt, "2 Sync 22!", VT_SOON_MS);
    scan(vt);
    vt_wait(vt, "m 22>22", VT_SOON_MS);
    quit(vt);
}

static void test_goes_down_with_a_repair(void **state)
{
    struct vt *vt = open_console(*state, 40, 110, NULL);

    scan(vt);
    vt_type(vt, "p");
    vt_wait(vt, "frozen", VT_SOON_MS);
    look(vt);
    vt_type(vt, "a");
    vt_wait(vt, "Reason", VT_SOON_MS);
    look(vt);
    give(vt, "> Reason", "T-1");
    vt_keys(vt, "Enter");
    vt_wait(vt, "y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "12 done", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "All were tried", VT_SOON_MS);
    vt_wait(vt, "2 Sync 11!", VT_SOON_MS); /* of one a part is left that a person has to decide */
    vt_wait(vt, "11 drifted   0 in plan", VT_SOON_MS); /* nobody had to ask for that scan */
    quit(vt);
}

static void test_is_not_known_with_a_side_away(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_console(demo, 24, 80, NULL);

    vt_wait(vt, "2 Sync 11!", VT_SOON_MS); /* of the last whole scan */
    demo_signal(demo, DB_BOT, SIGSTOP);
    vt_wait(vt, "Bot no answer", VT_SOON_MS);
    vt_wait(vt, "2 Sync ?", 2000); /* while row 1 does not say DOWN yet */
    demo_signal(demo, DB_BOT, SIGCONT);
    vt_wait(vt, "2 Sync 11!", VT_SOON_MS);
    demo_halt(demo, DB_BOT);
    vt_wait(vt, "2 Sync ?", VT_SOON_MS);
    demo_resume(demo, DB_BOT);
    vt_wait(vt, "2 Sync 11!", VT_SOON_MS);
    quit(vt);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_said_and_kept),
        cmocka_unit_test(test_goes_down_with_a_repair),
        cmocka_unit_test(test_is_not_known_with_a_side_away),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
