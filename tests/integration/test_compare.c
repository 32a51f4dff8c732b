/*
 * A comparison on real servers: many users with drift of every class, counted; changes while it
 * looks; what it must refuse; and how it ends.
 */
#include "compare_lines.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/link_io.h"
#include "zm/clock.h"

#define CROWD 20000

/* Everybody is alike but for his number. Every hundredth has no e-mail and, every second time, no
 * trading profile. */
static const char brain_crowd[] =
    "INSERT INTO auth.users (id, email) SELECT pid(n), CASE WHEN n % 100 > 0 THEN"
    "  'u' || n || '@example.com' END FROM generate_series(1, 20000) n;"
    "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n),"
    "  CASE WHEN n % 3 = 0 THEN 'pro' ELSE 'free' END FROM generate_series(1, 20000) n;"
    "INSERT INTO public.user_subscriptions (user_id, tier) SELECT pid(n),"
    "  CASE WHEN n % 3 = 0 THEN 'pro' ELSE 'free' END FROM generate_series(1, 20000) n"
    "  WHERE n % 3 = 0 OR n % 2 = 0;";
static const char bot_crowd[] =
    "INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled)"
    " SELECT pid(n), CASE WHEN n % 100 > 0 THEN 'u' || n || '@example.com' ELSE '' END,"
    "  CASE WHEN n % 3 = 0 THEN 'pro' ELSE 'free' END, n % 3 = 0"
    " FROM generate_series(1, 20000) n WHERE n % 200 > 0;";

static void load(struct people *p)
{
    people_clear(p);
    people_sql(p, DB_BRAIN, brain_crowd);
    people_sql(p, DB_BOT, bot_crowd);
    people_sql(p, DB_BRAIN, "ANALYZE");
    people_sql(p, DB_BOT, "ANALYZE");
}

static void compare(struct people *p, struct lines *lines, int64_t buckets,
                    struct db_compare_result *ret)
{
    struct db_compare compare = lines_compare(p, lines);
    struct zm_error err;

    lines->text.len = 0;
    lines->rows = 0;
    zm_buf_add(&lines->text, "", 0);
    compare.buckets = buckets;
    if (!db_compare_run(&compare, ret, &err))
        fail_msg("%s %s", err.message, err.detail);
}

static bool fails(struct people *p, struct lines *lines, struct zm_error *ret)
{
    struct db_compare compare = lines_compare(p, lines);
    struct db_compare_result result;

    return !db_compare_run(&compare, &result, ret);
}

