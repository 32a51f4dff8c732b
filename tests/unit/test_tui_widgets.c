/*
 * Drawing, menus, notices, charts and input fields as they stand on a real ncurses screen.
 */
#include "tui_screen.h"

#include "tui/chart.h"
#include "tui/dialog.h"
#include "tui/edit.h"
#include "tui/layout.h"

static void assert_cells(int row, int col, int cells, const char *want)
{
    char got[512];

    assert_string_equal(test_cells(row, col, cells, got, sizeof(got)), want);
}

static void draws_text(void **state)
{
    struct test_screen s;
    struct tui_box box = {1, 2, 3, 10};

    (void)state;
    test_screen(&s, 6, 20, "xterm-256color", NULL);
    tui_frame_begin(s.tui);
    assert_int_equal(tui_draw(s.tui, box, 0, 0, TUI_TEXT, "fits"), 4);
    assert_int_equal(tui_draw(s.tui, box, 1, 0, TUI_TEXT, "0123456789"), 10);
    assert_int_equal(tui_draw(s.tui, box, 2, 0, TUI_TEXT, "0123456789A"), 10);
    assert_int_equal(tui_draw(s.tui, box, 3, 0, TUI_TEXT, "outside"), 0);
    assert_int_equal(tui_draw(s.tui, box, 0, 10, TUI_TEXT, "outside"), 0);
    assert_int_equal(tui_draw(s.tui, box, -1, 0, TUI_TEXT, "outside"), 0);
    assert_int_equal(tui_draw(s.tui, box, 0, -1, TUI_TEXT, "outside"), 0);
    tui_frame_end(s.tui);
    assert_cells(0, 0, 20, "                    ");
    assert_cells(1, 0, 20, "  fits              ");
    assert_cells(2, 0, 20, "  0123456789        ");
    assert_cells(3, 0, 20, "  012345678~        ");
    assert_cells(4, 0, 20, "                    ");
    test_pty_done(&s);
}

struct field {
    int cells;
    enum tui_align align;
    const char *text, *want;
};

static void draws_fields(void **state)
{
    // clang-format off
    static const struct field fields[] = {
        {8, TUI_LEFT, "ab", "ab      "}, {8, TUI_RIGHT, "ab", "      ab"}, {8, TUI_CENTRE, "ab", "   ab   "},
        {8, TUI_LEFT, "", "        "}, {4, TUI_LEFT, "abcde", "abc~"}, {4, TUI_RIGHT, "abcde", "abc~"},
        {5, TUI_LEFT, "\345\261\261\345\261\261\345\261\261", "\345\261\261\345\261\261~"},
        {4, TUI_LEFT, "\345\261\261\345\261\261\345\261\261", "\345\261\261 ~"}, /* no half a character */
        {4, TUI_LEFT, "e\314\201a\314\201i\314\201o\314\201", "e\314\201a\314\201i\314\201o\314\201"},
        {6, TUI_LEFT, "a\342\200\256b", "a<202~"}, {8, TUI_LEFT, "a\tb", "a\\tb    "},
        {1, TUI_LEFT, "ab", "~"}, {3, TUI_LEFT, "ab\303\251", "ab\303\251"},
    };
    // clang-format on
    struct test_screen s;
    size_t i;

    (void)state;
    test_screen(&s, 20, 20, "xterm-256color", NULL);
    tui_frame_begin(s.tui);
    for (i = 0; i < ZM_COUNT(fields); i++) {
        tui_draw(s.tui, tui_screen_box(s.tui), (int)i, 0, TUI_TEXT, "....................");
        tui_draw_field(s.tui, tui_screen_box(s.tui), (int)i, 2, fields[i].cells, fields[i].align,
                       TUI_TEXT, fields[i].text);
    }
    tui_frame_end(s.tui);
    for (i = 0; i < ZM_COUNT(fields); i++) {
        assert_cells((int)i, 2, fields[i].cells, fields[i].want);
        assert_cells((int)i, 0, 2, "..");
        assert_cells((int)i, 2 + fields[i].cells, 3, "...");
    }
    test_pty_done(&s);
}

