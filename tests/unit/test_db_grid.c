/*
 * Sums by bucket: what differs, who is alone in differing, and dividing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "db/compare_grid.h"
#include "db/compare_work.h"

/* A user as both of his fields and his place; the bucket is the hash without it. */
static void add(struct db_grid *grid, enum db_side side, uint32_t hash, int64_t large,
                int64_t small, bool take_out)
{
    struct db_sums row = {.bucket = hash & DB_COMPARE_FINEST,
                          .users = 1,
                          .large = large,
                          .small = small,
                          .placed = small * (int64_t)(hash >> DB_PLACE_SHIFT & DB_PLACE_MASK)};
    const struct db_rows rows = {.items = &row, .n = 1};

    db_grid_add(grid, side, &rows, take_out);
}

static void assert_picks(const struct db_grid *grid, const char *hashes, const char *others,
                         size_t n)
{
    struct zm_buf a = {.s = NULL}, b = {.s = NULL};

    assert_int_equal(db_grid_pick(grid, &a, &b), n);
    assert_string_equal(a.s, hashes);
    assert_string_equal(b.s, others);
    zm_buf_done(&a);
    zm_buf_done(&b);
}

static void equal_is_nothing(void **state)
{
    struct db_grid grid;
    uint32_t i;

    (void)state;
    db_grid_begin(&grid, 16);
    for (i = 0; i < 500; i++) {
        add(&grid, DB_BRAIN, i * 2654435761U, i * 7, i * 3, false);
        add(&grid, DB_BOT, i * 2654435761U, i * 7, i * 3, false);
    }
    assert_int_equal(db_grid_count_differing(&grid), 0);
    assert_picks(&grid, "{}", "{}", 0);
    db_grid_done(&grid);
}

/* Missing in Bot, there only, and of another value: all three are named among equal ones. */
static void names_who_is_alone(void **state)
{
    const uint32_t missing = 5U << 16 | 3, orphan = 0x7fffU << 16 | 9, other = 0U << 16 | 12;
    struct db_grid grid;
    uint32_t i;
    char expected[80];

    (void)state;
    db_grid_begin(&grid, 16);
    for (i = 0; i < 500; i++) {
        add(&grid, DB_BRAIN, i * 2654435761U, i, i * 3, false);
        add(&grid, DB_BOT, i * 2654435761U, i, i * 3, false);
    }
    add(&grid, DB_BRAIN, missing, 1, 41000, false);
    add(&grid, DB_BOT, orphan, 1, 41000, false);
    add(&grid, DB_BRAIN, other, 77, 10, false);
    add(&grid, DB_BOT, other, 77, 4000, false);
    snprintf(expected, sizeof(expected), "{%u,%u,%u}", missing, orphan, other);
    assert_picks(&grid, expected, "{}", 0);
    add(&grid, DB_BRAIN, missing, 1, 41000, true);
    add(&grid, DB_BOT, orphan, 1, 41000, true);
    assert_int_equal(db_grid_count_differing(&grid), 1);
    db_grid_done(&grid);
}

/* Two in one bucket, and one whose small field happens to agree, are of the other buckets. */
static void says_who_is_not_alone(void **state)
{
    struct db_grid grid;

    (void)state;
    db_grid_begin(&grid, 16);
    add(&grid, DB_BRAIN, 5U << 16 | 3, 1, 1000, false);
    add(&grid, DB_BRAIN, 6U << 16 | 3, 1, 999, false);
    add(&grid, DB_BRAIN, 7U << 16 | 4, 1, 10, false);
    add(&grid, DB_BOT, 7U << 16 | 4, 2, 10, false);
    assert_picks(&grid, "{}", "{3,4}", 2);
    db_grid_done(&grid);
}

/* Two who look like one: what is found is taken out, and the bucket still differs. */
static void a_wrong_guess_is_seen(void **state)
{
    const uint32_t guess = 6U << 16 | 3;
    struct db_grid grid;
    char expected[32];

    (void)state;
    db_grid_begin(&grid, 16);
    add(&grid, DB_BRAIN, 5U << 16 | 3, 1, 1000, false);
    add(&grid, DB_BRAIN, 7U << 16 | 3, 1, 1000, false);
    snprintf(expected, sizeof(expected), "{%u}", guess);
    assert_picks(&grid, expected, "{}", 0);
    add(&grid, DB_BRAIN, guess, 5, 5, true);
    add(&grid, DB_BOT, guess, 5, 5, true);
    assert_int_equal(db_grid_count_differing(&grid), 1);
    db_grid_done(&grid);
}

/* Divided, they are alone. */
static void divides(void **state)
{
    const uint32_t a = 0x00051003, b = 0x00062003;
    struct zm_buf list = {.s = NULL};
    struct db_grid coarse, fine;
    char expected[80];

    (void)state;
    db_grid_begin(&coarse, 1024);
    add(&coarse, DB_BRAIN, a, 1, 1000, false);
    add(&coarse, DB_BRAIN, b, 1, 999, false);
    db_grid_list(&coarse, &list);
    assert_string_equal(list.s, "{3}");
    db_grid_begin_finer(&fine, &coarse, 1024);
    add(&fine, DB_BRAIN, a, 1, 1000, false);
    add(&fine, DB_BRAIN, b, 1, 999, false);
    add(&fine, DB_BRAIN, 0x00000004, 1, 1, false); /* of a bucket that did not differ */
    snprintf(expected, sizeof(expected), "{%u,%u}", a, b);
    assert_picks(&fine, expected, "{}", 0);
    db_grid_done(&fine);
    db_grid_done(&coarse);
    zm_buf_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_is_nothing),
        cmocka_unit_test(names_who_is_alone),
        cmocka_unit_test(says_who_is_not_alone),
        cmocka_unit_test(a_wrong_guess_is_seen),
        cmocka_unit_test(divides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
