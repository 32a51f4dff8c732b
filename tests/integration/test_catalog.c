/*
 * What a connection knows of its server: shapes, hidden rows, indexes, identity. Each test reshapes
 * a real database the way live ones differ, connects, and reads what a person would be told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/catalog.h"
#include "db/indexes.h"
#include "db/link.h"
#include "db/session.h"
#include "support/cluster.h"
#include "zm/str.h"

struct rig {
    struct cluster cluster[DB_SIDES];
    struct db_option options[DB_SIDES][4];
    struct db_target targets[DB_SIDES];
    struct db_link *link;
};

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        cluster_start(&rig->cluster[i], false);
        cluster_load(&rig->cluster[i], (enum db_side)i);
    }
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        cluster_done(&rig->cluster[i]);
    free(rig);
    return 0;
}

static int drop_link(void **state)
{
    struct rig *rig = *state;

    db_link_free(rig->link);
    rig->link = NULL;
    return 0;
}

/* A new connection as that role: the catalogue is read once per connection. */
static const struct db_facts *connect_as(struct rig *rig, enum db_side side, const char *role)
{
    struct zm_error err;

    db_link_free(rig->link);
    cluster_target(&rig->cluster[side], side, role, rig->options[side], &rig->targets[side]);
    rig->link = db_link_new(&rig->targets[side]);
    if (!db_link_open(rig->link, &err))
        fail_msg("%s; %s", err.message, err.hint);
    return db_link_facts(rig->link);
}

static void brain_sql(const struct rig *rig, const char *sql)
{
    cluster_sql(&rig->cluster[DB_BRAIN], sql);
}

/* Row security hides rows without an error: they must be unknown, never missing. */
static void hidden_rows(void **state)
{
    struct rig *rig = *state;
    const struct db_facts *facts = connect_as(rig, DB_BRAIN, "plain");
    const struct db_catalog *catalog = db_link_catalog(rig->link);

    assert_string_equal(facts->hidden, "user_profiles");
    assert_string_equal(facts->writable, "0 of 3 tables");
    assert_int_equal(facts->logins, DB_LOGINS_NONE);
    assert_false(db_catalog_sees_all(catalog, "public.user_profiles"));
    assert_false(db_catalog_sees_all(catalog, "auth.users"));
    assert_true(db_catalog_sees_all(catalog, "public.user_activity"));
    assert_true(db_catalog_sees_all(catalog, "public.no_such_table"));

    facts = connect_as(rig, DB_BOT, "plain"); /* a constant-true policy hides nothing */
    assert_string_equal(facts->hidden, "user_portfolios");
    facts = connect_as(rig, DB_BRAIN, "postgres"); /* neither does BYPASSRLS */
    assert_string_equal(facts->hidden, "");
    assert_int_equal(facts->logins, DB_LOGINS_TABLE);
}

struct policy_case {
    const char *sql; /* after which ... */
    bool sees_all;   /* ... plain sees all of user_profiles */
};

static void policies(void **state)
{
    static const struct policy_case cases[] = {
        {"CREATE POLICY p ON public.user_profiles FOR SELECT TO authenticated USING (true)", false},
        {"GRANT authenticated TO plain", true},
        {"REVOKE authenticated FROM plain", false},
        {"ALTER POLICY p ON public.user_profiles TO plain", true},
        {"ALTER POLICY p ON public.user_profiles USING (tier = 'pro')", false},
        {"ALTER POLICY p ON public.user_profiles USING (true)", true},
        {"CREATE POLICY r ON public.user_profiles AS RESTRICTIVE USING (tier = 'pro')", false},
        {"DROP POLICY r ON public.user_profiles", true},
        {"DROP POLICY p ON public.user_profiles", false},
        {"CREATE POLICY p ON public.user_profiles FOR UPDATE USING (true)", false},
        {"ALTER TABLE public.user_profiles DISABLE ROW LEVEL SECURITY", true},
        {"ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY", false},
        {"ALTER TABLE public.user_profiles OWNER TO plain", true},
        {"ALTER TABLE public.user_profiles FORCE ROW LEVEL SECURITY", false},
        {"ALTER TABLE public.user_profiles NO FORCE ROW LEVEL SECURITY", true},
        {"ALTER TABLE public.user_profiles OWNER TO postgres", false},
        {"GRANT SELECT ON public.user_profiles TO plain", false},
        {"DROP POLICY p ON public.user_profiles", false},
    };
    struct rig *rig = *state;
    size_t i;

    for (i = 0; i < ZM_COUNT(cases); i++) {
        brain_sql(rig, cases[i].sql);
        connect_as(rig, DB_BRAIN, "plain");
        if (db_catalog_sees_all(db_link_catalog(rig->link), "public.user_profiles") !=
            cases[i].sees_all)
            fail_msg("after %s", cases[i].sql);
    }
}

