/*
 * `zmartctl drift` when something is wrong: a side that is away, dies or freezes at any moment,
 * rows that are hidden, tables that are missing. Nobody looked, so it is exit code 3 with the side
 * and the reason, and a summary that knows nothing; and the next time, when all is well, all is
 * found.
 */
#include "compare_lines.h"
#include "drift_place.h"

#include <pthread.h>
#include <signal.h>

#include "support/process.h"
#include "zm/clock.h"

#define HELD_MS 20000

/* Everybody is alike in both but for ten. */
static const char brain_people[] =
    "INSERT INTO auth.users (id, email) SELECT pid(n), 'u' || n || '@example.com'"
    "  FROM generate_series(1, 3000) n;"
    "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n), 'free'"
    "  FROM generate_series(1, 3000) n; ANALYZE";
static const char bot_people[] =
    "INSERT INTO public.user_trading_profiles (user_id, email, tier) SELECT pid(n),"
    "  CASE WHEN n % 300 = 7 THEN 'old' ELSE '' END || 'u' || n || '@example.com', 'free'"
    "  FROM generate_series(1, 3000) n; ANALYZE";

/* ---- what happens ---- */

static void halt(struct drift_place *place, enum db_side side)
{
    cluster_halt(&place->people.cluster[side]);
}

static void resume(struct drift_place *place, enum db_side side)
{
    cluster_resume(&place->people.cluster[side]);
}

static void terminate(struct drift_place *place, enum db_side side)
{
    people_sql(&place->people, side,
               "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
               " WHERE application_name = 'zmartctl'");
}

static void freeze(struct drift_place *place, enum db_side side)
{
    process_signal_tree(place->people.cluster[side].pid, SIGSTOP);
}

static void thaw(struct drift_place *place, enum db_side side)
{
    process_signal_tree(place->people.cluster[side].pid, SIGCONT);
}

static void reset(struct drift_place *place, enum db_side side)
{
    proxy_reset(place->proxy[side]);
}

static void swallow(struct drift_place *place, enum db_side side)
{
    proxy_blackhole(place->proxy[side], true);
}

static void flow(struct drift_place *place, enum db_side side)
{
    proxy_blackhole(place->proxy[side], false);
}

#define SUMS_BRAIN "count(w.login) AS users"
#define SUMS_BOT "count(*) AS users"
#define TRADERS "ANY ($1::uuid[])\n ORDER BY t.user_id"

/* When it strikes: before the program starts, or when `text` is sent after `since` was. */
static const struct fault {
    const char *name;
    enum db_side side;
    const char *since, *text;
    void (*strike)(struct drift_place *place, enum db_side side);
    void (*undo)(struct drift_place *place, enum db_side side);
    const char *says; /* beside the name of the side */
} faults[] = {
    {"brain is away", DB_BRAIN, NULL, NULL, halt, resume, "cannot connect"},
    {"bot is away", DB_BOT, NULL, NULL, halt, resume, "cannot connect"},
    {"bot is frozen", DB_BOT, NULL, NULL, freeze, thaw, "cannot connect"},
    {"brain's line is dead", DB_BRAIN, NULL, NULL, swallow, flow, "cannot connect"},
    {"brain ends it while it adds", DB_BRAIN, "", SUMS_BRAIN, terminate, NULL, "terminat"},
    {"bot ends it while it adds", DB_BOT, "", SUMS_BOT, terminate, NULL, "terminat"},
    {"bot crashes while it adds", DB_BOT, "", SUMS_BOT, halt, resume, ""},
    {"bot's line breaks while it adds", DB_BOT, "", SUMS_BOT, reset, NULL, ""},
    {"bot crashes at the second look", DB_BOT, "ROLLBACK", TRADERS, halt, resume, ""},
    {"bot freezes at the second look", DB_BOT, "ROLLBACK", TRADERS, freeze, thaw, ""},
};

struct striking {
    struct drift_place *place;
    const struct fault *fault;
    bool held;
};

static void *strike_when_held(void *arg)
{
    struct striking *s = arg;
    struct proxy *proxy = s->place->proxy[s->fault->side];

    s->held = proxy_wait_held(proxy, HELD_MS);
    if (s->held)
        s->fault->strike(s->place, s->fault->side);
    proxy_release(proxy);
    return NULL;
}

/* ---- what is said ---- */

