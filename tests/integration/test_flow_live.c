/*
 * The live tests of the checklist on real servers: a thread plays the application, a local server
 * the Auth API. Nobody but test users is touched, and what a killed test leaves is listed and
 * removed.
 */
#include "flow_place.h"

/* ---- 3.4 ---- */

static void a_sign_up_is_watched(void **state)
{
    struct place *p = *state;
    double profile = 0, trader = 0;
    struct ran ran;

    calm(state);
    says(p, p->conf, 1, "$Z check 3.4 --json", "\"not_run\"", NULL);
    says(p, p->conf, 5, "$Z check run 3.4 --dry-run", NULL, "cannot be tried");
    atomic_store(&p->makes_profile, true);
    atomic_store(&p->makes_trader, true);
    atomic_store(&p->signs_up, true);
    ran = run(p, p->conf, "$Z check run 3.4 --yes --json");
    assert_ran(&ran, 0);
    if (sscanf(strstr(ran.out, "auth.users"), "auth.users -> profile %lf s -> trading profile %lf",
               &profile, &trader) != 2)
        fail_msg("%s", ran.out);
    assert_true(profile >= 0.2 && profile < 5 && trader >= 0.6 && trader > profile && trader < 10);
    ran_done(&ran);
    says(p, p->conf, 0, "$Z check 3.4 --json", "\"ok\"", NULL);
    says(p, p->conf, 1, "$Z check --json", NULL,
         "1 test user is left behind (zmartctl check clean removes him): ops+zmartctl-ana@");
}

/* What was found is of the tables as they were then. */
static void a_changed_table_makes_it_stale(void **state)
{
    struct place *p = *state;

    demo_sql(&p->demo, DB_BRAIN, "ALTER TABLE public.user_profiles DISABLE ROW LEVEL SECURITY");
    says(p, p->conf, 1, "$Z check 3.4 --json", "\"stale\"", NULL);
    demo_sql(&p->demo, DB_BRAIN, "ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY");
    says(p, p->conf, 0, "$Z check 3.4 --json", "\"ok\"", NULL);
}

/* ---- 4.4 ---- */

static void tiers_are(const struct place *p, const char *tier)
{
    assert_string_equal(demo_sql(&p->demo, DB_BRAIN, "SELECT tier FROM public.user_profiles" TIER),
                        tier);
    assert_string_equal(
        demo_sql(&p->demo, DB_BOT,
                 "SELECT tier || trading_enabled FROM public.user_trading_profiles" TIER),
        "freefalse");
}

static void nothing_follows(void **state)
{
    struct place *p = *state;

    calm(state);
    says(p, p->conf, 5, "$Z check run 4.4 --dry-run", NULL, "cannot be tried");
    says(p, p->conf, 1, "$Z check run 4.4 --yes", "no automatic sync", NULL);
    tiers_are(p, "free");
    says(p, p->conf, 1, "$Z check 4.4", "zmartctl's repair is the sync", NULL);
    assert_int_equal(number(p, DB_BRAIN,
                            "SELECT count(*) FROM public.user_activity WHERE action IN"
                            " ('zmartctl.tier_change', 'zmartctl.undo') AND metadata->>'subject' ="
                            " '7e570001-0000-4000-8000-000000000001'"),
                     2);
    says(p, p->conf, 0, "$Z check waive 4.4 --note 'repair it is' --until 2099-12-31 --yes",
         "waived", NULL);
    says(p, p->conf, 0, "$Z check unsign 4.4 --note 'once more' --yes", NULL, NULL);
}

static void the_application_follows(void **state)
{
    struct place *p = *state;

    calm(state);
    atomic_store(&p->follows, true);
    says(p, p->conf, 0, "$Z check run 4.4 --yes", "followed in", NULL);
    tiers_are(p, "free"); /* the right that the application gave is taken back too */
    says(p, p->conf, 0, "$Z check 4.4 --json", "\"ok\"", NULL);
}

/* It writes what it read before, after both were put back. */
static void it_follows_late(void **state)
{
    struct place *p = *state;

    calm(state);
    atomic_store(&p->is_late, true);
    says(p, p->conf, 1, "$Z check run 4.4 --yes", "no automatic sync", NULL);
    assert_false(atomic_load(&p->is_late)); /* it did */
    tiers_are(p, "free");
    atomic_store(&p->follows, true);
    says(p, p->conf, 0, "$Z check run 4.4 --yes", "followed in", NULL);
    tiers_are(p, "free");
}

