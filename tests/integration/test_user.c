/*
 * One user read whole from two real databases: every list, its order and its further rows, long
 * JSON, strange numbers and older shapes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/user.h"
#include "support/people.h"
#include "zm/str.h"

static const char one[] = "00000000-0000-4000-8000-000000000001";

static struct db_link *side(const struct people *p, enum db_side which)
{
    return db_session_link(&p->session, which);
}

static void read_brain(const struct people *p, const char *id, struct db_user_brain *ret)
{
    struct zm_error err;

    memset(ret, 0, sizeof(*ret));
    if (!db_user_read_brain(side(p, DB_BRAIN), id, ret, &err))
        fail_msg("%s; %s", err.message, err.detail);
}

static void read_bot(const struct people *p, const char *id, struct db_user_bot *ret)
{
    struct zm_error err;

    memset(ret, 0, sizeof(*ret));
    if (!db_user_read_bot(side(p, DB_BOT), id, ret, &err))
        fail_msg("%s; %s", err.message, err.detail);
}

static const struct db_rows *rows_of(const struct db_ask *ask)
{
    if (!ask->ok)
        fail_msg("%s; %s", ask->err.message, ask->err.hint);
    return &ask->rows;
}

/* ---- whole ---- */

static const char ana_brain[] =
    "INSERT INTO auth.users (id, email, created_at, email_confirmed_at)"
    " VALUES (pid(1), 'ana@example.com', '2026-01-01', '2026-01-01'), (pid(2), 'bo@example.com', "
    "NULL, NULL);"
    "INSERT INTO user_profiles (user_id, tier, name, country, profile_completed)"
    " VALUES (pid(1), 'pro', 'Ana Pop', 'RO', true);"
    "INSERT INTO user_subscriptions (user_id, tier, status, started_at, ended_at) VALUES"
    " (pid(1), 'free', 'ended', '2026-01-01', '2026-02-01'), (pid(1), 'pro', 'active', "
    "'2026-02-01', NULL);"
    "INSERT INTO user_activity (user_id, action, metadata, created_at)"
    " SELECT pid(1), 'act' || i, CASE WHEN i = 120 THEN jsonb_build_object('a', repeat('x', 1000)) "
    "END,"
    "  timestamp '2026-03-01' + i * interval '0.3 second' FROM generate_series(1, 120) i;"
    "INSERT INTO user_activity (user_id, action, metadata, created_at) VALUES"
    " (pid(1), 'zmartctl.tier_change', '{\"subject\": \"00000000-0000-4000-8000-000000000001\", "
    "\"old\": \"free\","
    "  \"new\": \"pro\", \"reason\": \"T-1\", \"db_role\": \"op_bo\", \"os_user\": \"bo\"}', "
    "'2026-02-01'),"
    " (NULL, 'zmartctl.trading_toggle', '{\"subject\": \"00000000-0000-4000-8000-000000000001\", "
    "\"old\": true,"
    "  \"new\": false, \"db_role\": \"op_bo\"}', '2026-02-02'),"
    " (pid(1), 'zmartctl.result', '{\"subject\": \"00000000-0000-4000-8000-000000000001\"}', "
    "'2026-02-03'),"
    " (pid(2), 'zmartctl.tier_change', '{\"subject\": \"00000000-0000-4000-8000-000000000002\"}', "
    "'2026-02-04');";
static const char ana_bot[] =
    "INSERT INTO user_trading_profiles (user_id, email, tier, trading_enabled)"
    " VALUES (pid(1), 'ana@example.com', 'pro', true);"
    "INSERT INTO user_portfolios (user_id, symbol, amount, avg_buy_price, current_value, pnl) "
    "VALUES"
    " (pid(1), 'BTC', 0.41200000, 60000, 38112.4, 2410.9), (pid(1), 'ETH', 0.00000001, 'NaN', "
    "9876.00000001, -120.5),"
    " (pid(1), 'DUST', NULL, NULL, NULL, NULL), (pid(2), 'BTC', 1, 1, 1, 1);"
    "INSERT INTO user_trades (user_id, symbol, side, amount, price, total, status, created_at)"
    " SELECT pid(1), 'S' || i, 'buy', i, 1, i, CASE WHEN i % 10 = 0 THEN 'pending' ELSE 'executed' "
    "END,"
    "  date_trunc('day', now()) - i * interval '0.3 second' FROM generate_series(0, 249) i;"
    "INSERT INTO user_trades (user_id, symbol, status, created_at)"
    " VALUES (pid(1), 'EARLY', 'executed', now() - interval '40 days'), (pid(1), 'NEVER', "
    "'executed', NULL);"
    "INSERT INTO user_strategies (user_id, strategy_name, strategy_config, is_active, "
    "performance_metrics) VALUES"
    " (pid(1), 'idle', NULL, NULL, NULL), (pid(1), 'grid', jsonb_build_object('k', repeat('y', "
    "100000)), true, '{}');"
    "INSERT INTO user_api_keys (user_id, exchange, api_key_encrypted, is_active, permissions) "
    "VALUES"
    " (pid(1), 'kraken', 'SECRET', false, NULL), (pid(1), 'binance', 'SECRET', true, '{\"spot\": "
    "true}');";