struct shape_case {
    const char *role;
    enum db_sql sql;
    enum zm_error_kind kind;
    const char *before, *after; /* reshape ZmartBot, and mend it */
    const char *message, *hint;
};

static void older_shapes(void **state)
{
    static const struct shape_case cases[] = {
        {"postgres", DB_SQL_BOT_USER_TRADES, ZM_ERR_NONE, "SELECT 1", "SELECT 1", "", ""},
        {"postgres", DB_SQL_BOT_USER_TRADES, ZM_ERR_SHAPE,
         "ALTER TABLE public.user_trades RENAME side TO trade_type",
         "ALTER TABLE public.user_trades RENAME trade_type TO side",
         "there is no column public.user_trades(side)", "2.5 user_trades"},
        {"postgres", DB_SQL_BOT_USER_TRADES, ZM_ERR_SHAPE,
         "ALTER TABLE public.user_trades RENAME TO trades",
         "ALTER TABLE public.trades RENAME TO user_trades", "there is no table public.user_trades",
         "2.5 user_trades"},
        {"postgres", DB_SQL_BOT_USER_STRATEGIES, ZM_ERR_NONE,
         "ALTER TABLE public.user_trades RENAME TO trades",
         "ALTER TABLE public.trades RENAME TO user_trades", "", ""},
        {"plain", DB_SQL_BOT_USER_TRADES, ZM_ERR_PRIVILEGE,
         "REVOKE SELECT ON public.user_trades FROM plain",
         "GRANT SELECT ON public.user_trades TO plain", "public.user_trades(",
         "role plain lacks SELECT"},
        {"plain", DB_SQL_BOT_LOCK_TRADER, ZM_ERR_PRIVILEGE, "SELECT 1", "SELECT 1",
         "may not lock rows of public.user_trading_profiles",
         "role plain lacks UPDATE (tier, trading_enabled, api_access, email, updated_at) on "
         "public.user_trading_profiles"},
        {"plain", DB_SQL_BOT_USER_API_KEYS, ZM_ERR_NONE,
         "REVOKE SELECT ON public.user_api_keys FROM plain;"
         "GRANT SELECT (id, user_id, exchange, is_active, permissions, created_at, updated_at)"
         " ON public.user_api_keys TO plain",
         "GRANT SELECT ON public.user_api_keys TO plain", "", ""},
        {"plain", DB_SQL_BOT_USER_PORTFOLIO, ZM_ERR_HIDDEN, "SELECT 1", "SELECT 1",
         "row security hides rows from this role in public.user_portfolios", "policy"},
        {"plain", DB_SQL_BOT_USER_TRADES, ZM_ERR_PRIVILEGE,
         "REVOKE USAGE ON SCHEMA public FROM plain, PUBLIC",
         "GRANT USAGE ON SCHEMA public TO plain, PUBLIC", "public.user_trades(", ""},
    };
    struct rig *rig = *state;
    size_t i;

    for (i = 0; i < ZM_COUNT(cases); i++) {
        const struct shape_case *c = &cases[i];
        struct db_ask ask = {.sql = c->sql, .params = {"00000000-0000-0000-0000-000000000000"}};
        struct zm_error err = {.kind = ZM_ERR_NONE};

        cluster_sql(&rig->cluster[DB_BOT], c->before);
        connect_as(rig, DB_BOT, c->role);
        assert_true(db_link_read(rig->link, &ask, 1, &err));
        assert_int_equal(ask.err.kind, c->kind);
        assert_int_equal(ask.ok, c->kind == ZM_ERR_NONE);
        if (!strstr(ask.err.message, c->message) || !strstr(ask.err.hint, c->hint))
            fail_msg("%s: %s; %s", c->before, ask.err.message, ask.err.hint);
        db_asks_done(&ask, 1);
        cluster_sql(&rig->cluster[DB_BOT], c->after);
    }
}

