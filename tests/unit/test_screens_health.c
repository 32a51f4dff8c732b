/*
 * What Health says of a side: every fact that is not as it should be is named, what was known last
 * is told as such, nothing is said of a server that never answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "db/indexes.h"
#include "screens/health_state.h"
#include "zm/clock.h"
#include "zm/str.h"

struct fixture {
    struct app app;
    struct conf conf;
    struct health health;
    struct health_note notes[HEALTH_NOTES];
};

static struct db_facts *answered(struct fixture *f, enum db_side side)
{
    struct db_status *s = &f->app.status[side];

    s->state = DB_UP;
    s->since_ms = zm_now_ms();
    s->facts.side = side;
    s->facts.version = 150018;
    s->facts.logins = DB_LOGINS_TABLE;
    s->facts.indexes = UINT64_MAX;
    zm_copy(s->facts.server, sizeof(s->facts.server), "15.18");
    return &s->facts;
}

static int start(void **state)
{
    struct fixture *f = zm_calloc(1, sizeof(*f));

    f->app.conf = &f->conf;
    *state = f;
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;

    zm_arena_done(&f->app.frame);
    messages_done(&f->app.messages);
    free(f);
    return 0;
}

static bool is_noted(struct fixture *f, enum db_side side, const char *text)
{
    size_t n = health_notes(&f->app, f->notes), i;

    for (i = 0; i < n; i++)
        if (f->notes[i].side == side && strstr(f->notes[i].text, text))
            return true;
    return false;
}

static const char *fact(struct fixture *f, enum db_side side, const char *label)
{
    const struct health_fact *row;
    unsigned style = TUI_TEXT;

    for (row = health_facts; row->label; row++)
        if (zm_streq(row->label, label))
            return row->text(&f->app, &f->health, side, &style);
    fail_msg("there is no fact '%s'", label);
    return NULL;
}

static void a_sound_server_needs_no_note(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(health_notes(&f->app, f->notes), 0); /* and none that never answered */
    answered(f, DB_BRAIN);
    answered(f, DB_BOT);
    assert_int_equal(health_notes(&f->app, f->notes), 0);
}

static void what_is_wrong_is_noted(void **state)
{
    struct fixture *f = *state;
    struct db_facts *brain = answered(f, DB_BRAIN), *bot = answered(f, DB_BOT);

    brain->changed_server = true;
    brain->logins = DB_LOGINS_NONE;
    bot->logins = DB_LOGINS_NONE; /* Bot needs none */
    bot->insecure = true;
    bot->read_only = true;
    zm_copy(bot->role, sizeof(bot->role), "zmart_ops");
    zm_copy(bot->hidden, sizeof(bot->hidden), "user_trades, user_api_keys");
    zm_copy(bot->warnings, sizeof(bot->warnings), "one thing\nanother thing");
    assert_true(is_noted(f, DB_BRAIN, "zmartctl init --accept"));
    assert_true(is_noted(f, DB_BRAIN, "auth.users"));
    assert_false(is_noted(f, DB_BOT, "auth.users"));
    assert_true(is_noted(f, DB_BOT, "verified TLS"));
    assert_true(is_noted(f, DB_BOT, "default_transaction_read_only"));
    assert_true(is_noted(f, DB_BOT, "from zmart_ops in: user_trades, user_api_keys"));
    assert_true(is_noted(f, DB_BOT, "another thing"));
    assert_false(is_noted(f, DB_BOT, "one thing\nanother"));
    bot->standby = true; /* says it all */
    assert_true(is_noted(f, DB_BOT, "standby"));
    assert_false(is_noted(f, DB_BOT, "default_transaction_read_only"));
}

static void a_missing_index_is_named_with_what_is_slow(void **state)
{
    struct fixture *f = *state;
    struct db_facts *bot = answered(f, DB_BOT);

    bot->indexes &= ~((uint64_t)1 << DB_INDEX_TRADES_CREATED);
    assert_int_equal(health_notes(&f->app, f->notes), 1);
    assert_true(is_noted(f, DB_BOT, "no index user_trades_created_at_idx"));
    assert_true(is_noted(f, DB_BOT, "trades per day"));
    bot->indexes = 0; /* only those of its own side */
    assert_false(is_noted(f, DB_BOT, "user_profiles"));
}

