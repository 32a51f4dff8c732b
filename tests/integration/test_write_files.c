/*
 * `tier`, `trading` and `api` with --file: what a file may hold, what is said of each line, the
 * summary, and what is in both databases afterwards.
 */
#include <signal.h>

#include "write_people.h"
#include "write_place.h"

#define JOURNAL "SELECT count(*) FROM public.user_activity WHERE action <> 'zmartctl.result'"

static int fresh(void **state)
{
    struct write_place *place = *state;

    writer_fresh(&place->w);
    write_conf(place, "unlock", "");
    return 0;
}

/* Behind a pooler an outage is a silence; what that does is test_pooler's matter. */
static void skip_pooled(const struct write_place *place)
{
    if (place->w.pooled)
        skip();
}

static void assert_summary(const char *out, const char *expected)
{
    const char *last = strstr(out, "{\"summary\"");

    if (!last || strcmp(last, expected) != 0)
        fail_msg("not %s but %s", expected, last ? last : out);
}

static void test_file(void **state)
{
    struct write_place *place = *state;
    struct ran ran;

    add_people(&place->w, 2, 130);
    writer_sql(&place->w, DB_BRAIN,
               "INSERT INTO auth.users (id, instance_id, email, is_sso_user) VALUES"
               " (pid(900), '00000000-0000-0000-0000-000000000000', 'p3@example.com', true)");
    write_file(place, "ids",
               "\xEF\xBB\xBF# who stays\r\nana@example.com\r\n\r\n"
               "  P2@Example.COM   # twice\n00000000-0000-4000-8000-000000000002\n"
               "p3@example.com\nbob@example.com\n00000000-0000-4000-8000-000000000999\n"
               "no name at all\n\t\np4@example.com");
    ran = run(place, "$Z tier --file $D/ids pro --reason Q4 --yes --json");
    assert_ran(&ran, 4);
    assert_int_equal(count_lines(ran.out), 4);
    assert_summary(ran.out, "{\"summary\":true,\"done\":3,\"unchanged\":0,\"stale\":0,"
                            "\"refused\":0,\"failed\":4,\"unknown\":0,\"not_tried\":0}\n");
    assert_holds(ran.err, "ids:6: 'p3@example.com' is not one user but 2");
    assert_holds(ran.err, "ids:7: 'bob@example.com' is nobody");
    assert_holds(ran.err, "ids:8: '00000000-0000-4000-8000-000000000999' is nobody");
    assert_holds(ran.err, "ids:9: 'no name at all' is neither an id nor an e-mail");
    ran_done(&ran);
    assert_int_equal(count_in(place, DB_BOT,
                              "SELECT count(*) FROM public.user_trading_profiles"
                              " WHERE tier = 'pro'"),
                     3);
    assert_int_equal(count_in(place, DB_BRAIN, JOURNAL), 3);
    write_file(place, "ids", "ana@example.com\np2@example.com\np4@example.com\n");
    ran = run(place, "$Z tier --file - pro --reason Q4 --yes --json < $D/ids");
    assert_ran(&ran, 0);
    assert_summary(ran.out, "{\"summary\":true,\"done\":0,\"unchanged\":3,\"stale\":0,"
                            "\"refused\":0,\"failed\":0,\"unknown\":0,\"not_tried\":0}\n");
    ran_done(&ran);
    assert_int_equal(count_in(place, DB_BRAIN, JOURNAL), 3);
    run_says(place, 0, "$Z tier --file /dev/null pro --reason r --yes --json",
             "{\"summary\":true,\"done\":0,", NULL);
}

static void test_file_dry_run(void **state)
{
    struct write_place *place = *state;
    struct ran ran;

    add_people(&place->w, 2, 130);
    ran = run(place, "seq 1 130 | sed 's/^/p/; s/$/@example.com/' > $D/ids;"
                     "$Z tier --file $D/ids pro --reason r --dry-run --json");
    assert_ran(&ran, 4); /* p1 is nobody */
    assert_summary(ran.out, "{\"summary\":true,\"done\":129,\"unchanged\":0,\"stale\":0,"
                            "\"refused\":0,\"failed\":1,\"unknown\":0,\"not_tried\":0}\n");
    ran_done(&ran);
    assert_int_equal(count_in(place, DB_BRAIN, JOURNAL), 0);
    assert_int_equal(count_in(place, DB_BOT,
                              "SELECT count(*) FROM public.user_trading_profiles"
                              " WHERE tier <> 'free'"),
                     0);
}

