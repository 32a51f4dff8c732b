/*
 * Policies and the grants that they presuppose: without the privilege a policy does nothing.
 */
#include <string.h>

#include "db/schema_compare.h"
#include "db/schema_text.h"

/* Whether "anon,authenticated" names the role. */
static bool is_for(const struct db_schema_policy *policy, const char *role)
{
    const char *at = zm_text(policy->roles);
    size_t n = strlen(role);

    for (; *at; at += strcspn(at, ","), at += *at == ',')
        if (strncmp(at, role, n) == 0 && (!at[n] || at[n] == ','))
            return true;
    return false;
}

bool db_schema_policy_names(const struct db_schema_policy *policy, const char *table,
                            const char *column)
{
    const char *at = zm_text(policy->depends);
    char name[160];
    size_t n;

    snprintf(name, sizeof(name), "%s.%s", table, column);
    n = strlen(name);
    for (; *at; at += strcspn(at, ","), at += *at == ',')
        if (strncmp(at, name, n) == 0 && (!at[n] || at[n] == ','))
            return true;
    return false;
}

static void add_replaced(const char *text, const char *old, const char *with, struct zm_buf *ret)
{
    const char *at;

    while ((at = strstr(text, old))) {
        zm_buf_add(ret, text, (size_t)(at - text));
        zm_buf_puts(ret, with);
        text = at + strlen(old);
    }
    zm_buf_puts(ret, text);
}

void db_schema_policy_mend(const struct db_schema_policy *policy, bool to_uuid,
                           struct db_schema_diff *ret)
{
    struct zm_buf once = {.s = NULL}, twice = {.s = NULL};

    add_replaced(policy->rest, "(auth.uid())::text", "auth.uid()", &once);
    add_replaced(once.s, "(( SELECT auth.uid() AS uid))::text", "( SELECT auth.uid() AS uid)",
                 &twice);
    db_schema_diff_mend(ret, "CREATE POLICY %s%s", policy->place, to_uuid ? twice.s : policy->rest);
    zm_buf_done(&once);
    zm_buf_done(&twice);
}

/* Whether a condition, or one of several that all have to hold, is the user's own rows. */
static bool is_own_text(const char *expression)
{
    static const char *const forms[] = {"auth.uid()=user_id", "user_id=auth.uid()"};
    struct zm_buf text = {.s = NULL};
    const char *at, *end;
    bool is = false;
    size_t i;

    db_schema_text(expression, &text);
    at = zm_text(text.s);
    if (strstr(at, " OR ") || strstr(at, "NOT "))
        at = "";
    for (; *at; at = *end ? end + strlen(" AND ") : end) {
        end = strstr(at, " AND ");
        end = end ? end : at + strlen(at);
        for (i = 0; i < ZM_COUNT(forms); i++)
            is |= strncmp(at, forms[i], strlen(forms[i])) == 0 && at + strlen(forms[i]) == end;
    }
    zm_buf_done(&text);
    return is;
}

bool db_schema_policy_is_own(const struct db_schema_policy *policy)
{
    bool reads = !zm_streq(policy->command, "INSERT");

    /* what is read is judged by USING; what is written by WITH CHECK, else by USING */
    if (reads && !is_own_text(policy->using_text))
        return false;
    return (reads && !policy->check_text) || is_own_text(policy->check_text);
}

bool db_schema_policy_is_open(const struct db_schema_policy *policy)
{
    return policy->permissive &&
           (is_for(policy, "public") || is_for(policy, "anon") ||
            is_for(policy, "authenticated")) &&
           !db_schema_policy_is_own(policy);
}

static bool is_as_written(const struct db_wanted_policy *wanted,
                          const struct db_schema_policy *found)
{
    bool own = wanted->kind == DB_WANTED_OWN;

    if (!found->permissive || !zm_streq(found->command, wanted->command) ||
        !db_schema_text_same(found->using_text, wanted->using_text))
        return false;
    if (!zm_streq(found->roles, "public") && !(own && zm_streq(found->roles, "authenticated")))
        return false;
    if (db_schema_text_same(found->check_text, wanted->check_text))
        return true;
    /* the same by other words: without WITH CHECK an UPDATE is judged by USING */
    return own && zm_streq(wanted->command, "UPDATE") &&
           db_schema_text_same(found->check_text, wanted->using_text);
}

