/*
 * What may be asked of a proxy while it runs: all of it is a change under the mutex, which the loop
 * looks at in its next turn.
 */
#include "proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "proxy_state.h"
#include "zm/clock.h"
#include "zm/str.h"

void proxy_delay(struct proxy *p, int round_trip_ms)
{
    proxy_begin(p);
    p->round_trip_ms = round_trip_ms;
    proxy_end(p);
}

void proxy_rate(struct proxy *p, long bytes_per_second)
{
    proxy_begin(p);
    p->rate = bytes_per_second;
    proxy_end(p);
}

void proxy_blackhole(struct proxy *p, bool on)
{
    proxy_begin(p);
    p->blackhole = on;
    proxy_end(p);
}

void proxy_refuse(struct proxy *p, bool on)
{
    proxy_begin(p);
    p->refuse = on;
    proxy_end(p);
}

void proxy_reset(struct proxy *p)
{
    proxy_begin(p);
    p->reset = true;
    proxy_end(p);
}

void proxy_cut_after(struct proxy *p, enum proxy_direction direction, long n)
{
    proxy_begin(p);
    p->cut_after[direction] = n;
    proxy_end(p);
}

void proxy_half_close(struct proxy *p, enum proxy_direction direction)
{
    proxy_begin(p);
    p->half_close[direction] = true;
    proxy_end(p);
}

/* What was held is due at once. */
static void let_go(struct proxy *p)
{
    struct proxy_piece *piece;
    int i, k;

    for (i = 0; i < PROXY_MAX_CONNECTIONS; i++) {
        memset(&p->pipes[i].tail, 0, sizeof(p->pipes[i].tail));
        for (k = 0; k < 2; k++) {
            p->pipes[i].flow[k].held = false;
            for (piece = p->pipes[i].flow[k].first; piece; piece = piece->next) {
                piece->holds_answer = false;
                if (piece->due_us == ZM_NEVER)
                    piece->due_us = 0;
            }
        }
    }
    memset(&p->hold, 0, sizeof(p->hold));
}

void proxy_hold_since(struct proxy *p, const char *since, const char *text, int nth,
                      enum proxy_hold_side when)
{
    assert_in_range(strlen(text), 1, PROXY_HOLD_TEXT - 1);
    assert_in_range(strlen(since), 0, PROXY_HOLD_TEXT - 1);
    proxy_begin(p);
    let_go(p);
    zm_copy(p->hold.since, sizeof(p->hold.since), since);
    zm_copy(p->hold.text, sizeof(p->hold.text), text);
    p->hold.nth = nth;
    p->hold.when = when;
    proxy_end(p);
}

void proxy_hold_at(struct proxy *p, const char *text, int nth, enum proxy_hold_side when)
{
    proxy_hold_since(p, "", text, nth, when);
}

bool proxy_wait_held(struct proxy *p, int timeout_ms)
{
    struct timespec until;
    bool reached;
    int rc = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += timeout_ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&p->mutex);
    while (!p->hold.reached && rc == 0)
        rc = pthread_cond_timedwait(&p->held, &p->mutex, &until);
    reached = p->hold.reached;
    pthread_mutex_unlock(&p->mutex);
    return reached;
}

void proxy_release(struct proxy *p)
{
    proxy_begin(p);
    let_go(p);
    proxy_end(p);
}

int proxy_connections(struct proxy *p)
{
    int i, n = 0;

    pthread_mutex_lock(&p->mutex);
    for (i = 0; i < PROXY_MAX_CONNECTIONS; i++)
        n += p->pipes[i].used;
    pthread_mutex_unlock(&p->mutex);
    return n;
}

long long proxy_bytes(struct proxy *p, enum proxy_direction direction)
{
    long long bytes;

    pthread_mutex_lock(&p->mutex);
    bytes = p->bytes[direction];
    pthread_mutex_unlock(&p->mutex);
    return bytes;
}
