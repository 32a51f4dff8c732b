/*
 * One read-only transaction in one round trip. A statement that fails takes the transaction with
 * it, so its error is kept and the others are sent again without it: a table that is missing,
 * locked or hidden costs its own pane, not the screen.
 */
#include "db/link_run.h"

#include <assert.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/catalog.h"
#include "zm/arena.h"

#define IDLE_IN_TRANSACTION_MS 15000

static bool is_cancelled(const struct db_link *link)
{
    struct pollfd fd = {.fd = link->cancel_fd, .events = POLLIN};

    return !link->deaf && poll(&fd, 1, 0) > 0;
}

static void forget(struct db_ask *ask)
{
    db_rows_done(&ask->rows);
    memset(&ask->err, 0, sizeof(ask->err));
    ask->ok = false;
}

/* Marks what may be sent; what may not has its answer. */
static size_t admit(const struct db_link *link, struct db_ask *asks, size_t n, bool *pending)
{
    size_t i, left = 0;

    for (i = 0; i < n; i++) {
        const struct db_sql_text *text = db_sql_text(asks[i].sql);

        assert(text->side == DB_SIDES || text->side == link->target->side);
        forget(&asks[i]);
        pending[i] = !link->catalog || db_catalog_allows(link->catalog, asks[i].sql, &asks[i].err);
        left += pending[i];
    }
    return left;
}

/* BEGIN, settings, what is pending, COMMIT. */
static bool run_pending(struct db_link *link, struct db_ask *asks, size_t n, const bool *pending,
                        struct db_step *steps, size_t *ret_n, struct db_outcome *outcome,
                        struct zm_error *err)
{
    char statement[16], lock[16], idle[16];
    const char *const limits[3] = {statement, lock, idle};
    size_t i, k = 0;

    snprintf(statement, sizeof(statement), "%d", link->target->statement_ms);
    snprintf(lock, sizeof(lock), "%d", DB_LINK_LOCK_MS);
    snprintf(idle, sizeof(idle), "%d", IDLE_IN_TRANSACTION_MS);
    steps[k++] = (struct db_step){.sql = DB_SQL_EITHER_BEGIN_READ};
    steps[k++] = (struct db_step){.sql = DB_SQL_EITHER_SETTINGS, .params = limits};
    for (i = 0; i < n; i++) {
        if (!pending[i])
            continue;
        forget(&asks[i]);
        steps[k++] =
            (struct db_step){.sql = asks[i].sql, .params = asks[i].params, .ask = &asks[i]};
    }
    steps[k++] = (struct db_step){.sql = DB_SQL_EITHER_COMMIT};
    *ret_n = k;
    return db_link_run(link, steps, k, outcome, err);
}

static bool run_all(struct db_link *link, struct db_ask *asks, size_t n, size_t left, bool *pending,
                    struct db_step *steps, struct zm_error *err)
{
    struct db_outcome outcome;
    struct db_ask *failed;
    size_t k;

    for (; left > 0; left--) {
        if (!link->conn)
            return zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side), "read",
                                "the connection broke");
        if (!run_pending(link, asks, n, pending, steps, &k, &outcome, err))
            return false;
        if (outcome.failed == k)
            return true;
        db_link_roll_back(link);
        failed = steps[outcome.failed].ask;
        if (!failed || outcome.failure.kind == ZM_ERR_LOST) {
            *err = outcome.failure;
            return false;
        }
        forget(failed);
        failed->err = outcome.failure;
        if (failed->err.kind == ZM_ERR_SHAPE)
            db_catalog_hint(failed->sql, &failed->err);
        pending[failed - asks] = false;
    }
    return true;
}

bool db_link_read(struct db_link *link, struct db_ask *asks, size_t n, struct zm_error *err)
{
    struct zm_error failure = {.kind = ZM_ERR_NONE};
    struct db_step *steps;
    bool *pending, ok;
    size_t i;

    if (!link->conn)
        return zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side), "read",
                            "not connected");
    if (is_cancelled(link))
        return zm_error_set(err, ZM_ERR_CANCELLED, db_side_name(link->target->side), "read",
                            "cancelled");
    pending = zm_calloc(n, sizeof(*pending));
    steps = zm_calloc(n + 3, sizeof(*steps));
    ok = run_all(link, asks, n, admit(link, asks, n, pending), pending, steps, &failure);
    for (i = 0; !ok && i < n; i++)
        forget(&asks[i]);
    if (!ok && err)
        *err = failure;
    free(steps);
    free(pending);
    return ok;
}

void db_asks_done(struct db_ask *asks, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        db_rows_done(&asks[i].rows);
    memset(asks, 0, n * sizeof(*asks));
}
