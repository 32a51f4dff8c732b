/*
 * Grids of sums. Arithmetic only: knows no connection.
 */
#include "db/compare_grid.h"

#include <stdlib.h>
#include <string.h>

#include "db/compare_work.h"

uint64_t db_compare_total(const char *text)
{
    bool minus = *text == '-';
    uint64_t n = 0;

    for (text += minus; *text >= '0' && *text <= '9'; text++)
        n = n * 10 + (uint64_t)(*text - '0');
    return minus ? 0 - n : n;
}

static struct db_cell *cell_of(const struct db_grid *grid, int64_t bucket)
{
    uint32_t b = (uint32_t)bucket & grid->mask;
    int32_t place;

    if (!grid->place)
        return &grid->cells[b];
    place = grid->place[b & grid->coarse];
    return place < 0 ? NULL
                     : &grid->cells[(size_t)place * grid->parts + (size_t)(b >> grid->shift)];
}

void db_grid_add(struct db_grid *grid, enum db_side side, const struct db_rows *rows, bool take_out)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        const struct db_sums *row = DB_ROW(rows, struct db_sums, i);
        struct db_cell *cell = cell_of(grid, row->bucket);
        uint64_t total = db_compare_total(row->total);

        if (cell)
            cell->difference += (side == DB_BOT) != take_out ? 0 - total : total;
    }
}

static bool differs(const struct db_cell *cell)
{
    return cell->difference != 0;
}

size_t db_grid_count_differing(const struct db_grid *grid)
{
    size_t i, n = 0;

    for (i = 0; i < grid->n; i++)
        n += differs(&grid->cells[i]);
    return n;
}

void db_grid_begin(struct db_grid *grid, uint32_t buckets)
{
    *grid = (struct db_grid){.mask = buckets - 1, .coarse = buckets - 1, .parts = 1, .n = buckets};
    grid->cells = zm_calloc(grid->n, sizeof(*grid->cells));
}

void db_grid_begin_finer(struct db_grid *grid, const struct db_grid *coarse, uint32_t parts)
{
    int32_t next = 0;
    size_t i;

    *grid = (struct db_grid){.coarse = coarse->mask, .parts = parts};
    grid->mask = (coarse->mask + 1) * parts - 1;
    for (i = coarse->mask; i; i >>= 1)
        grid->shift++;
    grid->place = zm_calloc(coarse->n, sizeof(*grid->place));
    for (i = 0; i < coarse->n; i++)
        grid->place[i] = differs(&coarse->cells[i]) ? next++ : -1;
    grid->n = (size_t)next * parts;
    grid->cells = zm_calloc(grid->n, sizeof(*grid->cells));
}

void db_grid_done(struct db_grid *grid)
{
    free(grid->cells);
    free(grid->place);
    memset(grid, 0, sizeof(*grid));
}

/* The numbers of the buckets that differ. */
void db_grid_list(const struct db_grid *grid, struct zm_buf *ret)
{
    size_t i, k;

    ret->len = 0;
    zm_buf_add(ret, "{", 1);
    for (i = 0; i < grid->n && !grid->place; i++)
        if (differs(&grid->cells[i]))
            zm_buf_printf(ret, "%s%zu", ret->len > 1 ? "," : "", i);
    for (i = 0; grid->place && i <= grid->coarse; i++)
        for (k = 0; grid->place[i] >= 0 && k < grid->parts; k++)
            if (differs(&grid->cells[(size_t)grid->place[i] * grid->parts + k]))
                zm_buf_printf(ret, "%s%zu", ret->len > 1 ? "," : "", (k << grid->shift) | i);
    zm_buf_add(ret, "}", 1);
}
