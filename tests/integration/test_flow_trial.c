/*
 * The trials of checklist items 3 and 4 on real servers: what they find as the document has it,
 * with a trigger, with a policy or a constraint that is wrong, after item 6; and that nothing of
 * them is ever left, whatever ends them.
 */
#include "run_command.h"

#include <libpq-fe.h>
#include <signal.h>

#include "support/demo.h"
#include "support/proxy.h"

struct place {
    struct demo demo;
    char directory[64];
    struct proxy *proxy[DB_SIDES];
    char through[128]; /* the configuration that leads through them */
};

static void says(void **state, int code, const char *line, const char *out, const char *err)
{
    struct place *p = *state;
    struct ran ran = run_line(p->demo.conf, p->directory, line);

    assert_says(&ran, code, out, err);
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

/* What a trigger sees is what the Auth server writes. */
static void as_the_auth_server_writes_it(void **state)
{
    sql(state, DB_BRAIN,
        "CREATE FUNCTION public.test_login() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.instance_id = '00000000-0000-0000-0000-000000000000' AND NEW.aud ="
        " 'authenticated' AND NEW.role = 'authenticated' AND NEW.email = lower(NEW.email) AND"
        " NEW.email = NEW.raw_user_meta_data ->> 'email' AND NEW.encrypted_password ~"
        " '^[$]2[ab][$][0-9][0-9][$].{53}$' AND NEW.email_confirmed_at IS NULL AND"
        " (NEW.confirmation_token, NEW.recovery_token, NEW.email_change_token_new,"
        " NEW.email_change, NEW.phone_change) = ('', '', '', '', '') AND NEW.raw_app_meta_data ->>"
        " 'provider' = 'email' AND NEW.created_at = now() AND NOT NEW.is_sso_user AND"
        " current_setting('search_path') = 'auth' THEN RETURN NEW; END IF;"
        " RAISE EXCEPTION 'not so: %', NEW; END $$;"
        "CREATE TRIGGER test_login AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION"
        " public.test_login();"
        "CREATE FUNCTION public.test_identity() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.provider = 'email' AND NEW.provider_id = NEW.user_id::text AND"
        " NEW.identity_data ->> 'sub' = NEW.provider_id THEN RETURN NEW; END IF;"
        " RAISE EXCEPTION 'not so: %', NEW; END $$;"
        "CREATE TRIGGER test_identity AFTER INSERT ON auth.identities FOR EACH ROW EXECUTE FUNCTION"
        " public.test_identity()");
    says(state, 0, "$Z check run 3.1 --yes", "inserts his own profile", NULL);
    sql(state, DB_BRAIN,
        "DROP TRIGGER test_login ON auth.users; DROP FUNCTION public.test_login();"
        "DROP TRIGGER test_identity ON auth.identities; DROP FUNCTION public.test_identity()");
}

/* As projects have it: tier, name and country from what whoever signs up says of himself. */
static void make_trigger(void **state, const char *schema, const char *how, const char *tier)
{
    char text[900];

    snprintf(text, sizeof(text),
             "CREATE OR REPLACE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql"
             " %s AS $$ BEGIN INSERT INTO %suser_profiles (user_id, tier, name, country)"
             " VALUES (NEW.id, coalesce(NEW.raw_user_meta_data ->> 'tier', '%s'),"
             " coalesce(NEW.raw_user_meta_data ->> 'name', ''), '');"
             " INSERT INTO %suser_subscriptions (user_id, tier, status) VALUES (NEW.id, '%s',"
             " 'active'); RETURN NEW; END $$",
             how, schema, tier, schema, tier);
    sql(state, DB_BRAIN, text);
}

static void a_trigger_makes_the_profile(void **state)
{
    make_trigger(state, "public.", "SECURITY DEFINER", "free");
    sql(state, DB_BRAIN,
        "CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE"
        " FUNCTION public.handle_new_user()");
    says(state, 1, "$Z check 3.1", "what it tested has changed since", NULL);
    says(state, 0, "$Z check run 3.1 --yes", "by trigger (on_auth_user_created)", NULL);
    says(state, 0, "$Z check run 3.2 --yes", NULL, NULL);
    says(state, 0, "$Z check run 4.2 --yes", "succeeds on both sides", NULL);
    nothing_is_left(state);

    /* a tier outside of the constraint makes every sign-up fail */
    sql(state, DB_BRAIN,
        "ALTER TABLE public.user_profiles ADD CONSTRAINT test_tiers CHECK (tier IN ('free', 'pro',"
        " 'enterprise')) NOT VALID");
    make_trigger(state, "public.", "SECURITY DEFINER", "premium");
    says(state, 1, "$Z check 3.1", "what it tested has changed since", NULL);
    says(state, 1, "$Z check run 3.1 --yes", "test_tiers", NULL);
    says(state, 1, "$Z check 3.1 --json", "test_tiers", NULL);
    sql(state, DB_BRAIN, "ALTER TABLE public.user_profiles DROP CONSTRAINT test_tiers");
}

/* Until somebody has confirmed his address he has no profile. */
static void a_trigger_waits_for_the_confirmation(void **state)
{
    make_trigger(state, "public.", "SECURITY DEFINER", "free");
    sql(state, DB_BRAIN,
        "CREATE TRIGGER on_auth_user_confirmed AFTER UPDATE OF email_confirmed_at ON auth.users"
        " FOR EACH ROW WHEN (OLD.email_confirmed_at IS NULL AND NEW.email_confirmed_at IS NOT NULL)"
        " EXECUTE FUNCTION public.handle_new_user()");
    says(state, 0, "$Z check run 3.1 --yes",
         "no profile follows the sign-up; one follows the confirmation of the e-mail by trigger"
         " (on_auth_user_confirmed)",
         NULL);
    says(state, 0, "$Z check 3.1", "follows the confirmation", NULL);
    says(state, 0, "$Z check run 3.2 --yes", "nobody else's", NULL);
    nothing_is_left(state);
    make_trigger(state, "", "SECURITY DEFINER", "free"); /* found by our path, not by its */
    says(state, 1, "$Z check run 3.1 --yes", "\"user_profiles\" does not exist", NULL);
    make_trigger(state, "public.", "SECURITY INVOKER", "free");
    says(state, 1, "$Z check run 3.1 --yes",
         "on_auth_user_confirmed makes the profile for this role", NULL);

    /* one that follows other changes makes nothing: the application does */
    make_trigger(state, "public.", "SECURITY DEFINER", "free");
    sql(state, DB_BRAIN,
        "DROP TRIGGER on_auth_user_confirmed ON auth.users;"
        "CREATE TRIGGER on_auth_user_confirmed AFTER UPDATE OF last_sign_in_at ON auth.users"
        " FOR EACH ROW EXECUTE FUNCTION public.handle_new_user()");
    says(state, 0, "$Z check run 3.1 --yes", "inserts his own profile", NULL);
    sql(state, DB_BRAIN,
        "DROP TRIGGER on_auth_user_confirmed ON auth.users; DROP FUNCTION "
        "public.handle_new_user()");
    says(state, 0, "$Z check run 3.1 --yes", "inserts his own profile", NULL);
    says(state, 0, "$Z check run 3.2 --yes", NULL, NULL);
    nothing_is_left(state);
}

/* It works for whoever owns the tables, and for no sign-up. */
static void triggers_that_fail_for_the_auth_server(void **state)
{
    make_trigger(state, "", "SECURITY DEFINER", "free"); /* found by our path, not by its */
    says(state, 1, "$Z check run 3.1 --yes", "\"user_profiles\" does not exist", NULL);
    make_trigger(state, "public.", "SECURITY INVOKER", "free");
    says(state, 1, "$Z check run 3.1 --yes",
         "on_auth_user_created makes the profile for this role, but may not for the Auth server",
         NULL);
    says(state, 1, /* the superuser may act as the Auth server, and need not guess */
         "sed 's/user = \"postgres\"/user = \"supabase_admin\"/' ${Z##* } > $D/super;"
         " chmod 600 $D/super; ${Z%% *} -c $D/super check run 3.1 --yes",
         "permission denied for table user_profiles", NULL);
    sql(state, DB_BRAIN,
        "DROP TRIGGER on_auth_user_created ON auth.users; DROP FUNCTION public.handle_new_user()");
    says(state, 0, "$Z check run 3.1 --yes", "inserts his own profile", NULL);
    nothing_is_left(state);
}

static void policies_that_let_too_much(void **state)
{
    sql(state, DB_BRAIN,
        "CREATE POLICY \"everybody\" ON public.user_profiles FOR SELECT USING (true)");
    says(state, 1, "$Z check run 3.2 --yes", "a user sees the profiles of others", NULL);
    sql(state, DB_BRAIN, /* also while there is nobody yet */
        "CREATE TABLE public.test_kept AS TABLE public.user_profiles; DELETE FROM"
        " public.user_profiles");
    says(state, 1, "$Z check run 3.2 --yes", "a user sees the profiles of others", NULL);
    sql(state, DB_BRAIN,
        "INSERT INTO public.user_profiles TABLE public.test_kept; DROP TABLE public.test_kept;"
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
    sql(state, DB_BRAIN,
        "ALTER POLICY \"Users can insert own profile\" ON public.user_profiles WITH CHECK (true)");
    says(state, 1, "$Z check run 3.2 --yes", "a user makes a profile for somebody else", NULL);
    sql(state, DB_BRAIN,
        "ALTER POLICY \"Users can insert own profile\" ON public.user_profiles"
        " WITH CHECK (auth.uid() = user_id)");
    says(state, 0, "$Z check run 3.2 --yes", NULL, NULL);
    nothing_is_left(state);
}

static void constraints_that_forbid(void **state)
{
    sql(state, DB_BOT,
        "ALTER TABLE public.user_trading_profiles ADD CONSTRAINT test_no_pro CHECK"
        " (tier <> 'pro') NOT VALID");
    says(state, 1, "$Z check run 4.2 --yes", "test_no_pro", NULL);
    sql(state, DB_BOT,
        "ALTER TABLE public.user_trading_profiles DROP CONSTRAINT test_no_pro, ADD CONSTRAINT"
        " test_no_enterprise CHECK (tier <> 'enterprise') NOT VALID");
    says(state, 1, "$Z check run 4.2 --yes", "test_no_enterprise", NULL);
    sql(state, DB_BOT,
        "ALTER TABLE public.user_trading_profiles DROP CONSTRAINT test_no_enterprise");
    says(state, 0, "$Z check run 4.2 --yes", NULL, NULL);
    nothing_is_left(state);
}

static void drift_of_the_safe_lane(void **state)
{
    says(state, 1, "$Z check 4.1", "e-mail differs", NULL);
    says(state, 0, "$Z repair --reason test --yes", NULL, NULL);
    says(state, 0, "$Z check 4.1", "nothing differs that repair would mend", NULL);
}

/* A lock says nothing of the statement: what is on record stays. */
static void a_lock_is_no_finding(void **state)
{
    const struct place *p = *state;
    PGconn *other = demo_connect(&p->demo, DB_BOT, "supabase_admin");

    says(state, 0, "$Z check run 4.3 --yes", NULL, NULL);
    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, "LOCK TABLE public.user_trading_profiles IN SHARE MODE"));
    says(state, 5, "$Z check run 4.3 --yes", NULL, "it could not be tried");
    PQfinish(other);
    says(state, 0, "$Z check 4.3 --json", "\"ok\"", NULL);
}

