/*
 * The trials of checklist items 3 and 4 on real servers: what they find as the document has it,
 * with a trigger, with a policy or a constraint that is wrong, after item 6; and that nothing of
 * them is ever left, whatever ends them.
 */
#include "run_command.h"

#include "support/demo.h"

struct place {
    struct demo demo;
    char directory[64];
};

static void says(void **state, int code, const char *line, const char *out, const char *err)
{
    struct place *p = *state;
    struct ran ran = run_line(p->demo.conf, p->directory, line);

    assert_ran(&ran, code);
    if (out)
        assert_holds(ran.out, out);
    if (err)
        assert_holds(ran.err, err);
    ran_done(&ran);
}

static const char *sql(void **state, enum db_side side, const char *text)
{
    return demo_sql(&((struct place *)*state)->demo, side, text);
}

static void nothing_is_left(void **state)
{
    assert_string_equal(sql(state, DB_BRAIN,
                            "SELECT (SELECT count(*) FROM auth.users WHERE email LIKE"
                            " 'zmartctl-test%') + (SELECT count(*) FROM public.user_profiles WHERE"
                            " name LIKE 'zmartctl test%')"),
                        "0");
    assert_string_equal(sql(state, DB_BOT,
                            "SELECT count(*) FROM public.user_trading_profiles WHERE email LIKE"
                            " 'zmartctl-test%'"),
                        "0");
}

static void as_the_document_has_it(void **state)
{
    says(state, 1, "$Z check 3.1", "not performed yet", NULL);
    says(state, 0, "$Z check run 3.1 --yes", "inserts his own profile under row security", NULL);
    says(state, 0, "$Z check 3.1", "inserts his own profile", NULL);
    says(state, 0, "$Z check run 3.2 --yes", "he may change his own tier, which step 6.5 closes",
         NULL);
    says(state, 0, "$Z check run 3.3 --yes", "anon inserts the trading profile", NULL);
    says(state, 0, "$Z check run 4.2 --yes", "succeeds on both sides", NULL);
    says(state, 0, "$Z check run 4.3 --yes", "takes the e-mail", NULL);
    nothing_is_left(state);
}

static void dry_runs_are_not_recorded(void **state)
{
    const char *recorded = "SELECT count(*) FROM public.user_activity WHERE action ="
                           " 'zmartctl.flow_test'";
    char before[32];

    snprintf(before, sizeof(before), "%.31s", sql(state, DB_BRAIN, recorded));
    says(state, 0, "$Z check run 3.1 --dry-run", NULL, NULL);
    assert_string_equal(sql(state, DB_BRAIN, recorded), before);
}

static void a_trigger_makes_the_profile(void **state)
{
    sql(state, DB_BRAIN,
        "CREATE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = '' AS $$ BEGIN INSERT INTO public.user_profiles (user_id, name) VALUES"
        " (NEW.id, ''); RETURN NEW; END $$;"
        "CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE"
        " FUNCTION public.handle_new_user()");
    says(state, 0, "$Z check run 3.1 --yes", "by trigger (on_auth_user_created)", NULL);
    says(state, 0, "$Z check run 4.2 --yes", "succeeds on both sides", NULL);
    nothing_is_left(state);

    /* as where a tier outside of a constraint makes every sign-up fail */
    sql(state, DB_BRAIN,
        "CREATE OR REPLACE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'no tier premium'; END $$");
    says(state, 1, "$Z check run 3.1 --yes", "no tier premium", NULL);
    says(state, 1, "$Z check 3.1", "no tier premium", NULL);
    sql(state, DB_BRAIN,
        "DROP TRIGGER on_auth_user_created ON auth.users; DROP FUNCTION public.handle_new_user()");
    says(state, 0, "$Z check run 3.1 --yes", "inserts his own profile", NULL);
}

