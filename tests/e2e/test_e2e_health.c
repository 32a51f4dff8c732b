/*
 * Overview, Health and the messages of an outage, on two real servers and a real terminal emulator:
 * what is known, what is old, what is unknown, and that nothing of it holds a key up.
 */
#include "console.h"

#include <libpq-fe.h>

#include "zm/str.h"

/* An error is there whole: what was attempted, where, and the server's own words. */
static void test_messages_of_an_outage(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);

    demo_halt(demo, DB_BOT);
    vt_wait(vt, "Bot DOWN", VT_SOON_MS);
    vt_type(vt, "7");
    vt_wait(vt, "ZmartBot", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "attempted", VT_SOON_MS);
    vt_wait(vt, "where     ZmartBot", VT_SOON_MS);
    vt_wait(vt, "detail", VT_SOON_MS);
    demo_resume(demo, DB_BOT);
    vt_wait(vt, "Bot up", 2 * VT_SOON_MS);
    escape(vt, "attempted");
    vt_wait(vt, "ZmartBot is back", VT_SOON_MS);
    quit(vt);
}

/* ---- overview ---- */

/* The row that begins with a tier, with its two counts. */
static void assert_tier(struct vt *vt, const char *tier, const char *brain, const char *bot)
{
    int row;

    vt_wait(vt, tier, VT_SOON_MS);
    row = vt_find(vt, tier, NULL);
    if (!strstr(vt_row(vt, row), brain) || !strstr(vt_row(vt, row), bot)) {
        vt_dump(vt);
        fail_msg("%s does not show %s and %s", tier, brain, bot);
    }
}

static void test_overview(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);
    char brain[24], bot[24], vaults[24];

    zm_copy(brain, sizeof(brain),
            demo_sql(demo, DB_BRAIN, "SELECT count(*) FROM user_profiles WHERE tier = 'pro'"));
    zm_copy(bot, sizeof(bot),
            demo_sql(demo, DB_BOT, "SELECT count(*) FROM user_trading_profiles WHERE tier='pro'"));
    zm_copy(vaults, sizeof(vaults),
            demo_sql(demo, DB_BOT, "SELECT count(*) FROM \"Zmart Vaults\""));
    vt_type(vt, "6");
    vt_wait(vt, "Sign-ups per day", VT_SOON_MS);
    vt_wait(vt, "in 30 days", VT_SOON_MS);
    vt_wait(vt, "Zmart Vaults", VT_SOON_MS);
    vt_wait(vt, "BTC", VT_SOON_MS);
    vt_type(vt, "x");
    vt_wait(vt, "counted just now", VT_SOON_MS);
    assert_tier(vt, "pro ", brain, bot);
    assert_non_null(strstr(vt_row(vt, vt_find(vt, "Zmart Vaults", NULL)), vaults));
    assert_null(strstr(vt_row(vt, vt_find(vt, "Zmart Vaults", NULL)), "~"));
    vt_keys(vt, "Tab z"); /* one pane alone, and back */
    vt_wait_gone(vt, "Zmart Vaults", VT_SOON_MS);
    vt_wait(vt, "1 of 5", VT_SOON_MS);
    vt_wait(vt, "premium", VT_SOON_MS); /* a tier that there should not be is not hidden */
    escape(vt, "1 of 5");
    quit(vt);
}

/* A count that takes long holds nothing up, and ends when it is told to. */
static void test_overview_count_stops(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);
    char info[256], socket[96];
    PGconn *holder;

    snprintf(info, sizeof(info), "host=%s port=%s user=supabase_admin dbname=postgres",
             db_servers_socket(&demo->servers, DB_BRAIN, socket), DB_SERVERS_PORT);
    holder = PQconnectdb(info);
    assert_int_equal(PQstatus(holder), CONNECTION_OK);
    vt_type(vt, "6");
    vt_wait(vt, "in 30 days", VT_SOON_MS);
    PQclear(PQexec(holder, "BEGIN; LOCK TABLE public.user_profiles"));
    assert_int_equal(PQtransactionStatus(holder), PQTRANS_INTRANS);
    vt_type(vt, "x");
    vt_wait(vt, "counting ZmartyBrain, 1 of 2", VT_SOON_MS);
    vt_type(vt, "4"); /* meanwhile everything else works */
    vt_wait(vt, "PostgreSQL", VT_SOON_MS);
    vt_type(vt, "6");
    vt_wait(vt, "counting", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "counting stopped", VT_SOON_MS);
    PQfinish(holder);
    vt_type(vt, "x");
    vt_wait(vt, "counted just now", VT_SOON_MS);
    quit(vt);
}

