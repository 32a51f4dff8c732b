/*
 * Records over two real databases: every drift class and state of the verdict from rows as they lie
 * there, strange values, older shapes and hidden rows, and Bot alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/users.h"
#include "support/people.h"
#include "zm/str.h"

/* The joined records of persons 1 to n; the caller does db_page_done. */
static void read_people(struct people *p, int n, struct db_page *ret)
{
    char(*ids)[37] = zm_calloc((size_t)n, sizeof(*ids));
    const char **list = zm_calloc((size_t)n, sizeof(*list));
    struct zm_error err;
    int i;

    for (i = 0; i < n; i++) {
        snprintf(ids[i], sizeof(ids[i]), "00000000-0000-4000-8000-%012d", i + 1);
        list[i] = ids[i];
    }
    memset(ret, 0, sizeof(*ret));
    if (!db_users_by_ids(db_session_link(&p->session, DB_BRAIN), list, (size_t)n, ret, &err))
        fail_msg("%s; %s", err.message, err.detail);
    ret->bot_known =
        db_users_halves(db_session_link(&p->session, DB_BOT), list, (size_t)n, &ret->bot, &err);
    db_page_join(ret, &p->policy);
    free(list);
    free(ids);
}

static const struct db_user *person(const struct db_page *page, int n)
{
    size_t i;

    for (i = 0; i < page->n; i++)
        if (people_number(page->users[i].id) == n)
            return &page->users[i];
    fail_msg("person %d is not there", n);
    return NULL;
}

/* ---- states ---- */

struct life {
    const char *brain, *bot; /* what is done to the person, who begins as one that may trade */
    const char *verdict;
    enum db_sync sync;
};

