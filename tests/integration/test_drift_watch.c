/*
 * `zmartctl drift --watch`: a line a round in a log, rows and a summary on a terminal and as JSON;
 * it outlives a side that goes away, says so and says when it is back, and ends by a signal.
 */
#include "drift_place.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

#include "support/vt.h"
#include "zm/clock.h"

#define SOON_MS 30000

struct watching {
    const struct drift_place *place;
    pid_t pid;
    char out[96], err[96];
};

static void begin(struct watching *w, const struct drift_place *place, const char *seconds,
                  const char *option)
{
    memset(w, 0, sizeof(*w));
    w->place = place;
    snprintf(w->out, sizeof(w->out), "%s/log", place->directory);
    snprintf(w->err, sizeof(w->err), "%s/errors", place->directory);
    unlink(w->out);
    unlink(w->err);
    fflush(NULL);
    w->pid = fork();
    assert_true(w->pid >= 0);
    if (w->pid > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("HOME", place->directory, 1);
    if (!freopen("/dev/null", "r", stdin) || !freopen(w->out, "w", stdout) ||
        !freopen(w->err, "w", stderr))
        _exit(126);
    execl(ZM_BINARY, ZM_BINARY, "-c", place->conf, "drift", "--watch", seconds, option,
          (char *)NULL);
    _exit(127);
}

/* Until a file holds so many of the text; the file. The caller frees it. */
static char *wait_for(const struct watching *w, const char *path, const char *text, int n)
{
    int64_t until = zm_now_ms() + SOON_MS;

    for (;;) {
        char *all = access(path, R_OK) == 0 ? read_file(path) : NULL;
        const char *at = all;
        int count = 0;

        while (at && (at = strstr(at, text)) != NULL) {
            at++;
            count++;
        }
        if (count >= n)
            return all;
        if (waitpid(w->pid, NULL, WNOHANG) != 0 || zm_now_ms() > until)
            fail_msg("not %d times '%s' in '%s'", n, text, zm_text(all));
        free(all);
        poll(NULL, 0, 20);
    }
}

static void expect(const struct watching *w, const char *path, const char *text, int n)
{
    free(wait_for(w, path, text, n));
}

/* Ends by that signal, and what it printed ends with a line. */
static void end(struct watching *w, int sig)
{
    char *all;
    int status;

    kill(w->pid, sig);
    assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), sig);
    all = read_file(w->out);
    assert_true(strlen(all) > 0 && all[strlen(all) - 1] == '\n');
    free(all);
}

/* ---- tests ---- */

/* The line is there when its round is over, not when the next one is. */
static void a_line_a_round_in_a_log(void **state)
{
    const struct drift_place *place = *state;
    struct watching w;
    char *log;

    begin(&w, place, "3600", NULL);
    log = wait_for(&w, w.out, "\n", 1);
    if (strlen(log) < 21 || log[10] != 'T' || log[19] != 'Z' ||
        strcmp(log + 20, " 2 of 100 users differ: email_differs 2\n") != 0)
        fail_msg("'%s'", log);
    free(log);
    end(&w, SIGTERM);
}

static void a_side_goes_away_and_comes_back(void **state)
{
    struct drift_place *place = *state;
    struct watching w;
    char *log;

    begin(&w, place, "1", NULL);
    expect(&w, w.out, "2 of 100 users differ", 1);
    cluster_halt(&place->people.cluster[DB_BOT]);
    expect(&w, w.err, "ZmartBot: cannot", 2);
    expect(&w, w.err, "Z could not look\n", 2); /* when */
    log = wait_for(&w, w.out, "Z could not look: ZmartBot: cannot ", 2);
    assert_null(strstr(log, "missing"));
    assert_null(strstr(log, " 0 of"));
    free(log);
    cluster_resume(&place->people.cluster[DB_BOT]);
    expect(&w, w.err, "Z both databases could be read again", 1);
    people_sql(&place->people, DB_BOT,
               "UPDATE public.user_trading_profiles SET email = 'old' || email WHERE user_id ="
               " pid(50)");
    expect(&w, w.out, "3 of 100 users differ: email_differs 3\n", 1);
    people_sql(&place->people, DB_BOT,
               "UPDATE public.user_trading_profiles SET email = substr(email, 4) WHERE user_id ="
               " pid(50)");
    end(&w, SIGINT);
}