/* The table goes away while connected: the server's own error says the same. */
static void dropped_meanwhile(void **state)
{
    struct rig *rig = *state;
    struct db_ask asks[] = {
        {.sql = DB_SQL_BOT_USER_TRADES, .params = {"00000000-0000-0000-0000-000000000000"}},
        {.sql = DB_SQL_BOT_USER_STRATEGIES, .params = {"00000000-0000-0000-0000-000000000000"}},
    };
    struct zm_error err;

    connect_as(rig, DB_BOT, "postgres");
    cluster_sql(&rig->cluster[DB_BOT], "ALTER TABLE public.user_trades RENAME TO trades");
    assert_true(db_link_read(rig->link, asks, 2, &err));
    assert_int_equal(asks[0].err.kind, ZM_ERR_SHAPE);
    assert_string_equal(asks[0].err.sqlstate, "42P01");
    assert_non_null(strstr(asks[0].err.hint, "2.5 user_trades"));
    assert_true(asks[1].ok);
    db_asks_done(asks, 2);
    cluster_sql(&rig->cluster[DB_BOT], "ALTER TABLE public.trades RENAME TO user_trades");
}

static void no_logins(void **state)
{
    struct rig *rig = *state;
    struct zm_error err;

    connect_as(rig, DB_BRAIN, "plain");
    assert_false(db_catalog_allows(db_link_catalog(rig->link), DB_SQL_BRAIN_USERS_BY_EMAIL, &err));
    assert_int_equal(err.kind, ZM_ERR_HIDDEN);
    assert_non_null(strstr(err.hint, "zmartctl.users"));
    brain_sql(rig, "REVOKE SELECT ON auth.users FROM plain");
    connect_as(rig, DB_BRAIN, "plain");
    assert_false(db_catalog_allows(db_link_catalog(rig->link), DB_SQL_BRAIN_USERS_BY_EMAIL, &err));
    assert_int_equal(err.kind, ZM_ERR_PRIVILEGE);
    brain_sql(rig, "GRANT SELECT ON auth.users TO plain; ALTER TABLE auth.users RENAME TO gone");
    connect_as(rig, DB_BRAIN, "plain");
    assert_false(db_catalog_allows(db_link_catalog(rig->link), DB_SQL_BRAIN_USERS_BY_EMAIL, &err));
    assert_int_equal(err.kind, ZM_ERR_SHAPE);
    brain_sql(rig, "ALTER TABLE auth.gone RENAME TO users");
}

static void logins_through_the_view(void **state)
{
    struct rig *rig = *state;
    const struct db_facts *facts;
    struct zm_error err;

    cluster_load_view(&rig->cluster[DB_BRAIN]);
    facts = connect_as(rig, DB_BRAIN, "plain");
    assert_int_equal(facts->logins, DB_LOGINS_VIEW);
    facts = connect_as(rig, DB_BRAIN, "postgres");
    assert_int_equal(facts->logins, DB_LOGINS_TABLE);
    /* A condition of its own would make orphans of those whom it hides. */
    brain_sql(rig, "DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW zmartctl.users AS ' ||"
                   " rtrim(pg_get_viewdef('zmartctl.users'::regclass), ';') ||"
                   " ' WHERE email IS NOT NULL'; END $$");
    facts = connect_as(rig, DB_BRAIN, "plain");
    assert_int_equal(facts->logins, DB_LOGINS_NONE);
    assert_false(db_catalog_allows(db_link_catalog(rig->link), DB_SQL_BRAIN_USERS_BY_EMAIL, &err));
    assert_int_equal(err.kind, ZM_ERR_HIDDEN);
    assert_non_null(strstr(err.message, "zmartctl.users"));
    brain_sql(rig, "REVOKE ALL ON zmartctl.users FROM PUBLIC, plain");
    connect_as(rig, DB_BRAIN, "plain"); /* who may not read it is told that */
    assert_false(db_catalog_allows(db_link_catalog(rig->link), DB_SQL_BRAIN_USERS_BY_EMAIL, &err));
    assert_null(strstr(err.message, "this view"));
    brain_sql(rig, "DROP SCHEMA zmartctl CASCADE");
    cluster_load_view(&rig->cluster[DB_BRAIN]);
    /* A view whose owner does not see the rows shows none. */
    brain_sql(rig, "CREATE ROLE weak; GRANT USAGE ON SCHEMA auth, zmartctl TO weak;"
                   "GRANT SELECT ON auth.users TO weak; GRANT CREATE ON SCHEMA zmartctl TO weak;"
                   "ALTER VIEW zmartctl.users OWNER TO weak");
    facts = connect_as(rig, DB_BRAIN, "plain");
    assert_int_equal(facts->logins, DB_LOGINS_NONE);
    brain_sql(rig, "DROP SCHEMA zmartctl CASCADE; DROP OWNED BY weak; DROP ROLE weak");
}

