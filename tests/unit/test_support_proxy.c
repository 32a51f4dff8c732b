/*
 * The proxy of the fault tests must really do what it is asked for, else they prove nothing: a
 * server that echoes stands behind it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/proxy.h"
#include "zm/clock.h"
#include "zm/str.h"

struct rig {
    char directory[32], path[64];
    pid_t server;
    struct proxy *proxy;
};

static void echo(int fd)
{
    char bytes[4096];
    ssize_t n = 1;

    while (n > 0) {
        n = read(fd, bytes, sizeof(bytes));
        if (n > 0 && send(fd, bytes, (size_t)n, MSG_NOSIGNAL) < 0)
            break;
    }
    if (n == 0)
        n = send(fd, "bye", 3, MSG_NOSIGNAL);
}

/* A child for each connection, which ends with it. */
static void echo_for_ever(int listener)
{
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);

        if (fork() == 0) {
            echo(fd);
            _exit(0);
        }
        close(fd);
    }
}

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    zm_copy(rig->directory, sizeof(rig->directory), "/tmp/zme.XXXXXX");
    assert_non_null(mkdtemp(rig->directory));
    snprintf(rig->path, sizeof(rig->path), "%s/socket", rig->directory);
    zm_copy(at.sun_path, sizeof(at.sun_path), rig->path);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(listener, 8), 0);
    rig->server = fork();
    if (rig->server == 0)
        echo_for_ever(listener);
    close(listener);
    rig->proxy = proxy_start("127.0.0.1:0", rig->path);
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;

    proxy_stop(rig->proxy);
    kill(rig->server, SIGKILL);
    waitpid(rig->server, NULL, 0);
    unlink(rig->path);
    rmdir(rig->directory);
    free(rig);
    return 0;
}

static int connect_to(const struct rig *rig)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((uint16_t)strtol(proxy_port(rig->proxy), NULL, 10));
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

/* What comes within ms: bytes, 0 for the end, -1 for a reset, -2 for nothing. */
static ssize_t hear(int fd, char *bytes, size_t size, int ms)
{
    struct pollfd poll_for = {.fd = fd, .events = POLLIN};

    return poll(&poll_for, 1, ms) > 0 ? read(fd, bytes, size) : -2;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void passes_on_with_delay(void **state)
{
    const struct rig *rig = *state;
    int fd = connect_to(rig);
    char bytes[16] = "";
    int64_t since;

    say(fd, "one");
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 5000), 3);
    assert_memory_equal(bytes, "one", 3);
    proxy_delay(rig->proxy, 120);
    since = zm_now_ms();
    say(fd, "two");
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 5000), 3);
    assert_in_range(zm_now_ms() - since, 119, 1000);
    assert_int_equal(proxy_connections(rig->proxy), 1);
    assert_int_equal(proxy_bytes(rig->proxy, PROXY_DOWN), 6);
    proxy_delay(rig->proxy, 0);
    close(fd);
}

static void limits_the_rate(void **state)
{
    const struct rig *rig = *state;
    int fd = connect_to(rig);
    char bytes[2000];
    int64_t since = zm_now_ms();
    size_t got = 0;

    memset(bytes, 'x', sizeof(bytes));
    proxy_rate(rig->proxy, 10000);
    assert_int_equal(send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL), sizeof(bytes));
    while (got < sizeof(bytes)) {
        ssize_t n = hear(fd, bytes, sizeof(bytes), 5000);

        assert_true(n > 0);
        got += (size_t)n;
    }
    assert_in_range(zm_now_ms() - since, 399, 3000);
    proxy_rate(rig->proxy, 0);
    close(fd);
}

static void swallows(void **state)
{
    const struct rig *rig = *state;
    int fd = connect_to(rig);
    char bytes[16];

    proxy_blackhole(rig->proxy, true);
    say(fd, "lost");
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 100), -2);
    proxy_blackhole(rig->proxy, false);
    say(fd, "back");
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 5000), 4);
    assert_memory_equal(bytes, "back", 4);
    close(fd);
}

static void tears(void **state)
{
    const struct rig *rig = *state;
    int fd = connect_to(rig);
    char bytes[16];

    say(fd, "up");
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 5000), 2);
    proxy_reset(rig->proxy);
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 5000), -1);
    assert_int_equal(errno, ECONNRESET);
    close(fd);

    proxy_cut_after(rig->proxy, PROXY_DOWN, 3);
    fd = connect_to(rig);
    say(fd, "abcdef");
    assert_in_range(hear(fd, bytes, sizeof(bytes), 5000) + 1, 0, 4); /* 3 bytes, or RST overtook */
    assert_int_not_equal(hear(fd, bytes, sizeof(bytes), 5000), -2);
    close(fd);
    proxy_cut_after(rig->proxy, PROXY_DOWN, -1);
}

static void half_closes(void **state)
{
    const struct rig *rig = *state;
    int fd = connect_to(rig);
    char bytes[16];

    say(fd, "up");
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 5000), 2);
    proxy_half_close(rig->proxy, PROXY_UP);
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 5000), 3); /* the server still answers */
    assert_memory_equal(bytes, "bye", 3);
    assert_int_equal(hear(fd, bytes, sizeof(bytes), 5000), 0);
    close(fd);
}

