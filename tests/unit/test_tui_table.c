/*
 * The list: how the cursor and the window move, and what stands on a real ncurses screen.
 */
#include "tui_screen.h"

#include "tui/table.h"

enum { EMAIL, TIER, AMOUNT };

// clang-format off
static const struct tui_column columns[] = {
    {"EMAIL",  10, 1, 3, TUI_LEFT,  EMAIL},
    {"TIER",    4, 0, 2, TUI_LEFT,  TIER},
    {"AMOUNT", 10, 0, 1, TUI_RIGHT, AMOUNT},
};
static const char *const emails[] = {
    "ana@example.ro", "\345\261\261\347\224\260\345\244\252\351\203\216\345\261\261\347\224\260@example.jp",
    "x\033[31m@example.net", "jos\303\251@example.es", "very.long.name@mail.example.com"};
// clang-format on

static void cell(void *context, size_t row, int id, struct tui_cell *ret)
{
    char *number = context;

    if (id == EMAIL)
        ret->text = emails[row % ZM_COUNT(emails)];
    else if (id == TIER)
        ret->text = "pro";
    else {
        tui_decimal_pad(row % 2 ? "7.25" : "1234", 2, number, 32);
        ret->text = number;
    }
    if (id == TIER && row == 2)
        ret->style = TUI_BAD;
}

static unsigned row_state(void *context, size_t row)
{
    (void)context;
    return row == 3 ? TUI_MARKED : 0;
}

struct move {
    const char *name;
    enum tui_move move;
    size_t rows, cursor, top;
    long page;
    size_t want_cursor, want_top;
};

static void moves(void **state)
{
    // clang-format off
    static const struct move cases[] = {
        {"down", TUI_MOVE_DOWN, 100, 0, 0, 10, 1, 0},
        {"down scrolls", TUI_MOVE_DOWN, 100, 9, 0, 10, 10, 1},
        {"down at the end", TUI_MOVE_DOWN, 100, 99, 90, 10, 99, 90},
        {"up", TUI_MOVE_UP, 100, 5, 5, 10, 4, 4},
        {"up at the top", TUI_MOVE_UP, 100, 0, 0, 10, 0, 0},
        {"page down", TUI_MOVE_PAGE_DOWN, 100, 0, 0, 10, 10, 1},
        {"page down near the end", TUI_MOVE_PAGE_DOWN, 100, 95, 90, 10, 99, 90},
        {"page up", TUI_MOVE_PAGE_UP, 100, 50, 45, 10, 40, 40},
        {"half down", TUI_MOVE_HALF_DOWN, 100, 0, 0, 10, 5, 0},
        {"half up", TUI_MOVE_HALF_UP, 100, 3, 0, 10, 0, 0},
        {"half of one row", TUI_MOVE_HALF_DOWN, 100, 0, 0, 1, 1, 1},
        {"last", TUI_MOVE_LAST, 100, 0, 0, 10, 99, 90},
        {"first", TUI_MOVE_FIRST, 100, 50, 45, 10, 0, 0},
        {"one row", TUI_MOVE_DOWN, 1, 0, 0, 10, 0, 0},
        {"none", TUI_MOVE_DOWN, 0, 0, 0, 10, 0, 0},
        {"none, last", TUI_MOVE_LAST, 0, 0, 0, 10, 0, 0},
        {"no page", TUI_MOVE_PAGE_DOWN, 100, 0, 0, 0, 1, 1},
        {"rows went away", TUI_MOVE_DOWN, 5, 50, 45, 10, 4, 0},
    };
    // clang-format on
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        const struct move *c = &cases[i];
        struct tui_table t = {.rows = c->rows, .cursor = c->cursor, .top = c->top};
        bool moved = tui_table_move(&t, c->move, (int)c->page);

        if (t.cursor != c->want_cursor || t.top != c->want_top)
            fail_msg("%s: cursor %zu, top %zu", c->name, t.cursor, t.top);
        assert_int_equal(moved, t.cursor != c->cursor);
    }
}

