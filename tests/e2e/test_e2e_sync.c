/*
 * The Sync screen: a scan and what it shows, what goes into a plan, the plan applied and its result
 * in both databases, how much agreement it takes, and one user mended alone. The order matters:
 * later tests find what earlier ones left.
 */
#include "sync_console.h"

/* From the plan to the question. */
static void ask(struct vt *vt, const char *reason)
{
    vt_type(vt, "a");
    vt_wait(vt, "Reason", VT_SOON_MS);
    look(vt);
    give(vt, "> Reason", reason);
    vt_keys(vt, "Enter");
}

/* Closes what is over the screen, which shows `gone`, and leaves. */
static void close_and_quit(struct vt *vt, const char *keys, const char *gone)
{
    vt_keys(vt, keys);
    vt_wait_gone(vt, gone, VT_SOON_MS);
    quit(vt);
}

static void test_shows_what_differs(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_sync_as(demo, NULL, 24, 80);

    vt_wait(vt, "waiting before the second look", VT_SOON_MS);
    vt_wait(vt, "651 Brain / 648 Bot", VT_SOON_MS);
    assert_on_one_row(vt, "tier differs", "2 of 3");
    assert_on_one_row(vt, "no trading profile", "included");
    assert_on_one_row(vt, "deleted, still has rights", "opt-in (i)");
    assert_on_one_row(vt, "several trading profiles", "never");
    assert_on_one_row(vt, "k.weber@example.de", "BOT ");
    vt_keys(vt, "Tab j j");
    vt_wait(vt, "Newer in Bot, with more rights.", VT_SOON_MS);
    vt_wait(vt, "unless you include it with i.", VT_SOON_MS);
    vt_keys(vt, "d");
    vt_wait(vt, "  risk ", VT_SOON_MS);
    vt_keys(vt, "q");
    vt_wait(vt, "CLASS", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "Users > k.weber", VT_SOON_MS);
    quit(vt);
}

static void test_filters_rows_and_plan(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_sync(demo, 24, 80);

    vt_type(vt, "/haddad");
    vt_wait(vt, "1 of 3 match /haddad", VT_SOON_MS);
    vt_keys(vt, "Enter");
    plan(vt);
    vt_wait(vt, "frozen, 1 row", VT_SOON_MS);
    assert_on_one_row(vt, "s.haddad@", "LOSES pro NOW");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "scope: all", VT_SOON_MS);
    quit(vt);
}

static void test_includes_and_excludes(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_sync(demo, 40, 110);

    vt_wait(vt, "12 in plan", VT_SOON_MS);
    vt_keys(vt, "x"); /* the class */
    vt_wait(vt, "left out", VT_SOON_MS);
    vt_keys(vt, "Tab j j i"); /* the row that is newer in Bot */
    vt_wait(vt, "1 of 3", VT_SOON_MS);
    plan(vt);
    vt_wait(vt, "Bot.tier", VT_SOON_MS);
    assert_on_one_row(vt, "k.weber@example.de", "pro -> free");
    vt_wait(vt, "frozen, 11 rows", VT_SOON_MS);
    vt_type(vt, "d");
    vt_wait(vt, "SET LOCAL statement_timeout", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "SET LOCAL statement_timeout", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    vt_keys(vt, "S-Tab i"); /* the class, and of the row what its class says */
    vt_wait(vt, "1 left out: a person has to decide", VT_SOON_MS);
    assert_on_one_row(vt, "tier differs", "2 of 3");
    vt_keys(vt, "G i"); /* what a person decides, or nobody */
    vt_wait(vt, "there is nothing to mend", VT_SOON_MS);
    vt_keys(vt, "k i");
    vt_wait(vt, "is never mended by a plan", VT_SOON_MS);
    quit(vt);
}

/* The plan lies over the line of messages; a key that may do nothing says why all the same. */
static void test_locked_plan_says_so(void **state)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{24, 80}, {30, 100}, {10, 40}};
    const struct demo *demo = *state;
    char path[160];
    size_t i;

    conf_with_guard(demo, "unlock", path);
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct vt *vt = open_sync_as(demo, path, 24, 80);

        vt_wait(vt, "in plan", VT_SOON_MS);
        vt_resize(vt, sizes[i].rows, sizes[i].cols);
        plan(vt);
        vt_type(vt, "a");
        vt_wait(vt, "locked: ':rw 30m REASON'", VT_SOON_MS);
        vt_wait(vt, "a apply", VT_SOON_MS); /* and the keys of the plan are still there */
        assert_absent(vt, "A reason is needed");
        vt_keys(vt, "j");
        vt_wait_gone(vt, "locked:", VT_SOON_MS);
        close_and_quit(vt, "Esc", "frozen");
    }
}