/* :n is his number. */
/* clang-format off */
static const struct life lives[] = {
    {"", "", "yes", DB_SYNC_SYNCED},
    {"", "UPDATE user_trading_profiles SET tier = 'free' WHERE user_id = pid(:n)",
     "NO  tier differs", DB_SYNC_DIFFERS},
    {"", "UPDATE user_trading_profiles SET tier = NULL WHERE user_id = pid(:n)",
     "NO  tier differs", DB_SYNC_DIFFERS},
    {"", "UPDATE user_trading_profiles SET email = 'other@example.com' WHERE user_id = pid(:n)",
     "yes (email differs)", DB_SYNC_DIFFERS},
    {"", "UPDATE user_trading_profiles SET email = upper(email) WHERE user_id = pid(:n)",
     "yes (email differs)", DB_SYNC_DIFFERS},
    {"", "DELETE FROM user_trading_profiles WHERE user_id = pid(:n)",
     "NO  not in ZmartBot", DB_SYNC_MISSING_IN_BOT},
    {"DELETE FROM user_profiles WHERE user_id = pid(:n)", "", "NO  no Brain profile", DB_SYNC_MISSING_PROFILE},
    {"", "UPDATE user_trading_profiles SET api_access = true WHERE user_id = pid(:n)", "yes", DB_SYNC_DIFFERS},
    {"UPDATE auth.users SET deleted_at = '2026-03-02 10:00:00+02' WHERE id = pid(:n)", "",
     "NO  deleted 2026-03-02", DB_SYNC_DIFFERS},
    {"UPDATE auth.users SET deleted_at = now() WHERE id = pid(:n)",
     "UPDATE user_trading_profiles SET trading_enabled = NULL, api_access = false WHERE user_id = pid(:n)",
     NULL, DB_SYNC_SYNCED},
    {"DELETE FROM auth.users WHERE id = pid(:n)", "", "NO  orphan in ZmartBot", DB_SYNC_ORPHAN_IN_BOT},
    {"", "INSERT INTO user_trading_profiles (user_id, email) VALUES (pid(:n), 'x')",
     "NO  2 trading profiles", DB_SYNC_DUPLICATE},
    {"INSERT INTO user_profiles (user_id, tier) VALUES (pid(:n), 'free')", "",
     "NO  2 Brain profiles", DB_SYNC_DUPLICATE},
    {"UPDATE user_profiles SET tier = NULL WHERE user_id = pid(:n)", "", NULL, DB_SYNC_DIFFERS},
    {"UPDATE user_subscriptions SET tier = 'free' WHERE user_id = pid(:n)", "",
     "yes (subscription differs)", DB_SYNC_DIFFERS},
    {"UPDATE user_subscriptions SET status = 'ended' WHERE user_id = pid(:n)", "",
     "yes (subscription differs)", DB_SYNC_DIFFERS},
    {"UPDATE auth.users SET email = NULL WHERE id = pid(:n)",
     "DELETE FROM user_trading_profiles WHERE user_id = pid(:n)", NULL, DB_SYNC_SYNCED},
    {"UPDATE auth.users SET email = NULL WHERE id = pid(:n)",
     "UPDATE user_trading_profiles SET email = '' WHERE user_id = pid(:n)", "yes", DB_SYNC_SYNCED},
    {"UPDATE auth.users SET banned_until = now() + interval '1 hour' WHERE id = pid(:n)", "",
     NULL, DB_SYNC_SYNCED},
    {"UPDATE auth.users SET banned_until = now() - interval '1 second' WHERE id = pid(:n)", "",
     "yes", DB_SYNC_SYNCED},
    {"UPDATE auth.users SET banned_until = 'infinity' WHERE id = pid(:n)", "",
     "NO  banned until infinity", DB_SYNC_SYNCED},
    {"UPDATE auth.users SET email_confirmed_at = NULL WHERE id = pid(:n)", "",
     "yes (email unconfirmed)", DB_SYNC_SYNCED},
    {"UPDATE user_profiles SET profile_completed = NULL WHERE user_id = pid(:n)", "",
     "yes (profile incomplete)", DB_SYNC_SYNCED},
    {"", "UPDATE user_trading_profiles SET trading_enabled = false WHERE user_id = pid(:n)",
     "NO  trading off", DB_SYNC_SYNCED},
    {"", "UPDATE user_api_keys SET is_active = false WHERE user_id = pid(:n)",
     "yes (no active key)", DB_SYNC_SYNCED},
    {"", "DELETE FROM user_api_keys WHERE user_id = pid(:n)", "yes (no active key)", DB_SYNC_SYNCED},
};
/* clang-format on */

static const char grown[] =
    "INSERT INTO auth.users (instance_id, id, email, email_confirmed_at)"
    " SELECT '00000000-0000-0000-0000-000000000000', pid(i), 'p' || i || '@example.com', now()"
    " FROM generate_series(1, 40) i;"
    "INSERT INTO user_profiles (user_id, tier, profile_completed, created_at)"
    " SELECT pid(i), 'pro', true, '2026-01-01' FROM generate_series(1, 40) i;"
    "INSERT INTO user_subscriptions (user_id, tier) SELECT pid(i), 'pro' FROM generate_series(1, "
    "40) i;";
static const char grown_bot[] =
    "INSERT INTO user_trading_profiles (user_id, email, tier, trading_enabled, created_at)"
    " SELECT pid(i), 'p' || i || '@example.com', 'pro', true, '2026-01-01' FROM generate_series(1, "
    "40) i;"
    "INSERT INTO user_api_keys (user_id, exchange) SELECT pid(i), 'x' FROM generate_series(1, 40) "
    "i;";

/* Runs sql with :n replaced. */
static void live(const struct people *p, enum db_side side, const char *sql, size_t n)
{
    const char *at = strstr(sql, ":n");
    char text[512];

    if (!at)
        return;
    snprintf(text, sizeof(text), "%.*s%zu%s", (int)(at - sql), sql, n, at + 2);
    people_sql(p, side, text);
}