static void fits(void **state)
{
    struct tui_table t = {.rows = 3, .cursor = 9, .top = 7};

    (void)state;
    tui_table_fit(&t, 10); /* rows went away: all of them are seen */
    assert_int_equal(t.cursor, 2);
    assert_int_equal(t.top, 0);
    t = (struct tui_table){.rows = 100, .cursor = 50, .top = 0};
    tui_table_fit(&t, 10);
    assert_int_equal(t.top, 41);
    t = (struct tui_table){.rows = 100, .cursor = 2, .top = 95};
    tui_table_fit(&t, 10);
    assert_int_equal(t.top, 2);
}

static struct tui_table make(char *number)
{
    return (struct tui_table){.columns = columns,
                              .n_columns = ZM_COUNT(columns),
                              .sorted = EMAIL,
                              .rows = 50,
                              .cursor = 1,
                              .cell = cell,
                              .row_state = row_state,
                              .context = number,
                              .empty = "nobody matches"};
}

static int draw(struct test_screen *s, struct tui_table *t, bool focused)
{
    int rows;

    tui_frame_begin(s->tui);
    rows = tui_table_draw(s->tui, tui_screen_box(s->tui), t, focused);
    tui_frame_end(s->tui);
    return rows;
}

static void assert_row(int row, int cols, const char *want)
{
    char got[256];

    assert_string_equal(test_cells(row, 0, cols, got, sizeof(got)), want);
}

static void draws(void **state)
{
    struct test_screen s;
    char number[32];
    struct tui_table t = make(number);

    (void)state;
    test_screen(&s, 8, 40, "xterm-256color", NULL);
    assert_int_equal(draw(&s, &t, true), 7);
    assert_row(0, 40, "  EMAIL ^                TIER     AMOUNT");
    assert_row(1, 40, "  ana@example.ro         pro     1234   ");
    assert_row(
        2, 40,
        "> \345\261\261\347\224\260\345\244\252\351\203\216\345\261\261\347\224\260@example.~ pro  "
        "      7.25");
    assert_row(3, 40, "  x^[[31m@example.net    pro     1234   ");
    assert_row(4, 40, " *jos\303\251@example.es        pro        7.25");
    assert_row(5, 40, "  very.long.name@mail.e~ pro     1234   ");
    assert_true(test_attributes(2, 2) & A_REVERSE); /* the cursor */
    assert_false(test_attributes(1, 2) & A_REVERSE);
    assert_true(test_attributes(4, 2) & A_BOLD);      /* the mark */
    assert_true(test_attributes(3, 3) & A_UNDERLINE); /* the substitute, not the text around it */
    assert_false(test_attributes(3, 2) & A_UNDERLINE);
    assert_int_equal(draw(&s, &t, false), 7);
    assert_false(test_attributes(2, 2) & A_REVERSE);
    test_pty_done(&s);
}

static void narrow_drops_columns_and_keeps_the_arrow(void **state)
{
    struct test_screen s;
    char number[32];
    struct tui_table t = make(number);

    (void)state;
    test_screen(&s, 4, 18, "xterm-256color", NULL);
    draw(&s, &t, true);
    assert_row(0, 18, "  EMAIL ^     TIER");
    assert_int_equal(tui_table_column_at(&t, tui_screen_box(s.tui), AMOUNT), -1);
    assert_int_equal(tui_table_column_at(&t, tui_screen_box(s.tui), TIER), 14);
    t.sorted = TIER;
    t.descending = true;
    draw(&s, &t, true);
    assert_row(0, 18, "  EMAIL       TI~v");
    t.hidden = 1u << TIER;
    draw(&s, &t, true);
    assert_row(0, 18, "  EMAIL           ");
    assert_int_equal(tui_table_column_at(&t, tui_screen_box(s.tui), TIER), -1);
    test_pty_done(&s);
}

static void cell_with_id(void *context, size_t row, int id, struct tui_cell *ret)
{
    cell(context, row, id, ret);
    if (id == EMAIL)
        ret->id = row % 2 ? "9f00aa11-0000" : "5b1e0a77-3f1c";
}