static void test_file_of_rights(void **state)
{
    struct write_place *place = *state;
    struct ran ran;

    add_people(&place->w, 2, 60);
    writer_sql(&place->w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    run_says(place, 4,
             "seq 1 60 | sed 's/^/p/; s/$/@example.com/' > $D/ids;"
             "$Z api --file $D/ids on --reason r --yes",
             "0 changed, 0 already so, 0 changed since, 59 refused, 1 failed", NULL);
    ran = run(place, "$Z trading --file $D/ids off --reason r --yes --json");
    assert_ran(&ran, 4);
    assert_summary(ran.out, "{\"summary\":true,\"done\":59,\"unchanged\":0,\"stale\":0,"
                            "\"refused\":0,\"failed\":1,\"unknown\":0,\"not_tried\":0}\n");
    ran_done(&ran);
    assert_int_equal(count_in(place, DB_BOT,
                              "SELECT count(*) FROM public.user_trading_profiles"
                              " WHERE trading_enabled"),
                     1); /* Ana was not in it */
}

/* In an outage of Brain a whole file can be stopped. */
static void test_file_without_brain(void **state)
{
    struct write_place *place = *state;
    struct ran ran;

    skip_pooled(place);
    add_people(&place->w, 2, 30);
    writer_sql(&place->w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    cluster_halt(&place->w.people.cluster[DB_BRAIN]);
    ran = run(place, "seq 2 31 | sed 's/^/p/; s/$/@example.com/' > $D/ids;"
                     "$Z trading --file $D/ids off --reason r --yes --json");
    assert_ran(&ran, 4);
    assert_summary(ran.out, "{\"summary\":true,\"done\":29,\"unchanged\":0,\"stale\":0,"
                            "\"refused\":0,\"failed\":1,\"unknown\":0,\"not_tried\":0}\n");
    assert_holds(ran.err, "'p31@example.com' is not known; a database is away");
    ran_done(&ran);
    ran = run(place, "$Z tier --file $D/ids pro --reason r --yes --json");
    assert_ran(&ran, 4);
    assert_summary(ran.out, "{\"summary\":true,\"done\":0,\"unchanged\":0,\"stale\":0,"
                            "\"refused\":0,\"failed\":1,\"unknown\":0,\"not_tried\":29}\n");
    ran_done(&ran);
    cluster_resume(&place->w.people.cluster[DB_BRAIN]);
    run_says(place, 0, "$Z tier p2@example.com free --reason r --yes", "so already",
             "that waited here were written");
    assert_int_equal(count_in(place, DB_BRAIN, JOURNAL), 29);
    assert_int_equal(count_in(place, DB_BOT,
                              "SELECT count(*) FROM public.user_trading_profiles"
                              " WHERE trading_enabled"),
                     1);
}

/* ---- long files ---- */

#define NEVER                                                                                      \
    "SELECT count(*) FROM public.user_trading_profiles WHERE tier <> 'free' AND user_id NOT IN"

/* The ids of all who have tier pro in Brain, as a list for Bot; nobody is nil. */
static char *brains_pro(const struct write_place *place)
{
    struct zm_buf list = {.s = NULL};
    struct ran ran = run(place, "$Z users tier:pro --json 2>/dev/null");
    const char *at = ran.out;
    json_t *user;

    zm_buf_puts(&list, "'00000000-0000-0000-0000-000000000000'");
    while ((user = next_object(&at))) {
        zm_buf_printf(&list, ",'%s'", text_of(user, "id"));
        json_decref(user);
    }
    ran_done(&ran);
    return list.s;
}

/* Killed at any point: Bot is nowhere ahead of Brain, and the same command finishes the rest. */
static void test_killed_and_run_again(void **state)
{
    struct write_place *place = *state;
    const char *args[] = {"tier", "--file", NULL, "pro", "--reason", "Q4", "--yes", "--json", NULL};
    char path[96];
    struct zm_buf sql = {.s = NULL};
    struct ran ran;
    char *pro;
    long half;

    add_people(&place->w, 2, 1500);
    ran = run(place, "seq 2 1500 | sed 's/^/p/; s/$/@example.com/' > $D/ids");
    ran_done(&ran);
    snprintf(path, sizeof(path), "%s/ids", place->directory);
    args[2] = path;
    for (half = 200; half <= 800; half += 300) { /* three times */
        pid_t child = start_program(place, args);

        wait_count(place, DB_BOT,
                   "SELECT count(*) FROM public.user_trading_profiles WHERE tier = 'pro'", half);
        kill(child, SIGKILL);
        ran = end_program(place, child, NULL);
        ran_done(&ran);
    }
    wait_count(place, DB_BRAIN,
               "SELECT (count(*) = 0)::int FROM pg_stat_activity"
               " WHERE application_name = 'zmartctl' AND xact_start IS NOT NULL",
               1);
    pro = brains_pro(place);
    zm_buf_printf(&sql, "%s (%s)", NEVER, pro);
    assert_int_equal(count_in(place, DB_BOT, sql.s), 0);
    sql.len = 0;
    zm_buf_printf(&sql,
                  "SELECT count(*) FROM public.user_trading_profiles WHERE tier = 'free'"
                  " AND user_id IN (%s)",
                  pro);
    half = count_in(place, DB_BOT, sql.s); /* Brain's commit was the last thing that happened */
    assert_true(half <= 150);
    ran = run(place, "$Z tier --file $D/ids pro --reason Q4 --yes --json");
    assert_ran(&ran, 0);
    assert_holds(ran.out, "\"stale\":0,\"refused\":0,\"failed\":0,\"unknown\":0,\"not_tried\":0}");
    ran_done(&ran);
    assert_int_equal(
        count_in(place, DB_BRAIN, "SELECT count(*) FROM public.user_profiles WHERE tier = 'pro'"),
        1499);
    assert_int_equal(count_in(place, DB_BRAIN, JOURNAL), 1499); /* each was changed once */
    assert_int_equal(count_in(place, DB_BOT,
                              "SELECT count(*) FROM public.user_trading_profiles"
                              " WHERE tier = 'pro'"),
                     1499 - half);
    zm_buf_done(&sql);
    free(pro);
}

static void test_signal_stops_after_a_batch(void **state)
{
    struct write_place *place = *state;
    const char *args[] = {"tier", "--file", NULL, "pro", "--reason", "Q4", "--yes", "--json", NULL};
    char path[96];
    struct ran ran;
    pid_t child;

    add_people(&place->w, 2, 3000);
    ran = run(place, "seq 2 3000 | sed 's/^/p/; s/$/@example.com/' > $D/ids");
    ran_done(&ran);
    snprintf(path, sizeof(path), "%s/ids", place->directory);
    args[2] = path;
    child = start_program(place, args);
    wait_count(place, DB_BOT,
               "SELECT count(*) FROM public.user_trading_profiles WHERE tier = 'pro'", 100);
    kill(child, SIGTERM);
    ran = end_program(place, child, NULL);
    assert_ran(&ran, 128 + SIGTERM);
    assert_holds(ran.out, "{\"summary\":true,");
    assert_null(strstr(ran.out, "\"not_tried\":0"));
    assert_holds(ran.err, "were not tried; the same command goes on where it ended");
    /* what it says was done is what was done */
    assert_int_equal(count_lines(ran.out) - 1,
                     count_in(place, DB_BOT,
                              "SELECT count(*) FROM public.user_trading_profiles"
                              " WHERE tier = 'pro'"));
    assert_int_equal(count_lines(ran.out) - 1, count_in(place, DB_BRAIN, JOURNAL));
    ran_done(&ran);
}

static long memory_of(const struct write_place *place, int lines)
{
    const char *args[] = {"trading", "--file", NULL,     "off", "--reason",
                          "r",       "--yes",  "--json", NULL};
    char path[96], make[160];
    struct ran ran;
    long kb;

    snprintf(make, sizeof(make),
             "seq 2 %d | sed 's/^[0-9]*[02468]$/p&@example.com/' | awk '/@/ {print; next}"
             " {printf \"00000000-0000-4000-8000-%%012d\\n\", $1}' > $D/ids",
             lines);
    ran = run(place, make);
    ran_done(&ran);
    snprintf(path, sizeof(path), "%s/ids", place->directory);
    args[2] = path;
    ran = end_program(place, start_program(place, args), &kb);
    assert_ran(&ran, 0);
    assert_int_equal(count_lines(ran.out), lines);
    assert_holds(ran.out, "{\"summary\":true,\"done\":0,");
    ran_done(&ran);
    return kb;
}

static void test_long_file_takes_no_more_memory(void **state)
{
    struct write_place *place = *state;
    const int lines = place->w.pooled ? 20000 : 60000; /* there by way of the view */
    long few, many;

#ifdef __SANITIZE_ADDRESS__ /* which keeps what was freed */
    skip();
#endif
    add_people(&place->w, 2, lines);
    writer_sql(&place->w, DB_BRAIN, "ANALYZE");
    writer_sql(&place->w, DB_BOT, "ANALYZE");
    few = memory_of(place, 2000);
    many = memory_of(place, lines);
    if (getenv("ZM_TEST_VERBOSE"))
        fprintf(stderr, "memory: %ld and %ld kB\n", few, many);
    if (many - few > 1024)
        fail_msg("2,000 lines took %ld kB and %d lines %ld kB", few, lines, many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_file, fresh),
        cmocka_unit_test_setup(test_file_dry_run, fresh),
        cmocka_unit_test_setup(test_file_of_rights, fresh),
        cmocka_unit_test_setup(test_file_without_brain, fresh),
        cmocka_unit_test_setup(test_killed_and_run_again, fresh),
        cmocka_unit_test_setup(test_signal_stops_after_a_batch, fresh),
        cmocka_unit_test_setup(test_long_file_takes_no_more_memory, fresh),
    };

    return write_place_run(tests, ZM_COUNT(tests));
}
