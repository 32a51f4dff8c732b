/*
 * Which of the wanted indexes a database has, whatever they are called there.
 */
#ifndef DB_INDEX_MATCH_H
#define DB_INDEX_MATCH_H

#include <stdint.h>

#include "db/rows.h"
#include "db/side.h"

/* Bit i: index i of db/indexes.h, or one that serves as well. found: struct db_index_found. */
uint64_t db_index_match(enum db_side side, const struct db_rows *found);

#endif
