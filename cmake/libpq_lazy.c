/*
 * libpq, loaded when it is first called. It brings twenty libraries with it (TLS, Kerberos, LDAP),
 * whose loading takes three times as long as everything that the first frame of the console needs;
 * this way a lane loads them while the frame is on the screen already.
 *
 * Not a part of the product's layers: it does the linker's work, and the table of entries below is
 * what a linker would have filled in. One line a function that db/ calls; a missing one is an
 * undefined reference when zmartctl is linked.
 */
#include <dlfcn.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libpq.so.5"

/* clang-format off */
#define CALLS(X) \
    X(int, PQbackendPID, (const PGconn *c), (c)) \
    X(int, PQcancel, (PGcancel *c, char *s, int n), (c, s, n)) \
    X(char *, PQcmdStatus, (PGresult *r), (r)) \
    X(PostgresPollingStatusType, PQconnectPoll, (PGconn *c), (c)) \
    X(PGconn *, PQconnectStartParams, (const char *const *k, const char *const *v, int n), (k, v, n)) \
    X(PQconninfoOption *, PQconninfo, (PGconn *c), (c)) \
    X(int, PQconsumeInput, (PGconn *c), (c)) \
    X(char *, PQdb, (const PGconn *c), (c)) \
    X(int, PQenterPipelineMode, (PGconn *c), (c)) \
    X(char *, PQerrorMessage, (const PGconn *c), (c)) \
    X(int, PQexitPipelineMode, (PGconn *c), (c)) \
    X(int, PQflush, (PGconn *c), (c)) \
    X(int, PQfnumber, (const PGresult *r, const char *s), (r, s)) \
    X(PGcancel *, PQgetCancel, (PGconn *c), (c)) \
    X(PGresult *, PQgetResult, (PGconn *c), (c)) \
    X(int, PQgetisnull, (const PGresult *r, int i, int k), (r, i, k)) \
    X(char *, PQgetvalue, (const PGresult *r, int i, int k), (r, i, k)) \
    X(char *, PQhost, (const PGconn *c), (c)) \
    X(int, PQisBusy, (PGconn *c), (c)) \
    X(int, PQlibVersion, (void), ()) \
    X(int, PQntuples, (const PGresult *r), (r)) \
    X(const char *, PQparameterStatus, (const PGconn *c, const char *s), (c, s)) \
    X(int, PQpipelineSync, (PGconn *c), (c)) \
    X(char *, PQport, (const PGconn *c), (c)) \
    X(char *, PQresultErrorField, (const PGresult *r, int f), (r, f)) \
    X(size_t, PQresultMemorySize, (const PGresult *r), (r)) \
    X(ExecStatusType, PQresultStatus, (const PGresult *r), (r)) \
    X(int, PQsendFlushRequest, (PGconn *c), (c)) \
    X(int, PQsendQuery, (PGconn *c, const char *s), (c, s)) \
    X(int, PQsendQueryParams, (PGconn *c, const char *s, int n, const Oid *t, const char *const *v, \
                               const int *l, const int *f, int r), (c, s, n, t, v, l, f, r)) \
    X(int, PQsendQueryPrepared, (PGconn *c, const char *s, int n, const char *const *v, const int *l, \
                                 const int *f, int r), (c, s, n, v, l, f, r)) \
    X(int, PQserverVersion, (const PGconn *c), (c)) \
    X(PGVerbosity, PQsetErrorVerbosity, (PGconn *c, PGVerbosity v), (c, v)) \
    X(PQnoticeReceiver, PQsetNoticeReceiver, (PGconn *c, PQnoticeReceiver f, void *a), (c, f, a)) \
    X(int, PQsetnonblocking, (PGconn *c, int n), (c, n)) \
    X(int, PQsocket, (const PGconn *c), (c)) \
    X(int, PQsslInUse, (PGconn *c), (c)) \
    X(ConnStatusType, PQstatus, (const PGconn *c), (c)) \
    X(PGTransactionStatusType, PQtransactionStatus, (const PGconn *c), (c)) \
    X(char *, PQuser, (const PGconn *c), (c))

#define CALLS_VOID(X) \
    X(PQclear, (PGresult *r), (r)) \
    X(PQconninfoFree, (PQconninfoOption *o), (o)) \
    X(PQfinish, (PGconn *c), (c)) \
    X(PQfreeCancel, (PGcancel *c), (c))

#ifdef LIBPQ_HAS_ASYNC_CANCEL
#define CALLS_CANCEL(X) \
    X(PGcancelConn *, PQcancelCreate, (PGconn *c), (c)) \
    X(int, PQcancelSocket, (const PGcancelConn *c), (c)) \
    X(int, PQcancelStart, (PGcancelConn *c), (c)) \
    X(PostgresPollingStatusType, PQcancelPoll, (PGcancelConn *c), (c))
#define CALLS_CANCEL_VOID(X) \
    X(PQcancelFinish, (PGcancelConn *c), (c))
#else
#define CALLS_CANCEL(X)
#define CALLS_CANCEL_VOID(X)
#endif
/* clang-format on */

#define ENTRY(type, name, params, args) type(*name) params;
#define ENTRY_VOID(name, params, args) void(*name) params;
static struct {
    pthread_once_t once;
    CALLS(ENTRY)
    CALLS_CANCEL(ENTRY)
    CALLS_VOID(ENTRY_VOID)
    CALLS_CANCEL_VOID(ENTRY_VOID)
} libpq = {.once = PTHREAD_ONCE_INIT};

/* Without it nothing can be done; whoever changed the terminal restores it at exit. */
_Noreturn static void give_up(const char *why)
{
    fprintf(stderr, "zmartctl: load the client library of PostgreSQL: %s\n", why);
    exit(4);
}

/* What dlsym returns becomes a function the way POSIX has it: by its bytes. */
static void find(void *library, const char *name, void *ret, size_t size)
{
    void *symbol = dlsym(library, name);

    if (!symbol)
        give_up(dlerror());
    memcpy(ret, &symbol, size);
}

static void load(void)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    if (!library)
        give_up(dlerror());
#define FIND(type, name, params, args) find(library, #name, &libpq.name, sizeof(libpq.name));
#define FIND_VOID(name, params, args) find(library, #name, &libpq.name, sizeof(libpq.name));
    CALLS(FIND)
    CALLS_CANCEL(FIND)
    CALLS_VOID(FIND_VOID)
    CALLS_CANCEL_VOID(FIND_VOID)
}

#define FORWARD(type, name, params, args)                                                          \
    type name params                                                                               \
    {                                                                                              \
        pthread_once(&libpq.once, load);                                                           \
        return libpq.name args;                                                                    \
    }
#define FORWARD_VOID(name, params, args)                                                           \
    void name params                                                                               \
    {                                                                                              \
        pthread_once(&libpq.once, load);                                                           \
        libpq.name args;                                                                           \
    }
CALLS(FORWARD)
CALLS_CANCEL(FORWARD)
CALLS_VOID(FORWARD_VOID)
CALLS_CANCEL_VOID(FORWARD_VOID)
