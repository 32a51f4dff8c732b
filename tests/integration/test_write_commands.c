/*
 * `tier`, `trading` and `api`, as a script uses them: every field of the result, every exit code,
 * and what both databases hold afterwards.
 */
#include "write_place.h"

#include <signal.h>

#include "support/vt.h"

#define JOURNAL "SELECT count(*) FROM public.user_activity WHERE action <> 'zmartctl.result'"
#define WAITING                                                                                    \
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"                         \
    " AND backend_type = 'client backend'"

static int fresh(void **state)
{
    struct write_place *place = *state;

    writer_fresh(&place->w);
    write_conf(place, "unlock", "");
    return 0;
}

/* ---- done ---- */

static void test_tier_says_everything(void **state)
{
    struct write_place *place = *state;
    char names[128], expected[80];
    json_t *object;

    object =
        run_object(place, 0, "$Z tier ana@example.com pro --reason 'T-4412 wire' --yes --json");
    assert_string_equal(field_names(object, names, sizeof(names)),
                        "result changed request user_id brain bot message ");
    assert_result(object, "done", true);
    assert_string_equal(text_of(object, "user_id"), WRITER_PERSON);
    assert_true(zm_is_uuid(text_of(object, "request")));
    assert_string_equal(inside(object, "brain", "tier"), "pro");
    assert_string_equal(inside(object, "brain", "name"), "Ana");
    assert_string_equal(inside(object, "bot", "tier"), "pro");
    assert_true(json_is_false(json_object_get(json_object_get(object, "bot"), "trading_enabled")));
    assert_true(json_is_false(json_object_get(json_object_get(object, "bot"), "api_access")));
    assert_string_equal(text_of(object, "message"),
                        "done: tier free -> pro, Bot's tier free -> pro");
    assert_state(place, "pro|pro:active+free:ended|1|pro,false,false");
    snprintf(expected, sizeof(expected), "%s T-4412 wire", text_of(object, "request"));
    assert_string_equal(writer_value(&place->w, DB_BRAIN,
                                     "SELECT id || ' ' || (metadata->>'reason') FROM"
                                     " public.user_activity WHERE action = 'zmartctl.tier_change'"),
                        expected);
    json_decref(object);
}

static void test_what_is_so_already_is_done(void **state)
{
    struct write_place *place = *state;
    json_t *object = run_object(place, 0, "$Z tier ana@example.com free --reason r --yes --json");

    assert_result(object, "done", false);
    json_decref(object);
    object = run_object(place, 0, "$Z trading ana@example.com off --reason r --yes --json");
    assert_result(object, "done", false);
    json_decref(object);
    /* also when something else was expected: a script that is run again must not fail */
    object =
        run_object(place, 0, "$Z tier ana@example.com free --expect pro --reason r --yes --json");
    assert_result(object, "done", false);
    json_decref(object);
    assert_state(place, WRITER_OLD);
}

static void test_rights(void **state)
{
    struct write_place *place = *state;

    run_says(place, 0, "$Z tier ana@example.com enterprise --reason r --yes", "done: tier", NULL);
    run_says(place, 0, "$Z trading ana@example.com on --reason r --yes", "trading off -> on", NULL);
    run_says(place, 0, "$Z api ana@example.com on --reason r --yes", "off -> on", NULL);
    assert_state(place, "enterprise|enterprise:active+free:ended|3|enterprise,true,true");
    run_says(place, 0, "$Z tier ana@example.com pro --reason r --yes --format csv",
             "result,changed,request,user_id,message\ndone,true,", NULL);
    assert_string_equal(writer_value(&place->w, DB_BOT,
                                     "SELECT tier || trading_enabled || api_access FROM"
                                     " public.user_trading_profiles"),
                        "protruefalse");
    run_says(place, 0, "$Z tier ana@example.com free --keep-rights --reason r --yes", "done", NULL);
    assert_string_equal(writer_value(&place->w, DB_BOT,
                                     "SELECT tier || trading_enabled || api_access FROM"
                                     " public.user_trading_profiles"),
                        "freetruefalse");
    run_says(place, 0, "$Z trading ana@example.com off --reason r --yes", "on -> off", NULL);
}

