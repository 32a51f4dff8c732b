/*
 * The HTTP server of the tests. See support/http_server.h.
 */
#include "support/http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "zm/str.h"

#define MAX_ASKED 256

struct http_server {
    int listen, wake[2]; /* a byte in wake ends it */
    pthread_t thread;
    pthread_mutex_t lock;
    char url[64];
    struct http_reply reply;
    void (*handle)(void *context, const struct http_asked *asked, struct http_reply *ret);
    void *context;
    struct http_asked asked[MAX_ASKED];
    size_t n;
};

/* Waits for the socket; false: the server is to end, or the time has passed. ms -1: for ever. */
static bool wait_for(struct http_server *s, int fd, short events, int ms)
{
    struct pollfd fds[2] = {{.fd = s->wake[0], .events = POLLIN}, {.fd = fd, .events = events}};

    return poll(fds, 2, ms) > 0 && !fds[0].revents && fds[1].revents;
}

static const char *header_of(const char *headers, const char *name)
{
    size_t n = strlen(name);
    const char *at = headers;

    while (at && *at) {
        if (strncasecmp(at, name, n) == 0 && at[n] == ':')
            return at + n + 1 + strspn(at + n + 1, " ");
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    return NULL;
}

/* Reads a request to the end of its body; false: it never came whole. */
static bool read_request(struct http_server *s, int fd, struct zm_buf *ret, size_t *ret_head)
{
    char bytes[4096];
    const char *end = NULL, *length;
    ssize_t got;

    while (!end || ret->len < *ret_head + (length ? strtoul(length, NULL, 10) : 0)) {
        if (!wait_for(s, fd, POLLIN, 10000))
            return false;
        got = read(fd, bytes, sizeof(bytes));
        if (got <= 0 || (ret->len == 0 && bytes[0] == 0x16)) /* nobody, or TLS */
            return false;
        zm_buf_add(ret, bytes, (size_t)got);
        end = strstr(ret->s, "\r\n\r\n");
        *ret_head = end ? (size_t)(end - ret->s) + 4 : 0;
        length = end ? header_of(ret->s, "Content-Length") : NULL;
    }
    return true;
}

static char *copy(const char *from, size_t n)
{
    char *text = zm_calloc(1, n + 1);

    memcpy(text, from, n);
    return text;
}

/* Remembers it; the lock is held. */
static const struct http_asked *remember(struct http_server *s, const char *text, size_t head)
{
    struct http_asked *a = &s->asked[s->n];
    size_t method = strcspn(text, " "), path = strcspn(text + method + 1, " \r");
    const char *headers = strstr(text, "\r\n") + 2;

    assert_true(s->n < MAX_ASKED);
    a->method = copy(text, method);
    a->path = copy(text + method + 1, path);
    a->headers = copy(headers, head - (size_t)(headers - text) - 2);
    a->body = copy(text + head, strlen(text + head));
    s->n++;
    return a;
}

static void send_all(struct http_server *s, int fd, const char *bytes, size_t n)
{
    while (n > 0 && wait_for(s, fd, POLLOUT, 10000)) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        bytes += sent;
        n -= (size_t)sent;
    }
}

static void answer(struct http_server *s, int fd, const struct http_reply *r)
{
    size_t n = r->huge ? r->huge : strlen(zm_text(r->body));
    char *blanks = r->huge ? memset(zm_calloc(1, n + 1), ' ', n) : NULL;
    struct zm_buf text = {.s = NULL};

    zm_buf_printf(&text,
                  "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\n"
                  "Content-Length: %zu\r\nConnection: close\r\n%s\r\n",
                  r->status ? r->status : 200, n, zm_text(r->headers));
    zm_buf_add(&text, blanks ? blanks : zm_text(r->body), r->how == HTTP_HALF ? n / 2 : n);
    send_all(s, fd, text.s, text.len);
    zm_buf_done(&text);
    free(blanks);
}

