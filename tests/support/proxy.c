/*
 * One thread, one poll loop. What a direction read waits in a queue of pieces until each is due.
 */
#include "proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "proxy_state.h"
#include "zm/clock.h"
#include "zm/str.h"

static struct proxy_address parse(const char *text)
{
    struct proxy_address ret;
    const char *colon = strrchr(text, ':');
    char host[64] = "";

    memset(&ret, 0, sizeof(ret));
    if (text[0] == '/') {
        ret.to.un.sun_family = AF_UNIX;
        assert_true(zm_copy(ret.to.un.sun_path, sizeof(ret.to.un.sun_path), text));
        ret.size = sizeof(ret.to.un);
        return ret;
    }
    assert_non_null(colon);
    snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
    ret.to.in.sin_family = AF_INET;
    ret.to.in.sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10));
    assert_int_equal(inet_pton(AF_INET, host, &ret.to.in.sin_addr), 1);
    ret.size = sizeof(ret.to.in);
    return ret;
}

static void drop_pieces(struct proxy_flow *f)
{
    while (f->first) {
        struct proxy_piece *next = f->first->next;

        free(f->first);
        f->first = next;
    }
    f->last = NULL;
    f->waiting = 0;
}

/* abrupt: RST where the kind of socket knows it. */
static void close_pipe(struct proxy_pipe *pipe, bool abrupt)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    int i;

    for (i = 0; i < 2; i++) {
        if (abrupt)
            setsockopt(pipe->fd[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        close(pipe->fd[i]);
        drop_pieces(&pipe->flow[i]);
    }
    memset(pipe, 0, sizeof(*pipe));
}

static void accept_one(struct proxy *p)
{
    const int at_once = 1;
    int fd = accept(p->listener, NULL, NULL), i = 0;
    struct proxy_pipe *pipe;
    int server;

    if (fd >= 0) /* else an answer waits for the acknowledgement of the one before */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
    if (fd < 0)
        return;
    while (i < PROXY_MAX_CONNECTIONS && p->pipes[i].used)
        i++;
    server = socket(p->server.to.any.sa_family, SOCK_STREAM, 0);
    if (p->refuse || i == PROXY_MAX_CONNECTIONS ||
        connect(server, &p->server.to.any, p->server.size) != 0) {
        close(fd);
        close(server);
        return;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(server, F_SETFL, O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(server, F_SETFD, FD_CLOEXEC);
    pipe = &p->pipes[i];
    memset(pipe, 0, sizeof(*pipe));
    pipe->used = true;
    pipe->fd[PROXY_UP] = fd;
    pipe->fd[PROXY_DOWN] = server;
}

static void append(struct proxy_flow *f, struct proxy_piece *piece)
{
    f->waiting += piece->len;
    if (f->last)
        f->last->next = piece;
    else
        f->first = piece;
    f->last = piece;
}

/* What was just read of the client may hold the text: from its start on, or the answer, is held. */
static void look_for_text(struct proxy *p, struct proxy_pipe *pipe, struct proxy_piece *piece)
{
    struct proxy_flow *f = &pipe->flow[PROXY_UP];
    size_t end = proxy_hold_find(&p->hold, &pipe->tail, piece->bytes, piece->len), before;
    struct proxy_piece *rest;

    if (end == 0)
        return;
    if (p->hold.when == PROXY_HOLD_AFTER) {
        piece->holds_answer = true;
        return;
    }
    before = end > strlen(p->hold.text) ? end - strlen(p->hold.text) : 0;
    rest = zm_calloc(1, sizeof(*rest));
    rest->due_us = ZM_NEVER;
    rest->len = piece->len - before;
    memcpy(rest->bytes, piece->bytes + before, rest->len);
    f->waiting -= rest->len;
    piece->len = before;
    append(f, rest);
    f->held = true;
    p->hold.reached = true;
    pthread_cond_broadcast(&p->held);
}

/* Queues what a side sent; false: the connection broke. */
static bool take_in(struct proxy *p, struct proxy_pipe *pipe, int direction)
{
    struct proxy_flow *f = &pipe->flow[direction];
    struct proxy_piece *piece = zm_calloc(1, sizeof(*piece));
    ssize_t n = read(pipe->fd[direction], piece->bytes, sizeof(piece->bytes));
    int64_t now = zm_now_us();

    if (n <= 0 || p->blackhole) {
        free(piece);
        f->ended = f->ended || n == 0;
        return n >= 0 || errno == EAGAIN || errno == EINTR;
    }
    piece->len = (size_t)n;
    f->free_us = f->free_us > now ? f->free_us : now;
    f->free_us += p->rate > 0 ? (int64_t)n * 1000000 / p->rate : 0;
    piece->due_us = f->held ? ZM_NEVER : f->free_us + (int64_t)p->round_trip_ms * 500;
    append(f, piece);
    if (direction == PROXY_UP)
        look_for_text(p, pipe, piece);
    else if (f->held && !p->hold.reached) {
        p->hold.reached = true;
        pthread_cond_broadcast(&p->held);
    }
    return true;
}

/* Hands on what is due; false: the connection broke, or has to. */
static bool hand_on(struct proxy *p, struct proxy_pipe *pipe, int direction)
{
    struct proxy_flow *f = &pipe->flow[direction];
    int to = pipe->fd[!direction];

    while (f->first && f->first->due_us <= zm_now_us()) {
        struct proxy_piece *piece = f->first;
        size_t want = piece->len - piece->sent;
        long left = p->cut_after[direction] - f->total;
        ssize_t n;

        if (p->cut_after[direction] >= 0 && left < (long)want)
            want = left > 0 ? (size_t)left : 0;
        n = want ? send(to, piece->bytes + piece->sent, want, MSG_NOSIGNAL) : 0;
        if (n < 0)
            return errno == EAGAIN || errno == EINTR;
        piece->sent += (size_t)n;
        f->total += (long)n;
        f->waiting -= (size_t)n;
        p->bytes[direction] += n;
        if (p->cut_after[direction] >= 0 && f->total >= p->cut_after[direction])
            return false;
        if (piece->sent < piece->len)
            return true;
        pipe->flow[PROXY_DOWN].held |= piece->holds_answer;
        f->first = piece->next;
        if (!f->first)
            f->last = NULL;
        free(piece);
    }
    if (f->ended && !f->first && !f->held && !f->closed) {
        shutdown(to, SHUT_WR);
        f->closed = true;
    }
    return true;
}

/* What of a pipe to wait for; shortens *wait_us to its next due piece. */
static void watch(const struct proxy_pipe *pipe, struct pollfd poll_for[2], int64_t *wait_us)
{
    int64_t now = zm_now_us();
    int i;

    for (i = 0; i < 2; i++)
        poll_for[i] = (struct pollfd){.fd = pipe->used ? pipe->fd[i] : -1};
    for (i = 0; i < 2 && pipe->used; i++) {
        const struct proxy_flow *f = &pipe->flow[i];

        if (!f->ended && f->waiting < PROXY_MAX_WAITING)
            poll_for[i].events |= POLLIN;
        if (f->first && f->first->due_us <= now)
            poll_for[!i].events |= POLLOUT;
        else if (f->first && f->first->due_us - now < *wait_us)
            *wait_us = f->first->due_us - now;
    }
    for (i = 0; i < 2; i++)
        if (!poll_for[i].events)
            poll_for[i].fd = -1; /* else its hang-up would keep the loop busy */
}

static void serve(struct proxy *p, struct proxy_pipe *pipe, const struct pollfd polled[2])
{
    bool ok = true;
    int i;

    if (!pipe->used)
        return;
    if (p->reset) { /* before anything more is handed on */
        close_pipe(pipe, true);
        return;
    }
    for (i = 0; i < 2 && ok; i++) {
        if (polled[i].revents & (POLLIN | POLLHUP | POLLERR))
            ok = take_in(p, pipe, i);
        if (p->half_close[i])
            pipe->flow[i].ended = true;
        ok = ok && hand_on(p, pipe, i);
    }
    if (!ok)
        close_pipe(pipe, true);
    else if (pipe->flow[0].closed && pipe->flow[1].closed)
        close_pipe(pipe, false);
}

static void *run(void *context)
{
    struct proxy *p = context;
    struct pollfd polled[2 + 2 * PROXY_MAX_CONNECTIONS];
    char ignored[64];
    int i;

    pthread_mutex_lock(&p->mutex);
    while (!p->stop) {
        int64_t wait_us = 1000000;

        polled[0] = (struct pollfd){.fd = p->listener, .events = POLLIN};
        polled[1] = (struct pollfd){.fd = p->wake[0], .events = POLLIN};
        for (i = 0; i < PROXY_MAX_CONNECTIONS; i++)
            watch(&p->pipes[i], &polled[2 + 2 * i], &wait_us);
        pthread_mutex_unlock(&p->mutex);
        poll(polled, ZM_COUNT(polled), (int)((wait_us + 999) / 1000));
        pthread_mutex_lock(&p->mutex);
        if (polled[1].revents && read(p->wake[0], ignored, sizeof(ignored)) < 0)
            break;
        for (i = 0; i < PROXY_MAX_CONNECTIONS; i++)
            serve(p, &p->pipes[i], &polled[2 + 2 * i]);
        p->reset = p->half_close[0] = p->half_close[1] = false;
        if (polled[0].revents)
            accept_one(p);
    }
    pthread_mutex_unlock(&p->mutex);
    return NULL;
}

static void make_condition(pthread_cond_t *ret)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(ret, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct proxy *proxy_start(const char *listen_on, const char *server)
{
    struct proxy *p = zm_calloc(1, sizeof(*p));
    struct proxy_address at = parse(listen_on);
    const int yes = 1;

    p->server = parse(server);
    p->cut_after[PROXY_UP] = p->cut_after[PROXY_DOWN] = -1;
    p->listener = socket(at.to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(p->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (at.to.any.sa_family == AF_UNIX)
        zm_copy(p->path, sizeof(p->path), listen_on);
    assert_int_equal(bind(p->listener, &at.to.any, at.size), 0);
    assert_int_equal(listen(p->listener, PROXY_MAX_CONNECTIONS), 0);
    assert_int_equal(getsockname(p->listener, &at.to.any, &at.size), 0);
    if (!p->path[0])
        snprintf(p->port, sizeof(p->port), "%u", (unsigned)ntohs(at.to.in.sin_port));
    make_condition(&p->held);
    assert_int_equal(pipe(p->wake), 0);
    fcntl(p->wake[0], F_SETFD, FD_CLOEXEC);
    fcntl(p->wake[1], F_SETFD, FD_CLOEXEC);
    pthread_mutex_init(&p->mutex, NULL);
    assert_int_equal(pthread_create(&p->thread, NULL, run, p), 0);
    return p;
}

void proxy_begin(struct proxy *p)
{
    pthread_mutex_lock(&p->mutex);
}

void proxy_end(struct proxy *p)
{
    bool woken = write(p->wake[1], "x", 1) == 1;

    pthread_mutex_unlock(&p->mutex);
    assert_true(woken);
}

void proxy_stop(struct proxy *p)
{
    int i;

    if (!p)
        return;
    proxy_begin(p);
    p->stop = true;
    proxy_end(p);
    pthread_join(p->thread, NULL);
    for (i = 0; i < PROXY_MAX_CONNECTIONS; i++)
        if (p->pipes[i].used)
            close_pipe(&p->pipes[i], true);
    close(p->listener);
    close(p->wake[0]);
    close(p->wake[1]);
    if (p->path[0])
        unlink(p->path);
    pthread_cond_destroy(&p->held);
    pthread_mutex_destroy(&p->mutex);
    free(p);
}

const char *proxy_port(const struct proxy *p)
{
    return p->port;
}
