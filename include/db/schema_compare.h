/*
 * Compares the objects of a schema with the source document, each in the document's form or in the
 * hardened one of checklist item 6. Pure: a schema that was read goes in, a diff comes out.
 *
 * What is beyond the document is named and is no failure: columns, triggers, policies, grants. But
 * what keeps the document's statements from working is a difference: a column that must not be null
 * and has no default, a constraint on the document's columns that it does not have.
 */
#ifndef DB_SCHEMA_COMPARE_H
#define DB_SCHEMA_COMPARE_H

#include "db/schema.h"
#include "db/schema_diff.h"
#include "db/schema_wanted.h"

/* uuid-ossp, in whatever schema. */
void db_schema_compare_extension(const struct db_schema *schema, struct db_schema_diff *ret);
/* Kind, columns, constraints, the grant to service_role. */
void db_schema_compare_table(const struct db_schema *schema, const struct db_wanted_table *wanted,
                             struct db_schema_diff *ret);
/* Row security is on. */
void db_schema_compare_rls(const struct db_schema *schema, const struct db_wanted_table *wanted,
                           struct db_schema_diff *ret);
/* The policy, and the grant that it presupposes. A policy for everybody is also fine when it was
 * tightened: of the same name but for a user's own rows or for other roles; or gone, while row
 * security is on, nothing else is open for that command, and the table shows that it was hardened
 * (UNIQUE (user_id), a CHECK on the tiers, or a policy for a user's own rows). */
void db_schema_compare_policy(const struct db_schema *schema, const struct db_wanted_policy *wanted,
                              struct db_schema_diff *ret);

/* For db/schema_*.c: the parts of db_schema_compare_table. */
void db_schema_compare_columns(const struct db_schema *schema, const struct db_wanted_table *wanted,
                               struct db_schema_diff *ret);
void db_schema_compare_constraints(const struct db_schema *schema,
                                   const struct db_wanted_table *wanted,
                                   struct db_schema_diff *ret);
/* Where uuid_generate_v4() is or will be, as it stands in a statement. */
const char *db_schema_uuid_place(const struct db_schema *schema);
/* "public.uuid_generate_v4()" for "uuid_generate_v4()"; other defaults are added as they are. */
void db_schema_add_default(const struct db_schema *schema, const char *default_value,
                           struct zm_buf *ret);
/* Whether a policy keeps everybody to his own rows: auth.uid() = user_id and nothing beside it by
 * OR. */
bool db_schema_policy_is_own(const struct db_schema_policy *policy);
/* Whether a policy, of whichever table, names that column. */
bool db_schema_policy_names(const struct db_schema_policy *policy, const char *table,
                            const char *column);
/* Creates it again after a column that it names has become a uuid, or not (to_uuid): who is
 * compared as text then need not be. */
void db_schema_policy_mend(const struct db_schema_policy *policy, bool to_uuid,
                           struct db_schema_diff *ret);
/* Whether a policy lets anon or any signed-in user at rows that are not his. */
bool db_schema_policy_is_open(const struct db_schema_policy *policy);

#endif
