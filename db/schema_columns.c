/*
 * The columns of a table, one by one: type, default, nullability, and what mends each. Data is
 * never lost: a change of type that could lose some, of a table that holds rows, is a proposal.
 */
#include <stdlib.h>
#include <string.h>

#include "db/schema_compare.h"
#include "db/schema_text.h"

/* Whether numeric(p,s) fits into numeric(20,8). */
static bool fits_amount(const char *type)
{
    char *end;
    long precision, scale;

    if (strncmp(type, "numeric(", 8) != 0)
        return false;
    precision = strtol(type + 8, &end, 10);
    scale = *end == ',' ? strtol(end + 1, NULL, 10) : 0;
    return scale >= 0 && scale <= 8 && precision - scale <= 12;
}

/* Whether every value of the type survives in the wanted one. */
static bool is_lossless(const char *from, const char *to)
{
    static const char *const integers[] = {"smallint", "integer", "bigint"};
    size_t i;

    if (zm_streq(to, "text"))
        return strncmp(from, "character", 9) == 0 || zm_streq(from, "name") ||
               zm_streq(from, "uuid");
    if (zm_streq(to, "timestamp without time zone"))
        return zm_streq(from, "timestamp with time zone") || zm_streq(from, "date");
    if (!zm_streq(to, "numeric(20,8)"))
        return false;
    for (i = 0; i < ZM_COUNT(integers); i++)
        if (zm_streq(from, integers[i]))
            return true;
    return fits_amount(from);
}

static void set_default(const struct db_schema *schema, const struct db_wanted_table *wanted,
                        const struct db_wanted_column *column, struct db_schema_diff *ret)
{
    struct zm_buf text = {.s = NULL};

    if (column->default_value) {
        db_schema_add_default(schema, column->default_value, &text);
        db_schema_diff_mend(ret, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s", wanted->name,
                            column->name, text.s);
    } else {
        db_schema_diff_mend(ret, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", wanted->name,
                            column->name);
    }
    zm_buf_done(&text);
}

/* Rows that are there do not get a moment at which they were not made. */
static void add_column(const struct db_schema *schema, const struct db_wanted_table *wanted,
                       const struct db_wanted_column *column, struct db_schema_diff *ret)
{
    const char *older = db_wanted_older_name(wanted->name, column->name);
    bool rows = db_schema_has_rows(schema, wanted->name);
    bool later = rows && zm_streq(column->default_value, "now()");
    bool unfilled = rows && column->not_null && !column->default_value;
    struct zm_buf text = {.s = NULL};

    if (column->default_value && !later)
        db_schema_add_default(schema, column->default_value, &text);
    db_schema_diff_mend(ret, "ALTER TABLE %s ADD COLUMN %s %s%s%s%s", wanted->name, column->name,
                        column->type, text.s ? " DEFAULT " : "", zm_text(text.s),
                        column->not_null && !unfilled ? " NOT NULL" : "");
    zm_buf_done(&text);
    if (later)
        set_default(schema, wanted, column, ret);
    if (rows && older && db_schema_column(schema, wanted->name, older)) {
        db_schema_diff_note(ret, "%s may hold what %s should; a person decides:", older,
                            column->name);
        db_schema_diff_propose(ret, "UPDATE %s SET %s = %s WHERE %s IS NULL", wanted->name,
                               column->name, older, column->name);
    }
    if (unfilled) {
        db_schema_diff_note(ret, "once every row has its %s:", column->name);
        db_schema_diff_propose(ret, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", wanted->name,
                               column->name);
    }
}

