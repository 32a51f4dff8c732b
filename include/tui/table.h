/*
 * A list with columns over rows that somebody else holds: the table asks for cells while it draws.
 * The cursor is a row number here; who owns the rows binds it to a key when they change.
 */
#ifndef TUI_TABLE_H
#define TUI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/draw.h"
#include "tui/key.h"

struct tui_column {
    const char *title;
    int min;      /* cells */
    int grow;     /* share of what is left; 0: keeps min */
    int priority; /* the highest stay when it gets narrow */
    enum tui_align align;
    int id; /* the owner's */
};

struct tui_cell {
    const char *text; /* raw; valid until the next call */
    enum tui_style style;
    bool over;      /* it may take the next column's cells, where that has nothing in this row */
    const char *id; /* where the text has to be cut its end is how this begins; NULL: just cut */
};

typedef void (*tui_cell_fn)(void *context, size_t row, int column_id, struct tui_cell *ret);
/* 0, or TUI_MARKED */
typedef unsigned (*tui_row_fn)(void *context, size_t row);

struct tui_table {
    const struct tui_column *columns;
    size_t n_columns;
    unsigned hidden; /* bit i: column i is not shown */
    int sorted;      /* index of the column with the sort arrow, -1 none */
    bool descending;
    bool no_head;
    size_t rows; /* how many there are now */
    size_t cursor, top;
    tui_cell_fn cell;
    tui_row_fn row_state; /* may be NULL */
    void *context;
    const char *empty; /* said when there are no rows */
};

enum tui_move {
    TUI_MOVE_UP,
    TUI_MOVE_DOWN,
    TUI_MOVE_PAGE_UP,
    TUI_MOVE_PAGE_DOWN,
    TUI_MOVE_HALF_UP,
    TUI_MOVE_HALF_DOWN,
    TUI_MOVE_FIRST,
    TUI_MOVE_LAST,
};

/* page: rows of the body when it was last drawn. True when the cursor moved. */
bool tui_table_move(struct tui_table *table, enum tui_move move, int page);
/* Keeps the cursor inside the rows and the window over the cursor. */
void tui_table_fit(struct tui_table *table, int page);
/* Draws head and rows; focused: the cursor row is shown selected. Returns the rows of the body. */
int tui_table_draw(struct tui *tui, struct tui_box box, struct tui_table *table, bool focused);
/* The first cell of a column in a box, -1 when it is not shown there. */
int tui_table_column_at(const struct tui_table *table, struct tui_box box, int column_id);
/* The row at a screen position, or -1. */
long tui_table_at(const struct tui_table *table, struct tui_box box, int row);

/* A decimal as text split on its point, so that a column aligns on it: pads with blanks to `after`
 * places. */
void tui_decimal_pad(const char *number, int after, char *dst, size_t size);

#endif