/* Row security that is switched on between two rounds hides rows; none of them is missing. */
static void rows_are_hidden_meanwhile(void **state)
{
    struct drift_place *place = *state;
    struct watching w;
    char *log;

    people_sql(&place->people, DB_BOT,
               "DROP POLICY \"Public read\" ON public.user_trading_profiles");
    place_conf(place, "plain");
    begin(&w, place, "1", NULL);
    expect(&w, w.out, "2 of 100 users differ: email_differs 2\n", 1);
    people_sql(&place->people, DB_BOT,
               "ALTER POLICY zc_read ON public.user_trading_profiles USING (user_id = auth.uid())");
    expect(&w, w.err, "row security hides rows from this role in public.user_trading_profiles", 1);
    people_sql(&place->people, DB_BOT,
               "ALTER POLICY zc_read ON public.user_trading_profiles USING (true)");
    expect(&w, w.err, "both databases could be read again", 1);
    log = wait_for(&w, w.out, "2 of 100 users differ: email_differs 2\n", 2);
    assert_null(strstr(log, "missing"));
    free(log);
    end(&w, SIGTERM);
    place_conf(place, "postgres");
}

static void set_email(const struct drift_place *place, int person, const char *expression)
{
    char sql[200];

    snprintf(sql, sizeof(sql),
             "UPDATE public.user_trading_profiles SET email = %s WHERE user_id = pid(%d)",
             expression, person);
    people_sql(&place->people, DB_BOT, sql);
}

/* Who was changed between the two looks is no difference, and is not passed over in silence. */
static void somebody_changes_meanwhile(void **state)
{
    const struct drift_place *place = *state;
    const char *const argv[] = {ZM_BINARY, "-c", place->conf, "drift", "--progress", NULL};
    struct watching w;
    struct vt *vt;

    begin(&w, place, "3600", "--progress");
    expect(&w, w.err, "\"grace\"", 1);
    set_email(place, 7, "'older@example.com'");
    expect(&w, w.out, " 1 of 100 users differ: email_differs 1; 1 changed between the two looks\n",
           1);
    end(&w, SIGTERM);

    vt = vt_start(argv, NULL, 40, 120);
    vt_wait(vt, "\"grace\"", VT_SOON_MS);
    set_email(place, 7, "'oldu7@example.com'");
    vt_wait(vt, "1 of 100 users differ", VT_SOON_MS);
    vt_wait(vt, "? 1 changed between the two looks: not judged", VT_SOON_MS);
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 1);
    vt_done(vt);
}

static void rows_and_a_summary_as_json(void **state)
{
    const struct drift_place *place = *state;
    struct watching w;
    json_t *object;
    const char *at;
    char *log;
    int n;

    begin(&w, place, "1", "--json");
    log = wait_for(&w, w.out, "summary", 2);
    for (at = log, n = 0; n < 6; n++) { /* two rows and a summary, twice */
        object = next_object(&at);
        assert_int_equal(json_is_true(json_object_get(object, "summary")), n % 3 == 2);
        json_decref(object);
    }
    free(log);
    end(&w, SIGTERM);
}

static void rows_and_a_summary_on_a_terminal(void **state)
{
    const struct drift_place *place = *state;
    const char *const argv[] = {ZM_BINARY, "-c", place->conf, "drift", "--watch", "1", NULL};
    struct vt *vt = vt_start(argv, NULL, 40, 120);

    vt_wait(vt, "oldu7@example.com", VT_SOON_MS);
    vt_wait(vt, "2 of 100 users differ (ZmartBot has 100 trading profiles)", VT_SOON_MS);
    people_sql(&place->people, DB_BOT,
               "UPDATE public.user_trading_profiles SET email = 'new' || email WHERE user_id ="
               " pid(60)");
    vt_wait(vt, "newu60@example.com", 2 * VT_SOON_MS);
    vt_wait(vt, "3 of 100 users differ", VT_SOON_MS);
    people_sql(&place->people, DB_BOT,
               "UPDATE public.user_trading_profiles SET email = substr(email, 4) WHERE user_id ="
               " pid(60)");
    vt_keys(vt, "Ctrl-C");
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 128 + SIGINT);
    vt_done(vt);
}

static int start(void **state)
{
    return place_begin(
        state, false,
        "INSERT INTO auth.users (id, email) SELECT pid(n), 'u' || n || '@example.com'"
        "  FROM generate_series(1, 100) n;"
        "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n), 'free'"
        "  FROM generate_series(1, 100) n",
        "INSERT INTO public.user_trading_profiles (user_id, email, tier) SELECT pid(n),"
        "  CASE WHEN n < 9 AND n > 6 THEN 'old' ELSE '' END || 'u' || n || '@example.com',"
        "  'free' FROM generate_series(1, 100) n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_a_round_in_a_log),
        cmocka_unit_test(a_side_goes_away_and_comes_back),
        cmocka_unit_test(rows_are_hidden_meanwhile),
        cmocka_unit_test(somebody_changes_meanwhile),
        cmocka_unit_test(rows_and_a_summary_as_json),
        cmocka_unit_test(rows_and_a_summary_on_a_terminal),
    };

    return cmocka_run_group_tests(tests, start, place_end);
}
