/*
 * A grid of cells: the frame while it is being drawn. Plain memory, so that drawing is fast and
 * only what changed since the last frame is handed to ncurses.
 */
#ifndef TUI_GRID_H
#define TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TUI_WIDE_LEFT 1
#define TUI_WIDE_RIGHT 2

/* All zero is a blank in the default style. */
struct tui_cell_mem {
    int32_t c;       /* code point; 0 a blank */
    int32_t mark[2]; /* combining marks, 0 none */
    uint16_t style;  /* enum tui_style, with TUI_SELECTED and TUI_MARKED */
    uint16_t wide;   /* TUI_WIDE_LEFT, TUI_WIDE_RIGHT: the halves of a character of two cells */
};

struct tui_grid {
    int rows, cols;
    struct tui_cell_mem *cells; /* owned */
};

/* Makes it rows x cols (each at least 1) and blank. */
void tui_grid_size(struct tui_grid *grid, int rows, int cols);
void tui_grid_clear(struct tui_grid *grid);
void tui_grid_done(struct tui_grid *grid);
/* One character of 1 or 2 cells; what it covers by half becomes blank. Outside the grid, or a wide
 * one in the last column: nothing. */
void tui_grid_put(struct tui_grid *grid, int row, int col, int32_t c, int cells, unsigned style);
/* n characters of ASCII (0x20 to 0x7e), which lie inside the grid. */
void tui_grid_ascii(struct tui_grid *grid, int row, int col, const char *s, int n, unsigned style);
/* The first and last column in which row differs in the two; false: it does not. Both grids have
 * the same size. Never cuts a wide character of `next` in two. */
bool tui_grid_differs(const struct tui_grid *next, const struct tui_grid *shown, int row,
                      int *ret_first, int *ret_last);

static inline struct tui_cell_mem *tui_grid_at(const struct tui_grid *grid, int row, int col)
{
    return &grid->cells[(size_t)row * (size_t)grid->cols + (size_t)col];
}

#endif
