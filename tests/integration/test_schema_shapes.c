/*
 * Databases as they are found: older shapes of the tables, half-made schemas, wrong types, a view
 * in place of a table, an extension elsewhere, a role that may not. Each is named, and mended where
 * nothing can be lost.
 */
#include "schema_older.h"
#include "schema_place.h"

/* Both projects empty; then these statements. */
static void make(struct place *p, enum db_side side, const char *sql)
{
    empty_project(p, DB_BRAIN, true);
    empty_project(p, DB_BOT, true);
    run_sql(p, side, "postgres", sql);
    look_as(p, "postgres");
}

struct said {
    const char *step, *found, *fix; /* parts of both */
};

/* clang-format off */
static const struct said of_zmartbot[] = {
    {"2.2", "created_at is timestamp with time zone, not timestamp without time zone", "AT TIME ZONE 'UTC'"},
    {"2.2", "the shape of ZMARTBOT_TABLES.sql", ""},
    {"2.2", "column total_pnl", ""},
    {"2.2", "policy \"Allow all for user_trading_profiles\" for everybody", ""},
    {"2.3", "user_portfolios_user_id_symbol_key: the document has no UNIQUE (user_id, symbol)", "-- an ON CONFLICT (user_id,symbol)"},
    {"2.3", "amount must not be null, the document allows it", "DROP NOT NULL"},
    {"2.4", "column strategy_type", ""},
    {"2.4", "constraint user_strategies_risk_level_check", ""},
    {"2.5", "user_trades_status_check: the document has no CHECK", "DROP CONSTRAINT user_trades_status_check"},
    {"2.5", "constraint user_trades_strategy_id_fkey", ""},
    {"2.6", "permissions has the default", "ALTER COLUMN permissions DROP DEFAULT"},
    {"2.9", "missing", "CREATE POLICY \"Public read\""},
    {"2.9", "\"Allow all for user_trading_profiles\"", ""},
};
static const struct said of_restored[] = {
    {"2.2", "id has the default gen_random_uuid(), not uuid_generate_v4()", "SET DEFAULT extensions.uuid_generate_v4()"},
    {"2.2", "email missing; tier missing; trading_enabled missing; api_access missing", "ADD COLUMN email text NOT NULL"},
    {"2.2", "the shape of restore-user-reference-tables.sql", ""},
    {"2.3", "portfolio_name must not be null and the document does not know it", "ALTER COLUMN portfolio_name DROP NOT NULL"},
    {"2.3", "symbol missing", "ADD COLUMN symbol text NOT NULL"},
    {"2.4", "strategy_name is character varying(100), not text", "TYPE text"},
    {"2.4", "is_active has the default true, not false", "SET DEFAULT false"},
    {"2.5", "side missing", "ADD CHECK (side IN ('buy', 'sell'))"},
    {"2.5", "trade_type must not be null", "ALTER COLUMN quantity DROP NOT NULL"},
    {"2.6", "key_name must not be null", "ALTER COLUMN api_key_encrypted DROP NOT NULL"},
};
static const struct said of_zmartybrain[] = {
    {"1.2", "created_at is timestamp with time zone", "AT TIME ZONE 'UTC'"},
    {"1.2", "trigger touch_profiles", ""},
    {"1.3", "user_subscriptions_status_check: the document has no CHECK", "DROP CONSTRAINT user_subscriptions_status_check"},
    {"1.3", "the shape of ZMARTYBRAIN_TABLES.sql", ""},
    {"1.4", "missing", "CREATE TABLE public.user_activity"},
};
/* clang-format on */

static void assert_said(struct place *p, const struct said *said, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        struct db_step_finding finding = check(p, said[i].step);

        assert_int_equal(finding.state, DB_STEP_FAIL);
        assert_has(finding.found, said[i].found);
        assert_has(finding.fix, said[i].fix);
    }
}