static void check_brain(const struct db_user_brain *b)
{
    const struct db_rows *rows = rows_of(&b->part[DB_UB_SUBSCRIPTIONS]);
    const struct db_operator_change *change;
    const struct db_activity *a;

    assert_int_equal(rows_of(&b->part[DB_UB_LOGIN])->n, 1);
    assert_string_equal(DB_ROW(rows_of(&b->part[DB_UB_PROFILES]), struct db_profile, 0)->name,
                        "Ana Pop");
    assert_int_equal(rows->n, 2);
    assert_string_equal(DB_ROW(rows, struct db_subscription, 0)->tier, "pro");
    assert_null(DB_ROW(rows, struct db_subscription, 0)->ended_at);
    assert_string_equal(DB_ROW(rows, struct db_subscription, 1)->ended_at, "2026-02-01T00:00:00Z");
    rows = rows_of(&b->part[DB_UB_ACTIVITY]);
    assert_int_equal(rows->n, 50);
    a = DB_ROW(rows, struct db_activity, 0);
    assert_string_equal(a->action, "act120");
    assert_int_equal(strlen(a->metadata), 400);
    assert_int_equal(a->metadata_size, 1009);
    assert_null(DB_ROW(rows, struct db_activity, 1)->metadata);
    rows = rows_of(&b->part[DB_UB_OPERATORS]);
    assert_int_equal(rows->n, 2);
    change = DB_ROW(rows, struct db_operator_change, 0);
    assert_string_equal(change->action, "zmartctl.trading_toggle");
    assert_string_equal(change->before, "true");
    assert_null(change->os_user);
    change = DB_ROW(rows, struct db_operator_change, 1);
    assert_string_equal(change->after, "pro");
    assert_string_equal(change->reason, "T-1");
    assert_string_equal(change->os_user, "bo");
}

static void check_bot(const struct db_user_bot *b)
{
    const struct db_rows *rows = rows_of(&b->part[DB_UT_PORTFOLIO]);
    const struct db_portfolio_total *total;
    const struct db_trade_count *count;

    assert_int_equal(rows->n, 3);
    assert_string_equal(DB_ROW(rows, struct db_portfolio, 0)->amount, "0.41200000");
    assert_string_equal(DB_ROW(rows, struct db_portfolio, 1)->amount, "0.00000001");
    assert_string_equal(DB_ROW(rows, struct db_portfolio, 1)->avg_buy_price, "NaN");
    assert_null(DB_ROW(rows, struct db_portfolio, 2)->current_value);
    total = DB_ROW(rows_of(&b->part[DB_UT_TOTAL]), struct db_portfolio_total, 0);
    assert_int_equal(total->symbols, 3);
    assert_string_equal(total->current_value, "47988.40000001");
    assert_string_equal(total->pnl, "2290.40000000");
    count = DB_ROW(rows_of(&b->part[DB_UT_TRADE_COUNT]), struct db_trade_count, 0);
    assert_int_equal(count->trades, 252);
    assert_int_equal(count->pending, 25);
    assert_non_null(count->last_at);
    rows = rows_of(&b->part[DB_UT_TRADE_DAYS]);
    assert_true(rows->n == 1 || rows->n == 2); /* midnight may lie between */
    rows = rows_of(&b->part[DB_UT_STRATEGIES]);
    assert_string_equal(DB_ROW(rows, struct db_strategy, 0)->strategy_name, "grid");
    assert_int_equal(DB_ROW(rows, struct db_strategy, 0)->config_size, 100009);
    assert_int_equal(strlen(DB_ROW(rows, struct db_strategy, 0)->strategy_config), 400);
    assert_int_equal(DB_ROW(rows, struct db_strategy, 1)->is_active, -1);
    rows = rows_of(&b->part[DB_UT_API_KEYS]);
    assert_string_equal(DB_ROW(rows, struct db_api_key, 0)->exchange, "binance");
    assert_null(DB_ROW(rows, struct db_api_key, 1)->permissions);
}

