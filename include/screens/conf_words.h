/*
 * Splits a command into words as a shell would, and expands nothing.
 */
#ifndef SCREENS_CONF_WORDS_H
#define SCREENS_CONF_WORDS_H

#include <stdbool.h>

#include "zm/arena.h"
#include "zm/error.h"

#define CONF_WORDS_MAX 64

/* NULL-terminated argv in the arena: blanks separate, '...' and "..." keep together, \ takes the
 * next character as it is. False, ZM_ERR_CONFIG: nothing to run, an open quote, or a character that
 * only a shell would understand (| & ; < > $ `) outside of quotes. */
bool conf_words_split(const char *text, struct zm_arena *arena, const char *const **ret,
                      struct zm_error *err);

#endif
