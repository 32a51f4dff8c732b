/*
 * What the journal says that a change did: every right and every row by its name, as much of an old
 * or a foreign row as it holds, and no value that could pass for another change.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "screens/audit_change.h"
#include "zm/arena.h"
#include "zm/str.h"

/* An item as the journal's statements return it. */
#define ITEM(key, before, after) key "\x1f" before "\x1f" after
#define AND "\x1e"

struct says {
    struct db_journal_row row;
    const char *expected;
};

static void assert_says(const struct says *rows, size_t n)
{
    struct zm_arena arena = {.head = NULL};
    size_t i;

    for (i = 0; i < n; i++)
        assert_string_equal(audit_change(&arena, &rows[i].row, "-"), rows[i].expected);
    zm_arena_done(&arena);
}

static void what_was_set(void **state)
{
    static const struct says rows[] = {
        {{.items = ITEM("tier", "=free", "=pro") AND ITEM("bot_tier", "=free", "=pro")},
         "tier free -> pro"},
        {{.items = ITEM("tier", "=pro", "=free") AND ITEM("bot_tier", "=enterprise", "=free")
              AND ITEM("trading_enabled", "=true", "=false")
                  AND ITEM("api_access", "=true", "=false")},
         "tier pro -> free, Bot.tier enterprise -> free, trading off, api off"},
        {{.items = ITEM("bot_tier", "=free", "=pro") AND ITEM("api_access", "=true", "=false"),
          .before = "free",
          .after = "pro"},
         "Bot.tier free -> pro, api off"},
        {{.items = ITEM("trading_enabled", "-", "=true")}, "trading on"},
        {{.items = ITEM("bot_email", "=a@x.example", "=b@x.example")},
         "Bot.email a@x.example -> b@x.example"},
        {{.items = ITEM("country", "-", "=RO") AND ITEM("profile_completed", "=false", "=true")},
         "country - -> RO, completed yes"},
        {{.items = ITEM("country", "=RO", "-")}, "country RO -> -"},
    };

    (void)state;
    assert_says(rows, ZM_COUNT(rows));
}

static void what_was_created(void **state)
{
    static const struct says rows[] = {
        {{.created_profile = true, .before = "free", .after = "free"},
         "+ profile in Brain (free)"}, /* as it was stored once */
        {{.created_profile = true, .after = "free"}, "+ profile in Brain (free)"},
        {{.created_profile = true, .items = ITEM("bot_tier", "=pro", "=free")},
         "+ profile in Brain (free), Bot.tier pro -> free"},
        {{.created_profile = true, .created_trader = true, .after = "free"},
         "+ profile in Brain (free), + trading profile (free, rights off)"},
        {{.created_trader = true, .after = "pro", .bot_after = "pro"},
         "+ trading profile (pro, rights off)"},
        {{.created_trader = true}, "+ trading profile (rights off)"}, /* an older row */
        {{.created_trader = true, .items = ITEM("tier", "=free", "=pro")},
         "tier free -> pro, + trading profile (pro, rights off)"},
    };

    (void)state;
    assert_says(rows, ZM_COUNT(rows));
}

static void what_a_stop_found(void **state)
{
    static const struct says rows[] = {
        {{.action = "zmartctl.stop_all",
          .items = ITEM("trading_enabled", "=true", "=false"),
          .before = "true",
          .after = "false",
          .stopped_strategies = 1,
          .stopped_keys = 2},
         "trading off, 1 strategy off, 2 keys off"},
        {{.action = "zmartctl.stop_all", .before = "false", .after = "false", .stopped_keys = 1},
         "trading off already, 1 key off"},
    };

    (void)state;
    assert_says(rows, ZM_COUNT(rows));
}

static void rows_that_say_less(void **state)
{
    static const struct says rows[] = {
        {{.before = "free", .after = "pro"}, "free -> pro"},
        {{.before = "true", .after = "false"}, "on -> off"},
        {{.after = "ok"}, "- -> ok"},
        {{.action = "zmartctl.signoff"}, ""},
        {{.items = "password\x1f-\x1f-", .before = "free", .after = "pro"}, "free -> pro"},
        {{.items = "tier", .before = "free", .after = "pro"}, "free -> pro"},
    };

    (void)state;
    assert_says(rows, ZM_COUNT(rows));
}

/* A name is whatever the user has typed. */
static void values_stay_values(void **state)
{
    static const struct says rows[] = {
        {{.items = ITEM("name", "=Ana", "=Ana Pop")}, "name Ana -> 'Ana Pop'"},
        {{.items = ITEM("name", "=", "=A, tier free -> pro")}, "name '' -> 'A, tier free -> pro'"},
        {{.items = ITEM("name", "=A", "=A',trading\ton")}, "name A -> 'A',trading\ton'"},
        {{.items = ITEM("trading_enabled", "=true", "=maybe, api on")},
         "trading true -> 'maybe, api on'"},
        {{.created_trader = true, .bot_after = "pro, rights on"},
         "+ trading profile ('pro, rights on', rights off)"},
    };

    (void)state;
    assert_says(rows, ZM_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_set),       cmocka_unit_test(what_was_created),
        cmocka_unit_test(what_a_stop_found),  cmocka_unit_test(rows_that_say_less),
        cmocka_unit_test(values_stay_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
