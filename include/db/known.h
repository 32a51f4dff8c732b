/*
 * The file `known`: which servers were met before, like ssh's known_hosts. One line a side:
 * "brain SYSTEM-IDENTIFIER DATABASE-OID HOST"; the directory is 0700 and the file 0600.
 */
#ifndef DB_KNOWN_H
#define DB_KNOWN_H

#include <stdbool.h>

#include "db/facts.h"
#include "zm/error.h"

enum db_known_server { DB_KNOWN_SAME, DB_KNOWN_FIRST, DB_KNOWN_OTHER };

/* Compares a server with the recorded one. A side that has no line yet is DB_KNOWN_FIRST and
 * recorded. */
bool db_known_meet(const char *file, const struct db_facts *facts, enum db_known_server *ret,
                   struct zm_error *err);
/* Records the server in place of what was there: `init --accept`. */
bool db_known_accept(const char *file, const struct db_facts *facts, struct zm_error *err);

#endif