static void indexes(void **state)
{
    struct rig *rig = *state;
    uint64_t wanted[DB_SIDES] = {0, 0};
    const struct db_facts *facts;
    char text[512];
    size_t i;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        assert_true(connect_as(rig, (enum db_side)side, "postgres")->indexes == 0);
    for (i = 0; i < DB_INDEX_COUNT; i++) {
        const struct db_index_row *row = db_index_row((enum db_index)i);

        wanted[row->side] |= UINT64_C(1) << i;
        cluster_sql(&rig->cluster[row->side], row->create);
        facts = connect_as(rig, row->side, "postgres");
        if (facts->indexes != wanted[row->side])
            fail_msg("%s is not recognised", row->name);
        assert_true(strlen(row->name) < 64);
        snprintf(text, sizeof(text), "SELECT count(*) FROM pg_indexes WHERE indexname = '%s'",
                 row->name);
        assert_string_equal(cluster_value(&rig->cluster[row->side], text), "1");
    }
    for (i = 0; i < DB_INDEX_COUNT; i++) {
        const struct db_index_row *row = db_index_row((enum db_index)i);

        snprintf(text, sizeof(text), "DROP INDEX public.%s", row->name);
        cluster_sql(&rig->cluster[row->side], text);
    }
}

struct index_case {
    const char *create; /* of an index x on user_activity or user_profiles */
    enum db_index serves;
    bool does;
};

static void indexes_that_serve(void **state)
{
    static const struct index_case cases[] = {
        {"CREATE UNIQUE INDEX x ON public.user_profiles (user_id)", DB_INDEX_PROFILES_USER, true},
        {"CREATE INDEX x ON public.user_profiles (user_id, tier)", DB_INDEX_PROFILES_USER, true},
        {"CREATE INDEX x ON public.user_profiles (tier, user_id)", DB_INDEX_PROFILES_USER, false},
        {"CREATE INDEX x ON public.user_profiles USING hash (user_id)", DB_INDEX_PROFILES_USER,
         false},
        {"CREATE INDEX x ON public.user_profiles (user_id) WHERE tier = 'pro'",
         DB_INDEX_PROFILES_USER, false},
        {"CREATE INDEX x ON public.user_profiles (user_id) INCLUDE (tier)", DB_INDEX_PROFILES_USER,
         true},
        {"CREATE INDEX x ON public.user_profiles (lower(name))", DB_INDEX_PROFILES_NAME, false},
        {"CREATE INDEX x ON public.user_activity (user_id, created_at DESC, id DESC)",
         DB_INDEX_ACTIVITY_USER, true},
        {"CREATE INDEX x ON public.user_activity (user_id)", DB_INDEX_ACTIVITY_USER, false},
        {"CREATE UNIQUE INDEX x ON public.user_activity (user_id)", DB_INDEX_ACTIVITY_USER, true},
        {"CREATE INDEX x ON public.user_activity ((metadata->>'subject'), created_at)",
         DB_INDEX_ACTIVITY_JOURNAL, true},
    };
    struct rig *rig = *state;
    size_t i;

    for (i = 0; i < ZM_COUNT(cases); i++) {
        const struct db_facts *facts;

        brain_sql(rig, cases[i].create);
        facts = connect_as(rig, DB_BRAIN, "postgres");
        if (((facts->indexes >> cases[i].serves & 1) != 0) != cases[i].does)
            fail_msg("%s", cases[i].create);
        brain_sql(rig, "DROP INDEX public.x");
    }
    brain_sql(rig,
              "CREATE INDEX x ON public.user_profiles (user_id);"
              "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.x'::regclass");
    assert_true(connect_as(rig, DB_BRAIN, "postgres")->indexes == 0);
    brain_sql(rig, "DROP INDEX public.x");
}

static void read_only_servers(void **state)
{
    struct rig *rig = *state;
    const struct db_facts *facts = connect_as(rig, DB_BRAIN, "postgres");

    assert_false(facts->read_only);
    assert_false(facts->standby);
    brain_sql(rig, "ALTER ROLE postgres SET default_transaction_read_only = on");
    assert_true(connect_as(rig, DB_BRAIN, "postgres")->read_only);
    brain_sql(rig, "ALTER ROLE postgres RESET default_transaction_read_only");
}

