/*
 * Steps of the checklist whose session dies under them: after each command of a change of the
 * schema, tried or applied, and while an index is built concurrently. A schema is as before or as
 * it should be, never in between; an index that is left invalid is found, dropped and built again.
 */
#include "demo_place.h"

#include <libpq-fe.h>
#include <time.h>

#include "zm/clock.h"

static void admin(const struct place *p, enum db_side side, const char *sql)
{
    PGconn *conn = demo_connect(&p->demo, side, "supabase_admin");
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

/* Whatever a step may change: row security, rights, policies, constraints, indexes, roles. */
static void picture(const struct place *p, enum db_side side, char ret[40])
{
    snprintf(
        ret, 40, "%.38s",
        demo_sql(
            &p->demo, side,
            "SELECT md5(string_agg(x, E'\\n' ORDER BY x)) FROM ("
            "SELECT c.relname || c.relrowsecurity || coalesce(c.relacl::text, '') FROM"
            " pg_class c WHERE c.relnamespace = 'public'::regnamespace "
            "UNION ALL SELECT a.attrelid::regclass::text || a.attname || a.attacl::text FROM"
            " pg_attribute a WHERE a.attacl IS NOT NULL "
            "UNION ALL SELECT a.attrelid::regclass::text || a.attname || a.atttypid::text ||"
            " a.attnotnull || coalesce(pg_get_expr(d.adbin, d.adrelid), '') FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid ="
            " a.attrelid AND d.adnum = a.attnum WHERE c.relnamespace = 'public'::regnamespace "
            "UNION ALL SELECT p::text FROM pg_policies p "
            "UNION ALL SELECT c.conrelid::regclass || pg_get_constraintdef(c.oid) FROM"
            " pg_constraint c WHERE c.connamespace = 'public'::regnamespace "
            "UNION ALL SELECT i::text FROM pg_indexes i WHERE schemaname = 'public' "
            "UNION ALL SELECT rolname FROM pg_roles "
            "UNION ALL SELECT nspname || coalesce(nspacl::text, '') FROM pg_namespace"
            " WHERE nspname !~ '^pg_') s(x)"));
}

/* The session dies after its n-th command from now on that changes the schema. */
static void arm(const struct place *p, enum db_side side, int n)
{
    char sql[1024];

    snprintf(
        sql, sizeof(sql),
        "CREATE SCHEMA test_kill; CREATE SEQUENCE test_kill.n; GRANT ALL ON SCHEMA test_kill TO"
        " PUBLIC; GRANT ALL ON SEQUENCE test_kill.n TO PUBLIC;"
        "CREATE FUNCTION test_kill.f() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER"
        " AS $$ BEGIN IF nextval('test_kill.n') = %d THEN PERFORM"
        " pg_terminate_backend(pg_backend_pid()); END IF; END $$;"
        "CREATE EVENT TRIGGER test_kill ON ddl_command_end EXECUTE FUNCTION test_kill.f()",
        n);
    admin(p, side, sql);
}

static bool disarm(const struct place *p, enum db_side side, int n)
{
    char last[32];

    snprintf(last, sizeof(last), "%.30s",
             demo_sql(&p->demo, side, "SELECT last_value FROM test_kill.n"));
    admin(p, side,
          "SET client_min_messages = warning; DROP EVENT TRIGGER test_kill; DROP SCHEMA test_kill "
          "CASCADE");
    return strtol(last, NULL, 10) >= n;
}

static void killed_after_each_command(const struct place *p, enum db_side side, const char *key)
{
    char before[40], after[40], line[64];
    bool killed = true;
    struct ran ran;
    int n;

    snprintf(line, sizeof(line), "$Z check run %s --yes", key);
    picture(p, side, before);
    for (n = 1; killed; n += n < 5 ? 1 : 4) { /* many are of one kind */
        assert_true(n < 200);
        arm(p, side, n);
        ran = run(p, line);
        killed = disarm(p, side, n);
        picture(p, side, after);
        if (killed) {
            assert_ran(&ran, 3);
            assert_holds(ran.err, "nothing was kept");
            if (strcmp(before, after) != 0)
                fail_msg("%s was half done, killed after %d commands", key, n);
        } else {
            assert_ran(&ran, 0);
            assert_string_not_equal(after, before);
        }
        ran_done(&ran);
    }
    assert_true(n > 2); /* at least once it was killed */
}

static void changes_of_the_schema(void **state)
{
    static const struct {
        enum db_side side;
        const char *key;
    } steps[] = {{DB_BRAIN, "6.1"}, {DB_BOT, "6.2"},    {DB_BRAIN, "6.3"}, {DB_BOT, "6.4"},
                 {DB_BRAIN, "6.5"}, {DB_BRAIN, "6.12"}, {DB_BRAIN, "6.13"}};
    size_t i;

    for (i = 0; i < ZM_COUNT(steps); i++)
        killed_after_each_command(*state, steps[i].side, steps[i].key);
}

/* Tables that are made, and one of an older shape that is changed column by column. */
static void tables_of_the_document(void **state)
{
    static const struct {
        enum db_side side;
        const char *key;
    } steps[] = {{DB_BRAIN, "1.2"}, {DB_BOT, "2.5"}, {DB_BOT, "2.9"}};
    struct ran ran;
    size_t i;

    admin(*state, DB_BRAIN, "DROP TABLE public.user_profiles");
    admin(*state, DB_BOT,
          "DROP POLICY \"Public read\" ON public.user_trading_profiles;"
          "ALTER TABLE public.user_trades ADD trade_type text, ALTER created_at TYPE timestamptz,"
          " ADD CHECK (status <> ''), DROP COLUMN executed_at;"
          "UPDATE public.user_trades SET trade_type = coalesce(side, '');"
          "ALTER TABLE public.user_trades ALTER trade_type SET NOT NULL");
    for (i = 0; i < ZM_COUNT(steps); i++)
        killed_after_each_command(*state, steps[i].side, steps[i].key);
    ran = run(*state, "$Z check run 1 --yes && $Z check run 2 --yes && $Z check 1 && $Z check 2");
    assert_ran(&ran, 0);
    ran_done(&ran);
}

/* Waits until a query of ZmartyBrain says so. */
static void await(const struct place *p, const char *sql)
{
    int64_t deadline = zm_now_ms() + 20000;

    while (strcmp(demo_sql(&p->demo, DB_BRAIN, sql), "t") != 0) {
        if (zm_now_ms() > deadline)
            fail_msg("not within 20 s: %s", sql);
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
}

static void an_index_that_is_left_behind(void **state)
{
    struct place *p = *state;
    PGconn *old = demo_connect(&p->demo, DB_BRAIN, "postgres");
    struct ran ran;

    /* what an index that is built concurrently waits for */
    PQclear(PQexec(old, "BEGIN ISOLATION LEVEL REPEATABLE READ"));
    PQclear(PQexec(old, "SELECT count(*) FROM public.user_profiles"));
    ran = run(p, "($Z check run 6.10 --yes > $D/built 2>&1; echo $? > $D/code) > /dev/null 2>&1 &");
    ran_done(&ran);
    await(p, "SELECT EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)");
    await(p, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND"
             " wait_event_type = 'Lock')");
    admin(p, DB_BRAIN,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE"
          " 'CREATE INDEX%' AND pid <> pg_backend_pid()");
    PQfinish(old);
    ran = run(p, "until test -s $D/code; do sleep 0.05; done; cat $D/code $D/built");
    assert_true(ran.out[0] != '0');
    ran_done(&ran);

    await(p, "SELECT EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)");
    ran = run(p, "$Z check 6.10");
    assert_ran(&ran, 1);
    assert_holds(ran.out, "DROP INDEX CONCURRENTLY");
    ran_done(&ran);
    ran = run(p, "$Z check run 6.10 --yes");
    assert_ran(&ran, 0);
    ran_done(&ran);
    await(p, "SELECT NOT EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)");
}

static int start(void **state)
{
    return start_place(state, 50, "--as-written");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_the_document),
        cmocka_unit_test(changes_of_the_schema),
        cmocka_unit_test(an_index_that_is_left_behind),
    };

    return cmocka_run_group_tests(tests, start, stop_place);
}