/* What was cut is told by how its id begins; what fits, or has no room for it, is not. */
static void cut_text_ends_in_its_id(void **state)
{
    struct test_screen s;
    char number[32];
    struct tui_table t = make(number);

    (void)state;
    t.cell = cell_with_id;
    test_screen(&s, 8, 40, "xterm-256color", NULL);
    draw(&s, &t, true);
    assert_row(1, 40, "  ana@example.ro         pro     1234   ");
    assert_row(5, 40, "  very.long.name@~5b1e0a pro     1234   ");
    t.cursor = 4;
    draw(&s, &t, true);
    assert_row(5, 40, "> very.long.name@~5b1e0a pro     1234   ");
    assert_true(test_attributes(5, 23) & A_REVERSE);
    test_pty_done(&s);
    test_screen(&s, 8, 18, "xterm-256color", NULL);
    draw(&s, &t, true);
    assert_row(5, 18, "> very.long.~ pro ");
    test_pty_done(&s);
}

static void cell_over(void *context, size_t row, int id, struct tui_cell *ret)
{
    cell(context, row, id, ret);
    ret->over = id == EMAIL;
    if (id == TIER && row == 4)
        ret->text = "";
}

/* Into the next column, where that has nothing in this row. */
static void a_long_text_runs_over(void **state)
{
    struct test_screen s;
    char number[32];
    struct tui_table t = make(number);

    (void)state;
    t.cell = cell_over;
    test_screen(&s, 8, 42, "xterm-256color", NULL);
    draw(&s, &t, true);
    assert_row(1, 42, "  ana@example.ro           pro     1234   ");
    assert_row(5, 42, "  very.long.name@mail.example.~    1234   ");
    test_pty_done(&s);
}

static void empty_says_so(void **state)
{
    struct test_screen s;
    char number[32];
    struct tui_table t = make(number);

    (void)state;
    t.rows = 0;
    test_screen(&s, 4, 20, "xterm-256color", NULL);
    draw(&s, &t, true);
    assert_row(1, 20, "  nobody matches    ");
    test_pty_done(&s);
}

static void finds_the_row_of_a_click(void **state)
{
    char number[32];
    struct tui_table t = make(number);
    struct tui_box box = {5, 0, 10, 40};

    (void)state;
    t.top = 20;
    assert_int_equal(tui_table_at(&t, box, 4), -1);
    assert_int_equal(tui_table_at(&t, box, 5), -1); /* the head */
    assert_int_equal(tui_table_at(&t, box, 6), 20);
    assert_int_equal(tui_table_at(&t, box, 14), 28);
    assert_int_equal(tui_table_at(&t, box, 15), -1);
    t.rows = 21;
    assert_int_equal(tui_table_at(&t, box, 7), -1);
    t.no_head = true;
    assert_int_equal(tui_table_at(&t, box, 5), 20);
}

static void decimals(void **state)
{
    static const char *const cases[][2] = {
        {"12", "12    "},   {"12.5", "12.5  "},   {"0.125", "0.125 "}, {"0.1234", "0.1234"},
        {"-3.0", "-3.0  "}, {"1e20", "1e20    "}, {"NaN", "NaN"},      {"", ""}};
    char dst[32];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        tui_decimal_pad(cases[i][0], 4, dst, sizeof(dst));
        if (strlen(cases[i][0]) && strspn(dst, " ") == 0 && strchr(dst, '.'))
            assert_int_equal(strlen(strchr(dst, '.')), 5);
        assert_memory_equal(dst, cases[i][0], strlen(cases[i][0]));
    }
    tui_decimal_pad("12", 2, dst, sizeof(dst));
    assert_string_equal(dst, "12   ");
    tui_decimal_pad("12.5", 2, dst, sizeof(dst));
    assert_string_equal(dst, "12.5 ");
    tui_decimal_pad("12.123456", 2, dst, sizeof(dst)); /* never cut */
    assert_string_equal(dst, "12.123456");
    tui_decimal_pad("12", 0, dst, sizeof(dst));
    assert_string_equal(dst, "12");
    tui_decimal_pad("NaN", 2, dst, sizeof(dst));
    assert_string_equal(dst, "NaN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves),
        cmocka_unit_test(fits),
        cmocka_unit_test(draws),
        cmocka_unit_test(narrow_drops_columns_and_keeps_the_arrow),
        cmocka_unit_test(cut_text_ends_in_its_id),
        cmocka_unit_test(a_long_text_runs_over),
        cmocka_unit_test(empty_says_so),
        cmocka_unit_test(finds_the_row_of_a_click),
        cmocka_unit_test(decimals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