/* The document's tables, with nothing that the mending could not add. */
static void assert_usable(struct place *p)
{
    mend_all(p);
    assert_all_ok(p);
    run_sql(p, DB_BRAIN, "postgres",
            "SET LOCAL ROLE service_role; INSERT INTO public.user_profiles (name) VALUES ('x');"
            "INSERT INTO public.user_subscriptions (tier, status) VALUES ('pro', 'ended')");
    run_sql(p, DB_BOT, "postgres",
            "SET LOCAL ROLE service_role; INSERT INTO public.user_trading_profiles (user_id, "
            "email) VALUES"
            " (gen_random_uuid(), 'x@example.org');"
            "INSERT INTO public.user_trades (user_id, symbol, side, status) VALUES"
            " (gen_random_uuid(), 'BTC', 'buy', 'completed');"
            "INSERT INTO public.user_api_keys (user_id, exchange) VALUES (gen_random_uuid(), 'k');"
            "INSERT INTO public.user_portfolios (user_id, symbol) SELECT '11111111-1111-1111-1111-"
            "111111111111'::uuid, 'BTC' FROM generate_series(1, 2)");
    db_steps_schema_forget(&p->list);
    assert_all_ok(p);
}

static void older_shapes(void **state)
{
    struct place *p = *state;

    make(p, DB_BOT, zmartbot_tables);
    assert_said(p, of_zmartbot, ZM_COUNT(of_zmartbot));
    assert_usable(p);
    make(p, DB_BOT, restored);
    assert_said(p, of_restored, ZM_COUNT(of_restored));
    assert_usable(p);
    make(p, DB_BRAIN, zmartybrain_tables);
    assert_said(p, of_zmartybrain, ZM_COUNT(of_zmartybrain));
    assert_usable(p);
    make(p, DB_BRAIN, zmartybrain_activity);
    assert_int_equal(check(p, "1.4").state, DB_STEP_OK);
    assert_string_equal(check(p, "1.4").fix, "");
    assert_usable(p);
}

/* The document over an older shape is a silent no-op: what it leaves is still named. */
static void document_over_older_shape(void **state)
{
    struct place *p = *state;

    make(p, DB_BOT, restored);
    run_document(p, DB_BOT);
    db_steps_schema_forget(&p->list);
    assert_int_equal(check(p, "2.2").state, DB_STEP_FAIL);
    assert_has(check(p, "2.2").found, "email missing");
    assert_int_equal(check(p, "2.9").state, DB_STEP_OK);
    assert_usable(p);
}

/* Rows that are there are kept as they are, and what cannot be made up is left to a person. */
static void rows_are_kept(void **state)
{
    struct place *p = *state;
    char *value;

    make(p, DB_BOT, restored);
    run_sql(p, DB_BOT, "postgres",
            "INSERT INTO public.user_trading_profiles (user_id) VALUES (gen_random_uuid());"
            "INSERT INTO public.user_trades (user_id, symbol, trade_type, quantity, created_at)"
            " VALUES (gen_random_uuid(), 'BTC', 'buy', 2, '2026-01-02 03:04:05+02');"
            "ALTER TABLE public.user_strategies ALTER parameters DROP NOT NULL,"
            " ADD strategy_config json, ADD performance_metrics text;"
            "INSERT INTO public.user_strategies (user_id, strategy_name, strategy_config)"
            " VALUES (gen_random_uuid(), 's', '{\"a\": 1, \"a\": 2}')");
    db_steps_schema_forget(&p->list);
    assert_has(check(p, "2.2").fix, "ADD COLUMN email text;");
    assert_has(check(p, "2.2").fix,
               "-- ALTER TABLE public.user_trading_profiles ALTER COLUMN email SET NOT NULL;");
    mend(p, "2.2");
    assert_string_equal(check(p, "2.2").found, "email may be null; also: the shape of "
                                               "restore-user-reference-tables.sql, column "
                                               "risk_tolerance, column preferred_exchanges, column "
                                               "max_position_size, column stop_loss_percentage");
    assert_has(try_sql(p, DB_BOT, "postgres", check(p, "2.2").fix), "contains null values");

    assert_has(check(p, "2.5").fix, "-- UPDATE public.user_trades SET side = trade_type");
    mend(p, "2.5");
    assert_int_equal(check(p, "2.5").state, DB_STEP_OK);
    value = get(p, DB_BOT, "SELECT created_at || ' ' || quantity FROM public.user_trades");
    assert_string_equal(value, "2026-01-02 01:04:05 2.00000000");
    free(value);

    mend(p, "2.4");
    assert_int_equal(check(p, "2.4").state, DB_STEP_WAITING);
    assert_has(check(p, "2.4").found, "strategy_config is json, not jsonb");
    assert_has(check(p, "2.4").found, "a person decides");
    assert_has(check(p, "2.4").fix, "-- ALTER TABLE public.user_strategies ALTER COLUMN "
                                    "strategy_config TYPE jsonb USING strategy_config::jsonb;");
    value = get(p, DB_BOT, "SELECT strategy_config::text FROM public.user_strategies");
    assert_string_equal(value, "{\"a\": 1, \"a\": 2}");
    free(value);
}

