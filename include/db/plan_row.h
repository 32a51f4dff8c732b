/*
 * A row of a plan as JSON, and its header. For db/plan_file.c and db/plan_read.c only.
 */
#ifndef DB_PLAN_ROW_H
#define DB_PLAN_ROW_H

#include <jansson.h>

#include "db/plan.h"

#define DB_PLAN_VERSION 1
#define DB_PLAN_LINE_MAX 65536 /* bytes, with its end */

/* What the caller owns. NULL: a text is not UTF-8. */
json_t *db_plan_row_json(const struct db_plan_row *row);
json_t *db_plan_head_json(const struct db_plan_head *head);
json_t *db_plan_counts_json(const struct db_plan_head *head);

/* The other way. Texts of a row are the object's. False: it is not one; *ret_why says what. */
bool db_plan_row_parse(json_t *json, struct db_plan_row *ret, const char **ret_why);
bool db_plan_head_parse(json_t *json, struct db_plan_head *ret, const char **ret_why);
bool db_plan_counts_parse(json_t *json, struct db_plan_head *ret, const char **ret_why);

/* The chain that seals a plan: each line is hashed together with all before it. It finds accidents
 * and edits; whoever forges one on purpose may use the console as well. */
struct db_plan_seal {
    unsigned char hash[16];
};
void db_plan_seal_add(struct db_plan_seal *seal, const char *line, size_t n);
void db_plan_seal_text(const struct db_plan_seal *seal, char ret[37]);

#endif
