/*
 * Sends a pipeline and reads its answers. Knows nothing of transactions and of what is asked.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/link_cancel.h"
#include "db/link_error.h"
#include "db/link_run.h"
#include "zm/clock.h"
#include "zm/str.h"

struct pipeline {
    struct db_link *link;
    const struct db_step *steps;
    size_t n;
    struct db_outcome *outcome;
    struct db_time time;
    int64_t sent_us;
    size_t weight; /* bytes of the answers so far */
};

int db_link_count_params(const char *text)
{
    long highest = 0, n;

    for (; *text; text++) {
        if (*text != '$' || text[1] < '1' || text[1] > '9')
            continue;
        n = strtol(text + 1, NULL, 10);
        if (n > highest && n <= DB_MAX_PARAMS)
            highest = n;
    }
    return (int)highest;
}

static const char *text_of(const struct db_link *link, enum db_sql sql)
{
    const struct db_sql_text *row = db_sql_text(sql);

    return link->facts.logins == DB_LOGINS_VIEW ? row->text_view : row->text;
}

/* A statement that stands beside itself is parsed and planned once: the unnamed one stays until the
 * next is parsed, and a pipeline has the same server from its beginning to its end, a transaction
 * pooler in between or not (the protocol's "extended query", PostgreSQL). */
static bool send_step(struct pipeline *p, size_t i)
{
    const struct db_step *step = &p->steps[i];
    const char *text = text_of(p->link, step->sql);
    int n = db_link_count_params(text);

    if (i > 0 && step->sql == p->steps[i - 1].sql)
        return PQsendQueryPrepared(p->link->conn, "", n, step->params, NULL, NULL, 0);
    return PQsendQueryParams(p->link->conn, text, n, NULL, step->params, NULL, NULL, 0);
}

/* The answer to BEGIN is asked for at once: the time until it comes is the time of one round trip.
 */
static bool send_all(struct pipeline *p, struct zm_error *err)
{
    struct pg_conn *conn = p->link->conn;
    bool ok = PQenterPipelineMode(conn);
    size_t i;

    for (i = 0; ok && i < p->n; i++)
        ok = send_step(p, i) && (i > 0 || PQsendFlushRequest(conn));
    p->sent_us = zm_now_us();
    return (ok && PQpipelineSync(conn)) || db_error_lost(err, p->link, "send");
}

/* Keeps an answer. False: it is too much to keep. */
static bool keep(struct pipeline *p, const struct db_step *step, const char *what,
                 struct pg_result *result, struct zm_error *err)
{
    const struct db_shape *shape = db_sql_shape(step->sql);
    struct db_ask *ask = step->ask;

    p->weight += PQresultMemorySize(result);
    if (p->weight > DB_LINK_MAX_BYTES) {
        PQclear(result);
        return zm_error_set(err, ZM_ERR_DATA, db_side_name(p->link->target->side), what,
                            "the answer is larger than %zu MB", DB_LINK_MAX_BYTES / 1024 / 1024);
    }
    if (!ask || !shape) {
        PQclear(result);
        if (ask)
            ask->ok = true;
        return true;
    }
    ask->ok = db_rows_take(&ask->rows, result, shape, what, &ask->err);
    if (!ask->ok)
        zm_error_copy(ask->err.where, sizeof(ask->err.where), db_side_name(p->link->target->side));
    return true;
}

static bool receive_step(struct pipeline *p, size_t i, struct zm_error *err)
{
    const struct db_step *step = &p->steps[i];
    struct pg_result *result, *end;
    char what[64];

    db_sql_title(step->sql, what, sizeof(what));
    if (!db_io_result(p->link, &p->time, what, &result, err))
        return false;
    if (i == 0)
        p->link->rtt_ms = (int)((zm_now_us() - p->sent_us + 500) / 1000);
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        if (!keep(p, step, what, result, err))
            return false;
        break;
    case PGRES_PIPELINE_ABORTED:
        PQclear(result);
        break;
    default:
        p->outcome->failed = i;
        db_error_result(&p->outcome->failure, p->link, what, result);
        PQclear(result);
        break;
    }
    if (!db_io_result(p->link, &p->time, what, &end, err))
        return false;
    PQclear(end);
    return true;
}

