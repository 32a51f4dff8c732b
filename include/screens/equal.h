/*
 * Whether the two databases are equal, on row 2 of every screen: what the newest comparison found,
 * or, where that is old or there was none, the answer to the quick question, which is asked when
 * both sides have come up and again while somebody works. Whoever looks at nothing asks nothing.
 */
#ifndef SCREENS_EQUAL_H
#define SCREENS_EQUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/side.h"

struct app;
struct db_job;

struct equal {
    struct db_job *job; /* the question under way, owned by its lane; NULL none */
    int64_t due_ms;     /* when it is to be asked, monotonic; 0: not */
    int64_t tried_ms;   /* when it was last asked; 0: never */
    int looks;          /* of which something differed, one after the other */
    int64_t difference; /* of the sums then */
    int64_t at_s;       /* of the newest answer, since the epoch; 0: there is none */
    bool equal;         /* it */
    bool blind;         /* who looked last, here, could not: a whole comparison, or the question */
    bool too_slow;      /* it took too long once: not asked any more */
};

/* A side's status changed; somebody pressed a key: the question may be due. */
void equal_status(struct app *app);
void equal_key(struct app *app);
/* When equal_tick has something to do; ZM_NEVER. */
int64_t equal_deadline(const struct app *app);
void equal_tick(struct app *app);
/* Somebody was mended here: what is known may not be so any more. */
void equal_changed(struct app *app);
/* Not now: something better uses the lane. */
void equal_stop(struct app *app);
/* Takes its finished job; false: it is somebody else's. The caller drops it. */
bool equal_job_done(struct app *app, struct db_job *job);
/* " 14! 3h", " = 5m", " =?", " !", " ?", each with its age, or "": nothing is known. Of a whole
 * comparison "=" and a number; of the quick question "=?" (its sums are the same, and a comparison
 * says the rest) and "!" (something differs). "?": who looked last could not. */
void equal_text(const struct app *app, char *dst, size_t size);
/* Since when what equal_text says is known, since the epoch; 0: nothing is known. */
int64_t equal_at(const struct app *app);

#endif
