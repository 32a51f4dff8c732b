/*
 * Every notice and error that was shown, newest last, in a ring of 500; the Messages screen reads
 * it.
 */
#ifndef SCREENS_MESSAGES_H
#define SCREENS_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

#include "zm/error.h"

enum message_level { MESSAGE_INFO, MESSAGE_WARN, MESSAGE_ERROR };

struct message {
    enum message_level level;
    char time[24];       /* UTC, "2026-11-22T09:14:02Z" */
    int64_t at_ms;       /* monotonic */
    uint64_t serial;     /* grows with every message, from 1: what a cursor is bound to */
    unsigned repeats;    /* the same again is counted, not listed */
    struct zm_error err; /* a notice has only message */
};

#define MESSAGES_MAX 500
struct messages {
    struct message *ring; /* owned */
    size_t n, first;
    uint64_t added;         /* the serial of the newest */
    unsigned unread;        /* warnings and errors since the screen was open */
    int64_t shown_until_ms; /* the message line shows the newest until then; errors until a key */
};

void messages_add(struct messages *m, enum message_level level, const struct zm_error *err);
/* The i-th, 0 the newest; NULL past the end. */
const struct message *messages_get(const struct messages *m, size_t i);
void messages_done(struct messages *m);

#endif
