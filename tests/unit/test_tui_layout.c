/*
 * Boxes cut from boxes, and widths shared among columns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tui/layout.h"
#include "zm/str.h"

static void assert_box(struct tui_box box, int row, int col, int rows, int cols)
{
    assert_int_equal(box.row, row);
    assert_int_equal(box.col, col);
    assert_int_equal(box.rows, rows);
    assert_int_equal(box.cols, cols);
}

static void cuts(void **state)
{
    struct tui_box box = {2, 3, 20, 60};

    (void)state;
    assert_box(tui_cut_top(&box, 4), 2, 3, 4, 60);
    assert_box(tui_cut_bottom(&box, 5), 17, 3, 5, 60);
    assert_box(tui_cut_left(&box, 10), 6, 3, 11, 10);
    assert_box(tui_cut_right(&box, 20), 6, 43, 11, 20);
    assert_box(box, 6, 13, 11, 30);
    assert_box(tui_inset(box, 1, 2), 7, 15, 9, 26);
    assert_box(tui_centre(box, 5, 10), 9, 23, 5, 10);
    assert_box(tui_centre(box, 99, 99), 6, 13, 11, 30);
}

static void never_cuts_what_is_not_there(void **state)
{
    struct tui_box box = {0, 0, 3, 4};

    (void)state;
    assert_box(tui_cut_top(&box, 9), 0, 0, 3, 4);
    assert_box(box, 3, 0, 0, 4);
    assert_true(tui_box_empty(box));
    assert_box(tui_cut_bottom(&box, 1), 3, 0, 0, 4);
    assert_box(tui_cut_left(&box, -5), 3, 0, 0, 0);
    assert_box(tui_inset((struct tui_box){0, 0, 1, 1}, 5, 5), 1, 1, 0, 0);
    assert_false(tui_box_empty((struct tui_box){0, 0, 1, 1}));
}

struct sharing {
    int total, n;
    int min[4], grow[4], priority[4], want[4];
};

static void shares(void **state)
{
    // clang-format off
    static const struct sharing cases[] = {
        {20, 3, {4, 4, 4}, {0, 0, 0}, {1, 2, 3}, {4, 4, 4}},       /* nothing grows */
        {20, 3, {4, 4, 4}, {1, 0, 1}, {1, 2, 3}, {7, 4, 7}},       /* two share what is left */
        {21, 3, {4, 4, 4}, {1, 0, 1}, {1, 2, 3}, {7, 4, 8}},       /* all of it */
        {14, 3, {4, 4, 4}, {1, 1, 1}, {1, 2, 3}, {4, 4, 4}},       /* exactly fits */
        {13, 3, {4, 4, 4}, {0, 1, 1}, {1, 2, 3}, {0, 6, 6}},       /* the weakest goes */
        {13, 3, {4, 4, 4}, {0, 0, 0}, {2, 2, 2}, {4, 4, 0}},       /* of equal ones the last */
        {8, 3, {4, 4, 4}, {0, 0, 0}, {9, 2, 3}, {4, 0, 0}},
        {3, 3, {4, 4, 4}, {1, 0, 0}, {1, 9, 2}, {0, 3, 0}},        /* cut, but there */
        {0, 2, {4, 4}, {1, 1}, {1, 2}, {0, 0}},
        {-5, 2, {4, 4}, {1, 1}, {1, 2}, {0, 0}},
        {100, 1, {1}, {5}, {1}, {100}},
        {30, 3, {5, 5, 5}, {3, 1, 0}, {1, 1, 1}, {14, 9, 5}},
        {500, 2, {16, 10}, {6, 3}, {2, 1}, {331, 168}},
    };
    // clang-format on
    size_t i;
    int k;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        const struct sharing *c = &cases[i];
        int got[4] = {0};

        tui_share(c->total, c->n, c->min, c->grow, c->priority, got);
        for (k = 0; k < c->n; k++)
            if (got[k] != c->want[k])
                fail_msg("case %zu, part %d: %d, not %d", i, k, got[k], c->want[k]);
    }
}

/* Whatever the sizes: never more than there is, never less than the minimum or nothing. */
static void shares_within_bounds(void **state)
{
    uint32_t seed = 99;
    int round, i;

    (void)state;
    for (round = 0; round < 50000; round++) {
        int min[8], grow[8], priority[8], got[8], n, total, sum = 0, parts = 0;

        seed = seed * 1664525u + 1013904223u;
        n = (int)(seed >> 29) + 1;
        total = (int)(seed >> 16 & 255);
        for (i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            min[i] = (int)(seed >> 27) + 1;
            grow[i] = (int)(seed >> 20 & 7);
            priority[i] = (int)(seed >> 12 & 15);
        }
        tui_share(total, n, min, grow, priority, got);
        for (i = 0; i < n; i++) {
            assert_true(got[i] >= 0);
            parts += got[i] > 0;
            sum += got[i];
        }
        for (i = 0; i < n; i++)
            assert_true(got[i] == 0 || got[i] >= min[i] || parts == 1);
        assert_true(sum + (parts > 0 ? parts - 1 : 0) <= total);
        assert_true(parts > 0 || total == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts),
        cmocka_unit_test(never_cuts_what_is_not_there),
        cmocka_unit_test(shares),
        cmocka_unit_test(shares_within_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
