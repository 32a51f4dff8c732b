/*
 * One private PostgreSQL server for a test that destroys things: stops, restarts, freezes or
 * reshapes it. Lives in a directory of its own and ends with the test, however the test ends.
 * Everything here fails the test when it does not work.
 */
#ifndef SUPPORT_CLUSTER_H
#define SUPPORT_CLUSTER_H

#include <stdbool.h>
#include <sys/types.h>

#include "db/link.h"

struct pg_conn; /* libpq's PGconn */

/* How many ctest has made; a test that has more servers at once makes the others itself. */
#define CLUSTER_TEMPLATES 2

struct cluster {
    char directory[64]; /* also that of the socket */
    char port[8];
    pid_t pid;          /* of the postmaster; 0 while halted */
    int template;       /* it is a copy of this one, from 1; 0: of none */
    char listen_on[64]; /* addresses, "" for the socket only; counts from the next resume on */
};

/* The files of a server, by initdb; the directory is made by it. */
void cluster_make(const char *data);

/* Superuser supabase_admin, database postgres; everybody is trusted on the socket, TCP asks for the
 * password. */
void cluster_start(struct cluster *c, bool with_tcp);
/* The tables of the source document for a side, auth.users with what is read of it, and the roles
 * postgres (owns the tables, BYPASSRLS) and plain (may SELECT everything, bypasses nothing). */
void cluster_load(const struct cluster *c, enum db_side side);
/* The view zmartctl.users of the least-privilege step, which plain may read. */
void cluster_load_view(const struct cluster *c);
void cluster_done(struct cluster *c);

/* Ends it at once, as a crash would; starts it again on the same socket. */
void cluster_halt(struct cluster *c);
void cluster_resume(struct cluster *c);

/* As supabase_admin. The value of the first row and column, "" for NULL or none; valid until the
 * next call. */
void cluster_sql(const struct cluster *c, const char *sql);
const char *cluster_value(const struct cluster *c, const char *sql);
/* Somebody else's session that runs sql in a transaction and leaves it open; cluster_release ends
 * it. */
struct pg_conn *cluster_hold(const struct cluster *c, const char *sql);
void cluster_release(struct pg_conn *session);
/* Makes it a standby of another one that runs (instead of cluster_start). */
void cluster_start_standby(struct cluster *c, const struct cluster *primary);
/* Runs a program as the account of the server. */
void cluster_run(const char *const *argv);
/* The process of the newest connection of application zmartctl; 0: none. */
pid_t cluster_backend(const struct cluster *c);

/* A target over the socket as that role; its options live in ret_options[4]. */
void cluster_target(const struct cluster *c, enum db_side side, const char *role,
                    struct db_option ret_options[4], struct db_target *ret);

/* Thread function: cancels the struct db_link after a fifth of a second, when its call is under
 * way. */
void *cluster_cancel_soon(void *link);

#endif
