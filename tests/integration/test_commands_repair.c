/*
 * `zmartctl repair` as a script uses it: the safe lane, plans that are kept and applied later, what
 * is refused, and a program that is killed in every batch.
 */
#include "demo_place.h"

#include <signal.h>
#include <time.h>

#include "support/vt.h"

static int start(void **state)
{
    return start_place(state, 600, NULL);
}

static json_int_t count_in(const char *out, const char *name)
{
    json_int_t count = -1;
    json_t *object;

    while ((object = next_object(&out)) != NULL) {
        if (json_object_get(object, "summary"))
            count = json_integer_value(json_object_get(object, name));
        json_decref(object);
    }
    return count;
}

static void assert_tier(const struct place *place, const char *email, const char *tier)
{
    char sql[200];

    snprintf(sql, sizeof(sql), "SELECT tier FROM public.user_trading_profiles WHERE email = '%s'",
             email);
    assert_string_equal(demo_sql(&place->demo, DB_BOT, sql), tier);
}

static const char journal[] = "SELECT count(*) FROM public.user_activity"
                              " WHERE action = 'zmartctl.repair'";

/* The path of the plan that was kept, as it was said. */
static void kept(const struct ran *ran, char *dst, size_t size)
{
    const char *at = strstr(ran->err, "the plan is kept: ");

    if (!at)
        fail_msg("no plan was kept: %s", ran->err);
    at += strlen("the plan is kept: ");
    assert_true((size_t)snprintf(dst, size, "%.*s", (int)strcspn(at, "\n"), at) < size);
}

/* ---- tests ---- */

/* The signal waits, blocked, until somebody looks: it is seen with the end of the plan, not sooner.
 */
static void a_signal_at_the_end_of_planning_ends_it(void **state)
{
    struct place *place = *state;
    struct ran ran = run(place, "$Z repair --dry-run");
    char path[400], line[600];
    sigset_t term, before;

    kept(&ran, path, sizeof(path));
    ran_done(&ran);
    snprintf(line, sizeof(line),
             "kill -TERM $$; exec $Z repair --plan %s --reason x --yes --allow-mass", path);
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, &before);
    ran = run(place, line);
    sigprocmask(SIG_SETMASK, &before, NULL);
    assert_says(&ran, 128 + SIGTERM, NULL, "ended by signal 15; nothing was changed");
    ran_done(&ran);
    assert_string_equal(demo_sql(&place->demo, DB_BRAIN, journal), "0");
}

static void a_dry_run_changes_nothing_and_its_plan_can_be_applied(void **state)
{
    struct place *place = *state;
    struct ran ran = run(place, "$Z repair --dry-run --json");
    char path[400], line[600];
    json_int_t would = count_in(ran.out, "done");

    assert_ran(&ran, 0);
    assert_true(would >= 12);
    assert_tier(place, "ana.pop@example.ro", "free");
    assert_string_equal(demo_sql(&place->demo, DB_BRAIN, journal), "0");
    kept(&ran, path, sizeof(path));
    ran_done(&ran);

    /* somebody changes one of them in between */
    demo_sql(&place->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'enterprise'"
             " WHERE email = 's.haddad@example.lb'");
    snprintf(line, sizeof(line), "$Z repair --plan %s --reason T-1 --yes --json", path);
    ran = run(place, line);
    assert_ran(&ran, 4);
    assert_int_equal(count_in(ran.out, "done"), would - 1);
    assert_int_equal(count_in(ran.out, "stale"), 1);
    assert_holds(ran.out, "when they were compared and is enterprise now");
    assert_tier(place, "ana.pop@example.ro", "pro");
    assert_tier(place, "s.haddad@example.lb", "enterprise");
    ran_done(&ran);

    ran = run(place, line); /* again: nobody is changed twice */
    assert_int_equal(count_in(ran.out, "done"), 0);
    ran_done(&ran);
    demo_sql(&place->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'pro', updated_at = '2020-01-01'"
             " WHERE email = 's.haddad@example.lb'");
}

