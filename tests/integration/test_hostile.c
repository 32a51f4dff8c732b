/*
 * Servers that lie: a thread plays a server byte by byte. Whatever it sends, the caller is told
 * something of ours in time, and nothing of what was said before encryption reaches a person.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "db/link.h"
#include "zm/clock.h"
#include "zm/str.h"

#define BYTES(text) text, sizeof(text) - 1

/* What the fake server does with one connection: answers every message it gets with the next reply.
 */
struct reply {
    const char *bytes;
    size_t size;
};

struct fake {
    int listener;
    char port[8];
    pthread_t thread;
    const struct reply *replies;
    size_t n;
    bool endless; /* the last reply is sent again and again */
    size_t cut;   /* close after so many bytes; 0: never */
};

static void serve(const struct fake *fake, int fd)
{
    size_t i, sent = 0;
    char request[65536];

    for (i = 0; i < fake->n; i++) {
        const struct reply *reply = &fake->replies[i];
        size_t size = reply->size;

        if (recv(fd, request, sizeof(request), 0) <= 0)
            return;
        if (fake->cut && sent + size > fake->cut)
            size = fake->cut - sent;
        do {
            if (send(fd, reply->bytes, size, MSG_NOSIGNAL) < 0)
                return;
        } while (fake->endless && i == fake->n - 1);
        sent += size;
        if (fake->cut && sent >= fake->cut)
            return;
    }
    while (recv(fd, request, sizeof(request), 0) > 0)
        ;
}

static void *run_fake(void *arg)
{
    const struct fake *fake = arg;
    int fd = accept(fake->listener, NULL, NULL);

    if (fd >= 0) {
        serve(fake, fd);
        close(fd);
    }
    return NULL;
}

static void start_fake(struct fake *fake)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fake->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fake->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fake->listener, 4), 0);
    assert_int_equal(getsockname(fake->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(fake->port, sizeof(fake->port), "%d", (int)ntohs(address.sin_port));
    assert_int_equal(pthread_create(&fake->thread, NULL, run_fake, fake), 0);
}

static void stop_fake(struct fake *fake)
{
    shutdown(fake->listener, SHUT_RDWR);
    pthread_join(fake->thread, NULL);
    close(fake->listener);
}

/* Connects to a fake under a name from outside; how long it took. */
static int64_t meet(struct fake *fake, const char *sslmode, struct zm_error *ret)
{
    const struct db_option options[] = {{"host", "db.example.com"}, {"hostaddr", "127.0.0.1"},
                                        {"port", fake->port},       {"user", "postgres"},
                                        {"dbname", "postgres"},     {"sslmode", sslmode}};
    const struct db_target target = {.side = DB_BOT,
                                     .options = options,
                                     .n_options = ZM_COUNT(options),
                                     .connect_ms = 1500,
                                     .statement_ms = 500};
    struct db_link *link = db_link_new(&target);
    int64_t begin = zm_now_ms();

    start_fake(fake);
    memset(ret, 0, sizeof(*ret));
    assert_false(db_link_open(link, ret));
    db_link_free(link);
    stop_fake(fake);
    return zm_now_ms() - begin;
}

static void assert_nothing_of(const struct zm_error *err, const char *text)
{
    assert_null(strstr(err->message, text));
    assert_null(strstr(err->detail, text));
    assert_null(strstr(err->hint, text));
}

static void no_tls(void **state)
{
    static const struct reply replies[] = {{BYTES("N")}};
    struct fake fake = {.replies = replies, .n = 1};
    struct zm_error err;

    (void)state;
    assert_true(meet(&fake, "require", &err) < 1000);
    assert_int_equal(err.kind, ZM_ERR_INSECURE);
    assert_non_null(strstr(err.message, "does not offer TLS"));
}

/* An ErrorResponse with an escape sequence, in place of the answer to the request for TLS and in
 * place of the answer to the start. */
static void words_before_tls(void **state)
{
    static const struct reply refusal[] = {
        {BYTES("E\0\0\0\x43"
               "SFATAL\0C28000\0M\033]52;c;b3duZWQ=\a says role is gone, run this: \0\0")}};
    static const char *const modes[] = {"require", "disable"};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(modes); i++) {
        struct fake fake = {.replies = refusal, .n = 1};
        struct zm_error err;

        meet(&fake, modes[i], &err);
        assert_true(err.message[0]);
        assert_nothing_of(&err, "\033");
        assert_nothing_of(&err, "run this");
    }
}

