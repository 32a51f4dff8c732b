/*
 * The constraints of a table: primary key, foreign key, CHECK, UNIQUE. One on the document's
 * columns that neither the document nor its hardened form has refuses rows that the document
 * allows, and is a difference.
 */
#include <string.h>

#include "db/schema_compare.h"
#include "db/schema_text.h"

#define OF_LOGIN "FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE "

/* What was found of the constraints that the document wants. */
struct seen {
    bool key, login, check;
};

/* Whether all columns of "user_id,symbol" are the document's. */
static bool is_of_document(const struct db_wanted_table *wanted, const char *columns)
{
    char name[128];
    size_t n;

    for (; *columns; columns += n + (columns[n] == ',')) {
        n = strcspn(columns, ",");
        if (n >= sizeof(name))
            return false;
        memcpy(name, columns, n);
        name[n] = '\0';
        if (!db_wanted_column(wanted, name))
            return false;
    }
    return true;
}

static bool is_login(const struct db_wanted_table *wanted, const char *definition)
{
    if (!wanted->of_login)
        return false;
    return db_schema_text_same(definition, OF_LOGIN "CASCADE") ||
           ((wanted->hardened & DB_HARDENED_SET_NULL) &&
            db_schema_text_same(definition, OF_LOGIN "SET NULL"));
}

static bool is_check(const struct db_wanted_table *wanted, const char *definition, bool *ret_wanted)
{
    *ret_wanted = wanted->check && db_schema_text_same(definition, wanted->check);
    return *ret_wanted || ((wanted->hardened & DB_HARDENED_TIERS) &&
                           db_schema_text_same(definition, DB_WANTED_TIERS));
}

/* The definition without what pg_get_constraintdef says about its validity. */
static const char *bare(const struct db_schema_constraint *found, char *dst, size_t size)
{
    static const char mark[] = " NOT VALID";
    size_t n;

    zm_copy(dst, size, found->definition);
    n = strlen(dst);
    if (n >= sizeof(mark) && strcmp(dst + n - (sizeof(mark) - 1), mark) == 0)
        dst[n - (sizeof(mark) - 1)] = '\0';
    return dst;
}

/* Whether it is one of the document's, or of its hardened form; seen keeps which. */
static bool is_wanted(const struct db_wanted_table *wanted,
                      const struct db_schema_constraint *found, struct seen *seen)
{
    char definition[1024];
    bool fine, of_document = false;

    bare(found, definition, sizeof(definition));
    switch (found->kind[0]) {
    case 'p':
        fine = zm_streq(found->columns, "id");
        seen->key |= fine;
        return fine;
    case 'f':
        fine = is_login(wanted, definition);
        seen->login |= fine;
        return fine;
    case 'c':
        fine = is_check(wanted, definition, &of_document);
        seen->check |= of_document;
        return fine;
    case 'u':
        return (wanted->hardened & DB_HARDENED_UNIQUE) && zm_streq(found->columns, "user_id");
    default:
        return false;
    }
}

static void drop(const struct db_wanted_table *wanted, const struct db_schema_constraint *found,
                 struct db_schema_diff *ret)
{
    db_schema_diff_say(ret, "%s: the document has no %s", found->name, found->definition);
    if (found->kind[0] == 'u' || found->kind[0] == 'x')
        db_schema_diff_note(ret, "an ON CONFLICT (%s) of the application would need it",
                            found->columns);
    db_schema_diff_mend(ret, "ALTER TABLE %s DROP CONSTRAINT %s", wanted->name, found->quoted);
}

static void compare_one(const struct db_wanted_table *wanted,
                        const struct db_schema_constraint *found, struct seen *seen,
                        struct db_schema_diff *ret)
{
    if (is_wanted(wanted, found, seen)) {
        if (found->valid)
            return;
        db_schema_diff_form(ret, "constraint %s not valid", found->definition);
        db_schema_diff_say(ret, "%s was never checked against the rows that are there",
                           found->name);
        db_schema_diff_mend(ret, "ALTER TABLE %s VALIDATE CONSTRAINT %s", wanted->name,
                            found->quoted);
        return;
    }
    db_schema_diff_form(ret, "constraint %s", found->definition);
    if (found->kind[0] == 'p' || is_of_document(wanted, found->columns))
        drop(wanted, found, ret);
    else
        db_schema_diff_also(ret, "constraint %s", found->name);
}

static void add_missing(const struct db_schema *schema, const struct db_wanted_table *wanted,
                        const struct seen *seen, struct db_schema_diff *ret)
{
    db_schema_diff_form(ret, "key %d login %d check %d", seen->key,
                        seen->login || !wanted->of_login, seen->check || !wanted->check);
    if (!seen->key) {
        db_schema_diff_say(ret, "no primary key (id)");
        db_schema_diff_mend(ret, "ALTER TABLE %s ADD PRIMARY KEY (id)", wanted->name);
    }
    if (wanted->of_login && !seen->login) {
        db_schema_diff_say(ret, "user_id does not refer to auth.users ON DELETE CASCADE");
        if (schema->facts->logins)
            db_schema_diff_mend(ret,
                                "ALTER TABLE %s ADD FOREIGN KEY (user_id) REFERENCES "
                                "auth.users(id) ON DELETE CASCADE",
                                wanted->name);
        else
            db_schema_diff_note(ret, "there is no auth.users: this is no Supabase project");
    }
    if (wanted->check && !seen->check) {
        db_schema_diff_say(ret, "no CHECK (%s)", wanted->check_sql);
        db_schema_diff_mend(ret, "ALTER TABLE %s ADD CHECK (%s)", wanted->name, wanted->check_sql);
    }
}

/* Unique indexes that are no constraint: named only, the application may rely on them. */
static void name_unique_indexes(const struct db_schema *schema,
                                const struct db_wanted_table *wanted, struct db_schema_diff *ret)
{
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, INDEXES); i++) {
        const struct db_schema_index *row = DB_SCHEMA_ROW(schema, INDEXES, index, i);

        if (!zm_streq(row->table_name, wanted->name) || !row->is_unique || row->of_constraint)
            continue;
        if ((wanted->hardened & DB_HARDENED_UNIQUE) && zm_streq(row->columns, "user_id"))
            continue;
        db_schema_diff_form(ret, "unique %s", row->definition);
        db_schema_diff_also(ret, "unique index %s", row->name);
    }
}

void db_schema_compare_constraints(const struct db_schema *schema,
                                   const struct db_wanted_table *wanted, struct db_schema_diff *ret)
{
    struct seen seen = {.key = false};
    size_t i;

    for (i = 0; i < DB_SCHEMA_N(schema, CONSTRAINTS); i++) {
        const struct db_schema_constraint *row = DB_SCHEMA_ROW(schema, CONSTRAINTS, constraint, i);

        if (zm_streq(row->table_name, wanted->name))
            compare_one(wanted, row, &seen, ret);
    }
    add_missing(schema, wanted, &seen, ret);
    name_unique_indexes(schema, wanted, ret);
}