static void test_states(void **state)
{
    static const char *const roles[] = {"postgres", "plain"};
    struct people *p = *state;
    struct db_page page;
    char text[96];
    size_t i, r;

    people_sql(p, DB_BRAIN, grown);
    people_sql(p, DB_BOT, grown_bot);
    for (i = 0; i < ZM_COUNT(lives); i++) {
        live(p, DB_BRAIN, lives[i].brain, i + 1);
        live(p, DB_BOT, lives[i].bot, i + 1);
    }
    for (r = 0; r < ZM_COUNT(roles); r++) {
        people_open(p, roles[r]);
        read_people(p, (int)ZM_COUNT(lives), &page);
        assert_int_equal(page.n, ZM_COUNT(lives));
        for (i = 0; i < ZM_COUNT(lives); i++) {
            const struct db_user *user = person(&page, (int)i + 1);

            db_verdict_text(&user->verdict, text, sizeof(text));
            if (user->sync != lives[i].sync ||
                (lives[i].verdict && strcmp(text, lives[i].verdict) != 0))
                fail_msg("person %zu: \"%s\" %s", i + 1, text, db_sync_key(user->sync));
        }
        db_page_done(&page);
    }
}

/* The oldest row counts, whatever its place in the table. */
static void test_oldest(void **state)
{
    struct people *p = *state;
    struct db_page page;

    people_sql(
        p, DB_BRAIN,
        "INSERT INTO auth.users (id, email) VALUES (pid(1), 'a@example.com');"
        "INSERT INTO user_profiles (user_id, tier, created_at) VALUES (pid(1), 'free', NULL),"
        " (pid(1), 'pro', '2026-02-01'), (pid(1), 'enterprise', '2025-02-01');"
        "INSERT INTO user_subscriptions (user_id, tier, status, started_at) VALUES"
        " (pid(1), 'free', 'active', '2024-01-01'), (pid(1), 'pro', 'active', '2026-01-01'),"
        " (pid(1), 'enterprise', 'ended', '2026-02-01')");
    people_sql(
        p, DB_BOT,
        "INSERT INTO user_trading_profiles (user_id, email, tier, created_at) VALUES"
        " (pid(1), 'b', 'free', '2026-02-01'), (pid(1), 'a', 'pro', '2026-01-01');"
        "INSERT INTO user_api_keys (user_id, exchange, is_active) VALUES (pid(1), 'x', true),"
        " (pid(1), 'y', NULL), (pid(1), 'z', false)");
    people_open(p, "postgres");
    read_people(p, 1, &page);
    assert_string_equal(page.users[0].profile->tier, "enterprise");
    assert_int_equal(page.users[0].profile->rows, 3);
    assert_string_equal(page.users[0].active->tier, "pro");
    assert_int_equal(page.users[0].active->rows, 2);
    assert_string_equal(page.users[0].trader->email, "a");
    assert_int_equal(page.users[0].trader->rows, 2);
    assert_int_equal(page.users[0].keys->total, 3);
    assert_int_equal(page.users[0].keys->active, 1);
    db_page_done(&page);
}

/* ---- values ---- */

/* Whatever the database's own settings say, times are UTC in one form, and what has no such form is
 * shown as the server prints it. */