/* A side that is away keeps its last figures, marked; one that never answered is unknown. */
static void test_overview_outage(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);

    vt_type(vt, "6");
    vt_wait(vt, "Zmart Vaults", VT_SOON_MS);
    demo_halt(demo, DB_BOT);
    vt_wait(vt, "Bot OLD", VT_SOON_MS);
    vt_wait(vt, "Zmart Vaults", VT_SOON_MS);
    vt_wait(vt, "free", VT_SOON_MS);
    vt_type(vt, "x");
    vt_wait(vt, "ZmartBot is away: not counted", VT_SOON_MS);
    demo_resume(demo, DB_BOT);
    vt_wait(vt, "Bot up", 2 * VT_SOON_MS);
    vt_wait_gone(vt, "OLD", VT_SOON_MS);
    quit(vt);
    demo_halt(demo, DB_BRAIN);
    {
        const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};

        vt = vt_start(argv, NULL, 24, 80);
    }
    vt_wait(vt, "Brain DOWN", VT_SOON_MS);
    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_type(vt, "6");
    vt_wait(vt, "ZmartyBrain is away for", VT_SOON_MS);
    assert_tier(vt, "pro ", "?", "");
    demo_resume(demo, DB_BRAIN);
    vt_wait(vt, "Brain up", 2 * VT_SOON_MS);
    vt_wait_gone(vt, "is away", VT_SOON_MS);
    quit(vt);
}

/* ---- health ---- */

static void test_health(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);

    vt_type(vt, "4");
    vt_wait(vt, "PostgreSQL", VT_SOON_MS);
    vt_wait(vt, "unix socket", VT_SOON_MS);
    vt_wait(vt, "p95", VT_SOON_MS);
    vt_wait(vt, "auth.users", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "copied details", VT_SOON_MS);
    assert_non_null(vt_clipboard(vt));
    assert_non_null(strstr(vt_clipboard(vt), "ZmartyBrain\n  state      up"));
    assert_non_null(strstr(vt_clipboard(vt), "asjtxrmftmutcsnqgidy"));
    vt_type(vt, "c");
    vt_wait(vt, "both databases are connected", VT_SOON_MS);
    demo_halt(demo, DB_BRAIN);
    vt_wait(vt, "ZmartyBrain, as last known", VT_SOON_MS);
    vt_wait(vt, "ZmartyBrain: last error", VT_SOON_MS);
    vt_keys(vt, "PgDn");
    vt_wait(vt, "effect now", VT_SOON_MS);
    vt_wait(vt, "The list of users comes from ZmartBot", VT_SOON_MS);
    demo_resume(demo, DB_BRAIN);
    vt_type(vt, "c");
    vt_wait_gone(vt, "effect now", VT_SOON_MS);
    vt_wait(vt, "Brain up", VT_SOON_MS);
    quit(vt);
}

/* A database as the source document has it lacks the indexes, and Health says which. */
static void test_health_names_missing_indexes(void **state)
{
    struct demo demo = {0};
    struct vt *vt;

    (void)state;
    demo_start(&demo, 100, "--as-written");
    vt = open_on_both(&demo, 48, 160, NULL);
    vt_type(vt, "4");
    vt_wait(vt, "no index user_profiles_name_idx; slow without it: look-up by name", VT_SOON_MS);
    vt_type(vt, "6");
    vt_wait(vt, "Trades per day", VT_SOON_MS);
    vt_wait(vt, "user_trades_created_at_idx", VT_SOON_MS);
    quit(vt);
    demo_done(&demo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overview),        cmocka_unit_test(test_overview_count_stops),
        cmocka_unit_test(test_health),          cmocka_unit_test(test_messages_of_an_outage),
        cmocka_unit_test(test_overview_outage), cmocka_unit_test(test_health_names_missing_indexes),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
