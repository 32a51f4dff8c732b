/*
 * One user on the screen, as support uses it: both halves and why he cannot trade, panes and tabs
 * at every width, the next user, every kind of person, hostile text, plain terminals.
 */
#include "user_console.h"

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
    vt_wait(vt, "[Activity 8]", VT_SOON_MS);
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
    vt_wait(vt, "Users > ana.pop@exam~", VT_SOON_MS); /* keys may not come before the new size */
    vt_keys(vt, "Tab");
    vt_wait(vt, "[Bot] Folio 3", VT_SOON_MS);
    vt_type(vt, "]");
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
    escape(vt, "[ok] login");
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

static void test_idle_is_silent(void **state)
{
    struct vt *vt = open_user(*state, 24, 80, "ana.pop@example.ro");

    vt_wait_gone(vt, "first contact", 2 * VT_SOON_MS);
    wait_for_equality(vt);
    vt_settle(vt, 2500, 20000);
    assert_silent(vt);
    quit(vt);
}

static int start(void **state)
{
    struct demo *demo = calloc(1, sizeof(*demo));

    demo_shared(demo);
    *state = demo;
    return 0;
}

static int stop(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_halves),    cmocka_unit_test(test_tabs_and_zoom),
        cmocka_unit_test(test_widths),         cmocka_unit_test(test_all_gates),
        cmocka_unit_test(test_neighbours),     cmocka_unit_test(test_people),
        cmocka_unit_test(test_hostile_text),   cmocka_unit_test(test_plain_terminals),
        cmocka_unit_test(test_idle_is_silent),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