static void test_times(void **state)
{
    struct people *p = *state;
    struct db_page page;
    const struct db_login *login;

    people_sql(p, DB_BRAIN,
               "ALTER DATABASE postgres SET timezone = 'Europe/Bucharest';"
               "ALTER DATABASE postgres SET datestyle = 'German'");
    people_sql(
        p, DB_BRAIN,
        "INSERT INTO auth.users (id, email, created_at, last_sign_in_at, email_confirmed_at,"
        " banned_until, deleted_at) VALUES (pid(1), 'a@example.com',"
        " '2026-11-22 11:14:02.7+02', 'infinity', '-infinity', '12345-01-01 00:00:00+00', NULL),"
        " (pid(2), 'b@example.com', '0044-03-15 00:00:00+00 BC', '294276-12-31 00:00:00+00',"
        " '0001-01-01 00:00:00+00', NULL, NULL);"
        "INSERT INTO user_profiles (user_id, created_at) VALUES (pid(1), '2026-11-22 09:14:02')");
    people_open(p, "postgres");
    read_people(p, 2, &page);
    login = person(&page, 1)->login;
    assert_string_equal(login->created_at, "2026-11-22T09:14:02Z");
    assert_string_equal(login->last_sign_in_at, "infinity");
    assert_string_equal(login->email_confirmed_at, "-infinity");
    assert_string_equal(login->banned_until, "12345-01-01T00:00:00Z");
    assert_true(login->banned);
    assert_null(login->deleted_at);
    assert_string_equal(person(&page, 1)->profile->created_at, "2026-11-22T09:14:02Z");
    login = person(&page, 2)->login;
    assert_string_equal(login->created_at, "0044-03-15 00:00:00+00 BC");
    assert_string_equal(login->last_sign_in_at, "294276-12-31 00:00:00+00");
    assert_string_equal(login->email_confirmed_at, "0001-01-01T00:00:00Z");
    db_page_done(&page);
    people_sql(p, DB_BRAIN,
               "ALTER DATABASE postgres RESET timezone; ALTER DATABASE postgres RESET datestyle");
}

static void test_long_and_null(void **state)
{
    struct people *p = *state;
    struct db_page page;

    people_sql(
        p, DB_BRAIN,
        "INSERT INTO auth.users (id) VALUES (pid(1));"
        "INSERT INTO user_profiles (user_id, tier, name, profile_completed, created_at, updated_at)"
        " VALUES (pid(1), NULL, repeat('ş', 20000), NULL, NULL, NULL)");
    people_sql(
        p, DB_BOT,
        "INSERT INTO user_trading_profiles (user_id, email, tier, trading_enabled, api_access,"
        " created_at, updated_at) VALUES (pid(1), '', NULL, NULL, NULL, NULL, NULL)");
    people_open(p, "postgres");
    read_people(p, 1, &page);
    assert_int_equal(strlen(page.users[0].profile->name), 2 * 512);
    assert_null(page.users[0].profile->tier);
    assert_int_equal(page.users[0].profile->profile_completed, -1);
    assert_int_equal(page.users[0].trader->trading_enabled, -1);
    assert_null(page.users[0].login->email);
    assert_null(page.users[0].keys);
    db_page_done(&page);
}

/* ---- shapes ---- */

struct shape {
    enum db_side side;
    const char *change, *restore;
    bool bot, profile, active, keys; /* what is known all the same */
    const char *says;                /* of what is not */
};

/* clang-format off */
static const struct shape shapes[] = {
    {DB_BRAIN, "ALTER TABLE user_profiles RENAME COLUMN country TO land",
     "ALTER TABLE user_profiles RENAME COLUMN land TO country", true, false, true, true, "country"},
    {DB_BRAIN, "ALTER TABLE user_profiles RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO user_profiles",
     true, false, true, true, "user_profiles"},
    {DB_BRAIN, "ALTER TABLE user_subscriptions RENAME TO elsewhere",
     "ALTER TABLE elsewhere RENAME TO user_subscriptions", true, true, false, true, "user_subscriptions"},
    {DB_BOT, "ALTER TABLE user_api_keys RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO user_api_keys",
     true, true, true, false, "user_api_keys"},
    {DB_BOT, "ALTER TABLE user_trading_profiles RENAME COLUMN tier TO risk_tolerance",
     "ALTER TABLE user_trading_profiles RENAME COLUMN risk_tolerance TO tier", false, true, true, false, "tier"},
    {DB_BRAIN, "REVOKE SELECT ON user_profiles FROM plain", "GRANT SELECT ON user_profiles TO plain",
     true, false, true, true, "user_profiles"},
    {DB_BRAIN, "DROP POLICY zc_read ON user_profiles",
     "CREATE POLICY zc_read ON user_profiles FOR SELECT TO plain USING (true)", true, false, true, true,
     "row security"},
    {DB_BOT, "DROP POLICY zc_read ON user_trading_profiles; DROP POLICY \"Public read\" ON user_trading_profiles",
     "CREATE POLICY zc_read ON user_trading_profiles FOR SELECT TO plain USING (true)", false, true, true, false,
     "row security"},
};
/* clang-format on */