static void test_cancels(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_sync_as(demo, NULL, 24, 80);

    vt_wait(vt, "waiting before the second look", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "the scan was cancelled", VT_SOON_MS);
    vt_wait(vt, "It is not known what differs", VT_SOON_MS);
    assert_absent(vt, "Nothing differs");
    vt_type(vt, "p");
    vt_wait(vt, "no scan to make a plan of", VT_SOON_MS);
    vt_type(vt, "Rp"); /* the plan follows the scan */
    vt_wait(vt, "still looking: the plan follows", VT_SOON_MS);
    vt_wait(vt, "frozen, 12 rows", VT_SOON_MS);
    vt_wait_gone(vt, "still looking", VT_SOON_MS);
    close_and_quit(vt, "Esc", "frozen");
}

static void test_a_side_away_is_not_known(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    demo_halt(demo, DB_BOT);
    {
        const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};

        vt = vt_start(argv, NULL, 24, 80);
    }
    vt_wait(vt, "Brain up", VT_SOON_MS);
    vt_type(vt, "2");
    vt_wait(vt, "It is not known what differs", VT_SOON_MS);
    vt_wait(vt, "ZmartBot: cannot connect", VT_SOON_MS);
    assert_absent(vt, "Nothing differs");
    demo_resume(demo, DB_BOT);
    vt_wait(vt, "651 Brain / 648 Bot", 2 * VT_SOON_MS); /* by itself */
    demo_halt(demo, DB_BOT);
    vt_wait(vt, "Bot DOWN", VT_SOON_MS);
    vt_type(vt, "R");
    vt_wait(vt, "could not look again", VT_SOON_MS);
    assert_on_one_row(vt, "tier differs", "2 of 3");
    demo_resume(demo, DB_BOT);
    vt_wait(vt, "Bot up", 2 * VT_SOON_MS);
    vt_wait_gone(vt, "could not look again", 2 * VT_SOON_MS);
    quit(vt);
}

/* Another project behind the same servers: its plans are not shown here. */
static void assert_refused_elsewhere(const struct demo *demo, const char *command)
{
    char conf[160];
    struct vt *vt;
    int col;

    snprintf(conf, sizeof(conf), "%s.other", demo->conf);
    demo_conf_of_another(demo, conf);
    vt = open_sync_as(demo, conf, 24, 120);
    vt_wait(vt, "in plan", VT_SOON_MS);
    vt_type(vt, command);
    vt_keys(vt, "Enter");
    vt_wait(vt, "made for another database", VT_SOON_MS);
    assert_int_equal(vt_find(vt, "frozen", &col), -1);
    close_and_quit(vt, "Esc", "made for another");
}

