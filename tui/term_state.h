/*
 * What an open terminal is, for the files of this folder that make up tui/term.h.
 */
#ifndef TUI_TERM_STATE_H
#define TUI_TERM_STATE_H

#include <stdint.h>
#include <stdio.h>
#include <termios.h>

#include "tui/decode.h"
#include "tui/draw.h"
#include "tui/grid.h"
#include "tui/style.h"
#include "tui/term.h"
#include "zm/str.h"

struct screen; /* of ncurses */

#define TUI_CHOOSE_ASCII "\033(B"

/* A style as ncurses wants it. */
struct tui_look {
    unsigned attributes;
    short pair;
    bool on_blank; /* a blank shows it: reverse, underline */
};

enum tui_mux { TUI_MUX_NONE, TUI_MUX_TMUX, TUI_MUX_SCREEN };

struct tui {
    struct screen *screen;
    FILE
        *sink; /* a file in memory: ncurses writes there, and we to the terminal, without waiting */
    int in, out;
    bool own_out; /* out was opened here and does not block */
    struct termios shell, ours;
    char name[64]; /* TERM */
    bool ascii, colour, mouse;
    bool modern;    /* takes private modes: bracketed paste, mouse, OSC 52 */
    bool box_lines; /* Unicode box drawing */
    bool hides_cursor;
    bool drops_charset; /* TUI_CHOOSE_ASCII is taken out of what ncurses writes */
    enum tui_mux mux;
    char enter[64], leave[64]; /* keypad, paste and mouse modes */
    struct tui_look look[TUI_STYLES][4];

    struct tui_grid next, shown;
    void *run;                  /* cchar_t[cols + 1] */
    int cursor_row, cursor_col; /* of the next frame; row -1: hidden */
    int at_row, at_col;         /* where it stands now; row -1: hidden, -2: not known */
    struct tui_box last_frame;  /* drawn in the next frame */
    bool whole;                 /* send the next frame whole */
    bool stale;                 /* the next frame waits for the terminal */
    int64_t sent_us;            /* when the last frame went out */
    bool suspended;
    bool gone;

    struct zm_buf queue; /* bytes for the terminal; the first `sent` are gone */
    size_t sent;

    struct tui_decoder decoder;
    int64_t input_ms; /* when something was read last */
    int esc_ms;
    bool more;     /* the last tui_read gave an event */
    bool told_eof; /* tui_read reported the end */
};

/* term_modes.c: what this TERM is good for, and the bytes that switch its modes. */
void tui_modes_init(struct tui *tui);
/* What undoes everything, for the emergency restore. */
void tui_modes_undo(const struct tui *tui, char *dst, size_t size);

/* style.c: fills tui->look for the theme; 0 pairs are used without colour. */
void tui_style_init(struct tui *tui, const char *theme);

/* term_out.c */
bool tui_out_open(struct tui *tui);
void tui_out_close(struct tui *tui);
void tui_out_add(struct tui *tui, const char *s, size_t n);
/* Moves what ncurses wrote to the queue. */
void tui_out_collect(struct tui *tui);
/* Writes what the terminal takes now; true: nothing is left. */
bool tui_out_flush(struct tui *tui);
/* The same, waiting for at most ms. */
void tui_out_drain(struct tui *tui, int ms);

/* term_restore.c: bytes are what undoes all modes. */
void tui_restore_arm(const struct tui *tui, const char *bytes);
void tui_restore_disarm(void);

/* term_input.c */
void tui_input_init(struct tui *tui);

/* frame.c */
/* Makes the grids as large as the terminal is. */
void tui_frame_resize(struct tui *tui, int rows, int cols);
/* Hands the next frame to ncurses and sends it. */
void tui_frame_send(struct tui *tui);
void tui_frame_done(struct tui *tui);

#endif
