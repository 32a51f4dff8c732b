/*
 * Item 5 of the checklist: the e-mails of the Auth server.
 */
#ifndef DB_STEPS_TEMPLATES_H
#define DB_STEPS_TEMPLATES_H

#include "db/checklist.h"

/* Ends with a row without a key. */
extern const struct db_step db_steps_templates[];

/* Whether a step's fingerprint can be made: false for one of these while the API does not answer.
 * May block like a look. */
bool db_steps_templates_known(struct db_checklist *list, const struct db_step *step);
/* Whether what is live can be seen: who has no token does not know whether it has changed since
 * somebody who has one signed for it. Other items: always. */
bool db_steps_templates_seen(struct db_checklist *list, int item);

#endif
