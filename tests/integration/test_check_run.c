/*
 * Steps of the checklist as a deployer performs them: from two projects without the document's
 * tables to a signed item 6; two operators at once, locks of others, the admin connection, a
 * transaction pooler.
 */
#include "run_command.h"

#include <libpq-fe.h>

#include "support/bouncer.h"
#include "support/demo.h"

struct place {
    struct demo demo;
    char directory[64];
};

/* $A is the program as an operator of her own, $B as her with the profile's admin connection. */
static struct ran run(const struct place *p, const char *line)
{
    struct zm_buf text = {.s = NULL};
    struct ran ran;

    zm_buf_printf(&text, "A=\"${Z%%%% *} -c $D/alice.conf\"; B=\"${Z%%%% *} -c $D/admin.conf\"; %s",
                  line);
    ran = run_line(p->demo.conf, p->directory, text.s);
    zm_buf_done(&text);
    return ran;
}

static void says(const struct place *p, int code, const char *line, const char *out,
                 const char *err)
{
    struct ran ran = run(p, line);

    if (ran.code != code)
        fail_msg("%s: exit code %d, not %d; %.900s; %.900s", line, ran.code, code, ran.out,
                 ran.err);
    if (out)
        assert_holds(ran.out, out);
    if (err)
        assert_holds(ran.err, err);
    ran_done(&ran);
}

static void sql(const struct place *p, enum db_side side, const char *text)
{
    demo_sql(&p->demo, side, text);
}

/* Of ZmartyBrain. */
static void is(const struct place *p, const char *query, const char *value)
{
    assert_string_equal(demo_sql(&p->demo, DB_BRAIN, query), value);
}

static int start(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));
    struct ran ran;
    int side;

    demo_start(&p->demo, 50, "--as-written");
    make_directory(p->directory);
    for (side = 0; side < DB_SIDES; side++) {
        sql(p, (enum db_side)side,
            side == DB_BRAIN
                ? "DROP TABLE public.user_profiles, public.user_subscriptions, public.user_activity"
                : "DROP TABLE public.user_trading_profiles, public.user_portfolios,"
                  " public.user_strategies, public.user_trades, public.user_api_keys");
        /* as projects are today: what is made is granted to nobody */
        sql(p, (enum db_side)side,
            "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public"
            " REVOKE ALL ON TABLES FROM anon, authenticated, service_role");
    }
    ran = run(p, "umask 077; sed 's/user = \"postgres\";/user = \"op_alice\";/' ${Z##* } >"
                 " $D/alice.conf && sed 's/user = \"postgres\";/user = \"op_alice\"; admin: { user"
                 " = \"postgres\"; };/' ${Z##* } > $D/admin.conf");
    assert_ran(&ran, 0);
    ran_done(&ran);
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

/* ---- */

static void tables_are_made(void **state)
{
    static const char *const of_item_6[] = {"6.1", "6.4", "6.6", "6.7", "6.8", "6.9", "6.12"};
    const struct place *p = *state;
    char line[64];
    size_t i;

    says(p, 1, "$Z check 1", "missing", NULL);
    /* nothing is closed in tables that are not there */
    for (i = 0; i < ZM_COUNT(of_item_6); i++) {
        snprintf(line, sizeof(line), "$Z check %s --json", of_item_6[i]);
        says(p, 1, line, "\"state\":\"blocked\"", NULL);
    }
    says(p, 1, "$Z check 6.12", "there is no table user_activity", NULL);
    says(p, 0, "$Z check run 1.2 --dry-run", NULL, "tried and rolled back");
    says(p, 1, "$Z check 1.2", "missing", NULL);
    says(p, 5, "$Z check run 1.6 --yes", NULL, "needs 1.2 1.5 first");
    says(p, 0, "$Z check run 1 --yes", "as the document has it",
         "CREATE TABLE public.user_activity");
    says(p, 0, "$Z check run 2 --yes", NULL, NULL);
    says(p, 0, "$Z check 1", "[ok]", NULL);
    says(p, 0, "$Z check 2", "cryptometer_* 9, 3 of them views", NULL);
    says(p, 0, "$Z check run 1 --yes", NULL, "ok already");
    says(p, 0, "$Z check sign 1 --note 'as in the document' --yes", NULL, NULL);
    says(p, 0, "$Z check sign 2 --note 'as in the document' --yes", NULL, NULL);
    says(p, 0, "$Z check 1 --json", "\"item\":1,\"step\":null,", NULL);
}