static void test_missing_trading_profile_is_made_by_a_tier_change(void **state)
{
    struct write_place *place = *state;

    writer_sql(&place->w, DB_BOT, "DELETE FROM public.user_trading_profiles");
    run_says(place, 5, "$Z trading ana@example.com off --reason r --yes", "no trading profile",
             NULL);
    run_says(place, 0, "$Z tier ana@example.com pro --reason r --yes", "created, rights off", NULL);
    assert_state(place, "pro|pro:active+free:ended|1|pro,false,false");
}

static void test_orphan(void **state)
{
    struct write_place *place = *state;

    writer_sql(&place->w, DB_BRAIN, "DELETE FROM auth.users WHERE id = pid(1)");
    writer_sql(&place->w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    run_says(place, 5, "$Z tier ana@example.com pro --reason r --yes --json",
             "\"result\":\"refused\",\"changed\":false", NULL);
    run_says(place, 5, "$Z api ana@example.com on --reason r --yes", "orphan", NULL);
    run_says(place, 0, "$Z trading ana@example.com off --reason r --yes", "on -> off", NULL);
    assert_string_equal(writer_value(&place->w, DB_BRAIN,
                                     "SELECT coalesce(user_id::text, 'none') || ' ' ||"
                                     " (metadata->>'subject') FROM public.user_activity"
                                     " WHERE action = 'zmartctl.trading_toggle'"),
                        "none " WRITER_PERSON);
}

/* ---- not done ---- */

static void test_expect(void **state)
{
    struct write_place *place = *state;
    json_t *object = run_object(
        place, 5, "$Z tier ana@example.com enterprise --expect pro --reason r --yes --json");

    assert_result(object, "stale", false);
    assert_string_equal(inside(object, "brain", "tier"), "free"); /* as it is now */
    assert_holds(text_of(object, "message"), "tier was pro when it was shown and is free now");
    json_decref(object);
    assert_state(place, WRITER_OLD);
    run_says(place, 0, "$Z tier ana@example.com pro --expect free --reason r --yes", "done", NULL);
}

static void test_usage(void **state)
{
    static const struct {
        const char *line, *err;
    } cases[] = {
        {"$Z tier ana@example.com gold --reason r --yes", "there is no tier 'gold'"},
        {"$Z tier ana@example.com gold --reason r --yes", "free, pro or enterprise"},
        {"$Z tier ana@example.com pro --yes", "a reason is needed"},
        {"$Z tier ana@example.com pro --reason '  ' --yes", "a reason is needed"},
        {"$Z tier ana@example.com pro --yes --reason '\u00a0 \u2003'", "a reason is needed"},
        {"$Z tier ana@example.com pro --yes --reason 'T-1 \u202epaid'", "the reason is no text"},
        {"$Z tier ana@example.com pro --yes --reason 'T-1 \u2067paid'", "the reason is no text"},
        {"$Z tier ana@example.com pro --yes --reason 'T-1 \302\233paid'", "the reason is no text"},
        {"$Z tier ana@example.com pro --reason r", "--yes"},
        {"$Z tier ana@example.com --reason r --yes", "USER"},
        {"$Z tier --reason r --yes", "usage"},
        {"$Z tier ana@example.com pro --file x --reason r --yes", "--file"},
        {"$Z tier pro --file /nowhere/x --reason r --yes", "/nowhere/x"},
        {"$Z trading ana@example.com yes --reason r --yes", "neither on nor off"},
        {"$Z api ana@example.com 1 --reason r --yes", "neither on nor off"},
        {"$Z trading ana@example.com on --expect pro --reason r --yes", "--expect is not for"},
        {"$Z trading ana@example.com on --keep-rights --reason r --yes", "--keep-rights is not"},
        {"$Z tier bob@example.com pro --reason r --yes", "there is no user 'bob@example.com'"},
        {"$Z tier bob@example.com pro --reason r --yes", "nothing was changed"},
        {"$Z users --yes", "--yes is not for users"},
    };
    struct write_place *place = *state;
    size_t i;

    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct ran ran = run(place, cases[i].line);

        assert_ran(&ran, 2);
        assert_string_equal(ran.out, "");
        assert_holds(ran.err, cases[i].err);
        ran_done(&ran);
    }
    writer_sql(&place->w, DB_BRAIN,
               "INSERT INTO auth.users (id, instance_id, email, is_sso_user) VALUES"
               " (pid(2), '00000000-0000-0000-0000-000000000000', 'Ana@example.com', true)");
    run_says(place, 2, "$Z tier ana@example.com pro --reason r --yes", NULL, "not one user but 2");
    assert_state(place, WRITER_OLD);
}

