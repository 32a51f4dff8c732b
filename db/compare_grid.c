/*
 * Grids of sums. Arithmetic only: knows no connection.
 */
#include "db/compare_grid.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/compare_work.h"

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

static void add(uint64_t *sum, int64_t n, bool less)
{
    *sum += less ? 0 - (uint64_t)n : (uint64_t)n;
}

void db_grid_add(struct db_grid *grid, enum db_side side, const struct db_rows *rows, bool take_out)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        const struct db_sums *row = DB_ROW(rows, struct db_sums, i);
        struct db_cell *cell = cell_of(grid, row->bucket);
        bool less = (side == DB_BOT) != take_out;

        if (!cell)
            continue;
        add(&cell->large, row->large, less);
        add(&cell->small, row->small, less);
        add(&cell->placed, row->placed, less);
    }
}

static bool differs(const struct db_cell *cell)
{
    return (cell->large | cell->small | cell->placed) != 0;
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

/* ---- what differs ---- */

/* Cells in the order of their places, with the buckets that they are; false: no more. */
static bool next_differing(const struct db_grid *grid, size_t *at, uint32_t *ret_bucket,
                           const struct db_cell **ret)
{
    for (; *at < ((size_t)grid->coarse + 1) * grid->parts; ++*at) {
        size_t bucket = *at / grid->parts, part = *at % grid->parts;
        int32_t place = grid->place ? grid->place[bucket] : (int32_t)bucket;

        if (place < 0 || !differs(&grid->cells[(size_t)place * grid->parts + part]))
            continue;
        *ret = &grid->cells[(size_t)place * grid->parts + part];
        *ret_bucket = (uint32_t)((part << grid->shift) | bucket);
        ++*at;
        return true;
    }
    return false;
}

/* dst: or NULL. */
static void list(struct zm_buf *dst, uint32_t number)
{
    if (dst)
        zm_buf_printf(dst, "%s%" PRIu32, dst->len > 1 ? "," : "", number);
}

static void list_begin(struct zm_buf *dst)
{
    if (!dst)
        return;
    dst->len = 0;
    zm_buf_add(dst, "{", 1);
}

static void list_end(struct zm_buf *dst)
{
    if (dst)
        zm_buf_add(dst, "}", 1);
}

void db_grid_list(const struct db_grid *grid, struct zm_buf *ret)
{
    const struct db_cell *cell;
    uint32_t bucket;
    size_t at = 0;

    list_begin(ret);
    while (next_differing(grid, &at, &bucket, &cell))
        list(ret, bucket);
    list_end(ret);
}

uint32_t db_grid_place_mask(const struct db_grid *grid)
{
    return grid->mask | DB_PLACE_MASK << DB_PLACE_SHIFT;
}

/* Whether one user may be all that is left: his place then. */
static bool find_place(const struct db_cell *cell, uint32_t *ret)
{
    int64_t small = (int64_t)cell->small, placed = (int64_t)cell->placed;

    if (small == 0 || placed % small != 0 || placed / small < 0 || placed / small > DB_PLACE_MASK)
        return false;
    *ret = (uint32_t)(placed / small);
    return true;
}

size_t db_grid_pick(const struct db_grid *grid, struct zm_buf *ret_hashes,
                    struct zm_buf *ret_others)
{
    uint32_t shared = grid->mask >> DB_PLACE_SHIFT; /* bits of both bucket and place */
    const struct db_cell *cell;
    uint32_t bucket, place;
    size_t at = 0, others = 0;

    list_begin(ret_hashes);
    list_begin(ret_others);
    while (next_differing(grid, &at, &bucket, &cell)) {
        if (find_place(cell, &place) && (bucket >> DB_PLACE_SHIFT) == (place & shared)) {
            list(ret_hashes, bucket | place << DB_PLACE_SHIFT);
        } else {
            list(ret_others, bucket);
            others++;
        }
    }
    list_end(ret_hashes);
    list_end(ret_others);
    return others;
}
