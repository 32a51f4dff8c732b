/*
 * Narrow ranges of an order, each reaching from the bound before it to its own, the last without an
 * end.
 *
 * Through a security_barrier view no index gives an order: ORDER BY ... LIMIT sorts everything. A
 * comparison does reach the index, so a page is asked for range by range, in one round trip, and
 * ranges after the one that filled it are not read. They may be cut anywhere without changing the
 * answer: a good guess only makes it quicker. For db/users_page.c and db/users_find.c.
 */
#ifndef DB_RANGES_H
#define DB_RANGES_H

#include <stdbool.h>
#include <stddef.h>

#define DB_RANGES_MAX 24
#define DB_RANGE_BYTES 136
struct db_ranges {
    size_t n; /* bounds; there is one range more */
    char bound[DB_RANGES_MAX - 1][DB_RANGE_BYTES];
};

/* By e-mail, after (back: before) a key; NULL: from the beginning (end). */
void db_ranges_email(const char *key, bool back, struct db_ranges *ret);
/* By id, likewise. */
void db_ranges_id(const char *id, bool back, struct db_ranges *ret);
/* The e-mails that begin with a word. */
void db_ranges_prefix(const char *word, struct db_ranges *ret);

#endif
