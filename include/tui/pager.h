/*
 * Long text in a scrolling box: lines of a text that the caller owns, wrapped or cut, with search.
 */
#ifndef TUI_PAGER_H
#define TUI_PAGER_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/draw.h"
#include "tui/table.h"

struct tui_pager {
    const char *text; /* not owned; UTF-8 with \n */
    size_t len;
    size_t *lines; /* owned: where each line (with wrap: each row) begins */
    size_t n_lines, cap;
    size_t top;
    int left; /* scrolled sideways, in cells */
    char search[128];
    size_t found; /* line of the match, SIZE_MAX none */
    bool wrap;    /* long lines go on in the next row, broken where a word ends */
    int hang;     /* cells that such a row stands in from the left */
    int cols;     /* they were broken for this width, when it was last drawn */
};

void tui_pager_set(struct tui_pager *pager, const char *text, size_t len);
void tui_pager_done(struct tui_pager *pager);
bool tui_pager_move(struct tui_pager *pager, enum tui_move move, int page);
void tui_pager_sideways(struct tui_pager *pager, int cells);
/* Finds the next (1) or previous (-1) line with pager->search: the first time from the top row on,
 * then from the line found last; round and round. ASCII letters match in either case. False: none.
 */
bool tui_pager_find(struct tui_pager *pager, int direction, int page);
/* Draws from pager->top; matches are shown selected once something was found. */
void tui_pager_draw(struct tui *tui, struct tui_box box, struct tui_pager *pager);

#endif
