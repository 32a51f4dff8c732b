/*
 * Long text: lines, wrapping, search, and a megabyte of JSON.
 */
#include "tui_screen.h"

#include "tui/pager.h"
#include "zm/clock.h"

static void set(struct tui_pager *p, const char *text)
{
    tui_pager_set(p, text, strlen(text));
}

static void counts_lines(void **state)
{
    static const struct {
        const char *text;
        size_t lines;
    } cases[] = {{"", 0},     {"a", 1},        {"a\n", 1},   {"\n", 1},
                 {"a\nb", 2}, {"a\n\nb\n", 3}, {"a\r\nb", 2}};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct tui_pager p = {0};

        set(&p, cases[i].text);
        if (p.n_lines != cases[i].lines)
            fail_msg("'%s' has %zu lines", cases[i].text, p.n_lines);
        tui_pager_done(&p);
    }
}

static void scrolls(void **state)
{
    struct tui_pager p = {0};

    (void)state;
    set(&p, "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    assert_false(tui_pager_move(&p, TUI_MOVE_UP, 4));
    assert_true(tui_pager_move(&p, TUI_MOVE_DOWN, 4));
    assert_int_equal(p.top, 1);
    assert_true(tui_pager_move(&p, TUI_MOVE_PAGE_DOWN, 4));
    assert_int_equal(p.top, 5);
    assert_true(tui_pager_move(&p, TUI_MOVE_PAGE_DOWN, 4));
    assert_int_equal(p.top, 6); /* the last page is full */
    assert_false(tui_pager_move(&p, TUI_MOVE_LAST, 4));
    assert_true(tui_pager_move(&p, TUI_MOVE_FIRST, 4));
    assert_int_equal(p.top, 0);
    assert_false(tui_pager_move(&p, TUI_MOVE_LAST, 40));
    tui_pager_sideways(&p, -8);
    assert_int_equal(p.left, 0);
    tui_pager_sideways(&p, 8);
    assert_int_equal(p.left, 8);
    tui_pager_done(&p);
}

static void searches(void **state)
{
    struct tui_pager p = {0};

    (void)state;
    set(&p, "zero\nBTC one\ntwo\nthree\nfour btc btc\nfive\n");
    zm_copy(p.search, sizeof(p.search), "btc");
    assert_true(tui_pager_find(&p, 1, 2));
    assert_int_equal(p.found, 1);
    assert_int_equal(p.top, 0); /* it was in sight */
    assert_true(tui_pager_find(&p, 1, 2));
    assert_int_equal(p.found, 4);
    assert_int_equal(p.top, 4);
    assert_true(tui_pager_find(&p, 1, 2)); /* round */
    assert_int_equal(p.found, 1);
    assert_true(tui_pager_find(&p, -1, 2));
    assert_int_equal(p.found, 4);
    assert_true(tui_pager_find(&p, -1, 2));
    assert_int_equal(p.found, 1);
    zm_copy(p.search, sizeof(p.search), "nowhere");
    assert_false(tui_pager_find(&p, 1, 2));
    assert_int_equal(p.found, 1);
    zm_copy(p.search, sizeof(p.search), "");
    assert_false(tui_pager_find(&p, 1, 2));
    tui_pager_done(&p);
    assert_false(tui_pager_find(&p, 1, 2));
}

static void search_begins_at_the_top_row(void **state)
{
    struct tui_pager p = {0};

    (void)state;
    set(&p, "a x\nb\nc x\nd\ne\nf\n");
    p.top = 2;
    zm_copy(p.search, sizeof(p.search), "x");
    assert_true(tui_pager_find(&p, 1, 2));
    assert_int_equal(p.found, 2);
    tui_pager_done(&p);
}

static void draw(struct test_screen *s, struct tui_pager *p)
{
    tui_frame_begin(s->tui);
    tui_pager_draw(s->tui, tui_screen_box(s->tui), p);
    tui_frame_end(s->tui);
}

static void assert_row(int row, int cols, const char *want)
{
    char got[256];

    assert_string_equal(test_cells(row, 0, cols, got, sizeof(got)), want);
}

static void draws_and_marks_matches(void **state)
{
    struct test_screen s;
    struct tui_pager p = {0};

    (void)state;
    test_screen(&s, 4, 12, "xterm-256color", NULL);
    set(&p, "a \345\261\261 btc b\n\033[31mx\nlong line that is cut\nfour\nfive");
    draw(&s, &p);
    assert_row(0, 12, "a \345\261\261 btc b  ");
    assert_row(1, 12, "^[[31mx     ");
    assert_row(2, 12, "long line t~");
    assert_false(test_attributes(0, 5) & A_REVERSE);
    zm_copy(p.search, sizeof(p.search), "btc");
    assert_true(tui_pager_find(&p, 1, 4));
    draw(&s, &p);
    assert_false(test_attributes(0, 4) & A_REVERSE);
    assert_true(test_attributes(0, 5) & A_REVERSE);
    assert_true(test_attributes(0, 7) & A_REVERSE);
    assert_false(test_attributes(0, 8) & A_REVERSE);
    tui_pager_sideways(&p, 6);
    draw(&s, &p);
    assert_row(0, 12, "tc b        ");
    assert_row(2, 12, "ine that is~");
    assert_true(test_attributes(0, 0) & A_REVERSE);
    assert_false(test_attributes(0, 2) & A_REVERSE);
    tui_pager_done(&p);
    test_pty_done(&s);
}

static void wraps(void **state)
{
    struct test_screen s;
    struct tui_pager p = {.wrap = true};

    (void)state;
    test_screen(&s, 6, 12, "xterm-256color", NULL);
    set(&p, "one two three "
            "four\n\nabcdefghijklmnopq\n\345\261\261\345\261\261\345\261\261\345\261\261\345\261"
            "\261\345\261\261\345\261\261");
    draw(&s, &p);
    assert_int_equal(p.n_lines, 7);
    assert_row(0, 12, "one two     ");
    assert_row(1, 12, "three four  ");
    assert_row(2, 12, "            ");
    assert_row(3, 12, "abcdefghijkl");
    assert_row(4, 12, "mnopq       ");
    assert_row(5, 12, "\345\261\261\345\261\261\345\261\261\345\261\261\345\261\261\345\261\261");
    zm_copy(p.search, sizeof(p.search), "klmn"); /* across the break */
    assert_true(tui_pager_find(&p, 1, 6));
    assert_int_equal(p.found, 3);
    p.top = 4;
    test_pty_size(&s, 6, 40);
    tui_resized(s.tui);
    draw(&s, &p); /* another width: the same text stays at the top */
    assert_int_equal(p.n_lines, 4);
    assert_int_equal(p.top, 2);
    tui_pager_done(&p);
    test_pty_done(&s);
}

/* What goes on in the next row never stands where a line begins, however narrow it is. */
static void hangs(void **state)
{
    struct test_screen s;
    struct tui_pager p = {.wrap = true, .hang = 4};

    (void)state;
    test_screen(&s, 4, 12, "xterm-256color", NULL);
    set(&p, "one two three four");
    draw(&s, &p);
    assert_row(0, 12, "one two     ");
    assert_row(1, 12, "    three   ");
    test_pty_size(&s, 4, 10);
    tui_resized(s.tui);
    draw(&s, &p);
    assert_row(1, 10, "  three   ");
    tui_pager_done(&p);
    test_pty_done(&s);
}

/* One line of a megabyte, as jsonb is without jsonb_pretty, and the same with lines. */
static void a_megabyte(void **state)
{
    struct test_screen s;
    struct tui_pager p = {0}, wrapped = {.wrap = true};
    struct zm_buf json = {0};
    int64_t begun;
    int i;

    (void)state;
    for (i = 0; json.len < 1 << 20; i++)
        zm_buf_printf(&json, "{\"key_%d\": [1, 2, 3]},%s", i, i % 50 ? " " : "\n");
    zm_buf_puts(&json, "the needle");
    test_screen(&s, 40, 120, "xterm-256color", NULL);
    begun = zm_now_ms();
    tui_pager_set(&p, json.s, json.len);
    tui_pager_set(&wrapped, json.s, json.len);
    draw(&s, &wrapped);
    assert_true(wrapped.n_lines > 8000);
    tui_pager_move(&wrapped, TUI_MOVE_LAST, 40);
    draw(&s, &wrapped);
    for (i = 0; i < 100; i++) {
        tui_pager_move(&p, TUI_MOVE_DOWN, 40);
        draw(&s, &p);
    }
    zm_copy(p.search, sizeof(p.search), "NEEDLE");
    assert_true(tui_pager_find(&p, 1, 40));
    assert_int_equal(p.found, p.n_lines - 1);
    assert_true(zm_now_ms() - begun < 5000); /* a fraction of a second, but for sanitizers */
    tui_pager_done(&p);
    tui_pager_done(&wrapped);
    test_pty_done(&s);
    zm_buf_done(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_lines),
        cmocka_unit_test(scrolls),
        cmocka_unit_test(searches),
        cmocka_unit_test(search_begins_at_the_top_row),
        cmocka_unit_test(draws_and_marks_matches),
        cmocka_unit_test(wraps),
        cmocka_unit_test(hangs),
        cmocka_unit_test(a_megabyte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
