/*
 * `zmartctl drift` and `repair` on a crowd whose drift of every class is known by construction: the
 * report is that, row by row, also while an application writes; repair leaves the other lanes.
 * 5,000 users a side, or as many as ZM_TRUTH_USERS says.
 */
#include "drift_crowd.h"

#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "zm/clock.h"

/* ---- what was reported ---- */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "null";
}

static const char *tier_of(const json_t *row, const char *half)
{
    const json_t *object = json_object_get(row, half);

    return json_is_object(object) ? text_of(object, "tier") : "-";
}

/* The first line in which they differ. */
static void assert_rows(const char *reported, const char *expected)
{
    size_t a, b;

    for (; *reported || *expected;
         reported += a + (reported[a] != '\0'), expected += b + (expected[b] != '\0')) {
        a = strcspn(reported, "\n");
        b = strcspn(expected, "\n");
        if (a != b || strncmp(reported, expected, a) != 0)
            fail_msg("expected '%.*s', reported '%.*s'", (int)b, expected, (int)a, reported);
    }
}

static void assert_drift(const struct truth *t, const char *expected)
{
    struct ran ran = place_run(&t->place, "$Z drift --json");
    struct zm_buf text = {.s = NULL};
    const char *at = ran.out;
    bool summary = false;
    json_t *row;

    assert_ran(&ran, 1);
    zm_buf_puts(&text, "");
    while ((row = next_object(&at)) != NULL) {
        assert_false(summary);
        summary = json_is_true(json_object_get(row, "summary"));
        if (!summary)
            zm_buf_printf(&text, "%s %s %s%s %s %s %s\n", text_of(row, "user_id"),
                          text_of(row, "class"), text_of(row, "lane"),
                          json_is_true(json_object_get(row, "case_only")) ? " case" : "",
                          text_of(row, "email"), tier_of(row, "brain"), tier_of(row, "bot"));
        json_decref(row);
    }
    assert_true(summary);
    assert_rows(text.s, expected);
    zm_buf_done(&text);
    ran_done(&ran);
}

static void every_row_is_true(void **state)
{
    const struct truth *t = *state;

    assert_drift(t, t->all.s);
}

/* ---- an application that writes ---- */

/* Changes that ZmartyBrain has and ZmartBot not yet. */
#define ON_THE_WAY 200
#define ON_THE_WAY_MS 300

struct deed {
    const char *sql;
    long number, person;
    int64_t since_ms;
};

struct application {
    const struct truth *truth;
    PGconn *conn[DB_SIDES];
    atomic_bool stop;
    atomic_long changes;
    struct deed late[ON_THE_WAY];
    size_t n_late, first_late;
    char failure[256];
};

/* ZmartyBrain first, ZmartBot a moment later. $W is the user, $N a number that grows, so that
 * nobody is soon again what he was: e-mails change their case by it. */
#define EMAIL "email = upper(left(email, 1 + $N / 3 % 16)) || lower(substr(email, 2 + $N / 3 % 16))"
#define TIER "(ARRAY['free', 'pro', 'enterprise'])[1 + $N / 3 % 3]"

static const char *const deeds[][DB_SIDES] = {
    /* another tier */
    {"BEGIN; UPDATE auth.users SET " EMAIL " WHERE id = $W;"
     "UPDATE public.user_profiles SET updated_at = now(), tier = " TIER " WHERE user_id = $W;"
     "DELETE FROM public.user_subscriptions WHERE user_id = $W;"
     "INSERT INTO public.user_subscriptions (user_id, tier) SELECT $W, " TIER "; COMMIT",
     "UPDATE public.user_trading_profiles SET " EMAIL ", updated_at = now(), tier = " TIER
     ", trading_enabled = false, api_access = false WHERE user_id = $W"},
    /* an e-mail alone */
    {"UPDATE auth.users SET " EMAIL " WHERE id = $W",
     "UPDATE public.user_trading_profiles SET " EMAIL ", updated_at = now() WHERE user_id = $W"},
    /* somebody new */
    {"BEGIN; INSERT INTO auth.users (id, email) SELECT tid(1000000 + $N), 'new$N@example.com';"
     "INSERT INTO public.user_profiles (user_id, tier) SELECT tid(1000000 + $N), 'free'; COMMIT",
     "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
     " SELECT tid(1000000 + $N), 'new$N@example.com', 'free'"},
};

static bool do_on(struct application *app, enum db_side side, const struct deed *deed)
{
    struct zm_buf text = {.s = NULL};
    const char *sql = deed->sql, *at;
    PGresult *result;
    bool ok;

    for (; (at = strchr(sql, '$')) != NULL; sql = at + 2) {
        zm_buf_add(&text, sql, (size_t)(at - sql));
        if (at[1] == 'N')
            zm_buf_printf(&text, "%ld", deed->number);
        else
            zm_buf_printf(&text, "tid(%ld)", deed->person);
    }
    zm_buf_puts(&text, sql);
    result = PQexec(app->conn[side], text.s);
    ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        zm_copy(app->failure, sizeof(app->failure), PQerrorMessage(app->conn[side]));
    PQclear(result);
    zm_buf_done(&text);
    return ok;
}

/* Those that have been on their way for long enough, or all. */
static bool arrive(struct application *app, bool all)
{
    bool ok = true;

    while (ok && app->n_late > 0) {
        const struct deed *deed = &app->late[app->first_late];

        if (!all && app->n_late < ON_THE_WAY && zm_now_ms() - deed->since_ms < ON_THE_WAY_MS)
            break;
        ok = do_on(app, DB_BOT, deed);
        app->first_late = (app->first_late + 1) % ON_THE_WAY;
        app->n_late--;
    }
    return ok;
}

