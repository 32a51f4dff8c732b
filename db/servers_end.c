/*
 * The end of private servers: by the postmaster's pid file, never by name.
 */
#include "db/servers_end.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/servers.h"
#include "zm/str.h"

static pid_t postmaster(const char *dir, enum db_side side)
{
    char path[128], line[32] = "", data[128], expected[128];
    FILE *file;
    long pid;

    snprintf(path, sizeof(path), "%s/%s/postmaster.pid", dir, db_side_key(side));
    file = fopen(path, "re");
    if (!file)
        return 0;
    pid = fgets(line, sizeof(line), file) ? strtol(line, NULL, 10) : 0;
    snprintf(expected, sizeof(expected), "%s/%s\n", dir, db_side_key(side));
    if (!fgets(data, sizeof(data), file) || strcmp(data, expected) != 0)
        pid = 0; /* not ours: the file was copied from elsewhere */
    fclose(file);
    return pid > 1 && kill((pid_t)pid, 0) == 0 ? (pid_t)pid : 0;
}

bool db_servers_end(const char *dir, enum db_side side)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    pid_t pid = postmaster(dir, side);
    int i;

    if (pid == 0)
        return false;
    kill(pid, SIGCONT);
    kill(pid, SIGQUIT);
    for (i = 0; i < 500 && kill(pid, 0) == 0; i++)
        nanosleep(&pause, NULL);
    if (kill(pid, 0) == 0)
        kill(pid, SIGKILL);
    return true;
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat;
    (void)kind;
    (void)ftw;
    remove(path);
    return 0;
}

void db_servers_remove(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Whether this is initdb, pg_ctl or a server at work in the directory: by its command line. */
static bool works_in(const char *dir, pid_t pid)
{
    static const char *const programs[] = {"/initdb", "/pg_ctl", "/postgres"};
    char path[64], line[1024];
    FILE *file;
    size_t n, i;
    bool ours = false, known = false;

    snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)pid);
    file = fopen(path, "re");
    if (!file)
        return false;
    n = fread(line, 1, sizeof(line) - 1, file);
    fclose(file);
    line[n] = '\0';
    for (i = 0; i < ZM_COUNT(programs); i++)
        known = known || strstr(line, programs[i]) != NULL;
    for (i = 0; i < n; i += strlen(line + i) + 1)
        ours = ours || strncmp(line + i, dir, strlen(dir)) == 0;
    return known && ours;
}

/* What an owner that died while it was starting has left at work has no pid file yet. */
static void kill_starters(const char *dir)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;

    while (processes && (entry = readdir(processes))) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

        if (pid > 1 && works_in(dir, pid))
            kill(pid, SIGKILL);
    }
    if (processes)
        closedir(processes);
}

/* Until nothing is left of it: somebody may still be writing while it is removed. */
static void clean_up(const char *dir)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    int side, i;

    for (i = 0; i < 200 && access(dir, F_OK) == 0; i++) {
        for (side = 0; side < DB_SIDES; side++)
            db_servers_end(dir, (enum db_side)side);
        kill_starters(dir);
        db_servers_remove(dir);
        nanosleep(&pause, NULL);
    }
}

void db_servers_guard(const char *dir, int fd)
{
    sigset_t all;
    ssize_t got;
    char byte;

    setsid();
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    if (chdir("/") != 0)
        return;
    if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout) ||
        !freopen("/dev/null", "w", stderr))
        return;
    do
        got = read(fd, &byte, 1);
    while (got > 0 || (got < 0 && errno == EINTR));
    clean_up(dir);
}

bool db_servers_stop_dir(const char *dir, struct zm_error *err)
{
    char *full = realpath(dir, NULL);
    char path[4200];
    int side;

    snprintf(path, sizeof(path), "%s/zmartctl.conf", full ? full : dir);
    if (!full || access(path, F_OK) != 0) {
        free(full);
        return zm_error_set(err, ZM_ERR_USAGE, "", "stop the demo",
                            "%s is no directory of a detached demo", dir);
    }
    for (side = 0; side < DB_SIDES; side++) {
        snprintf(path, sizeof(path), "%s/sock-%s", full, db_side_key((enum db_side)side));
        if (access(path, F_OK) != 0) {
            free(full);
            return zm_error_set(err, ZM_ERR_USAGE, "", "stop the demo",
                                "%s is no directory of a detached demo", dir);
        }
    }
    for (side = 0; side < DB_SIDES; side++)
        db_servers_end(full, (enum db_side)side);
    db_servers_remove(full);
    free(full);
    return true;
}