static void test_saves_and_opens_a_plan(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_sync(demo, 24, 120);
    char path[200], command[240];
    FILE *file;
    const char *row;
    int col;

    plan(vt);
    vt_type(vt, "W");
    vt_wait(vt, "saved: ", VT_SOON_MS);
    row = vt_row(vt, vt_find(vt, "saved: ", &col));
    snprintf(path, sizeof(path), "%s", strstr(row, "saved: ") + 7);
    path[strcspn(path, " ")] = '\0';
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    snprintf(command, sizeof(command), ":plan ~/../../../..%s", path); /* from the home directory */
    vt_type(vt, command);
    vt_keys(vt, "Enter");
    vt_wait(vt, "frozen, 12 rows", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    snprintf(command, sizeof(command), ":plan %s", path);
    assert_refused_elsewhere(demo, command);
    file = fopen(path, "a");
    assert_non_null(file);
    fputs("{}\n", file);
    fclose(file);
    vt_type(vt, command);
    vt_keys(vt, "Enter");
    vt_wait(vt, "NO PLAN", VT_SOON_MS);
    close_and_quit(vt, "Esc", "NO PLAN");
}

/* 2 p a (reason) y, and somebody is faster than that. */
static void test_applies(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_sync(demo, 24, 80);

    plan(vt);
    vt_wait(vt, "frozen, 12 rows", VT_SOON_MS);
    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'enterprise' WHERE email ="
             " 's.haddad@example.lb'");
    vt_type(vt, "a");
    vt_wait(vt, "> Apply 12 rows? y/N/d", VT_SOON_MS); /* the drift is reason enough */
    vt_wait(vt, "12 rows, 14 changes", VT_SOON_MS);    /* two of them are of two classes */
    look(vt);
    vt_type(vt, "w"); /* no letter is a reason's before the cursor is there */
    vt_wait(vt, "no answer; Tab goes to the fields", VT_SOON_MS);
    vt_type(vt, "d");
    vt_wait(vt, "SQL of this row", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "> Apply 12 rows? y/N/d", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Tab Ctrl-U Enter"); /* without a reason it is not asked */
    vt_wait(vt, "A reason is needed", VT_SOON_MS);
    vt_type(vt, "T-77 drift");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply 12 rows? y/N", VT_SOON_MS);
    vt_keys(vt, "Enter"); /* that is No */
    vt_wait(vt, "frozen, 12 rows", VT_SOON_MS);
    assert_string_equal(of_bot(demo, "ana.pop@example.ro", "tier"), "free");
    ask(vt, "T-77 drift");
    vt_wait(vt, "> Apply 12 rows? y/N", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    assert_on_one_row(vt, "ok 11", "changed since plan, skipped 1");
    assert_on_one_row(vt, "SKIP", "s.haddad@example.lb");
    assert_string_equal(of_bot(demo, "ana.pop@example.ro", "tier"), "pro");
    assert_string_equal(of_bot(demo, "s.haddad@example.lb", "tier"), "enterprise");
    assert_string_equal(of_bot(demo, "k.weber@example.de", "tier"), "pro"); /* newer in Bot */
    assert_string_equal(of_bot(demo, "diana.s@example.net", "trading_enabled"), "false");
    assert_string_equal(of_brain(demo, "ana@partner.example", "tier"), "free");
    assert_string_equal(of_journal(demo, "ana.pop@example.ro", "repair", "a.metadata->>'reason'"),
                        "T-77 drift");
    vt_keys(vt, "Enter"); /* it looks again by itself */
    vt_wait(vt, "12 drifted   1 in plan   11 out", 2 * VT_SOON_MS);
    quit(vt);
}

/* "2 Sync 11!" of row 2. */
static void keep_differing(struct vt *vt, char *dst, size_t size)
{
    const char *at = strstr(vt_row(vt, 1), "2 Sync ");
    size_t n;

    assert_non_null(at);
    n = strcspn(at, "!") + 1;
    assert_true(n < size);
    snprintf(dst, size, "%.*s", (int)n, at);
}

static void test_opt_in_takes_its_own_count(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_sync(demo, 24, 80);
    char differing[40];

    keep_differing(vt, differing, sizeof(differing));
    vt_keys(vt, "x j j i"); /* only the orphans */
    vt_wait(vt, "2 in plan", VT_SOON_MS);
    assert_on_one_row(vt, "trading profile without a user", "included");
    plan(vt);
    assert_on_one_row(vt, "hana@example.io", "STOPS TRADING NOW");
    ask(vt, "T-78 orphans");
    vt_wait(vt, "so many users lose all their rights", VT_SOON_MS);
    vt_type(vt, "2");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply 2 rows? y/N", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    assert_string_equal(of_bot(demo, "hana@example.io", "trading_enabled"), "false");
    assert_string_equal(of_bot(demo, "hana@example.io", "tier"), "free"); /* the row is kept */
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "APPLY", VT_SOON_MS);
    vt_wait(vt, differing, VT_SOON_MS); /* without rights, and orphans as before */
    quit(vt);
}

static int number_behind(struct vt *vt, const char *text)
{
    int col, row = vt_find(vt, text, &col);

    assert_true(row >= 0);
    return (int)strtol(strstr(vt_row(vt, row), text) + strlen(text), NULL, 10);
}

/* After the first batch; what is done stays done. */
static void pauses_and_stops(struct vt *vt, int rows)
{
    char left[40];

    snprintf(left, sizeof(left), "not started %d", rows - 50);
    vt_type(vt, "y ");
    vt_wait(vt, left, VT_SOON_MS);
    vt_wait(vt, "PAUSED", VT_SOON_MS); /* once the batch has ended */
    assert_on_one_row(vt, "PAUSED", "Space goes on   Esc ends it here");
    assert_absent(vt, "Space pauses");
    assert_on_one_row(vt, "ok 50", left);
    vt_keys(vt, "Esc");
    vt_wait(vt, "It was stopped.", VT_SOON_MS);
    vt_wait(vt, "a new plan does the rest", VT_SOON_MS);
    assert_on_one_row(vt, "ok 50", left);
}

static void test_many_rows_are_typed(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;
    char text[20];
    int rows;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'enterprise', updated_at ="
             " '2020-01-01' WHERE id IN (SELECT id FROM public.user_trading_profiles WHERE tier ="
             " 'free' AND email LIKE '%@example.net' ORDER BY id LIMIT 60)");
    vt = open_sync(demo, 24, 80);
    plan(vt);
    rows = number_behind(vt, "frozen, ");
    assert_true(rows >= 60);
    ask(vt, "T-79 many");
    vt_wait(vt, "to apply", VT_SOON_MS);
    assert_absent(vt, "> Apply");
    vt_type(vt, "1");
    vt_keys(vt, "Enter");
    vt_wait(vt, "to apply", VT_SOON_MS);
    assert_absent(vt, "> Apply");
    vt_keys(vt, "Backspace");
    snprintf(text, sizeof(text), "%d", rows);
    vt_type(vt, text);
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply", VT_SOON_MS);
    pauses_and_stops(vt, rows);
    vt_type(vt, "R"); /* the rest is planned again */
    vt_wait(vt, "Last scan", VT_SOON_MS);
    vt_wait_gone(vt, "mended since", 2 * VT_SOON_MS);
    plan(vt);
    assert_int_equal(number_behind(vt, "frozen, "), rows - 50);
    close_and_quit(vt, "Esc", "frozen");
}