/* A list goes on with what is there: nothing that cannot be read is ever told as missing. */
static void test_shapes(void **state)
{
    static const char *const ids[] = {"00000000-0000-4000-8000-000000000001"};
    struct people *p = *state;
    struct db_filter filter;
    struct zm_error err;
    size_t i;

    people_sql(p, DB_BRAIN, grown);
    people_sql(p, DB_BOT, grown_bot);
    assert_true(db_filter_parse("p1@ !tier:free", &filter, &err));
    for (i = 0; i < ZM_COUNT(shapes); i++) {
        const struct shape *s = &shapes[i];
        struct db_page page = {.n = 0};

        people_sql(p, s->side, s->change);
        people_open(p, "plain");
        if (!db_users_find(db_session_link(&p->session, DB_BRAIN), &filter, 10, &page, &err))
            fail_msg("shape %zu: %s", i, err.message);
        page.bot_known =
            db_users_halves(db_session_link(&p->session, DB_BOT), ids, 1, &page.bot, &err);
        db_page_join(&page, &p->policy);
        assert_int_equal(page.n, 1);
        assert_int_equal(people_number(page.users[0].id), 1);
        assert_int_equal(page.users[0].bot_known, s->bot);
        assert_int_equal(page.users[0].profile_known, s->profile);
        assert_int_equal(page.users[0].active_known, s->active);
        assert_int_equal(page.users[0].keys_known, s->keys);
        assert_int_equal(page.users[0].sync,
                         s->bot && s->profile ? DB_SYNC_SYNCED : DB_SYNC_UNKNOWN);
        if (!s->profile)
            err = page.brain.profile_err;
        else if (!s->active)
            err = page.brain.active_err;
        else if (s->bot)
            err = page.bot.keys_err;
        if (!strstr(err.message, s->says))
            fail_msg("shape %zu: %s", i, err.message);
        db_page_done(&page);
        people_sql(p, s->side, s->restore);
    }
}

/* Tables that somebody else holds cost what they hold, not the list. */
static void test_locked(void **state)
{
    struct people *p = *state;
    struct pg_conn *other;
    struct db_page page = {.n = 0};
    struct db_filter filter;
    struct zm_error err;

    people_sql(p, DB_BRAIN, grown);
    people_open(p, "postgres");
    other = cluster_hold(&p->cluster[DB_BRAIN], "LOCK TABLE public.user_profiles");
    assert_true(db_filter_parse("p1@", &filter, &err));
    assert_true(db_users_find(db_session_link(&p->session, DB_BRAIN), &filter, 10, &page, &err));
    db_page_join(&page, &p->policy);
    assert_int_equal(page.n, 1);
    assert_false(page.users[0].profile_known);
    assert_int_equal(page.brain.profile_err.kind, ZM_ERR_LOCKED);
    cluster_release(other);
    db_page_done(&page);
}

/* ---- Bot alone ---- */

static void bot_page(const struct people *p, const struct db_place *place, bool back, size_t limit,
                     struct db_page *ret)
{
    struct zm_error err;

    memset(ret, 0, sizeof(*ret));
    if (!db_traders_page(db_session_link(&p->session, DB_BOT), place, back, limit, ret, &err))
        fail_msg("%s; %s", err.message, err.detail);
    db_page_join(ret, &p->policy);
}

