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

#include "db/auth_api.h"
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
    const char *templates_url;          /* of the Management API; NULL: Supabase's */
    const char *token;                  /* of the Management API, from the environment; or NULL */
    const char *const *token_argv;      /* prints one; NULL: none */
    const char *registration_email;     /* NULL: not configured */
    struct db_auth_access auth;         /* what makes that user, and removes him */
    const char *profile, *label;
    int flow_seconds;               /* how long the application is waited for */
    bool (*stopped)(void *context); /* asked between and during long steps; or NULL */
    /* Asked while a live test that was stopped removes the user whom it made: whether nobody waits
     * for that any more; or NULL. He is on record, and listed as left behind. */
    bool (*abandoned)(void *context);
    void (*say)(void *context, const char *line); /* progress of a long step; or NULL */
    void *context;
    struct zm_arena arena;
    /* What is on record and who may do what; of db/checklist*.c. */
    struct db_checklist_record *record;
    /* What was read once for all steps; each belongs to its file. */
    struct db_schema *schema[DB_SIDES];
    struct zm_error schema_err[DB_SIDES];
    struct db_mail_look *mail;
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

/* Step i of an item, NULL after the last. The steps of an item may come from several files
 * (db/steps.h): item 6 ends with those of db/steps_production.c. */
const struct db_step *db_step_at(int item, size_t i);
#define DB_ITEMS_OF_CHECKLIST 6
/* The title of an item in the source document's words: "Create tables in ZmartyBrain". */
const char *db_checklist_item_title(int item);
/* NULL: there is none. */
const struct db_step *db_step_find(const char *key);
/* Whether confirming this step wants the profile's name typed (db/steps_production.c). */
bool db_step_wants_name(const struct db_step *step);
/* Whether a step may be waived at all: not the signatures of the items before, whose own steps are
 * waived where they have to be, nor the profile's name (db/steps_production.c). */
bool db_step_may_be_waived(const struct db_step *step);
/* 1 to 6 for "1" to "6", else 0. */
int db_checklist_item_find(const char *key);

/* ---- looking ---- */

/* Reads what all steps look at: both schemas, what is on record, what this role may do. Opens
 * nothing: a side that is away stays unknown. Blocks for a round trip or two. Also to look anew:
 * what an earlier call read is forgotten, and so are all texts of the arena. */
void db_checklist_begin(struct db_checklist *list);
/* Frees what begin read; zeroed is fine. */
void db_checklist_done(struct db_checklist *list);

/* What is on record about an item or a step: the newest row of user_activity with its subject,
 * "checklist 2" or "checklist 2.6"; user_id is NULL. */
enum db_mark_kind {
    DB_MARK_NONE,
    DB_MARK_SIGNED, /* an item by a person; a step: he looked and confirms it */
    DB_MARK_UNSIGNED,
    DB_MARK_WAIVED,
};
struct db_mark {
    enum db_mark_kind kind;
    bool expired; /* of a waiver */
    const char *id, *at, *by, *note;
    const char *until; /* of a waiver: the last day on which it counts, "2026-12-31" (UTC) */
    const char *fingerprint, *profile; /* never NULL */
};

struct db_step_result {
    const struct db_step *step;
    bool asked;                     /* part of what was asked for, not only needed by it */
    bool looked;                    /* false: nothing is known of it */
    struct db_step_finding finding; /* needs and what is on record applied */
    enum db_step_state bare;        /* the state without what is on record */
    struct db_mark mark;
    const char *cannot; /* why this role cannot perform it; "" it can, or nothing is to be done */
};

enum db_signed { DB_SIGNED_NO, DB_SIGNED_YES, DB_SIGNED_STALE, DB_SIGNED_UNKNOWN };

struct db_item_result {
    int item;
    bool asked;
    enum db_step_state state;
    const char *blocked_by;       /* "3", "1-5"; "" not blocked */
    struct db_step_result *steps; /* in the list's arena */
    size_t n;
    int machine_ok, machine, human_ok, human; /* ok or waived, of how many */
    int waived, stale;
    enum db_signed is_signed;
    struct db_mark mark;
    char fingerprint[37]; /* of what its steps name; "" not known */
};

struct db_check_result {
    struct db_item_result items[DB_ITEMS_OF_CHECKLIST];
    bool all;            /* all was asked for */
    bool all_ok;         /* all that was asked for is ok or waived; with `all`, every item signed */
    struct zm_error err; /* what could not be looked at: the first reason */
    struct zm_error marks_err; /* what is on record could not be read: why */
};
/* Looks at a step ("2.6"), an item ("2") or all (NULL), and at what it needs. Reads only. False:
 * there is no such step (ZM_ERR_NOT_FOUND), or the caller stopped it (ZM_ERR_CANCELLED). */
bool db_checklist_check(struct db_checklist *list, const char *key, struct db_check_result *ret,
                        struct zm_error *err);
/* Whether an item is signed for what its objects are now. No step is looked at. */
enum db_signed db_checklist_signed(struct db_checklist *list, int item);
/* The fingerprint of what an item names; "" when it could not be read. */
void db_checklist_fingerprint(struct db_checklist *list, int item, char ret[37]);
/* The same of one step; "" also when it is bound to nothing that can change. */
void db_step_fingerprint(struct db_checklist *list, const struct db_step *step, char ret[37]);
/* Results of a key; NULL when there is no such. */
struct db_step_result *db_check_step(struct db_check_result *result, const char *key);

#endif
