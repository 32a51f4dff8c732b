/*
 * The second look at most of all users, who are not read by their ids but through all rows.
 */
#include "compare_lines.h"

#include <poll.h>
#include <stdlib.h>

#include "db/link_io.h"

#define LOST 15000 /* of 20,000, who are numbered from 1 */
#define BATCH 4000 /* who are read by their ids at once */

static const char brain_crowd[] =
    "INSERT INTO auth.users (id, email) SELECT pid(n), 'u' || n || '@example.com'"
    " FROM generate_series(1, 20000) n;"
    "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n), 'free'"
    " FROM generate_series(1, 20000) n; ANALYZE";
static const char bot_crowd[] =
    "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
    " SELECT pid(n), 'u' || n || '@example.com', 'free' FROM generate_series(15001, 20000) n;"
    "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
    " VALUES (pid(900001), 'o@example.com', 'free'), (pid(900002), 'p@example.com', 'free');"
    "UPDATE public.user_trading_profiles SET tier = 'pro' WHERE user_id = pid(20000);"
    "ANALYZE";

static void load(const struct people *p)
{
    people_clear(p);
    people_sql(p, DB_BRAIN, brain_crowd);
    people_sql(p, DB_BOT, bot_crowd);
}

/* One comes back, one differs otherwise, one is gone, and so is an orphan: they settle. */
static const char brain_change[] =
    "UPDATE public.user_profiles SET tier = 'pro' WHERE user_id = pid(2);"
    "DELETE FROM public.user_profiles WHERE user_id = pid(3);"
    "DELETE FROM auth.users WHERE id = pid(3)";
static const char bot_change[] =
    "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
    " VALUES (pid(1), 'u1@example.com', 'free');"
    "DELETE FROM public.user_trading_profiles WHERE user_id = pid(900002)";

struct meanwhile {
    struct people *people;
    struct db_compare *compare;
    int limit_ms; /* of the second look */
    enum db_side side;
    const char *sql;
};

static void change(struct lines *lines, enum db_compare_phase phase)
{
    const struct meanwhile *m = lines->context;

    if (phase != DB_COMPARE_GRACE || lines->phase == phase)
        return;
    people_sql(m->people, DB_BRAIN, brain_change);
    people_sql(m->people, DB_BOT, bot_change);
    m->compare->limit_ms = m->limit_ms;
}

static bool has(const struct lines *lines, int n)
{
    char id[32];

    snprintf(id, sizeof(id), "-%012d ", n);
    return strstr(lines->text.s, id) != NULL;
}

static void assert_settled(const struct lines *lines, const struct db_compare_result *result)
{
    static const int settled[] = {1, 2, 3, 900002}, reported[] = {4, LOST, 20000, 900001};
    size_t i;

    assert_int_equal(result->settling, ZM_COUNT(settled));
    assert_int_equal(result->classes[DB_CLASS_MISSING_IN_BOT], LOST - 3);
    assert_int_equal(result->classes[DB_CLASS_ORPHAN_IN_BOT], 1);
    assert_int_equal(result->classes[DB_CLASS_TIER_DIFFERS], 1);
    assert_int_equal(result->users, LOST - 3 + 2);
    for (i = 0; i < ZM_COUNT(settled); i++)
        assert_false(has(lines, settled[i]));
    for (i = 0; i < ZM_COUNT(reported); i++)
        assert_true(has(lines, reported[i]));
}

/* How often profiles were read so far. A session counts when it ends. */
static long readings(const struct people *p)
{
    const struct cluster *brain = &p->cluster[DB_BRAIN];

    while (cluster_backend(brain) > 0)
        poll(NULL, 0, 20);
    return strtol(cluster_value(brain, "SELECT seq_scan + coalesce(idx_scan, 0) FROM"
                                       " pg_stat_user_tables WHERE relname = 'user_profiles'"),
                  NULL, 10);
}

static long compare(struct people *p, int limit_ms, bool local)
{
    struct db_compare_result result;
    struct db_compare compare;
    struct meanwhile meanwhile = {.people = p, .compare = &compare, .limit_ms = limit_ms};
    struct lines lines = {.text = {.s = NULL}, .at_phase = change, .context = &meanwhile};
    struct zm_error err;
    long before;

    load(p);
    before = readings(p);
    people_open(p, "postgres");
    p->session.link[DB_BRAIN]->local = p->session.link[DB_BOT]->local = local;
    compare = lines_compare(p, &lines);
    compare.grace_ms = 3000;
    if (!db_compare_run(&compare, &result, &err))
        fail_msg("%s: %s", err.what, err.message);
    assert_settled(&lines, &result);
    db_session_close(&p->session);
    zm_buf_done(&lines.text);
    return readings(p) - before;
}

/* All rows are read once more. Where that takes too long, users are read by their ids: whoever was
 * taken before counts once, and each batch reads the table. */
static void through_all_rows(void **state)
{
    long once = compare(*state, DB_COMPARE_LIMIT_MS, true);

    assert_true(compare(*state, 1, true) - once >= LOST / BATCH);
    assert_true(compare(*state, 1, false) - once >= LOST / BATCH);
}

/* ---- columns that come and go ---- */

static void at_grace(struct lines *lines, enum db_compare_phase phase)
{
    const struct meanwhile *m = lines->context;

    if (phase == DB_COMPARE_GRACE && lines->phase != phase)
        people_sql(m->people, m->side, m->sql);
}

static void run_while(struct people *p, enum db_side side, const char *sql, struct zm_error *ret)
{
    struct meanwhile meanwhile = {.people = p, .side = side, .sql = sql};
    struct lines lines = {.text = {.s = NULL}, .at_phase = at_grace, .context = &meanwhile};
    struct db_compare compare = lines_compare(p, &lines);
    struct db_compare_result result;

    people_open(p, "postgres");
    compare.grace_ms = 3000;
    assert_false(db_compare_run(&compare, &result, ret));
    assert_null(lines.text.s); /* nobody is reported, and it is not "nobody differs" */
    zm_buf_done(&lines.text);
}

static void columns_come_and_go(void **state)
{
    static const struct {
        enum db_side side;
        const char *go, *come;
    } changes[] = {
        {DB_BOT, "ALTER TABLE public.user_trading_profiles RENAME email TO mail",
         "ALTER TABLE public.user_trading_profiles RENAME mail TO email"},
        {DB_BRAIN, "ALTER TABLE public.user_profiles RENAME tier TO level",
         "ALTER TABLE public.user_profiles RENAME level TO tier"},
    };
    struct people *p = *state;
    struct zm_error err;
    size_t i;

    load(p);
    for (i = 0; i < ZM_COUNT(changes); i++) {
        run_while(p, changes[i].side, changes[i].go, &err);
        assert_int_equal(err.kind, ZM_ERR_SHAPE);
        assert_non_null(strstr(err.message, "came or went"));
        run_while(p, changes[i].side, changes[i].come, &err);
        assert_int_equal(err.kind, ZM_ERR_SHAPE);
        assert_non_null(strstr(err.message, "came or went"));
    }
}

static int start(void **state)
{
    struct people *p = zm_calloc(1, sizeof(*p));

    people_start(p, false, NULL);
    *state = p;
    return 0;
}

static int stop(void **state)
{
    people_done(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(through_all_rows),
        cmocka_unit_test(columns_come_and_go),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
