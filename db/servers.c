/*
 * initdb, pg_ctl, and the guardian that cleans up behind them. Knows nothing of what the databases
 * hold.
 */
#include "db/servers.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/servers_end.h"
#include "zm/str.h"

extern char **environ;

#define MAX_ARGS 24

static bool fail(struct zm_error *err, const char *what, const char *detail)
{
    return zm_error_set(err, ZM_ERR_SYSTEM, "", what, "%s", detail);
}

const char *db_servers_socket(const struct db_servers *servers, enum db_side side, char dst[96])
{
    snprintf(dst, 96, "%s/sock-%s", servers->dir, db_side_key(side));
    return dst;
}

/* The newest server installed: Debian keeps each in a folder of its own, elsewhere they are in
 * PATH. */
static bool find_bin(char *dst, size_t size, struct zm_error *err)
{
    glob_t found;
    bool ok = false;

    if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) == 0) {
        const char *path = found.gl_pathv[found.gl_pathc - 1];

        ok = zm_copy(dst, size, path);
        if (ok)
            *strrchr(dst, '/') = '\0';
        globfree(&found);
    }
    if (!ok && access("/usr/local/pgsql/bin/initdb", X_OK) == 0)
        ok = zm_copy(dst, size, "/usr/local/pgsql/bin");
    if (!ok && access("/usr/bin/initdb", X_OK) == 0)
        ok = zm_copy(dst, size, "/usr/bin");
    if (ok)
        return true;
    fail(err, "start the demo", "no PostgreSQL server is installed (initdb was not found)");
    return zm_error_hint(err, "install a package such as postgresql");
}

/* PostgreSQL refuses to run as root. */
static bool find_account(struct db_servers *servers, struct zm_error *err)
{
    const struct passwd *account;

    servers->uid = geteuid();
    servers->gid = getegid();
    if (servers->uid != 0)
        return true;
    account = getpwnam("postgres");
    if (!account)
        return fail(err, "start the demo",
                    "there is no account 'postgres' to run the servers under");
    servers->uid = account->pw_uid;
    servers->gid = account->pw_gid;
    return true;
}

/* Starts argv under the account of the servers, output to DIR/setup.NAME.log, signals as at the
 * shell. */
