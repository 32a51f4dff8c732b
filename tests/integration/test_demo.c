/*
 * The demo's data, seen by plain SQL and not by the program's own reading: logins as Supabase keeps
 * them, people that look like people, and somebody in every state that the console must show. Knows
 * nothing of how the rows were made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "db/indexes.h"
#include "db/sample.h"
#include "support/demo.h"
#include "zm/str.h"

#define USERS 600

struct rig {
    struct demo demo;
    PGconn *conn[DB_SIDES]; /* as postgres; Brain's session also holds Bot's rows, as below */
};

/* "At least `least` rows, and at most `most`, answer this." */
struct count {
    const char *what, *sql;
    long least, most;
};

#define ANY 1000000000L

/* Both halves of every user in Brain's session: a row for every login and every orphan. The gates
 * are the design's, written down again. */
static const char *const halves[] = {
    "CREATE TEMP TABLE bot AS SELECT user_id, email, tier, trading_enabled, api_access, keys"
    " FROM json_to_recordset($1::json) AS t (user_id uuid, email text, tier text,"
    "  trading_enabled boolean, api_access boolean, keys bigint)",
    "CREATE TEMP TABLE half AS"
    " SELECT coalesce(u.id, b.user_id) AS id, u.id IS NOT NULL AS login, u.email, u.phone,"
    "  u.deleted_at, u.is_sso_user, u.is_anonymous, u.email_confirmed_at IS NOT NULL AS confirmed,"
    "  coalesce(u.banned_until > now(), false) AS banned, coalesce(p.rows, 0) AS profiles, p.tier,"
    "  p.name, p.completed, s.tier AS active, coalesce(b.rows, 0) AS traders, b.email AS bot_email,"
    "  b.tier AS bot_tier, coalesce(b.trading, false) AS trading, coalesce(b.api, false) AS api,"
    "  coalesce(b.keys, 0) AS keys"
    " FROM auth.users u"
    " FULL JOIN (SELECT user_id, count(*) AS rows, min(email) AS email, min(tier) AS tier,"
    "   bool_or(trading_enabled) AS trading, bool_or(api_access) AS api, max(keys) AS keys"
    "  FROM bot GROUP BY user_id) b ON b.user_id = u.id"
    " LEFT JOIN (SELECT user_id, count(*) AS rows, (array_agg(tier ORDER BY created_at))[1] AS "
    "tier,"
    "   (array_agg(name ORDER BY created_at))[1] AS name, bool_and(profile_completed) AS completed"
    "  FROM public.user_profiles GROUP BY user_id) p ON p.user_id = u.id"
    " LEFT JOIN (SELECT user_id, max(tier) AS tier FROM public.user_subscriptions"
    "  WHERE status = 'active' GROUP BY user_id) s ON s.user_id = u.id",
    "CREATE TEMP TABLE gate AS"
    " SELECT id, email, tier, coalesce(login AND deleted_at IS NULL, false) AS login,"
    "  coalesce(confirmed, false) AS email_confirmed, NOT banned AS not_banned,"
    "  profiles = 1 AS one_profile, coalesce(completed, false) AS profile_completed,"
    "  coalesce(active = tier, tier = 'free', false) AS subscription,"
    "  traders = 1 AS one_trading_profile, coalesce(tier = bot_tier, false) AS tier_equal,"
    "  coalesce(email, '') = coalesce(bot_email, '') AS email_equal,"
    "  coalesce(tier IN ('pro', 'enterprise'), false) AS tier_entitled, trading, api, keys > 0 AS "
    "key"
    " FROM half",
    /* how many gates fail in all, and how many of those that forbid trading */
    "CREATE TEMP VIEW failing AS SELECT gate.*,"
    " (NOT login)::int + (NOT not_banned)::int + (NOT one_profile)::int + (NOT "
    "one_trading_profile)::int"
    " + (NOT tier_equal)::int + (NOT tier_entitled)::int + (NOT trading)::int AS hard,"
    " (NOT email_confirmed)::int + (NOT profile_completed)::int + (NOT subscription)::int"
    " + (NOT email_equal)::int + (NOT key)::int AS warn FROM gate",
};

