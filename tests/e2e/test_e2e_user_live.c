/*
 * One user on the screen for longer: long lists and long texts in little memory, copying, outages
 * of either side, changes that arrive while one looks, older shapes.
 */
#include <jansson.h>

#include "user_console.h"

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
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
    assert_true(memory_of(vt) < before + 3000);
#else
    (void)before;
#endif
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
    vt_wait(vt, "ZmartBot is away for", VT_SOON_MS);
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

/* Whatever a test that failed left stopped runs again. */
static int restart(void **state)
{
    struct zm_error err;
    struct demo *demo = *state;

    (void)db_servers_resume(&demo->servers, DB_BRAIN, &err);
    (void)db_servers_resume(&demo->servers, DB_BOT, &err);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long_list), cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_copy),      cmocka_unit_test_teardown(test_outage, restart),
        cmocka_unit_test(test_live),      cmocka_unit_test(test_older_shapes),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