/* So few of those with even numbers, one after the other, that many are on their way at the second
 * look again. */
static void *write_on(void *arg)
{
    struct application *app = arg;
    long crowd = app->truth->users / 25, n = 0;
    bool ok = true;

    while (crowd % 3 == 0 || crowd % 7 == 0) /* else everybody has always the same done to him */
        crowd++;
    for (; ok && !atomic_load(&app->stop); n++) {
        const char *const *sql = deeds[n % (long)ZM_COUNT(deeds)];
        struct deed deed = {sql[DB_BRAIN], n, 2 + 2 * (n * 7 % crowd), 0};

        ok = arrive(app, false) && do_on(app, DB_BRAIN, &deed);
        deed.sql = sql[DB_BOT];
        deed.since_ms = zm_now_ms();
        app->late[(app->first_late + app->n_late++) % ON_THE_WAY] = deed;
        atomic_store(&app->changes, n);
        poll(NULL, 0, 1);
    }
    if (ok)
        arrive(app, true);
    return NULL;
}

static PGconn *connect_to(const struct cluster *c)
{
    const char *const keywords[] = {"host", "port", "user", "dbname", NULL};
    const char *const values[] = {c->directory, c->port, "supabase_admin", "postgres", NULL};
    PGconn *conn = PQconnectdbParams(keywords, values, 0);

    assert_int_equal(PQstatus(conn), CONNECTION_OK);
    return conn;
}

static void and_while_an_application_writes(void **state)
{
    const struct truth *t = *state;
    struct application app = {.truth = t, .failure = ""};
    int64_t until = zm_now_ms() + 20000;
    pthread_t thread;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        app.conn[i] = connect_to(&t->place.people.cluster[i]);
    atomic_init(&app.stop, false);
    atomic_init(&app.changes, 0);
    assert_int_equal(pthread_create(&thread, NULL, write_on, &app), 0);
    while (atomic_load(&app.changes) < 100 && zm_now_ms() < until)
        poll(NULL, 0, 5);
    assert_drift(t, t->all.s);
    if (t->users > 5000)
        assert_drift(t, t->all.s);
    atomic_store(&app.stop, true);
    pthread_join(thread, NULL);
    assert_string_equal(app.failure, "");
    assert_true(atomic_load(&app.changes) > 300);
    for (i = 0; i < DB_SIDES; i++)
        PQfinish(app.conn[i]);
}

/* ---- repair ---- */

static long summary_of(const struct ran *ran, const char *name)
{
    const char *at = ran->out;
    json_int_t n = -1;
    json_t *row;

    while ((row = next_object(&at)) != NULL) {
        if (json_object_get(row, "summary"))
            n = json_integer_value(json_object_get(row, name));
        json_decref(row);
    }
    return (long)n;
}

static const char journal[] =
    "SELECT count(*) || ' ' || count(DISTINCT metadata ->> 'subject') FROM public.user_activity"
    " WHERE action = 'zmartctl.repair'";

/* Every row of both sides, to the last column and time. */
static void take_sums(const struct truth *t, char ret[4][64])
{
    static const char *const tables[][2] = {
        {"user_profiles", "user_trading_profiles"},
        {"user_activity", NULL},
        {"user_subscriptions", NULL},
    };
    char sql[200];
    size_t i, side, n = 0;

    for (i = 0; i < ZM_COUNT(tables); i++)
        for (side = 0; side < DB_SIDES && tables[i][side]; side++) {
            snprintf(sql, sizeof(sql),
                     "SELECT md5(string_agg(r::text, ',' ORDER BY r.id)) FROM public.%s AS r",
                     tables[i][side]);
            zm_copy(ret[n++], 64, cluster_value(&t->place.people.cluster[side], sql));
        }
}

static void repair_leaves_the_other_lanes(void **state)
{
    const struct truth *t = *state;
    struct ran ran = place_run(&t->place, "$Z repair --reason nightly --yes --json");
    char expected[48], before[4][64], after[4][64];
    int i;

    assert_ran(&ran, 0);
    assert_int_equal(summary_of(&ran, "done"), t->safe);
    ran_done(&ran);
    snprintf(expected, sizeof(expected), "%ld %ld", t->safe, t->safe);
    assert_string_equal(cluster_value(&t->place.people.cluster[DB_BRAIN], journal), expected);
    assert_drift(t, t->others.s);
    take_sums(t, before);
    ran = place_run(&t->place, "$Z repair --reason nightly --yes --json");
    assert_ran(&ran, 0);
    assert_int_equal(count_lines(ran.out), 1);
    assert_int_equal(summary_of(&ran, "done"), 0);
    ran_done(&ran);
    take_sums(t, after);
    for (i = 0; i < 4; i++)
        assert_string_equal(after[i], before[i]);
}

/* ---- the rig ---- */

static int start(void **state)
{
    struct truth *t = zm_calloc(1, sizeof(*t));
    const char *users = getenv("ZM_TRUTH_USERS");

    t->users = users ? strtol(users, NULL, 10) : 5000;
    assert_true(t->users >= 5000);
    place_start(&t->place, false);
    load(t);
    know(t);
    *state = t;
    return 0;
}

static int stop(void **state)
{
    struct truth *t = *state;

    place_done(&t->place);
    zm_buf_done(&t->all);
    zm_buf_done(&t->others);
    free(t);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_true),
        cmocka_unit_test(and_while_an_application_writes),
        cmocka_unit_test(repair_leaves_the_other_lanes),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