static void test_guard(void **state)
{
    struct write_place *place = *state;

    run_says(place, 5, "$Z --read-only tier ana@example.com pro --reason r --yes", NULL,
             "--read-only");
    run_says(place, 5, "$Z --read-only trading ana@example.com off --reason r --yes", NULL,
             "--read-only");
    write_conf(place, "read_only", "");
    run_says(place, 5, "$Z tier ana@example.com pro --reason r --yes", NULL, "read_only");
    run_says(place, 5, "$Z tier ana@example.com pro --reason r --dry-run", NULL, "read_only");
    assert_state(place, WRITER_OLD);
    write_conf(place, "open", "");
    run_says(place, 2, "$Z tier ana@example.com pro --reason r", NULL, "--yes");
    run_says(place, 0, "$Z tier ana@example.com pro --reason r --yes", "done", NULL);
}

static void test_policy(void **state)
{
    struct write_place *place = *state;
    json_t *object = run_object(place, 5, "$Z trading ana@example.com on --reason r --yes --json");

    assert_result(object, "refused", false);
    assert_holds(text_of(object, "message"), "tier free is not entitled to trading");
    json_decref(object);
    assert_state(place, WRITER_OLD);
    write_conf(place, "unlock", "policy: { trading_tiers = [\"free\"]; };");
    run_says(place, 0, "$Z trading ana@example.com on --reason r --yes", "done", NULL);
}

static void test_dry_run_keeps_nothing(void **state)
{
    struct write_place *place = *state;
    json_t *object =
        run_object(place, 0, "$Z tier ana@example.com pro --reason r --dry-run --json");

    assert_result(object, "done", false);
    assert_holds(text_of(object, "message"), "rolled back");
    json_decref(object);
    assert_state(place, WRITER_OLD);
    writer_sql(&place->w, DB_BOT,
               "ALTER TABLE public.user_trading_profiles ADD CONSTRAINT test_check"
               " CHECK (tier <> 'pro')");
    run_says(place, 5, "$Z tier ana@example.com pro --reason r --dry-run", "test_check", NULL);
    assert_state(place, WRITER_OLD);
}

static void test_lock_is_named(void **state)
{
    struct write_place *place = *state;
    struct pg_conn *other = cluster_hold(&place->w.people.cluster[DB_BOT],
                                         "SET application_name = 'night job';"
                                         "SELECT 1 FROM public.user_trading_profiles FOR UPDATE");
    json_t *object = run_object(place, 5, "$Z tier ana@example.com pro --reason r --yes --json");

    cluster_release(other);
    assert_result(object, "nothing_changed", false);
    assert_holds(text_of(object, "message"), "lock");
    json_decref(object);
    assert_state(place, WRITER_OLD);
}

static void test_no_privilege(void **state)
{
    struct write_place *place = *state;
    const char *role = place->w.role;

    place->w.role = "op_sam";
    write_conf(place, "unlock", "");
    place->w.role = role;
    run_says(place, 5, "$Z tier " WRITER_PERSON " pro --reason r --yes --json",
             "\"result\":\"refused\",\"changed\":false", NULL);
    run_says(place, 5, "$Z trading " WRITER_PERSON " on --reason r --yes --json",
             "\"result\":\"refused\",\"changed\":false", NULL);
    run_says(place, 5, "$Z api " WRITER_PERSON " on --reason r --yes --json",
             "role op_sam lacks UPDATE (tier, ", NULL);
    assert_state(place, WRITER_OLD);
}

/* ---- a side is away ---- */

/* Behind a pooler an outage is a silence; what that does is test_pooler's matter. */
static void skip_pooled(const struct write_place *place)
{
    if (place->w.pooled)
        skip();
}

