/*
 * One change for many users, on real servers: what becomes of each, what stops all, and that
 * running it again finishes the rest.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/bulk.h"
#include "write_people.h"
#include "zm/str.h"

#define PEOPLE 230 /* more than a page, and no whole batches */

struct heard {
    size_t settled[DB_RESULTS];
    size_t changed;
    char last[37];      /* the ids come in their order */
    char failed[8][37]; /* who failed, and why */
    char why[8][512];
    size_t n_failed;
};

struct bulk_run {
    struct writer *w;
    struct db_idset *set;
    struct db_bulk bulk;
    struct heard heard;
};

static void hear(void *context, const struct db_edit *edit, const struct db_user *user,
                 const struct db_written *written)
{
    struct heard *h = &((struct bulk_run *)context)->heard;

    (void)user;
    h->settled[written->result]++;
    h->changed += written->changed;
    zm_copy(h->last, sizeof(h->last), edit->user_id);
    if ((written->result == DB_RESULT_NOTHING_CHANGED || written->result == DB_RESULT_REFUSED) &&
        h->n_failed < 8) {
        zm_copy(h->failed[h->n_failed], 37, edit->user_id);
        zm_copy(h->why[h->n_failed++], 512, written->message);
    }
}

/* Persons 1..n; 1 is Ana of writer_fresh. */
static void begin(struct bulk_run *r, struct writer *w, int n, const char *tier)
{
    char id[37];
    struct zm_error err;

    memset(r, 0, sizeof(*r));
    r->w = w;
    r->set = db_idset_new();
    for (; n > 0; n--) {
        snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012d", n);
        assert_true(db_idset_add(r->set, id, &err));
    }
    assert_true(db_idset_freeze(r->set, &err));
    r->bulk.edit = writer_tier(NULL, tier);
    r->bulk.terms = &w->terms;
    r->bulk.set = r->set;
    r->bulk.stop_errors = 3;
    r->bulk.take = hear;
    r->bulk.context = r;
    db_session_connect(&w->people.session);
    db_bulk_begin(&r->bulk);
}

static void end(struct bulk_run *r)
{
    db_bulk_done(&r->bulk);
    db_idset_free(r->set);
}

static void step_all(struct bulk_run *r)
{
    while (db_bulk_step(&r->w->people.session, &r->bulk))
        ;
}

static void look_all(struct bulk_run *r)
{
    struct zm_error err;

    while (db_bulk_look(&r->w->people.session, &r->bulk, &err))
        ;
    if (err.kind != ZM_ERR_NONE)
        fail_msg("%s", err.message);
}

/* "done unchanged stale refused failed unknown not_tried" */
static void assert_counts(const struct bulk_run *r, enum db_bulk_state state, const char *expected)
{
    const struct db_bulk_counts *c = &r->bulk.counts;
    char text[128];

    snprintf(text, sizeof(text), "%zu %zu %zu %zu %zu %zu %zu", c->done, c->unchanged, c->stale,
             c->refused, c->failed, c->unknown, c->not_tried);
    if (strcmp(text, expected) != 0 || r->bulk.state != state)
        fail_msg("%s in state %d, not %s in %d: %s", text, (int)r->bulk.state, expected, (int)state,
                 r->bulk.err.message);
}

static long count_in(const struct writer *w, enum db_side side, const char *sql)
{
    return strtol(writer_value(w, side, sql), NULL, 10);
}

#define IN_BRAIN "SELECT count(*) FROM public.user_profiles WHERE tier = 'pro'"
#define IN_BOT "SELECT count(*) FROM public.user_trading_profiles WHERE tier = 'pro'"
#define INTENTS "SELECT count(*) FROM public.user_activity WHERE action = 'zmartctl.tier_change'"
#define RESULTS "SELECT count(*) FROM public.user_activity WHERE action = 'zmartctl.result'"

/* Both databases say pro for n people, each with one journal row and its result. */
static void assert_changed(const struct writer *w, long n)
{
    assert_int_equal(count_in(w, DB_BRAIN, IN_BRAIN), n);
    assert_int_equal(count_in(w, DB_BOT, IN_BOT), n);
    assert_int_equal(count_in(w, DB_BRAIN, INTENTS), n);
    assert_int_equal(count_in(w, DB_BRAIN, RESULTS), n);
    assert_int_equal(count_in(w, DB_BRAIN,
                              "SELECT count(*) FROM public.user_subscriptions"
                              " WHERE tier = 'pro' AND status = 'active'"),
                     n);
}