/* Half a wide character never stays behind. */
static void overwrites_wide_characters(void **state)
{
    struct test_screen s;
    struct tui_box box;

    (void)state;
    test_screen(&s, 3, 10, "xterm-256color", NULL);
    box = tui_screen_box(s.tui);
    tui_frame_begin(s.tui);
    tui_draw(s.tui, box, 0, 0, TUI_TEXT, "\345\261\261\345\261\261\345\261\261");
    tui_draw(s.tui, box, 0, 1, TUI_TEXT, "xy");
    tui_draw(s.tui, box, 1, 0, TUI_TEXT, "\345\261\261\345\261\261\345\261\261");
    tui_draw(s.tui, box, 1, 1, TUI_TEXT, "\347\224\260");
    tui_frame_end(s.tui);
    assert_cells(0, 0, 8, " xy \345\261\261  ");
    assert_cells(1, 0, 8, " \347\224\260 \345\261\261  ");
    tui_frame_begin(s.tui); /* and from one frame to the next */
    tui_draw(s.tui, box, 0, 0, TUI_TEXT, "a\345\261\261b");
    tui_frame_end(s.tui);
    assert_cells(0, 0, 8, "a\345\261\261b    ");
    test_pty_done(&s);
}

static void draws_lines(void **state)
{
    static const struct tui_options plain = {.ascii = true};
    struct test_screen s;
    struct tui_box inside;
    int ascii;

    (void)state;
    for (ascii = 0; ascii < 2; ascii++) {
        test_screen(&s, 6, 24, "xterm-256color", ascii ? &plain : NULL);
        tui_frame_begin(s.tui);
        tui_draw_rule(s.tui, tui_screen_box(s.tui), 0, "Bot", TUI_TITLE);
        inside = tui_draw_frame(s.tui, (struct tui_box){1, 2, 4, 20}, "Tier", "PROD", TUI_INFO);
        tui_draw(s.tui, inside, 0, 0, TUI_TEXT, "inside and longer than that");
        tui_frame_end(s.tui);
        assert_true(inside.row == 2 && inside.col == 4 && inside.rows == 2 && inside.cols == 16);
        assert_cells(0, 0, 12, ascii ? "-- Bot -----" : "── Bot ─────");
        assert_cells(1, 2, 20, ascii ? "+- Tier ---- PROD -+" : "┌─ Tier ──── PROD ─┐");
        assert_cells(2, 2, 20, ascii ? "| inside and long~ |" : "│ inside and long~ │");
        assert_cells(4, 2, 20, ascii ? "+------------------+" : "└──────────────────┘");
        test_pty_done(&s);
    }
}

static void small_boxes_are_safe(void **state)
{
    struct test_screen s;
    int rows, cols;

    (void)state;
    test_screen(&s, 3, 7, "xterm-256color", NULL);
    for (rows = -1; rows < 5; rows++)
        for (cols = -1; cols < 10; cols++) {
            struct tui_box box = {0, 0, rows, cols};
            static const double values[] = {1, 2, 3};

            tui_frame_begin(s.tui);
            tui_draw_clear(s.tui, tui_draw_frame(s.tui, box, "a title", "badge", TUI_INFO));
            tui_draw_rule(s.tui, box, 0, "a title", TUI_TITLE);
            tui_draw_vline(s.tui, box, 2);
            tui_columns(s.tui, box, TUI_INFO, values, 3);
            tui_bar(s.tui, box, 0, 0, cols, TUI_INFO, 1, 2);
            tui_spark(s.tui, box, 0, 0, cols, TUI_INFO, values, 3);
            tui_notice_draw(s.tui, "t", "b", "some text\nof lines\nmore\nand more");
            tui_frame_end(s.tui);
        }
    test_pty_done(&s);
}

static void field_scrolls_with_its_cursor(void **state)
{
    struct test_screen s;
    struct tui_edit edit = {.len = 0};
    int y, x;

    (void)state;
    test_screen(&s, 3, 20, "xterm-256color", NULL);
    tui_edit_set(&edit, "0123456789abcdef");
    tui_frame_begin(s.tui);
    tui_edit_draw(s.tui, tui_screen_box(s.tui), 1, 2, 8, &edit);
    tui_frame_end(s.tui);
    assert_cells(1, 0, 12, "  9abcdef   ");
    getyx(stdscr, y, x);
    assert_int_equal(y, 1);
    assert_int_equal(x, 9);
    tui_edit_key(&edit, TUI_KEY_HOME);
    tui_frame_begin(s.tui);
    tui_edit_draw(s.tui, tui_screen_box(s.tui), 1, 2, 8, &edit);
    tui_frame_end(s.tui);
    assert_cells(1, 0, 12, "  0123456~  ");
    getyx(stdscr, y, x);
    assert_int_equal(x, 2);
    test_pty_done(&s);
}

static const struct tui_menu_item items[] = {
    {"e", "e-mail", "indexed", true, false},
    {"k", "key", NULL, false, false},
    {"l", "last sign-in", "scans", false, true},
    {NULL, "created", NULL, false, false},
};