static void the_safe_lane_is_empty_afterwards(void **state)
{
    struct place *place = *state;
    struct ran ran = run(place, "$Z repair --reason nightly --yes --json --progress");

    assert_ran(&ran, 0);
    assert_holds(ran.err, "{\"progress\":\"sums\"");
    assert_holds(ran.err, "{\"progress\":\"apply\"");
    assert_tier(place, "s.haddad@example.lb", "free");
    ran_done(&ran);
    ran = run(place, "$Z drift --json --class email_differs --class missing_in_bot"
                     " --class missing_profile --class flags_exceed_tier");
    assert_ran(&ran, 0);
    assert_int_equal(count_lines(ran.out), 1);
    ran_done(&ran);
    ran = run(place, "$Z repair --reason nightly --yes --json");
    assert_ran(&ran, 0);
    assert_int_equal(count_in(ran.out, "done"), 0);
    assert_int_equal(count_lines(ran.out), 1);
    assert_holds(ran.err, "there is nobody to repair");
    assert_holds(ran.err, "! 1 left to people: "); /* k.weber */
    ran_done(&ran);
    ran = run(place, "$Z drift --json --class orphan_in_bot");
    assert_ran(&ran, 1); /* an orphan is not of the safe lane */
    ran_done(&ran);
}

/* On a terminal the users who lose all their rights are counted by themselves. */
static void rights_of_nobody_take_their_own_count(void **state)
{
    struct place *place = *state;
    const char *const argv[] = {ZM_BINARY,       "-c",       place->demo.conf, "repair", "--class",
                                "orphan_in_bot", "--reason", "gone",           NULL};
    struct vt *vt = vt_start(argv, NULL, 24, 100);

    vt_wait(vt, "Apply 2 users? y/N", 2 * VT_SOON_MS);
    vt_type(vt, "y");
    vt_keys(vt, "Enter");
    vt_wait(vt, "So many users lose all their rights. Type 2:", VT_SOON_MS);
    vt_type(vt, "y");
    vt_keys(vt, "Enter");
    vt_wait(vt, "it was not confirmed; nothing was changed", VT_SOON_MS);
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 5);
    vt_done(vt);
    assert_string_equal(demo_sql(&place->demo, DB_BOT,
                                 "SELECT trading_enabled FROM public.user_trading_profiles WHERE"
                                 " email = 'hana@example.io'"),
                        "t");
}

/* Who has none loses none, and a signal at the question leaves all as it was, the plan too. */
static void nobody_loses_what_he_has_not(void **state)
{
    struct place *place = *state;
    const char *const argv[] = {ZM_BINARY,       "-c",       place->demo.conf, "repair", "--class",
                                "orphan_in_bot", "--reason", "gone",           NULL};
    struct vt *vt;

    demo_sql(&place->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET trading_enabled = false WHERE email ="
             " 'hana@example.io'");
    vt = vt_start(argv, NULL, 24, 100);
    vt_wait(vt, "= 1 without rights or a user behind them: nothing to do", 2 * VT_SOON_MS);
    vt_wait(vt, "Apply 1 user? y/N", VT_SOON_MS);
    vt_type(vt, "y");
    vt_keys(vt, "Enter");
    vt_wait(vt, "So many users lose all their rights. Type 1:", VT_SOON_MS);
    vt_keys(vt, "Ctrl-C");
    vt_wait(vt, "at the question; nothing was changed", VT_SOON_MS);
    vt_wait(vt, "the plan is kept: /", VT_SOON_MS);
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 128 + SIGINT);
    vt_done(vt);
    assert_string_equal(demo_sql(&place->demo, DB_BOT,
                                 "UPDATE public.user_trading_profiles SET trading_enabled = true"
                                 " WHERE email = 'hana@example.io' RETURNING email"),
                        "hana@example.io");
}