static void test_too_many_are_refused(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'enterprise', updated_at ="
             " '2020-01-01' WHERE tier = 'free'");
    vt = open_sync(demo, 24, 80);
    plan(vt);
    vt_type(vt, "a");
    vt_wait(vt, "--allow-mass", VT_SOON_MS);
    vt_wait(vt, "Refused: it would change too many users", VT_SOON_MS);
    vt_wait(vt, "Esc goes back to the plan", VT_SOON_MS);
    assert_absent(vt, "Reason"); /* nothing is asked for */
    assert_absent(vt, "> Apply");
    look(vt);
    vt_keys(vt, "y");
    vt_wait(vt, "--allow-mass", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "frozen", VT_SOON_MS);
    look(vt);
    close_and_quit(vt, "Esc", "frozen");
}

static void test_mends_one_user(void **state)
{
    static const char who[] = "mariana+zb@example.com";
    const struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'pro', updated_at = '2020-01-01'"
             " WHERE email = 'mariana+zb@example.com'");
    vt = open_on(demo, NULL, 24, 80, who);
    vt_type(vt, "f");
    vt_wait(vt, "Mend  mariana+zb@example.com", VT_SOON_MS);
    vt_wait(vt, "Reason", VT_SOON_MS);
    assert_on_one_row(vt, "tier", "pro -> free");
    look(vt);
    give(vt, "> Reason", "T-80");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Mend it? y/N/d", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "done:", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "free");
    vt_type(vt, "f");
    vt_wait(vt, "Both databases agree", VT_SOON_MS);
    close_and_quit(vt, "Esc", "Both databases agree");
}

static void test_leaves_a_decision_to_people(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "k.weber@example.de");

    vt_type(vt, "f");
    vt_wait(vt, "A person has to decide", VT_SOON_MS);
    vt_wait(vt, "who wrote it is not known", VT_SOON_MS); /* anybody may write this journal */
    assert_string_equal(of_bot(demo, "k.weber@example.de", "tier"), "pro");
    escape(vt, "A person has to decide");
    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'free' "
             "WHERE email = 's.haddad@example.lb'");
    vt_type(vt, "2"); /* and where nothing else is left of its class */
    vt_wait(vt, "in plan", VT_SOON_MS);
    vt_type(vt, "i");
    vt_wait(vt, "tier differs: a person has to decide each of them", VT_SOON_MS);
    quit(vt);
}

static void test_plans_for_the_marked(void **state)
{
    static const char who[] = "mariana+zb@example.com";
    const struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'pro', updated_at = '2020-01-01'"
             " WHERE email = 'mariana+zb@example.com'");
    vt = open_on(demo, NULL, 24, 80, who);
    vt_keys(vt, "Space");
    vt_wait(vt, "1 marked", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait(vt, "frozen, 1 row", VT_SOON_MS);
    assert_on_one_row(vt, "mariana+zb", "LOSES pro NOW");
    look(vt);
    ask(vt, "T-81");
    vt_wait(vt, "> Apply 1 row? y/N", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "free");
    close_and_quit(vt, "Enter", "APPLY");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shows_what_differs),
        cmocka_unit_test(test_filters_rows_and_plan),
        cmocka_unit_test(test_includes_and_excludes),
        cmocka_unit_test(test_locked_plan_says_so),
        cmocka_unit_test(test_cancels),
        cmocka_unit_test(test_a_side_away_is_not_known),
        cmocka_unit_test(test_saves_and_opens_a_plan),
        cmocka_unit_test(test_applies),
        cmocka_unit_test(test_leaves_a_decision_to_people),
        cmocka_unit_test(test_opt_in_takes_its_own_count),
        cmocka_unit_test(test_mends_one_user),
        cmocka_unit_test(test_plans_for_the_marked),
        cmocka_unit_test(test_many_rows_are_typed),
        cmocka_unit_test(test_too_many_are_refused),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
