/*
 * Writes: one user's change in both databases, which no transaction spans. Brain is written first
 * (truth and journal in one transaction), then Bot; a lost answer is resolved by data that the same
 * transaction wrote. Either both are changed, or neither, or the result says which is not; it never
 * says more than is known.
 *
 * A write has three parts: the edit (what the person wants, and what he saw), the decision (what
 * that means for the rows as they are now; pure, db/decide.h) and the protocol (db_write).
 */
#ifndef DB_WRITE_H
#define DB_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/gates.h"
#include "db/items.h"
#include "db/session.h"
#include "zm/arena.h"
#include "zm/error.h"

struct db_both;

enum db_action {
    DB_ACTION_TIER,    /* zmartctl.tier_change */
    DB_ACTION_TRADING, /* .trading_toggle */
    DB_ACTION_API,     /* .api_toggle */
    DB_ACTION_PROFILE, /* .profile_edit: name, country, completed; and rights beside them */
    DB_ACTION_STOP,    /* .stop_all: trading off; with stop_rest strategies and keys too */
    DB_ACTION_REPAIR,  /* .repair: Bot takes what Brain says */
    DB_ACTION_UNDO,    /* .undo */
    DB_ACTIONS,
};
/* "zmartctl.tier_change" */
const char *db_action_name(enum db_action action);
/* For people: "change tier", "stop trading". */
const char *db_action_title(enum db_action action);

struct db_edit {
    char user_id[37]; /* lower case */
    enum db_action action;
    struct db_values
        want; /* the known ones are to be set; of flags the text is "true" or "false" */
    struct db_values seen; /* the known ones must still hold, or the result is stale */
    bool keep_rights;      /* a tier change leaves rights that the tier does not give */
    bool create_trader;    /* a missing trading profile is created, rights off */
    bool stop_rest;        /* DB_ACTION_STOP: strategies and keys go off too */
    bool create_profile;   /* DB_ACTION_REPAIR: a missing profile is created, free */
    bool trim_rights;      /* DB_ACTION_REPAIR: rights that Brain's tier does not give go off */
    bool brain_alone;      /* DB_ACTION_TIER: Bot is left to the application (checklist step 4.4) */
    const struct db_both *drift; /* DB_ACTION_REPAIR: what the comparison saw; must still hold */
    const char *reason;          /* NULL: owed; DB_ACTION_STOP only */
    const char *undo_of;         /* DB_ACTION_UNDO: the request that it takes back; else NULL */
    char request[37]; /* a version 4 UUID; db_request_new fills it once, a replay keeps it */
};
/* A new request id from getrandom. */
void db_request_new(char ret[37]);

enum db_result {
    DB_RESULT_DONE,
    DB_RESULT_NOTHING_CHANGED, /* an error; both databases are as they were */
    DB_RESULT_STALE,           /* what was seen no longer holds */
    DB_RESULT_REFUSED,         /* policy, privilege, read-only, or the rows do not allow it */
    DB_RESULT_PARTIAL,         /* Brain was changed, Bot was not */
    DB_RESULT_UNKNOWN,         /* an answer was lost and could not be found out */
    DB_RESULTS,
};
/* "nothing_changed", as in JSON. */
const char *db_result_key(enum db_result result);

struct db_written {
    enum db_result result;
    bool changed;  /* done, and something was not so before */
    bool in_spool; /* the journal row waits in the spool: Brain was away */
    char request[37];
    struct db_values before; /* as read under the locks; what is not known was not read */
    struct db_values after;  /* as read again afterwards; STALE: as it is now */
    bool set[DB_ITEMS];      /* what was changed, or (not done) would have been */
    bool created_trader, created_profile;
    long closed_subscriptions, stopped_strategies, stopped_keys;
    struct zm_error err;   /* not done: why; kind ZM_ERR_NONE where the message says it all */
    char message[512];     /* one or two sentences, raw: what was done, or what was not and why */
    struct zm_arena arena; /* the texts of the values */
};
void db_written_done(struct db_written *written);
/* Nothing was changed, because that database could not be reached or did not answer. */
bool db_written_lacks(const struct db_written *written, enum db_side side);
/* The exit code of the contract: 0, 3, 4 or 5. */
int db_written_exit_code(const struct db_written *written);

/* What holds for all writes of a console or a command. */
struct db_operator;
struct db_spool;
struct db_terms {
    const struct db_policy *policy;
    const struct db_operator *who;
    const struct db_spool *spool; /* NULL: no break-glass, a disable without Brain is refused */
    bool dry_run;                 /* everything up to the votes, then both are rolled back */
};

/* Runs the protocol. Blocks up to 30 s where servers do not answer; db_link_cancel ends it before
 * the first commit. Fills *ret, whatever happens; the caller does db_written_done. */
void db_write(struct db_session *session, const struct db_terms *terms, const struct db_edit *edit,
              struct db_written *ret);
/* At most 50 edits of different users in one pair of transactions, as one: all are done, or each
 * result says why not. Edits ascend by user_id (ZM_ERR_USAGE in each result otherwise). An edit
 * that is refused, stale or unchanged takes no part and holds nobody up. False: the batch failed
 * as a whole on the row ret_culprit (n: on none) and nothing was changed; run them one by one. */
#define DB_WRITE_BATCH 50
bool db_write_batch(struct db_session *session, const struct db_terms *terms,
                    const struct db_edit *edits, size_t n, struct db_written *ret,
                    size_t *ret_culprit);

#endif