/* A role that may read all and write nothing: refused, as a change of one user is. */
static void a_role_that_may_not_write_is_refused(void **state)
{
    static const char role[] = "CREATE ROLE reader LOGIN BYPASSRLS; GRANT USAGE ON SCHEMA auth,"
                               " public TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA public,"
                               " auth TO reader";
    struct place *place = *state;
    struct ran ran;

    demo_sql(&place->demo, DB_BRAIN, role);
    demo_sql(&place->demo, DB_BOT,
             "CREATE ROLE reader LOGIN BYPASSRLS; GRANT USAGE ON SCHEMA"
             " public TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA public"
             " TO reader");
    ran = run(place, "sed 's/user = \"postgres\"/user = \"reader\"/' ${Z##* } > $D/reader &&"
                     " chmod 600 $D/reader && ${Z%% *} -c $D/reader repair --class orphan_in_bot "
                     "--reason x --yes");
    assert_says(&ran, 5, "0 changed, ", "role reader lacks UPDATE (tier, ");
    ran_done(&ran);
    ran = run(place, "echo ada.tan@example.net > $D/file && ${Z%% *} -c $D/reader trading --file "
                     "$D/file off --reason x --yes");
    assert_says(&ran, 5, "", "role reader lacks UPDATE (tier, ");
    ran_done(&ran);
}

static void rights_of_nobody_go_when_asked_for(void **state)
{
    struct place *place = *state;
    struct ran ran =
        run(place, "$Z repair --class orphan_in_bot --class deleted_in_brain --reason gone --yes");

    assert_ran(&ran, 0);
    assert_string_equal(demo_sql(&place->demo, DB_BOT,
                                 "SELECT count(*) FROM public.user_trading_profiles WHERE email IN"
                                 " ('ghost@example.io', 'hana@example.io') AND"
                                 " (trading_enabled OR api_access)"),
                        "0");
    ran_done(&ran);
    ran = run(place, "$Z repair --class orphan_in_bot --reason gone --yes");
    assert_ran(&ran, 0);
    assert_holds(ran.err, "= 2 without rights or a user behind them: nothing to do");
    ran_done(&ran);
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *said;
    } lines[] = {
        {"$Z repair --yes", 2, "a reason is needed"},
        {"$Z repair --yes --reason '\u00a0'", 2, "a reason is needed"},
        {"$Z repair --yes --reason 'T-1 \u202epaid'", 2, "the reason is no text"},
        {"$Z repair --reason x", 2, "nobody to be asked"},
        {"$Z repair --reason x --yes --class invalid_tier", 2, "a person decides"},
        {"$Z repair --reason x --yes --class nonsense", 2, "nonsense"},
        {"$Z repair --reason x --yes --plan /nosuch/plan", 2,
         "/nosuch/plan: there is no such file"},
        {"$Z repair --reason x --yes --plan /dev/null", 2, "/dev/null: it is not a plan file"},
        {"mkfifo $D/f; $Z repair --reason x --yes --plan $D/f", 2, "/f: it is not a plan file"},
        {"$Z repair --reason x --yes --plan /tmp", 2,
         "/tmp: it is a directory\n  nothing was changed"},
        {"$Z repair --dry-run --plan x", 2, "--dry-run makes one"},
        {"$Z --read-only repair --reason x --yes", 5, "--read-only"},
        {"echo '{}' > $D/none; $Z repair --reason x --yes --plan $D/none", 5, "no plan"},
    };
    struct place *place = *state;
    size_t i;

    for (i = 0; i < ZM_COUNT(lines); i++) {
        struct ran ran = run(place, lines[i].line);

        assert_ran(&ran, lines[i].code);
        assert_holds(ran.err, lines[i].said);
        assert_string_equal(ran.out, "");
        ran_done(&ran);
    }
}

static void a_plan_that_was_edited_is_refused(void **state)
{
    struct place *place = *state;
    char path[400], line[900];
    struct ran ran;

    demo_sql(&place->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'free', updated_at = '2020-01-01'"
             " WHERE email = 'ana.pop@example.ro'");
    ran = run(place, "$Z repair --dry-run");
    kept(&ran, path, sizeof(path));
    ran_done(&ran);
    snprintf(line, sizeof(line),
             "sed s/free/enterprise/ %s > $D/e; $Z repair --plan $D/e --reason x"
             " --yes",
             path);
    ran = run(place, line);
    assert_ran(&ran, 5);
    assert_holds(ran.err, "it was edited");
    ran_done(&ran);
    snprintf(line, sizeof(line), "head -n 1 %s > $D/e; $Z repair --plan $D/e --reason x --yes",
             path);
    ran = run(place, line);
    assert_ran(&ran, 5);
    assert_holds(ran.err, "it was cut");
    ran_done(&ran);
    assert_tier(place, "ana.pop@example.ro", "free");
}

