/*
 * Plans applied to two real servers, as the owner of the tables, as an operator of least privilege,
 * and as one through a transaction pooler: what the comparison finds is mended and nothing else,
 * what changed since is left alone and said, and applying again changes nobody.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/compare.h"
#include "db/repair.h"
#include "support/writer.h"
#include "zm/str.h"

#define SAFE                                                                                       \
    (DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS) | DB_CLASS_BIT(DB_CLASS_EMAIL_DIFFERS) |                  \
     DB_CLASS_BIT(DB_CLASS_MISSING_IN_BOT) | DB_CLASS_BIT(DB_CLASS_MISSING_PROFILE) |              \
     DB_CLASS_BIT(DB_CLASS_FLAGS_EXCEED_TIER))
#define OPT_IN (DB_CLASS_BIT(DB_CLASS_DELETED_IN_BRAIN) | DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT))

/* Persons 1 to 14, each with a trouble of his own; 1 has none. Bot's rows are older than Brain's
 * but for 3, whose row somebody raised; the e-mail of 10 is longer than a line of a plan. */
static const char brain_people[] =
    "INSERT INTO auth.users (id, email, deleted_at) SELECT pid(n), CASE WHEN n <> 5 THEN"
    "  'p' || n || '@example.com' END, CASE WHEN n = 11 THEN now() END"
    "  FROM generate_series(2, 14) n WHERE n <> 12;"
    "INSERT INTO public.user_profiles (user_id, tier, updated_at) SELECT pid(n),"
    "  CASE WHEN n IN (2, 4, 10) THEN 'pro' ELSE 'free' END, '2026-11-01'"
    "  FROM generate_series(2, 14) n WHERE n NOT IN (7, 8, 12);"
    "INSERT INTO public.user_subscriptions (user_id, tier) SELECT user_id, tier"
    "  FROM public.user_profiles p WHERE tier <> 'free' AND NOT EXISTS (SELECT FROM"
    "  public.user_subscriptions s WHERE s.user_id = p.user_id)";
static const char bot_people[] =
    "INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled, api_access,"
    "  updated_at) SELECT pid(n), CASE n WHEN 4 THEN 'old' WHEN 5 THEN 'some'"
    "  WHEN 10 THEN repeat('x', 70000) ELSE 'p' END || n || '@example.com',"
    "  CASE n WHEN 3 THEN 'enterprise' WHEN 4 THEN 'pro' WHEN 14 THEN 'gold' ELSE 'free' END,"
    "  n IN (9, 11, 12), n IN (10, 12), CASE n WHEN 3 THEN timestamp '2026-11-20' ELSE"
    "  '2026-10-01' END FROM generate_series(2, 14) n WHERE n NOT IN (6, 8);"
    "INSERT INTO public.user_trading_profiles (user_id, email, tier) SELECT pid(13), 'twice', "
    "'free'";

struct made {
    struct db_plan_writer *writer;
    char last[37];
    struct zm_error err;
};

static bool found(void *context, const struct db_drift *drift)
{
    struct made *made = context;
    struct db_plan_row row = {drift->classified->classes, 0, *drift->both};
    int c;

    if (zm_streq(made->last, drift->both->id))
        return true;
    zm_copy(made->last, sizeof(made->last), drift->both->id);
    for (c = 0; c < DB_CLASSES; c++)
        if ((row.classes & DB_CLASS_BIT(c)) &&
            db_classified_mend(drift->classified, (enum db_class)c) == DB_MEND_HUMAN)
            row.human |= DB_CLASS_BIT(c);
    return db_plan_add(made->writer, &row, &made->err);
}

static void scan(struct writer *w, struct made *made, struct db_compare_result *ret)
{
    struct db_compare compare = {.scan = &w->people.session,
                                 .primary = &w->people.session,
                                 .policy = &w->people.policy,
                                 .classes = DB_CLASS_ALL,
                                 .grace_ms = 0,
                                 .limit_ms = DB_COMPARE_LIMIT_MS,
                                 .quick = made == NULL,
                                 .found = made ? found : NULL,
                                 .context = made};
    struct zm_error err;

    if (!db_compare_run(&compare, ret, &err))
        fail_msg("%s %s", err.message, err.detail);
}

/* Compares and saves what differs. */
static struct db_plan *plan(struct writer *w, struct db_compare_result *ret)
{
    struct made made = {.last = ""};
    struct db_plan_head head = {.by = "test", .label = "TEST"};
    struct db_plan *opened;
    char path[600];
    struct zm_error err;