/* Authentication passed, the version, a key, ready. */
#define LOGIN(version)                                                                             \
    "R\0\0\0\x08\0\0\0\0"                                                                          \
    "S\0\0\0\x1bserver_version\0" version "\0"                                                     \
    "K\0\0\0\x0c\0\0\0\x01\0\0\0\x02"                                                              \
    "Z\0\0\0\x05I"

static void old_version(void **state)
{
    static const struct reply replies[] = {{BYTES(LOGIN("12.22.0"))}};
    struct fake fake = {.replies = replies, .n = 1};
    struct zm_error err;

    (void)state;
    assert_true(meet(&fake, "disable", &err) < 1000);
    assert_int_equal(err.kind, ZM_ERR_CONNECT);
    assert_non_null(strstr(err.message, "PostgreSQL 12.22.0; 13 is the oldest"));
}

/* Silence at each point is over at the deadline, and every cut of the stream is an error. */
static void silence(void **state)
{
    static const struct reply replies[] = {{BYTES(LOGIN("15.18.0"))}, {BYTES("")}};
    struct fake fake = {.replies = replies, .n = 0};
    struct zm_error err;

    (void)state;
    assert_in_range(meet(&fake, "disable", &err), 1300, 2500);
    assert_int_equal(err.kind, ZM_ERR_CONNECT);
    fake = (struct fake){.replies = replies, .n = 1};
    assert_in_range(meet(&fake, "disable", &err), 1300, 2800);
    assert_int_equal(err.kind, ZM_ERR_TIMEOUT);
}

static void cuts(void **state)
{
    static const struct reply replies[] = {
        {BYTES(LOGIN("15.18.0"))},
        {BYTES("1\0\0\0\x04"
               "2\0\0\0\x04"
               "n\0\0\0\x04"
               "C\0\0\0\x0a"
               "BEGIN\0")},
    };
    size_t total = replies[0].size + replies[1].size, cut;

    (void)state;
    for (cut = 1; cut <= total; cut++) {
        struct fake fake = {.replies = replies, .n = 2, .cut = cut};
        struct zm_error err;

        assert_true(meet(&fake, "disable", &err) < 1500);
        assert_true(err.kind == ZM_ERR_CONNECT || err.kind == ZM_ERR_LOST);
        assert_true(err.message[0]);
    }
}

struct flood {
    const char *name;
    struct reply reply;
    bool endless;
};

/* After the login: a message that claims 2 GB, a stream of notices, bytes that are no message. */
static void floods(void **state)
{
    static char notices[65536];
    static const char head[] = {'N', 0,   0,   '\xfd', '\xe8', 'S', 'N',
                                'O', 'T', 'I', 'C',    'E',    0,   'M'};
    static const struct reply login = {BYTES(LOGIN("15.18.0"))};
    struct flood cases[] = {
        {"2 GB", {BYTES("D\x7f\xff\xff\xff\0\x01")}, false},
        {"notices", {notices, 0}, true},
        {"nonsense", {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff")}, false},
        {"negative", {BYTES("T\xff\xff\xff\xf0")}, false},
        {"columns",
         {BYTES("1\0\0\0\x04"
                "2\0\0\0\x04"
                "T\0\0\0\x08\xff\xff\0\0")},
         false},
    };
    size_t i;

    (void)state;
    /* One notice of 65,000 bytes. */
    memset(notices, 'x', sizeof(notices));
    memcpy(notices, head, sizeof(head));
    memset(notices + 65001 - 2, 0, 2);
    cases[1].reply.size = 65001;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        const struct reply replies[] = {login, cases[i].reply};
        struct fake fake = {.replies = replies, .n = 2, .endless = cases[i].endless};
        struct zm_error err;
        int64_t took = meet(&fake, "disable", &err);

        if (took > 15500 || err.kind == ZM_ERR_NONE)
            fail_msg("%s: %d ms, kind %d", cases[i].name, (int)took, err.kind);
        assert_true(err.message[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_tls),      cmocka_unit_test(words_before_tls),
        cmocka_unit_test(old_version), cmocka_unit_test(silence),
        cmocka_unit_test(cuts),        cmocka_unit_test(floods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
