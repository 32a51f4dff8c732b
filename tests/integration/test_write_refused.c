/*
 * Writes that a server objects to: constraints, triggers, locks, privileges, row security, limits.
 * Nothing may be changed on either side, and what is said names the reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/link.h"
#include "support/writer.h"
#include "zm/str.h"

static void check_constraint(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    writer_sql(w, DB_BOT,
               "ALTER TABLE public.user_trading_profiles ADD CONSTRAINT test_check"
               " CHECK (tier <> 'pro')");
    writer_refused(w, &edit, DB_RESULT_NOTHING_CHANGED, "test_check", WRITER_OLD);
}

static void closing_status_of_the_table(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    writer_sql(w, DB_BRAIN,
               "ALTER TABLE public.user_subscriptions ADD CONSTRAINT test_check"
               " CHECK (status IN ('active', 'cancelled'))");
    writer_open(w);
    writer_done_with(w, &edit, "pro|pro:active+free:cancelled|1|pro,false,false");
    writer_fresh(w);
    writer_open(w);
}

static void make_trigger(struct writer *w, enum db_side side, const char *table, const char *body,
                         bool deferred)
{
    char sql[1024];

    snprintf(sql, sizeof(sql),
             "CREATE OR REPLACE FUNCTION public.test_trigger() RETURNS trigger LANGUAGE plpgsql AS"
             " $$ BEGIN %s; RETURN NEW; END $$; CREATE %s TRIGGER test_trigger %s ON public.%s %s"
             " FOR EACH ROW EXECUTE FUNCTION public.test_trigger()",
             body, deferred ? "CONSTRAINT" : "", deferred ? "AFTER UPDATE" : "BEFORE UPDATE", table,
             deferred ? "DEFERRABLE INITIALLY DEFERRED" : "");
    writer_sql(w, side, sql);
}

static void triggers_that_raise(void **state)
{
    static const struct {
        enum db_side side;
        const char *table;
    } places[] = {{DB_BRAIN, "user_profiles"},
                  {DB_BRAIN, "user_subscriptions"},
                  {DB_BOT, "user_trading_profiles"}};
    struct writer *w = *state;
    size_t i;

    for (i = 0; i < 2 * ZM_COUNT(places); i++) {
        struct db_edit edit = writer_tier("free", "pro");

        writer_fresh(w);
        make_trigger(w, places[i / 2].side, places[i / 2].table, "RAISE EXCEPTION 'not today'",
                     i % 2 == 1);
        writer_refused(w, &edit, DB_RESULT_NOTHING_CHANGED, "not today", WRITER_OLD);
    }
}

static void trigger_that_rewrites(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    make_trigger(w, DB_BOT, "user_trading_profiles", "NEW.tier := 'free'", false);
    writer_refused(w, &edit, DB_RESULT_REFUSED, "stored free instead of pro", WRITER_OLD);
    writer_fresh(w);
    make_trigger(w, DB_BRAIN, "user_profiles", "NEW.tier := 'enterprise'", false);
    writer_refused(w, &edit, DB_RESULT_REFUSED, "stored enterprise instead of pro", WRITER_OLD);
    /* A token that a trigger writes is the token all the same. */
    writer_fresh(w);
    make_trigger(w, DB_BOT, "user_trading_profiles", "NEW.updated_at := '2001-01-01'", false);
    writer_done_with(w, &edit, "pro|pro:active+free:ended|1|pro,false,false");
}

/* The update succeeds, and changes nothing. */
static void trigger_that_skips(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    make_trigger(w, DB_BRAIN, "user_profiles", "RETURN NULL", false);
    writer_refused(w, &edit, DB_RESULT_REFUSED, "changed 0 rows, not 1", WRITER_OLD);
    writer_fresh(w);
    make_trigger(w, DB_BOT, "user_trading_profiles", "RETURN NULL", false);
    writer_refused(w, &edit, DB_RESULT_REFUSED, "changed 0 rows, not 1", WRITER_OLD);
}

static void locked_by_somebody(void **state)
{
    static const char *const locks[DB_SIDES] = {
        "SET application_name = 'night job'; SELECT FROM public.user_profiles FOR UPDATE",
        "SET application_name = 'night job'; UPDATE public.user_trading_profiles SET tier = tier"};
    struct writer *w = *state;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        struct db_edit edit = writer_tier("free", "pro");
        struct pg_conn *other = cluster_hold(&w->people.cluster[side], locks[side]);

        writer_refused(w, &edit, DB_RESULT_NOTHING_CHANGED,
                       "role supabase_admin, application night job", WRITER_OLD);
        cluster_release(other);
    }
}

static void statement_timeout(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    make_trigger(w, DB_BOT, "user_trading_profiles", "PERFORM pg_sleep(30)", false);
    writer_refused(w, &edit, DB_RESULT_NOTHING_CHANGED, "timeout", WRITER_OLD);
}

