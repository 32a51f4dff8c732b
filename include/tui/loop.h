/*
 * The one place that waits: poll over the terminal, signals, the lanes' eventfd and the nearest
 * timer. Handlers change state; the caller draws once per turn, after typeahead was drained.
 */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/term.h"
#include "zm/error.h"

struct tui_loop;

enum tui_wake {
    TUI_WAKE_INPUT = 1, /* tui_read has something */
    TUI_WAKE_FD = 2,    /* the extra descriptor is readable */
    TUI_WAKE_TIMER = 4, /* the deadline passed */
    TUI_WAKE_RESIZE = 8,
    TUI_WAKE_QUIT =
        16, /* SIGHUP, SIGTERM, SIGINT, SIGQUIT, or the terminal is gone: tui_loop_signal */
    TUI_WAKE_SUSPEND = 32, /* SIGTSTP */
    TUI_WAKE_CONT = 64,    /* was continued; the terminal is ours again, tui_resume was called */
};

/* Blocks the handled signals for the process (call before any thread starts), installs the
 * emergency handlers of SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL that restore the terminal first,
 * ignores SIGPIPE. */
bool tui_loop_new(struct tui_loop **ret, struct zm_error *err);
void tui_loop_free(struct tui_loop *loop);
/* Waits until something of it happens; extra_fd -1: none; deadline of the monotonic clock. Output
 * that a slow terminal did not take is sent meanwhile. A terminal that is gone is said once. For 4
 * ms after the answer to a key further keys are let gather, so that a held key or a burst is
 * answered by two frames, not by thirty; the first key is answered at once. */
unsigned tui_loop_wait(struct tui_loop *loop, struct tui *tui, int extra_fd, int64_t deadline_ms);
/* Stops this process and its group as Ctrl-Z of a terminal does, between tui_suspend and
 * tui_resume. Returns when continued, or at once where nobody could continue us (no job control).
 */
void tui_loop_stop(void);
/* Which signal asked to quit, 0 when the terminal went away. */
int tui_loop_signal(const struct tui_loop *loop);

#endif