static void test_without_bot(void **state)
{
    struct write_place *place = *state;
    json_t *object;

    skip_pooled(place);
    cluster_halt(&place->w.people.cluster[DB_BOT]);
    object = run_object(place, 3, "$Z tier ana@example.com pro --reason r --yes --json");
    assert_result(object, "nothing_changed", false);
    assert_string_equal(inside(object, "brain", "tier"), "");
    assert_holds(text_of(object, "message"), "nothing was changed. ZmartBot: cannot connect");
    json_decref(object);
    run_says(place, 3,
             "$Z trading ana@example.com on --reason r --yes 2>&1 | grep -c UPDATE; exit 3", "0\n",
             NULL);
    run_says(place, 3, "$Z trading ana@example.com off --reason r --yes", NULL,
             "UPDATE public.user_trading_profiles AS t");
    run_says(place, 3, "$Z trading ana@example.com off --reason r --yes", "nothing was changed",
             "ZmartBot: cannot connect");
    cluster_halt(&place->w.people.cluster[DB_BRAIN]);
    run_says(place, 3, "$Z tier ana@example.com pro --reason r --yes", NULL, "nothing was changed");
    cluster_resume(&place->w.people.cluster[DB_BRAIN]);
    cluster_resume(&place->w.people.cluster[DB_BOT]);
    assert_state(place, WRITER_OLD);
}