/* All that there is on stdout: what is not known is null, and nobody is reported. */
static const char nothing_known[] =
    "{\"summary\":true,\"brain_users\":null,\"bot_profiles\":null,\"classes\":{"
    "\"tier_differs\":null,\"email_differs\":null,\"missing_in_bot\":null,"
    "\"missing_profile\":null,\"flags_exceed_tier\":null,\"deleted_in_brain\":null,"
    "\"orphan_in_bot\":null,\"duplicate_in_bot\":null,\"duplicate_profile\":null,"
    "\"invalid_tier\":null,\"subscription_differs\":null,\"no_email\":null},"
    "\"seconds\":null,\"confirm_seconds\":null}\n";

static void assert_nobody_looked(const struct ran *ran, const char *name, enum db_side side,
                                 const char *says)
{
    if (ran->code != 3)
        fail_msg("%s: exit code %d: %.300s %.300s", name, ran->code, ran->out, ran->err);
    if (!zm_streq(ran->out, nothing_known))
        fail_msg("%s: it says '%.600s'", name, ran->out);
    if (!strstr(ran->err, db_side_name(side)) || !strstr(ran->err, says))
        fail_msg("%s: neither '%s' nor '%s' in '%.300s'", name, db_side_name(side), says, ran->err);
    if (getenv("ZM_TEST_VERBOSE"))
        fprintf(stderr, "%s: %s\n", name, ran->err);
}

static void assert_all_found(const struct drift_place *place, const char *after)
{
    struct ran ran = place_run(place, "$Z drift --json");

    if (ran.code != 1 || count_lines(ran.out) != 11)
        fail_msg("after %s: exit code %d: %.300s %.300s", after, ran.code, ran.out, ran.err);
    ran_done(&ran);
}

static void run_fault(struct drift_place *place, const struct fault *fault)
{
    struct striking s = {place, fault, false};
    pthread_t thread;
    struct ran ran;

    if (fault->text) {
        proxy_hold_since(place->proxy[fault->side], fault->since, fault->text, 1,
                         PROXY_HOLD_BEFORE);
        assert_int_equal(pthread_create(&thread, NULL, strike_when_held, &s), 0);
    } else {
        fault->strike(place, fault->side);
    }
    ran = place_run(place, "$Z drift --json");
    if (fault->text) {
        pthread_join(thread, NULL);
        if (!s.held)
            fail_msg("%s: it did not come there: %s %s", fault->name, ran.out, ran.err);
    }
    if (fault->undo)
        fault->undo(place, fault->side);
    assert_nobody_looked(&ran, fault->name, fault->side, fault->says);
    ran_done(&ran);
}

static void a_side_fails(void **state)
{
    struct drift_place *place = *state;
    size_t i;

    for (i = 0; i < ZM_COUNT(faults); i++)
        run_fault(place, &faults[i]);
}

/* ---- what may not be read ---- */

#define REVOKE(what) "REVOKE SELECT ON " what " FROM plain"
#define GRANT(what) "GRANT SELECT ON " what " TO plain"
#define HIDE(what) "DROP POLICY zc_read ON " what
#define SHOW(what) "CREATE POLICY zc_read ON " what " FOR SELECT TO plain USING (true)"
#define RENAME(a, b) "ALTER TABLE public." a " RENAME TO " b

static const struct {
    enum db_side side;
    const char *before, *after, *says;
} lacks[] = {
    {DB_BRAIN, REVOKE("public.user_profiles"), GRANT("public.user_profiles"), "user_profiles"},
    {DB_BRAIN, REVOKE("public.user_subscriptions"), GRANT("public.user_subscriptions"),
     "user_subscriptions"},
    {DB_BRAIN, REVOKE("zmartctl.users"), GRANT("zmartctl.users"), "users"},
    {DB_BOT, REVOKE("public.user_trading_profiles"), GRANT("public.user_trading_profiles"),
     "user_trading_profiles"},
    {DB_BRAIN, HIDE("public.user_profiles"), SHOW("public.user_profiles"), "user_profiles"},
    {DB_BRAIN, HIDE("public.user_subscriptions"), SHOW("public.user_subscriptions"),
     "user_subscriptions"},
    {DB_BOT,
     HIDE("public.user_trading_profiles") ";DROP POLICY \"Public read\" ON"
                                          " public.user_trading_profiles",
     SHOW("public.user_trading_profiles"), "user_trading_profiles"},
    {DB_BOT, "ALTER POLICY zc_read ON public.user_trading_profiles USING (user_id = auth.uid())",
     "ALTER POLICY zc_read ON public.user_trading_profiles USING (true)", "user_trading_profiles"},
    {DB_BRAIN,
     "CREATE POLICY less ON public.user_profiles AS RESTRICTIVE FOR SELECT USING (tier <> 'pro')",
     "DROP POLICY less ON public.user_profiles", "user_profiles"},
    {DB_BOT,
     RENAME("user_trading_profiles",
            "x") ";CREATE VIEW public.user_trading_profiles WITH"
                 " (security_invoker) AS SELECT * FROM public.x;"
                 "ALTER VIEW public.user_trading_profiles OWNER TO postgres;"
                 "GRANT SELECT ON public.user_trading_profiles TO plain;"
                 "ALTER POLICY zc_read ON public.x USING (user_id ="
                 " auth.uid())",
     "DROP VIEW public.user_trading_profiles;" RENAME(
         "x", "user_trading_profiles") ";ALTER POLICY zc_read ON public.user_trading_profiles USING"
                                       " (true)",
     "user_trading_profiles"},
    {DB_BRAIN, RENAME("user_profiles", "x"), RENAME("x", "user_profiles"), "user_profiles"},
    {DB_BOT, RENAME("user_trading_profiles", "x"), RENAME("x", "user_trading_profiles"),
     "user_trading_profiles"},
};

