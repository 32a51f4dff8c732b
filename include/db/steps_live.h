/*
 * The steps of items 3 and 4 that are performed for real, on request: a sign-up on its way, a
 * sign-up over the Auth API, a change that the application follows. They touch test users only
 * (db/leftovers.h), and each leaves a record of how it ended (db/flow.h).
 */
#ifndef DB_STEPS_LIVE_H
#define DB_STEPS_LIVE_H

#include <stdbool.h>

#include "db/checklist.h"
#include "db/leftovers.h"

extern const struct db_step db_steps_live[]; /* ends with a row without a key */

/* The end of each: records it and fills the finding; the texts are in the list's arena. False: it
 * could not be recorded. */
bool db_live_end(struct db_checklist *list, const struct db_step *step, bool ok, const char *found,
                 struct db_step_finding *ret, struct zm_error *err);
/* Step 4.4 (db/steps_live_sync.c), as the members of struct db_step. */
void db_live_sync_check(struct db_checklist *list, const struct db_step *step,
                        struct db_step_finding *ret);
bool db_live_sync_run(struct db_checklist *list, const struct db_step *step, bool dry_run,
                      struct db_step_finding *ret, struct zm_error *err);
/* What is missing for making a test user over the Auth API, in words; "" nothing. */
const char *db_live_missing(const struct db_checklist *list);
/* Makes one and follows him into both databases. False: he did not come, and was removed again
 * where he can be. Blocks. */
bool db_live_make_user(struct db_checklist *list, struct db_leftover *ret, struct zm_error *err);
/* Removes him again, where there is an admin key; what became of him is added to the words. In the
 * list's arena. */
const char *db_live_clean_up(struct db_checklist *list, const struct db_leftover *one,
                             const char *words);
/* Refuses a dry run of what cannot be tried. */
bool db_live_is_no_trial(const struct db_step *step, bool dry_run, struct zm_error *err);
/* From here on the test puts back what it did: nobody's cancel is heard any more. */
void db_live_rearm(struct db_checklist *list);

#endif
