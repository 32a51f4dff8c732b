/*
 * Finds things in a schema that was read. Knows nothing of what they should be like.
 */
#include <string.h>

#include "db/schema.h"
#include "zm/str.h"

const struct db_schema_table *db_schema_table(const struct db_schema *schema, const char *table)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, TABLES); i++)
        if (zm_streq(DB_SCHEMA_ROW(schema, TABLES, table, i)->table_name, table))
            return DB_SCHEMA_ROW(schema, TABLES, table, i);
    return NULL;
}

const struct db_schema_column *db_schema_column(const struct db_schema *schema, const char *table,
                                                const char *column)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, COLUMNS); i++) {
        const struct db_schema_column *row = DB_SCHEMA_ROW(schema, COLUMNS, column, i);

        if (zm_streq(row->table_name, table) && zm_streq(row->name, column))
            return row;
    }
    return NULL;
}

const struct db_schema_policy *db_schema_policy(const struct db_schema *schema, const char *table,
                                                const char *name)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, POLICIES); i++) {
        const struct db_schema_policy *row = DB_SCHEMA_ROW(schema, POLICIES, policy, i);

        if (zm_streq(row->table_name, table) && zm_streq(row->name, name))
            return row;
    }
    return NULL;
}

const struct db_schema_extension *db_schema_extension(const struct db_schema *schema,
                                                      const char *name)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, EXTENSIONS); i++)
        if (zm_streq(DB_SCHEMA_ROW(schema, EXTENSIONS, extension, i)->name, name))
            return DB_SCHEMA_ROW(schema, EXTENSIONS, extension, i);
    return NULL;
}

bool db_schema_has_role(const struct db_schema *schema, const char *name)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, ROLES); i++)
        if (zm_streq(DB_SCHEMA_ROW(schema, ROLES, role, i)->name, name))
            return true;
    return false;
}

bool db_schema_has_rows(const struct db_schema *schema, const char *table)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, ROWS); i++)
        if (zm_streq(DB_SCHEMA_ROW(schema, ROWS, rows, i)->table_name, table))
            return DB_SCHEMA_ROW(schema, ROWS, rows, i)->has_rows;
    return true;
}

/* Whether "INSERT,SELECT" names the privilege. */
static bool names(const char *privileges, const char *privilege)
{
    size_t n = strlen(privilege);

    for (; privileges; privileges = strchr(privileges, ',')) {
        privileges += *privileges == ',';
        if (strncmp(privileges, privilege, n) == 0 && (!privileges[n] || privileges[n] == ','))
            return true;
    }
    return false;
}

bool db_schema_granted(const struct db_schema *schema, const char *table, const char *column,
                       const char *grantee, const char *privilege)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, GRANTS); i++) {
        const struct db_schema_grant *row = DB_SCHEMA_ROW(schema, GRANTS, grant, i);

        if (!zm_streq(row->table_name, table) ||
            (row->column_name && !zm_streq(row->column_name, column)))
            continue;
        if ((zm_streq(row->grantee, grantee) || zm_streq(row->grantee, "PUBLIC")) &&
            names(row->privileges, privilege))
            return true;
    }
    return false;
}

bool db_schema_is_unique(const struct db_schema *schema, const char *table, const char *columns)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, INDEXES); i++) {
        const struct db_schema_index *row = DB_SCHEMA_ROW(schema, INDEXES, index, i);

        if (zm_streq(row->table_name, table) && row->is_unique && row->valid && !row->predicate &&
            zm_streq(row->columns, columns))
            return true;
    }
    return false;
}
