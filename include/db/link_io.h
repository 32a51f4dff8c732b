/*
 * What a link consists of, and the one loop that waits for a server: poll(2) over the socket, the
 * cancel eventfd and the deadline. For db/link*.c, db/tls.c and db/catalog.c only; everybody else
 * uses db/link.h.
 */
#ifndef DB_LINK_IO_H
#define DB_LINK_IO_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/facts.h"
#include "db/link.h"
#include "zm/error.h"

struct pg_conn;   /* libpq's PGconn */
struct pg_result; /* libpq's PGresult */

#define DB_LINK_NOTICES 8
#define DB_LINK_MAX_BYTES                                                                          \
    ((size_t)64 * 1024 * 1024) /* of one call's answer: no statement returns more */
#define DB_LINK_SLACK_MS 1000  /* what a deadline of ours leaves the server's to pass first */
#define DB_LINK_LOCK_MS 2000
/* Whoever cancels has left within a second: a link that does not let go of what it does by then is
 * closed, and then there is as much left for the other side's transaction. */
#define DB_LINK_CANCEL_MS 600
#define DB_LINK_CANCELLED_MS 200

struct db_link {
    const struct db_target *target;
    struct pg_conn *conn; /* NULL: closed */
    int cancel_fd;
    bool local; /* over a unix socket or the loopback interface */
    bool deaf;  /* the cancel eventfd is not looked at: while a cancelled call is read to its end,
                   and from the first commit of a write to its last answer */
    int64_t until_ms; /* no call lasts longer, connecting included; 0: no such limit */
    int rtt_ms;
    _Atomic(int64_t) waits_ms; /* see db_link_waits_ms */
    struct db_facts facts;
    struct db_catalog *catalog;
    int64_t catalog_ms;                      /* when it was read */
    struct zm_error notice[DB_LINK_NOTICES]; /* newest last; kind is ZM_ERR_NONE */
    size_t n_notices;
};

/* A deadline that a server which keeps answering moves on: a thin line is slow, not dead. */
struct db_time {
    int quiet_ms;        /* how long it may say nothing */
    int64_t deadline_ms; /* now + quiet_ms, since it last said something */
    int64_t latest_ms;   /* in any case */
    uint64_t received;   /* bytes the socket had received when the call began */
};

void db_time_start(struct db_time *time, const struct db_link *link, int quiet_ms);
/* A deadline that nothing moves. */
void db_time_until(struct db_time *time, const struct db_link *link, int64_t deadline_ms);

/* Waits until the socket is ready for events (of poll(2)). False: ZM_ERR_TIMEOUT or
 * ZM_ERR_CANCELLED. */
bool db_io_wait(struct db_link *link, short events, struct db_time *time, const char *what,
                struct zm_error *err);
/* Nobody waits for this link any more, and that is heard. */
bool db_link_is_cancelled(const struct db_link *link);
/* The next result of what was sent, NULL between two statements. Sends what is still to be sent.
 * False: ZM_ERR_LOST, _TIMEOUT, _CANCELLED, _DATA (too much of it). */
bool db_io_result(struct db_link *link, struct db_time *time, const char *what,
                  struct pg_result **ret, struct zm_error *err);

#endif