static void a_plan_of_another_pair_is_refused(void **state)
{
    struct place *place = *state;
    struct demo other;
    char path[400], line[600];
    struct ran ran;

    demo_start(&other, 50, NULL);
    ran = run_line(other.conf, place->directory, "$Z repair --dry-run");
    kept(&ran, path, sizeof(path));
    ran_done(&ran);
    snprintf(line, sizeof(line), "$Z repair --plan %s --reason x --yes", path);
    ran = run(place, line);
    assert_ran(&ran, 5);
    assert_holds(ran.err, "made for another database");
    ran_done(&ran);
    demo_done(&other);
}

/* Half of Brain is gone, as after a restore that failed: the other one is not flattened by it. */
static void a_half_restored_database_is_no_reason(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_sql(&place->demo, DB_BRAIN,
             "CREATE TABLE public.kept AS SELECT user_id, tier FROM public.user_profiles;"
             "DELETE FROM public.user_profiles p WHERE p.ctid IN (SELECT o.ctid FROM"
             " public.user_profiles o ORDER BY o.user_id LIMIT 300)");
    ran = run(place, "$Z repair --reason x --yes");
    assert_ran(&ran, 5);
    assert_holds(ran.err, "more than 20 %");
    assert_string_equal(ran.out, "");
    ran_done(&ran);
    ran = run(place, "$Z repair --reason x --yes --json");
    assert_ran(&ran, 5);
    assert_holds(ran.out, "{\"summary\":true,\"done\":0,\"unchanged\":0,");
    assert_null(strstr(ran.out, "\"not_tried\":0"));
    assert_int_equal(count_lines(ran.out), 1);
    ran_done(&ran);
    demo_sql(&place->demo, DB_BRAIN,
             "INSERT INTO public.user_profiles (user_id, tier) SELECT k.user_id, k.tier FROM"
             " public.kept k WHERE NOT EXISTS (SELECT FROM public.user_profiles p WHERE p.user_id ="
             " k.user_id); DROP TABLE public.kept");
}

static void a_side_that_is_away_is_three(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_halt(&place->demo, DB_BOT);
    ran = run(place, "$Z repair --reason x --yes --json");
    assert_ran(&ran, 3);
    assert_holds(ran.err, "nothing was changed");
    ran_done(&ran);
    demo_resume(&place->demo, DB_BOT);
}

/* Starts it, and kills it as soon as it has changed somebody. */
static void kill_soon(const struct place *place)
{
    char before[32];
    struct timespec t = {.tv_nsec = 2000000};
    pid_t child;
    int status = 0;

    zm_copy(before, sizeof(before), demo_sql(&place->demo, DB_BRAIN, journal));
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HOME", place->directory, 1);
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        execl(ZM_BINARY, ZM_BINARY, "-c", place->demo.conf, "repair", "--reason", "killed", "--yes",
              "--allow-mass", (char *)NULL);
        _exit(127);
    }
    while (zm_streq(demo_sql(&place->demo, DB_BRAIN, journal), before) &&
           waitpid(child, &status, WNOHANG) == 0)
        nanosleep(&t, NULL);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
}

/* 210 users are five batches. Bot's own notes say who was changed how often. */
static void killed_in_every_batch(void **state)
{
    struct place *place = *state;
    struct ran ran;
    int i;

    demo_sql(&place->demo, DB_BOT,
             "CREATE TABLE public.notes (user_id uuid); GRANT ALL ON public.notes TO postgres;"
             "UPDATE public.user_trading_profiles SET tier = CASE tier WHEN 'free' THEN"
             " 'enterprise' ELSE 'free' END, trading_enabled = false, api_access = false,"
             " updated_at = '2020-01-01' WHERE id IN (SELECT id FROM public.user_trading_profiles"
             " WHERE email LIKE '%.%@example.%' AND tier IN ('free', 'pro') ORDER BY id LIMIT 210);"
             "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS"
             " 'BEGIN INSERT INTO public.notes VALUES (NEW.user_id); RETURN NEW; END';"
             "CREATE TRIGGER note AFTER UPDATE ON public.user_trading_profiles FOR EACH ROW"
             " EXECUTE FUNCTION public.note()");
    demo_sql(&place->demo, DB_BRAIN,
             "DELETE FROM public.user_activity WHERE action LIKE"
             " 'zmartctl.%'");
    for (i = 0; i < 5; i++)
        kill_soon(place);
    ran = run(place, "$Z repair --reason last --yes --allow-mass --json");
    assert_ran(&ran, 0);
    ran_done(&ran);
    ran = run(place, "$Z drift --json --class tier_differs");
    assert_true(ran.code == 0 || count_in(ran.out, "classes") >= 0);
    assert_null(strstr(ran.out, "\"safe\""));
    ran_done(&ran);
    assert_string_equal(demo_sql(&place->demo, DB_BOT,
                                 "SELECT count(*) - count(DISTINCT user_id) FROM public.notes"),
                        "0");
    assert_true(strtol(demo_sql(&place->demo, DB_BOT, "SELECT count(*) FROM public.notes"), NULL,
                       10) >= 200);
    ran = run(place, "$Z audit --json --limit 1000");
    assert_true(count_lines(ran.out) >= 200);
    ran_done(&ran);
}

