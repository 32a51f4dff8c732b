/*
 * Changing a user from the keyboard, on two real servers: the tier in the keystrokes of the
 * contract, stopping, editing, undo, and everything that must not write: Enter, what was typed
 * ahead, pastes, locks, a cancel.
 */
#include "edit_console.h"

#include "support/process.h"
#include "support/proxy.h"

/* t p reason Enter y. */
static void test_tier_in_four_keys(void **state)
{
    static const char who[] = "joana.costa@example.pt";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "joana.costa@");

    vt_type(vt, "t");
    vt_wait(vt, "Change tier  joana.costa@example.pt", VT_SOON_MS);
    vt_wait(vt, "ZmartyBrain xhskmqsgtdhehzlvtuns, ZmartBot asjtxrmftmutcsnqgidy", VT_SOON_MS);
    assert_on_one_row(vt, "Change tier", "DEMO");
    look(vt);
    vt_type(vt, "p");
    assert_on_one_row(vt, "ZmartyBrain", "free -> pro");
    assert_on_one_row(vt, "ZmartBot", "free -> pro");
    assert_on_one_row(vt, "user_subscriptions", "end the active one, start the new one");
    vt_type(vt, "T-4412 wire");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "done: tier free -> pro", VT_SOON_MS);
    vt_wait_gone(vt, "Change tier", VT_SOON_MS);
    assert_on_one_row(vt, who, "pro"); /* the list as well */
    assert_string_equal(of_brain(demo, who, "tier"), "pro");
    assert_string_equal(of_bot(demo, who, "tier"), "pro");
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "false");
    assert_string_equal(of_journal(demo, who, "tier_change", "metadata->>'reason'"), "T-4412 wire");
    assert_string_equal(of_journal(demo, who, "result", "metadata->>'outcome'"), "done");
    quit(vt);
}

/* Enter, n, Esc and keys that are none of the dialog's: nothing is written. */
static void test_only_y_is_yes(void **state)
{
    static const char *const keys[] = {"Enter", "n", "Esc", "N", "Ctrl-C"};
    static const char who[] = "ivana.r@example.com";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "ivana.r@");
    size_t i;

    for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        start_tier(vt, "e", "T-1");
        vt_type(vt, "jQXtu1 "); /* keys of the screen below */
        vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
        vt_keys(vt, keys[i]);
        vt_wait_gone(vt, "Change tier", VT_SOON_MS);
        look(vt); /* Esc and a letter would be Alt and the letter */
    }
    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Enter"); /* no reason, nothing chosen: the question is not asked */
    vt_wait(vt, "Nothing to write yet", VT_SOON_MS);
    vt_type(vt, "e");
    vt_keys(vt, "Enter Enter Enter");
    vt_wait(vt, "A reason is needed", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Change tier", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "pro");
    assert_string_equal(of_bot(demo, who, "tier"), "pro");
    assert_string_equal(of_journal(demo, who, "tier_change", "a.id"), "");
    quit(vt);
}

/* What was typed before a dialog or its question was there is no answer to it. */
static void test_typed_ahead(void **state)
{
    static const char who[] = "ivana.r@example.com";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "ivana.r@");

    vt_type(vt, "Xyyy");
    vt_wait(vt, "STOP TRADING  ivana.r@", VT_SOON_MS);
    look(vt);
    vt_wait(vt, "> Stop now? y", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "STOP TRADING  ivana.r@", VT_SOON_MS);
    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_type(vt, "f");
    vt_type(vt, "T-1 pasted without brackets\ry");
    vt_wait(vt, "typed before the question was there", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Change tier", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "true");
    assert_string_equal(of_brain(demo, who, "tier"), "pro");
    quit(vt);
}

static void test_pastes(void **state)
{
    static const char who[] = "ivana.r@example.com";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "ivana.r@");

    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_paste(vt, "f");
    vt_wait(vt, "a paste outside of a field was dropped", VT_SOON_MS);
    vt_wait(vt, "Choose another tier", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait(vt, "A reason is needed", VT_SOON_MS);
    vt_paste(vt, "T-77 refund\ny\n");
    assert_on_one_row(vt, "Reason", "T-77 refund");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
    vt_paste(vt, "y");
    vt_wait(vt, "a paste outside of a field was dropped", VT_SOON_MS);
    vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Change tier", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "pro");
    quit(vt);
}

