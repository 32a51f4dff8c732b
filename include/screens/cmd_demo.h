/*
 * zmartctl demo: two private servers with sample data, and the console on them.
 */
#ifndef SCREENS_CMD_DEMO_H
#define SCREENS_CMD_DEMO_H

#include "screens/options.h"

/* Runs it whole: servers, data, console, end of the servers; or --detach, --stop. conf is not used:
 * the demo has a configuration of its own. Returns the exit code. */
int cmd_demo(const struct options *options, struct conf *conf);

#endif