/* Any type of any column of an empty table is mended; a row makes it a person's. */
static void wrong_types(void **state)
{
    struct place *p = *state;

    empty_project(p, DB_BRAIN, true);
    empty_project(p, DB_BOT, true);
    run_document(p, DB_BRAIN);
    run_document(p, DB_BOT);
    look_as(p, "postgres");
    run_sql(p, DB_BOT, "postgres",
            "CREATE TYPE public.tiers AS ENUM ('free', 'pro');"
            "ALTER TABLE public.user_trading_profiles ALTER user_id TYPE text,"
            " ALTER tier DROP DEFAULT, ALTER tier TYPE public.tiers USING tier::public.tiers,"
            " ALTER tier SET DEFAULT 'free', ALTER trading_enabled DROP DEFAULT,"
            " ALTER trading_enabled TYPE integer USING 0, ALTER trading_enabled SET DEFAULT 0;"
            "ALTER TABLE public.user_portfolios DROP COLUMN id,"
            " ADD id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"
            "ALTER TABLE public.user_trades ALTER amount TYPE double precision");
    db_steps_schema_forget(&p->list);
    assert_has(try_sql(p, DB_BOT, "postgres",
                       zm_arena_printf(&p->list.arena,
                                       "INSERT INTO public.user_trading_profiles (user_id, email)"
                                       " VALUES ('7', 'x@example.org'); %s",
                                       check(p, "2.2").fix)),
               "public.user_trading_profiles holds rows now: look again");
    assert_has(check(p, "2.2").found, "user_id is text, not uuid");
    assert_has(check(p, "2.2").found, "tier is public.tiers, not text");
    assert_has(check(p, "2.2").found, "trading_enabled is integer, not boolean");
    mend(p, "2.2");
    assert_int_equal(check(p, "2.2").state, DB_STEP_OK);
    assert_int_equal(check(p, "2.3").state, DB_STEP_WAITING);
    assert_has(check(p, "2.3").found, "id is numbered by the server");

    run_sql(p, DB_BOT, "postgres",
            "INSERT INTO public.user_trades (user_id, symbol, amount)"
            " VALUES (gen_random_uuid(), 'BTC', 0.1)");
    db_steps_schema_forget(&p->list);
    assert_int_equal(check(p, "2.5").state, DB_STEP_WAITING);
    assert_has(check(p, "2.5").fix, "-- the table holds rows, and amount may lose");
    run_sql(p, DB_BOT, "postgres", "DELETE FROM public.user_trades");
    db_steps_schema_forget(&p->list);
    mend(p, "2.5");
    assert_int_equal(check(p, "2.5").state, DB_STEP_OK);
}

/* Columns that policies name: those policies go and come back as they were, no others are touched,
 * and all of it is one transaction. */
