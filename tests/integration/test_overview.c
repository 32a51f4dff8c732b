/*
 * The figures over all users, against tables made for it: samples, days, symbols, and the tables
 * that are there besides ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/overview.h"
#include "support/people.h"
#include "zm/str.h"

static void read_both(const struct people *p, bool exact, const char *const *patterns,
                      struct db_overview_brain *brain, struct db_overview_bot *bot)
{
    struct zm_error err;

    memset(brain, 0, sizeof(*brain));
    memset(bot, 0, sizeof(*bot));
    if (!db_overview_read_brain(db_session_link(&p->session, DB_BRAIN), exact, brain, &err) ||
        !db_overview_read_bot(db_session_link(&p->session, DB_BOT), exact, patterns, bot, &err))
        fail_msg("%s; %s", err.message, err.detail);
}

static void done(struct db_overview_brain *brain, struct db_overview_bot *bot)
{
    db_overview_brain_done(brain);
    db_overview_bot_done(bot);
}

static const struct db_rows *rows_of(const struct db_ask *ask)
{
    if (!ask->ok)
        fail_msg("%s; %s", ask->err.message, ask->err.detail);
    return &ask->rows;
}

static const struct db_tier_count *tier(const struct db_ask *ask, size_t i)
{
    assert_true(i < rows_of(ask)->n);
    return DB_ROW(&ask->rows, struct db_tier_count, i);
}

/* Small tables are counted, whether one asks for it or not. */
static void test_small(void **state)
{
    struct people *p = *state;
    struct db_overview_brain brain;
    struct db_overview_bot bot;
    size_t i;

    people_sql(
        p, DB_BRAIN,
        "INSERT INTO user_profiles (tier, created_at) SELECT 'free', now() AT TIME ZONE 'UTC'"
        " FROM generate_series(1, 7);"
        "INSERT INTO user_profiles (tier, created_at) SELECT 'pro', (now() AT TIME ZONE "
        "'UTC')::date - 3"
        " FROM generate_series(1, 5);"
        "INSERT INTO user_profiles (tier, created_at) VALUES (NULL, 'infinity'), (NULL, NULL),"
        " (NULL, now() - interval '31 days')");
    people_sql(
        p, DB_BOT,
        "INSERT INTO user_trading_profiles (user_id, email, tier) SELECT pid(i), '', 'premium'"
        " FROM generate_series(1, 4) i;"
        "INSERT INTO user_trades (user_id, symbol, created_at) SELECT pid(1), 'S' || (i % 12),"
        " (now() AT TIME ZONE 'UTC')::date - i % 2 FROM generate_series(1, 30) i");
    people_open(p, "postgres");
    for (i = 0; i < 2; i++) {
        read_both(p, i == 1, NULL, &brain, &bot);
        assert_int_equal(tier(&brain.part[DB_OB_TIERS], 0)->users, 7);
        assert_string_equal(tier(&brain.part[DB_OB_TIERS], 1)->tier, "pro");
        assert_false(tier(&brain.part[DB_OB_TIERS], 1)->estimated);
        assert_null(tier(&brain.part[DB_OB_TIERS], 2)->tier);
        assert_int_equal(tier(&brain.part[DB_OB_TIERS], 2)->users, 3);
        assert_int_equal(rows_of(&brain.part[DB_OB_SIGN_UPS])->n, 2);
        assert_int_equal(DB_ROW(&brain.part[DB_OB_SIGN_UPS].rows, struct db_day_count, 0)->n, 5);
        assert_int_equal(DB_ROW(&brain.part[DB_OB_SIGN_UPS].rows, struct db_day_count, 1)->n, 7);
        assert_int_equal(tier(&bot.part[DB_OT_TIERS], 0)->users, 4);
        assert_string_equal(tier(&bot.part[DB_OT_TIERS], 0)->tier, "premium");
        assert_int_equal(rows_of(&bot.part[DB_OT_TRADES])->n, 2);
        assert_int_equal(DB_ROW(&bot.part[DB_OT_TRADES].rows, struct db_day_count, 1)->n, 15);
        assert_int_equal(rows_of(&bot.part[DB_OT_SYMBOLS])->n, 10);
        assert_int_equal(DB_ROW(&bot.part[DB_OT_SYMBOLS].rows, struct db_symbol_count, 0)->trades,
                         3);
        assert_int_equal(rows_of(&bot.part[DB_OT_TABLES])->n, 0);
        done(&brain, &bot);
    }
}

