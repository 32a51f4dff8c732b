/*
 * The table of steps as a whole: every key is there once, in its item and in order, and what a step
 * needs exists and comes before it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/checklist_store.h"
#include "zm/str.h"

/* 2.6 -> 2006 */
static long order_of(const char *key)
{
    char *end;
    long item = strtol(key, &end, 10), step = *end == '.' ? strtol(end + 1, &end, 10) : 0;

    if (*end || item < 1 || item > DB_ITEMS_OF_CHECKLIST || step < 0)
        fail_msg("'%s' is no key", key);
    return item * 1000 + step;
}

static void keys_are_in_order(void **state)
{
    const struct db_step *step;
    long last = 0;
    size_t i, n = 0;
    int item;

    (void)state;
    for (item = 1; item <= DB_ITEMS_OF_CHECKLIST; item++)
        for (i = 0; (step = db_step_at(item, i)) != NULL; i++, n++) {
            assert_int_equal(order_of(step->key) / 1000, item);
            if (order_of(step->key) <= last)
                fail_msg("%s is there twice, or after a later one", step->key);
            last = order_of(step->key);
            assert_ptr_equal(db_step_find(step->key), step);
            assert_non_null(step->check);
            assert_true(step->title[0] && step->why[0]);
        }
    assert_true(n > 0);
    assert_null(db_step_find("7.1"));
    assert_null(db_step_find("6"));
}

static void check_needs(const struct db_step *step)
{
    char text[64], *at = text, *key;

    zm_copy(text, sizeof(text), step->needs);
    while ((key = strtok_r(at, " ", &at)) != NULL) {
        if (!db_checklist_item_find(key) && !db_step_find(key))
            fail_msg("%s needs %s, which does not exist", step->key, key);
        if (order_of(key) >= order_of(step->key))
            fail_msg("%s needs %s, which comes later", step->key, key);
    }
}

static void needs_come_first(void **state)
{
    const struct db_step *step;
    size_t i;
    int item;

    (void)state;
    for (item = 1; item <= DB_ITEMS_OF_CHECKLIST; item++) {
        assert_true(db_checklist_item_title(item)[0]);
        for (i = 0; (step = db_step_at(item, i)) != NULL; i++)
            check_needs(step);
    }
}

static void items_have_numbers(void **state)
{
    (void)state;
    assert_int_equal(db_checklist_item_find("1"), 1);
    assert_int_equal(db_checklist_item_find("6"), 6);
    assert_int_equal(db_checklist_item_find("7"), 0);
    assert_int_equal(db_checklist_item_find("0"), 0);
    assert_int_equal(db_checklist_item_find("2.6"), 0);
    assert_int_equal(db_checklist_item_find(""), 0);
    assert_int_equal(db_checklist_item_find(NULL), 0);
}

static void waivers_end_on_a_day(void **state)
{
    static const char *const wrong[] = {
        "",           "soon",        "2099-02-30",          "2099-1-1", "2099-12-31x",
        "2020-01-01", "99999-01-01", "2099-12-31T00:00:00Z"};
    struct zm_error err;
    size_t i;

    (void)state;
    assert_true(db_checklist_until("2099-12-31", &err));
    for (i = 0; i < ZM_COUNT(wrong); i++) {
        if (db_checklist_until(wrong[i], &err))
            fail_msg("'%s' was taken for a day to come", wrong[i]);
        assert_int_equal(err.kind, ZM_ERR_USAGE);
    }
    assert_false(db_checklist_until(NULL, &err));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_in_order),
        cmocka_unit_test(needs_come_first),
        cmocka_unit_test(items_have_numbers),
        cmocka_unit_test(waivers_end_on_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
