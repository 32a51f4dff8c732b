/*
 * Sums by bucket of users: what is left of Brain's when Bot's are taken off. For db/compare_sums.c
 * only.
 */
#ifndef DB_COMPARE_GRID_H
#define DB_COMPARE_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/rows.h"
#include "db/side.h"
#include "zm/str.h"

struct db_cell {
    uint64_t difference; /* Brain's total less Bot's, modulo 2^64 */
};

/* Buckets of a mask: all of them, or the parts of those that differed in a coarser grid. */
struct db_grid {
    uint32_t mask, coarse; /* coarse == mask: all */
    unsigned shift;        /* bits of coarse */
    uint32_t parts;        /* of one coarse bucket */
    int32_t *place; /* owned: of a coarse bucket among those that differed, -1: not; NULL: all */
    size_t n;
    struct db_cell *cells; /* owned */
};

/* All buckets of a power of two. */
void db_grid_begin(struct db_grid *grid, uint32_t buckets);
/* The parts (a power of two) of the buckets that differ. */
void db_grid_begin_finer(struct db_grid *grid, const struct db_grid *coarse, uint32_t parts);
void db_grid_done(struct db_grid *grid);

/* Adds the rows (struct db_sums) of a side, or takes them out again. */
void db_grid_add(struct db_grid *grid, enum db_side side, const struct db_rows *rows,
                 bool take_out);

size_t db_grid_count_differing(const struct db_grid *grid);
/* Their numbers, "{1,2,3}", in place of what was in it. */
void db_grid_list(const struct db_grid *grid, struct zm_buf *ret);

#endif
