/*
 * Applying a plan: each of its users through the write protocol, in batches, with the values that
 * the plan saw asserted under the locks. Who changed since is skipped and said; so running it
 * again, or after a kill at any moment, changes nobody twice.
 */
#ifndef DB_REPAIR_H
#define DB_REPAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "db/bulk.h"
#include "db/decide.h"
#include "db/plan.h"
#include "db/session.h"
#include "db/write.h"
#include "zm/error.h"

/* The edit that mends the row's classes: DB_ACTION_REPAIR with request UUIDv5(run, user). Texts are
 * the row's. False: nothing in it can be mended by us (human, info). Pure. */
bool db_repair_edit(const struct db_plan_row *row, const char *run, const char *reason,
                    struct db_edit *ret);

/* What no user can be mended without: tables and columns that are not there, or that this role may
 * not use, as far as the catalogue says. A side that is away is no reason. Sends nothing. */
bool db_repair_allowed(const struct db_session *session, struct zm_error *err);

struct db_repair_counts {
    size_t done, unchanged, skipped /* changed since the plan */, refused, failed, unknown,
        not_tried;
};

enum db_repair_state {
    DB_REPAIR_READY,     /* db_repair_step has something to do */
    DB_REPAIR_FINISHED,  /* all were tried */
    DB_REPAIR_ERRORS,    /* stop_errors of them failed */
    DB_REPAIR_BROKEN,    /* a database is away, or refuses to be written: err */
    DB_REPAIR_CANCELLED, /* a link was cancelled */
};

struct db_repair {
    /* Given; all of it outlives the run. The plan is at its beginning and was checked. */
    const struct db_terms *terms;
    struct db_plan *plan;
    unsigned classes; /* DB_CLASS_BIT of those to mend; rows without any are left out */
    const char *reason;
    size_t stop_errors; /* 0: never */
    /* A user is settled; valid during the call. */
    void (*take)(void *context, const struct db_plan_row *row, const struct db_written *written);
    void *context;
    /* How far it is. */
    struct db_repair_counts counts;
    enum db_repair_state state;
    struct zm_error err; /* ERRORS: the last one; BROKEN: why */
    char culprit[37];    /* whose row ended it; "" nobody's */
    /* Its own. */
    struct db_bulk bulk;
    struct zm_arena arena; /* texts of the batch */
    struct db_plan_row *rows;
    size_t n_rows;
};

/* Zero *repair first, and fill what is given. */
bool db_repair_begin(struct db_repair *repair, struct zm_error *err);
/* Does the next batch (at most DB_WRITE_BATCH). False: it has ended, see state. Between two steps
 * nothing is open: whoever calls may pause or stop there. Blocks like db_write. */
bool db_repair_step(struct db_session *session, struct db_repair *repair);
void db_repair_done(struct db_repair *repair); /* not the plan */

#endif
