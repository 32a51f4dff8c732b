/*
 * `zmartctl drift` and `repair` on a crowd whose drift of every class is known by construction: the
 * report is that, row by row, also while an application writes; repair leaves the other lanes.
 * 5,000 users a side, or as many as ZM_TRUTH_USERS says.
 */
#include "drift_place.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "zm/clock.h"

/* Person n of every block of so many has the kind n; even numbers are those of the application. */
#define BLOCK 50
#define NAMELESS 49 /* without e-mail, in every second block without trading profile as well */

struct truth {
    struct drift_place place;
    long users;
    struct zm_buf all, others; /* rows in the order of the ids: all, and those not of lane safe */
    long safe;                 /* users of lane safe */
};

/* ---- ids ---- */

/* All over the space of ids, its ends and its middle too; distinct, and a person can read them. */
static const char id_function[] =
    "CREATE FUNCTION public.tid(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$"
    " SELECT CASE n WHEN 1 THEN '00000000-0000-0000-0000-000000000000'"
    "  WHEN 3 THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff'"
    "  WHEN 5 THEN '7fffffff-ffff-ffff-ffff-ffffffffffff'"
    "  WHEN 7 THEN '80000000-0000-0000-0000-000000000000'"
    "  ELSE lpad(to_hex(n * 2654435761 % 4294967296), 8, '0') || '-0000-4000-8000-'"
    "   || lpad(n::text, 12, '0') END::uuid $$";

static const char *id_of(long n, char ret[40])
{
    static const char *const ends[] = {
        [1] = "00000000-0000-0000-0000-000000000000",
        [3] = "ffffffff-ffff-ffff-ffff-ffffffffffff",
        [5] = "7fffffff-ffff-ffff-ffff-ffffffffffff",
        [7] = "80000000-0000-0000-0000-000000000000",
    };

    if (n < (long)ZM_COUNT(ends) && ends[n])
        zm_copy(ret, 40, ends[n]);
    else
        snprintf(ret, 40, "%08" PRIx32 "-0000-4000-8000-%012ld", (uint32_t)n * 2654435761U, n);
    return ret;
}

/* ---- what is known of them ---- */

/* One kind of trouble, made by SQL; $W are the ids of its people. */
struct kind {
    const char *tier; /* of Brain, and of Bot before that */
    const char *brain, *bot;
    struct {
        const char *class, *lane;
    } rows[2];
    const char *brain_half, *bot_half; /* tiers as reported; NULL: as tier, "-": no such half */
};

#define BOT(set) "UPDATE public.user_trading_profiles SET " set " WHERE user_id IN $W"

