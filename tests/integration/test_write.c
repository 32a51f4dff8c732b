/*
 * The protocol of a write on two real servers: what is stored, what is journalled, and what is said
 * when it may not or cannot be done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/operator.h"
#include "db/write.h"
#include "support/people.h"
#include "zm/str.h"

#define PERSON_1 "00000000-0000-4000-8000-000000000001"

struct rig {
    struct people people;
    struct db_operator who;
    struct db_terms terms;
};

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));

    people_start(&rig->people, true, NULL);
    people_open(&rig->people, "postgres");
    db_operator_self(&rig->who, "test");
    rig->terms = (struct db_terms){.policy = &rig->people.policy, .who = &rig->who};
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;

    people_done(&rig->people);
    free(rig);
    return 0;
}

/* Person 1, tier free in both, an active subscription, trading off. */
static int fresh(void **state)
{
    const struct people *p = &((struct rig *)*state)->people;

    people_clear(p);
    people_sql(p, DB_BRAIN,
               "INSERT INTO auth.users (id, email) VALUES (pid(1), 'ana@example.com');"
               "INSERT INTO public.user_profiles (user_id, tier, name) VALUES (pid(1), 'free', "
               "'Ana');"
               "INSERT INTO public.user_subscriptions (user_id, tier) VALUES (pid(1), 'free')");
    people_sql(p, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier) "
               "VALUES (pid(1), 'ana@example.com', 'free')");
    return 0;
}

static const char *value(const struct rig *rig, enum db_side side, const char *sql)
{
    return cluster_value(&rig->people.cluster[side], sql);
}

static struct db_edit tier_edit(const char *from, const char *to)
{
    struct db_edit edit = {.action = DB_ACTION_TIER, .create_trader = true, .reason = "paid"};

    zm_copy(edit.user_id, sizeof(edit.user_id), PERSON_1);
    db_values_set(&edit.want, DB_ITEM_TIER, to);
    if (from)
        db_values_set(&edit.seen, DB_ITEM_TIER, from);
    db_request_new(edit.request);
    return edit;
}

static void run(struct rig *rig, const struct db_edit *edit, struct db_written *ret)
{
    db_session_connect(&rig->people.session);
    db_write(&rig->people.session, &rig->terms, edit, ret);
}

static void changes_both(void **state)
{
    struct rig *rig = *state;
    struct db_edit edit = tier_edit("free", "pro");
    struct db_written out;

    run(rig, &edit, &out);
    if (out.result != DB_RESULT_DONE)
        fail_msg("%s", out.message);
    assert_true(out.changed);
    assert_string_equal(out.after.text[DB_ITEM_TIER], "pro");
    assert_string_equal(out.after.text[DB_ITEM_BOT_TIER], "pro");
    assert_string_equal(value(rig, DB_BRAIN, "SELECT tier FROM public.user_profiles"), "pro");
    assert_string_equal(value(rig, DB_BOT, "SELECT tier FROM public.user_trading_profiles"), "pro");
    assert_string_equal(value(rig, DB_BRAIN,
                              "SELECT string_agg(tier || ' ' || status || ' ' || (ended_at IS NOT "
                              "NULL), ',' ORDER BY status) FROM public.user_subscriptions"),
                        "pro active false,free ended true");
    assert_string_equal(
        value(rig, DB_BRAIN,
              "SELECT string_agg(action || ' ' || coalesce(metadata->>'old', '') || "
              "' ' || coalesce(metadata->>'outcome', ''), ',' ORDER BY action) "
              "FROM public.user_activity"),
        "zmartctl.result  done,zmartctl.tier_change free ");
    assert_string_equal(
        value(rig, DB_BRAIN, "SELECT id FROM public.user_activity WHERE action LIKE '%tier%'"),
        edit.request);
    db_written_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(changes_both, fresh),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
