/*
 * The comparisons of the past: a line each in the state file `scans`, written by `zmartctl drift`
 * and the Sync screen. What was found when, never why; losing it loses no truth.
 */
#ifndef SCREENS_SCANS_H
#define SCREENS_SCANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/classes.h"
#include "db/compare.h"

#define SCANS_KEPT 32

struct scan_line {
    char at[24];  /* "2026-11-22T12:00:41Z" */
    int64_t at_s; /* the same, since the epoch */
    int64_t users, brain_users;
    int64_t ms; /* how long it took, without the second look; 0: not known */
    int64_t classes[DB_CLASSES];
    bool partly; /* classes that the shapes of the tables cannot show were not looked at */
};
struct scans {
    struct scan_line line[SCANS_KEPT]; /* the newest last */
    size_t n;
};

/* Adds a line to the file (0600), whole or not at all; nothing is said when that fails. A file that
 * has grown long keeps its last 16 kB. result: of
 * a comparison of all classes. Any thread; a local file. path NULL: there is no place for it. */
void scans_add(const char *path, const struct db_compare_result *result);
/* The newest lines, of the file's last 16 kB; what is torn or of another version is passed over. */
void scans_load(const char *path, struct scans *ret);
/* Sets what a comparison may expect, as the newest line has it. Any thread; a local file. */
void scans_expect(const char *path, struct db_compare *ret);
/* The newest; NULL: none. */
const struct scan_line *scans_last(const struct scans *scans);

#endif