    made.writer = db_plan_begin(w->spool.directory, &head, &err);
    assert_non_null(made.writer);
    scan(w, &made, ret);
    assert_true(db_plan_end(made.writer, path, sizeof(path), &err));
    opened = db_plan_open(path, NULL, NULL, &err);
    assert_non_null(opened);
    unlink(path);
    return opened;
}

struct said {
    struct zm_buf text; /* "2 done, 3 stale: ..." in the order in which they were settled */
};

static void take(void *context, const struct db_plan_row *row, const struct db_written *written)
{
    struct said *said = context;

    zm_buf_printf(&said->text, "%s%ld %s%s", said->text.len ? ", " : "",
                  strtol(row->seen.id + 24, NULL, 10), db_result_key(written->result),
                  written->result == DB_RESULT_DONE && !written->changed ? " (so already)" : "");
}

static struct db_repair_counts apply(struct writer *w, struct db_plan *made, unsigned classes,
                                     struct said *said)
{
    struct db_repair repair = {.terms = &w->terms,
                               .plan = made,
                               .classes = classes,
                               .reason = "nightly",
                               .take = take,
                               .context = said};
    struct db_repair_counts counts;
    struct zm_error err;

    said->text.len = 0;
    zm_buf_puts(&said->text, "");
    assert_true(db_repair_begin(&repair, &err));
    while (db_repair_step(&w->people.session, &repair))
        ;
    counts = repair.counts;
    if (repair.state != DB_REPAIR_FINISHED)
        fail_msg("%s %s (%s)", repair.err.message, repair.err.detail, said->text.s);
    db_repair_done(&repair);
    return counts;
}

static int populate(void **state)
{
    struct writer *w = *state;

    if (writer_setup(state) != 0)
        return -1;
    w = *state;
    writer_sql(w, DB_BRAIN, brain_people);
    writer_sql(w, DB_BOT, bot_people);
    writer_sql(w, DB_BRAIN, "ANALYZE");
    writer_sql(w, DB_BOT, "ANALYZE");
    return 0;
}

static void assert_bot(const struct writer *w, int n, const char *expected)
{
    char sql[300];

    (void)snprintf(sql, sizeof(sql),
                   "SELECT concat_ws(',', email, tier, trading_enabled, api_access)"
                   " FROM public.user_trading_profiles WHERE user_id = pid(%d)",
                   n);
    assert_string_equal(writer_value(w, DB_BOT, sql), expected);
}

static const char journal[] =
    "SELECT count(*) || ' ' || count(DISTINCT metadata->>'subject') FROM public.user_activity"
    " WHERE action = 'zmartctl.repair' AND metadata->>'reason' = 'nightly'";

/* ---- tests ---- */

static void the_safe_lane_is_mended_and_nothing_else(void **state)
{
    struct writer *w = *state;
    struct db_compare_result result;
    struct db_plan *made = plan(w, &result);
    struct db_repair_counts counts;
    struct said said = {.text = {.s = NULL}};

    counts = apply(w, made, SAFE, &said);
    assert_string_equal(said.text.s,
                        "2 done, 4 done, 5 done, 6 done, 7 done, 8 done, 9 done, 10 done");
    assert_int_equal(counts.done, 8);
    assert_int_equal(counts.not_tried, 0);
    assert_bot(w, 2, "p2@example.com,pro,f,f");
    assert_bot(w, 3, "p3@example.com,enterprise,f,f"); /* raised in Bot: a human decides */
    assert_bot(w, 4, "p4@example.com,pro,f,f");
    assert_bot(w, 5, ",free,f,f");
    assert_bot(w, 6, "p6@example.com,free,f,f");
    assert_bot(w, 8, "p8@example.com,free,f,f");
    assert_bot(w, 9, "p9@example.com,free,f,f");
    assert_bot(w, 10, "p10@example.com,pro,f,f");
    assert_bot(w, 11, "p11@example.com,free,t,f");
    assert_bot(w, 12, "p12@example.com,free,t,t");
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT string_agg(tier, ',') FROM public.user_profiles"
                                     " WHERE user_id IN (pid(7), pid(8))"),
                        "free,free");
    assert_string_equal(writer_value(w, DB_BRAIN, journal), "8 8");
    db_plan_close(made);
    made = plan(w, &result);
    assert_int_equal(result.classes[DB_CLASS_TIER_DIFFERS], 1);
    assert_int_equal(result.classes[DB_CLASS_EMAIL_DIFFERS], 0);
    assert_int_equal(result.classes[DB_CLASS_MISSING_IN_BOT], 0);
    assert_int_equal(result.classes[DB_CLASS_MISSING_PROFILE], 0);
    assert_int_equal(result.classes[DB_CLASS_FLAGS_EXCEED_TIER], 0);
    assert_int_equal(result.classes[DB_CLASS_DELETED_IN_BRAIN], 1);
    assert_int_equal(result.classes[DB_CLASS_ORPHAN_IN_BOT], 1);
    assert_int_equal(result.classes[DB_CLASS_DUPLICATE_IN_BOT], 1);
    assert_int_equal(result.classes[DB_CLASS_INVALID_TIER], 1);
    counts = apply(w, made, SAFE, &said);
    assert_string_equal(said.text.s, "");
    assert_string_equal(writer_value(w, DB_BRAIN, journal), "8 8");
    zm_buf_done(&said.text);
    db_plan_close(made);
}

