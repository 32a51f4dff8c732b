/*
 * Exports on the shared servers (demo_shared), and the program as a citizen of a shell: usage
 * errors, pipes, the environment, the log. stdout carries data only.
 */
#include "shared_place.h"

#include "zm/str.h"

/* ---- export ---- */

static void exports_are_complete(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z export trades --json");
    const char *at = ran.out;
    char names[200];
    json_t *trade;

    assert_ran(&ran, 0);
    trade = next_object(&at);
    assert_string_equal(field_names(trade, names, sizeof(names)),
                        "id user_id symbol side amount price total status executed_at created_at ");
    json_decref(trade);
    assert_int_equal(count_lines(ran.out),
                     number(place, DB_BOT, "SELECT count(*) FROM user_trades"));
    ran_done(&ran);
    ran = run(place, "$Z export trades --json | sort -u | wc -l");
    assert_int_equal(strtol(ran.out, NULL, 10),
                     number(place, DB_BOT, "SELECT count(*) FROM user_trades"));
    ran_done(&ran);
    ran = run(place, "$Z export portfolios"); /* csv into a pipe */
    assert_ran(&ran, 0);
    assert_int_equal(strncmp(ran.out, "id,user_id,symbol,amount,", 25), 0);
    assert_int_equal(count_lines(ran.out),
                     1 + number(place, DB_BOT, "SELECT count(*) FROM user_portfolios"));
    ran_done(&ran);
}

static void exports_take_a_user_and_a_time(void **state)
{
    const struct place *place = *state;
    char day[32], line[128], sql[160];
    struct ran ran;

    take(place, DB_BOT, "SELECT to_char(now() - interval '9 days', 'YYYY-MM-DD')", day,
         sizeof(day));
    snprintf(line, sizeof(line), "$Z export trades --since %s --json", day);
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM user_trades WHERE created_at >= '%s'", day);
    ran = run(place, line);
    assert_ran(&ran, 0);
    assert_true(count_lines(ran.out) > 10);
    assert_int_equal(count_lines(ran.out), number(place, DB_BOT, sql));
    ran_done(&ran);
    ran = run(place, "$Z export trades --user whale@example.com --json");
    assert_ran(&ran, 0);
    assert_true(count_lines(ran.out) > 4000);
    ran_done(&ran);
    ran = run(place, "$Z export trades --user nobody@example.com");
    assert_ran(&ran, 2);
    assert_string_equal(ran.out, "");
    ran_done(&ran);
    ran = run(place, "$Z export users --since 2999-01-01 --json");
    assert_ran(&ran, 0);
    assert_string_equal(ran.out, "");
    ran_done(&ran);
}

/* What differs now, whenever that began. */
static void drift_has_no_time(void **state)
{
    struct ran ran = run(*state, "$Z export drift --json >$D/all && $Z export drift --json"
                                 " --since 2999-01-01 | cmp - $D/all && wc -l <$D/all");

    assert_ran(&ran, 0);
    assert_true(strtol(ran.out, NULL, 10) > 20);
    assert_holds(ran.err, "--since says nothing about it");
    ran_done(&ran);
}

/* Messages go nowhere then, and into no database's connection. */
static void closed_streams_take_nothing(void **state)
{
    struct ran ran = run(*state, "$Z users --json --limit 5 >$D/all 2>/dev/null &&"
                                 " $Z users --json --limit 5 <&- 2>&- | cmp - $D/all &&"
                                 " wc -l <$D/all");

    assert_ran(&ran, 0);
    assert_int_equal(strtol(ran.out, NULL, 10), 5);
    ran_done(&ran);
}

/* ---- the command line ---- */

static void usage_errors_are_two_and_silent_on_stdout(void **state)
{
    static const char *const lines[] = {"$Z uers",
                                        "$Z users --limit x",
                                        "$Z users tir:pro",
                                        "$Z export tiers",
                                        "$Z export trades --since yesterday",
                                        "$Z export trades --since 2026-02-31",
                                        "$Z -p nosuch health",
                                        "$Z -c /nosuch/file health",
                                        "$Z --log /nosuch/log health"};
    size_t i;

    for (i = 0; i < ZM_COUNT(lines); i++) {
        struct ran ran = run(*state, lines[i]);

        assert_ran(&ran, 2);
        assert_string_equal(ran.out, "");
        assert_holds(ran.err, "zmartctl: ");
        ran_done(&ran);
    }
}

