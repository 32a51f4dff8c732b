/*
 * The extension and the tables. What a column or a constraint should be like is schema_columns's
 * and schema_constraints's, policies are schema_policies's.
 */
#include "db/schema_compare.h"

#include <string.h>

/* What GRANT ALL gives on 13 to 16; 17 adds MAINTAIN, which no application needs. */
static const char *const all[] = {"SELECT",   "INSERT",     "UPDATE", "DELETE",
                                  "TRUNCATE", "REFERENCES", "TRIGGER"};

const char *db_schema_uuid_place(const struct db_schema *schema)
{
    const struct db_schema_extension *found = db_schema_extension(schema, "uuid-ossp");

    if (found)
        return found->schema_quoted;
    return schema->facts->extensions ? "extensions" : "public";
}

void db_schema_add_default(const struct db_schema *schema, const char *default_value,
                           struct zm_buf *ret)
{
    if (strncmp(default_value, "uuid_", 5) == 0)
        zm_buf_printf(ret, "%s.", db_schema_uuid_place(schema));
    zm_buf_puts(ret, default_value);
}

void db_schema_compare_extension(const struct db_schema *schema, struct db_schema_diff *ret)
{
    db_schema_diff_form(ret, "extension uuid-ossp %s",
                        db_schema_extension(schema, "uuid-ossp") ? "present" : "missing");
    if (db_schema_extension(schema, "uuid-ossp"))
        return;
    db_schema_diff_say(ret, "uuid-ossp is not installed%s",
                       schema->facts->uuid_available ? "" : ", and this server does not have it");
    if (schema->facts->uuid_available)
        db_schema_diff_mend(ret, "CREATE EXTENSION \"uuid-ossp\" WITH SCHEMA %s",
                            db_schema_uuid_place(schema));
    else
        db_schema_diff_propose(ret, "CREATE EXTENSION \"uuid-ossp\"");
}

static void create_table(const struct db_schema *schema, const struct db_wanted_table *wanted,
                         struct db_schema_diff *ret)
{
    struct zm_buf text = {.s = NULL};
    size_t i;

    zm_buf_printf(&text, "CREATE TABLE %s (\n", wanted->name);
    for (i = 0; i < wanted->n_columns; i++) {
        const struct db_wanted_column *column = &wanted->columns[i];
        bool key = zm_streq(column->name, "id");

        zm_buf_printf(&text, "    %s %s%s", column->name, column->type, key ? " PRIMARY KEY" : "");
        if (wanted->of_login && zm_streq(column->name, "user_id"))
            zm_buf_puts(&text, " REFERENCES auth.users(id) ON DELETE CASCADE");
        if (column->default_value) {
            zm_buf_puts(&text, " DEFAULT ");
            db_schema_add_default(schema, column->default_value, &text);
        }
        if (column->not_null && !key)
            zm_buf_puts(&text, " NOT NULL");
        /* here, because the name that the server gives it is made of the column's */
        if (wanted->check_sql &&
            strncmp(wanted->check_sql, column->name, strlen(column->name)) == 0)
            zm_buf_printf(&text, " CHECK (%s)", wanted->check_sql);
        zm_buf_puts(&text, i + 1 < wanted->n_columns ? ",\n" : "\n)");
    }
    if (wanted->of_login && !schema->facts->logins) {
        db_schema_diff_note(ret, "there is no auth.users: this is no Supabase project");
        db_schema_diff_propose(ret, "%s", text.s);
    } else {
        db_schema_diff_mend(ret, "%s", text.s);
    }
    zm_buf_done(&text);
}

/* New tables get no grants on today's Supabase, and then not even the service can use them. */
static void compare_service(const struct db_schema *schema, const struct db_wanted_table *wanted,
                            bool exists, struct db_schema_diff *ret)
{
    struct zm_buf lacks = {.s = NULL};
    size_t i;

    if (!db_schema_has_role(schema, "service_role")) {
        db_schema_diff_also(ret, "no role service_role");
        return;
    }
    for (i = 0; i < ZM_COUNT(all); i++)
        if (!db_schema_granted(schema, wanted->name, NULL, "service_role", all[i]))
            zm_buf_printf(&lacks, "%s%s", lacks.len ? ", " : "", all[i]);
    db_schema_diff_form(ret, "service_role lacks %s", zm_text(lacks.s));
    if (exists && lacks.len > 0)
        db_schema_diff_say(ret, "service_role lacks %s", lacks.s);
    if (lacks.len > 0 && (exists || ret->statements > 0))
        db_schema_diff_mend(ret, "GRANT ALL ON %s TO service_role", wanted->name);
    zm_buf_done(&lacks);
}

