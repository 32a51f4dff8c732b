/*
 * Test users that live tests have left behind, at the start of the console: asked about where
 * writing is allowed and nobody is at something else, removed on y, and on nothing else.
 */
#include "edit_console.h"

#define MARKED "zmartctl-test+left2behind@example.invalid"
#define SAID "1 test user is left behind (C on Check removes him)"

/* One with a login and a trading profile. */
static void leave_one(const struct demo *demo)
{
    demo_sql(demo, DB_BRAIN, "DELETE FROM auth.users WHERE email LIKE 'zmartctl-test+%'");
    demo_sql(demo, DB_BOT,
             "DELETE FROM public.user_trading_profiles WHERE email LIKE 'zmartctl-test+%'");
    demo_sql(demo, DB_BRAIN,
             "INSERT INTO auth.users (id, email, created_at) VALUES"
             " ('7e570002-0000-4000-8000-000000000002', '" MARKED "', now())");
    demo_sql(demo, DB_BOT,
             "INSERT INTO public.user_trading_profiles (user_id, email) VALUES"
             " ('7e570002-0000-4000-8000-000000000002', '" MARKED "')");
}

static void assert_there(const struct demo *demo, const char *n)
{
    assert_string_equal(
        demo_sql(demo, DB_BRAIN, "SELECT count(*) FROM auth.users WHERE email = '" MARKED "'"), n);
    assert_string_equal(
        demo_sql(demo, DB_BOT,
                 "SELECT count(*) FROM public.user_trading_profiles WHERE email = '" MARKED "'"),
        n);
}

static void test_removed_on_y(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;

    leave_one(demo);
    vt = open_console(demo, 24, 80, NULL);
    vt_wait(vt, "Remove test users", VT_SOON_MS);
    assert_on_one_row(vt, MARKED, "both databases");
    vt_wait(vt, "> Remove 1? y/N", VT_SOON_MS);
    look(vt);
    assert_there(demo, "1");
    vt_type(vt, "y");
    vt_wait(vt, "1 of 1 test users removed", VT_SOON_MS);
    assert_there(demo, "0");
    vt_wait(vt, "EMAIL", VT_SOON_MS); /* and one is where one was */
    quit(vt);
}

static void test_left_alone(void **state)
{
    static const char *const keys[] = {"Enter", "Esc", "n", "q"};
    const struct demo *demo = *state;
    size_t i;

    leave_one(demo);
    for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        struct vt *vt = open_console(demo, 24, 80, NULL);

        vt_wait(vt, "> Remove 1? y/N", VT_SOON_MS);
        look(vt);
        if (keys[i][1])
            vt_keys(vt, keys[i]);
        else
            vt_type(vt, keys[i]);
        vt_wait_gone(vt, "Remove test users", VT_SOON_MS);
        vt_type(vt, "3"); /* nobody is asked twice; who wants to be has C */
        vt_wait(vt, "Deploy to production", VT_SOON_MS);
        look(vt);
        assert_absent(vt, "Remove test users");
        vt_type(vt, "C");
        vt_wait(vt, "> Remove 1? y/N", VT_SOON_MS);
        vt_keys(vt, "Esc");
        vt_wait_gone(vt, "Remove test users", VT_SOON_MS);
        quit(vt);
    }
    assert_there(demo, "1");
}

/* Whoever only wants to look does so: his keys mean what they meant. */
static void test_keys_go_on(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;

    leave_one(demo);
    vt = open_console(demo, 24, 80, NULL);
    vt_wait(vt, "> Remove 1? y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "/tony@y"); /* that y is no answer */
    vt_wait(vt, "Users /tony@y", VT_SOON_MS);
    assert_absent(vt, "Remove test users");
    assert_there(demo, "1");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "/tony@y", VT_SOON_MS);
    quit(vt);
}

/* He was at something else when they were found: a line says it, the Checklist asks. */
static void test_not_while_typing(void **state)
{
    const struct demo *demo = *state;
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    struct pg_conn *holder = demo_connect(demo, DB_BRAIN, "postgres");
    struct vt *vt;

    leave_one(demo);
    PQclear(PQexec(holder, "BEGIN; LOCK TABLE public.user_activity"));
    vt = vt_start(argv, NULL, 24, 80);
    vt_wait(vt, "ana.pop@", VT_SOON_MS);
    vt_type(vt, "j");
    look(vt);
    PQclear(PQexec(holder, "ROLLBACK"));
    PQfinish(holder);
    vt_wait(vt, SAID, VT_SOON_MS);
    assert_absent(vt, "Remove test users");
    vt_type(vt, "3");
    vt_wait(vt, "> Remove 1? y/N", VT_SOON_MS);
    vt_type(vt, "y"); /* meant for the Checklist, perhaps: typed before anybody could read this */
    vt_wait_gone(vt, "Remove test users", VT_SOON_MS);
    assert_there(demo, "1");
    quit(vt);
}

/* Locked as production is at the start: nothing could be removed, so nobody is asked. */
static void test_locked(void **state)
{
    const struct demo *demo = *state;
    char path[160];
    const char *const argv[] = {ZM_BINARY, "-c", conf_with_guard(demo, "unlock", path), NULL};
    struct vt *vt;

    leave_one(demo);
    vt = vt_start(argv, NULL, 24, 80);
    vt_wait(vt, SAID, VT_SOON_MS);
    vt_type(vt, "3");
    vt_wait(vt, "Deploy to production", VT_SOON_MS);
    look(vt);
    assert_absent(vt, "Remove test users");
    vt_type(vt, "1");
    vt_type(vt, ":rw 30m T-1");
    vt_keys(vt, "Enter");
    vt_wait(vt, "RW 30m", VT_SOON_MS);
    quit(vt);
    assert_there(demo, "1");
}

static int start(void **state)
{
    struct demo *demo = calloc(1, sizeof(*demo));

    demo_start(demo, 50, NULL);
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
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_removed_on_y), cmocka_unit_test(test_left_alone),
        cmocka_unit_test(test_keys_go_on),   cmocka_unit_test(test_not_while_typing),
        cmocka_unit_test(test_locked),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