static const char bot_rows[] =
    "SELECT json_agg(json_build_object('user_id', user_id, 'email', email, 'tier', tier,"
    " 'trading_enabled', trading_enabled, 'api_access', api_access, 'keys',"
    " (SELECT count(*) FROM public.user_api_keys k WHERE k.user_id = t.user_id AND k.is_active)))"
    " FROM public.user_trading_profiles t";

static PGresult *ask(PGconn *conn, const char *sql, const char *param)
{
    PGresult *result = PQexecParams(conn, sql, param ? 1 : 0, NULL, &param, NULL, NULL, 0);

    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    return result;
}

static void assert_text(PGconn *conn, const char *sql, const char *expected)
{
    PGresult *result = ask(conn, sql, NULL);

    assert_int_equal(PQntuples(result), 1);
    assert_string_equal(PQgetvalue(result, 0, 0), expected);
    PQclear(result);
}

static void assert_counts(PGconn *conn, const struct count *counts, size_t n)
{
    size_t i, wrong = 0;

    for (i = 0; i < n; i++) {
        PGresult *result = ask(conn, counts[i].sql, NULL);
        long found = strtol(PQgetvalue(result, 0, 0), NULL, 10);

        PQclear(result);
        if (found >= counts[i].least && found <= counts[i].most)
            continue;
        print_error("%s: %ld, expected %ld to %ld\n", counts[i].what, found, counts[i].least,
                    counts[i].most);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* Tells the demo's helpers about servers that this process started itself. */
static void describe(struct demo *demo)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        db_servers_socket(&demo->servers, (enum db_side)side, demo->sockets[side]);
}

static void start(struct demo *demo, const struct db_sample_options *options)
{
    struct zm_error err;
    char line[1024];

    memset(demo, 0, sizeof(*demo));
    if (!db_servers_start(&demo->servers, NULL, &err))
        fail_msg("%s; %s", zm_error_line(&err, line, sizeof(line)), err.hint);
    if (!db_sample_load(&demo->servers, options, &err))
        fail_msg("%s; %s", zm_error_line(&err, line, sizeof(line)), err.detail);
    describe(demo);
}

static int set_up(void **state)
{
    const struct db_sample_options options = {.users = USERS};
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    PGresult *rows;
    size_t i;

    start(&rig->demo, &options);
    for (i = 0; i < DB_SIDES; i++)
        rig->conn[i] = demo_connect(&rig->demo, (enum db_side)i, "postgres");
    rows = ask(rig->conn[DB_BOT], bot_rows, NULL);
    for (i = 0; i < ZM_COUNT(halves); i++)
        PQclear(ask(rig->conn[DB_BRAIN], halves[i], i == 0 ? PQgetvalue(rows, 0, 0) : NULL));
    PQclear(rows);
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    size_t i;

    if (!rig) /* the demo did not start */
        return 0;
    for (i = 0; i < DB_SIDES; i++)
        PQfinish(rig->conn[i]);
    db_servers_stop(&rig->demo.servers);
    free(rig);
    return 0;
}

static const char users_columns[] =
    "instance_id id aud role email encrypted_password email_confirmed_at invited_at"
    " confirmation_token confirmation_sent_at recovery_token recovery_sent_at"
    " email_change_token_new email_change email_change_sent_at last_sign_in_at raw_app_meta_data"
    " raw_user_meta_data is_super_admin created_at updated_at phone phone_confirmed_at phone_change"
    " phone_change_token phone_change_sent_at confirmed_at email_change_token_current"
    " email_change_confirm_status banned_until reauthentication_token reauthentication_sent_at"
    " is_sso_user deleted_at is_anonymous";

static void logins_have_the_columns_and_indexes_of_supabase(void **state)
{
    const struct rig *rig = *state;
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        assert_text(rig->conn[i],
                    "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute"
                    " WHERE attrelid = 'auth.users'::regclass AND attnum > 0 AND NOT attisdropped",
                    users_columns);
        assert_text(rig->conn[i],
                    "SELECT count(*) FROM pg_attribute"
                    " WHERE attrelid = 'auth.users'::regclass AND attnum > 0",
                    "35");
        assert_text(rig->conn[i],
                    "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute"
                    " WHERE attrelid = 'auth.users'::regclass AND attnum > 0 AND attnotnull",
                    "id is_sso_user is_anonymous");
        assert_text(rig->conn[i],
                    "SELECT string_agg(indexname, ' ' ORDER BY indexname COLLATE \"C\")"
                    " FROM pg_indexes WHERE schemaname = 'auth' AND tablename = 'users'",
                    "confirmation_token_idx email_change_token_current_idx"
                    " email_change_token_new_idx reauthentication_token_idx recovery_token_idx"
                    " users_email_partial_key users_instance_id_email_idx users_instance_id_idx"
                    " users_is_anonymous_idx users_phone_key users_pkey");
    }
}

