/*
 * The terminal itself: where it opens and where not, that it is given back as it was on every way
 * out, what it reads, and what happens when it goes away.
 */
#include "tui_screen.h"

#include <signal.h>
#include <sys/wait.h>

#include "zm/clock.h"

#define ALTERNATE_ON "\033[?1049h"
#define ALTERNATE_OFF "\033[?1049l"
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

static void draw(struct test_screen *s, const char *text)
{
    tui_frame_begin(s->tui);
    tui_draw(s->tui, tui_screen_box(s->tui), 0, 0, TUI_GOOD, text);
    tui_frame_end(s->tui);
}

/* The settings of the terminal, comparable with memcmp. */
static void get_modes(const struct test_screen *s, struct termios *ret)
{
    memset(ret, 0, sizeof(*ret));
    assert_int_equal(tcgetattr(s->slave, ret), 0);
}

static void refuses_terminals_without_a_cursor(void **state)
{
    static const char *const cases[][2] = {{"dumb", "the terminal 'dumb' cannot place its cursor"},
                                           {"nonsense", "the terminal 'nonsense' is unknown here"},
                                           {"unknown", "the terminal 'unknown' is unknown here"},
                                           {"", "TERM is not set"},
                                           {"../../etc/passwd", "unknown here"}};
    static const struct tui_options none = {.ascii = false};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct test_screen s;
        struct zm_error err;
        char got[256];
        bool ok;

        test_pty(&s, 24, 80, cases[i][0]);
        ok = tui_open(&none, &s.tui, &err);
        test_received(&s, got, sizeof(got), 0);
        test_pty_done(&s);
        assert_false(ok);
        assert_int_equal(err.kind, ZM_ERR_USAGE);
        if (!strstr(err.message, cases[i][1]))
            fail_msg("TERM=%s: '%s'", cases[i][0], err.message);
        assert_string_equal(err.hint, "try TERM=vt100 zmartctl");
        assert_string_equal(got, ""); /* it got nothing it could show as garbage */
    }
}

static void refuses_what_is_no_terminal(void **state)
{
    static const struct tui_options none = {.ascii = false};
    int which;

    (void)state;
    for (which = 0; which < 2; which++) {
        struct test_screen s;
        struct zm_error err;
        int null = open("/dev/null", O_RDWR);
        bool ok;

        test_pty(&s, 24, 80, "xterm-256color");
        dup2(null, which ? STDOUT_FILENO : STDIN_FILENO);
        ok = tui_open(&none, &s.tui, &err);
        test_pty_done(&s);
        close(null);
        assert_false(ok);
        assert_int_equal(err.kind, ZM_ERR_USAGE);
        assert_string_equal(err.message, which ? "standard output is not a terminal"
                                               : "standard input is not a terminal");
    }
}

static void gives_it_back_as_it_was(void **state)
{
    static const char *const terms[] = {"xterm-256color", "screen", "tmux-256color", "linux",
                                        "vt100",          "xterm",  "rxvt",          "vt220"};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(terms); i++) {
        struct test_screen s;
        struct termios before, during, after;
        char got[8192];
        bool modern = strncmp(terms[i], "vt", 2) != 0 && strcmp(terms[i], "linux") != 0;

        test_screen(&s, 24, 80, terms[i], NULL);
        tui_close(s.tui);
        s.tui = NULL;
        test_pty_done(&s);

        test_pty(&s, 24, 80, terms[i]);
        get_modes(&s, &before);
        assert_true(tui_open(&(struct tui_options){.mouse = true}, &s.tui, NULL));
        get_modes(&s, &during);
        draw(&s, "something");
        tui_close(s.tui);
        s.tui = NULL;
        get_modes(&s, &after);
        test_received(&s, got, sizeof(got), 0);
        test_pty_done(&s);
        assert_false(during.c_lflag & (ICANON | ECHO | ISIG));
        assert_false(during.c_iflag & (IXON | ICRNL));
        assert_memory_equal(&before, &after, sizeof(before));
        assert_non_null(strstr(got, "something"));
        if (modern != (strstr(got, PASTE_ON) != NULL) || modern != (strstr(got, PASTE_OFF) != NULL))
            fail_msg("%s: bracketed paste %d", terms[i], !modern);
        if (modern) {
            assert_true(strstr(got, PASTE_OFF) > strstr(got, "something"));
            assert_true(strstr(got, "\033[?1000l") > strstr(got, "\033[?1000h"));
        }
        if (strstr(got, ALTERNATE_ON))
            assert_true(strstr(got, ALTERNATE_OFF) > strstr(got, PASTE_OFF));
        assert_null(strstr(got, "\033]")); /* no title, no palette */
    }
}

