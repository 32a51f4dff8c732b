/*
 * The terminal: opened with newterm, restored on every way out. All drawing goes to the frame
 * between tui_frame_begin and tui_frame_end, which sends what changed in one write. Never blocks:
 * output that a slow terminal does not take yet is kept by the kernel or waits for the next turn.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/key.h"
#include "zm/error.h"

struct tui;

struct tui_options {
    bool ascii;    /* no line drawing, no other characters */
    bool no_color; /* also when NO_COLOR is set and not empty (no-color.org) */
    bool mouse;
    const char *theme; /* NULL: "default" */
};

/* Fails with ZM_ERR_USAGE and one clear line where the terminal cannot address its cursor, is
 * unknown, or is none at all; the hint proposes a TERM. setlocale() must have been called. */
bool tui_open(const struct tui_options *options, struct tui **ret, struct zm_error *err);
/* Restores the terminal and frees; NULL is fine. */
void tui_close(struct tui *tui);
/* From a signal handler or before _exit: puts the terminal back with write(2) and tcsetattr only.
 * Does nothing when none is open. */
void tui_emergency_restore(void);

/* Leaves the terminal to the shell; nothing is drawn until tui_resume, which takes it back, asks
 * for the size and sends the whole screen. Stopping the process between them is tui_loop_stop. */
void tui_suspend(struct tui *tui);
void tui_resume(struct tui *tui);
/* After SIGWINCH: asks for the size and makes the frame fit. */
void tui_resized(struct tui *tui);
/* The whole screen is sent again (Ctrl-L). */
void tui_redraw(struct tui *tui);

int tui_rows(const struct tui *tui);
int tui_cols(const struct tui *tui);
bool tui_is_ascii(const struct tui *tui);
bool tui_has_colour(const struct tui *tui);
const char *tui_term_name(const struct tui *tui);
bool tui_has_blocks(const struct tui *tui); /* block characters for charts can be shown */
int tui_fd(const struct tui *tui);          /* for poll */
/* Output that the terminal has not taken yet: poll tui_output_fd for POLLOUT and call
 * tui_output_ready, which also sends the newest frame where it was held back. */
bool tui_output_pending(const struct tui *tui);
int tui_output_fd(const struct tui *tui);
void tui_output_ready(struct tui *tui);
/* The terminal went away: reads and writes fail from now on. */
bool tui_is_gone(const struct tui *tui);
/* tui_read may have more without reading from the terminal. */
bool tui_input_ready(const struct tui *tui);

/* The next input, without waiting. False: there is none now. A lone Esc is decided after 25 ms, 100
 * over SSH: tui_read_wait says how long to wait for the rest, -1 when nothing is pending. */
bool tui_read(struct tui *tui, struct tui_event *ret);
int tui_read_wait(const struct tui *tui);
/* Throws away what was typed ahead (before a question). */
void tui_flush_input(struct tui *tui);
void tui_mouse(struct tui *tui, bool on);
/* Copies text to the clipboard of the person's terminal (OSC 52, wrapped for tmux and screen). At
 * most 74,994 bytes are sent, as xterm takes; false when it was cut, or this terminal has none. */
bool tui_copy(struct tui *tui, const char *text);
void tui_bell(struct tui *tui);

void tui_frame_begin(struct tui *tui);
void tui_frame_end(struct tui *tui);
/* When a frame was sent last, in microseconds of the monotonic clock; 0: never. */
int64_t tui_sent_us(const struct tui *tui);
/* Where the cursor of an input field stands in this frame; hidden when not called. */
void tui_cursor(struct tui *tui, int row, int col);

#endif