static void postgres_may_what_it_may_on_supabase(void **state)
{
    const struct rig *rig = *state;
    PGresult *refused;
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        assert_text(rig->conn[i],
                    "SELECT rolsuper || ' ' || rolbypassrls || ' ' || rolcreaterole FROM pg_roles"
                    " WHERE rolname = current_user",
                    "false true true");
        assert_text(rig->conn[i], "SHOW statement_timeout", "2min");
        assert_text(rig->conn[i], "SHOW TimeZone", "UTC");
        assert_text(rig->conn[i], "SHOW max_prepared_transactions", "0");
        assert_text(rig->conn[i], "SHOW listen_addresses", "");
        assert_text(rig->conn[i],
                    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                    " WHERE nspname = 'public' AND relkind = 'r'"
                    " AND (relowner <> 'postgres'::regrole OR relpersistence <> 'p')",
                    "0");
        refused = PQexecParams(rig->conn[i], "CREATE INDEX ON auth.users (created_at)", 0, NULL,
                               NULL, NULL, NULL, 0);
        assert_string_equal(PQresultErrorField(refused, PG_DIAG_SQLSTATE), "42501");
        PQclear(refused);
    }
}

static void the_two_are_different_servers(void **state)
{
    static const char sql[] = "SELECT system_identifier FROM pg_control_system()";
    const struct rig *rig = *state;
    PGresult *brain = ask(rig->conn[DB_BRAIN], sql, NULL);

    PGresult *bot = ask(rig->conn[DB_BOT], sql, NULL);

    assert_string_not_equal(PQgetvalue(brain, 0, 0), PQgetvalue(bot, 0, 0));
    PQclear(brain);
    PQclear(bot);
}

#define SELECT_HALF "SELECT count(*) FROM half WHERE "
#define ALIVE "login AND deleted_at IS NULL AND "
#define ONE_EACH ALIVE "profiles = 1 AND traders = 1 AND "

/* clang-format off */
static const struct count drift[] = {
    {"tier_differs",         SELECT_HALF ONE_EACH "tier <> bot_tier AND bot_tier IN ('free', 'pro', 'enterprise')", 2, ANY},
    {"email_differs",        SELECT_HALF ONE_EACH "lower(coalesce(email, '')) <> lower(bot_email)", 1, ANY},
    {"email_differs, case",  SELECT_HALF ONE_EACH "email <> bot_email AND lower(email) = lower(bot_email)", 2, ANY},
    {"missing_in_bot",       SELECT_HALF ALIVE "email IS NOT NULL AND traders = 0", 2, ANY},
    {"missing_profile",      SELECT_HALF ALIVE "profiles = 0", 2, ANY},
    {"flags_exceed_tier",    SELECT_HALF ONE_EACH "tier = bot_tier AND (trading AND tier = 'free' OR api AND tier <> 'enterprise')", 2, ANY},
    {"deleted_in_brain",     SELECT_HALF "deleted_at IS NOT NULL AND (trading OR api)", 2, ANY},
    {"deleted, no rights",   SELECT_HALF "deleted_at IS NOT NULL AND NOT trading AND NOT api", 1, ANY},
    {"orphan_in_bot",        SELECT_HALF "NOT login", 2, 10},
    {"duplicate_in_bot",     SELECT_HALF "traders > 1", 1, ANY},
    {"duplicate_profile",    SELECT_HALF "profiles > 1", 1, ANY},
    {"invalid_tier in Bot",  SELECT_HALF ALIVE "bot_tier = 'premium'", 1, ANY},
    {"NULL tier",            SELECT_HALF ALIVE "profiles = 1 AND tier IS NULL", 1, ANY},
    {"subscription_differs", SELECT_HALF ALIVE "profiles = 1 AND tier <> coalesce(active, 'free')", 2, ANY},
    {"no_email",             SELECT_HALF ALIVE "email IS NULL AND traders = 0", 2, ANY},
    {"all in sync",          SELECT_HALF ONE_EACH "tier = bot_tier AND coalesce(email, '') = bot_email", USERS * 97 / 100, ANY},
};

