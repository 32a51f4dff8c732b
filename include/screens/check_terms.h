/*
 * What the checklist needs of the configuration and the operator; for the subcommand and for jobs.
 */
#ifndef SCREENS_CHECK_TERMS_H
#define SCREENS_CHECK_TERMS_H

#include "db/checklist.h"
#include "screens/conf.h"

/* Fills *ret; conf and who outlive it. session: the caller's. */
void check_terms(const struct conf *conf, const struct db_operator *who, struct db_session *session,
                 struct db_checklist *ret);

#endif
