/*
 * Where files are: the configuration and the local state, by the XDG base directory rules.
 */
#ifndef SCREENS_CONF_PLACE_H
#define SCREENS_CONF_PLACE_H

#include <stdbool.h>

#include "zm/arena.h"
#include "zm/error.h"

/* The configuration to read: `file` when given, else $ZMARTCTL_CONFIG, else the first that exists
 * of $XDG_CONFIG_HOME/zmartctl/zmartctl.conf (or ~/.config/...) and /etc/zmartctl/zmartctl.conf.
 * NULL, ZM_ERR_CONFIG: there is none. */
const char *conf_place_file(struct zm_arena *arena, const char *file, struct zm_error *err);
/* Where `init` writes when nothing was said: the person's own file. NULL: there is no home. */
const char *conf_place_own(struct zm_arena *arena);
/* $XDG_STATE_HOME/zmartctl/PROFILE or ~/.local/state/...; NULL: there is no home. Not created. */
const char *conf_place_state(struct zm_arena *arena, const char *profile);
/* Makes a directory and what is missing above it, 0700. False: errno says why. */
bool conf_place_make(const char *directory);

#endif
