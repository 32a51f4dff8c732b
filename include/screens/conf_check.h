/*
 * Whether a parsed file says only what the table of options knows: names, types, ranges, choices.
 */
#ifndef SCREENS_CONF_CHECK_H
#define SCREENS_CONF_CHECK_H

#include <stdbool.h>

#include "screens/conf_file.h"
#include "zm/error.h"

struct config_t; /* libconfig's */

/* Parses the text into *config (initialised here; config_destroy it in any case) and checks all of
 * it, profiles that are not in use included. */
bool conf_check(const struct conf_file *file, struct config_t *config, struct zm_error *err);

#endif
