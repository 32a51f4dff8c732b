/*
 * Checklist item 6 on the tables as the document writes them: each hole is shown open by acting as
 * anon and as a user, found, closed by the step's own SQL, and shown closed. What the application
 * needs goes on working, and nothing new is raised.
 */
#include "hardening_place.h"

#include "db/steps_tables.h"
#include "hardening_lints.h"
#include "hardening_roles.h"

/* clang-format off */
/* On the tables of the document. */
static const char *const of_document[DB_SIDES] = {
    "1 user_activity_user_id_fkey; 1 user_profiles_user_id_fkey; 1 user_subscriptions_user_id_fkey; "
    "13 user_activity; 13 user_subscriptions; "
    "3 Users can insert own profile; 3 Users can update own profile; 3 Users can view own profile",
    "13 user_api_keys; 13 user_strategies; 13 user_trades; 24 Public insert; 8 user_portfolios",
};
/* clang-format on */

/* of: on which relations. The caller frees. */
static char *raised(const struct rig *rig, int side, const char *of)
{
    struct zm_buf sql = {.s = NULL};
    char *list;

    zm_buf_printf(&sql, "%s%s", lints, of);
    list = zm_strdup(demo_sql(&rig->demo, (enum db_side)side, sql.s));
    assert_true(strlen(list) < 1000); /* and nothing was cut off */
    zm_buf_done(&sql);
    return list;
}

#define OURS "LIKE 'user\\_%'"
#define ALL "IS NOT NULL"

static void lints_are_raised(void **state)
{
    struct rig *rig = rig_of(state);
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        char *list = raised(rig, side, OURS);

        assert_string_equal(list, of_document[side]);
        free(list);
        rig->raised[side] = raised(rig, side, ALL);
    }
    assert_non_null(strstr(rig->raised[DB_BOT], "10 cryptometer_latest_analysis"));
}

/* Each lint of a list is in the other. */
static void assert_among(const char *list, const char *others)
{
    char lint[160];
    size_t n;

    for (; *list; list += n + strspn(list + n, "; ")) {
        n = strcspn(list, ";");
        assert_true(snprintf(lint, sizeof(lint), "%.*s", (int)n, list) < (int)sizeof(lint));
        if (!strstr(others, lint))
            fail_msg("raised now, and was not before: %s", lint);
    }
}

static void lints_are_gone(void **state)
{
    struct rig *rig = rig_of(state);
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        char *ours = raised(rig, side, OURS), *all = raised(rig, side, ALL);

        assert_string_equal(ours, "");
        assert_among(all, rig->raised[side]);
        free(ours);
        free(all);
    }
}

static void duplicates_come_first(void **state)
{
    static const char *const keys[] = {"6.7", "6.8", "6.9"};
    struct rig *rig = rig_of(state);
    char fix[16000];
    size_t i;

    for (i = 0; i < ZM_COUNT(keys); i++)
        assert_int_equal(look(rig, find(keys[i]), fix), DB_STEP_BLOCKED);
    resolve_by_hand(rig);
    /* rows of nobody are not somebody's second one */
    demo_sql(&rig->demo, DB_BRAIN,
             "INSERT INTO public.user_profiles (user_id) VALUES (NULL), (NULL)");
    for (i = 0; i < ZM_COUNT(keys); i++)
        assert_int_equal(look(rig, find(keys[i]), fix), DB_STEP_FAIL);
}

/* What a sign-off of items 1 and 2 is bound to. */
static void fingerprints(struct rig *rig, struct zm_buf *ret)
{
    const struct db_step *step;
    struct db_checklist list;

    begin(rig, &list);
    list.existing_tables = (const char *const[]){"cryptometer_*", "Zmart Vaults", NULL};
    ret->len = 0;
    for (step = db_steps_tables; step->key; step++)
        step->fingerprint(&list, step, ret);
    db_steps_schema_forget(&list);
    zm_arena_done(&list.arena);
}

