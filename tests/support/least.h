/*
 * The least-privilege step as the checklist will perform it: role op_sam (zmart_support) looks,
 * role op_olga (zmart_operator) also changes what an operator may change, and nothing else. Logins
 * are read through the view zmartctl.users, everything else by policies that are constant true.
 */
#ifndef SUPPORT_LEAST_H
#define SUPPORT_LEAST_H

#include "db/side.h"
#include "support/demo.h"
#include "support/people.h"

void least_privilege(const struct demo *demo);
/* Role plain goes on as it was. */
void least_privilege_people(const struct people *people);

/* The same on anything that runs SQL as a superuser. */
void least_privilege_by(void (*run)(const void *context, enum db_side side, const char *sql),
                        const void *context);
/* The hardening that goes with it: anon and authenticated no longer write the journal, the
 * subscriptions or a tier, nor read ZmartBot, and the journal outlives its user. Not the unique
 * indexes: the demo has duplicates. */
void least_harden_by(void (*run)(const void *context, enum db_side side, const char *sql),
                     const void *context);

#endif