static void tables_may_not_be_read(void **state)
{
    struct drift_place *place = *state;
    struct ran ran;
    size_t i;

    place_conf(place, "plain");
    for (i = 0; i < ZM_COUNT(lacks); i++) {
        people_sql(&place->people, lacks[i].side, lacks[i].before);
        ran = place_run(place, "$Z drift --json");
        people_sql(&place->people, lacks[i].side, lacks[i].after);
        assert_nobody_looked(&ran, lacks[i].before, lacks[i].side, lacks[i].says);
        ran_done(&ran);
    }
    assert_all_found(place, "all of that");
    place_conf(place, "postgres");
}

/* A table that is missing costs its class: null, and nobody looked who asks for that class. */
static void without_subscriptions(void **state)
{
    struct drift_place *place = *state;
    struct ran ran;

    people_sql(&place->people, DB_BRAIN, RENAME("user_subscriptions", "x"));
    ran = place_run(place, "$Z drift --json");
    assert_ran(&ran, 1);
    assert_holds(ran.out, "\"subscription_differs\":null");
    assert_holds(ran.err, "there is no table public.user_subscriptions");
    ran_done(&ran);
    ran = place_run(place, "$Z drift --json --class subscription_differs");
    assert_ran(&ran, 3);
    assert_holds(ran.out, "\"subscription_differs\":null");
    assert_holds(ran.err, "there is no table public.user_subscriptions");
    ran_done(&ran);
    people_sql(&place->people, DB_BRAIN, RENAME("x", "user_subscriptions"));
}

/* A column that is missing costs the classes that need it, and no other. */
static void without_columns(void **state)
{
    static const struct {
        enum db_side side;
        const char *table, *column, *lost, *kept; /* of the summary */
    } columns[] = {
        {DB_BOT, "user_trading_profiles", "email", "\"email_differs\":null", "\"tier_differs\":0,"},
        {DB_BOT, "user_trading_profiles", "tier", "\"tier_differs\":null", "\"email_differs\":10,"},
        {DB_BRAIN, "user_profiles", "tier", "\"flags_exceed_tier\":null", "\"email_differs\":10,"},
    };
    struct drift_place *place = *state;
    char sql[160], name[80];
    struct ran ran;
    size_t i;

    people_sql(&place->people, DB_BOT,
               "DELETE FROM public.user_trading_profiles WHERE user_id = pid(3)");
    for (i = 0; i < ZM_COUNT(columns); i++) {
        snprintf(sql, sizeof(sql), "ALTER TABLE public.%s RENAME %s TO x", columns[i].table,
                 columns[i].column);
        snprintf(name, sizeof(name), "public.%s(%s)", columns[i].table, columns[i].column);
        people_sql(&place->people, columns[i].side, sql);
        ran = place_run(place, "$Z drift --json");
        assert_ran(&ran, 1);
        assert_holds(ran.out, columns[i].lost);
        assert_holds(ran.out, columns[i].kept);
        assert_holds(ran.out, "\"missing_in_bot\":1,");
        assert_holds(ran.err, name);
        ran_done(&ran);
        snprintf(sql, sizeof(sql), "ALTER TABLE public.%s RENAME x TO %s", columns[i].table,
                 columns[i].column);
        people_sql(&place->people, columns[i].side, sql);
    }
    people_sql(&place->people, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
               " VALUES (pid(3), 'u3@example.com', 'free')");
}