/* ---- killed at every statement ---- */

#define RUN_THROUGH                                                                                \
    "(${Z%%%% *} -c %s check run %s --yes > $D/told 2>&1 & echo $! > $D/pid; wait $!; echo $? >"   \
    " $D/code) > /dev/null 2>&1 &"

static void run_through(const struct place *p, const char *key)
{
    char line[400];
    struct ran ran;

    snprintf(line, sizeof(line), "rm -f $D/pid $D/code; " RUN_THROUGH, p->through, key);
    ran = run_line(p->demo.conf, p->directory, line);
    ran_done(&ran);
}

/* Its session is cut off, or it is itself killed, when the server has done that statement. */
static void strike(void **state, const char *key, enum db_side side, const char *text, bool kills)
{
    static const char counted[] = "SELECT count(*) FROM public.user_activity WHERE action ="
                                  " 'zmartctl.flow_test'";
    struct place *p = *state;
    char before[32];
    struct ran ran;

    snprintf(before, sizeof(before), "%.31s", sql(state, DB_BRAIN, counted));
    proxy_hold_at(p->proxy[side], text, 1, PROXY_HOLD_AFTER);
    run_through(p, key);
    if (!proxy_wait_held(p->proxy[side], 20000))
        fail_msg("%s never sent '%s'", key, text);
    if (kills) {
        ran = run_line(p->demo.conf, p->directory, "kill -KILL $(cat $D/pid)");
        assert_ran(&ran, 0);
        ran_done(&ran);
    } else {
        proxy_reset(p->proxy[side]);
    }
    proxy_release(p->proxy[side]);
    ran = run_line(p->demo.conf, p->directory,
                   "until test -s $D/code; do sleep 0.05; done; cat $D/code $D/told");
    if (strncmp(ran.out, kills ? "137" : "3", kills ? 3 : 1) != 0)
        fail_msg("%s at '%s': %s", key, text, ran.out);
    ran_done(&ran);
    nothing_is_left(state);
    assert_string_equal(sql(state, DB_BRAIN, counted), before);
}

