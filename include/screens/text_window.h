/*
 * A window over a text of any length that comes in pieces: so many pieces are kept as one run of
 * bytes, the others are dropped at the end that is farther away and asked for again. Knows no
 * server and no screen.
 */
#ifndef SCREENS_TEXT_WINDOW_H
#define SCREENS_TEXT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zm/str.h"

#define TEXT_WINDOW_PIECES 8

/* A piece that was read: where it begins in the whole text, in characters. */
struct text_piece {
    int64_t offset, chars;
    size_t bytes, lines; /* lines: newlines in it */
};

struct text_window {
    struct zm_buf buf;        /* pieces [from, to) one after the other */
    struct text_piece *piece; /* owned: all that were ever read */
    size_t n, cap;
    size_t from, to;
    int64_t size; /* characters of the whole, -1 unknown */
};

void text_window_done(struct text_window *w);
/* More of the text lies before or after what is kept; *ret is the offset to ask for. */
bool text_window_before(const struct text_window *w, int64_t *ret);
bool text_window_after(const struct text_window *w, int64_t *ret);
/* A piece has come. Returns by how many lines the text in buf moved: down (positive) when it came
 * in front, up (negative) when lines in front were dropped for it. A piece that nobody asked for
 * changes nothing. */
long text_window_put(struct text_window *w, int64_t offset, const char *text, int64_t size);

#endif