/* Drift of every class: people n * 1000 + k have the k-th. */
static const char *const wrong[][2] = {
    [DB_CLASS_TIER_DIFFERS] = {NULL, "UPDATE public.user_trading_profiles SET tier = 'enterprise'"
                                     " WHERE user_id IN (SELECT pid(n * 1000 + 3) FROM"
                                     " generate_series(1, 19) n)"},
    [DB_CLASS_EMAIL_DIFFERS] = {NULL, "UPDATE public.user_trading_profiles SET email = 'Z' || email"
                                      " WHERE user_id IN (SELECT pid(n * 1000 + 4) FROM"
                                      " generate_series(1, 18) n)"},
    [DB_CLASS_MISSING_IN_BOT] = {NULL, "DELETE FROM public.user_trading_profiles"
                                       " WHERE user_id IN (SELECT pid(n * 1000 + 5) FROM"
                                       " generate_series(1, 17) n)"},
    [DB_CLASS_MISSING_PROFILE] = {"DELETE FROM public.user_profiles"
                                  " WHERE user_id IN (SELECT pid(n * 1000 + 1) FROM"
                                  " generate_series(0, 15) n) AND tier = 'free'",
                                  "UPDATE public.user_trading_profiles SET tier = 'free',"
                                  " trading_enabled = false WHERE false"},
    [DB_CLASS_FLAGS_EXCEED_TIER] = {NULL,
                                    "UPDATE public.user_trading_profiles SET api_access = true"
                                    " WHERE user_id IN (SELECT pid(n * 1000 + 7) FROM"
                                    " generate_series(1, 14) n)"},
    [DB_CLASS_DELETED_IN_BRAIN] = {"UPDATE auth.users SET deleted_at = now(), email = 'gone' || id"
                                   " WHERE id IN (SELECT pid(n * 1000 + 8) FROM"
                                   " generate_series(1, 13) n)",
                                   "UPDATE public.user_trading_profiles SET trading_enabled = true"
                                   " WHERE user_id IN (SELECT pid(n * 1000 + 8) FROM"
                                   " generate_series(1, 13) n)"},
    [DB_CLASS_ORPHAN_IN_BOT] = {NULL, "INSERT INTO public.user_trading_profiles (user_id, email)"
                                      " SELECT pid(900000 + n), 'o' || n || '@example.com' FROM"
                                      " generate_series(1, 12) n"},
    [DB_CLASS_DUPLICATE_IN_BOT] = {NULL, "INSERT INTO public.user_trading_profiles (user_id, email,"
                                         " tier) SELECT user_id, email, tier FROM"
                                         " public.user_trading_profiles WHERE user_id IN (SELECT"
                                         " pid(n * 1000 + 10) FROM generate_series(1, 11) n)"},
    [DB_CLASS_DUPLICATE_PROFILE] = {"INSERT INTO public.user_profiles (user_id, tier) SELECT"
                                    " user_id, tier FROM public.user_profiles WHERE user_id IN"
                                    " (SELECT pid(n * 1000 + 11) FROM generate_series(1, 10) n)",
                                    NULL},
    [DB_CLASS_INVALID_TIER] = {NULL, "UPDATE public.user_trading_profiles SET tier = 'gold'"
                                     " WHERE user_id IN (SELECT pid(n * 1000 + 12) FROM"
                                     " generate_series(1, 9) n)"},
    [DB_CLASS_SUBSCRIPTION_DIFFERS] = {"INSERT INTO public.user_subscriptions (user_id, tier,"
                                       " started_at) SELECT pid(n * 1000 + 13), 'enterprise',"
                                       " now() + interval '1 day' FROM generate_series(1, 8) n",
                                       NULL},
    [DB_CLASS_NO_EMAIL] = {NULL, NULL},
};

/* How many of each the statements above make; found out from the crowd, by hand. */
static const int64_t truth[DB_CLASSES] = {
    [DB_CLASS_TIER_DIFFERS] = 19,        [DB_CLASS_EMAIL_DIFFERS] = 18,
    [DB_CLASS_MISSING_IN_BOT] = 17,      [DB_CLASS_MISSING_PROFILE] = 11,
    [DB_CLASS_FLAGS_EXCEED_TIER] = 14,   [DB_CLASS_DELETED_IN_BRAIN] = 13,
    [DB_CLASS_ORPHAN_IN_BOT] = 12,       [DB_CLASS_DUPLICATE_IN_BOT] = 11,
    [DB_CLASS_DUPLICATE_PROFILE] = 10,   [DB_CLASS_INVALID_TIER] = 9,
    [DB_CLASS_SUBSCRIPTION_DIFFERS] = 8, [DB_CLASS_NO_EMAIL] = 100,
};

static void spoil(const struct people *p)
{
    unsigned c;
    int side;

    for (c = 0; c < DB_CLASSES; c++)
        for (side = 0; side < DB_SIDES; side++)
            if (wrong[c][side])
                people_sql(p, (enum db_side)side, wrong[c][side]);
}

static void assert_truth(const struct db_compare_result *result, unsigned not_class)
{
    unsigned c;

    for (c = 0; c < DB_CLASSES; c++)
        if (c != not_class && result->classes[c] != truth[c])
            fail_msg("%s: %ld, not %ld", db_class_row((enum db_class)c)->key,
                     (long)result->classes[c], (long)truth[c]);
}

/* As owner and as one who reads through the view; with buckets so few that all of them differ and
 * are divided, and with so many that none is. */
static void every_class(void **state)
{
    static const char *const roles[] = {"postgres", "plain"};
    static const int64_t buckets[] = {0, 1, 64, 32768};
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare_result result;
    struct people *p = *state;
    struct zm_buf first = {.s = NULL};
    size_t i, k;

    load(p);
    people_open(p, "postgres");
    compare(p, &lines, 0, &result);
    assert_int_equal(result.users, 0);
    assert_int_equal(result.brain_users, CROWD);
    assert_int_equal(result.bot_profiles, CROWD - 100);
    assert_int_equal(result.classes[DB_CLASS_NO_EMAIL], 100);
    assert_false(result.streamed);
    spoil(p);
    for (i = 0; i < ZM_COUNT(roles); i++) {
        people_open(p, roles[i]);
        for (k = 0; k < ZM_COUNT(buckets); k++) {
            compare(p, &lines, buckets[k], &result);
            assert_false(result.streamed);
            assert_truth(&result, DB_CLASSES);
            assert_int_equal(result.users, 142);
            if (!first.s)
                zm_buf_puts(&first, lines.text.s);
            assert_string_equal(lines.text.s, first.s);
            if (buckets[k] == 32768) /* the sums name them all, and nobody else's rows are read */
                assert_int_equal(lines.rows, 0);
        }
    }
    zm_buf_done(&first);
    zm_buf_done(&lines.text);
}

