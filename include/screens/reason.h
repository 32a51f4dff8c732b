/*
 * What may stand as a reason in the journal, which nobody can mend later: a line of text that says
 * something.
 */
#ifndef SCREENS_REASON_H
#define SCREENS_REASON_H

#include <stdbool.h>

#include "zm/error.h"

/* Nothing, or nothing but blanks of any kind. */
bool reason_is_blank(const char *text);
/* Of a command line, where it is called that ("reason"). False: blank (the hint is the example
 * then), or no UTF-8, or with control characters, C1 and those of the direction among them. An
 * input field takes none of these. */
bool reason_check(const char *text, const char *name, const char *example, struct zm_error *err);

#endif
