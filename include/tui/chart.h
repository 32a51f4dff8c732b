/*
 * Small charts made of text: Unicode blocks where they can be shown, else ASCII.
 */
#ifndef TUI_CHART_H
#define TUI_CHART_H

#include <stddef.h>

#include "tui/draw.h"

/* A sparkline of n values in one row, scaled to the largest; the newest at the right. */
void tui_spark(struct tui *tui, struct tui_box box, int row, int col, int cells, unsigned style,
               const double *values, size_t n);
/* A bar of `cells` cells filled by value/max. */
void tui_bar(struct tui *tui, struct tui_box box, int row, int col, int cells, unsigned style,
             double value, double max);
/* Columns over `box.rows` rows: a chart of n values, the newest at the right. The first row says
 * the largest, where there are rows for it. */
void tui_columns(struct tui *tui, struct tui_box box, unsigned style, const double *values,
                 size_t n);

#endif