/* Every fifth is deleted, and was in ZmartBot as well: none of them makes the sums useless. */
static void many_deleted(void **state)
{
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare_result result;
    struct people *p = *state;

    load(p);
    people_sql(p, DB_BRAIN,
               "UPDATE auth.users SET deleted_at = now() WHERE right(id::text, 1) IN"
               " ('5', '0')");
    people_sql(p, DB_BOT,
               "UPDATE public.user_trading_profiles SET trading_enabled = false"
               " WHERE right(user_id::text, 1) IN ('5', '0')");
    people_sql(p, DB_BOT, wrong[DB_CLASS_EMAIL_DIFFERS][DB_BOT]);
    people_open(p, "postgres");
    compare(p, &lines, 0, &result);
    assert_int_equal(result.users, truth[DB_CLASS_EMAIL_DIFFERS]);
    assert_int_equal(result.classes[DB_CLASS_EMAIL_DIFFERS], truth[DB_CLASS_EMAIL_DIFFERS]);
    assert_false(result.streamed);
    zm_buf_done(&lines.text);
}

/* Bot lost its rows: sums are of no use, every row is read, and memory holds a few of them. */
static void half_restored(void **state)
{
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare_result result;
    struct people *p = *state;

    load(p);
    spoil(p);
    people_sql(p, DB_BOT,
               "DELETE FROM public.user_trading_profiles WHERE"
               " user_id > pid(10500) AND user_id < pid(900000)");
    people_open(p, "postgres");
    compare(p, &lines, 0, &result);
    assert_true(result.streamed);
    assert_int_equal(result.brain_users, CROWD);
    assert_int_equal(result.classes[DB_CLASS_ORPHAN_IN_BOT], 12);
    assert_int_equal(result.classes[DB_CLASS_NO_EMAIL], 147);
    assert_int_equal(result.classes[DB_CLASS_DUPLICATE_PROFILE], 10);
    assert_true(result.classes[DB_CLASS_MISSING_IN_BOT] > 9300);
    zm_buf_done(&lines.text);
}

/* ---- changes while it looks ---- */

static void mend_one(struct lines *lines, enum db_compare_phase phase)
{
    if (phase == DB_COMPARE_GRACE && lines->phase != phase)
        people_sql(lines->context, DB_BOT,
                   "UPDATE public.user_trading_profiles SET email = 'u1004@example.com' WHERE"
                   " user_id = pid(1004);"
                   "UPDATE public.user_trading_profiles SET email = 'again@example.com' WHERE"
                   " user_id = pid(2004)");
}

/* Mended meanwhile, or differs otherwise than before: neither is reported. */
static void settling(void **state)
{
    struct people *p = *state;
    struct lines lines = {.text = {.s = NULL}, .at_phase = mend_one, .context = p};
    struct db_compare compare = lines_compare(p, &lines);
    struct db_compare_result result;
    struct zm_error err;

    load(p);
    people_sql(p, DB_BOT, wrong[DB_CLASS_EMAIL_DIFFERS][DB_BOT]);
    people_open(p, "postgres");
    compare.grace_ms = 3000;
    compare.classes = DB_CLASS_BIT(DB_CLASS_EMAIL_DIFFERS);
    assert_true(db_compare_run(&compare, &result, &err));
    assert_int_equal(result.classes[DB_CLASS_EMAIL_DIFFERS], 16);
    assert_int_equal(result.settling, 2);
    assert_null(strstr(lines.text.s, "000000001004"));
    assert_null(strstr(lines.text.s, "000000002004"));
    assert_true(result.seconds + result.confirm_seconds > 2.9); /* the grace time was waited for */
    zm_buf_done(&lines.text);
}