#define ALONE(gate) "SELECT count(*) FROM failing WHERE NOT " gate " AND hard = "

/* A gate that forbids trading fails alone among those; one that warns, alone among all. Where a row is
 * missing, what hangs on it fails with it. */
static const struct count gates[] = {
    {"login",               ALONE("login") "1", 1, ANY},
    {"email_confirmed",     ALONE("email_confirmed") "0 AND warn = 1", 1, ANY},
    {"not_banned",          ALONE("not_banned") "1 AND warn = 0", 1, ANY},
    {"one_profile",         ALONE("one_profile") "1 AND warn = 0", 1, ANY},
    {"no profile",          "SELECT count(*) FROM half WHERE " ALIVE "profiles = 0 AND traders = 1", 1, ANY},
    {"profile_completed",   ALONE("profile_completed") "0 AND warn = 1", 1, ANY},
    {"subscription",        ALONE("subscription") "0 AND warn = 1", 1, ANY},
    {"one_trading_profile", ALONE("one_trading_profile") "1 AND warn = 0", 1, ANY},
    {"no trading profile",  "SELECT count(*) FROM half WHERE " ALIVE "tier = 'pro' AND traders = 0", 1, ANY},
    {"tier_equal",          ALONE("tier_equal") "1 AND warn = 0", 1, ANY},
    {"email_equal",         ALONE("email_equal") "0 AND warn = 1", 1, ANY},
    {"tier_entitled",       ALONE("tier_entitled") "1 AND warn = 0", 1, ANY},
    {"trading_enabled",     ALONE("trading") "1 AND warn = 0", 1, ANY},
    {"api_access",          ALONE("api") "0 AND warn = 0 AND tier = 'enterprise'", 1, ANY},
    {"api_key",             ALONE("key") "0 AND warn = 1", 1, ANY},
    {"all hold",            "SELECT count(*) FROM failing WHERE hard = 0 AND warn = 0", USERS / 10, USERS / 2},
};