static void policies_on_the_columns(void **state)
{
    static const char policies[] =
        "SELECT string_agg(policyname || ' ' || permissive || ' ' || roles::text || ' ' || cmd || "
        "' '"
        " || coalesce(qual, '-') || ' ' || coalesce(with_check, '-'), E'\n' ORDER BY policyname)"
        " FROM pg_policies WHERE policyname LIKE 'of %'";
    static const char oid[] = "SELECT oid FROM pg_policy WHERE polname = 'of others'";
    struct place *p = *state;
    char *before, *after, *other, *same;

    empty_project(p, DB_BRAIN, true);
    empty_project(p, DB_BOT, true);
    run_document(p, DB_BRAIN);
    run_document(p, DB_BOT);
    look_as(p, "postgres");
    run_sql(
        p, DB_BOT, "postgres",
        "ALTER TABLE public.user_trading_profiles ALTER user_id TYPE text,"
        " ALTER email TYPE varchar(200), ALTER created_at TYPE timestamptz;"
        "CREATE POLICY \"of \"\"own\"\" rows; x\" ON public.user_trading_profiles AS RESTRICTIVE"
        " FOR UPDATE TO authenticated, anon USING (auth.uid()::text = user_id)"
        " WITH CHECK ((SELECT auth.uid())::text = user_id AND email <> 'it''s; none'"
        " AND created_at > '2020-01-01');"
        "CREATE POLICY \"of another table\" ON public.user_portfolios FOR SELECT TO authenticated"
        " USING (EXISTS (SELECT FROM public.user_trading_profiles t WHERE t.email = symbol));"
        "CREATE POLICY \"of others\" ON public.user_trading_profiles FOR SELECT"
        " USING (tier = 'free')");
    other = get(p, DB_BOT, oid);
    db_steps_schema_forget(&p->list);
    assert_has(check(p, "2.2").fix, "DROP POLICY \"of another table\" ON public.user_portfolios;");
    assert_null(strstr(check(p, "2.2").fix, "of others"));
    assert_null(strstr(check(p, "2.2").fix, "Public read"));
    before = get(p, DB_BOT, policies);
    assert_string_equal(
        try_sql(p, DB_BOT, "postgres",
                zm_arena_printf(&p->list.arena, "%s; SELECT 1 / 0", check(p, "2.2").fix)),
        "ERROR:  division by zero\n");
    after = get(p, DB_BOT, policies);
    assert_string_equal(before, after); /* nobody ever saw the table without them */
    free(after);
    mend(p, "2.2");
    assert_int_equal(check(p, "2.2").state, DB_STEP_OK);
    after = get(p, DB_BOT, policies);
    assert_has(after, "of another table PERMISSIVE {authenticated} SELECT");
    assert_has(after, "of \"own\" rows; x RESTRICTIVE {anon,authenticated} UPDATE (auth.uid() ="
                      " user_id) ((( SELECT auth.uid() AS uid) = user_id) AND");
    assert_has(after, "'it''s; none'");
    same = get(p, DB_BOT, oid);
    assert_string_equal(same, other); /* this one was left alone */
    free(before);
    free(after);
    free(other);
    free(same);
}

static void view_in_place(void **state)
{
    struct place *p = *state;

    make(p, DB_BRAIN,
         "CREATE TABLE public.people (id uuid, user_id uuid, tier text);"
         "CREATE VIEW public.user_profiles AS SELECT id, user_id, tier FROM public.people");
    assert_int_equal(check(p, "1.2").state, DB_STEP_WAITING);
    assert_has(check(p, "1.2").found, "a view (of postgres) in place of the table");
    assert_has(check(p, "1.2").fix,
               "-- ALTER VIEW public.user_profiles RENAME TO user_profiles_before;");
    assert_int_not_equal(check(p, "1.5").state, DB_STEP_OK);
    assert_has(check(p, "1.6").found, "there is no table public.user_profiles");
    run_sql(p, DB_BRAIN, "postgres",
            "ALTER VIEW public.user_profiles RENAME TO user_profiles_before");
    db_steps_schema_forget(&p->list);
    mend_all(p);
    assert_all_ok(p);
}

static void extension_elsewhere(void **state)
{
    struct place *p = *state;

    make(p, DB_BRAIN, "SELECT 1");
    run_sql(p, DB_BRAIN, "supabase_admin", "DROP EXTENSION \"uuid-ossp\"");
    db_steps_schema_forget(&p->list);
    assert_int_equal(check(p, "1.1").state, DB_STEP_FAIL);
    assert_has(check(p, "1.1").fix, "CREATE EXTENSION \"uuid-ossp\" WITH SCHEMA extensions");
    mend(p, "1.1");
    assert_string_equal(check(p, "1.1").found, "in schema extensions");

    run_sql(p, DB_BRAIN, "supabase_admin",
            "CREATE SCHEMA elsewhere; ALTER EXTENSION \"uuid-ossp\" SET SCHEMA elsewhere;"
            "GRANT USAGE ON SCHEMA elsewhere TO PUBLIC");
    db_steps_schema_forget(&p->list);
    assert_has(check(p, "1.2").fix, "DEFAULT elsewhere.uuid_generate_v4()");
    mend_all(p);
    assert_all_ok(p);
    run_sql(p, DB_BRAIN, "supabase_admin", "ALTER EXTENSION \"uuid-ossp\" SET SCHEMA public");
    db_steps_schema_forget(&p->list);
    assert_string_equal(check(p, "1.1").found, "in schema public");
    assert_all_ok(p);
}