static void test_whole(void **state)
{
    static const char *const roles[] = {"postgres", "plain"};
    struct people *p = *state;
    struct db_user_brain brain;
    struct db_user_bot bot;
    struct db_user user;
    char text[96];
    size_t r;

    people_sql(p, DB_BRAIN, ana_brain);
    people_sql(p, DB_BOT, ana_bot);
    for (r = 0; r < ZM_COUNT(roles); r++) {
        people_open(p, roles[r]);
        read_brain(p, one, &brain);
        read_bot(p, one, &bot);
        check_brain(&brain);
        check_bot(&bot);
        db_user_join(one, &brain, &bot, &p->policy, &user);
        db_verdict_text(&user.verdict, text, sizeof(text));
        assert_string_equal(text, "yes");
        assert_int_equal(user.sync, DB_SYNC_SYNCED);
        assert_int_equal(user.keys->active, 1);
        db_user_join(one, &brain, NULL, &p->policy, &user);
        assert_int_equal(user.sync, DB_SYNC_UNKNOWN);
        assert_false(user.bot_known);
        db_user_join(one, NULL, &bot, &p->policy, &user);
        assert_false(user.brain_known);
        db_user_brain_done(&brain);
        db_user_bot_done(&bot);
    }
}

/* Somebody who is nowhere has empty lists, not errors. */
static void test_nobody(void **state)
{
    struct people *p = *state;
    struct db_user_brain brain;
    struct db_user_bot bot;
    size_t i;

    people_open(p, "postgres");
    read_brain(p, "00000000-0000-4000-8000-000000000999", &brain);
    read_bot(p, "00000000-0000-4000-8000-000000000999", &bot);
    for (i = 0; i < DB_UB_PARTS; i++)
        assert_int_equal(rows_of(&brain.part[i])->n, 0);
    for (i = 0; i < DB_UT_PARTS; i++)
        if (i != DB_UT_TOTAL && i != DB_UT_TRADE_COUNT)
            assert_int_equal(rows_of(&bot.part[i])->n, 0);
    assert_null(DB_ROW(&bot.part[DB_UT_TOTAL].rows, struct db_portfolio_total, 0)->current_value);
    assert_int_equal(DB_ROW(&bot.part[DB_UT_TRADE_COUNT].rows, struct db_trade_count, 0)->trades,
                     0);
    db_user_brain_done(&brain);
    db_user_bot_done(&bot);
}

/* A list that cannot be read says so, and what creates it; the others are there. */
static void test_shapes(void **state)
{
    struct people *p = *state;
    struct db_user_brain brain;
    struct db_user_bot bot;

    people_sql(p, DB_BRAIN, ana_brain);
    people_sql(p, DB_BOT, ana_bot);
    people_sql(p, DB_BRAIN, "ALTER TABLE user_activity RENAME TO elsewhere");
    people_sql(p, DB_BOT,
               "ALTER TABLE user_strategies RENAME COLUMN strategy_config TO parameters;"
               "ALTER TABLE user_trades RENAME TO elsewhere");
    people_open(p, "plain");
    read_brain(p, one, &brain);
    read_bot(p, one, &bot);
    assert_false(brain.part[DB_UB_ACTIVITY].ok);
    assert_int_equal(brain.part[DB_UB_ACTIVITY].err.kind, ZM_ERR_SHAPE);
    assert_non_null(strstr(brain.part[DB_UB_ACTIVITY].err.hint, "1.4"));
    assert_true(brain.part[DB_UB_SUBSCRIPTIONS].ok && brain.part[DB_UB_LOGIN].ok);
    assert_false(bot.part[DB_UT_TRADES].ok);
    assert_non_null(strstr(bot.part[DB_UT_TRADES].err.hint, "2.5"));
    assert_false(bot.part[DB_UT_STRATEGIES].ok);
    assert_non_null(strstr(bot.part[DB_UT_STRATEGIES].err.message, "strategy_config"));
    assert_int_equal(rows_of(&bot.part[DB_UT_PORTFOLIO])->n, 3);
    db_user_brain_done(&brain);
    db_user_bot_done(&bot);
    people_sql(p, DB_BRAIN, "ALTER TABLE elsewhere RENAME TO user_activity");
    people_sql(p, DB_BOT,
               "ALTER TABLE user_strategies RENAME COLUMN parameters TO strategy_config;"
               "ALTER TABLE elsewhere RENAME TO user_trades");
}

/* ---- more rows ---- */

