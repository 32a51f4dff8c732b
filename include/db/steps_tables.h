/*
 * Items 1 and 2 of the checklist: the tables of ZmartyBrain and ZmartBot as the source document
 * writes them, or hardened as item 6 leaves them.
 */
#ifndef DB_STEPS_TABLES_H
#define DB_STEPS_TABLES_H

#include "db/checklist.h"
#include "db/schema.h"

/* Ends with a row without a key. */
extern const struct db_step db_steps_tables[];

/* The schema of a side, read once for the list: list->schema[side], until somebody frees it there.
 * NULL: the side is away or does not answer, list->schema_err[side] says why. May block. */
const struct db_schema *db_steps_schema(struct db_checklist *list, enum db_side side);
/* Forgets both, so that the next step reads anew: after a change, and at the end. */
void db_steps_schema_forget(struct db_checklist *list);

#endif
