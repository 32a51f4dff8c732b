/*
 * One change for many users: an edit applied to each of a frozen set, in the order of their ids, in
 * batches that are one pair of transactions each. What is so already is left alone, so running it
 * again finishes what was not tried.
 *
 * First it may be counted (db_bulk_look, page by page), which remembers of each user what was seen;
 * then it is done (db_bulk_step, batch by batch). Between two steps nothing is open or under way,
 * so that whoever calls may pause or stop there.
 */
#ifndef DB_BULK_H
#define DB_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/decide.h"
#include "db/idset.h"
#include "db/session.h"
#include "db/users.h"
#include "db/write.h"
#include "zm/error.h"

#define DB_BULK_PAGE 200 /* users read at once */

struct db_bulk_counts {
    size_t done;
    size_t unchanged; /* it was so already */
    size_t stale;     /* changed by somebody else since they were seen */
    size_t refused, failed, unknown;
    size_t not_tried;
};

/* What would become of them. */
struct db_bulk_plan {
    size_t looked; /* of db_idset_count */
    size_t change, unchanged, stale, refused;
};

enum db_bulk_state {
    DB_BULK_READY,     /* db_bulk_step has something to do */
    DB_BULK_FINISHED,  /* all were tried */
    DB_BULK_ERRORS,    /* stop_errors of them failed */
    DB_BULK_BROKEN,    /* a database is away, or refuses to be written: err */
    DB_BULK_CANCELLED, /* a link was cancelled */
};

struct db_bulk;
/* A user is settled: user is NULL when nobody has that id. Valid during the call. */
typedef void db_bulk_take(void *context, const struct db_edit *edit, const struct db_user *user,
                          const struct db_written *written);
/* A user was looked at. */
typedef void db_bulk_see(void *context, const char *id, const struct db_user *user,
                         const struct db_now *now, const struct db_decision *decision);

struct db_bulk {
    /* Given; all of it outlives the run. */
    const struct db_terms *terms;
    struct db_edit edit; /* for all; user_id, request and seen are each user's */
    const char *expect;  /* the tier that they must have; NULL: whatever is read */
    struct db_idset *set;
    size_t stop_errors; /* 0: never */
    db_bulk_take *take; /* NULL: only counted */
    db_bulk_see *see;   /* NULL likewise */
    void *context;
    /* How far it is. */
    struct db_bulk_plan plan;
    struct db_bulk_counts counts;
    enum db_bulk_state state;
    size_t settled;      /* users */
    struct zm_error err; /* ERRORS: the last one; BROKEN: why */
    char culprit[37];    /* whose row ended it; "" nobody's */
    /* Its own. */
    size_t at; /* in the set: the page's first */
    struct db_page page;
    char (*ids)[37];
    uint64_t *notes;
    size_t n_ids, next; /* of the page */
};

/* The set is frozen. Zero *bulk first, and fill what is given. */
void db_bulk_begin(struct db_bulk *bulk);
void db_bulk_done(struct db_bulk *bulk); /* not the set */

/* Counts the next page of users. True while there are more; false: all are counted, or *err. Both
 * databases are needed, but for what only takes rights away. Blocks for a round trip to each. */
bool db_bulk_look(struct db_session *session, struct db_bulk *bulk, struct zm_error *err);

/* Does the next batch. False: it has ended, see state. Blocks like db_write. */
bool db_bulk_step(struct db_session *session, struct db_bulk *bulk);

/* The index ("user_profiles_user_id_idx") without which each user costs a read of a large table, so
 * that this takes long; NULL: none is missing. Sends nothing. */
const char *db_bulk_slow(const struct db_session *session);
/* Runs edits of different users, ascending by id, at most DB_WRITE_BATCH, as one batch (as smaller
 * ones where no index finds them in large tables); when it fails as a whole, one by one. For what
 * has another source of edits than a set: of *bulk only terms, stop_errors, take, context and
 * counts.not_tried are needed. False: it has ended, see state. */
bool db_bulk_run(struct db_session *session, struct db_bulk *bulk, const struct db_edit *edits,
                 size_t n);

/* What an edit of one user takes as seen: what its kind looks at, as it is now. What is so already
 * is done, whatever was expected. expect: the tier that he must have; NULL: the one he has. */
void db_bulk_see_now(struct db_edit *edit, const struct db_now *now, const char *expect);

#endif