/* Another policy that lets somebody at this table for this command. */
static const struct db_schema_policy *find_open(const struct db_schema *schema,
                                                const struct db_wanted_policy *wanted)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, POLICIES); i++) {
        const struct db_schema_policy *row = DB_SCHEMA_ROW(schema, POLICIES, policy, i);

        if (zm_streq(row->table_name, wanted->table) && !zm_streq(row->name, wanted->name) &&
            (zm_streq(row->command, wanted->command) || zm_streq(row->command, "ALL")) &&
            db_schema_policy_is_open(row))
            return row;
    }
    return NULL;
}

/* The same under another name. */
static const struct db_schema_policy *find_renamed(const struct db_schema *schema,
                                                   const struct db_wanted_policy *wanted)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, POLICIES); i++) {
        const struct db_schema_policy *row = DB_SCHEMA_ROW(schema, POLICIES, policy, i);

        if (zm_streq(row->table_name, wanted->table) && is_as_written(wanted, row) &&
            !db_wanted_policy_named(row->table_name, row->name))
            return row;
    }
    return NULL;
}

/* What a policy that is not there leaves behind when item 6 removed it, and does not have when
 * nobody ever made it. */
static bool shows_hardening(const struct db_schema *schema, const struct db_wanted_policy *wanted)
{
    size_t i;

    if (db_schema_is_unique(schema, wanted->table, "user_id"))
        return true;
    for (i = 0; i < DB_SCHEMA_N(schema, CONSTRAINTS); i++) {
        const struct db_schema_constraint *row = DB_SCHEMA_ROW(schema, CONSTRAINTS, constraint, i);

        if (zm_streq(row->table_name, wanted->table) && zm_streq(row->kind, "c") &&
            db_schema_text_same(row->definition, DB_WANTED_TIERS))
            return true;
    }
    for (i = 0; i < DB_SCHEMA_N(schema, POLICIES); i++) {
        const struct db_schema_policy *row = DB_SCHEMA_ROW(schema, POLICIES, policy, i);

        if (zm_streq(row->table_name, wanted->table) && is_for(row, "authenticated") &&
            db_schema_policy_is_own(row))
            return true;
    }
    return false;
}

static bool is_tightened(const struct db_schema *schema, const struct db_wanted_policy *wanted,
                         const struct db_schema_table *table, const struct db_schema_policy *found)
{
    if (wanted->kind != DB_WANTED_PUBLIC || !table->rls || find_open(schema, wanted))
        return false;
    if (found)
        return zm_streq(found->command, wanted->command) && !db_schema_policy_is_open(found);
    return shows_hardening(schema, wanted);
}

static void create(const struct db_wanted_policy *wanted, struct db_schema_diff *ret)
{
    db_schema_diff_mend(ret, "CREATE POLICY \"%s\" ON %s FOR %s %s (%s)", wanted->name,
                        wanted->table, wanted->command, wanted->using_text ? "USING" : "WITH CHECK",
                        wanted->using_text ? wanted->using_text : wanted->check_text);
}

