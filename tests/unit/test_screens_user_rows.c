/*
 * The window over a long list: rows keep their numbers while pages come and go, a refresh moves no
 * row under the reader, and memory does not grow with the list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screens/user_rows.h"
#include "zm/arena.h"
#include "zm/str.h"

struct sample {
    const char *id, *created_at;
};

/* clang-format off */
static const struct db_field fields[] = {
    DB_FIELD(struct sample, id),
    DB_FIELD(struct sample, created_at),
};
/* clang-format on */
static const struct db_shape shape = {"sample", sizeof(struct sample), fields, ZM_COUNT(fields)};

/* A server's table: rows from..to, the newest has the greatest number. */
struct table {
    long newest, oldest;
};

static struct db_rows answer(struct table *table, long first, size_t limit)
{
    struct db_rows rows = {0};
    char *text;
    long at;

    rows.items =
        zm_calloc(limit, sizeof(struct sample) + 64); /* the texts lie behind the structs */
    text = (char *)rows.items + limit * sizeof(struct sample);
    for (at = first; at >= table->oldest && rows.n < limit; at--, text += 64) {
        struct sample *s = &((struct sample *)rows.items)[rows.n++];

        snprintf(text, 40, "%08ld-0000-4000-8000-000000000000", at);
        snprintf(text + 40, 24, "t%08ld", at);
        s->id = text;
        s->created_at = text + 40;
    }
    return rows;
}

static struct db_rows answer_after(struct table *table, const struct user_key *key)
{
    return answer(table, key->id[0] ? strtol(key->id, NULL, 10) - 1 : table->newest,
                  USER_ROWS_PAGE);
}

static long number_at(const struct user_rows *list, size_t row)
{
    const struct sample *s = user_rows_at(list, row);

    return s ? strtol(s->id, NULL, 10) : -1;
}

/* What the screen does at every turn: drop what is far, ask for what is near, until nothing is
 * wanted. */
static size_t settle(struct user_rows *list, struct table *table, size_t top, size_t page)
{
    struct user_key key;
    size_t asked = 0;

    user_rows_trim(list, top, page);
    while (user_rows_wants(list, top, page, &key)) {
        struct db_rows rows = answer_after(table, &key);

        user_rows_put(list, &key, &rows);
        assert_null(rows.items); /* taken over */
        assert_true(++asked < 50);
    }
    return asked;
}

static size_t newest(struct user_rows *list, struct table *table, size_t top, size_t page,
                     bool *restarted)
{
    struct db_rows rows = answer(table, table->newest, USER_ROWS_PAGE);
    size_t moved = user_rows_newest(list, &rows, USER_ROWS_PAGE, top, page, restarted);

    assert_null(rows.items);
    return moved;
}

static void a_short_list_is_whole(void **state)
{
    struct table table = {.newest = 7, .oldest = 1};
    struct user_rows list = {.shape = &shape};
    bool restarted;

    (void)state;
    assert_int_equal(newest(&list, &table, 0, 20, &restarted), 0);
    assert_int_equal(list.n, 7);
    assert_true(list.at_end);
    assert_int_equal(settle(&list, &table, 0, 20), 0);
    assert_int_equal(number_at(&list, 0), 7);
    assert_int_equal(number_at(&list, 6), 1);
    assert_null(user_rows_at(&list, 7));
    user_rows_done(&list);
}

static void an_empty_list_asks_nothing(void **state)
{
    struct table table = {.newest = 0, .oldest = 1};
    struct user_rows list = {.shape = &shape};
    struct user_key key;
    bool restarted;

    (void)state;
    newest(&list, &table, 0, 20, &restarted);
    assert_int_equal(list.n, 0);
    assert_false(user_rows_wants(&list, 0, 20, &key));
    table.newest = 3; /* the first rows ever */
    newest(&list, &table, 0, 20, &restarted);
    assert_int_equal(list.n, 3);
    user_rows_done(&list);
}

static void two_hundred_thousand_rows_scroll_in_little_memory(void **state)
{
    struct table table = {.newest = 200000, .oldest = 1};
    struct user_rows list = {.shape = &shape};
    size_t top, most = 0;
    bool restarted;

    (void)state;
    newest(&list, &table, 0, 40, &restarted);
    for (top = 0; top + 40 <= 200000; top += 40) {
        settle(&list, &table, top, 40);
        assert_int_equal(number_at(&list, top), 200000 - (long)top);
        if (user_rows_held(&list) > most)
            most = user_rows_held(&list);
    }
    assert_true(list.at_end);
    assert_int_equal(list.n, 200000);
    assert_in_range(most, 1, 10);
    user_rows_done(&list);
}