static void cancelled(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");
    struct pg_conn *other = cluster_hold(&w->people.cluster[DB_BOT],
                                         "SELECT FROM public.user_trading_profiles FOR UPDATE");
    pthread_t thread;

    pthread_create(&thread, NULL, cluster_cancel_soon, w->people.session.link[DB_BOT]);
    writer_refused(w, &edit, DB_RESULT_NOTHING_CHANGED, "cancelled", WRITER_OLD);
    pthread_join(thread, NULL);
    db_link_rearm(w->people.session.link[DB_BOT]);
    cluster_release(other);
}

static void set_read_only(struct writer *w, const char *how)
{
    char sql[256];

    snprintf(sql, sizeof(sql),
             "ALTER ROLE %s %s; SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
             " WHERE usename = '%s'",
             w->role, how, w->role); /* a pool keeps sessions from before */
    writer_sql(w, DB_BOT, sql);
    writer_open(w);
}

static void read_only_server(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    set_read_only(w, "SET default_transaction_read_only = on");
    writer_refused(w, &edit, DB_RESULT_REFUSED, "read-only", WRITER_OLD);
    set_read_only(w, "RESET default_transaction_read_only");
}

static void privilege_taken_away(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    if (strcmp(w->role, "op_olga") != 0) /* an owner needs none */
        return;
    writer_sql(w, DB_BOT,
               "REVOKE UPDATE (tier) ON public.user_trading_profiles FROM zmart_operator");
    writer_refused(w, &edit, DB_RESULT_REFUSED, "user_trading_profiles", WRITER_OLD);
    writer_open(w);
    writer_refused(w, &edit, DB_RESULT_REFUSED,
                   "lacks UPDATE (tier) on public.user_trading_profiles", WRITER_OLD);
    writer_sql(w, DB_BOT, "GRANT UPDATE (tier) ON public.user_trading_profiles TO zmart_operator");
    writer_open(w);
}

static void hidden_by_row_security(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    if (strcmp(w->role, "op_olga") != 0)
        return;
    writer_sql(w, DB_BRAIN, "ALTER POLICY zc_tier ON public.user_profiles USING (false)");
    writer_refused(w, &edit, DB_RESULT_REFUSED, "row security", WRITER_OLD);
    writer_sql(w, DB_BRAIN, "ALTER POLICY zc_tier ON public.user_profiles USING (true)");
    writer_sql(w, DB_BOT, "ALTER POLICY zc_upd ON public.user_trading_profiles USING (false)");
    writer_refused(w, &edit, DB_RESULT_REFUSED,
                   "row security lets this role read his row and not change it", WRITER_OLD);
    writer_sql(w, DB_BOT, "ALTER POLICY zc_upd ON public.user_trading_profiles USING (true)");
}

/* A journal that could be written, but not read, is none. */
static void journal_of_an_older_shape(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    writer_sql(w, DB_BRAIN, "ALTER TABLE public.user_activity RENAME created_at TO test_old");
    writer_open(w);
    writer_refused(w, &edit, DB_RESULT_REFUSED,
                   "an older shape: there is no column public.user_activity(created_at)",
                   WRITER_OLD);
    writer_sql(w, DB_BRAIN, "ALTER TABLE public.user_activity RENAME test_old TO created_at");
    writer_open(w);
    if (strcmp(w->role, "op_olga") == 0) { /* she has no right to a new column */
        writer_fresh(w);
        return;
    }
    writer_sql(w, DB_BRAIN, /* a policy reads it: its type cannot be changed */
               "ALTER TABLE public.user_activity RENAME metadata TO test_old;"
               "ALTER TABLE public.user_activity ADD metadata text");
    writer_open(w);
    writer_refused(w, &edit, DB_RESULT_REFUSED,
                   "an older shape: public.user_activity(metadata) is text, not jsonb", WRITER_OLD);
    writer_sql(w, DB_BRAIN,
               "ALTER TABLE public.user_activity DROP metadata;"
               "ALTER TABLE public.user_activity RENAME test_old TO metadata");
    writer_open(w);
    writer_done_with(w, &edit, "pro|pro:active+free:ended|1|pro,false,false");
    writer_fresh(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(check_constraint, writer_setup),
        cmocka_unit_test_setup(closing_status_of_the_table, writer_setup),
        cmocka_unit_test_setup(triggers_that_raise, writer_setup),
        cmocka_unit_test_setup(trigger_that_rewrites, writer_setup),
        cmocka_unit_test_setup(trigger_that_skips, writer_setup),
        cmocka_unit_test_setup(locked_by_somebody, writer_setup),
        cmocka_unit_test_setup(statement_timeout, writer_setup),
        cmocka_unit_test_setup(cancelled, writer_setup),
        cmocka_unit_test_setup(read_only_server, writer_setup),
        cmocka_unit_test_setup(privilege_taken_away, writer_setup),
        cmocka_unit_test_setup(hidden_by_row_security, writer_setup),
        cmocka_unit_test_setup(journal_of_an_older_shape, writer_setup),
    };

    return writer_run_tests(tests, ZM_COUNT(tests));
}
