/*
 * The guard: whether this console may write now. A profile is open, starts locked (unlock: `:rw 30m
 * REASON` opens it for a while, `:ro` and an idle keyboard lock it again) or is read_only for good,
 * as --read-only makes it. The real guard is the role and its grants; this one is against one's own
 * fingers.
 */
#ifndef SCREENS_GUARD_H
#define SCREENS_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "screens/conf.h"
#include "zm/error.h"

struct app;

struct guard {
    enum conf_guard level; /* of the profile; CONF_GUARD_READ_ONLY with --read-only */
    bool unlocked;
    int64_t until_ms; /* monotonic: when it locks by itself */
    int64_t key_ms;   /* the last key */
    char reason[160]; /* why it was unlocked; kept for the log */
};

enum guard_for {
    GUARD_WRITE, /* anything */
    GUARD_STOP,  /* takes trading away: passes the soft lock, not read_only */
};

/* Takes the level from options and configuration. */
void guard_start(struct app *app);
/* Whether a write may be asked for, or done, now; where not, says why in one message. */
bool guard_allows(struct app *app, enum guard_for what);
/* No write will ever be allowed in this session: its keys are not offered. */
bool guard_is_final(const struct app *app);
/* `:rw 30m REASON`: at most 8h; m, h, or both as 1h30m. False: nothing was unlocked. */
bool guard_unlock(struct app *app, const char *args, struct zm_error *err);
void guard_lock(struct app *app, const char *why);
/* Whether writes need no unlocking now. */
bool guard_is_open(const struct app *app);
/* "READ-ONLY", "RW", "RW 29m left"; in the frame's arena. */
const char *guard_text(struct app *app);
/* When that reads differently, ZM_NEVER for never. */
int64_t guard_text_deadline(const struct app *app);
/* A key came from the person. */
void guard_key(struct app *app);
/* When guard_tick has something to do, ZM_NEVER for never; it locks what has run out. */
int64_t guard_deadline(const struct app *app);
void guard_tick(struct app *app);
/* "30m", "8h", "1h30m" -> minutes; 0: not a span between a minute and 8 hours. */
int guard_minutes(const char *text);

#endif
