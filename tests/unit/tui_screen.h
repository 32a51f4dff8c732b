/*
 * A terminal for unit tests of the toolkit: a pty of a given size under standard input and output,
 * the toolkit opened on it, and what ncurses believes to be on the screen as text.
 */
#ifndef TEST_TUI_SCREEN_H
#define TEST_TUI_SCREEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "tui/draw.h"
#include "tui/text.h"

struct test_screen {
    int master, slave, in, out; /* in, out: the test's own, while the pty stands in for them */
    struct tui *tui;
};

static inline void test_pty_size(const struct test_screen *s, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    assert_int_equal(ioctl(s->master, TIOCSWINSZ, &size), 0);
}

/* Standard input and output become a pty; nothing is opened on it yet. */
static inline void test_pty(struct test_screen *s, int rows, int cols, const char *term)
{
    memset(s, 0, sizeof(*s));
    fflush(stdout);
    assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
    unsetenv("NO_COLOR");
    unsetenv("TMUX");
    unsetenv("SSH_CONNECTION");
    unsetenv("SSH_TTY");
    setenv("TERM", term, 1);
    s->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(s->master >= 0 && grantpt(s->master) == 0 && unlockpt(s->master) == 0);
    s->slave = open(ptsname(s->master), O_RDWR | O_NOCTTY);
    assert_true(s->slave >= 0);
    test_pty_size(s, rows, cols);
    s->in = dup(STDIN_FILENO);
    s->out = dup(STDOUT_FILENO);
    dup2(s->slave, STDIN_FILENO);
    dup2(s->slave, STDOUT_FILENO);
}

static inline void test_pty_done(struct test_screen *s)
{
    tui_close(s->tui);
    s->tui = NULL;
    dup2(s->in, STDIN_FILENO);
    dup2(s->out, STDOUT_FILENO);
    close(s->in);
    close(s->out);
    close(s->slave);
    if (s->master >= 0)
        close(s->master);
}

static inline void test_screen(struct test_screen *s, int rows, int cols, const char *term,
                               const struct tui_options *options)
{
    static const struct tui_options none = {.ascii = false};
    struct zm_error err = {.kind = ZM_ERR_NONE};
    bool ok;

    test_pty(s, rows, cols, term);
    ok = tui_open(options ? options : &none, &s->tui, &err);
    if (!ok) {
        test_pty_done(s);
        fail_msg("%s; %s", err.message, err.hint);
    }
}

/* What the terminal has received and not been read yet; waits until `ms` pass without more. */
static inline size_t test_received(const struct test_screen *s, char *dst, size_t size, int ms)
{
    struct pollfd p = {.fd = s->master, .events = POLLIN};
    size_t n = 0;

    while (n + 1 < size && poll(&p, 1, ms) == 1 && p.revents & POLLIN) {
        ssize_t got = read(s->master, dst + n, size - 1 - n);

        if (got <= 0)
            break;
        n += (size_t)got;
    }
    dst[n] = '\0';
    return n;
}

/* Types as a person would. */
static inline void test_type(const struct test_screen *s, const char *keys, size_t n)
{
    assert_int_equal(write(s->master, keys, n), (ssize_t)n);
}

/* Columns [col, col + cells) of a row as ncurses has them, in UTF-8. */
static inline const char *test_cells(int row, int col, int cells, char *dst, size_t size)
{
    size_t n = 0;
    int i, k;

    for (i = col; i < col + cells; i++) {
        cchar_t cell;
        wchar_t text[CCHARW_MAX + 1] = {0};
        attr_t attributes;
        short pair;

        mvwin_wch(curscr, row, i, &cell);
        getcchar(&cell, text, &attributes, &pair, NULL);
        for (k = 0; text[k] && n + 5 < size; k++)
            n += tui_utf8_encode((int32_t)text[k], dst + n);
        if (wcwidth(text[0]) == 2)
            i++;
    }
    dst[n] = '\0';
    return dst;
}

static inline attr_t test_attributes(int row, int col)
{
    cchar_t cell;
    wchar_t text[CCHARW_MAX + 1] = {0};
    attr_t attributes = 0;
    short pair;

    mvwin_wch(curscr, row, col, &cell);
    getcchar(&cell, text, &attributes, &pair, NULL);
    return attributes;
}

#endif
