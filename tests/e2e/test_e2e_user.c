/*
 * One user on the screen, as support and ops use it: both halves and why he cannot trade, panes and
 * tabs at every width, long lists and long texts in little memory, copying, outages, changes that
 * arrive while one looks, older shapes, hostile text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "support/demo.h"
#include "support/vt.h"

static struct vt *open_console(const struct demo *demo, int rows, int cols, const char *env)
{
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    const char *const extra[] = {env, NULL};
    struct vt *vt = vt_start(argv, env ? extra : NULL, rows, cols);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    return vt;
}

/* Opens a user by what the palette resolves; crumb is what then stands at the end of row 2. */
static struct vt *open_user(const struct demo *demo, int rows, int cols, const char *who)
{
    struct vt *vt = open_console(demo, rows, cols, NULL);
    char crumb[80];

    vt_type(vt, ":user ");
    vt_type(vt, who);
    vt_keys(vt, "Enter");
    snprintf(crumb, sizeof(crumb), "Users > %.12s", who);
    vt_wait(vt, crumb, VT_SOON_MS);
    vt_wait_gone(vt, "loading", VT_SOON_MS);
    return vt;
}

static void quit(struct vt *vt)
{
    vt_type(vt, "Q");
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 0);
    vt_check_restored(vt);
    vt_check_stream(vt);
    vt_done(vt);
}

static void assert_on_one_row(struct vt *vt, const char *a, const char *b)
{
    int row;

    vt_wait(vt, a, VT_SOON_MS);
    vt_wait(vt, b, VT_SOON_MS);
    for (row = 0; row < vt_rows(vt); row++)
        if (strstr(vt_row(vt, row), a) && strstr(vt_row(vt, row), b))
            return;
    vt_dump(vt);
    fail_msg("'%s' and '%s' are not on one row", a, b);
}

static void assert_absent(struct vt *vt, const char *text)
{
    if (vt_find(vt, text, NULL) < 0)
        return;
    vt_dump(vt);
    fail_msg("'%s' is on the screen", text);
}