/* Rows may come between looking and mending: then nothing is changed. */
static void insist_on_empty(const struct db_wanted_table *wanted, struct db_schema_diff *ret)
{
    if (strstr(zm_text(ret->fix.s), "LOCK TABLE"))
        return;
    db_schema_diff_mend(ret, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", wanted->name);
    db_schema_diff_mend(ret, "SET LOCAL row_security = off");
    db_schema_diff_mend(ret,
                        "DO $$ BEGIN IF EXISTS (SELECT FROM %s) THEN RAISE EXCEPTION '%% holds "
                        "rows now: look again', '%s'; END IF; END $$",
                        wanted->name, wanted->name);
}

/* Whether the type of a column will be changed by what mends it. */
static bool is_mended(const struct db_schema *schema, const struct db_wanted_table *wanted,
                      const struct db_wanted_column *column, const struct db_schema_column *found)
{
    return found && !found->generated && !found->identity && !zm_streq(found->type, column->type) &&
           (is_lossless(found->type, column->type) || !db_schema_has_rows(schema, wanted->name));
}

/* Whether a policy, of whichever table, names a column of this one whose type will be changed;
 * *ret_to_uuid: to uuid. */
static bool is_in_the_way(const struct db_schema *schema, const struct db_wanted_table *wanted,
                          const struct db_schema_policy *policy, bool *ret_to_uuid)
{
    bool is = false;
    size_t i;

    *ret_to_uuid = false;

    for (i = 0; i < wanted->n_columns; i++) {
        const struct db_wanted_column *column = &wanted->columns[i];

        if (!is_mended(schema, wanted, column,
                       db_schema_column(schema, wanted->name, column->name)) ||
            !db_schema_policy_names(policy, wanted->name, column->name))
            continue;
        is = true;
        *ret_to_uuid |= zm_streq(column->type, "uuid");
    }
    return is;
}

/* The server changes no type while a policy names the column. Within the transaction nobody sees
 * that it is gone; where it does not fit the new type, the trial says so and nothing is kept. */
static void move_policies(const struct db_schema *schema, const struct db_wanted_table *wanted,
                          bool back, struct db_schema_diff *ret)
{
    bool to_uuid;
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, POLICIES); i++) {
        const struct db_schema_policy *policy = DB_SCHEMA_ROW(schema, POLICIES, policy, i);

        if (!is_in_the_way(schema, wanted, policy, &to_uuid))
            continue;
        if (back)
            db_schema_policy_mend(policy, to_uuid, ret);
        else
            db_schema_diff_mend(ret, "DROP POLICY %s", policy->place);
    }
}

static void propose_type(const struct db_schema *schema, const struct db_wanted_table *wanted,
                         const struct db_wanted_column *column,
                         const struct db_schema_column *found, struct db_schema_diff *ret)
{
    size_t i;

    db_schema_diff_note(ret,
                        "the table holds rows, and %s may lose some of its %s; a person decides:",
                        column->name, found->type);
    for (i = 0; i < DB_SCHEMA_N(schema, POLICIES); i++) {
        const struct db_schema_policy *policy = DB_SCHEMA_ROW(schema, POLICIES, policy, i);

        if (db_schema_policy_names(policy, wanted->name, column->name))
            db_schema_diff_note(ret, "policy %s names it: dropped before, created again after%s",
                                policy->place, policy->rest);
    }
    db_schema_diff_propose(ret, "ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s::%s", wanted->name,
                           column->name, column->type, column->name, column->type);
}

static void change_type(const struct db_schema *schema, const struct db_wanted_table *wanted,
                        const struct db_wanted_column *column, const struct db_schema_column *found,
                        struct db_schema_diff *ret)
{
    bool lossless = is_lossless(found->type, column->type);
    bool utc = zm_streq(found->type, "timestamp with time zone") && lossless;

    if (!lossless && db_schema_has_rows(schema, wanted->name)) {
        propose_type(schema, wanted, column, found, ret);
        return;
    }
    if (!lossless)
        insist_on_empty(wanted, ret);
    if (found->default_value)
        db_schema_diff_mend(ret, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", wanted->name,
                            column->name);
    db_schema_diff_mend(ret, "ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s%s", wanted->name,
                        column->name, column->type, lossless ? column->name : "NULL",
                        utc ? " AT TIME ZONE 'UTC'" : "");
    if (column->default_value)
        set_default(schema, wanted, column, ret);
}

static void compare_default(const struct db_schema *schema, const struct db_wanted_table *wanted,
                            const struct db_wanted_column *column,
                            const struct db_schema_column *found, bool mend,
                            struct db_schema_diff *ret)
{
    if (db_schema_text_same(found->default_value, column->default_value))
        return;
    if (!column->default_value)
        db_schema_diff_say(ret, "%s has the default %s, the document none", column->name,
                           found->default_value);
    else if (!found->default_value)
        db_schema_diff_say(ret, "%s has no default, not %s", column->name, column->default_value);
    else
        db_schema_diff_say(ret, "%s has the default %s, not %s", column->name, found->default_value,
                           column->default_value);
    if (mend)
        set_default(schema, wanted, column, ret);
}

