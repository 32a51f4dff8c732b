/*
 * Live tests of the checklist in the console: test users that are left behind are said at the
 * start and removed after y, nobody else is, and Esc stops a test, which puts back what it did.
 */
#include "edit_console.h"

#include <signal.h>

#include "zm/arena.h"

#define TEST_USER "zmartctl-test+e2e@example.invalid"
#define USER_ID "7e570003-0000-4000-8000-000000000003"

static struct vt *begin(const struct demo *demo, int rows, int cols)
{
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    struct vt *vt = vt_start(argv, NULL, rows, cols);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    return vt;
}

static int start(void **state)
{
    struct demo *demo = zm_calloc(1, sizeof(*demo));

    demo_start(demo, 50, NULL);
    quit(begin(demo, 30, 120)); /* the first contact has been said: it takes the line of no other */
    demo_sql(demo, DB_BRAIN,
             "INSERT INTO auth.users (id, email, created_at) VALUES"
             " ('" USER_ID "', '" TEST_USER "', now())");
    demo_sql(demo, DB_BRAIN,
             "INSERT INTO public.user_profiles (user_id, tier) VALUES ('" USER_ID "', 'free')");
    demo_sql(demo, DB_BOT,
             "INSERT INTO public.user_trading_profiles (user_id, email, tier) VALUES"
             " ('" USER_ID "', '" TEST_USER "', 'free')");
    *state = demo;
    return 0;
}

static const char *tier(const struct demo *demo)
{
    return demo_sql(demo, DB_BRAIN,
                    "SELECT tier FROM public.user_profiles WHERE user_id = '" USER_ID "'");
}

/* Performs 4.4 as far as to where it waits for the application. */
static void change_a_tier(const struct demo *demo, struct vt *vt)
{
    vt_type(vt, "3");
    vt_wait(vt, "Deploy to production", VT_SOON_MS);
    vt_wait(vt, "1.1  extension", VT_SOON_MS);
    vt_type(vt, "jjj");
    vt_wait(vt, "4.4", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_type(vt, "G");
    vt_type(vt, "F");
    vt_wait(vt, "on test users only", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "waiting for ZmartBot", VT_SOON_MS);
    assert_string_equal(tier(demo), "pro");
}

/* The line went down: what was begun is put back before the program ends. */
static void test_hang_up(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = begin(demo, 30, 120);

    change_a_tier(demo, vt);
    vt_signal(vt, SIGHUP);
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 128 + SIGHUP);
    vt_done(vt);
    assert_string_equal(tier(demo), "free");
}

static void test_esc_stops(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = begin(demo, 30, 120);

    vt_wait(vt, "1 test user is left behind (C on Check removes him): " TEST_USER, VT_SOON_MS);
    change_a_tier(demo, vt);
    vt_keys(vt, "Esc");
    vt_wait(vt, "it was stopped", VT_SOON_MS);
    assert_string_equal(tier(demo), "free");
    assert_string_equal(demo_sql(demo, DB_BRAIN,
                                 "SELECT count(*) FROM public.user_activity WHERE action ="
                                 " 'zmartctl.flow_test'"),
                        "0");
    quit(vt);
}

static void test_cleans(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = begin(demo, 24, 80);
    long users = strtol(demo_sql(demo, DB_BRAIN, "SELECT count(*) FROM auth.users"), NULL, 10);

    vt_type(vt, "3");
    vt_wait(vt, "1.1  extension", VT_SOON_MS);
    vt_type(vt, "C");
    vt_wait(vt, "Remove 1? y/N", VT_SOON_MS);
    vt_wait(vt, "both databases", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Enter"); /* is No */
    vt_wait_gone(vt, "Remove 1?", VT_SOON_MS);
    assert_string_equal(tier(demo), "free");
    vt_type(vt, "C");
    vt_wait(vt, "Remove 1? y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "1 of 1 test users removed", VT_SOON_MS);
    assert_int_equal(strtol(demo_sql(demo, DB_BRAIN, "SELECT count(*) FROM auth.users"), NULL, 10),
                     users - 1);
    assert_string_equal(demo_sql(demo, DB_BOT,
                                 "SELECT count(*) FROM public.user_trading_profiles WHERE email ="
                                 " '" TEST_USER "'"),
                        "0");
    vt_type(vt, "C");
    vt_wait(vt, "no test users are left behind", VT_SOON_MS);
    quit(vt);
}

/* Of a test that was killed in the middle of removing: the login went first. */
static void test_half_removed(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "INSERT INTO public.user_trading_profiles (user_id, email, tier) VALUES"
             " ('" USER_ID "', '" TEST_USER "', 'free')");
    vt = begin(demo, 24, 100);
    vt_wait(vt, "1 test user is left behind (C on Check removes him): " TEST_USER, VT_SOON_MS);
    vt_type(vt, "3");
    vt_wait(vt, "1.1  extension", VT_SOON_MS);
    vt_type(vt, "C");
    vt_wait(vt, "Remove 1? y/N", VT_SOON_MS);
    vt_wait_gone(vt, "both databases", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "1 of 1 test users removed", VT_SOON_MS);
    quit(vt);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_esc_stops),
        cmocka_unit_test(test_hang_up),
        cmocka_unit_test(test_cleans),
        cmocka_unit_test(test_half_removed),
    };

    return cmocka_run_group_tests(tests, start, demo_end);
}