/* Many terminals show bold colours brighter: on a light ground these could not be read. */
static void light_has_no_bold_colours(void **state)
{
    static const struct tui_options light = {.theme = "light"};
    struct test_screen s;
    unsigned style;

    (void)state;
    test_screen(&s, 5, 40, "xterm-256color", &light);
    for (style = 0; style < TUI_STYLES; style++) {
        unsigned marked = style | TUI_MARKED;

        tui_frame_begin(s.tui);
        tui_draw(s.tui, tui_screen_box(s.tui), 0, 0, style, "x");
        tui_draw(s.tui, tui_screen_box(s.tui), 1, 0, marked, "x");
        tui_frame_end(s.tui);
        if (style != TUI_ALARM) { /* a reversed block is as dark as its colour */
            assert_false(PAIR_NUMBER(test_attributes(0, 0)) && test_attributes(0, 0) & A_BOLD);
            assert_false(PAIR_NUMBER(test_attributes(1, 0)) && test_attributes(1, 0) & A_BOLD);
        }
        assert_true(test_attributes(1, 0) & A_BOLD);
    }
    test_pty_done(&s);
}

static void colours(void **state)
{
    static const struct tui_options plain = {.no_color = true}, theme = {.theme = "mono"};
    struct test_screen s;
    char got[8192];

    (void)state;
    test_screen(&s, 5, 40, "xterm-256color", NULL);
    assert_true(tui_has_colour(s.tui));
    draw(&s, "green");
    test_received(&s, got, sizeof(got), 0);
    assert_non_null(strstr(got, "\033[32m"));
    test_pty_done(&s);
    test_screen(&s, 5, 40, "xterm-256color", &plain);
    assert_false(tui_has_colour(s.tui));
    draw(&s, "green");
    test_received(&s, got, sizeof(got), 0);
    assert_null(strstr(got, "\033[32m"));
    test_pty_done(&s);
    test_screen(&s, 5, 40, "xterm-256color", &theme);
    draw(&s, "green");
    test_received(&s, got, sizeof(got), 0);
    assert_null(strstr(got, "\033[32m"));
    test_pty_done(&s);
    test_screen(&s, 5, 40, "vt100", NULL);
    assert_false(tui_has_colour(s.tui));
    test_pty_done(&s);
    test_pty(&s, 5, 40, "xterm-256color");
    setenv("NO_COLOR", "1", 1);
    assert_true(tui_open(&(struct tui_options){.ascii = false}, &s.tui, NULL));
    assert_false(tui_has_colour(s.tui));
    test_pty_done(&s);
    unsetenv("NO_COLOR");
}

static void other_locale_is_ascii(void **state)
{
    struct test_screen s;
    char got[8192];
    size_t i, n;

    (void)state;
    test_pty(&s, 5, 40, "xterm-256color");
    setlocale(LC_ALL, "C");
    assert_true(tui_open(&(struct tui_options){.ascii = false}, &s.tui, NULL));
    assert_true(tui_is_ascii(s.tui));
    tui_frame_begin(s.tui);
    tui_draw_frame(s.tui, tui_screen_box(s.tui), "jos\303\251", NULL, TUI_INFO);
    tui_frame_end(s.tui);
    n = test_received(&s, got, sizeof(got), 0);
    for (i = 0; i < n; i++)
        assert_true((unsigned char)got[i] < 0x80);
    assert_non_null(strstr(got, "jos?"));
    test_pty_done(&s);
    setlocale(LC_ALL, "C.UTF-8");
}