/* d shows the statements and comes back to the question. */
static void test_sql(void **state)
{
    struct vt *vt = open_on(*state, NULL, 24, 80, "ivana.r@");

    start_tier(vt, "f", "T-1");
    vt_type(vt, "d");
    vt_wait(vt, "SQL of this change", VT_SOON_MS);
    vt_wait(vt, "BEGIN;", VT_SOON_MS);
    vt_type(vt, "y"); /* no answer here */
    vt_keys(vt, "PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn");
    vt_wait(vt, "COMMIT; -- ZmartyBrain first", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Apply?", VT_SOON_MS);
    assert_string_equal(of_brain(*state, "ivana.r@example.com", "tier"), "pro");
    quit(vt);
}

/* A downgrade takes rights away, k leaves them. */
static void test_rights_of_the_tier(void **state)
{
    static const char who[] = "oana.d@example.ro";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "oana.d@");

    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_type(vt, "p");
    assert_on_one_row(vt, "api_access", "on -> off  (the new tier");
    assert_absent(vt, "trading_enabled");
    vt_keys(vt, "Up");
    vt_type(vt, "k");
    vt_wait_gone(vt, "api_access", VT_SOON_MS);
    vt_type(vt, "k");
    vt_wait(vt, "api_access", VT_SOON_MS);
    vt_keys(vt, "Down");
    vt_type(vt, "T-9");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply?", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "done: tier enterprise -> pro", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "pro");
    assert_string_equal(of_bot(demo, who, "api_access"), "false");
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "true");
    quit(vt);
}

/* What a stop leaves alone: three pending trades, a strategy and two keys that are on. */
static void set_still_on(const struct demo *demo, const char *who)
{
    char sql[1400];

    snprintf(
        sql, sizeof(sql),
        "DO $$ DECLARE u uuid := (SELECT user_id FROM public.user_trading_profiles"
        " WHERE email = '%s'); BEGIN"
        " DELETE FROM public.user_trades WHERE user_id = u;"
        " INSERT INTO public.user_trades (user_id, symbol, side, amount, price, total, status)"
        " SELECT u, 'BTC', 'buy', 1, 1, 1, s FROM "
        "unnest('{pending,pending,pending,executed}'::text[]) s;"
        " DELETE FROM public.user_strategies WHERE user_id = u;"
        " INSERT INTO public.user_strategies (user_id, strategy_name, strategy_config, is_active)"
        " VALUES (u, 'grid', '{}', true), (u, 'dca', '{}', false);"
        " DELETE FROM public.user_api_keys WHERE user_id = u;"
        " INSERT INTO public.user_api_keys (user_id, exchange, api_key_encrypted,"
        " api_secret_encrypted, is_active) VALUES (u, 'kucoin', 'x', 'x', true),"
        " (u, 'binance', 'x', 'x', true); END $$",
        who);
    demo_sql(demo, DB_BOT, sql);
}