static void a_signal_puts_it_back(void **state)
{
    struct place *p = *state;

    calm(state);
    says(p, p->conf, 0,
         "$Z check run 4.4 --yes 2>$D/said & pid=$!;"
         " while ! grep -q 'waiting for ZmartBot' $D/said; do :; done;"
         " kill -INT $pid; wait $pid; test $? -eq 130",
         NULL, NULL);
    tiers_are(p, "free");
    says(p, p->conf, 0, "$Z check 4.4 --json", "\"ok\"", NULL); /* as it was recorded before */
}

/* Nobody is there to be tried on: one is made, followed and removed again. */
static void it_makes_a_user_itself(void **state)
{
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS), traders = number(p, DB_BOT, TRADERS);

    calm(state);
    atomic_store(&p->makes_profile, true);
    says(p, p->conf, 5, "$Z check run 4.4 --yes", NULL, "no trading profile; removed again");
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
    atomic_store(&p->makes_trader, true);
    atomic_store(&p->follows, true);
    says(p, p->conf, 0, "$Z check run 4.4 --yes", "removed again", NULL);
    says(p, p->conf, 0, "$Z check 4.4 --json", "followed in", NULL);
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
    assert_int_equal(number(p, DB_BOT, TRADERS), traders);
}

/* ---- what is left ---- */

static void others_are_never_listed(void **state)
{
    struct place *p = *state;

    calm(state);
    demo_sql(&p->demo, DB_BRAIN,
             "INSERT INTO public.user_activity (action, metadata) VALUES ('zmartctl.flow_test',"
             " '{\"subject\":\"checklist users\",\"email\":\"ana.pop@example.ro\"}')");
    demo_sql(&p->demo, DB_BRAIN,
             "INSERT INTO auth.users (id, email, created_at) VALUES"
             " ('7e570002-0000-4000-8000-000000000002', 'ops+zmartctl-boss@example.com', now())");
    says(p, p->conf, 0, "$Z check clean --dry-run --json", "ops+zmartctl-ana@example.com", NULL);
    says(p, p->conf, 0, "test $($Z check clean --dry-run --json | wc -l) = 1", NULL, NULL);
    demo_sql(&p->demo, DB_BRAIN,
             "DELETE FROM auth.users WHERE email = 'ops+zmartctl-boss@example.com'");
}

static void clean_removes_them(void **state)
{
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS), traders = number(p, DB_BOT, TRADERS);

    calm(state);
    says(p, p->conf, 2, "$Z check clean", NULL, "nobody to be asked");
    says(p, p->conf, 5, "$Z --read-only check clean --yes", NULL, "refuses every write");
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
    says(p, p->bare, 0, "$Z check clean --yes --json", "\"removed\"", NULL);
    assert_int_equal(number(p, DB_BRAIN, USERS), users - 1);
    assert_int_equal(number(p, DB_BOT, TRADERS), traders - 1);
    assert_int_equal(number(p, DB_BRAIN, "SELECT count(*) FROM public.user_profiles" TIER), 0);
    assert_int_equal(number(p, DB_BRAIN,
                            "SELECT count(*) FROM public.user_activity WHERE"
                            " metadata->>'subject' = 'checklist users' AND metadata->>'event' IN"
                            " ('remove', 'removed')"),
                     2);
    says(p, p->bare, 0, "$Z check clean --yes", NULL, "no test users are left behind");
}

/* ---- 3.5 ---- */

static void it_waits_until_it_is_configured(void **state)
{
    struct place *p = *state;

    says(p, p->demo.conf, 1, "$Z check 3.5", "waiting", NULL);
    says(p, p->demo.conf, 1, "$Z check 3.5", "team only", NULL);
    says(p, p->demo.conf, 5, "$Z check run 3.5 --yes", NULL, "not configured");
    says(p, p->conf, 1, "$Z check 3.5 --json", "\"not_run\"", NULL);
}

