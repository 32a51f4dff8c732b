/*
 * The subcommands. Each returns its exit code; the table of them is in commands.c.
 */
#ifndef SCREENS_COMMANDS_H
#define SCREENS_COMMANDS_H

#include "screens/conf.h"
#include "screens/options.h"

int cmd_users(const struct options *options, struct conf *conf);
int cmd_user(const struct options *options, struct conf *conf);
int cmd_why(const struct options *options, struct conf *conf);
int cmd_tier(const struct options *options, struct conf *conf);
int cmd_trading(const struct options *options, struct conf *conf);
int cmd_api(const struct options *options, struct conf *conf);
int cmd_drift(const struct options *options, struct conf *conf);
int cmd_repair(const struct options *options, struct conf *conf);
int cmd_check(const struct options *options, struct conf *conf);
int cmd_health(const struct options *options, struct conf *conf);
int cmd_audit(const struct options *options, struct conf *conf);
int cmd_export(const struct options *options, struct conf *conf);
/* Needs no configuration: conf is NULL. */
int cmd_init(const struct options *options, struct conf *conf);

#endif