static void compare_definition(const struct db_schema *schema,
                               const struct db_wanted_policy *wanted,
                               const struct db_schema_policy *found, struct db_schema_diff *ret)
{
    const struct db_schema_policy *other;

    if (found && is_as_written(wanted, found))
        return;
    if (found) {
        db_schema_diff_say(ret, "it is for %s to %s%s%s%s%s%s", found->command,
                           zm_text(found->roles), found->permissive ? "" : ", restrictive",
                           found->using_text ? ", using " : "", zm_text(found->using_text),
                           found->check_text ? ", with check " : "", zm_text(found->check_text));
        db_schema_diff_form(ret, "%s", ret->found.s);
        db_schema_diff_mend(ret, "DROP POLICY %s ON %s", found->quoted, wanted->table);
        create(wanted, ret);
        return;
    }
    db_schema_diff_form(ret, "missing");
    other = find_renamed(schema, wanted);
    if (other) {
        db_schema_diff_say(ret, "it is called \"%s\" here", other->name);
        db_schema_diff_mend(ret, "ALTER POLICY %s ON %s RENAME TO \"%s\"", other->quoted,
                            wanted->table, wanted->name);
        return;
    }
    db_schema_diff_say(ret, "missing");
    other = find_open(schema, wanted);
    if (other)
        db_schema_diff_also(ret, "policy \"%s\" for everybody (item 6)", other->name);
    create(wanted, ret);
}

/* Whether the role may, by some columns, and by those that the hardened form leaves. */
static bool holds_columns(const struct db_schema *schema, const struct db_wanted_policy *wanted,
                          bool *ret_some)
{
    const char *at = wanted->hardened_columns;
    bool all = at != NULL;
    char column[64];
    size_t n, i;

    *ret_some = false;
    for (i = 0; i < DB_SCHEMA_N(schema, GRANTS); i++) {
        const struct db_schema_grant *row = DB_SCHEMA_ROW(schema, GRANTS, grant, i);

        *ret_some |= row->column_name && zm_streq(row->table_name, wanted->table) &&
                     zm_streq(row->grantee, wanted->grantee);
    }
    for (; at && *at; at += n + (at[n] == ',')) {
        n = strcspn(at, ",");
        snprintf(column, sizeof(column), "%.*s", (int)n, at);
        all &= db_schema_granted(schema, wanted->table, column, wanted->grantee, wanted->command);
    }
    return all;
}

static void compare_grant(const struct db_schema *schema, const struct db_wanted_policy *wanted,
                          struct db_schema_diff *ret)
{
    bool some;

    if (!db_schema_has_role(schema, wanted->grantee)) {
        db_schema_diff_also(ret, "no role %s", wanted->grantee);
        return;
    }
    if (db_schema_granted(schema, wanted->table, NULL, wanted->grantee, wanted->command) ||
        holds_columns(schema, wanted, &some))
        return;
    db_schema_diff_form(ret, "%s lacks %s", wanted->grantee, wanted->command);
    db_schema_diff_say(ret, "%s lacks %s on the table, so the policy does nothing", wanted->grantee,
                       wanted->command);
    /* where columns were granted the table was hardened: that stays closed */
    if (some && wanted->hardened_columns)
        db_schema_diff_mend(ret, "GRANT %s (%s) ON %s TO %s", wanted->command,
                            wanted->hardened_columns, wanted->table, wanted->grantee);
    else
        db_schema_diff_mend(ret, "GRANT %s ON %s TO %s", wanted->command, wanted->table,
                            wanted->grantee);
}

void db_schema_compare_policy(const struct db_schema *schema, const struct db_wanted_policy *wanted,
                              struct db_schema_diff *ret)
{
    const struct db_schema_table *table = db_schema_table(schema, wanted->table);
    const struct db_schema_policy *found = db_schema_policy(schema, wanted->table, wanted->name);

    db_schema_diff_form(ret, "policy %s on %s", wanted->name, wanted->table);
    if (!table || !zm_streq(table->kind, "table")) {
        db_schema_diff_form(ret, "no table");
        db_schema_diff_say(ret, "there is no table %s", wanted->table);
        return;
    }
    if (wanted->kind == DB_WANTED_OWN && !schema->facts->uid) {
        db_schema_diff_form(ret, "no auth.uid()");
        db_schema_diff_say(ret, "there is no auth.uid(): this is no Supabase project");
        return;
    }
    if (is_tightened(schema, wanted, table, found)) {
        db_schema_diff_also(ret, "tightened");
        return;
    }
    compare_definition(schema, wanted, found, ret);
    compare_grant(schema, wanted, ret);
}