/* X y: two keys. The reason is asked afterwards; Esc leaves it owed. */
static void test_stop(void **state)
{
    static const char who[] = "anadolu.trd@example.com";
    const struct demo *demo = *state;
    struct vt *vt;

    set_still_on(demo, who);
    vt = open_on(demo, NULL, 24, 80, "anadolu.trd@");
    press_stop(vt, "> Stop now? y   Y: 1 strategy and 2 API keys off too");
    vt_wait(vt, "3 pending trades are NOT cancelled.", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "Stopped  anadolu.trd@", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "false");
    assert_string_equal(of_journal(demo, who, "stop_all", "metadata->>'reason' IS NULL"), "true");
    vt_keys(vt, "Enter");
    vt_wait(vt, "nothing was typed", VT_SOON_MS);
    vt_type(vt, "T-4390 abuse");
    vt_keys(vt, "Enter");
    vt_wait(vt, "the reason is recorded", VT_SOON_MS);
    assert_string_equal(of_journal(demo, who, "reason", "metadata->>'reason'"), "T-4390 abuse");
    press_stop(vt, "Trading is off already");
    look(vt);
    vt_type(vt, "Y"); /* strategies and keys as well */
    vt_wait(vt, "Stopped  anadolu.trd@", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "its reason is owed", VT_SOON_MS);
    vt_wait(vt, "off 0/2", VT_SOON_MS); /* what was written has been read again */
    press_stop(vt, "Y: 0 strategies and 0 API keys off too");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "STOP TRADING  anadolu.trd@", VT_SOON_MS);
    assert_string_equal(
        demo_sql(
            demo, DB_BOT,
            "SELECT count(*) FROM public.user_strategies s JOIN public.user_trading_profiles p "
            "USING (user_id) WHERE p.email = 'anadolu.trd@example.com' AND s.is_active"),
        "0");
    quit(vt);
}

/* Only what was changed is written; the user's own screen shows it. */
static void test_edit(void **state)
{
    static const char who[] = "tatiana@example.md";
    const struct demo *demo = *state;
    struct vt *vt = open_user(demo, 24, 80, who);

    look(vt);
    vt_type(vt, "e");
    vt_wait(vt, "Edit  tatiana@example.md", VT_SOON_MS);
    look(vt);
    vt_type(vt, "c"); /* completed off and on again: nothing to do */
    vt_wait(vt, "profile_completed  true -> false", VT_SOON_MS);
    vt_type(vt, "c");
    vt_wait(vt, "Nothing is changed yet", VT_SOON_MS);
    vt_keys(vt, "Down Down Down Ctrl-U");
    vt_type(vt, "Tatiana \xc8\x98tefan");
    vt_wait(vt, "name  Tatiana -> Tatiana \xc8\x98tefan", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_type(vt, "T-3 married");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "done: name Tatiana -> Tatiana", VT_SOON_MS);
    vt_wait_gone(vt, "Apply?", VT_SOON_MS);
    assert_on_one_row(vt, "name ", "Tatiana \xc8\x98tefan");
    assert_string_equal(of_brain(demo, who, "name"), "Tatiana \xc8\x98tefan");
    assert_string_equal(of_brain(demo, who, "country"), "MD");
    assert_string_equal(of_journal(demo, who, "profile_edit", "metadata->>'reason'"),
                        "T-3 married");
    quit(vt);
}

/* A row that somebody holds: the dialog says so and can be tried again; Ctrl-C does not wait. */
static void test_locked_row(void **state)
{
    static const char who[] = "ivana.r@example.com";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "ivana.r@");
    PGconn *other = demo_connect(demo, DB_BOT, "supabase_admin");

    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, "UPDATE public.user_trading_profiles SET updated_at = updated_at WHERE "
                          "email = 'ivana.r@example.com'"));
    start_tier(vt, "e", "T-6");
    vt_type(vt, "y");
    vt_wait(vt, "writing ...", VT_SOON_MS);
    vt_type(vt, "nQ"); /* nothing else happens now */
    vt_keys(vt, "Ctrl-C");
    vt_wait(vt, "Failed", VT_SOON_MS);
    vt_wait(vt, "> Apply?", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "pro");
    PQclear(PQexec(other, "ROLLBACK"));
    PQfinish(other);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "done: tier pro -> enterprise", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "enterprise");
    quit(vt);
}

