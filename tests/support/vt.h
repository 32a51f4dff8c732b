/*
 * A program in a pseudo-terminal of its own, with libvterm as its screen: type, wait for what a
 * person would see, look at cells, and at the end see that the terminal is as it was.
 *
 * The program gets a fixed environment: TERM=xterm-256color, LANG=C.UTF-8, TZ=UTC, PATH, and a
 * private HOME with the XDG folders in it. Nothing reads its output but these functions, so a test
 * that waits elsewhere holds the program up as a slow terminal does. What does not come true fails
 * the test with a picture of the screen.
 */
#ifndef SUPPORT_VT_H
#define SUPPORT_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct vt;

#define VT_DEFAULT_COLOUR (-1)
struct vt_cell {
    char text[32]; /* UTF-8 with its combining marks; "" where nothing was drawn */
    int width;     /* 1 or 2 */
    bool bold, underline, reverse;
    int fg, bg; /* index of the palette, or VT_DEFAULT_COLOUR */
};

/* env: "NAME=value" sets, "NAME" removes, NULL ends it; NULL for none. */
struct vt *vt_start(const char *const *argv, const char *const *env, int rows, int cols);
/* Kills the program if it still runs, and removes its HOME. NULL is fine. */
void vt_done(struct vt *vt);

/* Bytes as they come from a keyboard. */
void vt_type(struct vt *vt, const char *text);
/* Keys by the names of tui/key.h, separated by blanks: "Down Down Ctrl-D Enter". */
void vt_keys(struct vt *vt, const char *names);
/* As one piece, bracketed when the program asked for that. */
void vt_paste(struct vt *vt, const char *text);

/* How long to wait for what should come soon; all times are longer under a sanitizer. */
#define VT_SOON_MS 10000
/* Until some row holds the text. */
void vt_wait(struct vt *vt, const char *text, int ms);
/* Until no row holds it. */
void vt_wait_gone(struct vt *vt, const char *text, int ms);
/* Until the predicate holds; what is said when it does not. */
void vt_wait_until(struct vt *vt, bool (*holds)(struct vt *vt, void *context), void *context,
                   const char *what, int ms);
/* Until nothing was written for quiet_ms: for counting bytes, not for waiting on an answer. */
void vt_settle(struct vt *vt, int quiet_ms, int ms);
/* Reads what is there, without waiting. */
void vt_pump(struct vt *vt);

/* The row that holds the text on the screen as last read, -1 for none; ret_col may be NULL. */
int vt_find(const struct vt *vt, const char *text, int *ret_col);
/* Without trailing blanks; valid until 8 calls later. */
const char *vt_row(const struct vt *vt, int row);
struct vt_cell vt_cell(const struct vt *vt, int row, int col);
/* The first row from `row` on that has a reversed cell, -1 for none. */
int vt_reverse_row(const struct vt *vt, int row);
/* False: hidden. */
bool vt_cursor(const struct vt *vt, int *ret_row, int *ret_col);
/* The whole screen, in a frame, to stderr. */
void vt_dump(const struct vt *vt);

void vt_resize(struct vt *vt, int rows, int cols);
int vt_rows(const struct vt *vt);
int vt_cols(const struct vt *vt);
void vt_signal(struct vt *vt, int signal);
/* The other end of the terminal goes away. */
void vt_hang_up(struct vt *vt);
pid_t vt_pid(const struct vt *vt);
const char *vt_home(const struct vt *vt);
/* Waits for the end: the exit code, or 128 + the signal that killed it. */
int vt_wait_exit(struct vt *vt, int ms);

/* After the end: line settings as before, alternate screen left, cursor visible, colours and all
 * modes reset. */
void vt_check_restored(struct vt *vt);
/* No byte reached the terminal that a well-behaved full-screen program does not send: no query, no
 * title, no OSC but 52, no C1, no bidi or zero-width code point, no broken UTF-8. */
void vt_check_stream(struct vt *vt);
/* All bytes written so far. */
long long vt_bytes(const struct vt *vt);
/* The raw output, *ret_len bytes. */
const char *vt_log(const struct vt *vt, size_t *ret_len);
/* What was last put on the clipboard (OSC 52), decoded; NULL for nothing. */
const char *vt_clipboard(const struct vt *vt);

#endif