static bool next_event(struct test_screen *s, struct tui_event *event)
{
    int64_t until = zm_now_ms() + 2000;

    while (!tui_read(s->tui, event)) {
        struct pollfd p = {.fd = tui_fd(s->tui), .events = POLLIN};
        int wait = tui_read_wait(s->tui);

        if (zm_now_ms() > until)
            return false;
        poll(&p, 1, wait >= 0 ? wait : 100);
    }
    return true;
}

static void reads_keys(void **state)
{
    struct test_screen s;
    struct tui_event event;
    int64_t begun;

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    assert_false(tui_read(s.tui, &event));
    assert_int_equal(tui_read_wait(s.tui), -1);
    test_type(&s, "j\033[B\003\032\021\023", 8);
    assert_true(next_event(&s, &event) && event.key == 'j');
    assert_true(next_event(&s, &event) && event.key == TUI_KEY_DOWN);
    assert_true(next_event(&s, &event) && event.key == (TUI_KEY_CTRL | 'c'));
    assert_true(next_event(&s, &event) && event.key == (TUI_KEY_CTRL | 'z'));
    assert_true(next_event(&s, &event) && event.key == (TUI_KEY_CTRL | 'q'));
    assert_true(next_event(&s, &event) && event.key == (TUI_KEY_CTRL | 's'));
    assert_false(tui_read(s.tui, &event));
    begun = zm_now_ms();
    test_type(&s, "\033", 1);
    assert_true(next_event(&s, &event) && event.key == TUI_KEY_ESC);
    assert_in_range(zm_now_ms() - begun, 20, 400);
    test_type(&s, "\033[200~two\rlines\033[201~", 21);
    assert_true(next_event(&s, &event));
    assert_int_equal(event.type, TUI_EVENT_PASTE);
    assert_int_equal(event.text_len, 9);
    test_type(&s, "yyyy", 4);
    assert_true(next_event(&s, &event));
    tui_flush_input(s.tui);
    assert_false(tui_read(s.tui, &event));
    test_pty_done(&s);
}

static void network_gets_more_time(void **state)
{
    struct test_screen s;
    struct tui_event event;

    (void)state;
    test_pty(&s, 24, 80, "xterm-256color");
    setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22", 1);
    assert_true(tui_open(&(struct tui_options){.ascii = false}, &s.tui, NULL));
    test_type(&s, "\033", 1);
    while (tui_read_wait(s.tui) < 0)
        assert_false(tui_read(s.tui, &event));
    assert_in_range(tui_read_wait(s.tui), 30, 100);
    test_pty_done(&s);
    unsetenv("SSH_CONNECTION");
}

static void a_terminal_that_goes_away(void **state)
{
    struct test_screen s;
    struct tui_event event;
    int i;

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    draw(&s, "here");
    close(s.master);
    s.master = -1;
    assert_true(next_event(&s, &event));
    assert_int_equal(event.type, TUI_EVENT_EOF);
    assert_false(tui_read(s.tui, &event)); /* said once */
    assert_true(tui_is_gone(s.tui));
    for (i = 0; i < 10; i++)
        draw(&s, i % 2 ? "more" : "less");
    assert_false(tui_output_pending(s.tui));
    test_pty_done(&s);
}