static void a_side_that_is_away_is_told_as_known_last(void **state)
{
    struct fixture *f = *state;
    struct db_status *s = &f->app.status[DB_BOT];

    assert_string_equal(fact(f, DB_BOT, "server"), "unknown yet");
    answered(f, DB_BOT);
    assert_string_equal(health_heading(&f->app, DB_BOT), "ZmartBot");
    s->state = DB_RETRY;
    s->tries = 3;
    s->since_ms = zm_now_ms() - 41000;
    s->retry_at_ms = zm_now_ms() + 2900;
    assert_string_equal(health_heading(&f->app, DB_BOT), "ZmartBot, as last known");
    assert_string_equal(fact(f, DB_BOT, "server"), "PostgreSQL 15.18");
    assert_string_equal(fact(f, DB_BOT, "state"), "down 41s, try 4 in 3s");
    assert_string_equal(fact(f, DB_BOT, "rtt"), "-");
    s->retry_at_ms = zm_now_ms() - 1;
    assert_string_equal(fact(f, DB_BOT, "state"), "down 41s, try 4 now");
}

static void errors_of_an_hour_are_counted_by_kind(void **state)
{
    static const enum zm_error_kind kinds[] = {ZM_ERR_TIMEOUT, ZM_ERR_LOST, ZM_ERR_TIMEOUT};
    struct fixture *f = *state;
    struct zm_error err;
    size_t i;

    for (i = 0; i < ZM_COUNT(kinds); i++) {
        zm_error_set(&err, kinds[i], "ZmartBot", "read", "number %zu", i);
        messages_add(&f->app.messages, MESSAGE_ERROR, &err);
    }
    messages_add(&f->app.messages, MESSAGE_ERROR, &err); /* again */
    messages_add(&f->app.messages, MESSAGE_WARN, &err);  /* no error */
    assert_string_equal(fact(f, DB_BOT, "errors"), "4 in 1h: lost 1, timeout 3");
    assert_string_equal(fact(f, DB_BRAIN, "errors"), "none in the last hour");
    for (i = 0; i < f->app.messages.n; i++)
        f->app.messages.ring[i].at_ms -= 3601000;
    assert_string_equal(fact(f, DB_BOT, "errors"), "none in the last hour");
}

static void the_round_trip_has_its_tail(void **state)
{
    struct fixture *f = *state;
    struct health_rtt *rtt = &f->health.rtt[DB_BRAIN];

    answered(f, DB_BRAIN);
    assert_string_equal(fact(f, DB_BRAIN, "rtt"), "measuring ...");
    for (rtt->n = 0; rtt->n < 20; rtt->n++)
        rtt->ms[rtt->n] = rtt->n == 3 || rtt->n == 7 ? 61 : 23;
    assert_string_equal(fact(f, DB_BRAIN, "rtt"), "23ms  p95 61ms");
    rtt->n = 1;
    assert_string_equal(fact(f, DB_BRAIN, "rtt"), "23ms  p95 23ms");
}

static void durations_change_once_a_minute(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } cases[] = {
        {0, "under a minute"}, {59, "under a minute"},     {60, "1m"},       {3599, "59m"},
        {3600, "1h 00m"},      {4 * 3600 + 725, "4h 12m"}, {90000, "1d 1h"},
    };
    struct fixture *f = *state;
    size_t i;

    for (i = 0; i < ZM_COUNT(cases); i++)
        assert_string_equal(health_lasted(&f->app, zm_now_ms() - cases[i].seconds * 1000 - 10),
                            cases[i].text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sound_server_needs_no_note),
        TEST(what_is_wrong_is_noted),
        TEST(a_missing_index_is_named_with_what_is_slow),
        TEST(a_side_that_is_away_is_told_as_known_last),
        TEST(errors_of_an_hour_are_counted_by_kind),
        TEST(the_round_trip_has_its_tail),
        TEST(durations_change_once_a_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