/* Hardening makes no earlier signature stale; undoing or altering an object does, until it is as it
 * was. */
static void hardening_keeps_signatures(void **state)
{
    static const char *const undo[][2] = {
        {"ALTER TABLE public.user_profiles DISABLE ROW LEVEL SECURITY",
         "ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY"},
        {"ALTER TABLE public.user_activity ADD COLUMN more text",
         "ALTER TABLE public.user_activity DROP COLUMN more"},
        {"ALTER POLICY \"Users can view own profile\" ON public.user_profiles USING (true)",
         "ALTER POLICY \"Users can view own profile\" ON public.user_profiles"
         " USING ((SELECT auth.uid()) = user_id)"},
        {"REVOKE UPDATE ON public.user_subscriptions FROM service_role",
         "GRANT UPDATE ON public.user_subscriptions TO service_role"},
    };
    const struct place *p = *state;
    size_t i;

    says(p, 0, "$Z check run 6 --yes", "row security is on", NULL);
    for (i = 0; i < ZM_COUNT(undo); i++) {
        says(p, 0, "$Z check 1", "signed", NULL);
        sql(p, DB_BRAIN, undo[i][0]);
        says(p, 1, "$Z check 1", "for what has changed since", NULL);
        sql(p, DB_BRAIN, undo[i][1]);
    }
    says(p, 0, "$Z check 2", "as in the document", NULL);
}

static void production_is_signed_last(void **state)
{
    const struct place *p = *state;

    says(p, 1, "$Z check 6.17", "3, 4, 5 not signed", NULL);
    says(p, 0, "$Z check sign 6.18 --note 'restored on staging' --yes", NULL, NULL);
    says(p, 0, "$Z check sign 6.19 --note 'Ana, by the runbook' --yes", NULL, NULL);
    says(p, 0, "$Z -p demo check sign 6.20 --note ok --yes", NULL, NULL);
    says(p, 5, "$Z check sign 6 --note ok --yes", NULL, "6.16 fail, 6.17 waiting");
    says(p, 0, "$Z check waive 6.16 --note test --until 2099-01-01 --yes", NULL, NULL);
    says(p, 5, "$Z check sign 6 --note ok --yes", NULL, "6.17 waiting");
    says(p, 5, "$Z check waive 6.17 --note test --until 2099-01-01 --yes", NULL,
         "step 6.17 is never waived");
    says(p, 0, "$Z check unsign 6.20 --note 'the wrong pair' --yes", NULL, NULL);
    says(p, 5, "$Z check waive 6.20 --note test --until 2099-01-01 --yes", NULL,
         "step 6.20 is never waived");
    says(p, 0, "$Z -p demo check sign 6.20 --note ok --yes", NULL, NULL);
    says(p, 0,
         "for s in 3.1 3.2 3.3 3.4 3.5 4.1 4.2 4.3 4.4 5.1 5.2 5.3 5.4 5.5 5.6 5.7 5.8; do"
         " $Z check waive $s --note test --until 2099-01-01 --yes; done >/dev/null 2>&1;"
         " for i in 3 4 5; do $Z check sign $i --note test --yes || exit 1; done",
         NULL, NULL);
    says(p, 0, "$Z check 6.17", "1 to 5 are signed", NULL);

    /* whatever is waived: not while the application's users may write the journal */
    sql(p, DB_BRAIN,
        "ALTER TABLE public.user_activity DISABLE ROW LEVEL SECURITY;"
        "GRANT INSERT ON public.user_activity TO authenticated");
    says(p, 0, "$Z check waive 6.1 --note test --until 2099-01-01 --yes", NULL, NULL);
    says(p, 0, "$Z check waive 6.5 --note test --until 2099-01-01 --yes", NULL, NULL);
    says(p, 0, "$Z check 6", "waived until 2099-01-01", NULL);
    says(p, 5, "$Z check sign 6 --note ok --yes", NULL, "the journal is unprotected");
    says(p, 0, "$Z check run 6.1 --yes", NULL, NULL);
    says(p, 0, "$Z check run 6.5 --yes", NULL, NULL);
    says(p, 0, "$Z check sign 6 --note 'T-1 deployed' --yes", "T-1 deployed", NULL);
    says(p, 0, "$Z check 6", "signed", NULL);
    says(p, 0, "$Z check", NULL, NULL); /* every item is signed */
    says(p, 0, "$Z check unsign 3 --note 'not yet' --yes", NULL, NULL);
    says(p, 1, "$Z check", NULL, NULL);
    says(p, 1, "$Z check 6", "3 not signed", NULL); /* and no waiver hides it */
    says(p, 0, "$Z check sign 3 --note test --yes", NULL, NULL);
    sql(p, DB_BRAIN, "DROP INDEX public.user_activity_journal_idx");
    says(p, 1, "$Z check 6", "for what has changed since", NULL);
    says(p, 0, "$Z check run 6.10 --yes", NULL, NULL);
    says(p, 0, "$Z check 6", "signed", NULL);
}

