/*
 * The list of users as the three kinds of people use it, on two real servers and a real terminal
 * emulator: the look-ups of support in their keystroke budgets, outages of either side, sizes,
 * hostile text.
 */
#include "console.h"

#include <signal.h>

#include "zm/str.h"

/* Support: five keys, and the answer is on the row. */
static void test_partial_email_says_why(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    vt_type(vt, "/ana.p");
    vt_wait(vt, "ana.pop@example.ro CANNOT TRADE", VT_SOON_MS);
    vt_wait(vt, "1) tier equal: Brain pro / Bot free", VT_SOON_MS);
    vt_wait(vt, "[NO] trading enabled", VT_SOON_MS);
    assert_on_one_row(vt, "ana.pop@example.ro", "tier differs  (+1)");
    vt_keys(vt, "Enter");
    vt_wait(vt, "Users > ana.pop@example.ro", VT_SOON_MS);
    quit(vt);
}

/* Names, phones and ids are found as well, and a hit that no index serves comes by the walk. */
static void test_look_ups(void **state)
{
    static const struct {
        const char *keys, *found;
    } cases[] = {
        {"/moby", "whale@example.com"},
        {"/\"lana.tran@example.vn\"", "lana.tran@example.vn"},
        {"/whale", "whale@example.com"},
        {"/ran@example.vn", "lana.tran@example.vn"},
        {"/tier:pro trading:off sync:synced off", "trading.off@example.com"},
        {"/sync:orphan", "orphan in ZmartBot"},
        {"/ana trading:on tier:free sync:orphan",
         "(no login) hana"}, /* Bot's conditions count too */
        {"/\"ana.ionescu@example.com\" trading:off", "no user matches"},
        {"/banned: lana", "lana.tran@example.vn"},
    };
    struct vt *vt = open_on_both(*state, 24, 80, NULL);
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        vt_type(vt, cases[i].keys);
        vt_wait(vt, cases[i].keys, VT_SOON_MS);
        vt_wait(vt, cases[i].found, VT_SOON_MS);
        vt_keys(vt, "Esc");
        vt_wait_gone(vt, cases[i].keys, VT_SOON_MS);
    }
    vt_type(vt, "/nobody.has.this@name");
    vt_wait(vt, "/nobody.has.this@name", VT_SOON_MS);
    vt_wait(vt, "no user matches", VT_SOON_MS);
    escape(vt, "/nobody");
    vt_type(vt, "/teir:pro");
    vt_wait(vt, "/teir:pro", VT_SOON_MS);
    vt_wait(vt, "teir:", VT_SOON_MS);
    vt_wait(vt, "tier:", VT_SOON_MS);
    escape(vt, "teir");
    quit(vt);
}

/* First and last, and back: pages come as they are needed. */
static void test_ends(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);
    const char *first = vt_row(vt, vt_reverse_row(vt, 2));
    char saved[256];

    strncpy(saved, first, 30);
    saved[30] = '\0';
    vt_type(vt, "G");
    vt_wait_gone(vt, saved, VT_SOON_MS);
    vt_type(vt, "g");
    vt_wait(vt, saved, VT_SOON_MS);
    quit(vt);
}

/* One side stops while it is in use: the other stays alive, nothing is called missing, and it comes
 * back. */
static void outage(struct demo *demo, enum db_side side)
{
    const char *down = side == DB_BRAIN ? "Brain DOWN" : "Bot DOWN";
    const char *up = side == DB_BRAIN ? "Brain up" : "Bot up";
    struct vt *vt = open_on_both(demo, 24, 80, NULL);

    demo_halt(demo, side);
    vt_wait(vt, down, VT_SOON_MS);
    vt_type(vt, "jjj");
    vt_wait(vt, "?", VT_SOON_MS);
    assert_int_equal(vt_find(vt, "not in ZmartBot", NULL), -1);
    vt_type(vt, "/ana.pop");
    vt_wait(vt, "/ana.pop", VT_SOON_MS);
    vt_wait(vt, "ana.pop@example.ro", VT_SOON_MS);
    escape(vt, "/ana.pop");
    demo_resume(demo, side);
    vt_wait(vt, up, 2 * VT_SOON_MS);
    vt_type(vt, "/ana.pop");
    vt_wait(vt, "/ana.pop", VT_SOON_MS);
    vt_wait(vt, "1) tier equal: Brain pro / Bot free", VT_SOON_MS);
    assert_on_one_row(vt, "ana.pop@example.ro", "tier differs");
    escape(vt, "/ana.pop");
    quit(vt);
}

