/*
 * Time. Durations and deadlines are int64_t milliseconds of the monotonic clock; a deadline of
 * ZM_NEVER does not pass.
 */
#ifndef ZM_CLOCK_H
#define ZM_CLOCK_H

#include <stdint.h>
#include <time.h>

#define ZM_NEVER INT64_MAX

static inline int64_t zm_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline int64_t zm_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The wait for poll(2): -1 for never, 0 when it has passed, else milliseconds. */
static inline int zm_poll_wait(int64_t deadline_ms)
{
    int64_t left;

    if (deadline_ms == ZM_NEVER)
        return -1;
    left = deadline_ms - zm_now_ms();
    return left < 0 ? 0 : left > 86400000 ? 86400000 : (int)left;
}

#endif