struct writers {
    struct people *people;
    atomic_bool stop;
    atomic_int changes;
};

/* The application: Brain first, Bot a moment later. */
static void *write_on(void *arg)
{
    struct writers *w = arg;
    char sql[256];
    int n = 0;

    while (!atomic_load(&w->stop)) {
        int who = 20 + (n++ * 37) % 19000, round = n;

        if (who % 100 == 0 || who % 1000 < 20)
            continue;
        snprintf(sql, sizeof(sql),
                 "UPDATE auth.users SET email = 'w%d-%d@example.com' WHERE id = pid(%d)", who,
                 round, who);
        people_sql(w->people, DB_BRAIN, sql);
        snprintf(sql, sizeof(sql),
                 "UPDATE public.user_trading_profiles SET email = 'w%d-%d@example.com'"
                 " WHERE user_id = pid(%d)",
                 who, round, who);
        people_sql(w->people, DB_BOT, sql);
        atomic_fetch_add(&w->changes, 1);
    }
    return NULL;
}

static void while_written(void **state)
{
    struct people *p = *state;
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare compare = lines_compare(p, &lines);
    struct writers w = {.people = p};
    struct db_compare_result result;
    struct zm_error err;
    pthread_t thread;
    int round;

    load(p);
    spoil(p);
    people_sql(p, DB_BOT, "CREATE INDEX IF NOT EXISTS t ON public.user_trading_profiles (user_id)");
    people_open(p, "postgres");
    atomic_init(&w.stop, false);
    atomic_init(&w.changes, 0);
    assert_int_equal(pthread_create(&thread, NULL, write_on, &w), 0);
    compare.grace_ms = 300;
    for (round = 0; round < 5 || atomic_load(&w.changes) <= 50; round++) {
        lines.text.len = 0;
        if (!db_compare_run(&compare, &result, &err))
            fail_msg("%s", err.message);
        assert_truth(&result, DB_CLASSES);
    }
    atomic_store(&w.stop, true);
    pthread_join(thread, NULL);
    zm_buf_done(&lines.text);
}

/* ---- what it must refuse, and older shapes ---- */

static void hidden_rows(void **state)
{
    struct people *p = *state;
    struct lines lines = {.text = {.s = NULL}};
    struct zm_error err;

    people_sql(p, DB_BRAIN, "DROP POLICY zc_read ON public.user_subscriptions");
    people_open(p, "plain");
    assert_true(fails(p, &lines, &err));
    assert_int_equal(err.kind, ZM_ERR_HIDDEN);
    assert_non_null(strstr(err.message, "user_subscriptions"));
    assert_null(lines.text.s);
    people_sql(p, DB_BRAIN,
               "CREATE POLICY zc_read ON public.user_subscriptions FOR SELECT TO plain"
               " USING (true)");
    people_sql(p, DB_BOT, "REVOKE SELECT ON public.user_trading_profiles FROM plain");
    people_open(p, "plain");
    assert_true(fails(p, &lines, &err));
    assert_int_equal(err.kind, ZM_ERR_PRIVILEGE);
    people_sql(p, DB_BOT, "GRANT SELECT ON public.user_trading_profiles TO plain");
}

static void older_shapes(void **state)
{
    struct people *p = *state;
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare_result result;
    struct zm_error err;

    load(p);
    spoil(p);
    people_sql(p, DB_BRAIN, "ALTER TABLE public.user_subscriptions RENAME TO elsewhere");
    people_open(p, "postgres");
    compare(p, &lines, 0, &result);
    assert_true(result.without_subscriptions);
    assert_int_equal(result.subscriptions_err.kind, ZM_ERR_SHAPE);
    assert_int_equal(result.classes[DB_CLASS_SUBSCRIPTION_DIFFERS], 0);
    assert_truth(&result, DB_CLASS_SUBSCRIPTION_DIFFERS);
    people_sql(p, DB_BRAIN, "ALTER TABLE public.elsewhere RENAME TO user_subscriptions");
    people_sql(p, DB_BRAIN, "ALTER TABLE public.user_profiles RENAME TO elsewhere");
    people_open(p, "postgres");
    assert_true(fails(p, &lines, &err));
    assert_int_equal(err.kind, ZM_ERR_SHAPE);
    people_sql(p, DB_BRAIN, "ALTER TABLE public.elsewhere RENAME TO user_profiles");
    zm_buf_done(&lines.text);
}

