/*
 * Drift as JSON and as CSV fields: a row a user and class, then a summary.
 */
#ifndef SCREENS_JSON_DRIFT_H
#define SCREENS_JSON_DRIFT_H

#include "db/compare.h"
#include "screens/print.h"

struct json_t; /* jansson's */

/* {"class","user_id","email","brain":{...},"bot":{...},"lane"}; a half that is not there is null.
 * The caller owns it. */
struct json_t *json_drift(const struct db_drift *drift);
/* Seconds, to the millisecond. */
struct json_t *json_drift_seconds(double value);
/* {"summary":true,...}; of the classes only those wanted (DB_CLASS_BIT). What is not known is null:
 * a class that the shapes cannot show in full, and of nobody's comparison (NULL) everything. */
struct json_t *json_drift_summary(const struct db_compare_result *result, unsigned wanted);
/* {"progress":"rows",...}. */
struct json_t *json_drift_progress(const struct db_compare_progress *progress);

/* The same row as CSV: the columns, and the values of a row. */
#define JSON_DRIFT_COLUMNS 15
extern const struct out_column json_drift_columns[JSON_DRIFT_COLUMNS];
struct json_drift_values {
    const char *value[JSON_DRIFT_COLUMNS];
    char updated_at[DB_SIDES][40];
};
/* They point into the row and into *ret. */
void json_drift_values(const struct db_drift *drift, struct json_drift_values *ret);

/* The e-mail that names the user: Brain's, or Bot's where Brain has none; NULL. */
const char *json_drift_email(const struct db_both *both);
/* "2026-11-22 09:14:02.123" of a row -> "2026-11-22T09:14:02Z" in dst; anything else, and NULL, is
 * returned as it is. */
const char *json_drift_time(const char *text, char *dst, size_t size);

#endif