static pid_t spawn(const struct db_servers *servers, const char *log, const char *const *argv)
{
    const char *full[MAX_ARGS + 8];
    char user[32], group[32], path[128];
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none;
    size_t n = 0, i;
    pid_t pid = -1;

    snprintf(user, sizeof(user), "--reuid=%u", (unsigned)servers->uid);
    snprintf(group, sizeof(group), "--regid=%u", (unsigned)servers->gid);
    if (geteuid() == 0) {
        full[n++] = "setpriv";
        full[n++] = user;
        full[n++] = group;
        full[n++] = "--clear-groups";
    }
    for (i = 0; i < MAX_ARGS && argv[i]; i++)
        full[n++] = argv[i];
    full[n] = NULL;
    snprintf(path, sizeof(path), "%s/setup.%s.log", servers->dir, log);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawnattr_init(&attr);
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    if (posix_spawnp(&pid, full[0], &files, &attr, (char *const *)(const void *)full, environ) != 0)
        pid = -1;
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

static bool succeeded(pid_t pid)
{
    int status;

    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static pid_t start_initdb(const struct db_servers *servers, enum db_side side)
{
    char program[160], data[96];
    const char *const argv[] = {program,
                                "-D",
                                data,
                                "-U",
                                "supabase_admin",
                                "--no-sync",
                                "-E",
                                "UTF8",
                                "--locale=C.UTF-8",
                                "--auth=trust",
                                NULL};

    snprintf(program, sizeof(program), "%s/initdb", servers->bin);
    snprintf(data, sizeof(data), "%s/%s", servers->dir, db_side_key(side));
    return spawn(servers, db_side_key(side), argv);
}

static pid_t start_server(const struct db_servers *servers, enum db_side side)
{
    char program[160], data[96], options[640], log[128], sock[96];
    const char *const argv[] = {program, "start", "-w", "-t", "60",    "-D",
                                data,    "-l",    log,  "-o", options, NULL};

    snprintf(program, sizeof(program), "%s/pg_ctl", servers->bin);
    snprintf(data, sizeof(data), "%s/%s", servers->dir, db_side_key(side));
    snprintf(log, sizeof(log), "%s/%s.log", servers->dir, db_side_key(side));
    snprintf(
        options, sizeof(options),
        "-F -p %s -c listen_addresses='' -c unix_socket_directories='%s' "
        "-c unix_socket_permissions=0700 -c shared_buffers=128MB -c max_connections=60 "
        "-c max_prepared_transactions=0 -c timezone=UTC -c log_timezone=UTC "
        "-c statement_timeout=2min -c max_wal_size=4GB -c wal_level=minimal -c max_wal_senders=0 "
        "-c synchronous_commit=on",
        DB_SERVERS_PORT, db_servers_socket(servers, side, sock));
    return spawn(servers, db_side_key(side), argv);
}

static bool both(const struct db_servers *servers, const char *what,
                 pid_t (*start)(const struct db_servers *, enum db_side), struct zm_error *err)
{
    pid_t pid[DB_SIDES];
    int side;
    bool ok = true;

    for (side = 0; side < DB_SIDES; side++)
        pid[side] = start(servers, (enum db_side)side);
    for (side = 0; side < DB_SIDES; side++)
        ok = succeeded(pid[side]) && ok;
    if (ok)
        return true;
    fail(err, "start the demo", what);
    return zm_error_hint(err, "see the logs in %s", servers->dir);
}

static bool make_dir(const struct db_servers *servers, const char *path, struct zm_error *err)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return zm_error_set(err, ZM_ERR_SYSTEM, "", "start the demo", "cannot make %s: %s", path,
                            strerror(errno));
    if (chmod(path, 0700) != 0 || (geteuid() == 0 && chown(path, servers->uid, servers->gid) != 0))
        return zm_error_set(err, ZM_ERR_SYSTEM, "", "start the demo", "cannot own %s: %s", path,
                            strerror(errno));
    return true;
}

/* A socket's path must fit into 107 bytes: the directory stays short. */
static bool choose_dir(struct db_servers *servers, const char *dir, struct zm_error *err)
{
    const char *tmp = getenv("TMPDIR");
    char path[96];
    int side;

    if (dir) {
        char *full = mkdir(dir, 0700) == 0 ? realpath(dir, NULL) : NULL;
        bool fits = full && zm_copy(servers->dir, sizeof(servers->dir), full);

        if (!full)
            return zm_error_set(err, ZM_ERR_USAGE, "", "start the demo",
                                "cannot make the directory %s: %s", dir, strerror(errno));
        if (!fits)
            rmdir(full);
        free(full);
        if (!fits)
            return zm_error_set(
                err, ZM_ERR_USAGE, "", "start the demo",
                "the path of %s is longer than 63 bytes, a socket needs a shorter one", dir);
    } else {
        snprintf(servers->dir, sizeof(servers->dir), "%s/zmartctl.XXXXXX",
                 tmp && tmp[0] == '/' && strlen(tmp) < 40 ? tmp : "/tmp");
        if (!mkdtemp(servers->dir))
            return zm_error_set(err, ZM_ERR_SYSTEM, "", "start the demo", "cannot make %s: %s",
                                servers->dir, strerror(errno));
    }
    if (!make_dir(servers, servers->dir, err))
        return false;
    for (side = 0; side < DB_SIDES; side++)
        if (!make_dir(servers, db_servers_socket(servers, (enum db_side)side, path), err))
            return false;
    return true;
}

/* The guardian: a process of its own session that outlives its owner just long enough to clean up.
 */
static bool start_guardian(struct db_servers *servers, struct zm_error *err)
{
    int ends[2];

    if (pipe(ends) != 0)
        return fail(err, "start the demo", strerror(errno));
    fflush(NULL);
    servers->guardian = fork();
    if (servers->guardian < 0)
        return fail(err, "start the demo", strerror(errno));
    if (servers->guardian == 0) {
        close(ends[1]);
        db_servers_guard(servers->dir, ends[0]);
        _exit(0);
    }
    close(ends[0]);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    servers->guardian_fd = ends[1];
    return true;
}

bool db_servers_start(struct db_servers *servers, const char *dir, struct zm_error *err)
{
    memset(servers, 0, sizeof(*servers));
    servers->guardian_fd = -1;
    if (!find_bin(servers->bin, sizeof(servers->bin), err) || !find_account(servers, err) ||
        !choose_dir(servers, dir, err))
        return false;
    if (!dir && !start_guardian(servers, err)) {
        db_servers_remove(servers->dir);
        return false;
    }
    if (both(servers, "initdb failed", start_initdb, err) &&
        both(servers, "a server did not start", start_server, err))
        return true;
    if (dir)
        servers->keep = true; /* its logs say why */
    db_servers_stop(servers);
    return false;
}

void db_servers_stop(struct db_servers *servers)
{
    int side;

    if (!servers->dir[0])
        return;
    for (side = 0; side < DB_SIDES; side++)
        db_servers_end(servers->dir, (enum db_side)side);
    if (!servers->keep)
        db_servers_remove(servers->dir);
    if (servers->guardian > 0) {
        if (servers->keep)
            kill(servers->guardian, SIGKILL);
        close(servers->guardian_fd);
        waitpid(servers->guardian, NULL, 0);
    }
    servers->guardian = 0;
    servers->dir[0] = '\0';
}

bool db_servers_halt(const struct db_servers *servers, enum db_side side, struct zm_error *err)
{
    if (db_servers_end(servers->dir, side))
        return true;
    return zm_error_set(err, ZM_ERR_SYSTEM, db_side_name(side), "stop the server",
                        "it does not run");
}

bool db_servers_resume(const struct db_servers *servers, enum db_side side, struct zm_error *err)
{
    if (succeeded(start_server(servers, side)))
        return true;
    return zm_error_set(err, ZM_ERR_SYSTEM, db_side_name(side), "start the server",
                        "pg_ctl failed, see %s", servers->dir);
}