static void standby(void **state)
{
    struct rig *rig = *state;
    struct cluster copy, primary = rig->cluster[DB_BRAIN];
    struct db_ask ask = {.sql = DB_SQL_BRAIN_USERS_GIVEN, .params = {"{}"}};
    struct zm_error err;

    cluster_start_standby(&copy, &primary);
    rig->cluster[DB_BRAIN] = copy;
    assert_true(connect_as(rig, DB_BRAIN, "postgres")->standby);
    assert_true(db_link_read(rig->link, &ask, 1, &err));
    assert_true(ask.ok);
    db_asks_done(&ask, 1);
    rig->cluster[DB_BRAIN] = primary;
    cluster_done(&copy);
}

/* Roles and databases may set anything for themselves; what we read does not follow. */
static void settings_are_pinned(void **state)
{
    struct rig *rig = *state;

    brain_sql(rig, "ALTER ROLE postgres SET DateStyle = 'German';"
                   "ALTER ROLE postgres SET TimeZone = 'Asia/Tokyo';"
                   "ALTER ROLE postgres SET search_path = 'nowhere';"
                   "ALTER ROLE postgres SET lc_messages = 'C'");
    connect_as(rig, DB_BRAIN, "postgres");
    assert_true(db_catalog_has(db_link_catalog(rig->link), "public.user_profiles", "tier"));
    brain_sql(rig, "ALTER ROLE postgres RESET ALL");
}

static void estimates(void **state)
{
    struct rig *rig = *state;

    brain_sql(rig, "INSERT INTO auth.users (id, email) SELECT gen_random_uuid(), 'u' || i || "
                   "'@example.com' FROM generate_series(1, 1000) i; ANALYZE auth.users");
    assert_int_equal(connect_as(rig, DB_BRAIN, "postgres")->estimate, 1000);
    assert_int_equal(db_catalog_estimate(db_link_catalog(rig->link), "auth.users"), 1000);
    assert_int_equal(db_catalog_estimate(db_link_catalog(rig->link), "public.nothing"), -1);
    brain_sql(rig, "DELETE FROM auth.users");
}

static void identity(void **state)
{
    struct rig *rig = *state;
    struct db_session session;
    struct db_target swapped[DB_SIDES];
    struct zm_error err;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        cluster_target(&rig->cluster[i], (enum db_side)i, "postgres", rig->options[i],
                       &rig->targets[i]);
    assert_true(db_session_open(&session, rig->targets, &err));
    db_session_close(&session);

    memcpy(swapped, rig->targets, sizeof(swapped));
    swapped[DB_BRAIN].options = rig->targets[DB_BOT].options;
    swapped[DB_BOT].options = rig->targets[DB_BRAIN].options;
    assert_false(db_session_open(&session, swapped, &err));
    assert_int_equal(err.kind, ZM_ERR_IDENTITY);
    assert_non_null(strstr(err.hint, "swapped"));

    /* Both shapes in one database: misplaced tables are a warning, using it twice is refused. */
    brain_sql(rig, "CREATE TABLE public.user_trading_profiles (id uuid)");
    assert_true(connect_as(rig, DB_BRAIN, "postgres")->misplaced);
    assert_non_null(strstr(db_link_facts(rig->link)->warnings, "tables of ZmartBot"));
    swapped[DB_BRAIN].options = rig->targets[DB_BRAIN].options;
    assert_false(db_session_open(&session, swapped, &err));
    assert_int_equal(err.kind, ZM_ERR_IDENTITY);
    assert_non_null(strstr(err.message, "the same database"));
    brain_sql(rig, "DROP TABLE public.user_trading_profiles");
}

#define WITH_LINK(test) cmocka_unit_test_teardown(test, drop_link)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LINK(hidden_rows),
        WITH_LINK(policies),
        WITH_LINK(older_shapes),
        WITH_LINK(dropped_meanwhile),
        WITH_LINK(no_logins),
        WITH_LINK(logins_through_the_view),
        WITH_LINK(indexes),
        WITH_LINK(indexes_that_serve),
        WITH_LINK(read_only_servers),
        WITH_LINK(standby),
        WITH_LINK(settings_are_pinned),
        WITH_LINK(estimates),
        WITH_LINK(identity),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