static void test_bot_alone(void **state)
{
    struct people *p = *state;
    struct db_place place = {.id = ""}, end = {.segment = DB_SEGMENT_END};
    struct db_page page;
    char list[128];

    people_sql(
        p, DB_BOT,
        "INSERT INTO user_trading_profiles (user_id, email, tier, created_at) VALUES"
        " (pid(1), 'b@example.com', 'pro', '2026-01-01'), (pid(2), 'B@example.com', 'pro', NULL),"
        " (pid(3), '', 'free', NULL), (pid(4), 'b@example.com', 'pro', NULL),"
        " (pid(5), repeat('ş', 150) || 'b', 'x', NULL), (pid(6), repeat('ş', 150) || 'a', 'x', "
        "NULL),"
        " (pid(1), 'a@example.com', 'free', '2026-01-02')");
    people_open(p, "postgres");
    bot_page(p, &place, false, 2, &page);
    assert_string_equal(people_list(&page, list, sizeof(list)), "3 2");
    assert_true(page.at_start && !page.at_end && !page.users[0].brain_known);
    assert_int_equal(page.users[0].verdict.can_trade, DB_FAILS); /* trading is not on */
    assert_int_equal(page.users[0].sync, DB_SYNC_UNKNOWN);
    place = page.after;
    db_page_done(&page);
    bot_page(p, &place, false, 3, &page);
    assert_string_equal(people_list(&page, list, sizeof(list)), "1 4 6");
    assert_int_equal(page.users[0].sync, DB_SYNC_DUPLICATE);
    place = page.after;
    db_page_done(&page);
    bot_page(p, &place, false, 3, &page);
    assert_string_equal(people_list(&page, list, sizeof(list)), "5");
    assert_true(page.at_end);
    db_page_done(&page);
    bot_page(p, &place, true, 2, &page);
    assert_string_equal(people_list(&page, list, sizeof(list)), "1 4");
    db_page_done(&page);
    bot_page(p, &end, true, 20, &page);
    assert_string_equal(people_list(&page, list, sizeof(list)), "3 2 1 4 6 5");
    assert_true(page.at_start && page.at_end);
    db_page_done(&page);
}

static void test_bot_find(void **state)
{
    static const struct {
        const char *filter, *found;
    } look_ups[] = {
        {"p1", "10 11 12 13 14 15 16 17 18 19 1"},
        {"p1@", "1"},
        {"\"p7@example.com\"", "7"},
        {"p1 example !p11", "10 12 13 14 15 16 17 18 19 1"},
        {"00000000-0000-4000-8000-000000000012", "12"},
        {"00000000-0000-4000-8000-00000000003", "30 31 32 33 34 35 36 37 38 39"},
        {"p%", ""},
    };
    struct people *p = *state;
    char list[256];
    size_t i;

    people_sql(p, DB_BOT, grown_bot);
    people_open(p, "postgres");
    for (i = 0; i < ZM_COUNT(look_ups); i++) {
        struct db_page page = {.n = 0};
        struct db_filter filter;
        struct zm_error err;

        assert_true(db_filter_parse(look_ups[i].filter, &filter, &err));
        if (!db_traders_find(db_session_link(&p->session, DB_BOT), &filter, 50, &page, &err))
            fail_msg("%s; %s", err.message, err.detail);
        db_page_join(&page, &p->policy);
        assert_string_equal(people_list(&page, list, sizeof(list)), look_ups[i].found);
        db_page_done(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_states, people_empty),
        cmocka_unit_test_teardown(test_oldest, people_empty),
        cmocka_unit_test_teardown(test_times, people_empty),
        cmocka_unit_test_teardown(test_long_and_null, people_empty),
        cmocka_unit_test_teardown(test_shapes, people_empty),
        cmocka_unit_test_teardown(test_locked, people_empty),
        cmocka_unit_test_teardown(test_bot_alone, people_empty),
        cmocka_unit_test_teardown(test_bot_find, people_empty),
    };

    return cmocka_run_group_tests(tests, people_begin, people_end);
}