static void a_user_is_made_and_removed(void **state)
{
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS), traders = number(p, DB_BOT, TRADERS);
    char header[200];
    struct ran ran;

    calm(state);
    atomic_store(&p->makes_profile, true);
    atomic_store(&p->makes_trader, true);
    ran = run(p, p->conf, "$Z check run 3.5 --yes --json");
    assert_ran(&ran, 0);
    assert_holds(ran.out, "removed again");
    assert_holds(ran.out, "auth.users -> profile 0.");
    assert_lacks(ran.out, KEY);
    assert_lacks(ran.err, KEY);
    assert_lacks(ran.err, "admin.of");
    ran_done(&ran);
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
    assert_int_equal(number(p, DB_BOT, TRADERS), traders);
    assert_int_equal(http_server_count(p->auth), 2);
    assert_string_equal(http_server_asked(p->auth, 0)->path, "/auth/v1/signup");
    assert_true(http_asked_header(http_server_asked(p->auth, 0), "apikey", header, 200));
    assert_string_equal(header, KEY);
    assert_false(http_asked_header(http_server_asked(p->auth, 0), "authorization", header, 200));
    assert_string_equal(http_server_asked(p->auth, 1)->path, "/auth/v1/admin/users/" MADE);
    assert_true(http_asked_header(http_server_asked(p->auth, 1), "authorization", header, 200));
    assert_string_equal(header, "Bearer " ADMIN);
    says(p, p->conf, 0, "$Z check 3.5 --json", "\"ok\"", NULL);
}

static void keys_of_the_environment(void **state)
{
    struct place *p = *state;
    char header[200];

    calm(state);
    p->reply = (struct http_reply){.body = "{\"disable_signup\":false}", .status = 200};
    says(p, p->conf, 0, "ZMARTCTL_AUTH_KEY=other $Z check run 3.5 --dry-run --yes",
         "takes sign-ups", NULL);
    assert_true(http_asked_header(http_server_asked(p->auth, 0), "apikey", header, 200));
    assert_string_equal(header, "other");
    p->reply.body = "{\"disable_signup\":true}";
    says(p, p->conf, 5, "$Z check run 3.5 --dry-run --yes", NULL, "switched off");
}

static void a_key_that_cannot_be_had(void **state)
{
    struct place *p = *state;

    calm(state);
    says(p, p->conf, 0,
         "sed 's|/bin/echo " KEY "|/bin/false|' ${Z##* } >$D/keyless; chmod 600 $D/keyless", NULL,
         NULL);
    says(p, p->conf, 3, "${Z%% *} -c $D/keyless check run 3.5 --yes", NULL,
         "cannot run key_command: it failed");
    assert_int_equal(http_server_count(p->auth), 0);
}

static void errors_are_explained(void **state)
{
    static const struct {
        struct http_reply reply;
        const char *says;
    } cases[] = {
        {{401, NULL, "{\"message\":\"Invalid API key\"}", 0, 0, HTTP_WHOLE}, "take the key"},
        {{403, NULL, "{\"error_code\":\"not_admin\"}", 0, 0, HTTP_WHOLE}, "may not do that"},
        {{404, NULL, "no such page", 0, 0, HTTP_WHOLE}, "no Auth API"},
        {{422, NULL,
          "{\"code\":422,\"error_code\":\"signup_disabled\",\"msg\":\"Signups not"
          " allowed\"}",
          0, 0, HTTP_WHOLE},
         "switched off"},
        {{400, NULL, "{\"error_code\":\"email_address_not_authorized\"}", 0, 0, HTTP_WHOLE},
         "team only"},
        {{400, NULL, "{\"error_code\":\"email_address_invalid\"}", 0, 0, HTTP_WHOLE},
         "example domains"},
        {{422, NULL, "{\"error_code\":\"something_new\",\"msg\":\"no thanks\"}", 0, 0, HTTP_WHOLE},
         "no thanks"},
        {{429, NULL, "{\"error_code\":\"over_email_send_rate_limit\"}", 0, 0, HTTP_WHOLE},
         "as many e-mails"},
        {{429, "Retry-After: 42\r\n", "", 0, 0, HTTP_WHOLE}, "wait 42 s"},
        {{500, NULL, "{\"error_code\":\"unexpected_failure\",\"msg\":\"Database error\"}", 0, 0,
          HTTP_WHOLE},
         "trigger"},
        {{200, NULL, "<html>hello</html>", 0, 0, HTTP_WHOLE}, "no user"},
        {{200, NULL, "{\"id\":\"" MADE "\",\"identities\":[]}", 0, 0, HTTP_WHOLE}, "already"},
        {{200, NULL, NULL, 2000000, 0, HTTP_WHOLE}, "not known"},
        {{200, NULL, "{\"id\":", 0, 0, HTTP_HALF}, "not known"},
        {{200, NULL, NULL, 0, 0, HTTP_DROP}, "not known"},
    };
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS);
    size_t i;

    calm(state);
    for (i = 0; i < ZM_COUNT(cases); i++) {
        p->reply = cases[i].reply;
        says(p, p->conf, 1, "$Z check run 3.5 --yes --format table", cases[i].says, NULL);
        if (i % 7 == 0) /* it is on record like that */
            says(p, p->conf, 1, "$Z check 3.5", cases[i].says, NULL);
    }
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
}