/* Rights can be taken away without Brain, and only that; the record follows. */
static void test_without_brain(void **state)
{
    struct write_place *place = *state;
    char request[64], line[512];
    json_t *object;

    skip_pooled(place);
    writer_sql(&place->w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    cluster_halt(&place->w.people.cluster[DB_BRAIN]);
    run_says(place, 3, "$Z tier ana@example.com pro --reason r --yes", "nothing was changed", NULL);
    run_says(place, 3, "$Z api ana@example.com on --reason r --yes", "nothing was changed", NULL);
    object = run_object(place, 0, "$Z trading ana@example.com off --reason r --yes --json");
    assert_result(object, "done", true);
    assert_true(json_is_null(json_object_get(object, "brain")));
    assert_holds(text_of(object, "message"), "spool");
    zm_copy(request, sizeof(request), text_of(object, "request"));
    json_decref(object);
    assert_string_equal(
        writer_value(&place->w, DB_BOT, "SELECT trading_enabled FROM public.user_trading_profiles"),
        "f");
    cluster_resume(&place->w.people.cluster[DB_BRAIN]);
    assert_int_equal(count_in(place, DB_BRAIN, JOURNAL), 0);
    run_says(place, 0, "$Z tier ana@example.com free --reason r --yes", "so already",
             "1 audit record that waited here was written to ZmartyBrain");
    snprintf(line, sizeof(line),
             "SELECT count(*) FROM public.user_activity WHERE id = '%s'"
             " AND action = 'zmartctl.trading_toggle' AND metadata->>'reason' = 'r'",
             request);
    assert_int_equal(count_in(place, DB_BRAIN, line), 1);
    run_says(place, 0, "$Z tier ana@example.com free --reason r --yes", "so already", NULL);
    assert_int_equal(count_in(place, DB_BRAIN, JOURNAL), 1); /* once */
}

/* ---- signals ---- */

static void check_signal(struct write_place *place, int sig)
{
    const char *const args[] = {"tier", "ana@example.com", "pro",    "--reason",
                                "r",    "--yes",           "--json", NULL};
    struct pg_conn *other = cluster_hold(&place->w.people.cluster[DB_BOT],
                                         "SELECT 1 FROM public.user_trading_profiles FOR UPDATE");
    pid_t child = start_program(place, args);
    int64_t from;
    struct ran ran;

    wait_count(place, DB_BOT, WAITING,
               1); /* Brain's transaction is open, Bot's row is waited for */
    from = zm_now_ms();
    kill(child, sig);
    ran = end_program(place, child, NULL);
    assert_ran(&ran, 128 + sig);
    assert_true(zm_now_ms() - from < 2000);
    assert_holds(ran.out, "\"result\":\"nothing_changed\",\"changed\":false");
    assert_holds(ran.out, "cancelled");
    ran_done(&ran);
    cluster_release(other);
    assert_state(place, WRITER_OLD);
}

static void test_signals_end_it_and_say_so(void **state)
{
    check_signal(*state, SIGINT);
    check_signal(*state, SIGTERM);
    check_signal(*state, SIGHUP);
}

/* ---- on a terminal ---- */

static struct vt *ask(const struct write_place *place, const char *line)
{
    char command[512];
    const char *const argv[] = {"/bin/sh", "-c", command, NULL};

    snprintf(command, sizeof(command), "%s -c %s %s; echo code $?", ZM_BINARY, place->conf, line);
    return vt_start(argv, NULL, 24, 120);
}

static void answer(const struct write_place *place, const char *line, const char *question,
                   const char *typed, const char *end)
{
    struct vt *vt = ask(place, line);

    vt_wait(vt, question, VT_SOON_MS);
    vt_type(vt, typed);
    vt_wait(vt, end, VT_SOON_MS);
    vt_wait_exit(vt, VT_SOON_MS);
    vt_done(vt);
}

static void test_person_is_asked(void **state)
{
    static const char tier[] = "tier ana@example.com pro --reason r";
    struct write_place *place = *state;
    struct vt *vt;

    answer(place, tier, "Apply? y/N", "\r", "code 5"); /* Enter is no */
    answer(place, tier, "Apply? y/N", "n\r", "code 5");
    answer(place, tier, "Apply? y/N", "x\r", "nothing was changed");
    assert_state(place, WRITER_OLD);
    vt = ask(place, tier);
    vt_wait(vt, "Apply? y/N", VT_SOON_MS);
    assert_true(vt_find(vt, "change tier: ana@example.com", NULL) >= 0);
    assert_true(vt_find(vt, "on TEST", NULL) >= 0);
    assert_true(vt_find(vt, "user_profiles.tier", NULL) >= 0);
    assert_true(vt_find(vt, "end the active one, start the new one", NULL) >= 0);
    assert_true(vt_find(vt, "user_trading_profiles.tier", NULL) >= 0);
    vt_type(vt, "y\r");
    vt_wait(vt, "code 0", VT_SOON_MS);
    vt_wait_exit(vt, VT_SOON_MS);
    vt_done(vt);
    assert_state(place, "pro|pro:active+free:ended|1|pro,false,false");
}

static void test_file_wants_the_number_typed(void **state)
{
    struct write_place *place = *state;
    char line[256];

    write_file(place, "ids", "ana@example.com\n" WRITER_PERSON "\nbob@example.com\n");
    snprintf(line, sizeof(line), "tier --file %s/ids pro --reason r", place->directory);
    answer(place, line, "Type 1 to apply", "y\r", "code 5");
    answer(place, line, "Type 1 to apply", "2\r", "code 5");
    assert_state(place, WRITER_OLD);
    answer(place, line, "Type 1 to apply", "1\r", "code 4"); /* bob is nobody */
    assert_state(place, "pro|pro:active+free:ended|1|pro,false,false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_tier_says_everything, fresh),
        cmocka_unit_test_setup(test_what_is_so_already_is_done, fresh),
        cmocka_unit_test_setup(test_rights, fresh),
        cmocka_unit_test_setup(test_missing_trading_profile_is_made_by_a_tier_change, fresh),
        cmocka_unit_test_setup(test_orphan, fresh),
        cmocka_unit_test_setup(test_expect, fresh),
        cmocka_unit_test_setup(test_usage, fresh),
        cmocka_unit_test_setup(test_guard, fresh),
        cmocka_unit_test_setup(test_policy, fresh),
        cmocka_unit_test_setup(test_dry_run_keeps_nothing, fresh),
        cmocka_unit_test_setup(test_lock_is_named, fresh),
        cmocka_unit_test_setup(test_no_privilege, fresh),
        cmocka_unit_test_setup(test_without_bot, fresh),
        cmocka_unit_test_setup(test_without_brain, fresh),
        cmocka_unit_test_setup(test_signals_end_it_and_say_so, fresh),
        cmocka_unit_test_setup(test_person_is_asked, fresh),
        cmocka_unit_test_setup(test_file_wants_the_number_typed, fresh),
    };

    return write_place_run(tests, ZM_COUNT(tests));
}
