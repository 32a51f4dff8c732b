/*
 * posix_spawn, and the account that PostgreSQL and PgBouncer insist on when the tests run as root.
 */
#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

#define MAX_ARGS 32
#define ROOM_GB 4 /* of all that runs at once */

int process_run(const char *const *argv)
{
    pid_t pid;
    int status;

    if (posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(const void *)argv, environ) != 0)
        return 127;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t process_start_server(const char *const *argv)
{
    const char *full[MAX_ARGS + 1] = {"setpriv"};
    posix_spawn_file_actions_t files;
    size_t n = 1;
    pid_t pid;

    if (geteuid() == 0) {
        full[n++] = "--reuid=postgres";
        full[n++] = "--regid=postgres";
        full[n++] = "--clear-groups";
    }
    full[n++] = "--pdeathsig=QUIT";
    while (*argv && n < MAX_ARGS)
        full[n++] = *argv++;
    assert_null(*argv);
    posix_spawn_file_actions_init(&files);
    if (getenv("ZM_TEST_VERBOSE"))
        posix_spawn_file_actions_adddup2(&files, 2, 1);
    else
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    assert_int_equal(
        posix_spawnp(&pid, full[0], &files, NULL, (char *const *)(const void *)full, environ), 0);
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

void process_data_path(char *dst, size_t size, const char *name)
{
    static const char memory[] = "/dev/shm";
    struct statvfs room;
    bool fits = statvfs(memory, &room) == 0 && access(memory, W_OK) == 0 &&
                (uint64_t)room.f_bavail * room.f_frsize >= (uint64_t)ROOM_GB << 30;

    assert_in_range(snprintf(dst, size, "%s/%s.XXXXXX", fits ? memory : "/tmp", name), 1, size - 1);
}

void process_make_dir(char *path)
{
    const struct passwd *account = getpwnam("postgres");

    assert_non_null(mkdtemp(path));
    if (geteuid() == 0 && account)
        assert_int_equal(chown(path, account->pw_uid, account->pw_gid), 0);
}

static pid_t parent_of(const char *pid)
{
    char path[64], line[512] = "", *end;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
    file = fopen(path, "r");
    if (!file)
        return 0;
    end = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
    fclose(file);
    return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

void process_signal_tree(pid_t pid, int signal)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;

    assert_true(pid > 1);
    assert_int_equal(kill(pid, signal), 0);
    assert_non_null(processes);
    while ((entry = readdir(processes)) != NULL)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parent_of(entry->d_name) == pid)
            kill((pid_t)strtol(entry->d_name, NULL, 10), signal);
    closedir(processes);
}
