/*
 * An export under way: the job and its file. For
 * screens/export*.c and screens/check_save.c only.
 */
#ifndef SCREENS_EXPORT_JOB_H
#define SCREENS_EXPORT_JOB_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/filter.h"
#include "db/idset.h"

struct app;
struct db_job;

/* What was asked for. */
struct export_order {
    const char *kind; /* constant */
    char what[100];   /* "users /ana" */
    char user[37];
    struct db_filter filter;
    struct db_idset *set; /* owned; NULL: by the filter */
};

/* Takes the set of the order over. Begins to write to the file of that name: as typed, ~/ is the
 * home directory. */
void export_start(struct app *app, struct export_order *order, const char *name);
/* Of a running one: rows written so far, and what is exported. */
int64_t export_rows(const struct db_job *job);
const char *export_what(const struct db_job *job);

/* Makes a file of mode 0600. A name that is in use is refused by the kernel: nobody can come
 * between look and leap. NULL: *err says why. */
struct zm_error;
FILE *export_file_create(const char *path, struct zm_error *err);
/* A name as the shell would read it (~/), relative to where the program was started. */
void export_file_path(const char *name, char *dst, size_t size);

#endif
