/*
 * What is sent: nothing when nothing changed, nothing hostile, nothing that a slow terminal would
 * have to be waited for; and the clipboard.
 */
#include "tui_screen.h"

#include "zm/clock.h"

static void draw(struct test_screen *s, const char *text)
{
    tui_frame_begin(s->tui);
    tui_draw(s->tui, tui_screen_box(s->tui), 0, 0, TUI_GOOD, text);
    tui_frame_end(s->tui);
}

static void nothing_changed_sends_nothing(void **state)
{
    struct test_screen s;
    char got[8192];

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    draw(&s, "the same");
    assert_true(test_received(&s, got, sizeof(got), 20) > 0);
    assert_non_null(strstr(got, "\033(B"));
    draw(&s, "the same");
    draw(&s, "the same");
    assert_int_equal(test_received(&s, got, sizeof(got), 20), 0);
    draw(&s, "the sane");
    assert_in_range(test_received(&s, got, sizeof(got), 20), 1, 40);
    assert_null(strstr(got, "\033(")); /* the character set was chosen once, at the beginning */
    tui_redraw(s.tui);
    draw(&s, "the sane");
    test_received(&s, got, sizeof(got), 20);
    assert_non_null(strstr(got, "the sane"));
    test_pty_done(&s);
}

/* Colours that are taken back at once are not sent: they are a quarter of what a key costs. */
static void no_colour_is_chosen_in_vain(void **state)
{
    struct test_screen s;
    char got[8192];
    const char *at;
    int choices = 0;

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    tui_frame_begin(s.tui);
    tui_draw(s.tui, tui_screen_box(s.tui), 0, 0, TUI_BAD, "bad");
    tui_draw(s.tui, tui_screen_box(s.tui), 0, 3, TUI_TITLE, "title");
    tui_draw(s.tui, tui_screen_box(s.tui), 0, 8, TUI_BAD, "bad");
    tui_draw(s.tui, tui_screen_box(s.tui), 0, 11, TUI_TEXT, "text");
    tui_frame_end(s.tui);
    test_received(&s, got, sizeof(got), 20);
    for (at = got; (at = strstr(at, "\033[")); at++) {
        size_t n = strspn(at + 2, "0123456789;");

        if (at[2 + n] != 'm')
            continue;
        choices++;
        if (strncmp(at + 3 + n, "\033[m", 3) == 0 || strncmp(at + 3 + n, "\033[0;", 4) == 0)
            fail_msg("'%.10s' is taken back at once", at + 1);
    }
    assert_true(choices >= 3);
    test_pty_done(&s);
}

/* Nothing of what anybody wrote reaches the terminal as more than text. */
static void hostile_text_stays_text(void **state)
{
    static const char *const hostile[] = {"\033]52;c;ZXZpbA==\007",
                                          "\033[31mred",
                                          "\302\23331m",
                                          "\23331m",
                                          "a\342\200\256b",
                                          "\342\201\246",
                                          "a\342\200\213b",
                                          "\033P1$r\033\\",
                                          "\033c",
                                          "\r\n\t\v\f\b\a",
                                          "\177",
                                          "\360\237\221\251\342\200\215\360\237\222\273",
                                          "\355\240\200\377"};
    static const char *const never[] = {
        "\033]",        "\033P",        "\033c", "\302\233", "\233", "\342\200\256", "\342\201\246",
        "\342\200\213", "\342\200\215", "\a",    "\v",       "\f",   "\177",         "\377"};
    struct test_screen s;
    char got[65536];
    size_t i;

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    tui_frame_begin(s.tui);
    for (i = 0; i < ZM_COUNT(hostile); i++) {
        tui_draw(s.tui, tui_screen_box(s.tui), (int)i, 0, TUI_TEXT, hostile[i]);
        tui_draw_field(s.tui, tui_screen_box(s.tui), (int)i, 40, 5, TUI_RIGHT, TUI_BAD, hostile[i]);
        tui_drawf(s.tui, tui_screen_box(s.tui), (int)i, 50, TUI_BAD, "<%s>", hostile[i]);
    }
    tui_draw_rule(s.tui, tui_screen_box(s.tui), 20, hostile[0], TUI_TITLE);
    tui_frame_end(s.tui);
    test_received(&s, got, sizeof(got), 20);
    for (i = 0; i < ZM_COUNT(never); i++)
        if (strstr(got, never[i]))
            fail_msg("number %zu was sent", i);
    assert_non_null(strstr(got, "202e"));
    test_pty_done(&s);
}

