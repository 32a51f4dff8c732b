/*
 * The tables of steps, one a file. Each ends with a row without a key; db/checklist.c puts them
 * together.
 */
#ifndef DB_STEPS_H
#define DB_STEPS_H

#include "db/checklist.h"
#include "db/steps_flow.h"      /* the trials of items 3 and 4 */
#include "db/steps_live.h"      /* the live ones of items 3 and 4 */
#include "db/steps_tables.h"    /* items 1 and 2 */
#include "db/steps_templates.h" /* item 5 */

extern const struct db_step db_steps_hardening[];  /* item 6: what the document leaves open */
extern const struct db_step db_steps_production[]; /* before production is signed for */
extern const struct db_step db_steps_sign_up[];    /* what a sign-up brings along */

#endif
