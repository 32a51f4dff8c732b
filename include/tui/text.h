/*
 * Text from anywhere made printable: the one boundary between what a database, a server or a file
 * says and what a terminal receives. Control characters, escape, C1, bidi controls, zero-width and
 * format characters, unassigned code points and invalid bytes become visible substitutes (^[ <9b>
 * <202e> <ff>); newline and tab become \n and \t. Works on UTF-8 whatever the locale; in ASCII mode
 * every other character becomes '?'. Output holds only printable characters, so cleaning twice
 * changes nothing.
 */
#ifndef TUI_TEXT_H
#define TUI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zm/str.h"

/* One step through raw text: the printable form of the next character, and the bytes it took. */
struct tui_glyph {
    char s[24];   /* UTF-8, terminated: a base with at most two combining marks, or a substitute */
    int cells;    /* 1 or 2 for a character; up to 10 for a substitute */
    size_t bytes; /* of the raw text */
    bool foreign; /* a substitute: drawn in the style of substitutes */
};
/* False at the end of the n bytes at s. Never reads past them. */
bool tui_glyph_next(const char *s, size_t n, bool ascii, struct tui_glyph *ret);

/* Appends the printable form of s; for lines that go to a terminal without ncurses. */
void tui_text_clean(struct zm_buf *dst, const char *s, bool ascii);
/* Cells that the printable form of s takes. */
int tui_text_cells(const char *s, bool ascii);

/* Decodes one UTF-8 character: bytes taken (at least 1), *ret < 0 for an invalid byte (RFC 3629: no
 * overlong forms, surrogates or values above U+10FFFF). */
size_t tui_utf8_decode(const char *s, size_t n, int32_t *ret);
/* Encodes; returns bytes (1 to 4), terminates. */
size_t tui_utf8_encode(int32_t c, char dst[5]);

#endif