static struct writer *with_people(void **state)
{
    struct writer *w = *state;

    add_people(w, 2, PEOPLE);
    return w;
}

static void test_all_are_changed_and_then_are_so(void **state)
{
    struct bulk_run r;

    begin(&r, with_people(state), PEOPLE, "pro");
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "230 0 0 0 0 0 0");
    assert_int_equal(r.heard.changed, PEOPLE);
    assert_string_equal(r.heard.last, "00000000-0000-4000-8000-000000000230");
    end(&r);
    assert_changed(r.w, PEOPLE);
    begin(&r, r.w, PEOPLE, "pro");
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "0 230 0 0 0 0 0");
    end(&r);
    assert_changed(r.w, PEOPLE); /* nothing was journalled either */
}

static void test_empty_set(void **state)
{
    struct bulk_run r;

    begin(&r, *state, 0, "pro");
    look_all(&r);
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "0 0 0 0 0 0 0");
    end(&r);
}

/* Orphans, nobody, duplicates: refused one by one, and they hold up nobody. */
static void test_some_are_refused(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;
    size_t i;

    writer_sql(w, DB_BRAIN, "DELETE FROM auth.users WHERE id = pid(7)"); /* an orphan of Bot */
    writer_sql(w, DB_BRAIN,
               "INSERT INTO public.user_profiles (user_id, tier) VALUES (pid(60), 'free')");
    writer_sql(w, DB_BRAIN, "DELETE FROM auth.users WHERE id = pid(120)");
    writer_sql(w, DB_BOT, "DELETE FROM public.user_trading_profiles WHERE user_id = pid(120)");
    writer_sql(w, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'pro' WHERE user_id = pid(8)");
    writer_sql(w, DB_BOT, "DELETE FROM public.user_trading_profiles WHERE user_id = pid(200)");
    begin(&r, w, PEOPLE, "pro");
    look_all(&r);
    assert_int_equal(r.bulk.plan.change, PEOPLE - 4);
    assert_int_equal(r.bulk.plan.unchanged, 1);
    assert_int_equal(r.bulk.plan.refused, 3);
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "226 1 0 3 0 0 0");
    assert_int_equal(r.heard.n_failed, 3);
    assert_string_equal(r.heard.failed[0], "00000000-0000-4000-8000-000000000007");
    assert_non_null(strstr(r.heard.why[0], "orphan"));
    assert_non_null(strstr(r.heard.why[1], "2 profiles"));
    assert_non_null(strstr(r.heard.why[2], "nobody has this id"));
    for (i = 0; i < 3; i++)
        assert_non_null(strstr(r.heard.why[i], "nothing was changed"));
    assert_int_equal(count_in(w, DB_BRAIN, INTENTS), 226);
    assert_int_equal(count_in(w, DB_BOT,
                              "SELECT count(*) FROM public.user_trading_profiles"
                              " WHERE user_id = pid(200) AND tier = 'pro'"
                              " AND NOT trading_enabled AND NOT api_access"),
                     1); /* he had none, and has one now */
    end(&r);
}

/* Whoever changed after he was counted is left alone, whenever that was. */
static void test_changed_since_counted(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    begin(&r, w, PEOPLE, "pro");
    look_all(&r);
    assert_int_equal(r.bulk.plan.change, PEOPLE);
    writer_sql(w, DB_BRAIN,
               "UPDATE public.user_profiles SET tier = 'enterprise' WHERE user_id = pid(3)");
    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET trading_enabled = true"
               " WHERE user_id = pid(100)");
    assert_true(db_bulk_step(&w->people.session, &r.bulk)); /* reads the first page */
    writer_sql(w, DB_BRAIN,
               "UPDATE public.user_profiles SET tier = 'enterprise' WHERE user_id = pid(150)");
    writer_sql(w, DB_BRAIN,
               "UPDATE public.user_profiles SET tier = 'pro' WHERE user_id = pid(220)");
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "226 1 3 0 0 0 0");
    end(&r);
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT string_agg(tier, ' ' ORDER BY user_id) FROM"
                                     " public.user_profiles"
                                     " WHERE user_id IN (pid(3), pid(100), pid(150))"),
                        "enterprise free enterprise");
    assert_string_equal(writer_value(w, DB_BOT,
                                     "SELECT string_agg(tier, ' ' ORDER BY user_id) FROM"
                                     " public.user_trading_profiles"
                                     " WHERE user_id IN (pid(3), pid(100), pid(150))"),
                        "free free free");
}

