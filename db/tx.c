/*
 * Transactions that write. Knows their beginning and end; what runs in between is the callers'.
 *
 * COMMIT of a failed transaction succeeds with the tag ROLLBACK, so the tag is compared and not the
 * status alone.
 */
#include "db/tx.h"

#include <libpq-fe.h>
#include <string.h>

#include "db/catalog.h"
#include "db/link_error.h"
#include "db/link_run.h"
#include "zm/arena.h"
#include "zm/clock.h"
#include "zm/str.h"

#define ROLL_BACK_MS 1000
#define NEWER_LIMITS 170000 /* transaction_timeout */

static bool send_script(struct db_link *link, enum db_sql sql, struct zm_error *err)
{
    char what[64];

    db_sql_title(sql, what, sizeof(what));
    return PQsendQuery(link->conn, db_sql_text(sql)->text) || db_error_lost(err, link, what);
}

/* Reads to the end of what was sent; *ret_tag is that of the last command. False: the server
 * refused something (the link is open) or does not answer (it is closed). */
static bool receive_script(struct db_link *link, const char *what, int64_t deadline_ms,
                           char ret_tag[16], struct zm_error *err)
{
    struct zm_error failure = {.kind = ZM_ERR_NONE};
    struct pg_result *result;
    struct db_time time;

    db_time_until(&time, link, deadline_ms);
    for (;;) {
        if (!db_io_result(link, &time, what, &result, err)) {
            db_link_close(link);
            return false;
        }
        if (!result)
            break;
        if (PQresultStatus(result) == PGRES_COMMAND_OK)
            zm_copy(ret_tag, 16, PQcmdStatus(result));
        else if (failure.kind == ZM_ERR_NONE)
            db_error_result(&failure, link, what, result);
        PQclear(result);
    }
    if (failure.kind == ZM_ERR_NONE)
        return true;
    *err = failure;
    return false;
}

static enum db_sql begin_of(const struct db_link *link)
{
    return link->facts.version >= NEWER_LIMITS ? DB_SQL_EITHER_BEGIN_WRITE_17
                                               : DB_SQL_EITHER_BEGIN_WRITE;
}

bool db_tx_begin(struct db_link *const *links, size_t n, struct zm_error *err)
{
    int64_t deadline = zm_now_ms() + DB_TX_STEP_MS;
    bool ok = true;
    char tag[16];
    size_t i, sent;

    for (sent = 0; ok && sent < n; sent++) {
        ok = links[sent]->conn
                 ? send_script(links[sent], begin_of(links[sent]), err)
                 : zm_error_set(err, ZM_ERR_LOST, db_side_name(links[sent]->target->side),
                                "begin a transaction", "not connected");
        if (ok)
            PQflush(links[sent]->conn);
    }
    for (i = 0; ok && i < n; i++)
        ok = receive_script(links[i], "begin a transaction", deadline, tag, err);
    for (i = 0; !ok && i < sent; i++)
        db_tx_roll_back(links[i]);
    return ok;
}

static bool admit(const struct db_link *link, struct db_ask *asks, size_t n, size_t *ret_failed,
                  struct zm_error *err)
{
    size_t i;

    for (i = 0; link->catalog && i < n; i++) {
        if (db_catalog_allows(link->catalog, asks[i].sql, err))
            continue;
        *ret_failed = i;
        return false;
    }
    return true;
}

bool db_tx_run(struct db_link *link, struct db_ask *asks, size_t n, int64_t deadline_ms,
               size_t *ret_failed, struct zm_error *err)
{
    struct db_outcome outcome;
    struct db_step *steps;
    size_t i;
    bool ok;

    *ret_failed = n;
    if (!link->conn)
        return zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side), "write",
                            "the connection broke");
    if (!admit(link, asks, n, ret_failed, err))
        return false;
    steps = zm_calloc(n, sizeof(*steps));
    for (i = 0; i < n; i++)
        steps[i] = (struct db_step){.sql = asks[i].sql, .params = asks[i].params, .ask = &asks[i]};
    ok = n == 0 || db_link_run_until(link, steps, n, deadline_ms, &outcome, err);
    free(steps);
    if (!ok || n == 0)
        return ok;
    *ret_failed = outcome.failed;
    for (i = 0; i < outcome.failed && asks[i].ok; i++)
        continue;
    if (outcome.failed == n && i == n)
        return true;
    *ret_failed = i;
    *err = i < outcome.failed ? asks[i].err : outcome.failure;
    return false;
}