static const struct count people[] = {
    {"phone only",     SELECT_HALF ALIVE "email IS NULL AND phone ~ '^[1-9][0-9]+$'", 2, ANY},
    {"anonymous",      SELECT_HALF ALIVE "is_anonymous AND email IS NULL", 1, ANY},
    {"SSO twins",      "SELECT count(*) FROM auth.users s JOIN auth.users p USING (email) WHERE s.is_sso_user AND NOT p.is_sso_user", 1, ANY},
    {"banned",         "SELECT count(*) FROM auth.users WHERE banned_until > now()", 2, ANY},
    {"ban is over",    "SELECT count(*) FROM auth.users WHERE banned_until < now()", 1, ANY},
    {"long e-mail",    SELECT_HALF "length(email) > 120 AND length(name) > 80", 1, ANY},
    {"Chinese letters", SELECT_HALF "name ~ '[\u4e00-\u9fff]'", 1, ANY},
    {"Arabic letters", SELECT_HALF "name ~ '[\u0600-\u06ff]'", 1, ANY},
    {"emoji",          SELECT_HALF "name ~ '[\U0001f300-\U0001faff]'", 1, ANY},
    {"escapes",        SELECT_HALF "name LIKE '%' || chr(27) || '[31m%' AND name LIKE '%' || chr(27) || ']52;%'", 1, ANY},
    {"bidi override",  SELECT_HALF "name LIKE '%' || chr(8238) || '%'", 1, ANY},
    {"zero width",     SELECT_HALF "name LIKE '%' || chr(8203) || '%'", 1, ANY},
    {"newline",        SELECT_HALF "name LIKE '%' || chr(10) || '%'", 1, ANY},
    {"C1",             SELECT_HALF "name LIKE '%' || chr(155) || '%'", 1, ANY},
    {"formula",        SELECT_HALF "name LIKE '=HYPERLINK(%'", 1, ANY},
    {"quotes",         SELECT_HALF "name LIKE '%''%' AND email LIKE '%\"%'", 1, ANY},
    {"deep JSON",      "SELECT count(*) FROM public.user_activity WHERE length(metadata::text) > 1000 AND metadata::text LIKE '{\"a\": [{\"a\": [{\"a\": [%'", 1, ANY},
    {"journal",        "SELECT count(*) FROM public.user_activity WHERE action LIKE 'zmartctl.%' AND metadata ? 'subject' AND metadata ? 'db_role'", 2, ANY},
    /* what would look made up */
    {"free, of 100",       "SELECT 100 * count(*) FILTER (WHERE tier = 'free') / count(*) FROM public.user_profiles", 62, 78},
    {"enterprise, of 100", "SELECT 100 * count(*) FILTER (WHERE tier = 'enterprise') / count(*) FROM public.user_profiles", 2, 9},
    {"people among the first 20", "SELECT count(*) FROM (SELECT email FROM auth.users WHERE NOT is_sso_user ORDER BY email LIMIT 20) f"
        " WHERE email ~ '^[a-z]{2,}\\.[a-z]{2,}@example\\.[a-z]+$'", 18, 20},
    {"their names",    "SELECT count(DISTINCT name) FROM public.user_profiles", USERS * 9 / 10, ANY},
    {"countries",      "SELECT count(DISTINCT country) FROM public.user_profiles", 20, ANY},
    {"real domains",   "SELECT count(*) FROM auth.users WHERE deleted_at IS NULL AND email !~ '(@|\\.)example(\\.[a-z]+)?$'", 0, 0},
    {"capitals",       "SELECT count(*) FROM auth.users WHERE deleted_at IS NULL AND email <> lower(email)", 0, 0},
    {"sign-in fails",  "SELECT count(*) FROM auth.users WHERE confirmation_token IS NULL OR recovery_token IS NULL"
        " OR email_change_token_new IS NULL OR email_change IS NULL OR instance_id <> '00000000-0000-0000-0000-000000000000'", 0, 0},
    {"months",         "SELECT count(DISTINCT date_trunc('month', created_at)) FROM public.user_activity", 6, ANY},
};

#define WHALE "(SELECT user_id FROM public.user_trades GROUP BY user_id ORDER BY count(*) DESC LIMIT 1)"