static void test_expected_tier(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    writer_sql(w, DB_BRAIN,
               "UPDATE public.user_profiles SET tier = 'enterprise'"
               " WHERE user_id IN (pid(3), pid(4))");
    begin(&r, w, PEOPLE, "pro");
    r.bulk.expect = "free";
    look_all(&r);
    assert_int_equal(r.bulk.plan.stale, 2);
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "228 0 2 0 0 0 0");
    end(&r);
    begin(&r, w, PEOPLE, "pro"); /* again: what is done is so already */
    r.bulk.expect = "free";
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "0 228 2 0 0 0 0");
    end(&r);
}

/* Rows that the server refuses fail alone, and are named. */
static void test_bad_rows_fail_alone(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    writer_sql(w, DB_BOT,
               "ALTER TABLE public.user_trading_profiles ADD CONSTRAINT test_check CHECK"
               " (tier <> 'pro' OR user_id NOT IN (pid(20), pid(170)))");
    begin(&r, w, PEOPLE, "pro");
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "228 0 0 0 2 0 0");
    assert_int_equal(r.heard.n_failed, 2);
    assert_string_equal(r.heard.failed[0], "00000000-0000-4000-8000-000000000020");
    assert_string_equal(r.heard.failed[1], "00000000-0000-4000-8000-000000000170");
    assert_non_null(strstr(r.heard.why[0], "test_check"));
    end(&r);
    assert_changed(w, 228);
}

static void test_stops_after_three_errors(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    writer_sql(w, DB_BRAIN,
               "ALTER TABLE public.user_subscriptions ADD CONSTRAINT test_check CHECK"
               " (tier <> 'pro' OR user_id NOT IN (pid(60), pid(61), pid(62), pid(63)))");
    begin(&r, w, PEOPLE, "pro");
    step_all(&r);
    assert_counts(&r, DB_BULK_ERRORS, "59 0 0 0 3 0 168");
    assert_string_equal(r.bulk.culprit, "00000000-0000-4000-8000-000000000062");
    assert_false(db_bulk_step(&w->people.session, &r.bulk));
    end(&r);
    assert_changed(w, 59);
    begin(&r, w, PEOPLE, "pro");
    r.bulk.stop_errors = 0;
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "167 59 0 0 4 0 0");
    end(&r);
    assert_changed(w, 226);
}

/* What would go no better with the next row ends all of it. */
static void test_lost_privilege_ends_it(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    begin(&r, w, PEOPLE, "pro");
    assert_true(db_bulk_step(&w->people.session, &r.bulk));
    writer_sql(w, DB_BOT,
               "CREATE FUNCTION public.test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
               " RAISE insufficient_privilege; END $$;"
               "CREATE TRIGGER test_trigger BEFORE UPDATE ON public.user_trading_profiles"
               " FOR EACH ROW EXECUTE FUNCTION public.test_refuse()");
    step_all(&r);
    writer_sql(w, DB_BOT, "DROP FUNCTION public.test_refuse() CASCADE");
    assert_counts(&r, DB_BULK_BROKEN, "50 0 0 1 0 0 179");
    assert_int_equal(r.bulk.err.kind, ZM_ERR_PRIVILEGE);
    assert_string_equal(r.bulk.culprit, "00000000-0000-4000-8000-000000000051");
    end(&r);
    assert_changed(w, 50);
}