/* Who cannot be changed is not asked about. */
static void test_refusals(void **state)
{
    static const struct {
        const char *who, *says;
    } cases[] = {
        {"hana@example.io", "an orphan of ZmartBot"},
        {"juana_m@example.mx", "2 trading profiles in ZmartBot"},
        {"ana@partner.example", "he has no profile in ZmartyBrain"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vt *vt = open_user(*state, 24, 80, cases[i].who);

        look(vt);
        vt_type(vt, "t");
        vt_wait(vt, cases[i].says, VT_SOON_MS);
        vt_wait(vt, "Nothing can be written", VT_SOON_MS);
        look(vt);
        vt_type(vt, "fpey");
        vt_keys(vt, "Enter");
        vt_wait_gone(vt, "Nothing can be written", VT_SOON_MS);
        quit(vt);
    }
}

/* The tier that Brain has is no edit, though Bot has another: f is named, which is. */
static void test_same_tier(void **state)
{
    struct vt *vt = open_on(*state, NULL, 24, 80, "ana.pop@");

    vt_type(vt, "t");
    vt_wait(vt, "ZmartBot has free: Esc, and f mends that.", VT_SOON_MS);
    look(vt);
    vt_type(vt, "p");
    vt_wait(vt, "Nothing to write yet", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Change tier", VT_SOON_MS);
    quit(vt);
}

/* Small and large: the dialog is whole or scrolls, the question is always in sight. */
static void test_sizes(void **state)
{
    static const int sizes[][2] = {{10, 40}, {24, 80}, {48, 160}};
    struct vt *vt = open_on(*state, NULL, 24, 80, "ivana.r@");
    size_t i;

    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_type(vt, "f");
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        vt_resize(vt, sizes[i][0], sizes[i][1]);
        vt_wait(vt, "Change tier  ivana.r@", VT_SOON_MS);
        vt_wait(vt, "> Reason", VT_SOON_MS);
        vt_wait(vt, "A reason is needed", VT_SOON_MS);
    }
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Change tier", VT_SOON_MS);
    quit(vt);
}

/* The demo's configuration with a proxy in front of ZmartyBrain. */
static void conf_through(const struct demo *demo, const struct proxy *proxy, char path[160])
{
    char host[128], line[512];
    FILE *in = fopen(demo->conf, "r"), *out;

    snprintf(path, 160, "%.140s.proxy", demo->conf);
    snprintf(host, sizeof(host), "host = \"%s\"; port = 5432", demo->sockets[DB_BRAIN]);
    out = fopen(path, "w");
    assert_true(in && out);
    while (fgets(line, sizeof(line), in)) {
        char *at = strstr(line, host);

        if (at)
            fprintf(out, "%.*shost = \"127.0.0.1\"; port = %s%s", (int)(at - line), line,
                    proxy_port(proxy), at + strlen(host));
        else
            fputs(line, out);
    }
    fclose(in);
    fclose(out);
}

/* A COMMIT that is not answered, and a fence that does not open: nobody claims to know. */
static void test_unknown(void **state)
{
    static const char who[] = "ana.pop@example.ro";
    const struct demo *demo = *state;
    char server[140], path[160];
    struct proxy *proxy;
    struct vt *vt;

    snprintf(server, sizeof(server), "%s/.s.PGSQL.%s", demo->sockets[DB_BRAIN], DB_SERVERS_PORT);
    proxy = proxy_start("127.0.0.1:0", server);
    conf_through(demo, proxy, path);
    vt = open_on(demo, path, 24, 80, "ana.pop@");
    proxy_hold_since(proxy, "SET CONSTRAINTS", "COMMIT", 1, PROXY_HOLD_BEFORE);
    start_tier(vt, "e", "T-7");
    vt_type(vt, "y");
    vt_wait(vt, "writing ... 2 s", VT_SOON_MS); /* the seconds go by */
    vt_wait(vt, "NOT KNOWN  ana.pop@", 4 * VT_SOON_MS);
    vt_wait(vt, "Request ", VT_SOON_MS);
    vt_wait(vt, "Health", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "free");
    look(vt);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "NOT KNOWN", VT_SOON_MS);
    quit(vt);
    proxy_stop(proxy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tier_in_four_keys),
        cmocka_unit_test(test_only_y_is_yes),
        cmocka_unit_test(test_typed_ahead),
        cmocka_unit_test(test_pastes),
        cmocka_unit_test(test_sql),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_rights_of_the_tier),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_edit),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_same_tier),
        cmocka_unit_test(test_locked_row),
        cmocka_unit_test(test_unknown),
    };

    return cmocka_run_group_tests(tests, demo_of_60, demo_end);
}
