/*
 * What the statements of item 6 return. For db/steps_hardening.c and the table of shapes only.
 */
#ifndef DB_HARDENING_H
#define DB_HARDENING_H

#include <stdint.h>

#include "db/rows.h"

/* A hole, and the SQL that closes it: one statement, or several with semicolons between; a comment
 * where only a person can. */
struct db_hole {
    const char *hole, *fix;
};
struct db_how_many {
    int64_t n;
};
extern const struct db_shape db_shape_hole, db_shape_how_many;

#endif