/* Whoever gets a profile has its tier in Bot as well: nothing is left for a second run. */
static void a_profile_that_is_made(void **state)
{
    struct place *place = *state;
    char ids[200], sql[400];
    struct ran ran;

    zm_copy(ids, sizeof(ids),
            demo_sql(&place->demo, DB_BOT,
                     "SELECT string_agg(quote_literal(user_id), ',') FROM (SELECT user_id FROM"
                     " public.user_trading_profiles WHERE tier = 'pro' AND email LIKE"
                     " '%.%@example.%' ORDER BY trading_enabled, id LIMIT 2) AS two"));
    snprintf(sql, sizeof(sql), "DELETE FROM public.user_profiles WHERE user_id IN (%s)", ids);
    demo_sql(&place->demo, DB_BRAIN, sql);
    ran = run(place, "$Z repair --reason made --yes --json");
    assert_ran(&ran, 0);
    assert_holds(ran.out, "{\"summary\":true,\"done\":2,");
    ran_done(&ran);
    snprintf(sql, sizeof(sql),
             "SELECT string_agg(tier || trading_enabled, ' ') FROM public.user_trading_profiles"
             " WHERE user_id IN (%s)",
             ids);
    assert_string_equal(demo_sql(&place->demo, DB_BOT, sql), "freefalse freefalse");
    ran = run(place, "$Z repair --reason made --yes --json");
    assert_ran(&ran, 0);
    assert_holds(ran.out, "{\"summary\":true,\"done\":0,");
    ran_done(&ran);
}

/* Nothing to do is not said of what nobody could look at. */
static void what_could_not_be_looked_at(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_sql(&place->demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME api_access TO x");
    ran = run(place, "$Z repair --class flags_exceed_tier --dry-run --json");
    assert_ran(&ran, 3);
    assert_holds(ran.err, "there is no public.user_trading_profiles(api_access)");
    ran_done(&ran);
    demo_sql(&place->demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME x TO api_access");
    ran = run(place, "$Z repair --class no_email --dry-run --json");
    assert_ran(&ran, 2);
    assert_holds(ran.err, "there is nothing to mend");
    ran_done(&ran);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_at_the_end_of_planning_ends_it),
        cmocka_unit_test(a_dry_run_changes_nothing_and_its_plan_can_be_applied),
        cmocka_unit_test(the_safe_lane_is_empty_afterwards),
        cmocka_unit_test(rights_of_nobody_take_their_own_count),
        cmocka_unit_test(nobody_loses_what_he_has_not),
        cmocka_unit_test(a_role_that_may_not_write_is_refused),
        cmocka_unit_test(rights_of_nobody_go_when_asked_for),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(a_plan_that_was_edited_is_refused),
        cmocka_unit_test(a_plan_of_another_pair_is_refused),
        cmocka_unit_test(a_half_restored_database_is_no_reason),
        cmocka_unit_test(killed_in_every_batch),
        cmocka_unit_test(a_side_that_is_away_is_three),
        cmocka_unit_test(a_profile_that_is_made),
        cmocka_unit_test(what_could_not_be_looked_at),
    };

    return cmocka_run_group_tests(tests, start, stop_place);
}
