/*
 * Runs password_command and takes its first line. Nothing of what it prints stays in memory.
 */
#include "db/password.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "zm/clock.h"
#include "zm/str.h"

extern char **environ;

#define TICK_MS 100 /* how often it is asked whether anybody still waits */

static const char what[] = "run password_command";

struct child {
    pid_t pid;
    int out, complain; /* what it prints, and what it says on stderr */
    char said[160];
    size_t n_said;
};

/* In a process group of its own, so that what it started ends with it. */
static int spawn(const char *const *argv, int out, int complain, pid_t *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    int rc;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, complain, STDERR_FILENO);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                        POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setpgroup(&attr, 0);
    rc = posix_spawnp(ret, argv[0], &files, &attr, (char *const *)(const void *)argv, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

static bool make_pipe(int fds[2])
{
    if (pipe(fds) != 0)
        return false;
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static void close_pipe(int fds[2])
{
    close(fds[0]);
    close(fds[1]);
}

static bool start(struct child *child, const char *const *argv, const char *where,
                  struct zm_error *err)
{
    int out[2], complain[2], rc;

    if (!make_pipe(out))
        return zm_error_set(err, ZM_ERR_SYSTEM, where, what, "pipe failed (errno %d)", errno);
    if (!make_pipe(complain)) {
        close_pipe(out);
        return zm_error_set(err, ZM_ERR_SYSTEM, where, what, "pipe failed (errno %d)", errno);
    }
    rc = spawn(argv, out[1], complain[1], &child->pid);
    close(out[1]);
    close(complain[1]);
    child->out = out[0];
    child->complain = complain[0];
    fcntl(child->complain, F_SETFL, O_NONBLOCK);
    if (rc == 0)
        return true;
    close(out[0]);
    close(complain[0]);
    return zm_error_set(err, ZM_ERR_AUTH, where, what, "\"%s\" cannot be started: %s", argv[0],
                        rc == ENOENT ? "no such program" : "not allowed");
}

/* Keeps bytes up to the first newline in ret; false: the line is too long. */
static bool keep_line(char ret[DB_PASSWORD_MAX + 1], size_t *n, bool *complete, const char *bytes,
                      size_t size)
{
    const char *end = memchr(bytes, '\n', size);
    size_t add = end ? (size_t)(end - bytes) : size;

    if (*complete)
        return true;
    if (*n + add > DB_PASSWORD_MAX)
        return false;
    memcpy(ret + *n, bytes, add);
    *n += add;
    ret[*n] = '\0';
    *complete = end != NULL;
    return true;
}

static void keep_complaint(struct child *child)
{
    char bytes[256];
    ssize_t n = read(child->complain, bytes, sizeof(bytes));
    size_t room = sizeof(child->said) - 1 - child->n_said;

    if (n <= 0) {
        close(child->complain);
        child->complain = -1;
        return;
    }
    memcpy(child->said + child->n_said, bytes, (size_t)n < room ? (size_t)n : room);
    child->n_said += (size_t)n < room ? (size_t)n : room;
}

static bool is_stopped(const struct db_password_stop *stop)
{
    return stop && stop->stopped && stop->stopped(stop->context);
}

/* How long to wait before one looks again. */
static int next_wait(const struct db_password_stop *stop, int64_t deadline)
{
    int wait = zm_poll_wait(deadline);

    return stop && stop->stopped && wait > TICK_MS ? TICK_MS : wait;
}

/* One chunk of its output; false: *err. *ret_n: its size, 0 at the end, -1 none yet. */
static bool read_some(struct child *child, const struct db_password_stop *stop, int64_t deadline,
                      const char *where, char bytes[512], ssize_t *ret_n, struct zm_error *err)
{
    struct pollfd fds[3] = {{.fd = child->out, .events = POLLIN},
                            {.fd = child->complain, .events = POLLIN},
                            {.fd = stop ? stop->fd : -1, .events = POLLIN}};
    int ready = poll(fds, 3, next_wait(stop, deadline));

    *ret_n = -1;
    if (fds[2].revents || is_stopped(stop))
        return zm_error_set(err, ZM_ERR_CANCELLED, where, what, "cancelled");
    if (ready <= 0 && zm_now_ms() >= deadline)
        return zm_error_set(err, ZM_ERR_AUTH, where, what, "it printed nothing within %d s",
                            DB_PASSWORD_MS / 1000);
    if (ready > 0 && fds[1].revents)
        keep_complaint(child);
    if (ready > 0 && fds[0].revents)
        *ret_n = read(child->out, bytes, 512);
    if (*ret_n < 0 && ready > 0 && fds[0].revents && errno != EINTR)
        *ret_n = 0; /* as if it had ended */
    return true;
}

/* Reads to the end of its output. */
static bool collect(struct child *child, const struct db_password_stop *stop, int64_t deadline,
                    const char *where, char ret[DB_PASSWORD_MAX + 1], struct zm_error *err)
{
    bool complete = false, fits = true, ok = true;
    char bytes[512];
    size_t n = 0;
    ssize_t got = 1;

    ret[0] = '\0';
    while (ok && got != 0 && fits) {
        ok = read_some(child, stop, deadline, where, bytes, &got, err);
        if (ok && got > 0)
            fits = keep_line(ret, &n, &complete, bytes, (size_t)got);
    }
    explicit_bzero(bytes, sizeof(bytes));
    if (!fits)
        return zm_error_set(err, ZM_ERR_AUTH, where, what, "its first line is longer than %d bytes",
                            DB_PASSWORD_MAX);
    return ok;
}

/* Its exit status; it may close its output and go on, but not beyond the deadline. */
static bool reap(struct child *child, const struct db_password_stop *stop, int64_t deadline,
                 int *ret_status)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    pid_t pid;

    while ((pid = waitpid(child->pid, ret_status, WNOHANG)) == 0 && zm_now_ms() < deadline &&
           !is_stopped(stop))
        nanosleep(&pause, NULL);
    if (pid != 0)
        return pid == child->pid;
    kill(-child->pid, SIGKILL);
    waitpid(child->pid, ret_status, 0);
    return false;
}

bool db_password_run(const char *const *argv, const struct db_password_stop *stop,
                     const char *where, char ret[DB_PASSWORD_MAX + 1], struct zm_error *err)
{
    int64_t deadline = zm_now_ms() + DB_PASSWORD_MS;
    struct child child = {.pid = -1};
    int status = 0;
    bool ok, ended;

    if (!start(&child, argv, where, err))
        return false;
    ok = collect(&child, stop, deadline, where, ret, err);
    if (ok && child.complain >= 0)
        keep_complaint(&child);
    close(child.out);
    if (child.complain >= 0)
        close(child.complain);
    ended = reap(&child, stop, ok ? deadline : 0, &status);
    if (ok && is_stopped(stop)) {
        ok = zm_error_set(err, ZM_ERR_CANCELLED, where, what, "cancelled");
    } else if (ok && (!ended || !WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
        ok = zm_error_set(err, ZM_ERR_AUTH, where, what, "it failed (%s %d)",
                          WIFEXITED(status) ? "exit code" : "signal",
                          WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
        if (err)
            zm_error_copy(err->detail, sizeof(err->detail), child.said);
    } else if (ok && !ret[0]) {
        ok = zm_error_set(err, ZM_ERR_AUTH, where, what, "it printed nothing");
    }
    if (!ok)
        explicit_bzero(ret, DB_PASSWORD_MAX + 1);
    return ok;
}