/* Fills the screen so that a frame is larger than what a terminal buffers. */
static void draw_full(struct test_screen *s, int frame)
{
    int row;

    tui_frame_begin(s->tui);
    for (row = 0; row < tui_rows(s->tui); row++)
        tui_drawf(s->tui, tui_screen_box(s->tui), row, 0, TUI_TEXT, "frame %d row %d %0*d", frame,
                  row, tui_cols(s->tui) - 30, frame * 7919 + row);
    tui_frame_end(s->tui);
}

static void slow_terminal_holds_nobody_up(void **state)
{
    struct test_screen s;
    char got[65536];
    size_t n = 0;
    int64_t begun;
    int i;

    (void)state;
    test_screen(&s, 60, 250, "xterm-256color", NULL);
    begun = zm_now_ms();
    for (i = 0; i < 200; i++) /* nobody reads the other end */
        draw_full(&s, i);
    assert_true(zm_now_ms() - begun < 2000);
    assert_true(tui_output_pending(s.tui));
    for (i = 0; i < 10000 && tui_output_pending(s.tui); i++) {
        n += test_received(&s, got, 4096, 0);
        tui_output_ready(s.tui);
    }
    n += test_received(&s, got, sizeof(got), 20);
    assert_false(tui_output_pending(s.tui));
    assert_string_equal(test_cells(59, 0, 16, got, sizeof(got)),
                        "frame 199 row 59"); /* the newest */
    assert_in_range(n, 15000, 45000);        /* the first and the last, none between */
    test_pty_done(&s);
}

static void closing_does_not_wait_for_a_stopped_terminal(void **state)
{
    struct test_screen s;
    int64_t begun;
    int i;

    (void)state;
    test_screen(&s, 60, 250, "xterm-256color", NULL);
    for (i = 0; i < 5; i++)
        draw_full(&s, i);
    assert_true(tui_output_pending(s.tui));
    begun = zm_now_ms();
    tui_close(s.tui);
    s.tui = NULL;
    assert_true(zm_now_ms() - begun < 1000);
    test_pty_done(&s);
}

static void copies(void **state)
{
    struct test_screen s;
    char got[262144], *large = zm_malloc(200000);

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    draw(&s, "");
    test_received(&s, got, sizeof(got), 20);
    assert_true(tui_copy(s.tui, "ana.pop@example.ro"));
    test_received(&s, got, sizeof(got), 20);
    assert_string_equal(got, "\033]52;c;YW5hLnBvcEBleGFtcGxlLnJv\007");
    assert_true(tui_copy(s.tui, ""));
    assert_true(tui_copy(s.tui, "ab"));
    test_received(&s, got, sizeof(got), 20);
    assert_string_equal(got, "\033]52;c;\007\033]52;c;YWI=\007");
    memset(large, 'x', 199999);
    large[199999] = '\0';
    assert_false(tui_copy(s.tui, large));
    got[0] = '\0';
    while (tui_output_pending(s.tui)) {
        size_t n = strlen(got);

        test_received(&s, got + n, sizeof(got) - n, 5);
        tui_output_ready(s.tui);
    }
    test_received(&s, got + strlen(got), sizeof(got) - strlen(got), 20);
    assert_in_range(strlen(got), 99000, 100000);
    test_pty_done(&s);
    test_screen(&s, 24, 80, "tmux-256color", NULL);
    test_received(&s, got, sizeof(got), 0);
    tui_copy(s.tui, "ab");
    test_received(&s, got, sizeof(got), 20);
    assert_non_null(strstr(got, "\033Ptmux;\033\033]52;c;YWI=\007\033\\"));
    test_pty_done(&s);
    test_screen(&s, 24, 80, "screen", NULL);
    tui_copy(s.tui, "ab");
    test_received(&s, got, sizeof(got), 20);
    assert_non_null(strstr(got, "\033P\033]52;c;YWI=\007\033\\"));
    test_pty_done(&s);
    test_screen(&s, 24, 80, "linux", NULL);
    assert_false(tui_copy(s.tui, "ab")); /* has no clipboard: nothing is sent */
    test_received(&s, got, sizeof(got), 20);
    assert_null(strstr(got, "52;c"));
    test_pty_done(&s);
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changed_sends_nothing),
        cmocka_unit_test(no_colour_is_chosen_in_vain),
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(slow_terminal_holds_nobody_up),
        cmocka_unit_test(closing_does_not_wait_for_a_stopped_terminal),
        cmocka_unit_test(copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