/* A large table is sampled, and says that it was; its days are not counted without an index. */
static void test_large(void **state)
{
    struct people *p = *state;
    struct db_overview_brain brain;
    struct db_overview_bot bot;
    const struct db_tier_count *t;

    people_sql(
        p, DB_BRAIN,
        "INSERT INTO user_profiles (tier) SELECT CASE WHEN i % 5 = 0 THEN 'pro' ELSE 'free' END"
        " FROM generate_series(1, 120000) i; ANALYZE user_profiles");
    people_open(p, "postgres");
    read_both(p, false, NULL, &brain, &bot);
    t = tier(&brain.part[DB_OB_TIERS], 0);
    assert_true(t->estimated);
    assert_string_equal(t->tier, "free");
    assert_true(t->users > 93000 && t->users < 99000);
    assert_int_equal(rows_of(&brain.part[DB_OB_SIGN_UPS])->n, 1);
    done(&brain, &bot);
    people_sql(p, DB_BRAIN, "DROP INDEX user_profiles_created_at_idx");
    people_open(p, "postgres");
    read_both(p, false, NULL, &brain, &bot);
    assert_false(brain.part[DB_OB_SIGN_UPS].ok);
    assert_non_null(strstr(brain.part[DB_OB_SIGN_UPS].err.message, "no index"));
    assert_non_null(strstr(brain.part[DB_OB_SIGN_UPS].err.hint, "user_profiles_created_at_idx"));
    assert_true(brain.part[DB_OB_TIERS].ok);
    done(&brain, &bot);
    read_both(p, true, NULL, &brain, &bot);
    assert_int_equal(tier(&brain.part[DB_OB_TIERS], 0)->users, 96000);
    assert_int_equal(DB_ROW(rows_of(&brain.part[DB_OB_SIGN_UPS]), struct db_day_count, 0)->n,
                     120000);
    done(&brain, &bot);
    people_sql(p, DB_BRAIN,
               "CREATE INDEX user_profiles_created_at_idx ON public.user_profiles (created_at)");
}

static const struct db_table_state *table(const struct db_ask *ask, const char *name)
{
    size_t i;

    for (i = 0; i < rows_of(ask)->n; i++)
        if (zm_streq(DB_ROW(&ask->rows, struct db_table_state, i)->table_name, name))
            return DB_ROW(&ask->rows, struct db_table_state, i);
    fail_msg("no table %s", name);
    return NULL;
}

static const char existing[] =
    "SET ROLE postgres;"
    "CREATE TABLE public.crypto_a (id int, updated_at timestamp, created_at timestamptz);"
    "INSERT INTO public.crypto_a VALUES (1, '2026-11-20 10:00:00.5', now()), (2, '2026-11-19', "
    "now());"
    "CREATE TABLE public.crypto_day (last_updated date);"
    "INSERT INTO public.crypto_day VALUES ('2026-11-21'), (NULL);"
    "CREATE VIEW public.crypto_view AS SELECT created_at FROM public.crypto_a;"
    "CREATE TABLE public.\"Zmart Vaults\" (id int);"
    "CREATE TABLE public.crypto_empty (\"timestamp\" timestamptz);"
    "CREATE TABLE public.\"crypto'; DROP TABLE crypto_a; --\" (updated_at text);"
    "CREATE TABLE public.cryptoXa (id int);"
    "CREATE TABLE public.crypto_big (pad text, created_at timestamp);"
    "INSERT INTO public.crypto_big SELECT repeat('x', 900), '2026-01-01'::timestamp + i * interval "
    "'1 minute'"
    "  FROM generate_series(1, 9000) i;"
    "ANALYZE public.crypto_a; ANALYZE public.crypto_big;"
    "REVOKE ALL ON public.crypto_day FROM plain; GRANT SELECT ON public.crypto_a TO plain;";

static void test_tables(void **state)
{
    static const char *const patterns[] = {"crypto_*", "Zmart Vaults", "crypto'*", NULL};
    struct people *p = *state;
    struct db_overview_brain brain;
    struct db_overview_bot bot;
    const struct db_table_state *t;
    const struct db_ask *ask = &bot.part[DB_OT_TABLES];

    people_sql(p, DB_BOT, existing);
    people_open(p, "postgres");
    read_both(p, false, patterns, &brain, &bot);
    assert_int_equal(rows_of(ask)->n, 7); /* cryptoXa is not meant: _ is itself */
    t = table(ask, "crypto_a");
    assert_string_equal(t->kind, "table");
    assert_int_equal(t->estimate, 2);
    assert_string_equal(t->fresh_column, "updated_at");
    assert_string_equal(t->freshest, "2026-11-20T10:00:00Z");
    assert_string_equal(table(ask, "crypto_day")->freshest, "2026-11-21T00:00:00Z");
    t = table(ask, "crypto_view");
    assert_string_equal(t->kind, "view");
    assert_int_equal(t->estimate, -1);
    assert_null(t->freshest);
    assert_null(table(ask, "Zmart Vaults")->fresh_column);
    assert_null(table(ask, "crypto_empty")->freshest);
    assert_null(table(ask, "crypto'; DROP TABLE crypto_a; --")->fresh_column);
    t = table(ask, "crypto_big"); /* by the statistics: near the end */
    assert_true(strcmp(t->freshest, "2026-01-07") > 0 && strcmp(t->freshest, "2026-01-08") < 0);
    done(&brain, &bot);

    read_both(p, true, patterns, &brain, &bot);
    assert_int_equal(table(ask, "crypto_view")->estimate, 2);
    assert_non_null(table(ask, "crypto_view")->freshest);
    assert_string_equal(table(ask, "crypto_big")->freshest, "2026-01-07T06:00:00Z");
    assert_int_equal(table(ask, "crypto_empty")->estimate, 0);
    done(&brain, &bot);

    people_open(p, "plain");
    read_both(p, true, patterns, &brain, &bot);
    assert_true(table(ask, "crypto_a")->readable);
    assert_int_equal(table(ask, "crypto_a")->estimate, 2);
    assert_false(table(ask, "crypto_day")->readable);
    assert_null(table(ask, "crypto_day")->freshest);
    done(&brain, &bot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_small, people_empty),
        cmocka_unit_test_teardown(test_large, people_empty),
        cmocka_unit_test_teardown(test_tables, people_empty),
    };

    return cmocka_run_group_tests(tests, people_begin, people_end);
}
