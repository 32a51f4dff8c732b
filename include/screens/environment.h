/*
 * The process: what it inherits and what it may leak. Called before the first thread.
 */
#ifndef SCREENS_ENVIRONMENT_H
#define SCREENS_ENVIRONMENT_H

#include <stdbool.h>

#include "db/side.h"
#include "zm/arena.h"
#include "zm/error.h"

/* Opens what is closed of stdin, stdout and stderr, refuses a set-uid process, switches core dumps
 * and debuggers off, makes new files private, sets the locale (numbers stay in C), removes every
 * PG* variable but PGPASSFILE and PGSERVICEFILE: they could redirect a connection behind the
 * configuration's back (design section 3). */
bool environment_prepare(struct zm_error *err);
/* ZMARTCTL_BRAIN_PASSWORD or ZMARTCTL_BOT_PASSWORD: copied to the arena, then wiped and removed
 * from the environment. NULL: not set, or empty. */
const char *environment_take_password(enum db_side side, struct zm_arena *arena);
/* The same of any variable that holds a secret. */
const char *environment_take(const char *name, struct zm_arena *arena);
/* ZMARTCTL_MANAGEMENT_TOKEN, in the same way. */
const char *environment_take_token(struct zm_arena *arena);

#endif