/* From the list one key more shows both halves, what differs, and the portfolio with its totals. */
static void test_both_halves(void **state)
{
    struct vt *vt = open_console(*state, 24, 80, NULL);

    vt_type(vt, "/ana.pop@");
    vt_wait(vt, "1 of", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "Users > ana.pop@example.ro", VT_SOON_MS);
    vt_wait(vt, "CANNOT TRADE  1) tier equal: Brain pro / Bot free  2) trading enabled: off",
            VT_SOON_MS);
    assert_on_one_row(vt, "free  <- Brain says pro", "[~]");
    assert_on_one_row(vt, "ana.pop@example.ro", "[=]");
    assert_on_one_row(vt, "Ana Pop", "country RO");
    assert_on_one_row(vt, "pro", "active");
    assert_on_one_row(vt, "BTC", "38,112.4");
    assert_on_one_row(vt, "ETH", "-120.5");
    assert_on_one_row(vt, "TOTAL", "48,888.4");
    assert_on_one_row(vt, "TOTAL", "+2,290.4");
    assert_on_one_row(vt, "BTC", "78%");
    vt_wait(vt, "[Activity 7]", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    quit(vt);
}

static void test_tabs_and_zoom(void **state)
{
    struct vt *vt = open_user(*state, 24, 80, "ana.pop@example.ro");

    vt_wait(vt, "[Folio 3]", VT_SOON_MS);
    vt_type(vt, "]]]"); /* typed ahead of the screen */
    vt_wait(vt, "[Keys 2]", VT_SOON_MS);
    assert_on_one_row(vt, "binance", "active");
    assert_absent(vt, "enc:"); /* what is stored encrypted never comes here */
    vt_type(vt, "[");
    vt_wait(vt, "[Strat 2]", VT_SOON_MS);
    assert_on_one_row(vt, "grid-btc", "active");
    vt_type(vt, "[");
    vt_wait(vt, "[Trades 41]", VT_SOON_MS);
    vt_type(vt, "z");
    vt_wait(vt, "TOTAL STATUS", VT_SOON_MS);
    assert_absent(vt, "Subscriptions");
    vt_wait(vt, "41 trades, 3 pending", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "Subscriptions", VT_SOON_MS);
    vt_keys(vt, "Tab"); /* after the last pane the first */
    vt_keys(vt, "S-Tab S-Tab S-Tab");
    vt_type(vt, "]");
    vt_wait(vt, "[Changes 2]", VT_SOON_MS);
    assert_on_one_row(vt, "trading", "on -> OFF");
    assert_on_one_row(vt, "tier", "free -> pro");
    quit(vt);
}

/* Three columns where there is room, one side at a time where there is little. */
static void test_widths(void **state)
{
    struct vt *vt = open_user(*state, 48, 160, "ana.pop@example.ro");

    vt_wait(vt, "Compare", VT_SOON_MS);
    assert_on_one_row(vt, "pro -> free", "[~]");
    assert_on_one_row(vt, "on -> OFF", "T-4390");
    assert_on_one_row(vt, "SYMBOL", "SHARE");
    vt_resize(vt, 20, 60);
    vt_wait_gone(vt, "Compare", VT_SOON_MS);
    vt_wait(vt, "<- Brain says pro", VT_SOON_MS); /* the side of the focus */
    vt_keys(vt, "Tab");
    vt_wait(vt, "country RO", VT_SOON_MS);
    assert_absent(vt, "<- Brain says pro");
    vt_resize(vt, 10, 40);
    vt_wait(vt, "CANNOT TRADE  1) tier equal", VT_SOON_MS);
    vt_type(vt, "]");
    vt_keys(vt, "Tab");
    vt_wait(vt, "SYMBOL", VT_SOON_MS);
    vt_wait(vt, "TOTAL", VT_SOON_MS);
    vt_resize(vt, 60, 300);
    vt_wait(vt, "Operator changes 2", VT_SOON_MS);
    quit(vt);
}

static void test_all_gates(void **state)
{
    struct vt *vt = open_user(*state, 24, 80, "ana.pop@example.ro");

    vt_type(vt, "w");
    vt_wait(vt, "[ok] login", VT_SOON_MS);
    assert_on_one_row(vt, "[NO] tier equal", "Brain pro / Bot free");
    assert_on_one_row(vt, "[NO] trading enabled", "hard");
    assert_on_one_row(vt, "[ok] api key", "warn");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "[ok] login", VT_SOON_MS);
    quit(vt);
}

/* J and K go through the list that the user was opened from. */
static void test_neighbours(void **state)
{
    struct vt *vt = open_console(*state, 24, 80, NULL);

    vt_type(vt, "/ana");
    vt_wait(vt, "ana@partner.example", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "searched", VT_SOON_MS);
    vt_type(vt, "g");
    vt_keys(vt, "Enter");
    vt_wait(vt, "Users > ana", VT_SOON_MS);
    vt_type(vt, "K");
    vt_wait(vt, "this is the first user of the list", VT_SOON_MS);
    vt_type(vt, "JJJJJJJJ");
    vt_wait(vt, "Users > ", VT_SOON_MS);
    vt_wait_gone(vt, "loading", VT_SOON_MS);
    vt_type(vt, "KKKKKKKK");
    vt_wait(vt, "Users > ana", VT_SOON_MS);
    quit(vt);
}

