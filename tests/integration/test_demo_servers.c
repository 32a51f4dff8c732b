/*
 * How the demo's private servers end: when they are told to, and when their owner is killed.
 * Nothing may be left, neither a process nor a directory. Knows nothing of what the databases hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/servers.h"
#include "db/servers_end.h"
#include "support/demo.h"
#include "zm/clock.h"
#include "zm/str.h"

#define PATIENCE_MS 60000

/* Everything is made below a directory of the test's own, which is $TMPDIR. */
struct place {
    char parent[32];
};

static int set_up(void **state)
{
    struct place *place = zm_calloc(1, sizeof(*place));

    zm_copy(place->parent, sizeof(place->parent), "/tmp/zmd.XXXXXX");
    assert_non_null(mkdtemp(place->parent));
    assert_int_equal(chmod(place->parent, 0711), 0); /* the servers have an account of their own */
    assert_int_equal(setenv("TMPDIR", place->parent, 1), 0);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    db_servers_remove(place->parent);
    free(place);
    return 0;
}

/* Processes whose command line names a path below dir; ended ones that nobody waited for have none.
 */
static size_t count_processes(const char *dir)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    size_t count = 0;

    assert_non_null(processes);
    while ((entry = readdir(processes)) != NULL) {
        char path[64], line[4096];
        size_t n, i;
        FILE *file;

        if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
            continue;
        snprintf(path, sizeof(path), "/proc/%.20s/cmdline", entry->d_name);
        file = fopen(path, "r");
        if (!file)
            continue;
        n = fread(line, 1, sizeof(line) - 1, file);
        fclose(file);
        for (i = 0; i < n; i++)
            if (line[i] == '\0')
                line[i] = ' ';
        line[n] = '\0';
        count += strstr(line, dir) != NULL;
    }
    closedir(processes);
    return count;
}

