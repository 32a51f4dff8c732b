/*
 * The ring of what was said. A line that repeats is counted, so that a connection that keeps
 * failing does not push everything else out.
 */
#include "screens/messages.h"

#include <stdlib.h>
#include <time.h>

#include "zm/arena.h"
#include "zm/clock.h"
#include "zm/str.h"

static struct message *at(const struct messages *m, size_t i)
{
    return &m->ring[(m->first + m->n - 1 - i) % MESSAGES_MAX];
}

static bool is_same(const struct message *message, enum message_level level,
                    const struct zm_error *err)
{
    return message->level == level && message->err.kind == err->kind &&
           zm_streq(message->err.where, err->where) && zm_streq(message->err.what, err->what) &&
           zm_streq(message->err.message, err->message);
}

static void stamp(struct message *message)
{
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(message->time, sizeof(message->time), "%Y-%m-%dT%H:%M:%SZ", &tm);
    message->at_ms = zm_now_ms();
}

void messages_add(struct messages *m, enum message_level level, const struct zm_error *err)
{
    struct message *message;

    if (!m->ring)
        m->ring = zm_calloc(MESSAGES_MAX, sizeof(*m->ring));
    if (level != MESSAGE_INFO)
        m->unread++;
    if (m->n > 0 && is_same(at(m, 0), level, err)) {
        at(m, 0)->repeats++;
        stamp(at(m, 0));
        return;
    }
    if (m->n == MESSAGES_MAX)
        m->first = (m->first + 1) % MESSAGES_MAX;
    else
        m->n++;
    message = at(m, 0);
    message->level = level;
    message->repeats = 0;
    message->serial = ++m->added;
    message->err = *err;
    stamp(message);
}

const struct message *messages_get(const struct messages *m, size_t i)
{
    return i < m->n ? at(m, i) : NULL;
}

void messages_done(struct messages *m)
{
    free(m->ring);
    memset(m, 0, sizeof(*m));
}
