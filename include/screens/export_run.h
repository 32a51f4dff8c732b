/*
 * Exports: whole tables as a stream of rows, a page in memory at a time. `zmartctl export` and the
 * key E of the console run the same code.
 */
#ifndef SCREENS_EXPORT_RUN_H
#define SCREENS_EXPORT_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "db/filter.h"
#include "screens/command.h"
#include "screens/print.h"

struct db_idset;
struct export_run {
    struct command_run *run;      /* its databases; errors go to it */
    struct out *out;              /* with the columns of the kind */
    char user[37];                /* "" for all */
    char since[24];               /* "2026-11-01T00:00:00Z", "" for all */
    struct db_filter filter;      /* of users; empty for all */
    struct db_idset *set;         /* of users: these; NULL: by the filter */
    const atomic_bool *cancelled; /* NULL: never */
    atomic_long rows;             /* written so far */
};

struct export_kind {
    const char *name; /* "users" */
    void (*run)(struct export_run *e);
    const struct out_column *columns;
    size_t n;
};

/* By its name. False, ZM_ERR_USAGE: there is no such kind. */
bool export_find(const char *name, const struct export_kind **ret, struct zm_error *err);

#endif