static void test_outage_of_bot(void **state)
{
    outage(*state, DB_BOT);
}

static void test_outage_of_brain(void **state)
{
    outage(*state, DB_BRAIN);
}

/* Both servers frozen: keys are answered, and it is left within a second. */
static void test_frozen(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);

    demo_signal(demo, DB_BRAIN, SIGSTOP);
    demo_signal(demo, DB_BOT, SIGSTOP);
    vt_type(vt, "?");
    vt_wait(vt, "Everywhere", VT_SOON_MS);
    escape(vt, "Everywhere");
    vt_type(vt, "Q");
    assert_int_equal(vt_wait_exit(vt, 3000), 0);
    demo_signal(demo, DB_BRAIN, SIGCONT);
    demo_signal(demo, DB_BOT, SIGCONT);
    vt_check_restored(vt);
    vt_done(vt);
}

/* A server that freezes while nothing is read from it: seen all the same, and forgotten when it
 * goes on. */
static void test_frozen_while_idle(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);

    vt_type(vt, "7");
    vt_wait(vt, "TIME", VT_SOON_MS);
    demo_signal(demo, DB_BOT, SIGSTOP);
    vt_wait(vt, "Bot no answer 3s", 7000);
    vt_wait(vt, "Bot DOWN", 15000);
    assert_on_one_row(vt, "Brain up", "Bot DOWN");
    demo_signal(demo, DB_BOT, SIGCONT);
    vt_wait(vt, "Bot up", 16000);
    quit(vt);
}

/* As long as most e-mails are: beside the preview, too, they are whole. */
static void test_wide_shows_whole_emails(void **state)
{
    static const char who[] = "ana.longer.than@example.com";
    static const int cols[] = {120, 160, 200};
    const struct demo *demo = *state;
    struct vt *vt;
    int i;

    demo_sql(demo, DB_BRAIN,
             "UPDATE auth.users SET email = 'ana.longer.than@example.com' WHERE email ="
             " 'anamaria.k@example.org'");
    vt = open_on_both(demo, 48, 120, NULL);
    vt_type(vt, "/ana.longer");
    vt_wait(vt, who, VT_SOON_MS);
    for (i = 0; i < (int)ZM_COUNT(cols); i++) {
        vt_resize(vt, 48, cols[i]);
        vt_settle(vt, 100, VT_SOON_MS);
        assert_on_one_row(vt, who, "free");
        assert_on_one_row(vt, "SUBSCR", "CAN TRADE?");
    }
    demo_sql(demo, DB_BRAIN,
             "UPDATE auth.users SET email = 'anamaria.k@example.org' WHERE email ="
             " 'ana.longer.than@example.com'");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "/ana.longer", VT_SOON_MS);
    quit(vt);
}

/* Hostile names reach the screen as what they are, never as what they do. */
static void test_hostile_text(void **state)
{
    struct vt *vt = open_on_both(*state, 48, 160, NULL);

    vt_type(vt, "/hostile.example");
    vt_wait(vt, "/hostile.example", VT_SOON_MS);
    vt_wait(vt, "escape@hostile", VT_SOON_MS);
    vt_wait(vt, "^[", VT_SOON_MS);
    vt_wait(vt, "<202e>", VT_SOON_MS);
    vt_keys(vt, "Down Down Down Down Down Down");
    vt_settle(vt, 300, VT_SOON_MS);
    escape(vt, "/hostile");
    quit(vt);
}

static void test_sizes(void **state)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{10, 40}, {12, 60}, {24, 79}, {24, 80}, {48, 160}, {60, 300}};
    struct vt *vt = open_on_both(*state, 24, 80, NULL);
    size_t i;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        vt_resize(vt, sizes[i].rows, sizes[i].cols);
        vt_wait(vt, "EMAIL", VT_SOON_MS);
        vt_settle(vt, 100, VT_SOON_MS);
        assert_non_null(strstr(vt_row(vt, 0), "DEMO")); /* what row 1 says at every width */
        assert_non_null(strstr(vt_row(vt, 0), "RW"));
        assert_non_null(strstr(vt_row(vt, 0), "Brain "));
        assert_non_null(strstr(vt_row(vt, 0), "Bot "));
    }
    vt_resize(vt, 9, 38);
    vt_wait(vt, "needs 40x10, have 38x9", VT_SOON_MS);
    vt_type(vt, "4?");
    vt_settle(vt, 300, VT_SOON_MS);
    vt_resize(vt, 24, 80);
    vt_wait(vt, "CAN TRADE?", VT_SOON_MS);
    quit(vt);
}