/* The limit that only another way keeps is searched for. far: no cancel request is sent so far. */
static void compare_in_parts(struct people *p, bool far)
{
    static const int limits[] = {8, 11, 15, 20, 27, 36, 48, 64};
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare compare = lines_compare(p, &lines);
    struct db_compare_result result = {.streamed = false};
    bool in_parts = false;
    struct zm_error err = {.kind = ZM_ERR_NONE};
    size_t i;

    for (i = 0; i < 5 * ZM_COUNT(limits) && !in_parts; i++) {
        compare.limit_ms = limits[i % ZM_COUNT(limits)];
        lines.text.len = 0;
        people_open(p, "postgres");
        p->session.link[DB_BRAIN]->local = p->session.link[DB_BOT]->local = !far;
        in_parts = db_compare_run(&compare, &result, &err) && (result.streamed || result.pieces);
        if (!in_parts && err.kind != ZM_ERR_NONE && err.kind != ZM_ERR_TIMEOUT)
            fail_msg("%d ms: %s: %s", compare.limit_ms, err.what, err.message);
    }
    assert_true(in_parts);
    assert_truth(&result, DB_CLASSES);
    zm_buf_done(&lines.text);
}

/* They are added up in pieces, or else the rows come in the order of an index. */
static void too_large_for_sums(void **state)
{
    struct people *p = *state;

    load(p);
    spoil(p);
    people_sql(p, DB_BRAIN, "CREATE INDEX p1 ON public.user_profiles (user_id)");
    people_sql(p, DB_BRAIN, "CREATE INDEX s1 ON public.user_subscriptions (user_id)");
    people_sql(p, DB_BOT, "CREATE INDEX IF NOT EXISTS t ON public.user_trading_profiles (user_id)");
    compare_in_parts(p, false);
    compare_in_parts(p, true);
    people_sql(p, DB_BRAIN, "DROP INDEX public.p1; DROP INDEX public.s1");
}

/* ---- how it ends ---- */

static void halt_bot(struct lines *lines, enum db_compare_phase phase)
{
    struct people *p = lines->context;

    if (phase == DB_COMPARE_ROWS && lines->phase != phase)
        cluster_halt(&p->cluster[DB_BOT]);
}

static void lost_in_the_middle(void **state)
{
    struct people *p = *state;
    struct lines lines = {.text = {.s = NULL}, .at_phase = halt_bot, .context = p};
    struct db_compare_result result;
    struct zm_error err;

    load(p);
    spoil(p);
    people_open(p, "postgres");
    assert_true(fails(p, &lines, &err));
    assert_int_equal(err.kind, ZM_ERR_LOST);
    assert_string_equal(err.where, "ZmartBot");
    assert_null(lines.text.s);
    assert_true(fails(p, &lines, &err)); /* away: an error, not "nothing is there" */
    cluster_resume(&p->cluster[DB_BOT]);
    people_open(p, "postgres");
    lines.at_phase = NULL;
    compare(p, &lines, 0, &result);
    assert_truth(&result, DB_CLASSES);
    zm_buf_done(&lines.text);
}

static bool no_more(void *context)
{
    return ((struct lines *)context)->phase == DB_COMPARE_GRACE;
}

static void cancelled(void **state)
{
    struct people *p = *state;
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare compare = lines_compare(p, &lines);
    struct db_compare_result result;
    int64_t began = zm_now_ms();
    struct zm_error err;

    people_open(p, "postgres");
    compare.grace_ms = 60000;
    compare.stopped = no_more;
    assert_false(db_compare_run(&compare, &result, &err));
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
    assert_true(zm_now_ms() - began < 20000);
    compare.grace_ms = 0;
    compare.stopped = NULL;
    assert_true(db_compare_run(&compare, &result, &err)); /* the links are as before */
    zm_buf_done(&lines.text);
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
        cmocka_unit_test(every_class),        cmocka_unit_test(many_deleted),
        cmocka_unit_test(half_restored),      cmocka_unit_test(settling),
        cmocka_unit_test(hidden_rows),        cmocka_unit_test(older_shapes),
        cmocka_unit_test(lost_in_the_middle), cmocka_unit_test(cancelled),
        cmocka_unit_test(too_large_for_sums), cmocka_unit_test(while_written),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