/* A trigger that rewrites the value of one of a batch: it is he who is named. */
static void test_rewritten_value_is_one_users(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    writer_sql(w, DB_BOT,
               "CREATE OR REPLACE FUNCTION public.test_trigger() RETURNS trigger LANGUAGE plpgsql"
               " AS $$ BEGIN IF NEW.user_id = pid(20) THEN NEW.tier := 'free'; END IF; RETURN NEW;"
               " END $$;"
               "CREATE TRIGGER test_trigger BEFORE UPDATE ON public.user_trading_profiles"
               " FOR EACH ROW EXECUTE FUNCTION public.test_trigger()");
    begin(&r, w, PEOPLE, "pro");
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "229 0 0 1 0 0 0");
    assert_string_equal(r.heard.failed[0], "00000000-0000-4000-8000-000000000020");
    assert_non_null(strstr(r.heard.why[0], "stored free instead of pro"));
    end(&r);
    assert_changed(w, PEOPLE - 1);
}

static void test_lost_connection_ends_it(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    if (w->pooled) /* a pooler takes another one, and nothing is lost */
        skip();
    begin(&r, w, PEOPLE, "pro");
    assert_true(db_bulk_step(&w->people.session, &r.bulk));
    writer_sql(w, DB_BOT,
               "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
               " WHERE usename <> 'supabase_admin' AND backend_type = 'client backend'");
    step_all(&r);
    assert_counts(&r, DB_BULK_BROKEN, "50 0 0 0 0 0 180");
    end(&r);
    assert_changed(w, 50);
    begin(&r, w, PEOPLE, "pro");
    step_all(&r);
    assert_counts(&r, DB_BULK_FINISHED, "180 50 0 0 0 0 0");
    end(&r);
    assert_changed(w, PEOPLE);
}

/* What is said is what happened, and not what became of the connection by it. */
static void test_frozen_server_ends_it(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;
    pid_t bot;

    if (w->pooled)
        skip();
    begin(&r, w, PEOPLE, "pro");
    assert_true(db_bulk_step(&w->people.session, &r.bulk));
    bot = cluster_backend(&w->people.cluster[DB_BOT]);
    assert_int_equal(kill(bot, SIGSTOP), 0);
    step_all(&r);
    kill(bot, SIGCONT);
    assert_counts(&r, DB_BULK_BROKEN, "50 0 0 0 0 0 180");
    assert_int_equal(r.bulk.err.kind, ZM_ERR_TIMEOUT);
    assert_non_null(strstr(r.bulk.err.message, "no answer"));
    end(&r);
    assert_changed(w, 50);
}

static void test_cancel_ends_it_between_batches(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    begin(&r, w, PEOPLE, "pro");
    assert_true(db_bulk_step(&w->people.session, &r.bulk));
    db_link_cancel(w->people.session.link[DB_BRAIN]);
    step_all(&r);
    db_link_rearm(w->people.session.link[DB_BRAIN]);
    assert_counts(&r, DB_BULK_CANCELLED, "50 0 0 0 0 0 180");
    end(&r);
    assert_changed(w, 50);
}

static void test_dry_run_changes_nothing(void **state)
{
    struct writer *w = with_people(state);
    struct bulk_run r;

    w->terms.dry_run = true;
    begin(&r, w, PEOPLE, "pro");
    step_all(&r);
    w->terms.dry_run = false;
    assert_counts(&r, DB_BULK_FINISHED, "230 0 0 0 0 0 0");
    end(&r);
    assert_changed(w, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_all_are_changed_and_then_are_so, writer_setup),
        cmocka_unit_test_setup(test_empty_set, writer_setup),
        cmocka_unit_test_setup(test_some_are_refused, writer_setup),
        cmocka_unit_test_setup(test_changed_since_counted, writer_setup),
        cmocka_unit_test_setup(test_expected_tier, writer_setup),
        cmocka_unit_test_setup(test_bad_rows_fail_alone, writer_setup),
        cmocka_unit_test_setup(test_stops_after_three_errors, writer_setup),
        cmocka_unit_test_setup(test_lost_privilege_ends_it, writer_setup),
        cmocka_unit_test_setup(test_rewritten_value_is_one_users, writer_setup),
        cmocka_unit_test_setup(test_lost_connection_ends_it, writer_setup),
        cmocka_unit_test_setup(test_frozen_server_ends_it, writer_setup),
        cmocka_unit_test_setup(test_cancel_ends_it_between_batches, writer_setup),
        cmocka_unit_test_setup(test_dry_run_changes_nothing, writer_setup),
    };

    return writer_run_tests(tests, ZM_COUNT(tests));
}
