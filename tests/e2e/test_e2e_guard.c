/*
 * The guard at the keyboard, and what goes on without ZmartyBrain: a locked console refuses but
 * still stops trading, `:rw` unlocks with a reason, read-only refuses everything; a stop while
 * ZmartyBrain is away leaves its record on disk, which follows when it is back.
 */
#include "edit_console.h"

#include <signal.h>

static void enter(struct vt *vt, const char *command)
{
    vt_type(vt, command);
    vt_keys(vt, "Enter");
}

static void test_locked(void **state)
{
    static const char who[] = "ivana.r@example.com";
    const struct demo *demo = *state;
    char path[160];
    struct vt *vt =
        open_on(demo, conf_with_guard(demo, "unlock", path), 24, 80, "ivana.r@example.com");

    assert_on_one_row(vt, "zmartctl", "READ-ONLY");
    vt_type(vt, "t");
    vt_wait(vt, "locked: ':rw 30m REASON' unlocks", VT_SOON_MS);
    vt_type(vt, "e");
    vt_type(vt, "u");
    look(vt);
    assert_absent(vt, "Change tier");
    assert_absent(vt, "Edit  ");
    vt_type(vt, "X"); /* taking risk away is not locked */
    vt_wait(vt, "> Stop now? y", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "Stopped  ivana.r@", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "false");
    vt_type(vt, "T-1");
    vt_keys(vt, "Enter");
    vt_wait(vt, "the reason is recorded", VT_SOON_MS);
    assert_on_one_row(vt, "zmartctl", "READ-ONLY");
    quit(vt);
}

static void test_unlock(void **state)
{
    static const struct {
        const char *command, *says;
    } refused[] = {{":rw 30m", "a reason is needed"},
                   {":rw 30m \u00a0", "a reason is needed"},
                   {":rw 9h T-1", "'9h' is no time between 1m and 8h"},
                   {":rw 0m T-1", "no time"},
                   {":rw T-1 30m", "no time"}};
    const struct demo *demo = *state;
    char path[160];
    struct vt *vt = open_on(demo, conf_with_guard(demo, "unlock", path), 24, 80, "oana.d@");
    size_t i;

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        enter(vt, refused[i].command);
        vt_wait(vt, refused[i].says, VT_SOON_MS);
        vt_keys(vt, "Esc");
        vt_wait_gone(vt, refused[i].says, VT_SOON_MS);
        look(vt);
    }
    assert_on_one_row(vt, "zmartctl", "READ-ONLY");
    enter(vt, ":rw 1h30m T-4412 wire");
    vt_wait(vt, "unlocked for 90 minutes: T-4412 wire", VT_SOON_MS);
    assert_on_one_row(vt, "zmartctl", "RW 1h30m left");
    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Change tier", VT_SOON_MS);
    look(vt);
    enter(vt, ":ro");
    vt_wait(vt, "locked: as asked", VT_SOON_MS);
    assert_on_one_row(vt, "zmartctl", "READ-ONLY");
    vt_type(vt, "t");
    vt_wait(vt, "locked: ':rw 30m REASON' unlocks", VT_SOON_MS);
    quit(vt);
}

/* Not even X; its keys are not offered. */
static void test_read_only(void **state)
{
    const struct demo *demo = *state;
    char path[160];
    struct vt *vt = open_on(demo, conf_with_guard(demo, "read_only", path), 24, 80, "oana.d@");

    vt_type(vt, "X");
    vt_wait(vt, "guard = \"read_only\"", VT_SOON_MS);
    assert_absent(vt, "STOP TRADING");
    enter(vt, ":rw 30m T-1");
    vt_wait(vt, "read-only for good", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "for good", VT_SOON_MS);
    look(vt);
    quit(vt);
    assert_string_equal(of_bot(demo, "oana.d@example.ro", "trading_enabled"), "true");
}

static void test_read_only_option(void **state)
{
    const struct demo *demo = *state;
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, "--read-only", NULL};
    struct vt *vt = vt_start(argv, NULL, 24, 80);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    vt_type(vt, "X");
    vt_wait(vt, "started with --read-only", VT_SOON_MS);
    quit(vt);
}