/* clang-format off */
static const struct kind kinds[] = {
    {.tier = "pro", .bot = BOT("tier = 'free'"), .rows = {{"tier_differs", "safe"}}, .bot_half = "free"},
    {.tier = "pro", .bot = BOT("tier = 'enterprise'"), .rows = {{"tier_differs", "safe"}}, .bot_half = "enterprise"},
    {.tier = "pro", .bot = BOT("tier = 'enterprise', updated_at = now() + interval '1 day'"),
     .rows = {{"tier_differs", "human"}}, .bot_half = "enterprise"},
    {.tier = "free", .bot = BOT("email = 'old' || email"), .rows = {{"email_differs", "safe"}}},
    {.tier = "pro", .bot = BOT("email = upper(email)"), .rows = {{"email_differs", "safe case"}}},
    {.tier = "free", .brain = "UPDATE auth.users SET email = NULL WHERE id IN $W", .rows = {{"email_differs", "safe"}}},
    {.tier = "pro", .bot = "DELETE FROM public.user_trading_profiles WHERE user_id IN $W",
     .rows = {{"missing_in_bot", "safe"}}, .bot_half = "-"},
    {.tier = "free", .brain = "DELETE FROM public.user_profiles WHERE user_id IN $W",
     .rows = {{"missing_profile", "safe"}}, .brain_half = "null"},
    {.tier = "free", .bot = BOT("trading_enabled = true"), .rows = {{"flags_exceed_tier", "safe"}}},
    {.tier = "pro", .bot = BOT("api_access = true"), .rows = {{"flags_exceed_tier", "safe"}}},
    {.tier = "pro", .brain = "UPDATE auth.users SET deleted_at = now() WHERE id IN $W", .bot = BOT("trading_enabled = true"),
     .rows = {{"deleted_in_brain", "opt_in"}}},
    {.tier = "enterprise", .brain = "UPDATE auth.users SET deleted_at = now() WHERE id IN $W", .bot = BOT("tier = 'free'"),
     .rows = {{NULL, NULL}}}, /* deleted, without rights */
    {.tier = "pro", .brain = "DELETE FROM auth.users WHERE id IN $W", .bot = BOT("trading_enabled = true"),
     .rows = {{"orphan_in_bot", "opt_in"}}, .brain_half = "-"},
    {.tier = "free", .brain = "DELETE FROM auth.users WHERE id IN $W", .rows = {{"orphan_in_bot", "opt_in"}}, .brain_half = "-"},
    {.tier = "pro", .bot = "INSERT INTO public.user_trading_profiles (user_id, email, tier, created_at) SELECT user_id, email, tier,"
     " now() FROM public.user_trading_profiles WHERE user_id IN $W", .rows = {{"duplicate_in_bot", "human"}}},
    {.tier = "free", .brain = "INSERT INTO public.user_profiles (user_id, tier, created_at) SELECT user_id, tier, now()"
     " FROM public.user_profiles WHERE user_id IN $W", .rows = {{"duplicate_profile", "human"}}},
    {.tier = "pro", .bot = BOT("tier = 'gold'"), .rows = {{"invalid_tier", "human"}}, .bot_half = "gold"},
    {.tier = "pro", .bot = BOT("tier = NULL"), .rows = {{"invalid_tier", "human"}}, .bot_half = "null"},
    {.tier = "pro", .brain = "INSERT INTO public.user_subscriptions (user_id, tier, started_at)"
     " SELECT w, 'enterprise', now() + interval '1 day' FROM $W AS p(w)", .rows = {{"subscription_differs", "human"}}},
    {.tier = "pro", .brain = "UPDATE public.user_subscriptions SET status = 'ended' WHERE user_id IN $W",
     .rows = {{"subscription_differs", "human"}}},
    {.tier = "pro", .bot = BOT("tier = 'free', email = 'old' || email"),
     .rows = {{"tier_differs", "safe"}, {"email_differs", "safe"}}, .bot_half = "free"},
    {.tier = "enterprise", .brain = "UPDATE public.user_subscriptions SET tier = 'pro' WHERE user_id IN $W",
     .bot = BOT("email = ''"), .rows = {{"email_differs", "safe"}, {"subscription_differs", "human"}}},
};
/* clang-format on */

static long number_of(size_t kind, long block)
{
    return block * BLOCK + 2 * (long)kind + 1;
}

static long count_of(const struct truth *t, size_t kind)
{
    return t->users / 10000 + 1 + (long)(kind % 5);
}

/* ---- making them ---- */

/* $N people. */
static const char brain_crowd[] =
    "INSERT INTO auth.users (id, email) SELECT tid(n), CASE WHEN n % 50 <> 49 THEN"
    "  'u' || n || '@example.com' END FROM generate_series(1, $N) n;"
    "INSERT INTO public.user_profiles (user_id, tier, updated_at)"
    "  SELECT tid(n), tier_of(n), '2026-02-01' FROM generate_series(1, $N) n;"
    "INSERT INTO public.user_subscriptions (user_id, tier) SELECT tid(n), tier_of(n)"
    "  FROM generate_series(1, $N) n WHERE tier_of(n) <> 'free' OR n % 4 = 0";
static const char bot_crowd[] =
    "INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled, api_access,"
    "  updated_at) SELECT tid(n), CASE WHEN n % 50 <> 49 THEN 'u' || n || '@example.com' ELSE ''"
    "  END, tier_of(n), n % 2 = 0 AND tier_of(n) <> 'free', n % 4 = 0 AND tier_of(n) ="
    "  'enterprise', '2026-01-01' FROM generate_series(1, $N) n WHERE n % 100 <> 99";

