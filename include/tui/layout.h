/*
 * Boxes cut from boxes. Pure arithmetic; a size that is not there gives an empty box, never a
 * negative one.
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include "tui/draw.h"

/* Cuts `n` rows (columns) off an edge of *box and returns them; *box keeps the rest. */
struct tui_box tui_cut_top(struct tui_box *box, int n);
struct tui_box tui_cut_bottom(struct tui_box *box, int n);
struct tui_box tui_cut_left(struct tui_box *box, int n);
struct tui_box tui_cut_right(struct tui_box *box, int n);
struct tui_box tui_centre(struct tui_box box, int rows, int cols);
struct tui_box tui_inset(struct tui_box box, int rows, int cols);
bool tui_box_empty(struct tui_box box);
/* Whether that place of the screen is in it. */
bool tui_box_has(struct tui_box box, int row, int col);

/* Shares `total` among n parts: each at least min[i], the rest by grow[i]; parts that do not fit,
 * taken by ascending priority[i], get 0. One blank between neighbours is counted. */
void tui_share(int total, int n, const int min[], const int grow[], const int priority[],
               int ret[]);

#endif