/* Trading is stopped without ZmartyBrain by a typed word; the record follows. */
static void test_break_glass(void **state)
{
    static const char who[] = "oana.d@example.ro";
    struct demo *demo = *state;
    char path[160];
    struct vt *vt = open_on(demo, conf_with_guard(demo, "unlock", path), 24, 80, "oana.d@");

    demo_halt(demo, DB_BRAIN);
    vt_wait(vt, "Brain DOWN", VT_SOON_MS);
    look(vt);
    vt_type(vt, "X");
    vt_wait(vt, "ZmartyBrain is away", VT_SOON_MS);
    vt_wait(vt, "Type STOP", VT_SOON_MS);
    vt_wait(vt, "trading_enabled  on -> off", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_keys(vt, "Enter"); /* that was not the word */
    vt_wait(vt, "Type the word STOP", VT_SOON_MS);
    vt_keys(vt, "Backspace");
    vt_type(vt, "STOP");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Stop now? y", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "1 audit record not yet in ZmartyBrain", 2 * VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "false");
    demo_resume(demo, DB_BRAIN);
    vt_wait(vt, "Brain up", 3 * VT_SOON_MS);
    vt_type(vt, "7");
    vt_wait(vt, "1 audit record was written to ZmartyBrain", 3 * VT_SOON_MS);
    vt_wait_gone(vt, "not yet in ZmartyBrain", VT_SOON_MS);
    assert_string_not_equal(of_journal(demo, who, "stop_all", "a.id"), "");
    quit(vt);
}

/* Only rights can be taken away without ZmartyBrain, with a typed word and a reason. */
static void test_edit_without_brain(void **state)
{
    static const char who[] = "whale@example.com";
    struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "whale@");

    demo_halt(demo, DB_BRAIN);
    vt_wait(vt, "Brain DOWN", VT_SOON_MS);
    look(vt);
    vt_type(vt, "t");
    vt_wait(vt, "only rights can be taken away", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_type(vt, "e");
    vt_wait(vt, "only rights can be taken away", VT_SOON_MS);
    vt_wait(vt, "Nothing to write yet", VT_SOON_MS); /* it is not refused: they can be */
    look(vt);
    vt_type(vt, "t");
    vt_wait(vt, "trading_enabled  on -> off", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Type STOP", VT_SOON_MS);
    vt_type(vt, "STOP");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Reason", VT_SOON_MS);
    vt_type(vt, "T-11 outage");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply?", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "1 audit record not yet in ZmartyBrain", 2 * VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "false");
    demo_resume(demo, DB_BRAIN);
    vt_wait(vt, "Brain up", 3 * VT_SOON_MS);
    vt_wait_gone(vt, "not yet in ZmartyBrain", VT_SOON_MS);
    assert_string_equal(of_journal(demo, who, "trading_toggle", "metadata->>'reason'"),
                        "T-11 outage");
    quit(vt);
}

/* The SQL of the dialog comes as it is to whoever runs it elsewhere, as another role than ours. */
static void run_by_hand(const struct demo *demo, const char *sql)
{
    PGconn *hands = demo_connect(demo, DB_BOT, "supabase_admin");
    PGresult *result = PQexec(hands, sql);

    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    PQclear(result);
    PQfinish(hands);
}

/* ZmartBot away: X is refused and not queued, and gives the SQL that stops him. */
static void test_stop_by_hand(void **state)
{
    static const char who[] = "lana.tran@example.vn",
                      active[] =
                          "SELECT (SELECT count(*) FROM public.user_strategies s JOIN "
                          "public.user_trading_profiles p "
                          "USING (user_id) WHERE p.email = 'lana.tran@example.vn' AND s.is_active)";
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET trading_enabled = true "
             "WHERE email = 'lana.tran@example.vn'");
    vt = open_on(demo, NULL, 24, 80, "lana.tran@");
    demo_halt(demo, DB_BOT);
    vt_wait(vt, "Bot DOWN", VT_SOON_MS);
    look(vt);
    vt_type(vt, "X");
    vt_wait(vt, "nothing was written, and nothing is queued", VT_SOON_MS);
    vt_wait(vt, "UPDATE public.user_trading_profiles", VT_SOON_MS);
    look(vt);
    vt_type(vt, "yYc"); /* there is nothing to say yes to */
    vt_wait(vt, "copied", VT_SOON_MS);
    demo_resume(demo, DB_BOT);
    run_by_hand(demo, vt_clipboard(vt));
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "false");
    assert_string_equal(demo_sql(demo, DB_BOT, active), "0");
    assert_string_equal(of_journal(demo, who, "stop_all", "a.id"), "");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "copies the SQL", VT_SOON_MS);
    quit(vt);
}

/* He does not answer any more when y is typed: the same SQL, without looking for it. */
static void test_stop_unanswered(void **state)
{
    static const char who[] = "ana.ionescu@example.com";
    struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "ana.ionescu@");

    vt_type(vt, "X");
    vt_wait(vt, "> Stop now? y", VT_SOON_MS);
    look(vt);
    demo_signal(demo, DB_BOT, SIGSTOP);
    vt_type(vt, "y");
    vt_wait(vt, "c copies the SQL", 3 * VT_SOON_MS);
    vt_wait(vt, "nothing was changed", VT_SOON_MS);
    look(vt);
    vt_type(vt, "c");
    vt_wait(vt, "copied", VT_SOON_MS);
    demo_signal(demo, DB_BOT, SIGCONT);
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "true");
    run_by_hand(demo, vt_clipboard(vt));
    assert_string_equal(of_bot(demo, who, "trading_enabled"), "false");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "copies the SQL", VT_SOON_MS);
    quit(vt);
}

/* The line goes away while the server hangs on a write: it ends soon, and nothing is half done. */
static void test_hang_up(void **state)
{
    static const char who[] = "tatiana@example.md";
    struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "tatiana@example.md");

    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_type(vt, "e");
    vt_type(vt, "T-8");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply?", VT_SOON_MS);
    demo_signal(demo, DB_BOT, SIGSTOP);
    vt_type(vt, "y");
    vt_wait(vt, "writing ...", VT_SOON_MS);
    vt_signal(vt, SIGTERM);
    assert_int_equal(vt_wait_exit(vt, 2 * VT_SOON_MS), 128 + SIGTERM);
    vt_check_restored(vt);
    vt_wait(vt, "nothing was changed", VT_SOON_MS);
    vt_done(vt);
    demo_signal(demo, DB_BOT, SIGCONT);
    assert_string_equal(of_brain(demo, who, "tier"), "pro");
    assert_string_equal(of_journal(demo, who, "tier_change", "a.id"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locked),          cmocka_unit_test(test_unlock),
        cmocka_unit_test(test_read_only),       cmocka_unit_test(test_read_only_option),
        cmocka_unit_test(test_break_glass),     cmocka_unit_test(test_edit_without_brain),
        cmocka_unit_test(test_hang_up),         cmocka_unit_test(test_stop_by_hand),
        cmocka_unit_test(test_stop_unanswered),
    };

    return cmocka_run_group_tests(tests, demo_of_60, demo_end);
}
