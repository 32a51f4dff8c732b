/*
 * What people say about the checklist: sign-offs, waivers, and taking either back. Each is a row of
 * user_activity (zmartctl.signoff, .unsign, .waive) with user_id NULL, the subject "checklist 2" or
 * "checklist 2.6", item or step, note, until, fingerprint, profile and who said it. The newest row
 * of a subject counts.
 */
#ifndef DB_CHECKLIST_STORE_H
#define DB_CHECKLIST_STORE_H

#include <stdbool.h>

#include "db/checklist.h"

struct db_statement {  /* texts outlive the call */
    const char *key;   /* of an item or a step */
    const char *note;  /* why; not empty */
    const char *until; /* of a waiver: the last day, "2026-12-31" */
    const char *typed; /* the profile's name, where the step wants it typed; NULL */
};

/* Each looks anew first (db_checklist_begin: texts of earlier results end), refuses what the state
 * does not allow (ZM_ERR_REFUSED), writes one row to ZmartyBrain and reads what is on record again.
 * *ret_changed: false when it was so already and nothing was written. Blocks. False: nothing was
 * written, unless *err says that this is not known. */

/* Signs an item all of whose steps are ok or waived, or confirms a step that a person has to look
 * at. Item 6 is not signed while the journal is unprotected. */
bool db_checklist_sign(struct db_checklist *list, const struct db_statement *said,
                       bool *ret_changed, struct zm_error *err);
/* Takes back the signature of an item, or the confirmation or waiver of a step. */
bool db_checklist_unsign(struct db_checklist *list, const struct db_statement *said,
                         bool *ret_changed, struct zm_error *err);
/* Lets a step that is not ok count as settled until a day. */
bool db_checklist_waive(struct db_checklist *list, const struct db_statement *said,
                        bool *ret_changed, struct zm_error *err);

/* Whether all steps of an item are ok or waived; false: *err names those that are not. */
bool db_item_is_done(const struct db_item_result *item, struct zm_error *err);
/* Whether a person may confirm a step in that state. */
bool db_step_may_be_confirmed(const struct db_step_result *step);
/* "2026-12-31": a day, and not one that is over (UTC). */
bool db_checklist_until(const char *text, struct zm_error *err);
/* The journal row and the line in syslog of a step that was performed; best effort, because the
 * journal's table may be what a step creates. False: there is no row; why is in *err. */
bool db_checklist_record_run(struct db_checklist *list, const struct db_step *step, const char *sql,
                             const char *outcome, struct zm_error *err);

#endif
