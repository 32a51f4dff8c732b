/*
 * Cancel requests. libpq 17 and newer can send one without blocking and over TLS. Older ones send
 * it in the clear and block until the server has closed that connection, so there it is sent only
 * within this machine, by a thread that is left behind when the server is frozen.
 */
#include "db/link_cancel.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>

#ifndef LIBPQ_HAS_ASYNC_CANCEL
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>
#endif

#include "zm/arena.h"
#include "zm/clock.h"

#ifdef LIBPQ_HAS_ASYNC_CANCEL

bool db_link_interrupt(struct db_link *link, int64_t deadline_ms)
{
    PGcancelConn *conn = PQcancelCreate(link->conn);
    PostgresPollingStatusType status = PGRES_POLLING_FAILED;

    if (conn && PQcancelStart(conn))
        status = PGRES_POLLING_WRITING;
    while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
        struct pollfd fd = {.fd = PQcancelSocket(conn),
                            .events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT};

        if (poll(&fd, 1, zm_poll_wait(deadline_ms)) <= 0)
            break;
        status = PQcancelPoll(conn);
    }
    PQcancelFinish(conn);
    return status == PGRES_POLLING_OK;
}

#else

/* Shared by the two threads; freed by the one that is finished last. */
struct request {
    PGcancel *cancel;
    int done_fd;
    atomic_bool sent;
    atomic_int users;
};

static void release(struct request *request)
{
    if (atomic_fetch_sub(&request->users, 1) > 1)
        return;
    PQfreeCancel(request->cancel);
    close(request->done_fd);
    free(request);
}

static void *send_request(void *arg)
{
    struct request *request = arg;
    char text[256];

    atomic_store(&request->sent, PQcancel(request->cancel, text, sizeof(text)) == 1);
    eventfd_write(request->done_fd, 1);
    release(request);
    return NULL;
}

bool db_link_interrupt(struct db_link *link, int64_t deadline_ms)
{
    struct request *request;
    struct pollfd fd = {.events = POLLIN};
    pthread_t thread;
    bool sent;

    if (!link->local)
        return false;
    request = zm_calloc(1, sizeof(*request));
    request->cancel = PQgetCancel(link->conn);
    request->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    atomic_store(&request->users, 2);
    if (!request->cancel || request->done_fd < 0 ||
        pthread_create(&thread, NULL, send_request, request) != 0) {
        atomic_store(&request->users, 1);
        release(request);
        return false;
    }
    pthread_detach(thread);
    fd.fd = request->done_fd;
    poll(&fd, 1, zm_poll_wait(deadline_ms));
    sent = atomic_load(&request->sent);
    release(request);
    return sent;
}

#endif