static void compare_column(const struct db_schema *schema, const struct db_wanted_table *wanted,
                           const struct db_wanted_column *column,
                           const struct db_schema_column *found, struct db_schema_diff *ret)
{
    bool same_type = zm_streq(found->type, column->type);

    if (found->generated || found->identity) {
        db_schema_diff_say(ret, "%s is %s by the server", column->name,
                           found->generated ? "generated" : "numbered");
        db_schema_diff_note(ret, "%s is made by the server; a person decides:", column->name);
        db_schema_diff_propose(ret, "ALTER TABLE %s ALTER COLUMN %s DROP %s", wanted->name,
                               column->name, found->generated ? "EXPRESSION" : "IDENTITY");
        return;
    }
    if (!same_type) {
        db_schema_diff_say(ret, "%s is %s, not %s", column->name, found->type, column->type);
        change_type(schema, wanted, column, found, ret);
    }
    compare_default(schema, wanted, column, found, same_type, ret);
    if (found->not_null && !column->not_null) {
        db_schema_diff_say(ret, "%s must not be null, the document allows it", column->name);
        db_schema_diff_mend(ret, "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL", wanted->name,
                            column->name);
    } else if (!found->not_null && column->not_null) {
        db_schema_diff_say(ret, "%s may be null", column->name);
        db_schema_diff_mend(ret, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", wanted->name,
                            column->name);
    }
}

static void compare_extra(const struct db_wanted_table *wanted,
                          const struct db_schema_column *found, struct db_schema_diff *ret)
{
    bool in_the_way =
        found->not_null && !found->default_value && !found->generated && !found->identity;

    db_schema_diff_form(ret, "beyond: %s %s %s%s", found->name, found->type,
                        zm_text(found->default_value), found->not_null ? " not null" : "");
    if (!in_the_way) {
        db_schema_diff_also(ret, "column %s", found->name);
        return;
    }
    db_schema_diff_say(ret, "%s must not be null and the document does not know it", found->name);
    db_schema_diff_mend(ret, "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL", wanted->name,
                        found->quoted);
}

/* The same text as long as the column is as the document has it, else what is there. */
static void add_form(const struct db_wanted_column *column, const struct db_schema_column *found,
                     bool same, struct db_schema_diff *ret)
{
    if (!found)
        db_schema_diff_form(ret, "%s missing", column->name);
    else if (same)
        db_schema_diff_form(ret, "%s as written", column->name);
    else
        db_schema_diff_form(ret, "%s %s %s%s%s%s", column->name, found->type,
                            zm_text(found->default_value), found->not_null ? " not null" : "",
                            found->generated ? " generated" : "",
                            found->identity ? " identity" : "");
}

void db_schema_compare_columns(const struct db_schema *schema, const struct db_wanted_table *wanted,
                               struct db_schema_diff *ret)
{
    size_t i;

    move_policies(schema, wanted, false, ret);
    for (i = 0; i < wanted->n_columns; i++) {
        const struct db_wanted_column *column = &wanted->columns[i];
        const struct db_schema_column *found = db_schema_column(schema, wanted->name, column->name);
        int before = ret->differences;

        if (found) {
            compare_column(schema, wanted, column, found, ret);
        } else {
            db_schema_diff_say(ret, "%s missing", column->name);
            add_column(schema, wanted, column, ret);
        }
        add_form(column, found, ret->differences == before, ret);
    }
    for (i = 0; i < DB_SCHEMA_N(schema, COLUMNS); i++) {
        const struct db_schema_column *found = DB_SCHEMA_ROW(schema, COLUMNS, column, i);

        if (zm_streq(found->table_name, wanted->name) && !db_wanted_column(wanted, found->name))
            compare_extra(wanted, found, ret);
    }
    move_policies(schema, wanted, true, ret);
}