static void test_more_trades(void **state)
{
    struct people *p = *state;
    struct db_user_bot bot;
    struct db_ask more = {.ok = false};
    struct zm_error err;
    char created[64], id[40], expected[16];
    size_t seen = 0, i;
    const struct db_rows *rows;

    people_sql(p, DB_BOT, ana_bot);
    people_open(p, "postgres");
    read_bot(p, one, &bot);
    rows = rows_of(&bot.part[DB_UT_TRADES]);
    assert_int_equal(rows->n, 100);
    assert_string_equal(DB_ROW(rows, struct db_trade, 0)->symbol, "NEVER"); /* of no time: first */
    for (;;) {
        for (i = 0; i < rows->n; i++, seen++) {
            snprintf(expected, sizeof(expected), "S%zu", seen - 1);
            if (seen > 0 && seen < 251)
                assert_string_equal(DB_ROW(rows, struct db_trade, i)->symbol, expected);
        }
        if (rows->n < 100)
            break;
        zm_copy(created, sizeof(created), DB_ROW(rows, struct db_trade, rows->n - 1)->created_at);
        zm_copy(id, sizeof(id), DB_ROW(rows, struct db_trade, rows->n - 1)->id);
        db_asks_done(&more, 1);
        assert_true(db_user_more_trades(side(p, DB_BOT), one, created, id, &more, &err));
        rows = &more.rows;
    }
    assert_int_equal(seen, 252); /* none twice, none left out within a second */
    db_asks_done(&more, 1);
    db_user_bot_done(&bot);
}

static void test_more_after_no_time(void **state)
{
    struct people *p = *state;
    struct db_user_bot bot;
    struct db_ask more = {.ok = false};
    struct zm_error err;
    const struct db_trade *never;

    people_sql(p, DB_BOT, ana_bot);
    people_open(p, "postgres");
    read_bot(p, one, &bot);
    never = DB_ROW(rows_of(&bot.part[DB_UT_TRADES]), struct db_trade, 0);
    assert_null(never->created_at);
    assert_true(
        db_user_more_trades(side(p, DB_BOT), one, never->created_at, never->id, &more, &err));
    assert_string_equal(DB_ROW(&more.rows, struct db_trade, 0)->symbol, "S0");
    db_asks_done(&more, 1);
    db_user_bot_done(&bot);
}

static void test_more_activity(void **state)
{
    struct people *p = *state;
    struct db_user_brain brain;
    struct db_ask more;
    struct zm_error err;
    const struct db_activity *last;

    people_sql(p, DB_BRAIN, ana_brain);
    people_open(p, "plain");
    read_brain(p, one, &brain);
    last = DB_ROW(rows_of(&brain.part[DB_UB_ACTIVITY]), struct db_activity, 49);
    assert_string_equal(last->action, "act71");
    assert_true(
        db_user_more_activity(side(p, DB_BRAIN), one, last->created_at, last->id, &more, &err));
    assert_int_equal(more.rows.n, 72); /* 70 and two of the journal */
    assert_string_equal(DB_ROW(&more.rows, struct db_activity, 0)->action, "act70");
    db_asks_done(&more, 1);
    db_user_brain_done(&brain);
}

/* ---- JSON ---- */

static void test_json(void **state)
{
    struct people *p = *state;
    struct db_user_bot bot;
    struct db_ask piece;
    struct zm_error err;
    const struct db_json_piece *got;
    const char *id;
    int64_t at = 0, size;

    people_sql(p, DB_BOT, ana_bot);
    people_open(p, "postgres");
    read_bot(p, one, &bot);
    id = DB_ROW(rows_of(&bot.part[DB_UT_STRATEGIES]), struct db_strategy, 0)->id;
    do {
        assert_true(db_user_json(side(p, DB_BOT), "strategy_config", id, at, &piece, &err));
        assert_int_equal(piece.rows.n, 1);
        got = DB_ROW(&piece.rows, struct db_json_piece, 0);
        if (at == 0)
            assert_memory_equal(got->text, "{\n    \"k\": \"yyy", 15);
        at += (int64_t)strlen(got->text);
        size = got->size;
        db_asks_done(&piece, 1);
    } while (at < size);
    assert_int_equal(at, 100015);
    assert_true(db_user_json(side(p, DB_BOT), "permissions",
                             DB_ROW(rows_of(&bot.part[DB_UT_API_KEYS]), struct db_api_key, 1)->id,
                             0, &piece, &err));
    assert_int_equal(piece.rows.n, 0); /* NULL */
    db_asks_done(&piece, 1);
    assert_false(db_user_json(side(p, DB_BOT), "metadata", id, 0, &piece, &err));
    assert_int_equal(err.kind, ZM_ERR_USAGE);
    db_user_bot_done(&bot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_whole, people_empty),
        cmocka_unit_test_teardown(test_nobody, people_empty),
        cmocka_unit_test_teardown(test_shapes, people_empty),
        cmocka_unit_test_teardown(test_more_trades, people_empty),
        cmocka_unit_test_teardown(test_more_after_no_time, people_empty),
        cmocka_unit_test_teardown(test_more_activity, people_empty),
        cmocka_unit_test_teardown(test_json, people_empty),
    };

    return cmocka_run_group_tests(tests, people_begin, people_end);
}
