/*
 * A comparison at the edges of what it reads at once: one user more or less than a reading of a
 * cursor (4,000 rows), than a second look (1,000 users) and than a bucket; duplicates and missing
 * rows right there. What must be reported is said by the numbers alone.
 */
#include "compare_lines.h"

#include <stdlib.h>

/* People 1 to n, alike in both. ZmartBot lacks those at `hole`, has those at `twin` twice, and has
 * another e-mail for every one of the first `wrong`. */
struct edge {
    int n, wrong, hole, twin;
};

static const struct edge edges[] = {
    {0, 0, 0, 0},          {1, 0, 0, 0},
    {1, 1, 0, 0},          {999, 999, 0, 0},
    {1000, 1000, 0, 0},    {1001, 1001, 0, 0},
    {1001, 1000, 1001, 0}, {2000, 1999, 2000, 1},
    {2001, 2001, 0, 1000}, {3999, 0, 3999, 1},
    {4000, 0, 4000, 3999}, {4000, 1, 0, 4000},
    {4001, 0, 4001, 4000}, {4001, 1001, 4000, 4001},
    {4001, 0, 1, 3999},    {8000, 2000, 4000, 8000},
    {8001, 0, 8001, 8000}, {8001, 4001, 4002, 4003},
};

/* ---- making ---- */

static void make(const struct people *p, const struct edge *edge)
{
    char sql[700];

    people_clear(p);
    snprintf(sql, sizeof(sql),
             "INSERT INTO auth.users (id, email) SELECT pid(n), 'u' || n || '@example.com' FROM"
             " generate_series(1, %d) n; INSERT INTO public.user_profiles (user_id, tier)"
             " SELECT pid(n), 'free' FROM generate_series(1, %d) n; ANALYZE",
             edge->n, edge->n);
    people_sql(p, DB_BRAIN, sql);
    snprintf(
        sql, sizeof(sql),
        "INSERT INTO public.user_trading_profiles (user_id, email, tier) SELECT pid(n),"
        " CASE WHEN n <= %d THEN 'x' ELSE '' END || 'u' || n || '@example.com', 'free' FROM"
        " generate_series(1, %d) n WHERE n <> %d;"
        "INSERT INTO public.user_trading_profiles (user_id, email, tier) SELECT pid(n), 'twin',"
        " 'free' FROM generate_series(1, %d) n WHERE n = %d; ANALYZE",
        edge->wrong, edge->n, edge->hole, edge->n, edge->twin);
    people_sql(p, DB_BOT, sql);
}

static void expect(const struct edge *edge, struct zm_buf *ret)
{
    int n;

    ret->len = 0;
    zm_buf_add(ret, "", 0);
    for (n = 1; n <= edge->n; n++) {
        const char *class = n == edge->twin    ? "duplicate_in_bot human"
                            : n == edge->hole  ? "missing_in_bot safe"
                            : n <= edge->wrong ? "email_differs safe"
                                               : NULL;

        if (class)
            zm_buf_printf(ret, "00000000-0000-4000-8000-%012d %s\n", n, class);
    }
}

/* ---- comparing ---- */

static void compare(struct people *p, const struct edge *edge, int64_t buckets,
                    const char *expected)
{
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare compare = lines_compare(p, &lines);
    struct db_compare_result result;
    struct zm_error err;
    const char *a, *b;

    zm_buf_add(&lines.text, "", 0);
    compare.buckets = buckets;
    compare.pieces = buckets == 64;
    if (!db_compare_run(&compare, &result, &err))
        fail_msg("%d users: %s %s", edge->n, err.message, err.detail);
    for (a = lines.text.s, b = expected; *a && *a == *b; a++)
        b++;
    if (*a || *b)
        fail_msg("%d users, %d wrong, %ld buckets: at %ld '%.80s', not '%.80s'", edge->n,
                 edge->wrong, (long)buckets, (long)(a - lines.text.s), a, b);
    assert_int_equal(result.brain_users, edge->n);
    assert_int_equal(result.bot_profiles, edge->n - (edge->hole > 0) + (edge->twin > 0));
    assert_int_equal(result.settling, 0);
    zm_buf_done(&lines.text);
}

