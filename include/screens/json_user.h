/*
 * Records as JSON and as CSV fields. Field names are the column names of the databases, through the
 * very tables that decode the rows (db/rows.h).
 */
#ifndef SCREENS_JSON_USER_H
#define SCREENS_JSON_USER_H

#include <stddef.h>

#include "db/rows.h"
#include "db/users.h"
#include "screens/print.h"

struct json_t; /* jansson's */

/* The record as `users` prints it: id, email, ... can_trade, why. The caller owns it. */
struct json_t *json_user(const struct db_user *user);
/* A row of a shape, all members in their order but those named in skip (separated by blanks). NULL
 * row: null. */
struct json_t *json_row(const struct db_shape *shape, const void *row, const char *skip);

/* The fields of a row that is not there: all null. */
struct json_t *json_row_null(const struct db_shape *shape, const char *skip);

/* The same record as CSV: the columns, and the values of a record. */
#define JSON_USER_COLUMNS 12
extern const struct out_column json_user_columns[JSON_USER_COLUMNS];
struct json_user_values {
    const char *value[JSON_USER_COLUMNS];
    char verdict[256];
};
/* They point into the record and into *ret. */
void json_user_values(const struct db_user *user, struct json_user_values *ret);

/* The e-mail that names the record: Brain's, or Bot's where Brain has none to say; NULL. */
const char *json_user_email(const struct db_user *user);
/* "true", "false", or NULL. */
const char *json_maybe_text(db_maybe value);

#endif
