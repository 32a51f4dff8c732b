/*
 * One connection to one server. Every call blocks until it has its answer, its deadline passed, or
 * the link was cancelled; none is ever called by the thread that draws. A link belongs to one
 * thread.
 *
 * libpq is driven by PQsend... and poll(2) over the socket, the cancel eventfd and the deadline. No
 * statement runs in any other way. Nothing is prepared by name, SET for the session or left to the
 * search_path, so that a transaction pooler may stand in between.
 */
#ifndef DB_LINK_H
#define DB_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/facts.h"
#include "db/rows.h"
#include "db/side.h"
#include "db/sql.h"
#include "zm/error.h"

struct db_catalog;
struct db_link;

struct db_option {
    const char *keyword; /* libpq's own */
    const char *value;
};

/* How to reach a side; all text is owned by the configuration and outlives every link. */
struct db_target {
    enum db_side side;
    const struct db_option *options;
    size_t n_options;
    const char *const *password_argv; /* NULL-terminated, run without a shell; NULL: none */
    const char *password;             /* from ZMARTCTL_*_PASSWORD or a 0600 file; NULL: none */
    const char *project;              /* Supabase project ref, or NULL */
    const char *known_file;           /* where identities are recorded, or NULL */
    bool allow_insecure_tls;
    int connect_ms; /* deadlines */
    int statement_ms;
};

/* One statement of a pipeline: what to ask, and then its answer. */
#define DB_MAX_PARAMS 24
struct db_ask {
    enum db_sql sql;
    const char
        *params[DB_MAX_PARAMS]; /* $1 is params[0]; NULL is SQL NULL; must live through the call */
    bool ok;                    /* rows are valid */
    struct zm_error err;        /* why not: shape, privilege, timeout of this statement, ... */
    struct db_rows rows;        /* owned by the ask */
};

struct db_link *db_link_new(const struct db_target *target);
/* Closes and frees; NULL is fine. */
void db_link_free(struct db_link *link);

/* Connects, checks TLS and identity, reads the catalogue. A link that is open stays open. */
bool db_link_open(struct db_link *link, struct zm_error *err);
void db_link_close(struct db_link *link);
/* Reads the catalogue of an open link again, unless that was done a moment ago: what it may read
 * and see can have changed since it was connected. False: it is as before, or the link is closed.
 */
bool db_link_refresh(struct db_link *link, struct zm_error *err);
bool db_link_is_open(const struct db_link *link);

/* Runs the asks in one read-only transaction and one round trip: BEGIN READ ONLY, settings, the
 * statements, COMMIT, one Sync. An ask whose tables the catalogue does not have is answered without
 * being sent; one that fails on the server gets its own error and the others are run again without
 * it. False: none was answered (lost, cancelled, deadline), *err says why and the link may be
 * closed. */
bool db_link_read(struct db_link *link, struct db_ask *asks, size_t n, struct zm_error *err);

/* Runs a text of several statements as it is (no parameters, no transaction of ours), for schemas
 * and sample data. quiet_ms: how long the server may say nothing. False: the first error, which
 * names its statement where the server says; an open transaction was rolled back. */
bool db_link_script(struct db_link *link, const char *text, int quiet_ms, struct zm_error *err);

/* Frees the rows of n asks and zeroes them. */
void db_asks_done(struct db_ask *asks, size_t n);

/* From any thread: what the link is doing ends with ZM_ERR_CANCELLED. Sticky until db_link_rearm.
 */
void db_link_cancel(struct db_link *link);
void db_link_rearm(struct db_link *link);

/* The socket to watch while idle, -1 when closed; db_link_idle_check finds out whether it broke. */
int db_link_socket(const struct db_link *link);
bool db_link_idle_check(struct db_link *link, struct zm_error *err);
/* Whoever waits for the link says that it begins and ends; from any thread: since when nothing was
 * heard then, 0: nobody waits. */
void db_link_wait_begin(struct db_link *link);
void db_link_wait_end(struct db_link *link);
int64_t db_link_waits_ms(const struct db_link *link);
/* Asks whether somebody is still there: a server that hangs and a line that is dead end no
 * connection. False: no answer by the deadline, and the link is closed; or cancelled. */
bool db_link_ping(struct db_link *link, int64_t deadline_ms, struct zm_error *err);

/* Valid while the link is open. */
const struct db_facts *db_link_facts(const struct db_link *link);
const struct db_catalog *db_link_catalog(const struct db_link *link);
/* Of the last call, measured to the server's first answer; -1 before one. */
int db_link_rtt_ms(const struct db_link *link);
/* Takes the oldest notice that the server sent beside its answers; what: its severity. False: none.
 * At most a few are kept. */
bool db_link_notice(struct db_link *link, struct zm_error *ret);

#endif