static size_t count_entries(const char *dir)
{
    DIR *listing = opendir(dir);
    const struct dirent *entry;
    size_t count = 0;

    assert_non_null(listing);
    while ((entry = readdir(listing)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(listing);
    return count;
}

static void pause_briefly(void)
{
    const struct timespec pause = {.tv_nsec = 5000000};

    nanosleep(&pause, NULL);
}

static void wait_for_nothing_left(const struct place *place)
{
    int64_t deadline = zm_now_ms() + PATIENCE_MS;

    while (count_entries(place->parent) > 0 || count_processes(place->parent) > 0) {
        if (zm_now_ms() > deadline)
            fail_msg("%zu directories and %zu processes are left in %s",
                     count_entries(place->parent), count_processes(place->parent), place->parent);
        pause_briefly();
    }
}

static bool answers(const struct db_servers *servers, enum db_side side)
{
    char socket[96];
    const char *const keywords[] = {"host", "port", "user", "dbname", "connect_timeout", NULL};
    const char *const values[] = {db_servers_socket(servers, side, socket),
                                  DB_SERVERS_PORT,
                                  "supabase_admin",
                                  "postgres",
                                  "10",
                                  NULL};
    PGconn *conn = PQconnectdbParams(keywords, values, 0);
    bool ok = PQstatus(conn) == CONNECTION_OK;

    PQfinish(conn);
    return ok;
}

static void start(struct db_servers *servers)
{
    struct zm_error err;

    if (!db_servers_start(servers, NULL, &err))
        fail_msg("%s; %s", err.message, err.hint);
}

/* An owner that can be killed. It starts servers and then waits; it goes by itself with the test.
 */
static pid_t fork_owner(struct db_servers *ret_started)
{
    int to_us[2], to_owner[2];
    pid_t owner;

    assert_int_equal(pipe(to_us), 0);
    assert_int_equal(pipe(to_owner), 0);
    fflush(NULL);
    owner = fork();
    assert_true(owner >= 0);
    if (owner == 0) {
        struct db_servers servers;
        struct zm_error err;
        char byte;

        signal(SIGSEGV, SIG_DFL); /* cmocka's is for the test */
        close(to_owner[1]);
        if (db_servers_start(&servers, NULL, &err) &&
            write(to_us[1], &servers, sizeof(servers)) == (ssize_t)sizeof(servers))
            while (read(to_owner[0], &byte, 1) < 0 && errno == EINTR)
                continue;
        _exit(0);
    }
    close(to_us[1]);
    close(to_owner[0]);
    fcntl(to_owner[1], F_SETFD, FD_CLOEXEC); /* left open: its end is ours */
    assert_int_equal(read(to_us[0], ret_started, sizeof(*ret_started)), sizeof(*ret_started));
    close(to_us[0]);
    return owner;
}

static void kill_owner(pid_t owner, int signal)
{
    int status;

    assert_int_equal(kill(owner, signal), 0);
    assert_int_equal(waitpid(owner, &status, 0), owner);
    assert_true(WIFSIGNALED(status));
}

static void stop_leaves_nothing(void **state)
{
    const struct place *place = *state;
    struct db_servers servers;
    struct stat mode;

    start(&servers);
    assert_int_equal(stat(servers.dir, &mode), 0);
    assert_int_equal(mode.st_mode & 0777, 0700);
    assert_true(answers(&servers, DB_BRAIN));
    assert_true(answers(&servers, DB_BOT));
    assert_in_range(count_processes(place->parent), 2, 100);
    db_servers_stop(&servers);
    assert_int_equal(count_entries(place->parent), 0);
    assert_int_equal(count_processes(place->parent), 0);
    db_servers_stop(&servers); /* once more is fine */
}

static void one_side_stops_and_comes_back(void **state)
{
    struct db_servers servers;
    struct zm_error err;

    (void)state;
    start(&servers);
    assert_true(db_servers_halt(&servers, DB_BOT, &err));
    assert_false(answers(&servers, DB_BOT));
    assert_true(answers(&servers, DB_BRAIN));
    assert_false(db_servers_halt(&servers, DB_BOT, &err));
    assert_string_equal(err.where, "ZmartBot");
    assert_true(db_servers_resume(&servers, DB_BOT, &err));
    assert_true(answers(&servers, DB_BOT));
    db_servers_stop(&servers);
}

static void a_killed_owner_leaves_nothing(void **state)
{
    static const int signals[] = {SIGKILL, SIGSEGV};
    const struct place *place = *state;
    struct db_servers started;
    size_t i;

    for (i = 0; i < ZM_COUNT(signals); i++) {
        pid_t owner = fork_owner(&started);

        assert_true(answers(&started, DB_BRAIN));
        assert_true(answers(&started, DB_BOT));
        kill_owner(owner, signals[i]);
        wait_for_nothing_left(place);
    }
}

static void a_kept_directory_stays_without_servers(void **state)
{
    const struct place *place = *state;
    struct db_servers servers;
    char dir[64], path[128];

    start(&servers);
    zm_copy(dir, sizeof(dir), servers.dir);
    servers.keep = true;
    db_servers_stop(&servers);
    assert_int_equal(count_processes(place->parent), 0);
    snprintf(path, sizeof(path), "%s/brain/PG_VERSION", dir);
    assert_int_equal(access(path, F_OK), 0);
}

static void only_a_demo_is_stopped_by_directory(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    char path[64];
    FILE *file;

    snprintf(path, sizeof(path), "%s/zmartctl.conf", place->parent);
    file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_false(db_servers_stop_dir(place->parent, &err));
    assert_int_equal(err.kind, ZM_ERR_USAGE);
    assert_int_equal(access(path, F_OK), 0);
    assert_false(db_servers_stop_dir("/tmp/zmd-nowhere/at-all", &err));
}

static void a_detached_demo_stops_by_directory(void **state)
{
    const struct place *place = *state;
    struct demo demo;

    demo_start(&demo, 20, NULL);
    assert_string_equal(demo_sql(&demo, DB_BOT, "SELECT 1"), "1");
    assert_in_range(count_processes(demo.servers.dir), 2, 100);
    assert_int_equal(count_entries(place->parent), 0); /* it lives where it was told */
    demo_done(&demo);                                  /* by --stop */
    assert_int_equal(count_processes(demo.servers.dir), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(stop_leaves_nothing),
        CASE(one_side_stops_and_comes_back),
        CASE(a_killed_owner_leaves_nothing),
        CASE(a_kept_directory_stays_without_servers),
        CASE(only_a_demo_is_stopped_by_directory),
        CASE(a_detached_demo_stops_by_directory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