/* ASCII, mono and other terminals show the same. */
static void test_terminals(void **state)
{
    static const char *const environments[] = {"TERM=vt100",         "TERM=linux", "TERM=screen",
                                               "TERM=tmux-256color", "NO_COLOR=1", "LANG=C"};
    size_t i;

    for (i = 0; i < sizeof(environments) / sizeof(environments[0]); i++) {
        struct vt *vt = open_on_both(*state, 24, 80, environments[i]);

        vt_wait(vt, "CAN TRADE?", VT_SOON_MS);
        vt_type(vt, "q");
        assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 0);
        vt_done(vt);
    }
}

static void test_dumb_terminal(void **state)
{
    const struct demo *demo = *state;
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    const char *const env[] = {"TERM=dumb", NULL};
    struct vt *vt = vt_start(argv, env, 24, 80);

    vt_wait(vt, "TERM=", VT_SOON_MS);
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 2);
    vt_done(vt);
}

static void test_signals(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};
    size_t i;

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        struct vt *vt = open_on_both(*state, 24, 80, NULL);

        vt_signal(vt, signals[i]);
        assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 128 + signals[i]);
        vt_check_restored(vt);
        vt_done(vt);
    }
}

static void test_idle_is_silent(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    vt_wait_gone(vt, "first contact", 2 * VT_SOON_MS); /* a message ends by itself */
    wait_for_equality(vt);
    vt_settle(vt, 2500, 20000);
    assert_silent(vt);
    quit(vt);
}

static void test_marks_survive(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    vt_keys(vt, "Space Space");
    vt_wait(vt, "2 marked", VT_SOON_MS);
    vt_type(vt, "R");
    vt_wait(vt, "2 marked", VT_SOON_MS);
    vt_type(vt, "U");
    vt_wait_gone(vt, "marked", VT_SOON_MS);
    quit(vt);
}

/* Keys that come before the answer: nobody is opened or changed whom the filter before had found.
 */
static void test_waits_for_what_was_typed(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_console(demo, 24, 80, NULL);

    vt_type(vt, "/ana.pop");
    vt_wait(vt, "Users /ana.pop   1 of", VT_SOON_MS);
    demo_signal(demo, DB_BRAIN, SIGSTOP);
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, "k.weber");
    vt_wait(vt, "Users /k.weber   searching", VT_SOON_MS);
    vt_keys(vt, "Enter t");
    vt_wait(vt, "still looking for /k.weber", VT_SOON_MS);
    assert_absent(vt, "Change tier");
    vt_keys(vt, "Enter");
    demo_signal(demo, DB_BRAIN, SIGCONT);
    vt_wait(vt, "Users > k.weber", VT_SOON_MS);
    quit(vt);
}

/* Bot is up, and says only why it does not say its half. */
static void test_a_table_is_missing(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT, "ALTER TABLE public.user_trading_profiles RENAME TO traders");
    vt = open_console(demo, 30, 120, NULL);
    vt_wait(vt, "ada.nakamura@example.net", VT_SOON_MS);
    vt_type(vt, "j"); /* to one whom nothing else keeps from trading */
    vt_wait(vt, "may trade or not: ZmartBot: ", VT_SOON_MS);
    assert_on_one_row(vt, "may trade or not", "user_trading_profiles");
    assert_on_one_row(vt, "ada.nakamura@example.net", "?  ZmartBot not readable");
    demo_sql(demo, DB_BOT, "ALTER TABLE public.traders RENAME TO user_trading_profiles");
    vt_type(vt, "R");
    vt_wait_gone(vt, "not readable", VT_SOON_MS);
    quit(vt);
}

/* Whatever a test that failed left frozen runs again. */
static int thaw(void **state)
{
    demo_signal(*state, DB_BRAIN, SIGCONT);
    demo_signal(*state, DB_BOT, SIGCONT);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_partial_email_says_why),
        cmocka_unit_test(test_look_ups),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_wide_shows_whole_emails),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_terminals),
        cmocka_unit_test(test_dumb_terminal),
        cmocka_unit_test(test_signals),
        cmocka_unit_test(test_marks_survive),
        cmocka_unit_test_teardown(test_waits_for_what_was_typed, thaw),
        cmocka_unit_test(test_a_table_is_missing),
        cmocka_unit_test(test_idle_is_silent),
        cmocka_unit_test_teardown(test_frozen, thaw),
        cmocka_unit_test_teardown(test_frozen_while_idle, thaw),
        cmocka_unit_test(test_outage_of_bot),
        cmocka_unit_test(test_outage_of_brain),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
