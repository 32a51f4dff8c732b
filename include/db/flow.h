/*
 * What is on record about the tests of items 3 and 4: the journal's newest row of a step
 * (zmartctl.flow_test), bound to the fingerprint that the step had when it was performed.
 */
#ifndef DB_FLOW_H
#define DB_FLOW_H

#include <stdbool.h>

#include "db/checklist.h"
#include "db/rows.h"

/* The row of its statement. */
struct db_flow_record_row {
    const char *at, *outcome, *found, *fingerprint, *os_user;
};
extern const struct db_shape db_shape_flow_record;

/* Writes how a test ended, and what was found. False: it was not written, and the step stays as it
 * was. Blocks. */
bool db_flow_record_write(struct db_checklist *list, const struct db_step *step, bool ok,
                          const char *found, struct zm_error *err);
/* What is on record: ok or fail; stale when the step's objects have changed since; not_run when it
 * was never performed. One round trip to ZmartyBrain. */
void db_flow_record_check(struct db_checklist *list, const struct db_step *step,
                          const char *expected, struct db_step_finding *ret);

/* What a record of any of these steps is bound to (struct db_step): the tables and policies of
 * items 1 and 2 that a sign-up and a tier change go through, and the triggers of logins. */
void db_flow_fingerprint(struct db_checklist *list, const struct db_step *step, struct zm_buf *ret);

#endif