/* A row of nobody is no reason to know nothing of all the others. */
static void a_row_without_a_user(void **state)
{
    struct drift_place *place = *state;

    people_sql(&place->people, DB_BOT,
               "ALTER TABLE public.user_trading_profiles ALTER user_id DROP NOT NULL;"
               "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
               " VALUES (NULL, 'nobody@example.com', 'pro')");
    assert_all_found(place, "a row without a user");
    people_sql(&place->people, DB_BOT,
               "DELETE FROM public.user_trading_profiles WHERE user_id IS NULL;"
               "ALTER TABLE public.user_trading_profiles ALTER user_id SET NOT NULL");
}

/* ---- how long it may take ---- */

/* Every row takes a moment. */
static const char be_slow[] =
    "ALTER TABLE public.user_trading_profiles RENAME TO x;"
    "CREATE VIEW public.user_trading_profiles AS SELECT x.* FROM public.x,"
    " LATERAL (SELECT CASE WHEN x.email IS NOT NULL THEN pg_sleep(0.02)::text END OFFSET 0) s;"
    "ALTER VIEW public.user_trading_profiles OWNER TO postgres";
static const char be_fast[] = "DROP VIEW public.user_trading_profiles;"
                              "ALTER TABLE public.x RENAME TO user_trading_profiles";

/* What the role may do elsewhere is no limit here. */
static void the_limit_of_the_role(void **state)
{
    struct drift_place *place = *state;

    people_sql(&place->people, DB_BOT, be_slow);
    people_sql(&place->people, DB_BOT, "ALTER ROLE postgres SET statement_timeout = '100ms'");
    assert_all_found(place, "a small limit");
    people_sql(&place->people, DB_BOT, "ALTER ROLE postgres RESET statement_timeout");
    people_sql(&place->people, DB_BOT, be_fast);
}

static bool compares(struct drift_place *place, int limit_ms, struct lines *lines,
                     struct zm_error *ret)
{
    struct db_compare compare = lines_compare(&place->people, lines);
    struct db_compare_result result;

    compare.limit_ms = limit_ms;
    return db_compare_run(&compare, &result, ret);
}

/* Not even one range can be read within the limit. */
static void no_statement_fits(void **state)
{
    struct drift_place *place = *state;
    struct lines lines = {.text = {.s = NULL}};
    struct zm_error err;

    people_open(&place->people, "postgres");
    people_sql(&place->people, DB_BOT, be_slow);
    assert_false(compares(place, 200, &lines, &err));
    assert_int_equal(err.kind, ZM_ERR_TIMEOUT);
    assert_string_equal(err.where, "ZmartBot");
    assert_null(lines.text.s);
    people_sql(&place->people, DB_BOT, be_fast);
}

static void freeze_at_sums(struct lines *lines, enum db_compare_phase phase)
{
    if (phase == DB_COMPARE_SUMS && lines->phase != phase)
        freeze(lines->context, DB_BRAIN);
}

/* A server that says nothing at all is waited for no longer than its own limit and a bit. */
static void frozen_in_the_middle(void **state)
{
    struct drift_place *place = *state;
    struct lines lines = {.text = {.s = NULL},
                          .at_phase = freeze_at_sums,
                          .context = place,
                          .phase = DB_COMPARE_CONFIRM};
    int64_t began = zm_now_ms();
    struct zm_error err;

    people_open(&place->people, "postgres");
    assert_false(compares(place, 1000, &lines, &err));
    thaw(place, DB_BRAIN);
    assert_int_equal(err.kind, ZM_ERR_TIMEOUT);
    assert_string_equal(err.where, "ZmartyBrain");
    assert_null(lines.text.s);
    assert_true(zm_now_ms() - began < 20000);
}

/* ---- the rig ---- */

static int start(void **state)
{
    struct drift_place *place;

    place_begin(state, true, brain_people, bot_people);
    place = *state;
    place->limits = "connect_seconds = 2; statement_seconds = 3;";
    place_conf(place, "postgres");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_fails),          cmocka_unit_test(tables_may_not_be_read),
        cmocka_unit_test(without_subscriptions), cmocka_unit_test(the_limit_of_the_role),
        cmocka_unit_test(no_statement_fits),     cmocka_unit_test(frozen_in_the_middle),
        cmocka_unit_test(without_columns),       cmocka_unit_test(a_row_without_a_user),
    };

    return cmocka_run_group_tests(tests, start, place_end);
}
