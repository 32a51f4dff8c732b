/*
 * The guard: how long it is open, why it says no, and that it locks by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "screens/app.h"
#include "screens/guard.h"
#include "zm/clock.h"
#include "zm/str.h"

struct bench {
    struct options options;
    struct conf conf;
    struct app app;
};

static void set_up(struct bench *b, enum conf_guard level)
{
    memset(b, 0, sizeof(*b));
    b->conf.guard = level;
    b->conf.profile = "test";
    b->conf.idle_lock_minutes = 10;
    b->app.options = &b->options;
    b->app.conf = &b->conf;
    guard_start(&b->app);
}

static void clean_up(struct bench *b)
{
    messages_done(&b->app.messages);
    zm_arena_done(&b->app.frame);
}

static void expect_said(const struct bench *b, const char *text)
{
    const struct message *m = messages_get(&b->app.messages, 0);

    if (!m || !strstr(m->err.message, text))
        fail_msg("'%s' was said, not '%s'", m ? m->err.message : "nothing", text);
}

static void reads_spans(void **state)
{
    static const struct {
        const char *text;
        int minutes;
    } cases[] = {{"30m", 30}, {"1m", 1},     {"8h", 480},   {"1h30m", 90}, {"480m", 480},
                 {"", 0},     {"30", 0},     {"m", 0},      {"0m", 0},     {"8h1m", 0},
                 {"481m", 0}, {"-5m", 0},    {"1d", 0},     {"5m ", 0},    {"99999999999m", 0},
                 {"1.5h", 0}, {"T-4412", 0}, {"7h60m", 480}};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++)
        if (guard_minutes(cases[i].text) != cases[i].minutes)
            fail_msg("%s is %d minutes", cases[i].text, guard_minutes(cases[i].text));
}

static void each_level(void **state)
{
    static const struct {
        enum conf_guard level;
        bool write, stop;
    } cases[] = {{CONF_GUARD_OPEN, true, true},
                 {CONF_GUARD_UNLOCK, false, true},
                 {CONF_GUARD_READ_ONLY, false, false}};
    struct bench b;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        set_up(&b, cases[i].level);
        assert_int_equal(guard_allows(&b.app, GUARD_WRITE), cases[i].write);
        assert_int_equal(guard_allows(&b.app, GUARD_STOP), cases[i].stop);
        assert_int_equal(guard_is_final(&b.app), cases[i].level == CONF_GUARD_READ_ONLY);
        clean_up(&b);
    }
    set_up(&b, CONF_GUARD_OPEN);
    b.options.read_only = true; /* the option wins over any profile */
    guard_start(&b.app);
    assert_false(guard_allows(&b.app, GUARD_STOP));
    expect_said(&b, "--read-only");
    clean_up(&b);
}

/* Servers that are not those on record stop every write, X included. */
static void strange_server(void **state)
{
    struct bench b;

    (void)state;
    set_up(&b, CONF_GUARD_OPEN);
    b.app.status[DB_BOT].facts.changed_server = true;
    assert_false(guard_allows(&b.app, GUARD_STOP));
    expect_said(&b, "ZmartBot is not the server on record");
    clean_up(&b);
}

static void unlocks_and_relocks(void **state)
{
    struct zm_error err;
    struct bench b;

    (void)state;
    set_up(&b, CONF_GUARD_UNLOCK);
    assert_string_equal(guard_text(&b.app), "READ-ONLY");
    assert_false(guard_unlock(&b.app, "30m", &err));
    assert_false(guard_unlock(&b.app, "30m   ", &err));
    assert_false(guard_unlock(&b.app, "", &err));
    assert_false(guard_allows(&b.app, GUARD_WRITE));
    assert_true(guard_unlock(&b.app, "30m T-4412 wire", &err));
    expect_said(&b, "T-4412 wire");
    assert_true(guard_allows(&b.app, GUARD_WRITE));
    assert_string_equal(guard_text(&b.app), "RW 30m left");
    b.app.guard.until_ms -= 60000;
    assert_string_equal(guard_text(&b.app), "RW 29m left");
    assert_true(guard_text_deadline(&b.app) - zm_now_ms() <= 60001);
    b.app.guard.until_ms = zm_now_ms() - 1;
    guard_tick(&b.app);
    expect_said(&b, "time is up");
    assert_false(guard_allows(&b.app, GUARD_WRITE));
    assert_true(guard_deadline(&b.app) == ZM_NEVER);
    clean_up(&b);
}

/* No key for idle_lock_minutes locks; a key that comes too late does not prolong anything. */
static void locks_when_idle(void **state)
{
    struct zm_error err;
    struct bench b;

    (void)state;
    set_up(&b, CONF_GUARD_UNLOCK);
    assert_true(guard_unlock(&b.app, "8h T-1", &err));
    b.app.guard.key_ms = zm_now_ms() - 9 * 60000;
    guard_key(&b.app);
    assert_true(guard_allows(&b.app, GUARD_WRITE));
    assert_true(guard_deadline(&b.app) > zm_now_ms() + 9 * 60000);
    b.app.guard.key_ms = zm_now_ms() - 10 * 60000;
    guard_key(&b.app);
    expect_said(&b, "no key for a while");
    assert_false(guard_allows(&b.app, GUARD_WRITE));
    b.conf.idle_lock_minutes = 0; /* never */
    assert_true(guard_unlock(&b.app, "8h T-1", &err));
    b.app.guard.key_ms = 0;
    guard_key(&b.app);
    assert_true(guard_allows(&b.app, GUARD_WRITE));
    guard_lock(&b.app, "as asked");
    assert_false(guard_allows(&b.app, GUARD_WRITE));
    clean_up(&b);
}

static void never_unlocks_for_good(void **state)
{
    struct zm_error err;
    struct bench b;

    (void)state;
    set_up(&b, CONF_GUARD_READ_ONLY);
    assert_false(guard_unlock(&b.app, "30m T-1", &err));
    assert_int_equal(err.kind, ZM_ERR_REFUSED);
    assert_false(b.app.guard.unlocked);
    clean_up(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_spans),     cmocka_unit_test(each_level),
        cmocka_unit_test(strange_server),  cmocka_unit_test(unlocks_and_relocks),
        cmocka_unit_test(locks_when_idle), cmocka_unit_test(never_unlocks_for_good),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
