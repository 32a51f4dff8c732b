/*
 * The steps of items 3 and 4 that are tried in transactions which are always rolled back, and the
 * drift that must be zero. Each trial leaves a record of how it ended (db/flow.h).
 */
#ifndef DB_STEPS_FLOW_H
#define DB_STEPS_FLOW_H

#include <stdbool.h>

#include "db/checklist.h"

extern const struct db_step db_steps_flow[]; /* ends with a row without a key */

/* How a trial ended: what the server answered is a finding, recorded unless it was a dry run; that
 * it could not be tried is *err, and false. ok: all went well, and `found` says how. */
bool db_flow_end(struct db_checklist *list, const struct db_step *step, bool dry_run, bool ok,
                 const char *found, const struct zm_error *why, struct db_step_finding *ret,
                 struct zm_error *err);
/* Steps 4.1 to 4.3 (db/steps_flow_sync.c), as the members of struct db_step. */
void db_flow_drift_check(struct db_checklist *list, const struct db_step *step,
                         struct db_step_finding *ret);
bool db_flow_drift_run(struct db_checklist *list, const struct db_step *step, bool dry_run,
                       struct db_step_finding *ret, struct zm_error *err);
bool db_flow_tier_run(struct db_checklist *list, const struct db_step *step, bool dry_run,
                      struct db_step_finding *ret, struct zm_error *err);
bool db_flow_email_run(struct db_checklist *list, const struct db_step *step, bool dry_run,
                       struct db_step_finding *ret, struct zm_error *err);

#endif
