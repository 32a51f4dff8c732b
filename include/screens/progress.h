/*
 * --progress: how far a long command is, on stderr, one JSON object a line, a few times a second.
 */
#ifndef SCREENS_PROGRESS_H
#define SCREENS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/compare.h"

struct progress {
    bool on, ascii;
    int phase; /* that was told last */
    int64_t told_ms;
    int64_t apply_ms; /* when applying began; 0: not yet */
};

/* Of a comparison: {"progress":"rows",...}. A new phase is told at once. */
void progress_compare(struct progress *progress, const struct db_compare_progress *at);
/* Of a repair: {"progress":"apply","done":50,"total":120,"seconds_left":1.2}. last: whatever was
 * told before. */
void progress_apply(struct progress *progress, size_t done, size_t total, bool last);

#endif