static void menu_keys(void **state)
{
    struct tui_menu menu = {.title = "Sort", .items = items, .n = ZM_COUNT(items)};
    size_t chosen = 99;

    (void)state;
    assert_int_equal(tui_menu_key(&menu, 'j', &chosen), TUI_OPEN);
    assert_int_equal(menu.cursor, 1);
    assert_int_equal(tui_menu_key(&menu, TUI_KEY_DOWN, &chosen), TUI_OPEN);
    assert_int_equal(menu.cursor, 3); /* over the one that is not there */
    assert_int_equal(tui_menu_key(&menu, TUI_KEY_DOWN, &chosen), TUI_OPEN);
    assert_int_equal(menu.cursor, 0);
    assert_int_equal(tui_menu_key(&menu, TUI_KEY_END, &chosen), TUI_OPEN);
    assert_int_equal(menu.cursor, 3);
    assert_int_equal(tui_menu_key(&menu, TUI_KEY_HOME, &chosen), TUI_OPEN);
    assert_int_equal(menu.cursor, 0);
    assert_int_equal(tui_menu_key(&menu, ' ', &chosen), TUI_OPEN);
    assert_int_equal(tui_menu_key(&menu, 'z', &chosen), TUI_OPEN);
    assert_int_equal(tui_menu_key(&menu, 'y', &chosen), TUI_OPEN);
    assert_int_equal(tui_menu_key(&menu, 'l', &chosen), TUI_OPEN); /* cannot be chosen */
    assert_int_equal(chosen, 99);
    assert_int_equal(tui_menu_key(&menu, 'k', &chosen), TUI_CHOSEN); /* its key, not "up" */
    assert_int_equal(chosen, 1);
    assert_int_equal(tui_menu_key(&menu, TUI_KEY_ENTER, &chosen), TUI_CHOSEN);
    assert_int_equal(chosen, 1);
    assert_int_equal(tui_menu_key(&menu, TUI_KEY_ESC, &chosen), TUI_CLOSED);
    assert_int_equal(tui_menu_key(&menu, 'q', &chosen), TUI_CLOSED);
    menu.toggle = true;
    assert_int_equal(tui_menu_key(&menu, ' ', &chosen), TUI_TOGGLED);
    assert_int_equal(chosen, 1);
    assert_int_equal(tui_menu_key(&menu, TUI_KEY_ENTER, &chosen), TUI_CLOSED);
}

static void menu_is_drawn(void **state)
{
    struct test_screen s;
    struct tui_menu menu = {.title = "Sort by", .items = items, .n = ZM_COUNT(items), .cursor = 1};

    (void)state;
    test_screen(&s, 9, 40, "xterm-256color", NULL);
    tui_frame_begin(s.tui);
    tui_menu_draw(s.tui, &menu, "PROD");
    tui_frame_end(s.tui);
    assert_cells(1, 3, 34, "┌─ Sort by ────────────── PROD ─┐ ");
    assert_cells(2, 3, 34, "│   (*) e e-mail        indexed │ ");
    assert_cells(3, 3, 34, "│ > ( ) k key                   │ ");
    assert_cells(4, 3, 34, "│   ( ) l last sign-in  scans   │ ");
    assert_cells(5, 3, 34, "│   ( )   created               │ ");
    assert_true(test_attributes(3, 13) & A_REVERSE);
    assert_false(test_attributes(2, 13) & A_REVERSE);
    test_pty_done(&s);
}

static void menu_scrolls(void **state)
{
    struct test_screen s;
    struct tui_menu_item many[30];
    struct tui_menu menu = {.title = "Columns", .items = many, .n = 30, .cursor = 29};
    char label[30][24];
    int i;

    (void)state;
    for (i = 0; i < 30; i++) {
        snprintf(label[i], sizeof(label[i]), "item%d", i);
        many[i] = (struct tui_menu_item){.label = label[i]};
    }
    test_screen(&s, 8, 40, "xterm-256color", NULL);
    tui_frame_begin(s.tui);
    tui_menu_draw(s.tui, &menu, NULL);
    tui_frame_end(s.tui);
    assert_cells(5, 13, 6, "item29");
    test_pty_done(&s);
}