static void rights_of_nobody_go_on_request(void **state)
{
    struct writer *w = *state;
    struct db_compare_result result;
    struct db_plan *made = plan(w, &result);
    struct said said = {.text = {.s = NULL}};

    apply(w, made, OPT_IN, &said);
    assert_string_equal(said.text.s, "11 done, 12 done");
    assert_bot(w, 11, "p11@example.com,free,f,f");
    assert_bot(w, 12, "p12@example.com,free,f,f");
    assert_bot(w, 2, "p2@example.com,free,f,f");
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT count(*) || ' ' || count(user_id) FROM"
                                     " public.user_activity WHERE action = 'zmartctl.repair'"),
                        "2 1"); /* the orphan has no login that the journal could refer to */
    zm_buf_done(&said.text);
    db_plan_close(made);
}

/* The same plan again: whoever was mended is so already, without another journal row. */
static void applying_again_changes_nobody(void **state)
{
    struct writer *w = *state;
    struct db_compare_result result;
    struct db_plan *made;
    struct said said = {.text = {.s = NULL}};
    struct db_repair_counts counts;

    writer_sql(w, DB_BOT, /* a tier that is left to a person, beside a profile that is made */
               "UPDATE public.user_trading_profiles SET tier = 'premium' WHERE user_id = pid(7)");
    made = plan(w, &result);
    apply(w, made, SAFE | OPT_IN, &said);
    db_plan_rewind(made);
    counts = apply(w, made, SAFE | OPT_IN, &said);
    assert_int_equal(counts.done, 0);
    assert_int_equal(counts.failed + counts.unknown, 0);
    assert_int_equal(counts.unchanged, 10);
    assert_string_equal(writer_value(w, DB_BRAIN, journal), "10 10");
    zm_buf_done(&said.text);
    db_plan_close(made);
}

/* Where every user has to be looked for in the whole of a large table, fewer go into a batch. */
static void without_an_index_batches_are_small(void **state)
{
    static const char batches[] =
        "SELECT count(DISTINCT xmin::text) FROM public.user_activity WHERE"
        " action = 'zmartctl.repair'";
    struct writer *w = *state;
    struct db_compare_result result;
    struct db_plan *made;
    struct said said = {.text = {.s = NULL}};

    writer_sql(w, DB_BRAIN,
               "DROP INDEX IF EXISTS public.user_profiles_user_id_idx; UPDATE pg_class"
               " SET reltuples = 5e6 WHERE oid = 'auth.users'::regclass");
    writer_open(w);
    assert_string_equal(db_bulk_slow(&w->people.session), "user_profiles_user_id_idx");
    made = plan(w, &result);
    assert_int_equal(apply(w, made, SAFE, &said).done, 8);
    assert_string_equal(writer_value(w, DB_BRAIN, batches), "4");
    writer_sql(w, DB_BRAIN,
               "CREATE INDEX user_profiles_user_id_idx ON public.user_profiles (user_id)");
    writer_open(w);
    assert_null(db_bulk_slow(&w->people.session));
    zm_buf_done(&said.text);
    db_plan_close(made);
}

