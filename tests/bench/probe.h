/*
 * A program in a pseudo-terminal as the bench sees it: keys in, the time and the bytes of the
 * answer out.
 */
#ifndef BENCH_PROBE_H
#define BENCH_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct probe {
    pid_t pid;
    int fd;
    int64_t started_us;
    long long bytes;  /* all output so far */
    char tail[65536]; /* the newest output, for waiting on a text */
    size_t tail_len;
};

/* Median, 95th percentile and the like over at most 4,096 samples. */
struct samples {
    double v[4096];
    size_t n;
};
void samples_add(struct samples *s, double value);
double samples_at(struct samples *s, double quantile);

bool probe_start(struct probe *p, char *const argv[], int rows, int cols);
/* Reads until `quiet_ms` passed without output, at most `limit_ms`; *last_us is when the last byte
 * came. */
void probe_drain(struct probe *p, int quiet_ms, int limit_ms, int64_t *last_us);
/* Waits until the output holds text; milliseconds since the start, -1 when it never came. */
double probe_wait(struct probe *p, const char *text, int limit_ms);
void probe_type(struct probe *p, const char *keys, size_t n);
/* One key: milliseconds to the last byte of the answer (-1: silent), and its bytes. */
double probe_key(struct probe *p, const char *key, long long *ret_bytes);
/* Peak resident memory of the process, in kB. */
long probe_peak_kb(const struct probe *p);
/* User and system time so far, in milliseconds. */
long probe_cpu_ms(const struct probe *p);
/* Types q, waits, kills what is left. */
void probe_end(struct probe *p);

#endif