/* What is applied was tried and rolled back before: a sequence, which no rollback sets back, has
 * counted both. */
static void applied_after_a_trial(void **state)
{
    const struct place *p = *state;

    sql(p, DB_BRAIN,
        "ALTER TABLE public.user_subscriptions DISABLE ROW LEVEL SECURITY;"
        "CREATE SEQUENCE public.test_tries; GRANT ALL ON public.test_tries TO PUBLIC;"
        "CREATE FUNCTION public.test_try() RETURNS event_trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM nextval('public.test_tries'); END $$;"
        "CREATE EVENT TRIGGER test_try ON ddl_command_end WHEN TAG IN ('ALTER TABLE')"
        " EXECUTE FUNCTION public.test_try()");
    says(p, 0, "$Z check run 6.1 --dry-run", NULL, "tried and rolled back");
    is(p, "SELECT last_value FROM public.test_tries", "1");
    says(p, 0, "$Z check run 6.1 --yes", NULL, NULL);
    is(p, "SELECT last_value FROM public.test_tries", "3");
    sql(p, DB_BRAIN,
        "DROP EVENT TRIGGER test_try; DROP FUNCTION public.test_try(); DROP SEQUENCE"
        " public.test_tries");
}

#define DROP_POLICY "DROP POLICY \"Users can view own rows\" ON public.user_subscriptions"

static void two_at_once(void **state)
{
    const struct place *p = *state;
    int i;

    for (i = 0; i < 3; i++) {
        sql(p, DB_BRAIN, DROP_POLICY);
        says(p, 0,
             "$Z check run 6.3 --yes > $D/other 2>&1 & $Z check run 6.3 --yes; ours=$?; wait $!;"
             " theirs=$?; cat $D/other; exit $((ours + theirs))",
             NULL, NULL);
        says(p, 0, "$Z check 6.3", NULL, NULL);
    }
}

/* Somebody else holds what the step needs: it gives up, and says who. */
static void locks_are_named(void **state)
{
    const struct place *p = *state;
    PGconn *other = demo_connect(&p->demo, DB_BRAIN, "postgres");

    sql(p, DB_BRAIN, DROP_POLICY);
    PQclear(PQexec(other, "SET application_name = 'nightly report'; BEGIN;"
                          " LOCK TABLE public.user_subscriptions IN ACCESS SHARE MODE"));
    says(p, 5, "$Z check run 6.3 --yes", NULL, "role postgres, application nightly report");
    PQclear(PQexec(other, "COMMIT; BEGIN; SELECT pg_advisory_xact_lock(hashtextextended("
                          "'zmartctl schema', 7731))"));
    says(p, 5, "$Z check run 6.3 --dry-run", NULL, "application nightly report");
    PQfinish(other);
    says(p, 1, "$Z check 6.3", NULL, NULL);
    says(p, 0, "$Z check run 6.3 --yes", NULL, NULL);
}

/* Who is no owner sees what he cannot perform, and why; the admin connection performs it, and is
 * opened for nothing else. */