/* Each of these happened after the plan was made. */
static void what_changed_since_is_left_alone(void **state)
{
    struct writer *w = *state;
    struct db_compare_result result;
    struct db_plan *made = plan(w, &result);
    struct said said = {.text = {.s = NULL}};
    struct db_repair_counts counts;

    writer_sql(w, DB_BRAIN,
               "UPDATE public.user_profiles SET tier = 'enterprise' WHERE user_id = pid(2);"
               "UPDATE auth.users SET email = 'new4@example.com' WHERE id = pid(4);"
               "INSERT INTO public.user_profiles (user_id, tier) VALUES (pid(7), 'pro');"
               "DELETE FROM auth.users WHERE id = pid(8);"
               "INSERT INTO auth.users (id, email) VALUES (pid(12), 'back@example.com');"
               "UPDATE auth.users SET deleted_at = NULL WHERE id = pid(11)");
    writer_sql(w, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email) VALUES (pid(6), 'x');"
               "UPDATE public.user_trading_profiles SET trading_enabled = false"
               " WHERE user_id = pid(9);"
               "UPDATE public.user_trading_profiles SET tier = 'pro' WHERE user_id = pid(10)");
    counts = apply(w, made, SAFE | OPT_IN, &said);
    assert_string_equal(said.text.s, "2 stale, 4 stale, 5 done, 6 stale, 7 stale, 8 stale,"
                                     " 9 done (so already), 10 stale, 11 stale, 12 stale");
    assert_int_equal(counts.skipped, 8);
    assert_bot(w, 12, "p12@example.com,free,t,t");
    assert_bot(w, 6, "x,free,f,f");
    zm_buf_done(&said.text);
    db_plan_close(made);
}

/* One row that its table refuses: it is named, and the others are mended. */
static void a_bad_row_holds_up_nobody(void **state)
{
    struct writer *w = *state;
    struct db_compare_result result;
    struct db_plan *made = plan(w, &result);
    struct said said = {.text = {.s = NULL}};
    struct db_repair_counts counts;

    writer_sql(w, DB_BOT,
               "ALTER TABLE public.user_trading_profiles ADD CONSTRAINT odd"
               " CHECK (user_id <> pid(4) OR email LIKE 'old%')");
    counts = apply(w, made, SAFE, &said);
    assert_string_equal(said.text.s, "2 done, 4 nothing_changed, 5 done, 6 done, 7 done, 8 done,"
                                     " 9 done, 10 done");
    assert_int_equal(counts.failed, 1);
    assert_int_equal(counts.done, 7);
    assert_string_equal(writer_value(w, DB_BRAIN, journal), "7 7");
    writer_sql(w, DB_BOT, "ALTER TABLE public.user_trading_profiles DROP CONSTRAINT odd");
    zm_buf_done(&said.text);
    db_plan_close(made);
}

/* With a side away nothing is begun, and rights are not taken by the way of the spool either. */
static void a_side_that_is_away_ends_it(void **state)
{
    struct writer *w = *state;
    struct db_compare_result result;
    struct db_plan *made = plan(w, &result);
    struct said said = {.text = {.s = NULL}};
    struct db_repair repair = {.terms = &w->terms,
                               .plan = made,
                               .classes = SAFE | OPT_IN,
                               .reason = "nightly",
                               .take = take,
                               .context = &said};
    struct zm_error err;

    zm_buf_puts(&said.text, "");
    db_link_close(w->people.session.link[DB_BRAIN]);
    zm_error_set(&w->people.session.err[DB_BRAIN], ZM_ERR_CONNECT, "ZmartyBrain", "connect",
                 "away");
    assert_true(db_repair_begin(&repair, &err));
    assert_int_equal(repair.counts.not_tried, 10);
    while (db_repair_step(&w->people.session, &repair))
        ;
    if (repair.state == DB_REPAIR_FINISHED) { /* it was connected again, as a write may */
        assert_int_equal(repair.counts.done, 10);
    } else {
        assert_int_equal(repair.state, DB_REPAIR_BROKEN);
        assert_int_equal(repair.counts.not_tried, 10);
        assert_true(repair.err.message[0]);
        assert_bot(w, 12, "p12@example.com,free,t,t");
    }
    db_repair_done(&repair);
    zm_buf_done(&said.text);
    db_plan_close(made);
    writer_open(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_safe_lane_is_mended_and_nothing_else, populate),
        cmocka_unit_test_setup(rights_of_nobody_go_on_request, populate),
        cmocka_unit_test_setup(applying_again_changes_nobody, populate),
        cmocka_unit_test_setup(without_an_index_batches_are_small, populate),
        cmocka_unit_test_setup(what_changed_since_is_left_alone, populate),
        cmocka_unit_test_setup(a_bad_row_holds_up_nobody, populate),
        cmocka_unit_test_setup(a_side_that_is_away_ends_it, populate),
    };

    return writer_run_tests(tests, ZM_COUNT(tests));
}