static void serve_one(struct http_server *s, int fd)
{
    struct zm_buf text = {.s = NULL};
    struct http_reply r;
    size_t head = 0;

    if (read_request(s, fd, &text, &head)) {
        const struct http_asked *asked;

        pthread_mutex_lock(&s->lock);
        r = s->reply;
        asked = remember(s, text.s, head);
        if (s->handle)
            s->handle(s->context, asked, &r);
        pthread_mutex_unlock(&s->lock);
        if (r.delay_ms > 0 || r.how == HTTP_SILENT)
            wait_for(s, -1, 0, r.how == HTTP_SILENT ? -1 : r.delay_ms);
        if (r.how == HTTP_WHOLE || r.how == HTTP_HALF)
            answer(s, fd, &r);
    }
    zm_buf_done(&text);
}

static void *serve(void *context)
{
    struct http_server *s = context;

    while (wait_for(s, s->listen, POLLIN, -1)) {
        int fd = accept(s->listen, NULL, NULL);

        if (fd < 0)
            continue;
        serve_one(s, fd);
        shutdown(fd, SHUT_RDWR);
        close(fd);
    }
    return NULL;
}

struct http_server *http_server_start(void)
{
    struct sockaddr_in where = {.sin_family = AF_INET};
    struct http_server *s = zm_calloc(1, sizeof(*s));
    socklen_t size = sizeof(where);

    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listen = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->listen, (struct sockaddr *)&where, sizeof(where)), 0);
    assert_int_equal(listen(s->listen, 16), 0);
    assert_int_equal(getsockname(s->listen, (struct sockaddr *)&where, &size), 0);
    snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d", ntohs(where.sin_port));
    assert_int_equal(pipe(s->wake), 0);
    pthread_mutex_init(&s->lock, NULL);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
    return s;
}

void http_server_stop(struct http_server *s)
{
    if (!s)
        return;
    assert_int_equal(write(s->wake[1], "", 1), 1);
    pthread_join(s->thread, NULL);
    http_server_forget(s);
    pthread_mutex_destroy(&s->lock);
    close(s->listen);
    close(s->wake[0]);
    close(s->wake[1]);
    free(s);
}

const char *http_server_url(const struct http_server *s)
{
    return s->url;
}

void http_server_say(struct http_server *s, const struct http_reply *reply)
{
    pthread_mutex_lock(&s->lock);
    s->reply = *reply;
    s->handle = NULL;
    pthread_mutex_unlock(&s->lock);
}

void http_server_handle(struct http_server *s,
                        void (*handle)(void *context, const struct http_asked *asked,
                                       struct http_reply *ret),
                        void *context)
{
    pthread_mutex_lock(&s->lock);
    memset(&s->reply, 0, sizeof(s->reply));
    s->handle = handle;
    s->context = context;
    pthread_mutex_unlock(&s->lock);
}

size_t http_server_count(struct http_server *s)
{
    size_t n;

    pthread_mutex_lock(&s->lock);
    n = s->n;
    pthread_mutex_unlock(&s->lock);
    return n;
}

const struct http_asked *http_server_asked(struct http_server *s, size_t i)
{
    assert_true(i < http_server_count(s));
    return &s->asked[i];
}

void http_server_forget(struct http_server *s)
{
    size_t i;

    pthread_mutex_lock(&s->lock);
    for (i = 0; i < s->n; i++) {
        free(s->asked[i].method);
        free(s->asked[i].path);
        free(s->asked[i].headers);
        free(s->asked[i].body);
    }
    s->n = 0;
    pthread_mutex_unlock(&s->lock);
}

bool http_asked_header(const struct http_asked *asked, const char *name, char *ret, size_t size)
{
    const char *value = header_of(asked->headers, name);

    ret[0] = '\0';
    if (value)
        snprintf(ret, size, "%.*s", (int)strcspn(value, "\r\n"), value);
    return value != NULL;
}
