/*
 * The deployment checklist: the source document's six items as one table of steps. What a step's
 * state is comes from the live databases at the moment of asking; only sign-offs and waivers are
 * stored (user_activity, action zmartctl.signoff, .unsign, .waive), each bound to a fingerprint of
 * what its item names.
 */
#ifndef DB_CHECKLIST_H
#define DB_CHECKLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "db/gates.h"
#include "db/operator.h"
#include "db/session.h"
#include "zm/arena.h"
#include "zm/error.h"
#include "zm/str.h"

enum db_step_state {
    DB_STEP_OK,
    DB_STEP_FAIL,
    DB_STEP_NOT_RUN, /* it has to be performed first */
    DB_STEP_BLOCKED, /* by a step that it needs */
    DB_STEP_WAITING, /* for a person, or for something that is not configured */
    DB_STEP_STALE,   /* it was signed or waived for objects that have changed since */
    DB_STEP_WAIVED,
    DB_STEP_STATES,
};
/* "ok", "fail", "not_run", "blocked", "waiting", "stale", "waived": as in JSON. */
const char *db_step_state_key(enum db_step_state state);

/* How a step is mended or performed. */
enum db_step_kind {
    DB_STEP_SCHEMA,     /* its SQL runs in one transaction, tried with ROLLBACK first */
    DB_STEP_CONCURRENT, /* its SQL runs alone, outside a transaction, on a session-mode connection
                         */
    DB_STEP_TRIAL,      /* performed in transactions that are always rolled back */
    DB_STEP_LIVE,       /* performed on request; what it may leave behind carries a marker */
    DB_STEP_API,        /* reads or changes a project's settings over HTTP */
    DB_STEP_HUMAN,      /* a person looks and says so; nothing here can */
    DB_STEP_FACT,       /* only looked at */
};

/* Where. */
enum db_step_where { DB_STEP_BRAIN, DB_STEP_BOT, DB_STEP_BOTH, DB_STEP_NOWHERE };

/* What was found; texts are in the list's arena. */
struct db_step_finding {
    enum db_step_state state;
    const char *expected, *found; /* one line each */
    const char *fix;              /* the SQL that mends it, or what to do by hand; "" nothing */
    struct zm_error err;          /* it could not be looked at: why */
};

/* What all steps may use. Texts outlive it. */
struct db_checklist {
    struct db_session *session;
    const struct db_target *targets; /* of both sides: for a connection of a step's own */
    const struct db_target
        *admin[DB_SIDES]; /* opened only while a step changes the schema; NULL: none */
    const struct db_policy *policy;
    const struct db_operator *who;
    const char *const *existing_tables; /* patterns, NULL-terminated */
    const char *templates_directory;    /* NULL: the templates that come with the program */
    const char *const *token_argv;      /* prints a token of the Management API; NULL: none */
    const char *registration_email;     /* NULL: not configured */
    const char *profile, *label;
    int flow_seconds;                             /* how long the application is waited for */
    bool (*stopped)(void *context);               /* asked between and during long steps; or NULL */
    void (*say)(void *context, const char *line); /* progress of a long step; or NULL */
    void *context;
    struct zm_arena arena;
    /* What was read once for all steps; each belongs to its file. */
    struct db_schema *schema[DB_SIDES];
    struct zm_error schema_err[DB_SIDES];
};

struct db_step {
    const char *key; /* "2.6" */
    int item;        /* 1 to 6 */
    const char *title;
    enum db_step_where where;
    enum db_step_kind kind;
    const char *why;   /* why it matters */
    const char *needs; /* keys of steps or items that come first, blanks between; "" none */
    /* Looks. Reads only, and blocks. */
    void (*check)(struct db_checklist *list, const struct db_step *step,
                  struct db_step_finding *ret);
    /* Performs it; NULL: the finding's fix is run by the common way of its kind. False: *err, and
     * nothing was kept. */
    bool (*run)(struct db_checklist *list, const struct db_step *step, bool dry_run,
                struct db_step_finding *ret, struct zm_error *err);
    /* What the sign-off of its item is bound to, added to a text that is hashed; NULL: the step is
     * bound to nothing that can change. */
    void (*fingerprint)(struct db_checklist *list, const struct db_step *step, struct zm_buf *ret);
    int about; /* the step's own: a row of its file's table */
};

/* The steps of an item, in order, each file its own table: db/steps_tables.c (1 and 2),
 * db/steps_flow.c (3 and 4), db/steps_templates.c (5), db/steps_hardening.c (6). */
const struct db_step *db_steps_of_item(int item, size_t *ret_n);
#define DB_ITEMS_OF_CHECKLIST 6
/* The title of an item in the source document's words: "Create tables in ZmartyBrain". */
const char *db_checklist_item_title(int item);
/* NULL: there is none. */
const struct db_step *db_step_find(const char *key);

#endif
