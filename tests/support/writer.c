/*
 * The person that write tests change.
 */
#include "writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/least.h"
#include "support/process.h"
#include "zm/arena.h"
#include "zm/str.h"

void writer_start(struct writer *w, const char *role, bool pooled)
{
    memset(w, 0, sizeof(*w));
    people_start(&w->people, true, NULL);
    least_privilege_people(&w->people);
    db_operator_self(&w->who, "test");
    zm_copy(w->spool.directory, sizeof(w->spool.directory), "/tmp/zms.XXXXXX");
    process_make_dir(w->spool.directory);
    w->terms = (struct db_terms){.policy = &w->people.policy, .who = &w->who, .spool = &w->spool};
    writer_as(w, role, pooled);
}

void writer_as(struct writer *w, const char *role, bool pooled)
{
    int side;

    for (side = 0; pooled && !w->pooled && side < DB_SIDES; side++)
        bouncer_start(&w->bouncer[side], w->people.cluster[side].directory,
                      w->people.cluster[side].port, "transaction", 4);
    w->role = role;
    w->pooled = pooled;
    writer_open(w);
}

void writer_done(struct writer *w)
{
    const char *const remove[] = {"rm", "-rf", w->spool.directory, NULL};
    int side;

    db_session_close(&w->people.session);
    for (side = 0; side < DB_SIDES; side++)
        bouncer_stop(&w->bouncer[side]);
    process_run(remove);
    people_done(&w->people);
}

void writer_open(struct writer *w)
{
    struct people *p = &w->people;
    struct zm_error err;
    int side;

    db_session_close(&p->session);
    for (side = 0; side < DB_SIDES; side++) {
        cluster_target(&p->cluster[side], (enum db_side)side, w->role, p->options[side],
                       &p->targets[side]);
        if (!w->pooled)
            continue;
        p->options[side][0].value = w->bouncer[side].directory;
        p->options[side][1].value = BOUNCER_PORT;
    }
    if (!db_session_open(&p->session, p->targets, &err))
        fail_msg("%s; %s", err.message, err.hint);
}

void writer_sql(const struct writer *w, enum db_side side, const char *sql)
{
    people_sql(&w->people, side, sql);
}

const char *writer_value(const struct writer *w, enum db_side side, const char *sql)
{
    return cluster_value(&w->people.cluster[side], sql);
}

static const char *const clean[DB_SIDES] = {
    "DROP TRIGGER IF EXISTS test_trigger ON public.user_profiles;"
    "DROP TRIGGER IF EXISTS test_trigger ON public.user_subscriptions;"
    "ALTER TABLE public.user_profiles DROP CONSTRAINT IF EXISTS test_check;"
    "ALTER TABLE public.user_subscriptions DROP CONSTRAINT IF EXISTS test_check;",
    "DROP TRIGGER IF EXISTS test_trigger ON public.user_trading_profiles;"
    "ALTER TABLE public.user_trading_profiles DROP CONSTRAINT IF EXISTS test_check;"};

void writer_fresh(struct writer *w)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        writer_sql(w, (enum db_side)side, clean[side]);
    people_clear(&w->people);
    writer_sql(w, DB_BRAIN,
               "INSERT INTO auth.users (id, email) VALUES (pid(1), 'ana@example.com');"
               "INSERT INTO public.user_profiles (user_id, tier, name)"
               " VALUES (pid(1), 'free', 'Ana');"
               "INSERT INTO public.user_subscriptions (user_id, tier) VALUES (pid(1), 'free')");
    writer_sql(w, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
               " VALUES (pid(1), 'ana@example.com', 'free')");
}