enum db_commit db_tx_commit(struct db_link *link, int64_t deadline_ms, struct zm_error *err)
{
    char tag[16] = "";

    if (!link->conn) {
        zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side), "commit",
                     "the connection broke before it was sent");
        return DB_ABORTED;
    }
    if (!send_script(link, DB_SQL_EITHER_COMMIT, err)) {
        db_link_close(link);
        return DB_LOST;
    }
    if (!receive_script(link, "commit", deadline_ms, tag, err)) {
        /* FATAL: the server may have said it after it committed. */
        if (link->conn && err->kind == ZM_ERR_LOST)
            db_link_close(link);
        return link->conn ? DB_ABORTED : DB_LOST;
    }
    if (zm_streq(tag, "COMMIT"))
        return DB_COMMITTED;
    zm_error_set(err, ZM_ERR_SQL, db_side_name(link->target->side), "commit",
                 "the server rolled the transaction back");
    return DB_ABORTED;
}

void db_tx_roll_back_all(struct db_link *const *links, size_t n)
{
    bool sent[DB_SIDES], deaf, cancelled = false;
    struct zm_error err;
    int64_t deadline;
    char tag[16];
    size_t i;

    for (i = 0; i < n; i++) {
        cancelled = cancelled || db_link_is_cancelled(links[i]);
        sent[i] = links[i]->conn && PQtransactionStatus(links[i]->conn) != PQTRANS_IDLE;
        if (sent[i] && (PQtransactionStatus(links[i]->conn) == PQTRANS_ACTIVE ||
                        !send_script(links[i], DB_SQL_EITHER_ROLLBACK, &err))) {
            db_link_close(links[i]);
            sent[i] = false;
        } else if (sent[i]) {
            PQflush(links[i]->conn);
        }
    }
    deadline = zm_now_ms() + (cancelled ? DB_LINK_CANCELLED_MS : ROLL_BACK_MS);
    for (i = 0; i < n; i++) {
        deaf = links[i]->deaf;
        links[i]->deaf = true;
        if (sent[i] && !receive_script(links[i], "roll back", deadline, tag, &err))
            db_link_close(links[i]);
        links[i]->deaf = deaf;
    }
}

void db_tx_roll_back(struct db_link *link)
{
    db_tx_roll_back_all(&link, 1);
}

bool db_tx_once(struct db_link *link, struct db_ask *asks, size_t n, struct zm_error *err)
{
    static const char *const limits[] = {"5000", "3000", "12000"};
    struct db_outcome outcome;
    struct db_step *steps;
    size_t i, k = 0, failed;
    bool ok;

    if (!link->conn)
        return zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side), "write",
                            "not connected");
    if (!admit(link, asks, n, &failed, err))
        return false;
    steps = zm_calloc(n + 3, sizeof(*steps));
    steps[k++] = (struct db_step){.sql = DB_SQL_EITHER_BEGIN};
    steps[k++] = (struct db_step){.sql = DB_SQL_EITHER_SETTINGS, .params = limits};
    for (i = 0; i < n; i++)
        steps[k++] =
            (struct db_step){.sql = asks[i].sql, .params = asks[i].params, .ask = &asks[i]};
    steps[k++] = (struct db_step){.sql = DB_SQL_EITHER_COMMIT};
    ok = db_link_run_until(link, steps, k, zm_now_ms() + DB_TX_STEP_MS, &outcome, err);
    free(steps);
    if (!ok || outcome.failed == k)
        return ok;
    *err = outcome.failure;
    db_tx_roll_back(link);
    return false;
}
