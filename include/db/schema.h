/*
 * The schema of one database as it is, read from its catalogue in one round trip: everything that
 * the steps of the checklist compare. What the source document wants is db/schema_wanted.h.
 *
 * Names of tables are qualified, "public.user_profiles". Whatever is called quoted may stand in a
 * statement as it is; the other names may hold anything.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/link.h"
#include "db/rows.h"
#include "db/side.h"
#include "zm/error.h"

/* Who asks, and what a change depends on besides the tables. */
struct db_schema_facts {
    const char *role;
    bool is_super, bypasses;
    bool may_create; /* in schema public */
    bool may_extend; /* create in the database: a trusted extension */
    const char *schema_owner;
    bool extensions;     /* there is a schema of that name: Supabase's place for extensions */
    bool logins, uid;    /* auth.users, auth.uid() */
    bool uuid_available; /* uuid-ossp could be installed */
};

struct db_schema_table {
    const char *table_name, *quoted;
    const char *kind;  /* "table", "view", "partitioned table", ... */
    const char *owner; /* a role */
    bool owned;        /* this role may act as the owner */
    bool rls, forced;
    int64_t estimate; /* of rows; -1: never analysed */
};

struct db_schema_column {
    const char *table_name, *name, *quoted;
    const char *type;          /* "numeric(20,8)" */
    const char *default_value; /* as the server writes it; NULL: none */
    bool not_null, generated, identity;
};

struct db_schema_constraint {
    const char *table_name, *name, *quoted;
    const char *kind;       /* "p" primary key, "u" unique, "f" foreign key, "c" check, "x" */
    const char *definition; /* as pg_get_constraintdef writes it */
    const char *columns;    /* "user_id,symbol" */
    bool valid;
};

struct db_schema_policy {
    const char *table_name, *name, *quoted;
    const char *command; /* SELECT, INSERT, UPDATE, DELETE, ALL */
    bool permissive;
    const char *roles; /* "public", "anon,authenticated" */
    const char *using_text, *check_text;
    const char *place;   /* "\"Public read\" ON public.user_trading_profiles" */
    const char *rest;    /* " FOR SELECT TO PUBLIC USING (true)" */
    const char *depends; /* "public.user_trades.user_id,...": columns; NULL: none */
};

struct db_schema_grant {
    const char *table_name;
    const char *column_name; /* NULL: the whole table */
    const char *grantee;     /* PUBLIC, anon, authenticated, service_role, zmart_... */
    const char *privileges;  /* "INSERT,SELECT" */
};

struct db_schema_index {
    const char *table_name, *name, *quoted;
    const char *definition;
    bool is_unique, valid;
    const char *predicate;     /* NULL: it holds all rows */
    const char *columns;       /* "" where one is an expression */
    const char *of_constraint; /* NULL: made by itself */
};

struct db_schema_trigger {
    const char *table_name, *name;
    const char *definition;
    bool enabled;
    const char *function; /* "public.handle_new_user" */
    bool definer;         /* the function runs with its owner's rights */
    const char *body;     /* a hash of its text and settings */
};

struct db_schema_extension {
    const char *name;
    const char *schema_name, *schema_quoted;
    const char *version;
};

struct db_schema_role {
    const char *name;
    bool can_login, is_super, bypasses;
    bool member; /* this role may act as it */
};

struct db_schema_rows {
    const char *table_name;
    bool has_rows;
};

extern const struct db_shape db_shape_schema_facts, db_shape_schema_table, db_shape_schema_column,
    db_shape_schema_constraint, db_shape_schema_policy, db_shape_schema_grant,
    db_shape_schema_index, db_shape_schema_trigger, db_shape_schema_extension, db_shape_schema_role,
    db_shape_schema_rows;

/* facts, tables, policies, grants, extensions and roles are of the whole database; columns,
 * constraints, indexes and triggers of the document's tables and of auth.users and
 * auth.identities; rows of the document's tables. */
enum db_schema_part {
    DB_SCHEMA_FACTS,
    DB_SCHEMA_TABLES,
    DB_SCHEMA_COLUMNS,
    DB_SCHEMA_CONSTRAINTS,
    DB_SCHEMA_POLICIES,
    DB_SCHEMA_GRANTS,
    DB_SCHEMA_INDEXES,
    DB_SCHEMA_TRIGGERS,
    DB_SCHEMA_EXTENSIONS,
    DB_SCHEMA_ROLES,
    DB_SCHEMA_ROWS,
    DB_SCHEMA_PARTS,
};

struct db_schema {
    enum db_side side;
    const struct db_schema_facts *facts;
    struct db_ask part[DB_SCHEMA_PARTS]; /* rows: structs of that part */
};

/* Row i of a part: DB_SCHEMA_ROW(s, COLUMNS, column, i). */
#define DB_SCHEMA_ROW(schema, PART, type, i)                                                       \
    DB_ROW(&(schema)->part[DB_SCHEMA_##PART].rows, struct db_schema_##type, i)
#define DB_SCHEMA_N(schema, PART) ((schema)->part[DB_SCHEMA_##PART].rows.n)

/* Reads it; db_schema_free frees. NULL: *err says why. Blocks. */
struct db_schema *db_schema_read(struct db_link *link, struct zm_error *err);
void db_schema_free(struct db_schema *schema);

/* NULL: there is none of that name. */
const struct db_schema_table *db_schema_table(const struct db_schema *schema, const char *table);
const struct db_schema_column *db_schema_column(const struct db_schema *schema, const char *table,
                                                const char *column);
const struct db_schema_policy *db_schema_policy(const struct db_schema *schema, const char *table,
                                                const char *name);
const struct db_schema_extension *db_schema_extension(const struct db_schema *schema,
                                                      const char *name);
bool db_schema_has_role(const struct db_schema *schema, const char *name);
/* False only where it is known that the table is empty. */
bool db_schema_has_rows(const struct db_schema *schema, const char *table);
/* Whether the privilege was granted to the role or to PUBLIC, on the table; with a column: on the
 * table or on that column. What the role inherits from others does not count. */
bool db_schema_granted(const struct db_schema *schema, const char *table, const char *column,
                       const char *grantee, const char *privilege);
/* Whether a unique constraint or a valid unique index without a condition is on exactly these
 * columns ("user_id"). */
bool db_schema_is_unique(const struct db_schema *schema, const char *table, const char *columns);

#endif
