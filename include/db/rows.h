/*
 * Rows become structs through one table of fields: the column's name is the member's name and the
 * kind follows from the member's type. Text members point into the server's answer, which the rows
 * own, so nothing is copied. Decimals and timestamps are text: exactly what the server printed.
 */
#ifndef DB_ROWS_H
#define DB_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zm/error.h"

struct pg_result; /* libpq's PGresult */

enum db_kind {
    DB_KIND_TEXT,  /* const char *: NULL for SQL NULL */
    DB_KIND_INT,   /* int64_t: NULL is an error, say coalesce() */
    DB_KIND_FLAG,  /* bool: NULL is an error */
    DB_KIND_MAYBE, /* db_maybe: 1, 0, or -1 for NULL */
    DB_KIND_REAL,  /* double, for charts only; NULL is NaN */
};

typedef signed char db_maybe; /* a boolean column that may be NULL: 1, 0, -1 */

struct db_field {
    const char *name;
    size_t offset;
    enum db_kind kind;
};

/* One row of a table of fields; any other member type does not compile. */
#define DB_FIELD(type, member)                                                                     \
    {                                                                                              \
#member, offsetof(type, member),                                                           \
            _Generic(((type *)0)->member, const char *: DB_KIND_TEXT, int64_t: DB_KIND_INT,        \
                     bool: DB_KIND_FLAG, db_maybe: DB_KIND_MAYBE, double: DB_KIND_REAL)       \
    }

/* The struct that a statement fills. */
struct db_shape {
    const char *name;
    size_t size;
    const struct db_field *fields;
    size_t n_fields;
};

struct db_rows {
    struct pg_result *result; /* owned; NULL when empty */
    void *items;              /* owned: n structs of the shape */
    size_t n;
};

/* Row i of rows filled by `type`. */
#define DB_ROW(rows, type, i) (&((const type *)(rows)->items)[i])

/* Decodes *result by shape. Takes the result over, on failure too. Columns are found by name; one
 * that is missing or does not parse is ZM_ERR_DATA naming statement and column. */
bool db_rows_take(struct db_rows *rows, struct pg_result *result, const struct db_shape *shape,
                  const char *statement, struct zm_error *err);
/* Frees; zeroed rows are fine. */
void db_rows_done(struct db_rows *rows);

#endif
