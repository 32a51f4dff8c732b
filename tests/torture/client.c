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

void client_start(struct client *c, const struct torture *t, const char *command, const char *user,
                  const char *word)
{
    const char *const argv[] = {t->program, "-c",        t->conf, command,  user, word,
                                "--reason", "a torture", "--yes", "--json", NULL};

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
    execv(t->program, (char *const *)(const void *)argv);
    _exit(127);
}

static void take_text(const json_t *object, const char *name, char *dst, size_t size)
{
    zm_copy(dst, size, json_string_value(json_object_get(object, name)));
}

/* The last line that is an object with a result. */
static void read_claim(struct client *c)
{
    char line[8192];
    FILE *file = fopen(c->out, "r");

    while (file && fgets(line, sizeof(line), file)) {
        json_t *object = json_loads(line, 0, NULL);

        if (json_object_get(object, "result")) {
            take_text(object, "result", c->result, sizeof(c->result));
            take_text(object, "request", c->request, sizeof(c->request));
            take_text(object, "message", c->message, sizeof(c->message));
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
        read_claim(c);
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
