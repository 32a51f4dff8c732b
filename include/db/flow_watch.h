/*
 * Watches a sign-up on its way: auth.users, the profile in ZmartyBrain, the trading profile in
 * ZmartBot, with the time of each.
 */
#ifndef DB_FLOW_WATCH_H
#define DB_FLOW_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "db/checklist.h"
#include "zm/error.h"

/* The rows of its statements. */
struct db_flow_moment {
    const char *at;
};
struct db_flow_login {
    const char *id, *email;
    int64_t age_ms;
    const char *at;
};
struct db_flow_row {
    int64_t n, says_ms;
};
extern const struct db_shape db_shape_flow_moment, db_shape_flow_login, db_shape_flow_row;

struct db_flow_wanted {
    const char *since;   /* the server's time; whoever signed up before is not meant */
    const char *email;   /* this one; NULL: anyone */
    const char *pattern; /* anyone whose e-mail is like that (of LIKE); NULL: whoever */
    int login_ms;        /* how long a sign-up is waited for */
    int hop_ms;          /* and each hop after it */
};
struct db_flow_seen {
    char id[37], email[321], at[40]; /* "" nobody signed up */
    bool profile, trader;            /* it came */
    int64_t profile_ms, trader_ms;   /* after the sign-up */
    bool stopped;                    /* list->stopped ended it */
};

/* ZmartyBrain's clock. */
bool db_flow_now(struct db_checklist *list, char ret[40], struct zm_error *err);
/* Watches until the trading profile is there, the time is up or list->stopped says so; what comes
 * is said through list->say. A connection that broke is opened again. False: a database could not
 * be read, or a link was cancelled; *ret is what was seen until then. */
bool db_flow_watch(struct db_checklist *list, const struct db_flow_wanted *wanted,
                   struct db_flow_seen *ret, struct zm_error *err);
/* "auth.users -> profile 0.4 s -> trading profile 2.1 s", or which hop did not come; in the list's
 * arena. */
const char *db_flow_words(struct db_checklist *list, const struct db_flow_seen *seen);
/* Waits; false: list->stopped said so. */
bool db_flow_pause(struct db_checklist *list, int64_t ms);

#endif