static void notice_wraps_and_scrolls(void **state)
{
    struct test_screen s;
    char text[4000] = "";
    size_t top = 0;
    int i;

    (void)state;
    test_screen(&s, 10, 40, "xterm-256color", NULL);
    tui_frame_begin(s.tui);
    tui_notice_draw(s.tui, "Conflict", "PROD",
                    "Nothing was written because the row changed while you looked.\nR again");
    tui_frame_end(s.tui);
    assert_cells(3, 2, 36, "Nothing was written because the row ");
    assert_cells(4, 2, 26, "changed while you looked. ");
    assert_cells(5, 2, 10, "R again   ");
    for (i = 0; i < 100; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "line %d\n", i);
    tui_notice_key(TUI_KEY_PGDN, &top);
    tui_notice_key('j', &top);
    tui_frame_begin(s.tui);
    tui_notice_scroll(s.tui, "Log", NULL, text, &top);
    tui_frame_end(s.tui);
    assert_cells(1, 7, 7, "line 11");
    for (i = 0; i < 50; i++)
        assert_int_equal(tui_notice_key(' ', &top), TUI_OPEN);
    tui_frame_begin(s.tui);
    tui_notice_scroll(s.tui, "Log", NULL, text, &top);
    tui_frame_end(s.tui);
    assert_cells(8, 7, 7, "line 99");
    assert_int_equal(top, 92);
    assert_int_equal(tui_notice_key('k', &top), TUI_OPEN);
    assert_int_equal(top, 91);
    tui_notice_key('g', &top);
    assert_int_equal(top, 0);
    tui_notice_key('G', &top);
    tui_frame_begin(s.tui);
    tui_notice_scroll(s.tui, "Log", NULL, text, &top);
    tui_frame_end(s.tui);
    assert_int_equal(top, 92);
    assert_int_equal(tui_notice_key(TUI_KEY_ENTER, &top), TUI_CLOSED);
    test_pty_done(&s);
}

static void charts(void **state)
{
    static const double values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    static const double odd[] = {0, 0.0 / 1, -5, 0.001, 1000};
    static const struct tui_options plain = {.ascii = true};
    struct test_screen s;
    struct tui_box box;

    (void)state;
    test_screen(&s, 12, 20, "xterm-256color", NULL);
    box = tui_screen_box(s.tui);
    tui_frame_begin(s.tui);
    tui_spark(s.tui, box, 0, 0, 20, TUI_TEXT, values, 9);
    tui_spark(s.tui, box, 1, 0, 3, TUI_TEXT, values, 9); /* the newest, at their own scale */
    tui_spark(s.tui, box, 2, 0, 20, TUI_TEXT, odd, 5);
    tui_bar(s.tui, box, 3, 0, 8, TUI_TEXT, 50, 100);
    tui_bar(s.tui, box, 4, 0, 8, TUI_TEXT, 1, 1e9); /* more than nothing is seen */
    tui_bar(s.tui, box, 5, 0, 8, TUI_TEXT, 0, 100);
    tui_bar(s.tui, box, 6, 0, 8, TUI_TEXT, 200, 100);
    tui_bar(s.tui, box, 7, 0, 8, TUI_TEXT, 5, 0);
    tui_columns(s.tui, (struct tui_box){8, 0, 4, 9}, TUI_TEXT, values, 9);
    tui_frame_end(s.tui);
    assert_cells(0, 0, 9, " ▁▂▃▄▅▆▇█");
    assert_cells(1, 0, 3, "▆▇█");
    assert_cells(2, 0, 5, "   ▁█");
    assert_cells(3, 0, 8, "████    ");
    assert_cells(4, 0, 8, "▏       ");
    assert_cells(5, 0, 8, "        ");
    assert_cells(6, 0, 8, "████████");
    assert_cells(7, 0, 8, "        ");
    assert_cells(8, 0, 9, "8        ");
    assert_cells(11, 0, 9, " ▃▆██████");
    assert_cells(9, 0, 9, "      ▂▅█");
    test_pty_done(&s);
    test_screen(&s, 4, 20, "xterm-256color", &plain);
    tui_frame_begin(s.tui);
    tui_spark(s.tui, tui_screen_box(s.tui), 0, 0, 20, TUI_TEXT, values, 9);
    tui_bar(s.tui, tui_screen_box(s.tui), 1, 0, 8, TUI_TEXT, 50, 100);
    tui_frame_end(s.tui);
    assert_cells(0, 0, 9, " .:-=+*#%");
    assert_cells(1, 0, 8, "####    ");
    test_pty_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_text),
        cmocka_unit_test(draws_fields),
        cmocka_unit_test(overwrites_wide_characters),
        cmocka_unit_test(draws_lines),
        cmocka_unit_test(small_boxes_are_safe),
        cmocka_unit_test(field_scrolls_with_its_cursor),
        cmocka_unit_test(menu_keys),
        cmocka_unit_test(menu_is_drawn),
        cmocka_unit_test(menu_scrolls),
        cmocka_unit_test(notice_wraps_and_scrolls),
        cmocka_unit_test(charts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
