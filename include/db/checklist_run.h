/*
 * Performs a step of the checklist. A change of the schema is one transaction that waits two
 * seconds for its locks: tried and rolled back first, then applied, then looked at again. A step
 * that is marked concurrent runs statement by statement on a session of its own, without being
 * tried. Either way over the profile's admin connection where there is one.
 */
#ifndef DB_CHECKLIST_RUN_H
#define DB_CHECKLIST_RUN_H

#include <stdbool.h>

#include "db/checklist.h"

enum db_run_end {
    DB_RUN_DONE,    /* and the step is ok now */
    DB_RUN_TRIED,   /* it would work; everything was rolled back */
    DB_RUN_NOTHING, /* it was ok already */
    DB_RUN_NOT_OK,  /* it was performed, and the step is not ok: see after */
    DB_RUN_PARTLY,  /* of a concurrent step some statements were run; err says what stopped it */
    DB_RUN_REFUSED, /* err says why; nothing was sent */
    DB_RUN_FAILED,  /* err says why; nothing was kept */
    DB_RUN_UNKNOWN, /* the connection broke at the end, and nobody can be asked */
};
/* "done", "tried", "nothing", ...: as in JSON. */
const char *db_run_end_key(enum db_run_end end);
/* The exit code of the contract. */
int db_run_exit_code(enum db_run_end end, const struct zm_error *err);

struct db_step_run { /* zeroed before; texts are in its arena */
    const char *key; /* in */
    /* in: what the person has seen and agreed to; NULL: whatever it is now. */
    const char *agreed;
    bool dry_run; /* in: TRIED is the end */
    enum db_run_end end;
    enum db_step_kind kind;
    const char *title, *sql;  /* what was run; "" nothing */
    enum db_step_state state; /* afterwards */
    const char *expected, *found;
    struct zm_error err;         /* why not */
    struct zm_error journal_err; /* it was done, but there is no journal row: why */
    struct zm_arena arena;
};

/* Looks anew (texts of earlier results end), performs, and looks again. Blocks: for seconds, a
 * concurrent step as long as its index takes. */
void db_step_perform(struct db_checklist *list, struct db_step_run *run);
void db_step_run_done(struct db_step_run *run);

/* The link that what needs more than the everyday role runs over: the profile's admin connection
 * where there is one (*ret_own, to be freed), else the ordinary one. Blocks. NULL: *err. */
struct db_link *db_step_link(struct db_checklist *list, enum db_side side, struct db_link **ret_own,
                             struct zm_error *err);
/* The SQL that performing this step would run; "" nothing. In the list's arena. An index that a
 * failed attempt left behind is dropped first. */
const char *db_step_sql(struct db_checklist *list, const struct db_step_result *step);
/* Statement by statement: *at begins at the text and moves on; false at the end. A statement ends
 * with a semicolon at the end of a line. */
bool db_step_next_statement(const char **at, struct zm_buf *ret);

#endif
