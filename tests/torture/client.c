/*
 * The program as a process: started, killed, waited for, and what it printed.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "torture.h"
#include "zm/clock.h"
#include "zm/str.h"

/* The users as lines of a file. */
static void write_users(const char *path, const char (*users)[40], int n)
{
    FILE *file = fopen(path, "w");
    int i;

    assert_non_null(file);
    for (i = 0; i < n; i++)
        fprintf(file, "%s\n", users[i]);
    assert_int_equal(fclose(file), 0);
}

void client_start(struct client *c, const struct torture *t,
                  const struct torture_operation *operation, const char (*users)[40],
                  const char *word)
{
    const char *argv[16] = {t->program, "-c",        t->conf, operation->command,
                            "--reason", "a torture", "--yes", "--json",
                            word};
    struct torture_console_args console;
    char names[96];

    torture_console_args(t, operation, users[0], &console);
    snprintf(names, sizeof(names), "%s/users", t->directory);
    if (operation->users > 1) {
        write_users(names, users, operation->users);
        argv[9] = "--file";
        argv[10] = names;
    } else {
        argv[8] = users[0];
        argv[9] = word;
    }
    memset(c, 0, sizeof(*c));
    snprintf(c->out, sizeof(c->out), "%s/out", t->directory);
    snprintf(c->err, sizeof(c->err), "%s/err", t->directory);
    c->started_ms = zm_now_ms();
    fflush(NULL);
    c->pid = fork();
    assert_true(c->pid >= 0);
    if (c->pid > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("HOME", t->directory, 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    if (!freopen("/dev/null", "r", stdin) || !freopen(c->out, "w", stdout) ||
        !freopen(c->err, "w", stderr))
        _exit(126);
    if (operation->console)
        execv("/proc/self/exe", (char *const *)(const void *)console.argv);
    execv(t->program, (char *const *)(const void *)argv);
    _exit(127);
}

static void take_text(const json_t *object, const char *name, char *dst, size_t size)
{
    zm_copy(dst, size, json_string_value(json_object_get(object, name)));
}

/* The lines that are objects with a result. */
static void read_claims(struct client *c)
{
    char line[8192];
    FILE *file = fopen(c->out, "r");

    while (file && fgets(line, sizeof(line), file)) {
        json_t *object = json_loads(line, 0, NULL);

        if (json_object_get(object, "result")) {
            struct client_claim *claim = &c->claims[c->n_claims];

            assert_true(c->n_claims++ < TORTURE_USERS);
            take_text(object, "user_id", claim->user, sizeof(claim->user));
            take_text(object, "result", claim->result, sizeof(claim->result));
            claim->changed = json_is_true(json_object_get(object, "changed"));
            take_text(object, "request", claim->request, sizeof(claim->request));
            take_text(object, "message", claim->message, sizeof(claim->message));
        }
        json_decref(object);
    }
    if (file)
        fclose(file);
}

static void note_end(struct client *c, int status)
{
    c->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    c->ended_ms = zm_now_ms();
    c->pid = 0;
    if (!c->killed)
        read_claims(c);
}

struct client_claim client_claim_of(const struct client *c, const char *user)
{
    size_t i;

    for (i = 0; i < c->n_claims; i++)
        if (zm_streq(c->claims[i].user, user))
            return c->claims[i];
    return (struct client_claim){.result = ""};
}

bool client_wait(struct client *c, int timeout_ms)
{
    int64_t deadline = zm_now_ms() + timeout_ms;
    int status;

    while (c->pid > 0) {
        pid_t ended = waitpid(c->pid, &status, WNOHANG);

        if (ended == c->pid)
            note_end(c, status);
        else if (ended < 0 && errno != EINTR)
            fail_msg("the program is not our child");
        else if (zm_now_ms() >= deadline)
            return false;
        else
            poll(NULL, 0, 5);
    }
    return true;
}

/* Nanoseconds for which its first thread, the one that writes, ran or waited for a processor. */
static int64_t busy_ns(pid_t pid)
{
    long long ran = 0, delayed = 0;
    char path[48];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
    file = fopen(path, "r");
    if (!file || fscanf(file, "%lld %lld", &ran, &delayed) != 2)
        ran = delayed = 0;
    if (file)
        fclose(file);
    return ran + delayed;
}

int client_wait_idle(struct client *c, int timeout_ms)
{
    int64_t began = zm_now_us(), before = busy_ns(c->pid), busy = 0, now, idle = 0;

    while (idle <= timeout_ms && !client_wait(c, 0)) {
        now = busy_ns(c->pid);
        busy = now > before ? now - before : busy; /* of one that has just ended: 0 */
        idle = (zm_now_us() - began - busy / 1000) / 1000;
        poll(NULL, 0, 2);
    }
    return (int)idle;
}

void client_kill(struct client *c)
{
    int status;

    if (c->pid <= 0)
        return;
    c->killed = true;
    kill(c->pid, SIGKILL);
    if (waitpid(c->pid, &status, 0) == c->pid)
        note_end(c, status);
}

/* Whether a signal waits for the process: /proc says so as a mask. */
static bool is_pending(pid_t pid, int sig)
{
    char path[48], line[128];
    unsigned long long mask = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, "ShdPnd:", 7) == 0)
            mask = strtoull(line + 7, NULL, 16);
    if (file)
        fclose(file);
    return mask & (1ULL << (sig - 1));
}

void client_signal(struct client *c, int sig)
{
    int64_t deadline = zm_now_ms() + 5000;

    if (c->pid <= 0)
        return;
    kill(c->pid, sig);
    while (is_pending(c->pid, sig)) {
        if (zm_now_ms() > deadline)
            fail_msg("the program does not take signal %d", sig);
        poll(NULL, 0, 1);
    }
}
