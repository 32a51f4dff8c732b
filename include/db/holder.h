/*
 * Who holds a lock that somebody waited for in vain, in words.
 */
#ifndef DB_HOLDER_H
#define DB_HOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/link.h"
#include "db/rows.h"

struct db_holder {
    int64_t pid;
    const char *role, *application;
    int64_t seconds; /* of its transaction; -1: not known */
};
extern const struct db_shape db_shape_holder;

/* Asks a statement that returns holders: "held by pid 4711, role ana, application psql, for 12 s".
 * False: nobody is known any more, or it cannot be asked, and dst is as it was. Blocks. */
bool db_holder_say(struct db_link *link, struct db_ask *ask, char *dst, size_t size);

#endif