/* No trigger, no application: nobody makes his profile. */
static void a_missing_hop_is_named(void **state)
{
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS);

    calm(state);
    says(p, p->conf, 1, "$Z check run 3.5 --yes", "auth.users -> no profile -> no trading profile",
         NULL);
    assert_int_equal(number(p, DB_BRAIN, USERS), users); /* and he is gone all the same */
}

static void killed_in_the_middle(void **state)
{
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS);

    calm(state);
    says(p, p->conf, 0,
         "$Z check run 3.5 --yes 2>$D/said & pid=$!;"
         " while ! grep -q 'has signed up' $D/said; do :; done;"
         " kill -KILL $pid; wait $pid; test $? -eq 137",
         NULL, NULL);
    assert_int_equal(number(p, DB_BRAIN, USERS), users + 1);
    says(p, p->conf, 1, "$Z check --format csv", NULL, "1 test user is left behind");
    p->reply = (struct http_reply){.status = 200, .body = "{}"}; /* it says yes, and does nothing */
    says(p, p->conf, 3, "$Z check clean --yes --json", "\"left\"", "is still there");
    p->reply = (struct http_reply){.status = 403, .body = "{}"};
    says(p, p->conf, 5, "$Z check clean --yes --json", "\"left\"", "may not do that");
    calm(state);
    says(p, p->conf, 0, "$Z check clean --yes", "removed", NULL);
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
}

/* Starts it, kills it as soon as the query of a side says so, and waits for its end. */
static void kill_when(const struct place *p, const char *line, enum db_side side, const char *sql,
                      long wanted)
{
    int64_t deadline = zm_now_ms() + 20000;
    char text[400];

    snprintf(text, sizeof(text),
             "rm -f $D/code; (%s >$D/told 2>&1 & echo $! >$D/pid; wait $!; echo $? >$D/code)"
             " >/dev/null 2>&1 & until test -s $D/pid; do sleep 0.02; done",
             line);
    says(p, p->conf, 0, text, NULL, NULL);
    while (number(p, side, sql) != wanted) {
        if (zm_now_ms() > deadline)
            fail_msg("not within 20 s: %s", sql);
        pause_ms(10);
    }
    says(p, p->conf, 0,
         "kill -KILL $(cat $D/pid); until test -s $D/code; do sleep 0.02; done;"
         " test $(cat $D/code) = 137",
         NULL, NULL);
}

/* The API has made him, and nobody was told. */
static void killed_while_he_is_made(void **state)
{
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS);

    calm(state);
    atomic_store(&p->is_slow, true);
    kill_when(p, "$Z check run 3.5 --yes", DB_BRAIN, USERS, users + 1);
    says(p, p->conf, 1, "$Z check --format csv", NULL, "1 test user is left behind");
    calm(state);
    says(p, p->conf, 0, "$Z check clean --yes", "removed", NULL);
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
}

/* His login is gone, his trading profile is not. */
static void killed_while_he_is_removed(void **state)
{
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS), traders = number(p, DB_BOT, TRADERS);

    calm(state);
    atomic_store(&p->makes_profile, true);
    atomic_store(&p->makes_trader, true);
    says(p, p->bare, 0, "$Z check run 3.5 --yes", "stays", NULL);
    calm(state);
    atomic_store(&p->is_slow, true);
    kill_when(p, "$Z check clean --yes", DB_BRAIN, USERS, users);
    assert_int_equal(number(p, DB_BOT, TRADERS), traders + 1);
    says(p, p->conf, 1, "$Z check --format csv", NULL, "1 test user is left behind");
    calm(state);
    says(p, p->conf, 0, "$Z check clean --yes", "removed", NULL);
    assert_int_equal(number(p, DB_BOT, TRADERS), traders);
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
}