static void an_operator(void **state)
{
    const struct place *p = *state;

    sql(p, DB_BRAIN, "CREATE ROLE op_alice LOGIN IN ROLE zmart_operator");
    sql(p, DB_BOT, "CREATE ROLE op_alice LOGIN IN ROLE zmart_operator");
    says(p, 0, "$A check 6.16", "op_alice", NULL);
    says(p, 0, "$A check 1", NULL, NULL);
    says(p, 0, "$A check unsign 6.19 --note 'who is it today' --yes", NULL, NULL);
    says(p, 0, "$A check sign 6.19 --note 'Bo, by the runbook' --yes", "Bo, by", NULL);
    sql(p, DB_BRAIN,
        DROP_POLICY ";DROP VIEW zmartctl.users; DROP INDEX public.user_activity_journal_idx");
    says(p, 1, "$A check 6.3",
         "op_alice does not own user_subscriptions (postgres), and the profile"
         " has no admin for brain",
         NULL);
    says(p, 5, "$A check run 6.3 --yes", NULL, "does not own");
    says(p, 1, "$A check 6.13", "op_alice may not create schemas", NULL);
    says(p, 5, "$A check run 6.10 --yes", NULL, "op_alice does not own user_activity");

    sql(p, DB_BRAIN, "ALTER ROLE postgres CONNECTION LIMIT 0");
    says(p, 1, "$B check 6.3", "CREATE POLICY", NULL);
    says(p, 3, "$B check run 6.3 --yes", NULL, "too many connections for role");
    sql(p, DB_BRAIN, "ALTER ROLE postgres CONNECTION LIMIT -1");
    says(p, 0, "$B check run 6.3 --yes", NULL, NULL);
    says(p, 0, "$B check run 6.10 --yes", NULL, NULL);
    says(p, 0, "$B check run 6.13 --yes", NULL, NULL);
    is(p, "SELECT relowner::regrole FROM pg_class WHERE relname = 'user_activity_journal_idx'",
       "postgres");
    is(p,
       "SELECT metadata->>'db_role' FROM public.user_activity WHERE action ="
       " 'zmartctl.check_run' ORDER BY created_at DESC LIMIT 1",
       "op_alice");
    sql(p, DB_BRAIN, "DROP TABLE public.user_subscriptions");
    says(p, 1, "$A check 1.3", "op_alice may not create in schema public", NULL);
    says(p, 0, "$B check run 1.3 --yes && $B check run 6.1 --yes && $B check run 6.3 --yes", NULL,
         NULL);
}

/* Behind a transaction pooler the schema is changed, but no index is built. */
static void through_a_pooler(void **state)
{
    struct place *p = *state;
    struct bouncer bouncer;
    char line[400];
    struct ran ran;

    bouncer_start(&bouncer, p->demo.sockets[DB_BRAIN], "5432", "transaction", 2);
    snprintf(line, sizeof(line),
             "umask 077; sed '/ brain:/s#host = \"[^\"]*\"; port = 5432#host = \"%s\"; port "
             "= " BOUNCER_PORT "#' ${Z##* } > $D/pooled.conf",
             bouncer.directory);
    ran = run(p, line);
    assert_ran(&ran, 0);
    ran_done(&ran);
    sql(p, DB_BRAIN, DROP_POLICY ";DROP INDEX public.user_activity_journal_idx");
    says(p, 1, "${Z%% *} -c $D/pooled.conf check 6.10", "through a transaction pooler", NULL);
    says(p, 5, "${Z%% *} -c $D/pooled.conf check run 6.10 --yes", NULL, "transaction pooler");
    says(p, 0, "${Z%% *} -c $D/pooled.conf check run 6.3 --yes", NULL, NULL);
    bouncer_stop(&bouncer);
    says(p, 0, "$Z check 6.3", NULL, NULL);
    says(p, 5, "$Z check run 6.10 --dry-run", NULL, "cannot be tried");
    says(p, 0, "$Z check run 6.10 --yes", NULL, "on a session of its own");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_made),
        cmocka_unit_test(hardening_keeps_signatures),
        cmocka_unit_test(production_is_signed_last),
        cmocka_unit_test(applied_after_a_trial),
        cmocka_unit_test(two_at_once),
        cmocka_unit_test(locks_are_named),
        cmocka_unit_test(an_operator),
        cmocka_unit_test(through_a_pooler),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
