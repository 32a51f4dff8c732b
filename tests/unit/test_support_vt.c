/*
 * The terminal of the end-to-end tests: it must see what a terminal shows, and must catch programs
 * that misbehave, else those tests prove nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/vt.h"
#include "support/vt_stream.h"
#include "zm/str.h"

static struct vt *run_shell(const char *script)
{
    const char *const argv[] = {"sh", "-c", script, NULL};

    return vt_start(argv, NULL, 24, 80);
}

static void shows_cells(void **state)
{
    struct vt *vt =
        run_shell("printf 'a\\303\\251\\346\\274\\242 \\033[1;7;31mred\\033[m'; read x");
    int col;

    (void)state;
    vt_wait(vt, "red", VT_SOON_MS);
    assert_int_equal(vt_find(vt, "red", &col), 0);
    assert_int_equal(col, 5);
    assert_string_equal(vt_row(vt, 0), "aé漢 red");
    assert_int_equal(vt_cell(vt, 0, 2).width, 2);
    assert_true(vt_cell(vt, 0, 5).reverse);
    assert_true(vt_cell(vt, 0, 5).bold);
    assert_int_equal(vt_cell(vt, 0, 5).fg, 1);
    assert_int_equal(vt_cell(vt, 0, 0).fg, VT_DEFAULT_COLOUR);
    assert_int_equal(vt_reverse_row(vt, 0), 0);
    vt_keys(vt, "Enter");
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 0);
    vt_check_stream(vt);
    vt_check_restored(vt);
    vt_done(vt);
}

static void takes_keys_and_size(void **state)
{
    struct vt *vt = run_shell("trap 'stty size' WINCH; printf '\\033[?1h'; stty -echo; echo ready;"
                              "while read -r x; do echo \"<$x>\" | cat -v; done");

    (void)state;
    vt_wait(vt, "ready", VT_SOON_MS);
    vt_keys(vt, "a Up S-Tab Enter");
    vt_wait(vt, "<a^[OA^[[Z>", VT_SOON_MS);
    vt_resize(vt, 33, 101);
    vt_keys(vt, "Enter");
    vt_wait(vt, "33 101", VT_SOON_MS);
    vt_signal(vt, SIGKILL);
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 128 + SIGKILL);
    vt_done(vt);
}

static void has_a_fixed_environment(void **state)
{
    const char *const argv[] = {"sh", "-c", "echo $TERM,$LANG,$TZ,$A,${USER-none}; ls -A $HOME",
                                NULL};
    const char *const env[] = {"A=b", "TZ", NULL};
    struct vt *vt = vt_start(argv, env, 5, 60);

    (void)state;
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 0);
    assert_string_equal(vt_row(vt, 0), "xterm-256color,C.UTF-8,,b,none");
    assert_string_equal(vt_row(vt, 1), "");
    vt_done(vt);
}

static void hangs_up(void **state)
{
    struct vt *vt = run_shell("echo ready; while :; do read x; done");

    (void)state;
    vt_wait(vt, "ready", VT_SOON_MS);
    vt_hang_up(vt);
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 128 + SIGHUP);
    vt_done(vt);
}

struct output {
    const char *bytes;
    const char *bad;  /* part of what is said; "" for nothing */
    unsigned modes;   /* left on */
    const char *copy; /* on the clipboard */
};

static void judges_output(void **state)
{
    static const struct output cases[] = {
        {"\033[?1049h\033[22;0;0t\033[1;24r\033(B\033[m\033[4l\033[?7h\033[H\033[2J", "",
         VT_MODE_ALTERNATE, NULL},
        {"\033[?1049h\033[?25l\033[?1049l\033[?25h", "", 0, NULL},
        {"\033[?2004h\033[?1000h\033[?1006h\033=\033[?1h", "",
         VT_MODE_PASTE | VT_MODE_MOUSE | VT_MODE_KEYPAD | VT_MODE_CURSOR_KEYS, NULL},
        {"\033[38;5;208m", "", VT_MODE_PEN, NULL},
        {"\033(0qqq\033(B", "", 0, NULL},
        {"\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80\r\n\t\b", "", 0, NULL},
        {"\033]52;c;SGVsbG8=\a", "", 0, "Hello"},
        {"\033]52;c;SGVsbG8=\033\\", "", 0, "Hello"},
        {"\033Ptmux;\033\033]52;c;SGVsbG8=\a\033\\", "", 0, "Hello"},
        {"\033]0;title\a", "OSC 0;title", 0, NULL},
        {"\033]8;;http://example.com\033\\", "OSC", 0, NULL},
        {"\033P+q544e\033\\", "DCS", 0, NULL},
        {"\033[6n", "CSI 6n", 0, NULL},
        {"\033[c", "CSI c", 0, NULL},
        {"\033[8;50;100t", "CSI 8;50;100t", 0, NULL},
        {"\033[?1003h", "private mode 1003", 0, NULL},
        {"\033c", "escape c", 0, NULL},
        {"\a", "control byte 0x07", 0, NULL},
        {"\177", "control byte 0x7f", 0, NULL},
        {"\x9b", "control byte 0x9b", 0, NULL},
        {"\xc2\x9b", "U+009B", 0, NULL},
        {"\xe2\x80\xae", "U+202E", 0, NULL},
        {"\xe2\x80\x8b", "U+200B", 0, NULL},
        {"\xef\xbb\xbf", "U+FEFF", 0, NULL},
        {"\xe0\x80\xaf", "U+002F", 0, NULL},
        {"\xc3z", "broken UTF-8", 0, NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct vt_stream s = {.state = 0};

        vt_stream_feed(&s, cases[i].bytes, strlen(cases[i].bytes));
        if (cases[i].bad[0] ? !strstr(s.bad, cases[i].bad) : s.bad[0] != '\0')
            fail_msg("case %zu: '%s', not '%s'", i, s.bad, cases[i].bad);
        if (s.modes != cases[i].modes || !zm_streq(s.clipboard, cases[i].copy))
            fail_msg("case %zu: modes %x, clipboard '%s'", i, s.modes, zm_text(s.clipboard));
        vt_stream_done(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_cells),   cmocka_unit_test(takes_keys_and_size),
        cmocka_unit_test(judges_output), cmocka_unit_test(has_a_fixed_environment),
        cmocka_unit_test(hangs_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
