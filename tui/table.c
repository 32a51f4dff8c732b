/*
 * A list with columns. The cursor row is told by '>' and by its first column in reverse: a bar over
 * the whole row would cost twice its text in bytes at every key. Asks its owner for cells while it
 * draws.
 */
#include "tui/table.h"

#include <stdio.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

#define MARGIN 2 /* cells at the left: '>' for the cursor, '*' for a mark */
#define MOST_COLUMNS 32
#define ID_CELLS 6  /* of an id behind a text that was cut: enough to tell two rows apart */
#define ID_LEAST 14 /* cells of a column that has room for it */

static bool is_hidden(const struct tui_table *table, size_t i)
{
    return (table->hidden >> i) & 1u;
}

/* Widths of all columns, 0 for those that are not shown. Returns how many are in widths. */
static size_t share(const struct tui_table *table, int cols, int widths[MOST_COLUMNS])
{
    int min[MOST_COLUMNS] = {0}, grow[MOST_COLUMNS] = {0}, priority[MOST_COLUMNS] = {0};
    int got[MOST_COLUMNS];
    size_t at[MOST_COLUMNS] = {0}, n = table->n_columns, shown = 0, i;

    if (n > MOST_COLUMNS)
        n = MOST_COLUMNS;
    for (i = 0; i < n; i++) {
        widths[i] = 0;
        if (is_hidden(table, i))
            continue;
        min[shown] = table->columns[i].min;
        grow[shown] = table->columns[i].grow;
        priority[shown] = table->columns[i].priority;
        at[shown++] = i;
    }
    tui_share(cols - MARGIN, (int)shown, min, grow, priority, got);
    for (i = 0; i < shown; i++)
        widths[at[i]] = got[i];
    return n;
}

int tui_table_column_at(const struct tui_table *table, struct tui_box box, int column_id)
{
    int widths[MOST_COLUMNS], col = MARGIN;
    size_t n = share(table, box.cols, widths), i;

    for (i = 0; i < n; i++) {
        if (widths[i] == 0)
            continue;
        if (table->columns[i].id == column_id)
            return col;
        col += widths[i] + 1;
    }
    return -1;
}

/* The title, cut before its arrow would be: which column sorts must stay visible. */
static void draw_title(struct tui *tui, struct tui_box row, int col, int cells,
                       const struct tui_column *column, const char *arrow)
{
    int title = tui_text_cells(column->title, tui_is_ascii(tui));
    int room = cells - (int)strlen(arrow), before = 0;

    if (title > room)
        title = room;
    if (column->align == TUI_RIGHT)
        before = room - title;
    tui_draw_field(tui, row, 0, col + before, title, TUI_LEFT, TUI_HEAD, column->title);
    tui_draw(tui, row, 0, col + before + title, TUI_INFO, arrow);
}

static void draw_head(struct tui *tui, struct tui_box row, const struct tui_table *table,
                      const int widths[], size_t n)
{
    int col = MARGIN;
    size_t i;

    for (i = 0; i < n; i++) {
        const struct tui_column *column = &table->columns[i];
        const char *arrow = (int)i != table->sorted ? "" : table->descending ? " v" : " ^";

        if (widths[i] == 0)
            continue;
        /* a narrow one loses the blank first */
        if (arrow[0] && widths[i] < (int)strlen(column->title) + 2)
            arrow++;
        if (widths[i] > (int)strlen(arrow))
            draw_title(tui, row, col, widths[i], column, arrow);
        col += widths[i] + 1;
    }
}

/* "customer.supp~5b1e0a": where texts begin alike, the end tells which one this is. */
static struct tui_box draw_id(struct tui *tui, struct tui_box own, int at,
                              const struct tui_cell *cell, unsigned style)
{
    struct tui_box id;

    if (!cell->id || own.cols < ID_LEAST || strlen(cell->id) < ID_CELLS ||
        tui_text_cells(cell->text, tui_is_ascii(tui)) <= own.cols)
        return own;
    id = tui_cut_right(&own, ID_CELLS);
    tui_draw_span(tui, id, at, 0, TUI_DIM | (style & ~0xffu), cell->id, ID_CELLS, 0);
    return own;
}

/* The next column that is shown, 0: none. */
static size_t next_shown(const int widths[], size_t n, size_t i)
{
    for (i++; i < n; i++)
        if (widths[i] > 0)
            return i;
    return 0;
}

/* The cell of a column, and how wide it is. Returns the last column that it takes. */
static size_t ask_cell(const struct tui_table *table, size_t row, size_t i, const int widths[],
                       size_t n, struct tui_cell *ret, int *ret_cells)
{
    struct tui_cell beside = {.text = ""};
    size_t next;

    table->cell(table->context, row, table->columns[i].id, ret);
    *ret_cells = widths[i];
    next = ret->over ? next_shown(widths, n, i) : 0;
    if (next == 0)
        return i;
    table->cell(table->context, row, table->columns[next].id, &beside);
    next = beside.text[0] ? i : next;
    *ret_cells += next != i ? widths[next] + 1 : 0;
    table->cell(table->context, row, table->columns[i].id, ret); /* its text was valid until then */
    return next;
}

