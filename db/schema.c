/*
 * Reads the schema of a database and finds things in it. What it should be like is schema_wanted's,
 * the comparison schema_compare's.
 */
#include "db/schema.h"

#include <stdlib.h>
#include <string.h>

#include "db/schema_wanted.h"
#include "zm/arena.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_field facts_fields[] = {
    DB_FIELD(struct db_schema_facts, role),
    DB_FIELD(struct db_schema_facts, is_super),
    DB_FIELD(struct db_schema_facts, bypasses),
    DB_FIELD(struct db_schema_facts, may_create),
    DB_FIELD(struct db_schema_facts, may_extend),
    DB_FIELD(struct db_schema_facts, schema_owner),
    DB_FIELD(struct db_schema_facts, extensions),
    DB_FIELD(struct db_schema_facts, logins),
    DB_FIELD(struct db_schema_facts, uid),
    DB_FIELD(struct db_schema_facts, uuid_available),
};
static const struct db_field table_fields[] = {
    DB_FIELD(struct db_schema_table, table_name),
    DB_FIELD(struct db_schema_table, quoted),
    DB_FIELD(struct db_schema_table, kind),
    DB_FIELD(struct db_schema_table, owner),
    DB_FIELD(struct db_schema_table, owned),
    DB_FIELD(struct db_schema_table, rls),
    DB_FIELD(struct db_schema_table, forced),
    DB_FIELD(struct db_schema_table, estimate),
};
static const struct db_field column_fields[] = {
    DB_FIELD(struct db_schema_column, table_name),
    DB_FIELD(struct db_schema_column, name),
    DB_FIELD(struct db_schema_column, quoted),
    DB_FIELD(struct db_schema_column, type),
    DB_FIELD(struct db_schema_column, default_value),
    DB_FIELD(struct db_schema_column, not_null),
    DB_FIELD(struct db_schema_column, generated),
    DB_FIELD(struct db_schema_column, identity),
};
static const struct db_field constraint_fields[] = {
    DB_FIELD(struct db_schema_constraint, table_name),
    DB_FIELD(struct db_schema_constraint, name),
    DB_FIELD(struct db_schema_constraint, quoted),
    DB_FIELD(struct db_schema_constraint, kind),
    DB_FIELD(struct db_schema_constraint, definition),
    DB_FIELD(struct db_schema_constraint, columns),
    DB_FIELD(struct db_schema_constraint, valid),
};
static const struct db_field policy_fields[] = {
    DB_FIELD(struct db_schema_policy, table_name),
    DB_FIELD(struct db_schema_policy, name),
    DB_FIELD(struct db_schema_policy, quoted),
    DB_FIELD(struct db_schema_policy, command),
    DB_FIELD(struct db_schema_policy, permissive),
    DB_FIELD(struct db_schema_policy, roles),
    DB_FIELD(struct db_schema_policy, using_text),
    DB_FIELD(struct db_schema_policy, check_text),
    DB_FIELD(struct db_schema_policy, place),
    DB_FIELD(struct db_schema_policy, rest),
    DB_FIELD(struct db_schema_policy, depends),
};
static const struct db_field grant_fields[] = {
    DB_FIELD(struct db_schema_grant, table_name),
    DB_FIELD(struct db_schema_grant, column_name),
    DB_FIELD(struct db_schema_grant, grantee),
    DB_FIELD(struct db_schema_grant, privileges),
};
static const struct db_field index_fields[] = {
    DB_FIELD(struct db_schema_index, table_name),
    DB_FIELD(struct db_schema_index, name),
    DB_FIELD(struct db_schema_index, quoted),
    DB_FIELD(struct db_schema_index, definition),
    DB_FIELD(struct db_schema_index, is_unique),
    DB_FIELD(struct db_schema_index, valid),
    DB_FIELD(struct db_schema_index, predicate),
    DB_FIELD(struct db_schema_index, columns),
    DB_FIELD(struct db_schema_index, of_constraint),
};
static const struct db_field trigger_fields[] = {
    DB_FIELD(struct db_schema_trigger, table_name),
    DB_FIELD(struct db_schema_trigger, name),
    DB_FIELD(struct db_schema_trigger, definition),
    DB_FIELD(struct db_schema_trigger, enabled),
    DB_FIELD(struct db_schema_trigger, function),
    DB_FIELD(struct db_schema_trigger, definer),
    DB_FIELD(struct db_schema_trigger, body),
};
static const struct db_field extension_fields[] = {
    DB_FIELD(struct db_schema_extension, name),
    DB_FIELD(struct db_schema_extension, schema_name),
    DB_FIELD(struct db_schema_extension, schema_quoted),
    DB_FIELD(struct db_schema_extension, version),
};
static const struct db_field role_fields[] = {
    DB_FIELD(struct db_schema_role, name),
    DB_FIELD(struct db_schema_role, can_login),
    DB_FIELD(struct db_schema_role, is_super),
    DB_FIELD(struct db_schema_role, bypasses),
    DB_FIELD(struct db_schema_role, member),
};
static const struct db_field rows_fields[] = {
    DB_FIELD(struct db_schema_rows, table_name),
    DB_FIELD(struct db_schema_rows, has_rows),
};