static void run_sql(const struct truth *t, enum db_side side, const char *sql, size_t kind)
{
    struct zm_buf text = {.s = NULL};
    const char *at;

    for (; (at = strchr(sql, '$')) != NULL; sql = at + 2) {
        zm_buf_add(&text, sql, (size_t)(at - sql));
        if (at[1] == 'N')
            zm_buf_printf(&text, "%ld", t->users);
        else
            zm_buf_printf(&text, "(SELECT tid(i * %d + %ld) FROM generate_series(0, %ld) i)", BLOCK,
                          number_of(kind, 0), count_of(t, kind) - 1);
    }
    zm_buf_puts(&text, sql);
    people_sql(&t->place.people, side, text.s);
    zm_buf_done(&text);
}

static void load_functions(const struct truth *t, enum db_side side)
{
    struct zm_buf sql = {.s = NULL};
    size_t k;

    people_sql(&t->place.people, side, id_function);
    zm_buf_puts(&sql, "CREATE FUNCTION public.tier_of(n bigint) RETURNS text LANGUAGE sql IMMUTABLE"
                      " RETURN CASE ");
    for (k = 0; k < ZM_COUNT(kinds); k++)
        zm_buf_printf(&sql, "WHEN n %% %d = %ld THEN '%s' ", BLOCK, number_of(k, 0), kinds[k].tier);
    zm_buf_printf(&sql,
                  "WHEN n %% %d = %d THEN 'free' WHEN n %% 7 = 0 THEN 'enterprise'"
                  " WHEN n %% 3 = 0 THEN 'pro' ELSE 'free' END",
                  BLOCK, NAMELESS);
    people_sql(&t->place.people, side, sql.s);
    zm_buf_done(&sql);
}

static void load(const struct truth *t)
{
    size_t k;

    load_functions(t, DB_BRAIN);
    load_functions(t, DB_BOT);
    run_sql(t, DB_BRAIN, brain_crowd, 0);
    run_sql(t, DB_BOT, bot_crowd, 0);
    for (k = 0; k < ZM_COUNT(kinds); k++) {
        if (kinds[k].brain)
            run_sql(t, DB_BRAIN, kinds[k].brain, k);
        if (kinds[k].bot)
            run_sql(t, DB_BOT, kinds[k].bot, k);
    }
    people_sql(&t->place.people, DB_BRAIN, "ANALYZE");
    people_sql(&t->place.people, DB_BOT, "ANALYZE");
}

/* ---- what must be reported ---- */

struct row {
    char id[40], text[160];
    bool safe;
};

static int by_id(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    return order ? order : x < y ? -1 : 1; /* of a user in the order in which they were added */
}

static size_t add_kind(struct truth *t, size_t kind, struct row *rows)
{
    const struct kind *k = &kinds[kind];
    const char *brain = k->brain_half ? k->brain_half : k->tier;
    const char *bot = k->bot_half ? k->bot_half : k->tier;
    size_t n = 0, r;
    long block;

    for (block = 0; block < count_of(t, kind); block++) {
        bool safe = false;

        for (r = 0; r < ZM_COUNT(k->rows) && k->rows[r].class; r++, n++) {
            id_of(number_of(kind, block), rows[n].id);
            rows[n].safe = strncmp(k->rows[r].lane, "safe", 4) == 0;
            snprintf(rows[n].text, sizeof(rows[n].text), "%s %s u%ld@example.com %s %s",
                     k->rows[r].class, k->rows[r].lane, number_of(kind, block), brain, bot);
            safe = safe || rows[n].safe;
        }
        t->safe += safe;
    }
    return n;
}

static void know(struct truth *t)
{
    struct row *rows = zm_calloc((size_t)t->users, sizeof(*rows));
    size_t n = 0, i;
    long person;

    for (i = 0; i < ZM_COUNT(kinds); i++)
        n += add_kind(t, i, rows + n);
    for (person = NAMELESS + BLOCK; person <= t->users; person += 2L * BLOCK, n++) {
        id_of(person, rows[n].id);
        zm_copy(rows[n].text, sizeof(rows[n].text), "no_email info null free -");
    }
    qsort(rows, n, sizeof(*rows), by_id);
    for (i = 0; i < n; i++) {
        zm_buf_printf(&t->all, "%s %s\n", rows[i].id, rows[i].text);
        if (!rows[i].safe)
            zm_buf_printf(&t->others, "%s %s\n", rows[i].id, rows[i].text);
    }
    free(rows);
}

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