static void refuses(void **state)
{
    const struct rig *rig = *state;
    char bytes[16];
    int fd;

    proxy_refuse(rig->proxy, true);
    fd = connect_to(rig);
    assert_in_range(hear(fd, bytes, sizeof(bytes), 5000) + 1, 0, 1);
    close(fd);
}

/* Exactly this comes. */
static void assert_hears(int fd, const char *text)
{
    char bytes[64];
    size_t got = 0, n = strlen(text);

    while (got < n) {
        ssize_t more = hear(fd, bytes + got, n - got, 5000);

        assert_true(more > 0);
        got += (size_t)more;
    }
    assert_memory_equal(bytes, text, n);
}

static void assert_silent(int fd)
{
    char bytes[16];

    assert_int_equal(hear(fd, bytes, sizeof(bytes), 100), -2);
}

static void holds_before(void **state)
{
    const struct rig *rig = *state;
    int held = connect_to(rig), other = connect_to(rig);

    proxy_hold_at(rig->proxy, "COMMIT", 2, PROXY_HOLD_BEFORE);
    say(held, "one COMMIT two ");
    assert_hears(held, "one COMMIT two ");
    assert_false(proxy_wait_held(rig->proxy, 50));
    say(held, "three COM"); /* cut in the middle: what is gone is gone */
    assert_hears(held, "three COM");
    say(held, "MIT four");
    assert_true(proxy_wait_held(rig->proxy, 5000));
    say(held, " five");
    assert_silent(held);
    say(other, "COMMIT");
    assert_hears(other, "COMMIT");
    proxy_release(rig->proxy);
    assert_hears(held, "MIT four five");
    say(held, "COMMIT COMMIT COMMIT");
    assert_hears(held, "COMMIT COMMIT COMMIT");
    close(held);
    close(other);
}

static void holds_what_follows_in_the_same_piece(void **state)
{
    const struct rig *rig = *state;
    int fd = connect_to(rig);

    proxy_hold_since(rig->proxy, "vote", "COMMIT", 1, PROXY_HOLD_BEFORE);
    say(fd, "a COMMIT; b");
    assert_hears(fd, "a COMMIT; b");
    say(fd, "vote; c COMMIT; d");
    assert_true(proxy_wait_held(rig->proxy, 5000));
    assert_hears(fd, "vote; c ");
    assert_silent(fd);
    proxy_release(rig->proxy);
    assert_hears(fd, "COMMIT; d");
    close(fd);
}

static void holds_the_answer(void **state)
{
    const struct rig *rig = *state;
    int held = connect_to(rig), other = connect_to(rig);

    proxy_delay(rig->proxy, 20);
    proxy_hold_at(rig->proxy, "COMMIT", 1, PROXY_HOLD_AFTER);
    say(held, "x");
    assert_hears(held, "x");
    say(held, "COMMIT");
    assert_true(proxy_wait_held(rig->proxy, 5000));
    assert_int_equal(proxy_bytes(rig->proxy, PROXY_UP), 7); /* the server has it */
    assert_silent(held);
    say(other, "COMMIT");
    assert_hears(other, "COMMIT");
    proxy_release(rig->proxy);
    assert_hears(held, "COMMIT");
    proxy_delay(rig->proxy, 0);
    close(held);
    close(other);
}

/* A client that dies while its bytes are on the way: the server may see them later, or never. */
static void holds_the_end_too(void **state)
{
    const struct rig *rig = *state;
    int fd = connect_to(rig);

    proxy_hold_at(rig->proxy, "COMMIT", 1, PROXY_HOLD_BEFORE);
    say(fd, "COMMIT");
    close(fd);
    assert_true(proxy_wait_held(rig->proxy, 5000));
    assert_int_equal(proxy_bytes(rig->proxy, PROXY_UP), 0);
    assert_int_equal(proxy_connections(rig->proxy), 1);
    proxy_release(rig->proxy);
    while (proxy_bytes(rig->proxy, PROXY_UP) < 6 || proxy_connections(rig->proxy) > 0)
        poll(NULL, 0, 2); /* ctest ends it if this never comes true */

    fd = connect_to(rig);
    proxy_hold_at(rig->proxy, "COMMIT", 1, PROXY_HOLD_BEFORE);
    say(fd, "COMMIT");
    assert_true(proxy_wait_held(rig->proxy, 5000));
    proxy_reset(rig->proxy);
    while (proxy_connections(rig->proxy) > 0)
        poll(NULL, 0, 2);
    assert_int_equal(proxy_bytes(rig->proxy, PROXY_UP), 6);
    proxy_release(rig->proxy);
    close(fd);
}

static void swallows_what_it_holds(void **state)
{
    const struct rig *rig = *state;
    int fd = connect_to(rig);

    proxy_hold_at(rig->proxy, "COMMIT", 1, PROXY_HOLD_AFTER);
    say(fd, "COMMIT");
    assert_true(proxy_wait_held(rig->proxy, 5000));
    proxy_blackhole(rig->proxy, true);
    say(fd, "lost");
    assert_silent(fd);
    proxy_blackhole(rig->proxy, false);
    proxy_release(rig->proxy);
    assert_hears(fd, "COMMIT");
    assert_silent(fd);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(passes_on_with_delay, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(limits_the_rate, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(swallows, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(tears, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(half_closes, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(refuses, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(holds_before, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(holds_what_follows_in_the_same_piece, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(holds_the_answer, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(holds_the_end_too, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(swallows_what_it_holds, start_rig, stop_rig),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