static void name_triggers(const struct db_schema *schema, const struct db_wanted_table *wanted,
                          struct db_schema_diff *ret)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, TRIGGERS); i++) {
        const struct db_schema_trigger *row = DB_SCHEMA_ROW(schema, TRIGGERS, trigger, i);

        if (!zm_streq(row->table_name, wanted->name))
            continue;
        db_schema_diff_form(ret, "%s%s", row->definition, row->enabled ? "" : " disabled");
        db_schema_diff_also(ret, "trigger %s", row->name);
    }
}

/* Policies that open the table; item 6 closes them. Those that keep users to their own rows or are
 * for other roles are of the hardened form. */
static void name_open_policies(const struct db_schema *schema, const struct db_wanted_table *wanted,
                               struct db_schema_diff *ret)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, POLICIES); i++) {
        const struct db_schema_policy *row = DB_SCHEMA_ROW(schema, POLICIES, policy, i);

        if (!zm_streq(row->table_name, wanted->name) || !db_schema_policy_is_open(row) ||
            db_wanted_policy_named(row->table_name, row->name))
            continue;
        db_schema_diff_form(ret, "policy %s %s %s %s %s", row->name, row->command,
                            zm_text(row->roles), zm_text(row->using_text),
                            zm_text(row->check_text));
        db_schema_diff_also(ret, "policy \"%s\" for everybody (item 6)", row->name);
    }
}

static void name_shape(const struct db_schema *schema, const struct db_wanted_table *wanted,
                       struct db_schema_diff *ret)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, COLUMNS); i++) {
        const struct db_schema_column *row = DB_SCHEMA_ROW(schema, COLUMNS, column, i);
        const char *shape = zm_streq(row->table_name, wanted->name)
                                ? db_wanted_older_shape(wanted->name, row->name)
                                : NULL;

        if (shape)
            db_schema_diff_also(ret, "the shape of %s", shape);
    }
}

static void refuse_kind(const struct db_wanted_table *wanted, const struct db_schema_table *found,
                        struct db_schema_diff *ret)
{
    const char *kind = zm_text(found->kind);
    bool view = zm_streq(kind, "view");

    db_schema_diff_form(ret, "%s is a %s", wanted->name, kind);
    db_schema_diff_say(ret, "a %s (of %s) in place of the table", kind, found->owner);
    db_schema_diff_note(ret, "somebody may read it; a person decides, and then looks again:");
    db_schema_diff_propose(ret, "ALTER %s %s RENAME TO %s_before", view ? "VIEW" : "TABLE",
                           wanted->name, wanted->plain);
}

void db_schema_compare_table(const struct db_schema *schema, const struct db_wanted_table *wanted,
                             struct db_schema_diff *ret)
{
    const struct db_schema_table *found = db_schema_table(schema, wanted->name);

    db_schema_diff_form(ret, "%s", wanted->name);
    if (found && !zm_streq(found->kind, "table")) {
        refuse_kind(wanted, found, ret);
        return;
    }
    if (!found) {
        db_schema_diff_form(ret, "missing");
        db_schema_diff_say(ret, "missing");
        create_table(schema, wanted, ret);
        compare_service(schema, wanted, false, ret);
        return;
    }
    name_shape(schema, wanted, ret);
    db_schema_compare_columns(schema, wanted, ret);
    db_schema_compare_constraints(schema, wanted, ret);
    compare_service(schema, wanted, true, ret);
    name_triggers(schema, wanted, ret);
    name_open_policies(schema, wanted, ret);
}

void db_schema_compare_rls(const struct db_schema *schema, const struct db_wanted_table *wanted,
                           struct db_schema_diff *ret)
{
    const struct db_schema_table *found = db_schema_table(schema, wanted->name);
    bool table = found && zm_streq(found->kind, "table");

    db_schema_diff_form(ret, "row security of %s %s", wanted->name,
                        table && found->rls ? "on" : "off");
    if (!table) {
        db_schema_diff_say(ret, "there is no table %s", wanted->name);
    } else if (!found->rls) {
        db_schema_diff_say(ret, "row security is off: policies do nothing");
        db_schema_diff_mend(ret, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY", wanted->name);
    } else if (found->forced) {
        db_schema_diff_also(ret, "forced for the owner too");
    }
}