static void suspends_and_comes_back(void **state)
{
    struct test_screen s;
    struct termios before, away, back;
    char got[16384];

    (void)state;
    test_pty(&s, 24, 80, "xterm-256color");
    get_modes(&s, &before);
    assert_true(tui_open(&(struct tui_options){.ascii = false}, &s.tui, NULL));
    draw(&s, "screen");
    test_received(&s, got, sizeof(got), 20);
    tui_suspend(s.tui);
    get_modes(&s, &away);
    test_received(&s, got, sizeof(got), 20);
    assert_memory_equal(&before, &away, sizeof(before));
    assert_non_null(strstr(got, ALTERNATE_OFF));
    assert_non_null(strstr(got, PASTE_OFF));
    draw(&s, "hidden"); /* the shell has the terminal */
    assert_int_equal(test_received(&s, got, sizeof(got), 20), 0);
    test_pty_size(&s, 30, 100);
    tui_resume(s.tui);
    draw(&s, "screen");
    get_modes(&s, &back);
    test_received(&s, got, sizeof(got), 20);
    assert_false(back.c_lflag & (ICANON | ECHO | ISIG));
    assert_non_null(strstr(got, ALTERNATE_ON));
    assert_non_null(strstr(got, PASTE_ON));
    assert_non_null(strstr(got, "screen"));
    assert_int_equal(tui_rows(s.tui), 30);
    assert_int_equal(tui_cols(s.tui), 100);
    test_pty_done(&s);
}

static void any_size(void **state)
{
    static const int sizes[][2] = {{1, 1},     {1, 200}, {200, 1}, {10, 40},
                                   {200, 500}, {2, 2},   {24, 80}};
    struct test_screen s;
    size_t i;
    int row;

    (void)state;
    test_screen(&s, 0, 0, "xterm-256color", NULL); /* nobody told it: the usual size */
    assert_int_equal(tui_rows(s.tui), 24);
    assert_int_equal(tui_cols(s.tui), 80);
    for (i = 0; i < ZM_COUNT(sizes) * 3; i++) {
        const int *size = sizes[i % ZM_COUNT(sizes)];
        char got[65536];

        test_pty_size(&s, size[0], size[1]);
        tui_resized(s.tui);
        assert_int_equal(tui_rows(s.tui), size[0]);
        assert_int_equal(tui_cols(s.tui), size[1]);
        tui_frame_begin(s.tui);
        for (row = 0; row < 20; row++)
            tui_draw(s.tui, tui_screen_box(s.tui), row, row, TUI_TEXT,
                     "\345\261\261\345\261\261 text");
        tui_cursor(s.tui, 5, 500);
        tui_frame_end(s.tui);
        while (test_received(&s, got, sizeof(got), 0) > 0)
            tui_output_ready(s.tui);
    }
    test_pty_done(&s);
}

/* A process that ends without closing: exit(3), as after "out of memory". */
static void exit_restores(void **state)
{
    struct test_screen s;
    struct termios before, after;
    char got[8192];
    int status;
    pid_t child;

    (void)state;
    test_pty(&s, 24, 80, "xterm-256color");
    get_modes(&s, &before);
    child = fork();
    if (child == 0) {
        if (!tui_open(&(struct tui_options){.ascii = false}, &s.tui, NULL))
            _exit(99);
        draw(&s, "in the middle of it");
        tui_emergency_restore();
        tui_emergency_restore(); /* once is enough */
        _exit(3);
    }
    assert_true(waitpid(child, &status, 0) == child && WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
    get_modes(&s, &after);
    test_received(&s, got, sizeof(got), 20);
    test_pty_done(&s);
    assert_memory_equal(&before, &after, sizeof(before));
    assert_non_null(strstr(got, "in the middle"));
    assert_non_null(strstr(strstr(got, "in the middle"), PASTE_OFF));
    assert_non_null(strstr(strstr(got, "in the middle"), ALTERNATE_OFF));
    assert_non_null(strstr(strstr(got, "in the middle"), "\033[?25h"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_terminals_without_a_cursor),
        cmocka_unit_test(refuses_what_is_no_terminal),
        cmocka_unit_test(gives_it_back_as_it_was),
        cmocka_unit_test(light_has_no_bold_colours),
        cmocka_unit_test(colours),
        cmocka_unit_test(other_locale_is_ascii),
        cmocka_unit_test(reads_keys),
        cmocka_unit_test(network_gets_more_time),
        cmocka_unit_test(a_terminal_that_goes_away),
        cmocka_unit_test(suspends_and_comes_back),
        cmocka_unit_test(any_size),
        cmocka_unit_test(exit_restores),
    };

    signal(SIGHUP, SIG_IGN); /* the pty that goes away is not our session's, but to be sure */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
