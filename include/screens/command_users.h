/*
 * All users, or those that a filter finds, as a stream: `users` and `export users`.
 */
#ifndef SCREENS_COMMAND_USERS_H
#define SCREENS_COMMAND_USERS_H

#include "db/filter.h"
#include "db/idset.h"
#include "db/users.h"
#include "screens/command.h"

struct command_users {
    struct command_run *run;
    struct db_filter filter;
    struct db_idset *set; /* these users, in the order of their ids; NULL: by the filter */
    long limit;           /* 0: none */
    /* Takes a record; valid during the call. False: enough. */
    bool (*take)(struct command_users *users, const struct db_user *user);
    void (*pulse)(struct command_users *users); /* between two steps */
    void *context;                              /* of take */
    /* the stream's own */
    long taken;
    bool stopped, cut;
    char (*first)[37]; /* ids of the indexed hits, which the walk finds again */
    size_t n_first;
};

/* Reads page by page: with an empty filter in the order of the list, then what no index serves;
 * with words the exact and prefix hits, then the walk through all, without repeats. A side that is
 * away leaves its fields unknown. Errors go to the run. */
void command_users_stream(struct command_users *users);

#endif
