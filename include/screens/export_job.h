/*
 * An export under way: the job and its file. For screens/export*.c only.
 */
#ifndef SCREENS_EXPORT_JOB_H
#define SCREENS_EXPORT_JOB_H

#include <stdint.h>

#include "db/filter.h"

struct app;
struct db_job;

/* What was asked for. */
struct export_order {
    const char *kind; /* constant */
    char what[100];   /* "users /ana" */
    char user[37];
    struct db_filter filter;
};

/* Begins to write to the file of that name: as typed, ~/ is the home directory. */
void export_start(struct app *app, const struct export_order *order, const char *name);
/* Of a running one: rows written so far, and what is exported. */
int64_t export_rows(const struct db_job *job);
const char *export_what(const struct db_job *job);

#endif
