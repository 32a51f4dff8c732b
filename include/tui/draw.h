/*
 * Drawing into the frame. Every text is cleaned as it becomes cells (tui/text.h): there is no way
 * to put an uncleaned byte on the screen. A box clips; widths are in cells; a text that does not
 * fit ends in '~'.
 */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/style.h"
#include "tui/term.h"

struct tui_box {
    int row, col, rows, cols;
};

enum tui_align { TUI_LEFT, TUI_RIGHT, TUI_CENTRE };

/* Text at (row, col) of the box; returns the cells used. style may have TUI_SELECTED or-ed. */
int tui_draw(struct tui *tui, struct tui_box box, int row, int col, unsigned style,
             const char *text);
/* len bytes of text without their first `skip` cells: for text that is scrolled sideways. */
int tui_draw_span(struct tui *tui, struct tui_box box, int row, int col, unsigned style,
                  const char *text, size_t len, int skip);
/* The same as tui_draw, formatted; at most 1,023 bytes. */
__attribute__((format(printf, 6, 7))) int tui_drawf(struct tui *tui, struct tui_box box, int row,
                                                    int col, unsigned style, const char *format,
                                                    ...);
/* Text in exactly `cells` cells, padded with blanks of its style. */
void tui_draw_field(struct tui *tui, struct tui_box box, int row, int col, int cells,
                    enum tui_align align, unsigned style, const char *text);
/* A run of blanks in a style (the rest of a selected row). */
void tui_draw_blank(struct tui *tui, struct tui_box box, int row, int col, int cells,
                    unsigned style);
/* Lines: Unicode or ASCII as the terminal can. `title` may be NULL; it stands in the line, in
 * `style`; the line itself is quiet. */
void tui_draw_rule(struct tui *tui, struct tui_box box, int row, const char *title, unsigned style);
void tui_draw_vline(struct tui *tui, struct tui_box box, int col);
/* A box with a border and a title left, another right (either NULL); clears the inside and returns
 * it, one blank away from the border at both sides. */
struct tui_box tui_draw_frame(struct tui *tui, struct tui_box box, const char *title,
                              const char *right, unsigned style);
/* The box that was drawn last in this picture, border included; empty: none. */
struct tui_box tui_last_frame(const struct tui *tui);
void tui_draw_clear(struct tui *tui, struct tui_box box);

struct tui_box tui_screen_box(const struct tui *tui);

#endif