static bool receive_all(struct pipeline *p, struct zm_error *err)
{
    struct pg_result *result;
    bool synced;
    size_t i;

    for (i = 0; i < p->n; i++)
        if (!receive_step(p, i, err))
            return false;
    if (!db_io_result(p->link, &p->time, "end a pipeline", &result, err))
        return false;
    synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    if (PQresultStatus(result) == PGRES_FATAL_ERROR) { /* a limit that passed after all was done */
        db_error_result(err, p->link, "end a pipeline", result);
        PQclear(result);
        return false;
    }
    PQclear(result);
    return (synced && PQexitPipelineMode(p->link->conn)) ||
           zm_error_set(err, ZM_ERR_DATA, db_side_name(p->link->target->side), "end a pipeline",
                        "the server's answers are out of step");
}

/* Reads to the Sync of a pipeline that was cancelled. */
static bool drain(struct db_link *link)
{
    ExecStatusType status = PGRES_COMMAND_OK;
    struct pg_result *result;
    struct db_time time;

    db_time_start(&time, link, DB_LINK_CANCEL_MS);
    while (status != PGRES_PIPELINE_SYNC) {
        if (!db_io_result(link, &time, "cancel", &result, NULL))
            return false;
        status = PQresultStatus(result);
        PQclear(result);
        if (zm_now_ms() >= time.latest_ms)
            return false;
    }
    return PQexitPipelineMode(link->conn);
}

/* The caller no longer waits. What the server still does for us is ended, or the link is given up.
 */
static void abandon(struct db_link *link, enum zm_error_kind why)
{
    int64_t until = link->until_ms, deadline = zm_now_ms() + DB_LINK_CANCEL_MS;
    bool usable = false;

    if (why == ZM_ERR_CANCELLED) {
        link->deaf = true;
        link->until_ms = until > 0 && until < deadline ? until : deadline;
        usable = db_link_interrupt(link, deadline) && drain(link);
        if (usable && PQtransactionStatus(link->conn) != PQTRANS_IDLE)
            db_link_roll_back(link);
        link->until_ms = until;
        link->deaf = false;
    }
    if (!usable)
        db_link_close(link);
}

static bool run(struct pipeline *p, struct zm_error *err)
{
    struct zm_error failure;

    p->outcome->failed = p->n;
    if (send_all(p, &failure) && receive_all(p, &failure))
        return true;
    abandon(p->link, failure.kind);
    /* The server's last words say more than that it has gone. */
    if (failure.kind == ZM_ERR_LOST && p->outcome->failed < p->n &&
        p->outcome->failure.kind == ZM_ERR_LOST)
        failure = p->outcome->failure;
    if (err)
        *err = failure;
    return false;
}

bool db_link_run(struct db_link *link, const struct db_step *steps, size_t n,
                 struct db_outcome *ret, struct zm_error *err)
{
    struct pipeline p = {.link = link, .steps = steps, .n = n, .outcome = ret};

    db_time_start(&p.time, link, link->target->statement_ms + DB_LINK_SLACK_MS);
    return run(&p, err);
}

bool db_link_run_until(struct db_link *link, const struct db_step *steps, size_t n,
                       int64_t deadline_ms, struct db_outcome *ret, struct zm_error *err)
{
    struct pipeline p = {.link = link, .steps = steps, .n = n, .outcome = ret};

    db_time_until(&p.time, link, deadline_ms);
    return run(&p, err);
}

void db_link_roll_back(struct db_link *link)
{
    const struct db_step step = {.sql = DB_SQL_EITHER_ROLLBACK};
    struct db_outcome outcome;

    if (db_link_run(link, &step, 1, &outcome, NULL) && outcome.failed == 1)
        return;
    db_link_close(link);
}