/* The document cut off after any of its statements: what is missing is named and added. */
static void half_made(void **state)
{
    static const char *const left_out[] = {"1.2", "1.4", "1.6", "1.8", "2.3", "2.6", "2.8"};
    struct place *p = *state;
    size_t i;

    make(p, DB_BRAIN, "SELECT 1");
    for (i = 0; i < ZM_COUNT(left_out); i++) {
        const struct db_step *step;

        make(p, DB_BRAIN, "SELECT 1");
        for (step = db_steps_tables; step->key && !zm_streq(step->key, left_out[i]); step++)
            if (step->kind == DB_STEP_SCHEMA && check(p, step->key).state != DB_STEP_OK)
                mend(p, step->key);
        assert_int_equal(check(p, left_out[i]).state, DB_STEP_FAIL);
        mend_all(p);
        assert_all_ok(p);
    }
}

static void no_owner(void **state)
{
    struct place *p = *state;

    make(p, DB_BRAIN, "SELECT 1");
    run_sql(p, DB_BRAIN, "postgres", "CREATE TABLE public.user_profiles (id uuid)");
    run_sql(p, DB_BRAIN, "supabase_admin", "GRANT USAGE ON SCHEMA auth TO plain");
    look_as(p, "plain");
    assert_int_equal(check(p, "1.1").state, DB_STEP_OK);
    assert_has(check(p, "1.2").found, "user_id missing");
    assert_has(check(p, "1.2").found, "it belongs to postgres, and plain is not");
    assert_has(check(p, "1.3").found, "missing; plain may not create in schema public");
    assert_has(try_sql(p, DB_BRAIN, "plain", check(p, "1.2").fix), "must be owner");
    assert_has(try_sql(p, DB_BRAIN, "plain", check(p, "1.3").fix), "permission denied");
}

static void existing_tables(void **state)
{
    static const char *const patterns[] = {"cryptometer_*", "risk_metric_grid",
                                           "public.\"Zmart Vaults\"", "alert_collections", NULL};
    struct place *p = *state;
    struct zm_buf form = {.s = NULL};

    make(p, DB_BOT, script("35_existing.bot.sql"));
    assert_int_equal(check(p, "2.11").state, DB_STEP_WAITING);
    p->list.existing_tables = patterns;
    run_sql(p, DB_BOT, "supabase_admin", "ANALYZE");
    assert_int_equal(check(p, "2.11").state, DB_STEP_OK);
    assert_has(check(p, "2.11").found, "cryptometer_* 9, 3 of them views (~");
    assert_has(check(p, "2.11").found, "public.\"Zmart Vaults\" (~");
    assert_has(check(p, "2.11").found, "newest 20");
    run_sql(p, DB_BOT, "postgres", "DROP TABLE public.\"Zmart Vaults\"");
    db_steps_schema_forget(&p->list);
    assert_int_equal(check(p, "2.11").state, DB_STEP_FAIL);
    assert_has(check(p, "2.11").found, "missing: public.\"Zmart Vaults\"; present: cryptometer_*");
    run_sql(p, DB_BOT, "postgres",
            "CREATE VIEW public.\"Zmart Vaults\" AS SELECT 1 AS id, now() AS created_at");
    db_steps_schema_forget(&p->list);
    assert_int_equal(check(p, "2.11").state, DB_STEP_OK);
    step_of("2.11")->fingerprint(&p->list, step_of("2.11"), &form);
    assert_has(form.s, "existing public.\"Zmart Vaults\": public.\"Zmart Vaults\"\n");
    zm_buf_done(&form);
}

/* A side that is away leaves its steps unknown. */
static void away(void **state)
{
    struct place *p = *state;
    struct db_step_finding finding;

    make(p, DB_BRAIN, "SELECT 1");
    db_link_close(p->session.link[DB_BOT]);
    step_of("2.2")->check(&p->list, step_of("2.2"), &finding);
    assert_int_equal(finding.state, DB_STEP_NOT_RUN);
    assert_int_not_equal(finding.err.kind, ZM_ERR_NONE);
    assert_int_equal(check(p, "1.1").state, DB_STEP_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(older_shapes),
        cmocka_unit_test(document_over_older_shape),
        cmocka_unit_test(rows_are_kept),
        cmocka_unit_test(wrong_types),
        cmocka_unit_test(view_in_place),
        cmocka_unit_test(extension_elsewhere),
        cmocka_unit_test(policies_on_the_columns),
        cmocka_unit_test(half_made),
        cmocka_unit_test(no_owner),
        cmocka_unit_test(existing_tables),
        cmocka_unit_test(away),
    };

    return cmocka_run_group_tests(tests, start_place, stop_place);
}