/* Resident memory in kB. */
static long memory_of(struct vt *vt)
{
    char path[64], line[128];
    long kb = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%ld/status", (long)vt_pid(vt));
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file))
        if (strncmp(line, "VmRSS:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    fclose(file);
    return kb;
}

/* 5,000 trades: to the oldest and back, in memory that does not follow the list. */
static void test_long_list(void **state)
{
    struct vt *vt = open_user(*state, 24, 80, "whale@example.com");
    char newest[256];
    long before;

    vt_type(vt, "]z");
    vt_wait(vt, "TOTAL STATUS", VT_SOON_MS);
    snprintf(newest, sizeof(newest), "%.30s", vt_row(vt, vt_reverse_row(vt, 2)));
    vt_keys(vt, "PgDn PgDn PgDn");
    vt_wait(vt, "Trades row 4", VT_SOON_MS);
    before = memory_of(vt);
    vt_type(vt, "G");
    vt_wait(vt, "Trades row 5,000 ", 3 * VT_SOON_MS);
    vt_type(vt, "k");
    vt_wait(vt, "Trades row 4,999 ", VT_SOON_MS);
    vt_keys(vt, "PgUp");
    vt_wait(vt, "Trades row 4,98", VT_SOON_MS);
    assert_true(memory_of(vt) < before + 3000);
    vt_type(vt, "g");
    vt_wait(vt, "Trades row 1 ", VT_SOON_MS);
    vt_wait(vt, newest, VT_SOON_MS);
    quit(vt);
}

/* A JSON value of half a megabyte: pieces come as one scrolls and searches. */
static void test_long_text(void **state)
{
    struct vt *vt = open_user(*state, 24, 80, "whale@example.com");

    vt_type(vt, "]]");
    vt_wait(vt, "[Strat 3]", VT_SOON_MS);
    vt_type(vt, "j");
    vt_keys(vt, "Enter");
    vt_wait(vt, "\"samples\": [", VT_SOON_MS);
    vt_type(vt, "/\"n\": 4400,");
    vt_keys(vt, "Enter");
    vt_wait(vt, "\"v\": 6600.0", VT_SOON_MS);
    vt_type(vt, "G");
    vt_wait(vt, "100% of", VT_SOON_MS);
    vt_wait(vt, "\"n\": 4500", VT_SOON_MS);
    vt_type(vt, "g");
    vt_wait(vt, "\"samples\": [", VT_SOON_MS);
    vt_type(vt, "/not in there");
    vt_keys(vt, "Enter");
    vt_wait(vt, "no match for 'not in there'", VT_SOON_MS);
    vt_type(vt, "]");
    vt_wait(vt, "[performance_m", VT_SOON_MS);
    vt_wait(vt, "no value", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "[Strat 3]", VT_SOON_MS);
    vt_type(vt, "]");
    vt_keys(vt, "Enter");
    vt_wait(vt, "\"withdraw\": false", VT_SOON_MS);
    quit(vt);
}

/* Until the clipboard holds the text. */
static bool has_copied(struct vt *vt, void *text)
{
    return vt_clipboard(vt) && strstr(vt_clipboard(vt), text);
}

static void assert_copied(struct vt *vt, const char *keys, const char *text)
{
    char copy[128];

    snprintf(copy, sizeof(copy), "%s", text);
    vt_type(vt, "y");
    vt_wait(vt, "row under the cursor", VT_SOON_MS);
    vt_type(vt, keys);
    vt_wait_until(vt, has_copied, copy, copy, VT_SOON_MS);
    vt_wait_gone(vt, "row under the cursor", VT_SOON_MS);
}

static void test_copy(void **state)
{
    struct vt *vt = open_user(*state, 24, 80, "ana.pop@example.ro");
    const char *id =
        demo_sql(*state, DB_BRAIN, "SELECT id FROM auth.users WHERE email = 'ana.pop@example.ro'");
    json_t *row;

    assert_copied(vt, "i", id);
    assert_int_equal(strlen(vt_clipboard(vt)), 36);
    assert_copied(vt, "e", "ana.pop@example.ro");
    vt_type(vt, "j");
    vt_wait(vt, "> ETH", VT_SOON_MS);
    assert_copied(vt, "r", "\"ETH\"");
    row = json_loads(vt_clipboard(vt), 0, NULL);
    assert_non_null(row);
    assert_string_equal(json_string_value(json_object_get(row, "current_value")), "9876.00000000");
    json_decref(row);
    assert_copied(vt, "s", "FROM public.user_portfolios");
    assert_non_null(strstr(vt_clipboard(vt), id)); /* runs as it is */
    assert_null(strstr(vt_clipboard(vt), "$1"));
    quit(vt);
}

static void test_people(void **state)
{
    static const struct {
        const char *who, *shows[3], *not ;
    } cases[] = {
        {"juana_m@example.mx", {"2: a person must decide", "[!]", "one trading profile"}, NULL},
        {"hana@example.io", {"none: orphan in ZmartBot", "[-]", "1) login: orphan"}, NULL},
        {"ana@partner.example", {"none in user_profiles", "[+]", "no Brain profile"}, NULL},
        {"diana.s@example.net", {"none: not in ZmartBot", "[+]", "1) one trading profile"}, NULL},
        {"lana.tran@example.vn", {"BANNED    until 20", "CANNOT TRADE", "not banned"}, NULL},
        {"whale@example.com", {"CAN TRADE", "NaN", "[Folio 7]"}, "CANNOT"},
        {"yamada@example.jp", {"\xe5\xb1\xb1\xe7\x94\xb0", "country JP", "CAN TRADE"}, NULL},
    };
    size_t i, k;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vt *vt = open_user(*state, 24, 80, cases[i].who);

        for (k = 0; k < 3; k++)
            vt_wait(vt, cases[i].shows[k], VT_SOON_MS);
        if (cases[i].not )
            assert_absent(vt, cases[i].not );
        assert_absent(vt, "null");
        quit(vt);
    }
}

