/*
 * What every subcommand does: open both databases, say what is wrong with them, keep the exit code.
 */
#ifndef SCREENS_COMMAND_H
#define SCREENS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "db/session.h"
#include "db/user.h"
#include "screens/conf.h"
#include "screens/options.h"
#include "screens/print.h"

#define COMMAND_SAID 16

struct command_run {
    const struct options *options;
    struct conf *conf;
    bool ascii;
    bool silent; /* nothing is printed or logged: what is wrong is in `said` */
    struct db_session session;
    int exit_code;                      /* 0 as long as nothing failed; the first failure stays */
    struct zm_error said[COMMAND_SAID]; /* what was said already */
    size_t n_said;
};

/* Opens both databases. False: neither may be used, everything was said and exit_code is set. One
 * that is away is said, and makes the exit code 3. */
bool command_begin(struct command_run *run, const struct options *options, struct conf *conf);
/* Closes, ends the output (NULL: none) and returns the exit code. */
int command_end(struct command_run *run, struct out *out);

/* The link of a side, NULL while it is away. */
struct db_link *command_link(const struct command_run *run, enum db_side side);
/* Says an error, once, and keeps its exit code. A shape that lacks something is no failure
 * (design section 4). Returns false. */
bool command_fail(struct command_run *run, const struct zm_error *err);
/* Says a remark, also in the log. */
__attribute__((format(printf, 2, 3))) void command_note(const struct command_run *run,
                                                        const char *format, ...);
/* Says the errors of asks that were not answered. */
void command_check_asks(struct command_run *run, const struct db_ask *asks, size_t n);

/* Who is meant by USER. False: nobody, several, or it could not be found out; all was said. */
bool command_resolve(struct command_run *run, const char *who, char ret[37]);

#endif
