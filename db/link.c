/*
 * A connection's life: made, opened, watched while idle, closed. What travels over it is
 * link_read's.
 */
#include "db/link.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "db/catalog.h"
#include "db/identity.h"
#include "db/link_connect.h"
#include "db/link_error.h"
#include "db/link_io.h"
#include "db/link_run.h"
#include "zm/arena.h"
#include "zm/clock.h"

#define FRESH_MS 2000 /* for so long a catalogue is what it was */

struct db_link *db_link_new(const struct db_target *target)
{
    struct db_link *link = zm_calloc(1, sizeof(*link));

    link->target = target;
    link->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    link->rtt_ms = -1;
    return link;
}

void db_link_free(struct db_link *link)
{
    if (!link)
        return;
    db_link_close(link);
    if (link->cancel_fd >= 0)
        close(link->cancel_fd);
    free(link);
}

void db_link_close(struct db_link *link)
{
    db_catalog_free(link->catalog);
    link->catalog = NULL;
    PQfinish(link->conn);
    link->conn = NULL;
    link->rtt_ms = -1;
}

bool db_link_is_open(const struct db_link *link)
{
    return link->conn != NULL;
}

bool db_link_open(struct db_link *link, struct zm_error *err)
{
    if (link->conn)
        return true;
    if (link->cancel_fd < 0)
        return zm_error_set(err, ZM_ERR_SYSTEM, db_side_name(link->target->side), "connect",
                            "no file descriptor is left");
    if (!db_link_connect(link, err))
        return false;
    if (db_catalog_read(link, err) && db_identity_check(link, err))
        return true;
    db_link_close(link);
    return false;
}

bool db_link_refresh(struct db_link *link, struct zm_error *err)
{
    struct db_catalog *before = link->catalog;
    char warnings[sizeof(link->facts.warnings)];

    if (!link->conn)
        return zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side),
                            "read the catalogue", "not connected");
    if (zm_now_ms() - link->catalog_ms < FRESH_MS)
        return true;
    memcpy(warnings, link->facts.warnings, sizeof(warnings)); /* all are said already */
    link->facts.hidden[0] = '\0';
    if (!db_catalog_read(link, err))
        return false;
    memcpy(link->facts.warnings, warnings, sizeof(warnings));
    db_catalog_free(before);
    return true;
}

void db_link_cancel(struct db_link *link)
{
    eventfd_write(link->cancel_fd, 1);
}

bool db_link_is_cancelled(const struct db_link *link)
{
    struct pollfd fd = {.fd = link->cancel_fd, .events = POLLIN};

    return !link->deaf && poll(&fd, 1, 0) > 0;
}

void db_link_rearm(struct db_link *link)
{
    eventfd_t n;

    eventfd_read(link->cancel_fd, &n);
}

int db_link_socket(const struct db_link *link)
{
    return link->conn ? PQsocket(link->conn) : -1;
}

bool db_link_idle_check(struct db_link *link, struct zm_error *err)
{
    struct pollfd fd = {.events = POLLIN};
    int reads;

    if (!link->conn)
        return zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side), "stay connected",
                            "not connected");
    fd.fd = PQsocket(link->conn);
    /* A last message and the end of the stream may come one after the other. */
    for (reads = 0; reads < 16 && poll(&fd, 1, 0) > 0; reads++) {
        if (PQconsumeInput(link->conn) && PQstatus(link->conn) == CONNECTION_OK) {
            PQisBusy(link->conn);
            continue;
        }
        db_error_lost(err, link, "stay connected");
        db_link_close(link);
        return false;
    }
    return true;
}

void db_link_wait_begin(struct db_link *link)
{
    atomic_store(&link->waits_ms, zm_now_ms());
}

void db_link_wait_end(struct db_link *link)
{
    atomic_store(&link->waits_ms, 0);
}

int64_t db_link_waits_ms(const struct db_link *link)
{
    return atomic_load(&link->waits_ms);
}

bool db_link_ping(struct db_link *link, int64_t deadline_ms, struct zm_error *err)
{
    const struct db_step step = {.sql = DB_SQL_EITHER_PING};
    struct db_outcome outcome;

    if (db_link_run_until(link, &step, 1, deadline_ms, &outcome, err))
        return true; /* a refusal is an answer too */
    zm_error_copy(err->what, sizeof(err->what), "stay connected");
    return false;
}

const struct db_facts *db_link_facts(const struct db_link *link)
{
    return &link->facts;
}

const struct db_catalog *db_link_catalog(const struct db_link *link)
{
    return link->catalog;
}

int db_link_rtt_ms(const struct db_link *link)
{
    return link->rtt_ms;
}

bool db_link_notice(struct db_link *link, struct zm_error *ret)
{
    if (link->n_notices == 0)
        return false;
    *ret = link->notice[0];
    link->n_notices--;
    memmove(link->notice, link->notice + 1, link->n_notices * sizeof(link->notice[0]));
    return true;
}