const struct db_shape db_shape_schema_facts = {
    "schema facts", sizeof(struct db_schema_facts), facts_fields, ZM_COUNT(facts_fields)};
const struct db_shape db_shape_schema_table = {
    "schema table", sizeof(struct db_schema_table), table_fields, ZM_COUNT(table_fields)};
const struct db_shape db_shape_schema_column = {
    "schema column", sizeof(struct db_schema_column), column_fields, ZM_COUNT(column_fields)};
const struct db_shape db_shape_schema_constraint = {
    "schema constraint", sizeof(struct db_schema_constraint), constraint_fields, ZM_COUNT(constraint_fields)};
const struct db_shape db_shape_schema_policy = {
    "schema policy", sizeof(struct db_schema_policy), policy_fields, ZM_COUNT(policy_fields)};
const struct db_shape db_shape_schema_grant = {
    "schema grant", sizeof(struct db_schema_grant), grant_fields, ZM_COUNT(grant_fields)};
const struct db_shape db_shape_schema_index = {
    "schema index", sizeof(struct db_schema_index), index_fields, ZM_COUNT(index_fields)};
const struct db_shape db_shape_schema_trigger = {
    "schema trigger", sizeof(struct db_schema_trigger), trigger_fields, ZM_COUNT(trigger_fields)};
const struct db_shape db_shape_schema_extension = {
    "schema extension", sizeof(struct db_schema_extension), extension_fields, ZM_COUNT(extension_fields)};
const struct db_shape db_shape_schema_role = {
    "schema role", sizeof(struct db_schema_role), role_fields, ZM_COUNT(role_fields)};
const struct db_shape db_shape_schema_rows = {
    "schema rows", sizeof(struct db_schema_rows), rows_fields, ZM_COUNT(rows_fields)};
/* clang-format on */

static const enum db_sql statements[DB_SCHEMA_PARTS] = {
    [DB_SCHEMA_FACTS] = DB_SQL_EITHER_SCHEMA_FACTS,
    [DB_SCHEMA_TABLES] = DB_SQL_EITHER_SCHEMA_TABLES,
    [DB_SCHEMA_COLUMNS] = DB_SQL_EITHER_SCHEMA_COLUMNS,
    [DB_SCHEMA_CONSTRAINTS] = DB_SQL_EITHER_SCHEMA_CONSTRAINTS,
    [DB_SCHEMA_POLICIES] = DB_SQL_EITHER_SCHEMA_POLICIES,
    [DB_SCHEMA_GRANTS] = DB_SQL_EITHER_SCHEMA_GRANTS,
    [DB_SCHEMA_INDEXES] = DB_SQL_EITHER_SCHEMA_INDEXES,
    [DB_SCHEMA_TRIGGERS] = DB_SQL_EITHER_SCHEMA_TRIGGERS,
    [DB_SCHEMA_EXTENSIONS] = DB_SQL_EITHER_SCHEMA_EXTENSIONS,
    [DB_SCHEMA_ROLES] = DB_SQL_EITHER_SCHEMA_ROLES,
    [DB_SCHEMA_ROWS] = DB_SQL_EITHER_SCHEMA_ROWS,
};

/* "{auth.users,...}": none of the names needs quoting. */
static void list_tables(enum db_side side, struct zm_buf *ret)
{
    const struct db_wanted_table *table;
    size_t i;

    zm_buf_puts(ret, "{auth.users,auth.identities");
    for (i = 0; (table = db_wanted_table(i)); i++)
        if (table->side == side)
            zm_buf_printf(ret, ",%s", table->name);
    zm_buf_puts(ret, "}");
}

/* Rows are only counted where nothing is in the way: a locked table costs that knowledge, not the
 * reading. */
static bool all_answered(const struct db_schema *schema, struct zm_error *err)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_PARTS; i++) {
        if (schema->part[i].ok || i == DB_SCHEMA_ROWS)
            continue;
        *err = schema->part[i].err;
        return false;
    }
    if (schema->part[DB_SCHEMA_FACTS].rows.n == 1)
        return true;
    return zm_error_set(err, ZM_ERR_DATA, db_side_name(schema->side), "read the schema",
                        "there is no schema public");
}

struct db_schema *db_schema_read(struct db_link *link, struct zm_error *err)
{
    struct db_schema *schema = zm_calloc(1, sizeof(*schema));
    struct zm_buf tables = {.s = NULL};
    bool ok;
    size_t i;

    schema->side = db_link_facts(link)->side;
    list_tables(schema->side, &tables);
    for (i = 0; i < DB_SCHEMA_PARTS; i++) {
        schema->part[i].sql = statements[i];
        schema->part[i].params[0] = tables.s;
    }
    ok = db_link_read(link, schema->part, DB_SCHEMA_PARTS, err) && all_answered(schema, err);
    for (i = 0; i < DB_SCHEMA_PARTS; i++)
        schema->part[i].params[0] = NULL; /* it ends with this call */
    zm_buf_done(&tables);
    if (!ok) {
        db_schema_free(schema);
        return NULL;
    }
    schema->facts = DB_SCHEMA_ROW(schema, FACTS, facts, 0);
    return schema;
}

void db_schema_free(struct db_schema *schema)
{
    if (!schema)
        return;
    db_asks_done(schema->part, DB_SCHEMA_PARTS);
    free(schema);
}
