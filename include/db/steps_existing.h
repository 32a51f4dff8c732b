/*
 * The step about the tables that ZmartBot has besides those of the source document: present, how
 * many rows, how fresh. They belong to others and are never created here. For db/steps_tables.c.
 */
#ifndef DB_STEPS_EXISTING_H
#define DB_STEPS_EXISTING_H

#include "db/checklist.h"

void db_steps_existing_check(struct db_checklist *list, const struct db_step *step,
                             struct db_step_finding *ret);
void db_steps_existing_fingerprint(struct db_checklist *list, const struct db_step *step,
                                   struct zm_buf *ret);

/* Whether a name is that of a pattern of the profile: "cryptometer_*", "Zmart Vaults", which may
 * also be written public."Zmart Vaults". * stands for anything. Pure. */
bool db_existing_matches(const char *pattern, const char *name);

#endif
