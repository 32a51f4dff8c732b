/*
 * The spool: journal rows of changes that were made while Brain was away (break-glass: only rights
 * taken away). A line a record, written and synced to disk before the change; replayed with the
 * same request id when Brain is back. A line that was cut, changed or written by somebody else is
 * put aside and reported, the others are replayed.
 */
#ifndef DB_SPOOL_H
#define DB_SPOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "db/link.h"
#include "db/write.h"
#include "zm/error.h"

struct db_spool {
    char directory[512]; /* 0700; the file in it is `spool`, 0600 */
};

/* How many records wait; 0 when there is no file. Reads the disk. */
size_t db_spool_count(const struct db_spool *spool);
/* Writes what waits into Brain. ret_replayed, ret_bad: how many lines. False: Brain could not be
 * written; what was not replayed stays. */
bool db_spool_replay(const struct db_spool *spool, struct db_link *brain, size_t *ret_replayed,
                     size_t *ret_bad, struct zm_error *err);

#endif
