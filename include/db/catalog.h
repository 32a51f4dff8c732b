/*
 * The shapes of the tables as they are on this server, read once per connection: live databases
 * hold older shapes, lack tables, or hide columns from this role, and that disables a pane, not the
 * program.
 */
#ifndef DB_CATALOG_H
#define DB_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/facts.h"
#include "db/sql.h"
#include "zm/error.h"

struct db_catalog;
struct db_link;

/* Whether the statement's tables and columns are there and readable by this role; when not, *err
 * names the first that is not, and the checklist step that mends it. A table of which row security
 * hides rows is ZM_ERR_HIDDEN: a part of it would look like missing rows. */
bool db_catalog_allows(const struct db_catalog *catalog, enum db_sql sql, struct zm_error *err);
/* Whether table ("public.user_profiles") exists with that column; column NULL asks for the table.
 */
bool db_catalog_has(const struct db_catalog *catalog, const char *table, const char *column);
/* Whether this role sees every row of the table: owner, BYPASSRLS, row security off, or a
 * constant-true policy for it; of a view, also that it has no condition of its own. A table that
 * does not exist hides nothing. */
bool db_catalog_sees_all(const struct db_catalog *catalog, const char *table);
bool db_catalog_is_view(const struct db_catalog *catalog, const char *table);
/* Whether the CHECK constraints of the table let the column hold that word, as far as their texts
 * tell: one that names the column names the word as well. */
bool db_catalog_check_allows(const struct db_catalog *catalog, const char *table,
                             const char *column, const char *word);
/* What ends a subscription here: the first of ended, expired, cancelled that its CHECK allows. */
const char *db_catalog_closing_status(const struct db_catalog *catalog);
/* The planner's estimate of rows (pg_class.reltuples), -1 when unknown. */
int64_t db_catalog_estimate(const struct db_catalog *catalog, const char *table);

/* For db/link.c: reads the catalogue of a link that has just been connected, and what else there is
 * to know, into link->catalog and link->facts. One round trip, two where a server keeps something
 * back. */
bool db_catalog_read(struct db_link *link, struct zm_error *err);
void db_catalog_free(struct db_catalog *catalog);
/* Hints at the checklist steps of the tables that the text names, behind the words `before`. False:
 * it names none that has a step. */
bool db_catalog_steps(const char *text, const char *before, struct zm_error *err);
/* For db/link_read.c: what mends a ZM_ERR_SHAPE that the server itself reported. */
void db_catalog_hint(enum db_sql sql, struct zm_error *err);

#endif