static void draw_row(struct tui *tui, struct tui_box box, const struct tui_table *table, int at,
                     size_t row, bool selected, const int widths[], size_t n)
{
    unsigned state = table->row_state ? table->row_state(table->context, row) : 0;
    bool first = true;
    int col = MARGIN;
    size_t i;

    if (selected)
        tui_draw(tui, box, at, 0, TUI_TEXT, ">");
    if (state & TUI_MARKED)
        tui_draw(tui, box, at, 1, TUI_INFO, "*");
    for (i = 0; i < n; i++) {
        struct tui_cell cell = {.text = "", .style = TUI_TEXT};
        struct tui_box own = {box.row, box.col + col, box.rows, 0};
        enum tui_align align = table->columns[i].align;
        unsigned style;

        if (widths[i] == 0)
            continue;
        i = ask_cell(table, row, i, widths, n, &cell, &own.cols);
        col += own.cols + 1;
        style = (unsigned)cell.style | state | (selected && first ? (unsigned)TUI_SELECTED : 0u);
        own = draw_id(tui, own, at, &cell, style);
        if (selected && first && align == TUI_LEFT)
            tui_draw(tui, own, at, 0, style, cell.text); /* no wider than its text: fewer bytes */
        else
            tui_draw_field(tui, own, at, 0, own.cols, align, style, cell.text);
        first = false;
    }
}

int tui_table_draw(struct tui *tui, struct tui_box box, struct tui_table *table, bool focused)
{
    int widths[MOST_COLUMNS], at;
    size_t n = share(table, box.cols, widths);

    if (!table->no_head && box.rows > 1)
        draw_head(tui, tui_cut_top(&box, 1), table, widths, n);
    tui_table_fit(table, box.rows);
    if (table->rows == 0 && table->empty)
        tui_draw(tui, box, 0, MARGIN, TUI_DIM, table->empty);
    for (at = 0; at < box.rows && table->top + (size_t)at < table->rows; at++) {
        size_t row = table->top + (size_t)at;

        draw_row(tui, box, table, at, row, focused && row == table->cursor, widths, n);
    }
    return box.rows;
}

void tui_table_fit(struct tui_table *table, int page)
{
    size_t rows = page > 0 ? (size_t)page : 1;

    if (table->cursor >= table->rows)
        table->cursor = table->rows > 0 ? table->rows - 1 : 0;
    if (table->top > table->cursor)
        table->top = table->cursor;
    if (table->cursor >= table->top + rows)
        table->top = table->cursor - rows + 1;
    if (table->top + rows > table->rows)
        table->top = table->rows > rows ? table->rows - rows : 0;
}

bool tui_table_move(struct tui_table *table, enum tui_move move, int page)
{
    size_t before = table->cursor, last = table->rows > 0 ? table->rows - 1 : 0;
    size_t rows = page > 0 ? (size_t)page : 1;
    size_t step = move == TUI_MOVE_UP || move == TUI_MOVE_DOWN             ? 1
                  : move == TUI_MOVE_HALF_UP || move == TUI_MOVE_HALF_DOWN ? rows / 2
                                                                           : rows;
    if (step < 1)
        step = 1;
    if (table->cursor > last)
        table->cursor = last;
    switch (move) {
    case TUI_MOVE_UP:
    case TUI_MOVE_PAGE_UP:
    case TUI_MOVE_HALF_UP:
        table->cursor = table->cursor > step ? table->cursor - step : 0;
        break;
    case TUI_MOVE_DOWN:
    case TUI_MOVE_PAGE_DOWN:
    case TUI_MOVE_HALF_DOWN:
        table->cursor = last - table->cursor > step ? table->cursor + step : last;
        break;
    case TUI_MOVE_FIRST:
        table->cursor = 0;
        break;
    case TUI_MOVE_LAST:
        table->cursor = last;
        break;
    }
    tui_table_fit(table, page);
    return table->cursor != before;
}

long tui_table_at(const struct tui_table *table, struct tui_box box, int row)
{
    int head = table->no_head || box.rows <= 1 ? 0 : 1;
    size_t at;

    if (row < box.row + head || row >= box.row + box.rows)
        return -1;
    at = table->top + (size_t)(row - box.row - head);
    return at < table->rows ? (long)at : -1;
}

void tui_decimal_pad(const char *number, int after, char *dst, size_t size)
{
    const char *point = strchr(number, '.');
    int places = point ? (int)strlen(point) : 0, want = after > 0 ? after + 1 : 0;

    if (!strpbrk(number, "0123456789")) /* NaN, or nothing: it has no point to align on */
        places = want;
    snprintf(dst, size, "%s%*s", number, want > places ? want - places : 0, "");
}
