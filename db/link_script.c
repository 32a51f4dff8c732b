/*
 * Runs a script in the simple protocol, by the same wait as everything else. For texts of ours
 * only: it takes no parameters, so nothing that a person or a database said may be in it.
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

static const char what[] = "run a script";

/* "line 12: SELECT ..." of the statement that failed. */
static void locate(const char *text, const char *position, struct zm_error *err)
{
    long at = position ? strtol(position, NULL, 10) : 0;
    size_t n = strlen(text), line = 1, i;
    const char *begin = text;
    size_t width;

    if (at <= 0 || (size_t)at > n || err->detail[0])
        return;
    for (i = 0; i < (size_t)at - 1; i++) {
        if (text[i] != '\n')
            continue;
        line++;
        begin = text + i + 1;
    }
    width = strcspn(begin, "\n");
    snprintf(err->detail, sizeof(err->detail), "line %zu: %.*s", line,
             (int)(width < 200 ? width : 200), begin);
}

/* All answers; the first error is kept in *failure. False: the link is of no use any more. */
static bool receive(struct db_link *link, const char *text, int quiet_ms, struct zm_error *failure,
                    struct zm_error *err)
{
    struct pg_result *result;
    struct db_time time;

    db_time_start(&time, link, quiet_ms);
    for (;;) {
        time.latest_ms =
            ZM_NEVER; /* a script takes as long as it takes, while the server goes on */
        if (!db_io_result(link, &time, what, &result, err))
            return false;
        if (!result)
            return true;
        switch (PQresultStatus(result)) {
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
        case PGRES_EMPTY_QUERY:
            break;
        case PGRES_FATAL_ERROR:
            if (failure->kind != ZM_ERR_NONE)
                break;
            db_error_result(failure, link, what, result);
            locate(text, PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION), failure);
            break;
        default:
            PQclear(result);
            return zm_error_set(err, ZM_ERR_DATA, db_side_name(link->target->side), what,
                                "the script copies from or to the client, which is not supported");
        }
        PQclear(result);
    }
}

bool db_link_script(struct db_link *link, const char *text, int quiet_ms, struct zm_error *err)
{
    struct zm_error failure = {.kind = ZM_ERR_NONE}, broken = {.kind = ZM_ERR_NONE};
    bool ok;

    if (!link->conn)
        return zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side), what,
                            "not connected");
    ok = PQsendQuery(link->conn, text) || db_error_lost(&broken, link, what);
    ok = ok && receive(link, text, quiet_ms, &failure, &broken);
    if (!ok && broken.kind == ZM_ERR_CANCELLED)
        db_link_interrupt(link, zm_now_ms() + DB_LINK_CANCEL_MS);
    if (!ok)
        db_link_close(link);
    else if (PQtransactionStatus(link->conn) != PQTRANS_IDLE)
        db_link_roll_back(link);
    if (ok && failure.kind == ZM_ERR_NONE)
        return true;
    if (err)
        *err = ok ? failure : broken;
    return false;
}
