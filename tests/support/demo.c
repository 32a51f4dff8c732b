/*
 * How a test gets a demo, and how that ends whatever happens to the test.
 */
#include "demo.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "process.h"
#include "zm/str.h"

/* What db_servers_resume needs to know of servers that another process started. */
static void adopt_servers(struct demo *demo)
{
    struct db_servers *servers = &demo->servers;
    struct stat owner;
    glob_t found;

    assert_int_equal(stat(servers->dir, &owner), 0);
    servers->uid = owner.st_uid;
    servers->gid = owner.st_gid;
    servers->guardian_fd = -1;
    zm_copy(servers->bin, sizeof(servers->bin), "/usr/bin");
    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) == 0) {
        zm_copy(servers->bin, sizeof(servers->bin), found.gl_pathv[found.gl_pathc - 1]);
        globfree(&found);
    }
}

static void set_directory(struct demo *demo, const char *parent)
{
    int side;

    memset(demo, 0, sizeof(*demo));
    assert_in_range(snprintf(demo->servers.dir, sizeof(demo->servers.dir), "%s/pair", parent), 1,
                    sizeof(demo->servers.dir) - 1);
    snprintf(demo->conf, sizeof(demo->conf), "%s/zmartctl.conf", demo->servers.dir);
    for (side = 0; side < DB_SIDES; side++)
        db_servers_socket(&demo->servers, (enum db_side)side, demo->sockets[side]);
}

void demo_shared(struct demo *demo)
{
    char parent[40] = "";
    FILE *record = fopen(ZM_DEMO_RECORD, "r");

    if (!record || !fgets(parent, sizeof(parent), record))
        fail_msg("no shared demo runs: use ctest, or tests/support/demo.sh start");
    fclose(record);
    parent[strcspn(parent, "\n")] = '\0';
    set_directory(demo, parent);
    adopt_servers(demo);
}

static void remove_parent(const struct demo *demo)
{
    char parent[64];

    zm_copy(parent, sizeof(parent), demo->servers.dir);
    *strrchr(parent, '/') = '\0';
    rmdir(parent);
}

/* Waits until nobody holds the other end of fd, then ends the servers. Holds nothing else open: a
 * terminal of the test would not hang up. */
static void guard(const struct demo *demo, int fd)
{
    const char *const stop[] = {ZM_BINARY, "demo", "--stop", demo->servers.dir, NULL};
    char byte;
    int other;

    setsid();
    for (other = 3; other < 256; other++)
        if (other != fd)
            close(other);
    while (read(fd, &byte, 1) < 0 && errno == EINTR)
        continue;
    if (access(demo->conf, F_OK) == 0)
        process_run(stop);
    remove_parent(demo);
    _exit(0);
}

static void start_guard(struct demo *demo)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    fflush(NULL);
    demo->guard = fork();
    assert_true(demo->guard >= 0);
    if (demo->guard == 0) {
        close(ends[1]);
        guard(demo, ends[0]);
    }
    close(ends[0]);
    demo->guard_fd = ends[1];
}

void demo_start(struct demo *demo, long users, const char *extra)
{
    char parent[40], number[24];
    const char *const argv[] = {ZM_BINARY, "demo", "--detach", demo->servers.dir,
                                "--users", number, extra,      NULL};

    process_data_path(parent, sizeof(parent), "zmp");
    assert_non_null(mkdtemp(parent));
    assert_int_equal(chmod(parent, 0711), 0); /* the servers have an account of their own */
    set_directory(demo, parent);
    snprintf(number, sizeof(number), "%ld", users);
    start_guard(demo);
    assert_int_equal(process_run(argv), 0);
    adopt_servers(demo);
}

void demo_done(struct demo *demo)
{
    if (demo->guard <= 0)
        return;
    close(demo->guard_fd);
    waitpid(demo->guard, NULL, 0);
    demo->guard = 0;
    assert_int_not_equal(access(demo->servers.dir, F_OK), 0);
}

static int begin(void **state, long users)
{
    struct demo *demo = zm_calloc(1, sizeof(*demo));

    demo_start(demo, users, NULL);
    *state = demo;
    return 0;
}

int demo_of_50(void **state)
{
    return begin(state, 50);
}

int demo_of_60(void **state)
{
    return begin(state, 60);
}

int demo_of_600(void **state)
{
    return begin(state, 600);
}

int demo_end(void **state)
{
    demo_done(*state);
    free(*state);
    return 0;
}

void demo_conf_of_another(const struct demo *demo, const char *conf)
{
    FILE *from = fopen(demo->conf, "r"), *to = fopen(conf, "w");
    char line[400], *at;
    bool found = false;

    assert_true(from && to);
    assert_int_equal(fchmod(fileno(to), 0600), 0);
    while (fgets(line, sizeof(line), from)) {
        at = strstr(line, "xhskmqsgtdhehzlvtuns");
        found = found || at;
        if (at)
            memset(at, 'a', 20);
        fputs(line, to);
    }
    assert_true(found);
    fclose(from);
    assert_int_equal(fclose(to), 0);
}
