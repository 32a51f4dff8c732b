/*
 * Pipelines: what a screen needs from one server travels together. For db/link*.c only.
 */
#ifndef DB_LINK_RUN_H
#define DB_LINK_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "db/link_io.h"
#include "db/sql.h"
#include "zm/error.h"

/* One statement of a pipeline. */
struct db_step {
    enum db_sql sql;
    const char *const *params; /* NULL where it has none */
    struct db_ask *ask;        /* takes its rows; NULL: nobody reads them */
};

struct db_outcome {
    size_t failed;           /* the step that the server refused; n: none */
    struct zm_error failure; /* why */
};

/* Sends n steps and one Sync, and reads all answers. True: the server answered, *ret says how.
 * False: lost, cancelled or out of time; the link was closed, or is ready again. */
bool db_link_run(struct db_link *link, const struct db_step *steps, size_t n,
                 struct db_outcome *ret, struct zm_error *err);
/* The same with a deadline that nothing moves on: what is not answered by then closes the link. */
bool db_link_run_until(struct db_link *link, const struct db_step *steps, size_t n,
                       int64_t deadline_ms, struct db_outcome *ret, struct zm_error *err);
/* Ends a failed transaction; closes the link when that fails as well. */
void db_link_roll_back(struct db_link *link);
/* The number of the highest $n of a statement. */
int db_link_count_params(const char *text);

#endif