static void every_hole_is_open_then_closed(void **state)
{
    struct rig *rig = rig_of(state);
    struct zm_buf before = {.s = NULL}, after = {.s = NULL};
    const struct db_step *step;
    char fix[16000];
    size_t i;

    fingerprints(rig, &before);

    for (i = 0; i < ZM_COUNT(holes); i++)
        if (!act(rig, holes[i].side, holes[i].role, holes[i].sql)[0])
            fail_msg("not open before: %s", holes[i].sql);
    for (i = 0; i < ZM_COUNT(uses); i++)
        if (i != 5 && !act(rig, uses[i].side, uses[i].role, uses[i].sql)[0])
            fail_msg("does not work before: %s", uses[i].sql);
    close_all(rig);
    for (step = db_steps_hardening; step->key; step++)
        if (look(rig, step, fix) != DB_STEP_OK)
            fail_msg("%s is not closed: %s", step->key, fix);
    for (i = 0; i < ZM_COUNT(holes); i++)
        if (act(rig, holes[i].side, holes[i].role, holes[i].sql)[0])
            fail_msg("still open: %s", holes[i].sql);
    for (i = 0; i < ZM_COUNT(uses); i++)
        if (!act(rig, uses[i].side, uses[i].role, uses[i].sql)[0])
            fail_msg("does not work any more: %s", uses[i].sql);
    for (step = db_steps_tables; step->key; step++)
        if (!zm_streq(step->key, "2.11") && look(rig, step, fix) != DB_STEP_OK)
            fail_msg("%s takes the hardened form for a fault: %s", step->key, fix);
    fingerprints(rig, &after);
    assert_string_equal(before.s, after.s);
    zm_buf_done(&before);
    zm_buf_done(&after);
}

/* Users see their own rows only, and not what operators did to them. */
static void users_see_their_own(void **state)
{
    struct rig *rig = rig_of(state);

    assert_string_equal(act(rig, DB_BRAIN, "authenticated", "SELECT FROM public.user_profiles"),
                        "1");
    assert_string_equal(
        act(rig, DB_BOT, "authenticated", "SELECT FROM public.user_trading_profiles"), "1");
    demo_sql(&rig->demo, DB_BRAIN, "GRANT SELECT ON public.user_activity TO authenticated");
    assert_string_not_equal(act(rig, DB_BRAIN, "authenticated", "SELECT FROM public.user_activity"),
                            "");
    assert_string_equal(act(rig, DB_BRAIN, "authenticated",
                            "SELECT FROM public.user_activity WHERE action LIKE 'zmartctl.%'"),
                        "");
    demo_sql(&rig->demo, DB_BRAIN, "REVOKE SELECT ON public.user_activity FROM authenticated");
}

static void the_journal_is_protected_and_survives(void **state)
{
    struct rig *rig = rig_of(state);
    struct zm_error err;

    db_session_close(&rig->session);
    assert_true(db_session_open(&rig->session, rig->targets, &err));
    assert_false(db_link_facts(rig->session.link[DB_BRAIN])->journal_unprotected);
    demo_sql(&rig->demo, DB_BRAIN,
             "INSERT INTO auth.users (id, email) VALUES"
             " ('00000000-0000-4000-8000-0000000000aa', 'gone@example.com');"
             "INSERT INTO public.user_activity (user_id, action) VALUES"
             " ('00000000-0000-4000-8000-0000000000aa', 'zmartctl.stop_all');"
             "DELETE FROM auth.users WHERE id = '00000000-0000-4000-8000-0000000000aa'");
    assert_string_equal(demo_sql(&rig->demo, DB_BRAIN,
                                 "SELECT count(*) FROM public.user_activity WHERE user_id IS NULL"
                                 " AND action = 'zmartctl.stop_all'"),
                        "1");
}