static void test_hostile_text(void **state)
{
    static const char *const who[] = {"escape@hostile.example", "bidi@hostile.example",
                                      "newline@hostile.example", "c1@hostile.example"};
    static const char *const shown[] = {"^[", "<202e>", "first line\\n", "<9b>"};
    size_t i;

    for (i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
        struct vt *vt = open_user(*state, 48, 160, who[i]);

        vt_wait(vt, shown[i], VT_SOON_MS);
        vt_keys(vt, "Tab Tab Tab Enter");
        vt_settle(vt, 200, VT_SOON_MS);
        quit(vt);
    }
}

/* One side away: its data stays, marked OLD; another user's is unknown, never missing. */
static void test_outage(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_console(demo, 24, 80, NULL);

    vt_type(vt, "/ana.pop@");
    vt_wait(vt, "1 of", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "<- Brain says pro", VT_SOON_MS);
    demo_halt(demo, DB_BOT);
    vt_wait(vt, "ZmartBot OLD", VT_SOON_MS);
    vt_wait(vt, "<- Brain says pro", VT_SOON_MS);
    vt_wait(vt, "38,112.4", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    vt_type(vt, ":user diana.s@example.net");
    vt_keys(vt, "Enter");
    vt_wait(vt, "Users > diana.s", VT_SOON_MS);
    vt_wait(vt, "ZmartBot is away since", VT_SOON_MS);
    vt_wait(vt, "Diana S", VT_SOON_MS); /* the other side is not delayed */
    assert_absent(vt, "not in ZmartBot");
    demo_resume(demo, DB_BOT);
    vt_wait(vt, "none: not in ZmartBot", 3 * VT_SOON_MS);
    demo_halt(demo, DB_BRAIN);
    vt_wait(vt, "ZmartyBrain OLD", VT_SOON_MS);
    vt_wait(vt, "Diana S", VT_SOON_MS);
    demo_resume(demo, DB_BRAIN);
    vt_wait_gone(vt, "OLD", 3 * VT_SOON_MS);
    quit(vt);
}

/* What others change arrives by itself, and the row under the cursor stays where it is. */
static void test_live(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_user(demo, 24, 80, "whale@example.com");
    char under[256];

    vt_type(vt, "]z");
    vt_wait(vt, "TOTAL STATUS", VT_SOON_MS);
    vt_keys(vt, "PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn");
    vt_wait(vt, "Trades row 1", VT_SOON_MS);
    vt_settle(vt, 300, VT_SOON_MS);
    snprintf(under, sizeof(under), "%.76s", vt_row(vt, vt_reverse_row(vt, 2)));
    demo_sql(demo, DB_BOT,
             "INSERT INTO public.user_trades (user_id, symbol, side, amount, status, created_at)"
             " SELECT user_id, 'NEWCOIN', 'buy', 1, 'pending', now() AT TIME ZONE 'UTC'"
             " FROM public.user_trading_profiles WHERE email = 'whale@example.com'");
    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET trading_enabled = false"
             " WHERE email = 'whale@example.com'");
    vt_wait(vt, "CANNOT TRADE", 2 * VT_SOON_MS);
    assert_memory_equal(vt_row(vt, vt_reverse_row(vt, 2)), under, 60);
    vt_type(vt, "g");
    vt_wait(vt, "NEWCOIN", VT_SOON_MS);
    vt_type(vt, "Z");
    vt_wait(vt, "paused", VT_SOON_MS);
    demo_sql(demo, DB_BOT, "DELETE FROM public.user_trades WHERE symbol = 'NEWCOIN'");
    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET trading_enabled = true"
             " WHERE email = 'whale@example.com'");
    vt_settle(vt, 6000, 8000); /* longer than the live refresh, which is paused */
    vt_wait(vt, "NEWCOIN", 100);
    vt_type(vt, "R");
    vt_wait_gone(vt, "NEWCOIN", VT_SOON_MS);
    vt_wait_gone(vt, "CANNOT", VT_SOON_MS);
    quit(vt);
}

