/*
 * Steps and items of the checklist as rows: the same words for the screen, tables, CSV, JSON and
 * reports.
 */
#ifndef SCREENS_CHECK_ROWS_H
#define SCREENS_CHECK_ROWS_H

#include <stddef.h>

#include "db/checklist.h"
#include "screens/print.h"

/* item, step, title, state, expected, found, fix */
#define CHECK_COLUMNS 7
extern const struct out_column check_columns[CHECK_COLUMNS];

/* "[ok]", "[NO]", ...: a sign of four cells that says the state without a colour. */
const char *check_sign(enum db_step_state state);
/* "not run", "waiting": for people. */
const char *check_state_word(enum db_step_state state);
/* "signed 2026-11-22 by ana@ops-1: T-4412", "not signed". In the arena. */
const char *check_signed_words(struct zm_arena *arena, const struct db_item_result *item);
/* "5/8", "-" where there are none. */
void check_count(int ok, int all, char ret[16]);

/* A row's values, into text that lasts as long as the arena and the result; and as an object, the
 * caller's. A step that could not be looked at has found null. */
void check_step_values(const struct db_step_result *step, const char *values[CHECK_COLUMNS]);
void check_item_values(struct zm_arena *arena, const struct db_item_result *item,
                       const char *values[CHECK_COLUMNS]);
/* item is a number and null is null; fields in the order of the columns. */
struct json_t *check_object(const char *const values[CHECK_COLUMNS]);

#endif
