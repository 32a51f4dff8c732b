/*
 * What the help, the man page and the completion share.
 */
#ifndef SCREENS_HELP_FILES_H
#define SCREENS_HELP_FILES_H

#include <stddef.h>

#include "screens/options.h"

/* "-c, --config FILE" */
void help_option_label(const struct option_row *row, char *dst, size_t size);
/* Code and meaning; ends with NULL. */
extern const char *const help_exit_codes[][2];

#endif