static void killed_at_every_statement(void **state)
{
    /* clang-format off */
    static const struct {
        const char *key;
        enum db_side side;
        const char *text;
    } points[] = {
        {"3.1", DB_BRAIN, "SET LOCAL lock_timeout"},
        {"3.1", DB_BRAIN, "INSERT INTO auth.users"},
        {"3.1", DB_BRAIN, "INSERT INTO auth.identities"},
        {"3.1", DB_BRAIN, "INSERT INTO public.user_profiles (user_id, name"},
        {"3.2", DB_BRAIN, "INSERT INTO public.user_profiles AS p"},
        {"3.2", DB_BRAIN, "UPDATE public.user_profiles"},
        {"3.2", DB_BRAIN, "INSERT INTO public.user_profiles (user_id, name"},
        {"3.3", DB_BOT,   "INSERT INTO public.user_trading_profiles"},
        {"4.2", DB_BRAIN, "INSERT INTO public.user_subscriptions"},
        {"4.2", DB_BRAIN, "UPDATE public.user_profiles"},
        {"4.2", DB_BRAIN, "SET CONSTRAINTS"},
        {"4.2", DB_BOT,   "INSERT INTO public.user_trading_profiles"},
        {"4.2", DB_BOT,   "UPDATE public.user_trading_profiles"},
        {"4.2", DB_BOT,   "SET CONSTRAINTS"},
        {"4.3", DB_BOT,   "UPDATE public.user_trading_profiles"},
    };
    /* clang-format on */
    size_t i;

    for (i = 0; i < ZM_COUNT(points); i++) /* the server sees the same, whichever of the two ends */
        strike(state, points[i].key, points[i].side, points[i].text, i % 2 == 1);
    says(state, 0, "$Z check 3.1", "inserts his own profile", NULL); /* the record of before */
}

