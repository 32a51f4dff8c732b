/*
 * Sums by bucket of users: what is left of Brain's when Bot's are taken off. For db/compare_sums.c
 * and db/compare_pick.c only.
 *
 * A user adds two fields of hashes to his bucket, and the small one once more multiplied by his
 * place: 15 bits of the hash of his id that do not choose the bucket. Where one user alone differs,
 * what is left of the product is what is left of the small field times his place, so that a
 * division tells which of the bucket's users it is (the idea of invertible Bloom lookup tables:
 * Goodrich and Mitzenmacher, 2011).
 */
#ifndef DB_COMPARE_GRID_H
#define DB_COMPARE_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/rows.h"
#include "db/side.h"
#include "zm/str.h"

/* Brain's sums less Bot's, modulo 2^64. */
struct db_cell {
    uint64_t large, small, placed;
};

/* Bits of a hash that are a place, and the bits of it that make a bucket at most. */
#define DB_PLACE_SHIFT 16
#define DB_PLACE_MASK 0x7fffU

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
/* The numbers of the buckets that differ, "{1,2,3}", in place of what was in it. */
void db_grid_list(const struct db_grid *grid, struct zm_buf *ret);
/* The mask of a bucket and a place together, the part of a hash that db_grid_pick knows. */
uint32_t db_grid_place_mask(const struct db_grid *grid);
/* Of the buckets that differ: the hashes of the users who seem to be alone in it, and the numbers
 * of the others, as db_grid_list (NULL: only counts). Returns how many others there are. Two who
 * differ may look like one who is somebody else: whoever uses the hashes takes what he found out of
 * the grid and looks whether anything is left. */
size_t db_grid_pick(const struct db_grid *grid, struct zm_buf *ret_hashes,
                    struct zm_buf *ret_others);

#endif