/* What becomes of a statement in a session of that login; nothing stays. */
static bool does(struct rig *rig, const struct hole *h)
{
    PGconn *conn = demo_connect(&rig->demo, h->side, h->role);
    struct zm_buf sql = {.s = NULL};
    const char *at = h->sql, *next;
    PGresult *result;
    bool done;

    for (; (next = strchr(at, '$')); at = next + 3) {
        zm_buf_add(&sql, at, (size_t)(next - at));
        zm_buf_puts(&sql, strncmp(next, "$me", 3) == 0 ? h->role : rig->user);
    }
    zm_buf_puts(&sql, at);
    PQclear(PQexec(conn, "BEGIN"));
    result = PQexec(conn, sql.s);
    done = PQresultStatus(result) == PGRES_TUPLES_OK
               ? PQntuples(result) > 0
               : PQresultStatus(result) == PGRES_COMMAND_OK && !zm_streq(PQcmdTuples(result), "0");
    PQclear(result);
    PQfinish(conn);
    zm_buf_done(&sql);
    return done;
}

/* A login does what the console does, and nothing else. */
static void operators_may_work(void **state)
{
    struct rig *rig = rig_of(state);
    size_t i;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        demo_sql(&rig->demo, (enum db_side)side,
                 "CREATE ROLE op_alice LOGIN CONNECTION LIMIT 6 IN ROLE zmart_operator;"
                 "CREATE ROLE op_sam LOGIN CONNECTION LIMIT 6 IN ROLE zmart_support");
    for (i = 0; i < ZM_COUNT(may); i++)
        if (!does(rig, &may[i]))
            fail_msg("%s may not: %s", may[i].role, may[i].sql);
    for (i = 0; i < ZM_COUNT(may_not); i++)
        if (does(rig, &may_not[i]))
            fail_msg("%s may: %s", may_not[i].role, may_not[i].sql);
}

/* Where new tables are granted to nobody, users read their own rows all the same. */
static void users_read_where_nothing_is_granted(void **state)
{
    struct rig *rig = rig_of(state);
    char fix[16000];

    demo_sql(&rig->demo, DB_BOT,
             "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM anon, authenticated");
    assert_int_equal(look(rig, find("6.6"), fix), DB_STEP_FAIL);
    assert_null(strstr(fix, "user_api_keys"));
    run(rig, find("6.6"), fix);
    assert_int_equal(look(rig, find("6.6"), fix), DB_STEP_OK);
    assert_string_equal(
        act(rig, DB_BOT, "authenticated", "SELECT FROM public.user_trading_profiles"), "1");
    assert_string_equal(act(rig, DB_BOT, "authenticated", "SELECT FROM public.user_api_keys"), "");
}

/* Opening one again is seen, and changes what a sign-off is bound to. */
static void an_undone_step_is_news(void **state)
{
    static const char *const undo[][2] = {
        {"6.1", "ALTER TABLE public.user_activity DISABLE ROW LEVEL SECURITY"},
        {"6.5", "GRANT UPDATE (tier) ON public.user_profiles TO authenticated"},
        {"6.3", "CREATE POLICY again ON public.user_profiles USING (auth.uid() = user_id)"},
        {"6.3",
         "CREATE POLICY \"Allow all\" ON public.user_activity USING (true) WITH CHECK (true)"},
        {"6.3", "CREATE POLICY all_too ON public.user_subscriptions FOR SELECT USING (1 = 1)"},
        {"6.10", "DROP INDEX public.user_activity_journal_idx"},
        {"6.12", "ALTER TABLE public.user_activity DROP CONSTRAINT user_activity_user_id_fkey,"
                 " ADD FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE"},
        {"6.13", "ALTER POLICY zc_audit ON public.user_activity WITH CHECK (true)"},
        {"6.13", "DROP POLICY zc_read ON public.user_profiles"},
        {"6.13", "GRANT INSERT, DELETE ON public.user_activity TO zmart_operator"},
        {"6.13", "GRANT UPDATE (user_id) ON public.user_profiles TO zmart_support"},
        {"6.13", "REVOKE UPDATE (tier) ON public.user_profiles FROM zmart_operator"},
        {"6.13", "ALTER VIEW zmartctl.users RESET (security_barrier)"},
        {"6.13", "GRANT SELECT ON zmartctl.users TO authenticated"},
    };
    struct rig *rig = rig_of(state);
    struct zm_buf before = {.s = NULL}, after = {.s = NULL};
    struct db_checklist list;
    char fix[16000];
    size_t i;

    begin(rig, &list);
    for (i = 0; i < ZM_COUNT(undo); i++) {
        const struct db_step *step = find(undo[i][0]);

        before.len = after.len = 0;
        zm_buf_puts(&before, "");
        zm_buf_puts(&after, "");
        step->fingerprint(&list, step, &before);
        demo_sql(&rig->demo, DB_BRAIN, undo[i][1]);
        step->fingerprint(&list, step, &after);
        assert_string_not_equal(before.s, after.s);
        assert_int_equal(look(rig, step, fix), DB_STEP_FAIL);
        run(rig, step, fix);
        assert_int_equal(look(rig, step, fix), DB_STEP_OK);
    }
    zm_buf_done(&before);
    zm_buf_done(&after);
    db_steps_schema_forget(&list);
    zm_arena_done(&list.arena);
}

