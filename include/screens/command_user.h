/*
 * One user in full, for `user`, `why` and `export --user`: both halves, read in one round trip
 * each.
 */
#ifndef SCREENS_COMMAND_USER_H
#define SCREENS_COMMAND_USER_H

#include "db/user.h"
#include "screens/command.h"

struct command_user {
    char id[37];
    bool has[DB_SIDES]; /* that side answered */
    struct db_user_brain brain;
    struct db_user_bot bot;
    struct db_user user; /* points into them */
};

/* Begins a command about the USER that is its first argument, and reads him. False: it has ended,
 * with run->exit_code. */
bool command_user_begin(struct command_run *run, const struct options *options, struct conf *conf,
                        struct command_user *ret);
/* Reads both halves; what could not be read is said, and unknown. */
void command_user_read(struct command_run *run, const char *id, struct command_user *ret);
void command_user_done(struct command_user *one);
/* Rows of a part; none where it was not read. */
const struct db_rows *command_user_brain_rows(const struct command_user *one,
                                              enum db_user_brain_part part);
const struct db_rows *command_user_bot_rows(const struct command_user *one,
                                            enum db_user_bot_part part);

/* The whole record as one line of JSON. all: every activity row and trade, page by page as they are
 * printed; else the newest. */
void command_user_print_json(struct command_run *run, const struct command_user *one, bool all,
                             struct out *out);
/* The record for people. */
void command_user_print_text(struct command_run *run, const struct command_user *one,
                             struct out *out);
/* The gates, one a line: "[NO] trading_enabled  off". */
void command_user_print_gates(const struct command_user *one, struct out *out);

#endif