/* ---- who may ---- */

static void who_may_not(void **state)
{
    sql(state, DB_BRAIN, "CREATE ROLE test_reader LOGIN BYPASSRLS IN ROLE pg_read_all_data");
    sql(state, DB_BOT, "CREATE ROLE test_reader LOGIN BYPASSRLS IN ROLE pg_read_all_data");
    says(state, 5,
         "sed 's/user = \"postgres\"/user = \"test_reader\"/' ${Z##* } > $D/reader;"
         " ${Z%% *} -c $D/reader check run 3.1 --yes",
         NULL, "may not act as authenticated");
    sql(state, DB_BRAIN, "GRANT authenticated, anon TO test_reader");
    says(state, 5, "chmod 600 $D/reader; ${Z%% *} -c $D/reader check run 3.1 --yes", NULL,
         "may not insert into auth.users");
    says(state, 0, "$Z check 3.1", "inserts his own profile", NULL); /* what is on record stays */
    nothing_is_left(state);
}

/* The trial is the admin's, the tier change is not. */
static void the_everyday_role_may_not(void **state)
{
    says(state, 0,
         "sed 's/user = \"postgres\";/user = \"test_reader\"; admin: { user = \"postgres\"; };/'"
         " ${Z##* } > $D/admin; chmod 600 $D/admin; grep -c test_reader $D/admin",
         "2", NULL);
    sql(state, DB_BRAIN,
        "REVOKE authenticated, anon FROM test_reader;"
        "GRANT INSERT ON public.user_activity TO test_reader");
    says(state, 0, "${Z%% *} -c $D/admin check run 3.1 --yes", "inserts his own profile", NULL);
    says(state, 1, "${Z%% *} -c $D/admin check run 4.2 --yes",
         "works for the admin role, but not for the everyday one: ZmartyBrain: this role may not"
         " update public.user_profiles(tier)",
         NULL);
    says(state, 1, "${Z%% *} -c $D/admin check run 4.3 --yes", "ZmartBot: this role may not update",
         NULL);
    sql(state, DB_BRAIN, "REVOKE INSERT ON public.user_activity FROM test_reader");
    says(state, 0, "$Z check run 4.2 --yes", NULL, NULL);
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

/* The demo's configuration, but over the proxies. */
static void lead_through(struct place *p)
{
    char address[160], line[1000];
    struct ran ran;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        snprintf(address, sizeof(address), "%s/.s.PGSQL.%s", p->demo.sockets[side],
                 DB_SERVERS_PORT);
        p->proxy[side] = proxy_start("127.0.0.1:0", address);
    }
    snprintf(p->through, sizeof(p->through), "%s/through", p->directory);
    snprintf(line, sizeof(line),
             "sed -e 's|host = \"%s\"; *port = [0-9]*|host = \"127.0.0.1\"; port = %s|'"
             " -e 's|host = \"%s\"; *port = [0-9]*|host = \"127.0.0.1\"; port = %s|' ${Z##* } >"
             " %s; chmod 600 %s; grep -c 127.0.0.1 %s",
             p->demo.sockets[DB_BRAIN], proxy_port(p->proxy[DB_BRAIN]), p->demo.sockets[DB_BOT],
             proxy_port(p->proxy[DB_BOT]), p->through, p->through, p->through);
    ran = run_line(p->demo.conf, p->directory, line);
    assert_holds(ran.out, "2");
    ran_done(&ran);
}

static int start(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));

    demo_start(&p->demo, 50, "--as-written");
    make_directory(p->directory);
    lead_through(p);
    *state = p;
    return 0;
}

static int stop(void **state)
{
    struct place *p = *state;

    proxy_stop(p->proxy[DB_BRAIN]);
    proxy_stop(p->proxy[DB_BOT]);
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
        cmocka_unit_test(as_the_auth_server_writes_it),
        cmocka_unit_test(a_trigger_makes_the_profile),
        cmocka_unit_test(triggers_that_fail_for_the_auth_server),
        cmocka_unit_test(a_trigger_waits_for_the_confirmation),
        cmocka_unit_test(policies_that_let_too_much),
        cmocka_unit_test(constraints_that_forbid),
        cmocka_unit_test(a_lock_is_no_finding),
        cmocka_unit_test(killed_at_every_statement),
        cmocka_unit_test(who_may_not),
        cmocka_unit_test(the_everyday_role_may_not),
        cmocka_unit_test(drift_of_the_safe_lane),
        cmocka_unit_test(after_hardening),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