static void dropped_rows_come_back_on_the_way_up(void **state)
{
    struct table table = {.newest = 5000, .oldest = 1};
    struct user_rows list = {.shape = &shape};
    size_t top;
    bool restarted;

    (void)state;
    newest(&list, &table, 0, 40, &restarted);
    for (top = 0; top < 3000; top += 40)
        settle(&list, &table, top, 40);
    assert_null(user_rows_at(&list, 1000));
    settle(&list, &table, 1000, 40);
    for (top = 1000; top < 1040; top++)
        assert_int_equal(number_at(&list, top), 5000 - (long)top);
    user_rows_done(&list);
}

static void new_rows_move_the_numbers_and_nothing_else(void **state)
{
    struct table table = {.newest = 1000, .oldest = 1};
    struct user_rows list = {.shape = &shape};
    size_t top, moved, round;
    bool restarted;

    (void)state;
    newest(&list, &table, 0, 40, &restarted);
    for (top = 0; top < 400; top += 40)
        settle(&list, &table, top, 40);
    for (round = 0; round < 200; round++) {
        long shown = number_at(&list, top);

        table.newest += (long)(round % 3); /* 0, 1 or 2 new rows at every refresh */
        moved = newest(&list, &table, top, 40, &restarted);
        assert_false(restarted);
        assert_int_equal(moved, round % 3);
        top += moved;
        settle(&list, &table, top, 40);
        assert_int_equal(number_at(&list, top), shown);
        assert_int_equal(number_at(&list, 0), table.newest);
    }
    for (top = list.n; top-- > 0;) { /* every row is there, once, in order */
        settle(&list, &table, top, 1);
        assert_int_equal(number_at(&list, top), table.newest - (long)top);
    }
    assert_in_range(list.n_pages, 1, 30); /* pieces that refreshes cut are put together again */
    user_rows_done(&list);
}

static void at_the_top_new_rows_appear(void **state)
{
    struct table table = {.newest = 1000, .oldest = 1};
    struct user_rows list = {.shape = &shape};
    bool restarted;

    (void)state;
    newest(&list, &table, 0, 40, &restarted);
    settle(&list, &table, 0, 40);
    table.newest = 1005;
    assert_int_equal(newest(&list, &table, 0, 40, &restarted), 5);
    assert_int_equal(number_at(&list, 0), 1005);
    settle(&list, &table, 5, 40);
    assert_int_equal(number_at(&list, 104), 901);
    user_rows_done(&list);
}

static void too_many_new_rows_leave_a_reader_where_he_is(void **state)
{
    struct table table = {.newest = 1000, .oldest = 1};
    struct user_rows list = {.shape = &shape};
    bool restarted;
    size_t top;

    (void)state;
    newest(&list, &table, 0, 40, &restarted);
    for (top = 0; top < 300; top += 40)
        settle(&list, &table, top, 40);
    table.newest = 2000;
    assert_int_equal(newest(&list, &table, top, 40, &restarted), 0);
    assert_int_equal(number_at(&list, top), 1000 - (long)top);
    assert_int_equal(newest(&list, &table, 0, 40, &restarted), 0); /* back at the top */
    assert_true(restarted);
    assert_int_equal(number_at(&list, 0), 2000);
    user_rows_done(&list);
}

static void an_answer_for_a_place_that_is_gone_is_dropped(void **state)
{
    struct table table = {.newest = 1000, .oldest = 1};
    struct user_rows list = {.shape = &shape};
    struct user_key key = {"t99999999", "99999999-0000-4000-8000-000000000000"};
    struct db_rows rows;
    bool restarted;

    (void)state;
    newest(&list, &table, 0, 40, &restarted);
    rows = answer(&table, 500, USER_ROWS_PAGE);
    user_rows_put(&list, &key, &rows);
    assert_null(rows.items);
    assert_int_equal(list.n, 100);
    assert_int_equal(number_at(&list, 50), 950);
    user_rows_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_list_is_whole),
        cmocka_unit_test(an_empty_list_asks_nothing),
        cmocka_unit_test(two_hundred_thousand_rows_scroll_in_little_memory),
        cmocka_unit_test(dropped_rows_come_back_on_the_way_up),
        cmocka_unit_test(new_rows_move_the_numbers_and_nothing_else),
        cmocka_unit_test(at_the_top_new_rows_appear),
        cmocka_unit_test(too_many_new_rows_leave_a_reader_where_he_is),
        cmocka_unit_test(an_answer_for_a_place_that_is_gone_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