static const struct count trading[] = {
    {"trades of the whale", "SELECT count(*) FROM public.user_trades WHERE user_id = " WHALE, 5000, ANY},
    {"trades today",        "SELECT count(*) FROM public.user_trades WHERE created_at > (now() AT TIME ZONE 'UTC') - interval '1 day'", 1, ANY},
    {"months of trades",    "SELECT count(DISTINCT date_trunc('month', created_at)) FROM public.user_trades", 6, ANY},
    {"wrong totals",        "SELECT count(*) FROM public.user_trades WHERE total <> round(amount * price, 8)", 0, 0},
    {"symbols",             "SELECT count(DISTINCT symbol) FROM public.user_portfolios WHERE symbol IN ('BTC', 'ETH', 'SOL')", 3, 3},
    {"NaN",                 "SELECT count(*) FROM public.user_portfolios WHERE amount = 'NaN'", 1, ANY},
    {"the smallest",        "SELECT count(*) FROM public.user_portfolios WHERE amount = 0.00000001", 1, ANY},
    {"no numbers",          "SELECT count(*) FROM public.user_portfolios WHERE amount IS NULL AND pnl IS NULL", 1, ANY},
    {"infinity",            "SELECT count(*) FROM public.user_portfolios WHERE updated_at = 'infinity'", 1, ANY},
    {"long configuration",  "SELECT count(*) FROM public.user_strategies WHERE length(strategy_config::text) >= 300000", 1, ANY},
    {"real keys",           "SELECT count(*) FROM public.user_api_keys WHERE api_key_encrypted !~ '^enc:' OR api_secret_encrypted !~ '^enc:'", 0, 0},
    {"logins of its own",   "SELECT count(*) FROM auth.users u JOIN public.user_trading_profiles t USING (email) WHERE u.id <> t.user_id", 2, ANY},
    {"cryptometer",         "SELECT count(*) FROM pg_class WHERE relname LIKE 'cryptometer\\_%' AND relkind = 'r'", 6, 6},
    {"cryptometer's views", "SELECT count(*) FROM pg_class WHERE relname LIKE 'cryptometer\\_%' AND relkind = 'v'", 3, 3},
    {"cryptoverse",         "SELECT count(*) FROM pg_class WHERE relname LIKE 'cryptoverse\\_%' AND relkind = 'r'", 4, ANY},
    {"risk grid",           "SELECT count(*) FROM public.risk_metric_grid", 1000, ANY},
    {"fresh analysis",      "SELECT count(*) FROM public.cryptometer_symbol_analysis WHERE \"timestamp\" > now() - interval '1 hour'", 1, ANY},
    {"fresh messages",      "SELECT count(*) FROM public.service_communications WHERE \"timestamp\" > now() - interval '1 hour'", 1, ANY},
    {"fresh alerts",        "SELECT count(*) FROM public.alert_collections WHERE \"timestamp\" > now() - interval '1 hour'", 1, ANY},
    {"states",              "SELECT count(*) FROM public.orchestration_states", 1, ANY},
    {"vaults",              "SELECT count(*) FROM public.\"Zmart Vaults\"", 1, ANY},
};
/* clang-format on */

static void every_drift_class_is_there(void **state)
{
    const struct rig *rig = *state;

    assert_counts(rig->conn[DB_BRAIN], drift, ZM_COUNT(drift));
}

static void every_gate_fails_for_somebody(void **state)
{
    const struct rig *rig = *state;

    assert_counts(rig->conn[DB_BRAIN], gates, ZM_COUNT(gates));
}

static void brain_holds_people_of_all_kinds(void **state)
{
    const struct rig *rig = *state;

    assert_counts(rig->conn[DB_BRAIN], people, ZM_COUNT(people));
}

static void bot_holds_trading_of_all_kinds(void **state)
{
    const struct rig *rig = *state;

    assert_counts(rig->conn[DB_BOT], trading, ZM_COUNT(trading));
}

static bool has_index(const struct demo *demo, const struct db_index_row *row)
{
    PGconn *conn = demo_connect(demo, row->side, "postgres");
    PGresult *result = ask(conn,
                           "SELECT count(*) FROM pg_index"
                           " WHERE indexrelid = to_regclass('public.' || $1) AND indisvalid",
                           row->name);
    bool has = zm_streq(PQgetvalue(result, 0, 0), "1");

    PQclear(result);
    PQfinish(conn);
    return has;
}

static void as_written_leaves_only_the_indexes_out(void **state)
{
    const struct db_sample_options as_written = {.users = 20, .as_written = true};
    const struct rig *rig = *state;
    struct demo bare;
    int i;

    start(&bare, &as_written);
    for (i = 0; i < DB_INDEX_COUNT; i++) {
        const struct db_index_row *row = db_index_row((enum db_index)i);

        if (!has_index(&rig->demo, row))
            fail_msg("%s is missing", row->name);
        if (has_index(&bare, row))
            fail_msg("%s is there", row->name);
    }
    assert_string_equal(demo_sql(&bare, DB_BOT, "SELECT count(*) >= 5000 FROM user_trades"), "t");
    db_servers_stop(&bare.servers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logins_have_the_columns_and_indexes_of_supabase),
        cmocka_unit_test(postgres_may_what_it_may_on_supabase),
        cmocka_unit_test(the_two_are_different_servers),
        cmocka_unit_test(every_drift_class_is_there),
        cmocka_unit_test(every_gate_fails_for_somebody),
        cmocka_unit_test(brain_holds_people_of_all_kinds),
        cmocka_unit_test(bot_holds_trading_of_all_kinds),
        cmocka_unit_test(as_written_leaves_only_the_indexes_out),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
