/*
 * Keys and values as two array literals of PostgreSQL, for metadata: jsonb_object($n, $m). A NULL
 * value is left out by the statements.
 */
#ifndef DB_PAIRS_H
#define DB_PAIRS_H

#include "zm/str.h"

struct db_pairs {
    struct zm_buf keys, values;
};

/* key and value may be any text; they are quoted. */
void db_pairs_add(struct db_pairs *pairs, const char *key, const char *value);
/* Closes the literals; nothing is added afterwards. */
void db_pairs_end(struct db_pairs *pairs);
void db_pairs_done(struct db_pairs *pairs);

#endif