/* The change stays in ZmartyBrain; he is listed, and the next test puts it right first. */
static void killed_while_it_waits(void **state)
{
    static const char changed[] =
        "SELECT count(*) FROM public.user_profiles WHERE user_id = '" MADE "' AND tier <> 'free'";
    struct place *p = *state;

    calm(state);
    atomic_store(&p->makes_profile, true);
    atomic_store(&p->makes_trader, true);
    says(p, p->bare, 0, "$Z check run 3.5 --yes", "stays", NULL);
    calm(state);
    kill_when(p, "$Z check run 4.4 --yes", DB_BRAIN, changed, 1);
    says(p, p->conf, 1, "$Z check --format csv", NULL, "1 test user is left behind");
    says(p, p->conf, 1, "$Z check run 4.4 --yes", "no automatic sync",
         "putting back what a test that was killed has left");
    assert_int_equal(number(p, DB_BRAIN, changed), 0);
    assert_int_equal(number(p, DB_BRAIN,
                            "SELECT count(*) FROM public.user_activity WHERE action ="
                            " 'zmartctl.tier_change' AND user_id = '" MADE "'"),
                     3); /* each change is on record: the killed one, its undoing, the new one */
    says(p, p->conf, 0, "$Z check clean --yes", "removed", NULL);
    assert_int_equal(number(p, DB_BRAIN, "SELECT count(*) FROM auth.users WHERE id = '" MADE "'"),
                     0);
}

/* Without an admin key he stays, which is said, until he is removed in the database. */
/* The Auth API says nothing: who asks twice does not wait, and is told what stays. */
static void a_removal_is_given_up(void **state)
{
    struct place *p = *state;

    calm(state);
    atomic_store(&p->makes_profile, true);
    atomic_store(&p->makes_trader, true);
    atomic_store(&p->keeps_all, true);
    says(p, p->conf, 0,
         "$Z check run 3.5 --yes 2>$D/said & pid=$!;"
         " while ! grep -q 'removing him again' $D/said; do :; done;"
         " kill -INT $pid; sleep 0.5; kill -0 $pid && kill -INT $pid; wait $pid; test $? -eq 130",
         "stays: cancelled", NULL);
    says(p, p->conf, 1, "$Z check --format csv", NULL, "1 test user is left behind");
    atomic_store(&p->keeps_all, false);
    says(p, p->conf, 0, "$Z check clean --yes", NULL, NULL);
}

static void without_an_admin_key_he_stays(void **state)
{
    struct place *p = *state;
    long users = number(p, DB_BRAIN, USERS);

    calm(state);
    atomic_store(&p->makes_profile, true);
    atomic_store(&p->makes_trader, true);
    says(p, p->bare, 0, "$Z check run 3.5 --yes", "stays: there is no admin_key_command", NULL);
    calm(state);
    assert_int_equal(number(p, DB_BRAIN, USERS), users + 1);
    says(p, p->bare, 0, "$Z check clean --yes", "removed", NULL);
    assert_int_equal(number(p, DB_BRAIN, USERS), users);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_waits_until_it_is_configured),
        cmocka_unit_test(a_sign_up_is_watched),
        cmocka_unit_test(a_changed_table_makes_it_stale),
        cmocka_unit_test(nothing_follows),
        cmocka_unit_test(the_application_follows),
        cmocka_unit_test(it_follows_late),
        cmocka_unit_test(a_signal_puts_it_back),
        cmocka_unit_test(others_are_never_listed),
        cmocka_unit_test(clean_removes_them),
        cmocka_unit_test(a_user_is_made_and_removed),
        cmocka_unit_test(it_makes_a_user_itself),
        cmocka_unit_test(keys_of_the_environment),
        cmocka_unit_test(a_key_that_cannot_be_had),
        cmocka_unit_test(errors_are_explained),
        cmocka_unit_test(a_missing_hop_is_named),
        cmocka_unit_test(killed_in_the_middle),
        cmocka_unit_test(killed_while_he_is_made),
        cmocka_unit_test(killed_while_he_is_removed),
        cmocka_unit_test(killed_while_it_waits),
        cmocka_unit_test(a_removal_is_given_up),
        cmocka_unit_test(without_an_admin_key_he_stays),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
