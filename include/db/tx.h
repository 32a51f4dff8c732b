/*
 * A transaction that writes, step by step, over one link. It is begun, statements run in it as
 * pipelines, and it is committed or rolled back; nothing survives it in the session, so that a
 * transaction pooler may stand in between.
 */
#ifndef DB_TX_H
#define DB_TX_H

#include <stdbool.h>
#include <stddef.h>

#include "db/link.h"
#include "zm/error.h"

#define DB_TX_STEP_MS 6000 /* how long one step may take before the votes */

/* Begins on each of the n links, at the same time. False: on one it failed, and none is open. */
bool db_tx_begin(struct db_link *const *links, size_t n, struct zm_error *err);

/* Runs the asks as one pipeline, by the deadline. False: the first that failed is *ret_failed (n:
 * the connection did), with its error; the transaction must be rolled back. Unlike db_link_read it
 * does not go on without the one that failed. */
bool db_tx_run(struct db_link *link, struct db_ask *asks, size_t n, int64_t deadline_ms,
               size_t *ret_failed, struct zm_error *err);

enum db_commit {
    DB_COMMITTED, /* the server's tag says COMMIT */
    DB_ABORTED,   /* it says ROLLBACK, or an error, and goes on */
    DB_LOST,      /* no answer: the link is closed, and what became of it is not known */
};
/* err: why not, for ABORTED and LOST. */
enum db_commit db_tx_commit(struct db_link *link, int64_t deadline_ms, struct zm_error *err);

/* Ends it without keeping anything; a link that does not answer is closed, which ends it as well.
 */
void db_tx_roll_back(struct db_link *link);
/* The same on n links (one a side at most), in one round trip. */
void db_tx_roll_back_all(struct db_link *const *links, size_t n);

/* BEGIN, settings, the asks, COMMIT as one pipeline: for short writes on one side that stand alone.
 * False: nothing was kept, unless err->kind says that the connection broke (then it is not known).
 */
bool db_tx_once(struct db_link *link, struct db_ask *asks, size_t n, struct zm_error *err);

#endif