/* A table that is missing disables its pane, says which step creates it, and nothing else. */
static void test_older_shapes(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT, "ALTER TABLE public.user_trades RENAME TO user_trades_hidden");
    vt = open_user(demo, 24, 80, "ana.pop@example.ro");
    vt_wait(vt, "38,112.4", VT_SOON_MS);
    vt_type(vt, "]");
    vt_wait(vt, "[Trades !]", VT_SOON_MS);
    vt_wait(vt, "step 2.5", VT_SOON_MS);
    vt_type(vt, "]");
    vt_wait(vt, "grid-btc", VT_SOON_MS);
    quit(vt);
    demo_sql(demo, DB_BOT, "ALTER TABLE public.user_trades_hidden RENAME TO user_trades");
}

static void test_plain_terminals(void **state)
{
    static const char *const environments[] = {"NO_COLOR=1", "LANG=C", "TERM=vt100"};
    size_t i;

    for (i = 0; i < sizeof(environments) / sizeof(environments[0]); i++) {
        struct vt *vt = open_console(*state, 24, 80, environments[i]);

        vt_type(vt, ":user ana.pop@example.ro");
        vt_keys(vt, "Enter");
        vt_wait(vt, "CANNOT TRADE  1) tier equal", VT_SOON_MS);
        assert_on_one_row(vt, "free  <- Brain says pro", "[~]");
        assert_on_one_row(vt, "TOTAL", "48,888.4");
        vt_type(vt, "Q");
        assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 0);
        vt_done(vt);
    }
}

/* Nothing that is due changes nothing: not a byte. */
static void test_idle_is_silent(void **state)
{
    struct vt *vt = open_user(*state, 24, 80, "ana.pop@example.ro");
    long long before;

    vt_wait_gone(vt, "first contact", 2 * VT_SOON_MS);
    vt_settle(vt, 2500, 20000);
    before = vt_bytes(vt);
    vt_settle(vt, 11000, 11500); /* two live refreshes */
    assert_int_equal(vt_bytes(vt) - before, 0);
    quit(vt);
}

static int start(void **state)
{
    struct demo *demo = calloc(1, sizeof(*demo));

    demo_start(demo, 600, NULL);
    *state = demo;
    return 0;
}

/* Whatever a test that failed left stopped runs again. */
static int restart(void **state)
{
    struct zm_error err;
    struct demo *demo = *state;

    (void)db_servers_resume(&demo->servers, DB_BRAIN, &err);
    (void)db_servers_resume(&demo->servers, DB_BOT, &err);
    return 0;
}

static int stop(void **state)
{
    demo_done(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_halves),
        cmocka_unit_test(test_tabs_and_zoom),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_all_gates),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_long_list),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_plain_terminals),
        cmocka_unit_test(test_idle_is_silent),
        cmocka_unit_test_teardown(test_outage, restart),
        cmocka_unit_test(test_live),
        cmocka_unit_test(test_older_shapes),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
