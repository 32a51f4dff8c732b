/*
 * Cells in memory. Keeps one rule: a character of two cells is whole or not there at all. Must not
 * know ncurses.
 */
#include "tui/grid.h"

#include <string.h>

#include "zm/arena.h"

void tui_grid_size(struct tui_grid *grid, int rows, int cols)
{
    grid->rows = rows < 1 ? 1 : rows;
    grid->cols = cols < 1 ? 1 : cols;
    grid->cells =
        zm_realloc(grid->cells, (size_t)grid->rows * (size_t)grid->cols * sizeof(grid->cells[0]));
    tui_grid_clear(grid);
}

void tui_grid_clear(struct tui_grid *grid)
{
    memset(grid->cells, 0, (size_t)grid->rows * (size_t)grid->cols * sizeof(grid->cells[0]));
}

void tui_grid_done(struct tui_grid *grid)
{
    free(grid->cells);
    memset(grid, 0, sizeof(*grid));
}

/* The other half of a wide character that is about to lose this one becomes a blank. */
static void orphan(struct tui_cell_mem *cell)
{
    struct tui_cell_mem *other;

    if (!cell->wide)
        return;
    other = cell->wide == TUI_WIDE_LEFT ? cell + 1 : cell - 1;
    other->c = 0;
    other->mark[0] = other->mark[1] = 0;
    other->wide = 0;
}

void tui_grid_put(struct tui_grid *grid, int row, int col, int32_t c, int cells, unsigned style)
{
    struct tui_cell_mem *cell;

    if (row < 0 || col < 0 || row >= grid->rows || col + cells > grid->cols)
        return;
    cell = tui_grid_at(grid, row, col);
    orphan(cell);
    *cell = (struct tui_cell_mem){.c = c, .style = (uint16_t)style};
    if (c == ' ')
        cell->c = 0;
    if (cells == 2) {
        orphan(cell + 1);
        cell->wide = TUI_WIDE_LEFT;
        cell[1] = (struct tui_cell_mem){.style = (uint16_t)style, .wide = TUI_WIDE_RIGHT};
    }
}

void tui_grid_ascii(struct tui_grid *grid, int row, int col, const char *s, int n, unsigned style)
{
    struct tui_cell_mem *cell = tui_grid_at(grid, row, col);
    int i;

    for (i = 0; i < n; i++, cell++) {
        if (cell->wide)
            orphan(cell);
        cell->c = s[i] == ' ' ? 0 : s[i];
        cell->mark[0] = cell->mark[1] = 0;
        cell->style = (uint16_t)style;
        cell->wide = 0;
    }
}

static bool same(const struct tui_cell_mem *a, const struct tui_cell_mem *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

bool tui_grid_differs(const struct tui_grid *next, const struct tui_grid *shown, int row,
                      int *ret_first, int *ret_last)
{
    const struct tui_cell_mem *a = tui_grid_at(next, row, 0), *b = tui_grid_at(shown, row, 0);
    int first = 0, last = next->cols - 1;

    if (memcmp(a, b, (size_t)next->cols * sizeof(*a)) == 0)
        return false;
    while (same(&a[first], &b[first]))
        first++;
    while (same(&a[last], &b[last]))
        last--;
    if (a[first].wide == TUI_WIDE_RIGHT)
        first--;
    if (a[last].wide == TUI_WIDE_LEFT)
        last++;
    *ret_first = first;
    *ret_last = last;
    return true;
}