static void policies_that_let_too_much(void **state)
{
    sql(state, DB_BRAIN,
        "CREATE POLICY \"everybody\" ON public.user_profiles FOR SELECT USING (true)");
    says(state, 1, "$Z check run 3.2 --yes", "a user sees the profiles of others", NULL);
    sql(state, DB_BRAIN,
        "DROP POLICY \"everybody\" ON public.user_profiles;"
        "CREATE POLICY \"anon\" ON public.user_profiles FOR SELECT TO anon"
        " USING (true)");
    says(state, 1, "$Z check run 3.2 --yes", "anon sees profiles", NULL);
    sql(state, DB_BRAIN, "DROP POLICY \"anon\" ON public.user_profiles");
    says(state, 0, "$Z check run 3.2 --yes", NULL, NULL);

    /* what was found is of policies that are no longer so */
    sql(state, DB_BRAIN,
        "ALTER POLICY \"Users can update own profile\" ON public.user_profiles USING (false)");
    says(state, 1, "$Z check 3.2", "what it tested has changed since", NULL);
    says(state, 1, "$Z check run 3.2 --yes", "a user cannot change his own profile", NULL);
    sql(state, DB_BRAIN,
        "ALTER POLICY \"Users can update own profile\" ON public.user_profiles"
        " USING (auth.uid() = user_id)");
    says(state, 0, "$Z check run 3.2 --yes", NULL, NULL);
    nothing_is_left(state);
}

static void constraints_that_forbid(void **state)
{
    sql(state, DB_BOT,
        "ALTER TABLE public.user_trading_profiles ADD CONSTRAINT test_no_pro CHECK"
        " (tier <> 'pro') NOT VALID");
    says(state, 1, "$Z check run 4.2 --yes", "test_no_pro", NULL);
    sql(state, DB_BOT, "ALTER TABLE public.user_trading_profiles DROP CONSTRAINT test_no_pro");
    says(state, 0, "$Z check run 4.2 --yes", NULL, NULL);
    nothing_is_left(state);
}

static void drift_of_the_safe_lane(void **state)
{
    says(state, 1, "$Z check 4.1", "e-mail differs", NULL);
    says(state, 0, "$Z repair --reason test --yes", NULL, NULL);
    says(state, 0, "$Z check 4.1", "nothing differs that repair would mend", NULL);
}

/* The session dies under it. */
static void killed_in_the_middle(void **state)
{
    sql(state, DB_BRAIN,
        "CREATE FUNCTION public.test_die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$"
        " BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;"
        "CREATE TRIGGER test_die AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION"
        " public.test_die()");
    says(state, 3, "$Z check run 3.1 --yes", NULL, NULL);
    sql(state, DB_BRAIN, "DROP TRIGGER test_die ON auth.users; DROP FUNCTION public.test_die()");
    nothing_is_left(state);
    says(state, 0, "$Z check 3.1", "inserts his own profile", NULL); /* the record of before */
}

static void who_may_not(void **state)
{
    sql(state, DB_BRAIN, "CREATE ROLE test_reader LOGIN BYPASSRLS IN ROLE pg_read_all_data");
    sql(state, DB_BOT, "CREATE ROLE test_reader LOGIN BYPASSRLS IN ROLE pg_read_all_data");
    says(state, 5,
         "sed 's/user = \"postgres\"/user = \"test_reader\"/' ${Z##* } > $D/reader;"
         " ${Z%% *} -c $D/reader check run 3.1 --yes",
         NULL, "may not act as authenticated");
    nothing_is_left(state);
}

/* After item 6 a user's tier is not his to change, and only the server makes trading profiles. */
static void after_hardening(void **state)
{
    static const char *const steps[] = {"6.1", "6.2", "6.3", "6.4", "6.5", "6.6"};
    char line[64];
    size_t i;

    for (i = 0; i < ZM_COUNT(steps); i++) {
        snprintf(line, sizeof(line), "$Z check run %s --yes", steps[i]);
        says(state, 0, line, NULL, NULL);
    }
    says(state, 0, "$Z check run 3.1 --yes", "inserts his own profile", NULL);
    says(state, 0, "$Z check run 3.2 --yes", "his tier is not his to change", NULL);
    says(state, 0, "$Z check run 3.3 --yes", "service_role inserts the trading profile", NULL);
    says(state, 0, "$Z check run 4.2 --yes", "succeeds on both sides", NULL);
    nothing_is_left(state);
}

static int start(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));

    demo_start(&p->demo, 50, "--as-written");
    make_directory(p->directory);
    *state = p;
    return 0;
}

static int stop(void **state)
{
    struct place *p = *state;

    demo_done(&p->demo);
    remove_directory(p->directory);
    free(p);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_document_has_it),
        cmocka_unit_test(dry_runs_are_not_recorded),
        cmocka_unit_test(a_trigger_makes_the_profile),
        cmocka_unit_test(policies_that_let_too_much),
        cmocka_unit_test(constraints_that_forbid),
        cmocka_unit_test(killed_in_the_middle),
        cmocka_unit_test(who_may_not),
        cmocka_unit_test(drift_of_the_safe_lane),
        cmocka_unit_test(after_hardening),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