static void a_reader_that_leaves_ends_it_quietly(void **state)
{
    struct ran ran = run(*state, "$Z users >$D/all; { $Z export trades; echo $? >&2; } | head -1");

    assert_ran(&ran, 0);
    assert_int_equal(count_lines(ran.out), 1);
    assert_holds(ran.err, "141");
    assert_null(strstr(ran.err, "zmartctl: cannot"));
    ran_done(&ran);
}

static void an_output_that_takes_nothing_is_said(void **state)
{
    static const char *const rows[][2] = {
        {"$Z --help >/dev/full", "cannot write the output: No space left on device"},
        {"$Z users >/dev/full", "cannot write the output: No space left on device"},
        {"$Z drift >/dev/full", "cannot write the output: No space left on device"},
        {"$Z repair --dry-run >/dev/full", "cannot write the output: "},
        {"$Z users >&-", "cannot write the output: Bad file descriptor"},
    };
    struct ran ran;
    size_t i;

    for (i = 0; i < ZM_COUNT(rows); i++) {
        ran = run(*state, rows[i][0]);
        assert_ran(&ran, 4);
        assert_holds(ran.err, rows[i][1]);
        ran_done(&ran);
    }
}

/* None of libpq's variables may lead a connection elsewhere. */
static void the_environment_redirects_nothing(void **state)
{
    struct ran ran = run(*state, "export PGHOST=192.0.2.1 PGHOSTADDR=192.0.2.1 PGPORT=1 "
                                 "PGSERVICE=nosuch PGOPTIONS=--nosuch PGDATABASE=x PGUSER=x "
                                 "PGSSLMODE=verify-full PGREQUIREPEER=x PGCONNECT_TIMEOUT=0 "
                                 "PGSYSCONFDIR=/nosuch PGTARGETSESSIONATTRS=standby; $Z health");

    assert_ran(&ran, 0);
    assert_holds(ran.out, "ZmartBot     up ");
    ran_done(&ran);
}

/* Without a directory of its own the profile's state is where the XDG rules say. */
static void the_first_contact_is_recorded_and_said_once(void **state)
{
    const struct place *place = *state;
    static const char own[] =
        "sed '/state_directory/d' ${Z#* -c } >$D/own.conf; chmod 600 $D/own.conf; "
        "Z=\"${Z%% *} -c $D/own.conf\"; ";
    char line[512];
    struct ran ran;

    snprintf(line, sizeof(line), "%s$Z health", own);
    ran = run(place, line);
    assert_ran(&ran, 0);
    assert_holds(ran.err, "ZmartyBrain: first contact");
    ran_done(&ran);
    snprintf(line, sizeof(line),
             "%s$Z health; ls -l $D/.local/state/zmartctl/demo/known; "
             "ls -ld $D/.local/state/zmartctl",
             own);
    ran = run(place, line);
    assert_null(strstr(ran.err, "first contact"));
    assert_holds(ran.out, "-rw-------");
    assert_holds(ran.out, "drwx------");
    ran_done(&ran);
}

static void the_log_gets_what_stderr_gets(void **state)
{
    struct ran ran =
        run(*state, "$Z --log $D/log user nobody@example.com; cat $D/log; ls -l $D/log");

    assert_holds(ran.out, "Z error there is no user 'nobody@example.com'");
    assert_holds(ran.out, "-rw-------");
    ran_done(&ran);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(exports_are_complete),
        CASE(exports_take_a_user_and_a_time),
        CASE(drift_has_no_time),
        CASE(closed_streams_take_nothing),
        CASE(usage_errors_are_two_and_silent_on_stdout),
        CASE(a_reader_that_leaves_ends_it_quietly),
        CASE(an_output_that_takes_nothing_is_said),
        CASE(the_environment_redirects_nothing),
        CASE(the_first_contact_is_recorded_and_said_once),
        CASE(the_log_gets_what_stderr_gets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
