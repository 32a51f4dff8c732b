/*
 * One idle session a server. Whoever finds none, because another thread has it, begins another.
 */
#include "admin.h"

#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "zm/str.h"

struct slot {
    char host[96];
    PGconn *conn;
    pid_t owner; /* a fork of it must leave the session alone */
};

/* The slot of a host, or one that is free; NULL: none is. Under the lock. */
static struct slot *find_slot(const char *host)
{
    static struct slot slots[8];
    struct slot *free_slot = NULL;
    size_t i;

    for (i = 0; i < ZM_COUNT(slots); i++) {
        if (slots[i].conn && slots[i].owner == getpid() && strcmp(slots[i].host, host) == 0)
            return &slots[i];
        if (!slots[i].conn || slots[i].owner != getpid())
            free_slot = &slots[i];
    }
    return free_slot;
}

/* Swaps what is kept for a host. Returns what was kept, or conn when there is no room for it. */
static PGconn *swap(const char *host, PGconn *conn)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    PGconn *before = conn;
    struct slot *slot;

    pthread_mutex_lock(&lock);
    slot = find_slot(host);
    if (slot && zm_copy(slot->host, sizeof(slot->host), host)) {
        before = slot->owner == getpid() ? slot->conn : NULL;
        slot->conn = conn;
        slot->owner = getpid();
    }
    pthread_mutex_unlock(&lock);
    return before;
}

/* A server that was ended has said so, or hung up. */
static bool is_alive(const PGconn *conn)
{
    struct pollfd fd = {.fd = PQsocket(conn), .events = POLLIN};

    return PQstatus(conn) == CONNECTION_OK && poll(&fd, 1, 0) == 0;
}

PGconn *admin_take(const char *host, const char *port)
{
    const char *const keywords[] = {"host", "port", "user", "dbname", "options", "connect_timeout",
                                    NULL};
    const char *const values[] = {
        host, port, "supabase_admin", "postgres", "-c client_min_messages=warning", "10", NULL};
    PGconn *conn = swap(host, NULL);

    if (conn && is_alive(conn))
        return conn;
    PQfinish(conn);
    conn = PQconnectdbParams(keywords, values, 0);
    if (PQstatus(conn) == CONNECTION_OK)
        return conn;
    PQfinish(conn);
    return NULL;
}

/* As an end of the session would: its settings are gone, and what it read is counted. A server that
 * cannot do that (before 15) begins a session for every statement. */
static bool is_as_new(PGconn *conn)
{
    static const char *const ends[] = {"DISCARD ALL", "SELECT pg_stat_force_next_flush()"};
    bool ok = true;
    size_t i;

    for (i = 0; i < ZM_COUNT(ends); i++) {
        PGresult *result = PQexec(conn, ends[i]);
        ExecStatusType status = PQresultStatus(result);

        ok = ok && (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
        PQclear(result);
    }
    return ok;
}

void admin_give(const char *host, PGconn *conn)
{
    if (is_as_new(conn))
        conn = swap(host, conn);
    PQfinish(conn);
}

void admin_forget(const char *host)
{
    PQfinish(swap(host, NULL));
}

const char *admin_sql(const char *host, const char *port, const char *sql)
{
    static _Thread_local char value[1024];
    PGconn *conn = admin_take(host, port);
    PGresult *result;

    assert_non_null(conn);
    result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    zm_copy(value, sizeof(value), PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    admin_give(host, conn);
    if (strstr(sql, "ALTER DATABASE"))
        admin_forget(host);
    return value;
}
