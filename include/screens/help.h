/*
 * What the tables of commands, options and configuration say to people: --help, the man page and
 * the completion of bash.
 */
#ifndef SCREENS_HELP_H
#define SCREENS_HELP_H

#include <stdio.h>

#include "screens/options.h"

#ifndef ZM_VERSION
#define ZM_VERSION "0.1.0"
#endif

/* The help of one command, or of all when NULL. */
void help_print(FILE *to, const struct command *command);
/* zmartctl.1 in roff. */
void help_print_man(FILE *to);
void help_print_completion(FILE *to);
/* `zmartctl help [COMMAND]`. */
int help_run(const struct options *options, struct conf *conf);

#endif
