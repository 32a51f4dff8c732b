/*
 * The file of the spool: records as lines, "v1 key=value ... sum=0123456789abcdef". Values are
 * percent-encoded; the sum tells a line that was cut or edited from a whole one. For db/spool.c and
 * db/breakglass.c only.
 */
#ifndef DB_SPOOL_FILE_H
#define DB_SPOOL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/spool.h"
#include "zm/str.h"

#define DB_SPOOL_FIELDS 32
struct db_spool_field {
    const char *key, *value;
};
/* A record that was read; the texts are in its line. */
struct db_spool_record {
    char *line; /* owned */
    struct db_spool_field field[DB_SPOOL_FIELDS];
    size_t n;
};

/* Appends a record and syncs the file and its directory: when it returns true the record survives a
 * power failure. */
bool db_spool_append(const struct db_spool *spool, const struct db_spool_field *fields, size_t n,
                     struct zm_error *err);
/* The same with a line, without its end, and a file of the spool's directory. False: nothing of it
 * is there, errno says why. */
bool db_spool_append_line(const struct db_spool *spool, const char *name, const char *line);
/* Takes a line apart. False: it is not whole. *ret is freed with free(ret->line) in either case. */
bool db_spool_parse(const char *line, struct db_spool_record *ret);
/* The value of a field, NULL when there is none. */
const char *db_spool_field(const struct db_spool_record *record, const char *key);

#endif
