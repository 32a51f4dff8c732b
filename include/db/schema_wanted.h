/*
 * What the source document wants of the two schemas, as tables: its eight tables column by column,
 * its policies, and the grants that the policies presuppose. The hardened form of checklist item 6
 * is noted beside it, because an object is fine in either.
 *
 * Types and expressions are written as PostgreSQL prints them; uuid_generate_v4() without a schema,
 * because the extension may live anywhere.
 */
#ifndef DB_SCHEMA_WANTED_H
#define DB_SCHEMA_WANTED_H

#include <stdbool.h>
#include <stddef.h>

#include "db/side.h"

#define DB_WANTED_TIERS "tier = ANY (ARRAY['free', 'pro', 'enterprise'])"

struct db_wanted_column {
    const char *name, *type;
    const char *default_value; /* NULL: none */
    bool not_null;
};

/* Beyond the document; item 6 does it, and nothing else is excused. */
enum db_hardened {
    DB_HARDENED_UNIQUE = 1,   /* UNIQUE (user_id) */
    DB_HARDENED_TIERS = 2,    /* CHECK on the tiers where the document has none */
    DB_HARDENED_SET_NULL = 4, /* the foreign key outlives its user */
};

/* The primary key is always (id). */
struct db_wanted_table {
    enum db_side side;
    const char *name;  /* "public.user_profiles" */
    const char *plain; /* "user_profiles" */
    const struct db_wanted_column *columns;
    size_t n_columns;
    bool of_login;     /* user_id REFERENCES auth.users(id) ON DELETE CASCADE */
    const char *check; /* as the server prints it; NULL: none */
    const char *check_sql;
    int hardened; /* enum db_hardened */
};

enum db_wanted_policy_kind {
    DB_WANTED_OWN,    /* a user's own rows; hardened: TO authenticated, (select auth.uid()) */
    DB_WANTED_PUBLIC, /* anybody's; hardened: gone, see db_schema_compare_policy */
};

struct db_wanted_policy {
    const char *table, *name; /* the name as the document has it: quoted in SQL */
    const char *command;
    enum db_wanted_policy_kind kind;
    const char *using_text, *check_text;
    const char *grantee; /* whom it presupposes to hold the command on the table */
    /* Columns that suffice for the command in the hardened form: "user_id,name"; NULL: all. */
    const char *hardened_columns;
};

/* In the document's order; NULL behind the last. */
const struct db_wanted_table *db_wanted_table(size_t i);
const struct db_wanted_policy *db_wanted_policy(size_t i);
const struct db_wanted_table *db_wanted_table_named(const char *name);
const struct db_wanted_policy *db_wanted_policy_named(const char *table, const char *name);
/* NULL: the document's table has no such column. */
const struct db_wanted_column *db_wanted_column(const struct db_wanted_table *table,
                                                const char *name);

/* The file of ZmartBot's repository whose shape of a table has that column; NULL: none. */
const char *db_wanted_older_shape(const char *table, const char *column);
/* The column of an older shape that held what this one should, or NULL. */
const char *db_wanted_older_name(const char *table, const char *column);

#endif