/* What a sign-up with a tier in its data gets. Nothing stays. */
static const char *signed_up_as(const struct rig *rig)
{
    return demo_sql(&rig->demo, DB_BRAIN,
                    "BEGIN; INSERT INTO auth.users (id, email, raw_user_meta_data) VALUES"
                    " ('00000000-0000-4000-8000-0000000000bb', 'new@example.com',"
                    " '{\"tier\": \"enterprise\"}');"
                    "SELECT tier FROM public.user_profiles WHERE user_id ="
                    " '00000000-0000-4000-8000-0000000000bb'");
}

/* The trigger of an older shape of ZmartyBrain. */
static void a_tier_is_not_his_word(void **state)
{
    static const char made[] =
        "CREATE OR REPLACE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql"
        " SECURITY DEFINER SET search_path = '' AS $$ BEGIN INSERT INTO public.user_profiles"
        " (user_id, tier) VALUES (new.id, %s); RETURN new; END $$;%s";
    struct rig *rig = rig_of(state);
    char fix[16000], sql[800];
    const struct db_step *step = db_step_find("6.21");

    assert_int_equal(look(rig, step, fix), DB_STEP_OK);
    snprintf(sql, sizeof(sql), made, "new.raw_user_meta_data->>'tier'",
             "CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE"
             " FUNCTION public.handle_new_user()");
    demo_sql(&rig->demo, DB_BRAIN, sql);
    assert_string_equal(signed_up_as(rig), "enterprise");
    assert_int_equal(look(rig, step, fix), DB_STEP_FAIL);
    assert_non_null(strstr(fix, "-- in public.handle_new_user(): 'free'"));
    snprintf(sql, sizeof(sql), made, "'free'", "");
    demo_sql(&rig->demo, DB_BRAIN, sql);
    assert_string_equal(signed_up_as(rig), "free");
    assert_int_equal(look(rig, step, fix), DB_STEP_OK);
}

/* A side that is away is not "closed". */
static void a_side_that_is_away(void **state)
{
    struct rig *rig = rig_of(state);
    struct db_step_finding finding = {.state = DB_STEP_OK};
    struct db_checklist list;

    begin(rig, &list);
    db_link_close(rig->session.link[DB_BOT]);
    zm_error_set(&rig->session.err[DB_BOT], ZM_ERR_CONNECT, "ZmartBot", "connect", "away");
    find("6.2")->check(&list, find("6.2"), &finding);
    assert_int_equal(finding.err.kind, ZM_ERR_CONNECT);
    assert_int_not_equal(finding.state, DB_STEP_OK);
    zm_arena_done(&list.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lints_are_raised),
        cmocka_unit_test(duplicates_come_first),
        cmocka_unit_test(every_hole_is_open_then_closed),
        cmocka_unit_test(users_see_their_own),
        cmocka_unit_test(the_journal_is_protected_and_survives),
        cmocka_unit_test(operators_may_work),
        cmocka_unit_test(users_read_where_nothing_is_granted),
        cmocka_unit_test(lints_are_gone),
        cmocka_unit_test(an_undone_step_is_news),
        cmocka_unit_test(a_tier_is_not_his_word),
        cmocka_unit_test(a_side_that_is_away),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
