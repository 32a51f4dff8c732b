/*
 * Two private PostgreSQL servers for the demo and for tests: a directory, unix sockets only. A
 * guardian process ends them and removes the directory when the owner is gone, however it went.
 *
 * Everything here blocks. Call db_servers_start before any thread exists: it forks.
 */
#ifndef DB_SERVERS_H
#define DB_SERVERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "db/side.h"
#include "zm/error.h"

#define DB_SERVERS_PORT "5432" /* of the socket's name; nothing listens on it */

struct db_servers {
    char dir[64];  /* 0700; holds brain/, bot/ (data), sock-brain/, sock-bot/ and the logs */
    char bin[128]; /* where initdb and pg_ctl are */
    uid_t uid;     /* the account the servers run under */
    gid_t gid;
    pid_t guardian;  /* 0: none */
    int guardian_fd; /* closing it ends the servers */
    bool keep;       /* leave the directory (with the servers stopped) */
};

/* Makes and starts both servers. dir NULL: a private directory under $TMPDIR or /tmp, which the
 * guardian removes; else that directory, made here, without a guardian (--detach). As root they run
 * under the `postgres` account. Superuser: supabase_admin. */
bool db_servers_start(struct db_servers *servers, const char *dir, struct zm_error *err);
/* The socket directory of a side, for the host option; dst holds at least 96 bytes. */
const char *db_servers_socket(const struct db_servers *servers, enum db_side side, char dst[96]);
/* Ends both and removes the directory unless it is kept. A zeroed struct is fine. */
void db_servers_stop(struct db_servers *servers);
/* One side only: an outage to look at, and its end. */
bool db_servers_halt(const struct db_servers *servers, enum db_side side, struct zm_error *err);
bool db_servers_resume(const struct db_servers *servers, enum db_side side, struct zm_error *err);
/* Ends the servers of a directory that --detach left, and removes it. Refuses any other directory.
 */
bool db_servers_stop_dir(const char *dir, struct zm_error *err);

#endif
