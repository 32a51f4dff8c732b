/*
 * Test users that live tests have left behind, at the start of the console: asked about where
 * writing is allowed and nobody is at something else, removed on y, and on nothing else.
 */
#include "edit_console.h"

#include <unistd.h>

#include "support/http_server.h"
#include "zm/clock.h"

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
        escape(vt, "Remove test users");
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
    escape(vt, "/tony@y");
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

/* ---- an Auth API that says nothing ---- */

static void say_nothing(void *context, const struct http_asked *asked, struct http_reply *ret)
{
    (void)context;
    (void)asked;
    ret->how = HTTP_SILENT;
}

static struct http_server *silent_auth(const struct demo *demo, char conf[160])
{
    struct http_server *auth = http_server_start();
    char text[65536], *at;
    FILE *file = fopen(demo->conf, "r");
    size_t n = fread(text, 1, sizeof(text) - 1, file);

    fclose(file);
    text[n] = '\0';
    at = strstr(text, "    existing_tables");
    assert_non_null(at);
    http_server_handle(auth, say_nothing, NULL);
    snprintf(conf, 160, "%.130s.silent", demo->conf);
    file = fopen(conf, "w");
    fprintf(file,
            "%.*s    registration_test: { email = \"ops+zmartctl-%%s@example.com\"; url = \"%s\";"
            " admin_key_command = \"/bin/echo key\"; };\n%s",
            (int)(at - text), text, http_server_url(auth), at);
    fclose(file);
    return auth;
}

static void wait_until_asked(struct http_server *auth)
{
    int64_t deadline = zm_now_ms() + VT_SOON_MS;

    while (http_server_count(auth) == 0)
        assert_true(zm_now_ms() < deadline);
    http_server_forget(auth);
}

static void test_silent_auth_is_cancelled(void **state)
{
    const struct demo *demo = *state;
    char conf[160];
    struct http_server *auth = silent_auth(demo, conf);
    const char *const argv[] = {ZM_BINARY, "-c", conf, NULL};
    struct vt *vt;
    int64_t began;

    leave_one(demo);
    vt = vt_start(argv, NULL, 24, 80);
    vt_wait(vt, "> Remove 1? y/N", VT_SOON_MS);
    escape(vt, "Remove test users");
    vt_type(vt, "3");
    vt_wait(vt, "1.1  extension", VT_SOON_MS);
    vt_type(vt, "C");
    vt_wait(vt, "> Remove 1? y/N", VT_SOON_MS);
    vt_type(vt, "y");
    wait_until_asked(auth);
    vt_wait(vt, "test users: " MARKED, VT_SOON_MS);
    began = zm_now_ms();
    vt_keys(vt, "Esc");
    vt_wait(vt, "0 of 1 test users removed; C on Check lists the rest", VT_SOON_MS);
    assert_true(zm_now_ms() - began < 2500);
    assert_there(demo, "1");
    quit(vt);
    http_server_stop(auth);
    auth = silent_auth(demo, conf);
    vt = vt_start(argv, NULL, 24, 80);
    vt_wait(vt, "> Remove 1? y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    wait_until_asked(auth);
    began = zm_now_ms();
    quit(vt);
    assert_true(zm_now_ms() - began < 2000);
    assert_there(demo, "1");
    http_server_stop(auth);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_removed_on_y), cmocka_unit_test(test_left_alone),
        cmocka_unit_test(test_keys_go_on),   cmocka_unit_test(test_not_while_typing),
        cmocka_unit_test(test_locked),       cmocka_unit_test(test_silent_auth_is_cancelled),
    };

    return cmocka_run_group_tests(tests, demo_of_50, demo_end);
}
