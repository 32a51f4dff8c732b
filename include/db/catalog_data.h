/*
 * What a catalogue consists of. For db/catalog*.c, db/identity.c and the table of shapes only.
 */
#ifndef DB_CATALOG_DATA_H
#define DB_CATALOG_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/facts.h"
#include "db/rows.h"
#include "db/side.h"

struct db_identity_row {
    const char *role, *server, *database_oid;
    int64_t version, pid;
    bool read_only, standby;
};
struct db_system_row {
    const char *system;
};
struct db_column_row {
    const char *table_name, *column_name, *data_type; /* "timestamp without time zone" */
    bool readable, updatable, insertable;
};
struct db_table_row {
    const char *table_name, *kind;
    bool sees_all, writable;
    int64_t estimate;
};
struct db_index_found {
    const char *table_name, *definition, *predicate;
    bool is_unique;
};
struct db_check {
    const char *table_name, *definition;
};
struct db_guard_row {
    bool unprotected;
};
extern const struct db_shape db_shape_check, db_shape_guard, db_shape_identity, db_shape_system,
    db_shape_column, db_shape_table, db_shape_index;

struct db_catalog {
    enum db_side side;
    enum db_logins logins;
    char role[64];
    struct db_rows columns, tables, checks; /* struct db_column_row, db_table_row, db_check */
};

/* A table that zmartctl knows, and the checklist step that creates it. */
struct db_known_table {
    const char *name;
    enum db_side side; /* DB_SIDES: either */
    const char *step;  /* "" where no step creates it */
};
/* Row i of them, NULL after the last. */
const struct db_known_table *db_known_table(size_t i);

const struct db_table_row *db_catalog_table(const struct db_catalog *catalog, const char *name);
/* The column's row; name need not be terminated. */
const struct db_column_row *db_catalog_column(const struct db_catalog *catalog, const char *table,
                                              const char *name, size_t n);

#endif
