/*
 * The superuser's sessions at the servers of a test, kept from one statement to the next: a server
 * needs longer to start a session than for most statements of a test.
 */
#ifndef SUPPORT_ADMIN_H
#define SUPPORT_ADMIN_H

struct pg_conn; /* libpq's PGconn */

/* A session of supabase_admin in database postgres, as fresh as a new one; NULL when the server
 * takes none. host is the directory of the socket. */
struct pg_conn *admin_take(const char *host, const char *port);
/* Ends its use. It is kept for the next one, unless something is left open in it. */
void admin_give(const char *host, struct pg_conn *conn);
/* For whatever a session must not outlive: its server, the settings it began with. */
void admin_forget(const char *host);

/* Runs sql; the test fails when that does not work. The value of the first row and column, "" for
 * NULL or none; valid until the next call. */
const char *admin_sql(const char *host, const char *port, const char *sql);

#endif
