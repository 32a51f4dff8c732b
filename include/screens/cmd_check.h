/*
 * What the parts of `zmartctl check` share.
 */
#ifndef SCREENS_CMD_CHECK_H
#define SCREENS_CMD_CHECK_H

#include <stdint.h>

#include "db/checklist.h"
#include "screens/command_write.h"

struct cmd_check {
    struct command_write w; /* run, operator, format, output */
    struct db_checklist list;
    char said[200]; /* the last line of progress, and when it was said */
    int64_t said_ms;
};

/* Says what could not be looked at. */
void cmd_check_complain(struct cmd_check *c, const struct db_check_result *result);

/* cmd_check_run.c: `run KEY` and what people say (sign, unsign, waive); the exit code. */
int cmd_check_run(struct cmd_check *c, const char *key);
int cmd_check_say(struct cmd_check *c, const char *verb, const char *key);
/* Before anything is opened: whether these words and options make sense. */
bool cmd_check_may_write(const struct cmd_check *c, const char *verb, struct zm_error *err);

/* cmd_check_clean.c: lists the test users that are left behind, asks, removes them; the exit code.
 */
int cmd_check_clean(struct cmd_check *c);
/* Says on stderr that there are some, and how to remove them. */
void cmd_check_mention_leftovers(struct cmd_check *c);

#endif