/* One bucket, as many as there are ids, and as the program chooses, which reads all rows when too
 * much differs. */
static void at_every_edge(void **state)
{
    static const int64_t buckets[] = {1, 64, DB_COMPARE_BUCKETS_MAX, 0};
    struct people *p = *state;
    struct zm_buf expected = {.s = NULL};
    size_t i, k;

    for (i = 0; i < ZM_COUNT(edges); i++) {
        make(p, &edges[i]);
        expect(&edges[i], &expected);
        for (k = 0; k < ZM_COUNT(buckets); k++)
            compare(p, &edges[i], buckets[k], expected.s);
    }
    zm_buf_done(&expected);
}

/* As the source document has it, user_profiles has no index: so many users without e-mail and
 * without a trading profile are told all the same, long before a statement takes too long. */
static void many_without_email_or_index(void **state)
{
    struct people *p = *state;
    struct db_compare quick = lines_compare(p, NULL);
    struct db_compare_result result;
    struct zm_error err;

    people_clear(p);
    people_sql(p, DB_BRAIN,
               "INSERT INTO auth.users (id, instance_id) SELECT pid(n),"
               " '00000000-0000-0000-0000-000000000000' FROM generate_series(1, 60000) n;"
               "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n), CASE WHEN n % 3 = 0"
               " THEN 'pro' ELSE 'free' END FROM generate_series(1, 60000) n;"
               "DROP INDEX public.user_profiles_user_id_idx; ANALYZE");
    people_open(p, "postgres");
    quick.quick = true;
    quick.progress = NULL;
    quick.limit_ms = 2500;
    if (!db_compare_run(&quick, &result, &err))
        fail_msg("%s %s", err.message, err.detail);
    assert_true(result.equal);
    people_sql(p, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
               " VALUES (pid(60000), '', 'free')");
    assert_true(db_compare_run(&quick, &result, &err));
    assert_false(result.equal);
    people_sql(p, DB_BRAIN,
               "CREATE INDEX user_profiles_user_id_idx ON public.user_profiles (user_id)");
    people_open(p, "postgres");
}

/* Sums of servers that hash otherwise say nothing: rows do, and the quick question has no answer.
 */
static void servers_that_hash_otherwise(void **state)
{
    struct people *p = *state;
    struct edge edge = {1001, 3, 1000, 0};
    struct db_compare quick = lines_compare(p, NULL);
    struct db_compare_result result;
    struct zm_buf expected = {.s = NULL};
    struct zm_error err;

    make(p, &edge);
    expect(&edge, &expected);
    people_sql(p, DB_BOT,
               "ALTER FUNCTION pg_catalog.uuid_hash(uuid) RENAME TO uuid_hash_was;"
               "CREATE FUNCTION pg_catalog.uuid_hash(uuid) RETURNS integer LANGUAGE "
               "sql IMMUTABLE STRICT AS 'SELECT 7'");
    compare(p, &edge, 0, expected.s);
    quick.quick = true;
    quick.progress = NULL;
    assert_false(db_compare_run(&quick, &result, &err));
    assert_int_equal(err.kind, ZM_ERR_SHAPE);
    zm_buf_done(&expected);
}

static int start(void **state)
{
    struct people *p = zm_calloc(1, sizeof(*p));

    people_start(p, true, NULL);
    people_open(p, "postgres");
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
        cmocka_unit_test(at_every_edge), cmocka_unit_test(many_without_email_or_index),
        cmocka_unit_test(servers_that_hash_otherwise), /* for good: the last one */
    };

    return cmocka_run_group_tests(tests, start, stop);
}
