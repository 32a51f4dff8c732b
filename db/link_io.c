/*
 * The one loop that waits for a server. Every byte of every statement passes here; it knows no
 * statement.
 */
#include "db/link_io.h"

#include <errno.h>
#include <libpq-fe.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "db/link_error.h"
#include "zm/clock.h"

/* The kernel's count; 0 for a unix socket, where what was received is only weighed afterwards. */
static uint64_t received(const struct db_link *link)
{
    struct tcp_info info;
    socklen_t size = sizeof(info);

    memset(&info, 0, sizeof(info));
    if (getsockopt(PQsocket(link->conn), IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return 0;
    return info.tcpi_bytes_received;
}

static void limit(struct db_time *time, const struct db_link *link)
{
    if (link->until_ms > 0 && time->latest_ms > link->until_ms)
        time->latest_ms = link->until_ms;
    if (time->deadline_ms > time->latest_ms)
        time->deadline_ms = time->latest_ms;
}

void db_time_start(struct db_time *time, const struct db_link *link, int quiet_ms)
{
    int64_t now = zm_now_ms();

    time->quiet_ms = quiet_ms;
    time->deadline_ms = now + quiet_ms;
    time->latest_ms = now + 10 * (int64_t)quiet_ms;
    time->received = link->conn ? received(link) : 0;
    limit(time, link);
}

void db_time_until(struct db_time *time, const struct db_link *link, int64_t deadline_ms)
{
    int64_t now = zm_now_ms();

    time->quiet_ms = deadline_ms > now ? (int)(deadline_ms - now) : 0;
    time->deadline_ms = time->latest_ms = deadline_ms;
    time->received = received(link);
    limit(time, link);
}

static void heard(struct db_time *time)
{
    int64_t deadline = zm_now_ms() + time->quiet_ms;

    time->deadline_ms = deadline < time->latest_ms ? deadline : time->latest_ms;
}

bool db_io_wait(struct db_link *link, short events, struct db_time *time, const char *what,
                struct zm_error *err)
{
    const char *where = db_side_name(link->target->side);

    for (;;) {
        struct pollfd fds[2] = {{.fd = PQsocket(link->conn), .events = events},
                                {.fd = link->deaf ? -1 : link->cancel_fd, .events = POLLIN}};
        int n = poll(fds, 2, zm_poll_wait(time->deadline_ms));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zm_error_set(err, ZM_ERR_SYSTEM, where, what, "poll failed (errno %d)", errno);
        if (fds[1].revents)
            return zm_error_set(err, ZM_ERR_CANCELLED, where, what, "cancelled");
        if (n > 0)
            return true;
        if (zm_poll_wait(time->deadline_ms) == 0)
            return zm_error_set(err, ZM_ERR_TIMEOUT, where, what, "no answer within %.1f s",
                                (double)time->quiet_ms / 1000);
    }
}

/* Reads what has come. */
static bool consume(struct db_link *link, struct db_time *time, const char *what,
                    struct zm_error *err)
{
    if (!PQconsumeInput(link->conn))
        return db_error_lost(err, link, what);
    heard(time);
    if (db_link_waits_ms(link) > 0)
        db_link_wait_begin(link);
    if (received(link) - time->received > DB_LINK_MAX_BYTES)
        return zm_error_set(err, ZM_ERR_DATA, db_side_name(link->target->side), what,
                            "the answer is larger than %zu MB", DB_LINK_MAX_BYTES / 1024 / 1024);
    return true;
}

bool db_io_result(struct db_link *link, struct db_time *time, const char *what,
                  struct pg_result **ret, struct zm_error *err)
{
    for (;;) {
        int unsent = PQflush(link->conn);
        short events = unsent > 0 ? POLLIN | POLLOUT : POLLIN;

        if (unsent < 0)
            return db_error_lost(err, link, what);
        if (!PQisBusy(link->conn)) {
            *ret = PQgetResult(link->conn);
            if (PQstatus(link->conn) != CONNECTION_BAD)
                return true;
            PQclear(*ret);
            return db_error_lost(err, link, what);
        }
        if (!db_io_wait(link, events, time, what, err) || !consume(link, time, what, err))
            return false;
    }
}
