/*
 * A bounded queue of lines and the thread that appends them. The thread comes with the first line:
 * most visits have none.
 */
#include "screens/log_writer.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "screens/log.h"
#include "zm/arena.h"

struct line {
    enum message_level level;
    time_t at;
    struct zm_error err;
};

struct log_writer {
    const char *path;
    pthread_mutex_t mutex;
    pthread_cond_t news;
    pthread_t thread;
    bool started, stopping, ended;
    struct line line[LOG_WRITER_LINES]; /* a ring */
    size_t first, n, dropped;
};

/* Takes the oldest line, or the news that some were dropped; false: there is none. */
static bool take(struct log_writer *w, struct line *ret)
{
    if (w->n > 0) {
        *ret = w->line[w->first];
        w->first = (w->first + 1) % LOG_WRITER_LINES;
        w->n--;
        return true;
    }
    if (w->dropped == 0)
        return false;
    memset(ret, 0, sizeof(*ret));
    ret->level = MESSAGE_WARN;
    ret->at = time(NULL);
    snprintf(ret->err.message, sizeof(ret->err.message), "%zu lines came too fast for this file",
             w->dropped);
    w->dropped = 0;
    return true;
}

static void *write_lines(void *context)
{
    struct log_writer *w = context;
    struct line *line = zm_malloc(sizeof(*line));

    pthread_mutex_lock(&w->mutex);
    for (;;) {
        if (take(w, line)) {
            pthread_mutex_unlock(&w->mutex);
            log_write_at(w->path, line->at, line->level, &line->err);
            pthread_mutex_lock(&w->mutex);
        } else if (w->stopping) {
            break;
        } else {
            pthread_cond_wait(&w->news, &w->mutex);
        }
    }
    w->ended = true;
    pthread_cond_broadcast(&w->news);
    pthread_mutex_unlock(&w->mutex);
    free(line);
    return NULL;
}

/* No signal is delivered to it. */
static bool start(struct log_writer *w)
{
    sigset_t all, before;
    bool ok;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    ok = pthread_create(&w->thread, NULL, write_lines, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

struct log_writer *log_writer_new(const char *path)
{
    struct log_writer *w = path ? zm_calloc(1, sizeof(*w)) : NULL;
    pthread_condattr_t attr;

    if (!w)
        return NULL;
    w->path = path;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->news, &attr);
    pthread_condattr_destroy(&attr);
    return w;
}

void log_writer_add(struct log_writer *w, enum message_level level, const struct zm_error *err)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->mutex);
    if (w->n < LOG_WRITER_LINES && w->dropped == 0) {
        struct line *line = &w->line[(w->first + w->n++) % LOG_WRITER_LINES];

        line->level = level;
        line->at = time(NULL);
        line->err = *err;
    } else {
        w->dropped++;
    }
    if (!w->started)
        w->started = start(w);
    pthread_cond_signal(&w->news);
    pthread_mutex_unlock(&w->mutex);
}

bool log_writer_stop(struct log_writer *w, int wait_ms)
{
    struct timespec until;
    int rc = 0;
    bool ended;

    if (!w)
        return true;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&w->mutex);
    w->stopping = true;
    pthread_cond_broadcast(&w->news);
    while (w->started && !w->ended && rc == 0)
        rc = pthread_cond_timedwait(&w->news, &w->mutex, &until);
    ended = !w->started || w->ended;
    pthread_mutex_unlock(&w->mutex);
    if (!ended)
        return false;
    if (w->started)
        pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->news);
    pthread_mutex_destroy(&w->mutex);
    free(w);
    return true;
}
