/*
 * Pseudo-terminal measurements. Nothing is emulated here: the bench counts bytes and waits for
 * quiet.
 */
#define _GNU_SOURCE
#include "probe.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void samples_add(struct samples *s, double value)
{
    if (s->n < sizeof(s->v) / sizeof(s->v[0]))
        s->v[s->n++] = value;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double samples_at(struct samples *s, double quantile)
{
    if (s->n == 0)
        return -1;
    qsort(s->v, s->n, sizeof(s->v[0]), by_value);
    return s->v[(size_t)(quantile * (double)(s->n - 1) + 0.5)];
}

bool probe_start(struct probe *p, char *const argv[], int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    memset(p, 0, sizeof(*p));
    p->started_us = now_us();
    p->pid = forkpty(&p->fd, NULL, NULL, &size);
    if (p->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("LANG", "C.UTF-8", 1);
        execvp(argv[0], argv);
        _exit(127);
    }
    return p->pid > 0;
}

static void keep(struct probe *p, const char *data, size_t n)
{
    if (n >= sizeof(p->tail)) {
        data += n - sizeof(p->tail) / 2;
        n = sizeof(p->tail) / 2;
    }
    if (p->tail_len + n > sizeof(p->tail)) {
        size_t half = sizeof(p->tail) / 2;

        if (p->tail_len > half) {
            memmove(p->tail, p->tail + p->tail_len - half, half);
            p->tail_len = half;
        }
        if (p->tail_len + n > sizeof(p->tail))
            p->tail_len = 0;
    }
    memcpy(p->tail + p->tail_len, data, n);
    p->tail_len += n;
}

static bool take(struct probe *p, int wait_ms)
{
    struct pollfd poll_fd = {.fd = p->fd, .events = POLLIN};
    char data[16384];
    ssize_t n;

    if (poll(&poll_fd, 1, wait_ms) <= 0)
        return false;
    n = read(p->fd, data, sizeof(data));
    if (n <= 0)
        return false;
    p->bytes += n;
    keep(p, data, (size_t)n);
    return true;
}

void probe_drain(struct probe *p, int quiet_ms, int limit_ms, int64_t *last_us)
{
    int64_t until = now_us() + (int64_t)limit_ms * 1000;

    while (now_us() < until && take(p, quiet_ms))
        if (last_us)
            *last_us = now_us();
}

double probe_wait(struct probe *p, const char *text, int limit_ms)
{
    int64_t until = now_us() + (int64_t)limit_ms * 1000;

    while (now_us() < until) {
        if (memmem(p->tail, p->tail_len, text, strlen(text)))
            return (double)(now_us() - p->started_us) / 1000;
        if (!take(p, 20) && kill(p->pid, 0) != 0)
            return -1;
    }
    return -1;
}

void probe_type(struct probe *p, const char *keys, size_t n)
{
    if (write(p->fd, keys, n) != (ssize_t)n)
        perror("bench: write");
}

double probe_key(struct probe *p, const char *key, long long *ret_bytes)
{
    long long before;
    int64_t sent, last = 0;

    probe_drain(p, 15, 2000, NULL);
    before = p->bytes;
    sent = now_us();
    probe_type(p, key, strlen(key));
    probe_drain(p, 15, 2000, &last);
    *ret_bytes = p->bytes - before;
    return last ? (double)(last - sent) / 1000 : -1;
}

long probe_peak_kb(const struct probe *p)
{
    char path[64], line[256];
    long kb = -1;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)p->pid);
    f = fopen(path, "r");
    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "VmHWM: %ld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb;
}

long probe_cpu_ms(const struct probe *p)
{
    char path[64], text[1024] = "";
    unsigned long user = 0, system_time = 0;
    char *after;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)p->pid);
    f = fopen(path, "r");
    if (!f)
        return -1;
    if (!fgets(text, sizeof(text), f))
        text[0] = '\0';
    fclose(f);
    after = strrchr(text, ')');
    if (!after || sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                         &system_time) != 2)
        return -1;
    return (long)((user + system_time) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
}

void probe_end(struct probe *p)
{
    int i;

    probe_type(p, "q", 1);
    for (i = 0; i < 40; i++) {
        take(p, 25);
        if (waitpid(p->pid, NULL, WNOHANG) == p->pid) {
            close(p->fd);
            return;
        }
    }
    kill(p->pid, SIGKILL);
    waitpid(p->pid, NULL, 0);
    close(p->fd);
}