const char *writer_state(const struct writer *w, char *dst, size_t size)
{
    char brain[256];

    zm_copy(
        brain, sizeof(brain),
        writer_value(w, DB_BRAIN,
                     "SELECT (SELECT coalesce(string_agg(coalesce(tier, 'NULL'), '+'), '-')"
                     "          FROM public.user_profiles WHERE user_id = pid(1)) || '|' ||"
                     "       (SELECT coalesce(string_agg(tier || ':' || status, '+'"
                     "               ORDER BY status, started_at), '-')"
                     "          FROM public.user_subscriptions WHERE user_id = pid(1)) || '|' ||"
                     "       (SELECT count(*) FROM public.user_activity"
                     "         WHERE action <> 'zmartctl.result')"));
    snprintf(dst, size, "%s|%s", brain,
             writer_value(w, DB_BOT,
                          "SELECT coalesce(string_agg(coalesce(tier, 'NULL') || ',' ||"
                          "       trading_enabled || ',' || api_access, '+'), '-')"
                          "  FROM public.user_trading_profiles WHERE user_id = pid(1)"));
    return dst;
}

static struct db_edit edit_of(enum db_action action)
{
    struct db_edit edit = {.action = action, .create_trader = action == DB_ACTION_TIER};

    edit.reason = "T-1";
    zm_copy(edit.user_id, sizeof(edit.user_id), WRITER_PERSON);
    db_request_new(edit.request);
    return edit;
}

struct db_edit writer_tier(const char *seen, const char *to)
{
    struct db_edit edit = edit_of(DB_ACTION_TIER);

    db_values_set(&edit.want, DB_ITEM_TIER, to);
    if (seen)
        db_values_set(&edit.seen, DB_ITEM_TIER, seen);
    return edit;
}

struct db_edit writer_flag(enum db_item item, bool on)
{
    struct db_edit edit = edit_of(item == DB_ITEM_API ? DB_ACTION_API : DB_ACTION_TRADING);

    db_values_set_flag(&edit.want, item, on);
    return edit;
}

void writer_run(struct writer *w, const struct db_edit *edit, enum db_result expected,
                struct db_written *ret)
{
    db_session_connect(&w->people.session);
    db_write(&w->people.session, &w->terms, edit, ret);
    if (ret->result != expected)
        fail_msg("%s and not %s: %s", db_result_key(ret->result), db_result_key(expected),
                 ret->message);
}

void writer_assert_state(const struct writer *w, const char *expected)
{
    char text[512];

    assert_string_equal(writer_state(w, text, sizeof(text)), expected);
}

void writer_refused(struct writer *w, const struct db_edit *edit, enum db_result result,
                    const char *words, const char *state)
{
    struct db_written out;

    writer_run(w, edit, result, &out);
    if (!strstr(out.message, words))
        fail_msg("'%s' is not in: %s", words, out.message);
    assert_false(out.changed);
    writer_assert_state(w, state);
    db_written_done(&out);
}

void writer_done_with(struct writer *w, const struct db_edit *edit, const char *state)
{
    struct db_written out;

    writer_run(w, edit, DB_RESULT_DONE, &out);
    assert_true(out.changed);
    writer_assert_state(w, state);
    db_written_done(&out);
}

int writer_setup(void **state)
{
    writer_fresh(*state);
    return 0;
}

int writer_run_tests(const struct CMUnitTest *tests, size_t n)
{
    static const struct {
        const char *name, *role;
        bool pooled;
    } ways[] = {
        {"owner", "postgres", false}, {"operator", "op_olga", false}, {"pooled", "op_olga", true}};
    struct CMUnitTest *with_state = zm_calloc(n, sizeof(*with_state));
    struct writer w;
    size_t i, way;
    int failed = 0;

    writer_start(&w, ways[0].role, ways[0].pooled);
    memcpy(with_state, tests, n * sizeof(*tests));
    for (i = 0; i < n; i++)
        with_state[i].initial_state = &w;
    for (way = 0; way < ZM_COUNT(ways); way++) {
        writer_as(&w, ways[way].role, ways[way].pooled);
        failed += _cmocka_run_group_tests(ways[way].name, with_state, n, NULL, NULL);
    }
    writer_done(&w);
    free(with_state);
    return failed;
}
