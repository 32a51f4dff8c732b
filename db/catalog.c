/*
 * Reads the catalogue of a server once per connection and answers questions about it. What follows
 * from it for a statement is catalog_needs's, what is told to people catalog_facts's.
 */
#include "db/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/catalog_data.h"
#include "db/catalog_facts.h"
#include "db/link_io.h"
#include "zm/arena.h"
#include "zm/clock.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_known_table known[] = { /* steps: the checklist of the source document */
    {"auth.users",                   DB_SIDES, ""},
    {"auth.identities",              DB_SIDES, ""},
    {"zmartctl.users",               DB_SIDES, ""},
    {"public.user_profiles",         DB_BRAIN, "1.2 user_profiles"},
    {"public.user_subscriptions",    DB_BRAIN, "1.3 user_subscriptions"},
    {"public.user_activity",         DB_BRAIN, "1.4 user_activity"},
    {"public.user_trading_profiles", DB_BOT,   "2.2 user_trading_profiles"},
    {"public.user_portfolios",       DB_BOT,   "2.3 user_portfolios"},
    {"public.user_strategies",       DB_BOT,   "2.4 user_strategies"},
    {"public.user_trades",           DB_BOT,   "2.5 user_trades"},
    {"public.user_api_keys",         DB_BOT,   "2.6 user_api_keys"},
};

static const struct db_field identity_fields[] = {
    DB_FIELD(struct db_identity_row, role),
    DB_FIELD(struct db_identity_row, server),
    DB_FIELD(struct db_identity_row, database_oid),
    DB_FIELD(struct db_identity_row, version),
    DB_FIELD(struct db_identity_row, pid),
    DB_FIELD(struct db_identity_row, read_only),
    DB_FIELD(struct db_identity_row, standby),
};
static const struct db_field system_fields[] = {
    DB_FIELD(struct db_system_row, system),
};
static const struct db_field column_fields[] = {
    DB_FIELD(struct db_column_row, table_name),
    DB_FIELD(struct db_column_row, column_name),
    DB_FIELD(struct db_column_row, data_type),
    DB_FIELD(struct db_column_row, readable),
    DB_FIELD(struct db_column_row, updatable),
    DB_FIELD(struct db_column_row, insertable),
};
static const struct db_field table_fields[] = {
    DB_FIELD(struct db_table_row, table_name),
    DB_FIELD(struct db_table_row, kind),
    DB_FIELD(struct db_table_row, sees_all),
    DB_FIELD(struct db_table_row, writable),
    DB_FIELD(struct db_table_row, estimate),
};
static const struct db_field index_fields[] = {
    DB_FIELD(struct db_index_found, table_name),
    DB_FIELD(struct db_index_found, definition),
    DB_FIELD(struct db_index_found, predicate),
    DB_FIELD(struct db_index_found, is_unique),
};

static const struct db_field check_fields[] = {
    DB_FIELD(struct db_check, table_name),
    DB_FIELD(struct db_check, definition),
};

static const struct db_field guard_fields[] = {
    DB_FIELD(struct db_guard_row, unprotected),
};

const struct db_shape db_shape_guard = {
    "journal guard", sizeof(struct db_guard_row), guard_fields, ZM_COUNT(guard_fields)};
const struct db_shape db_shape_check = {
    "check", sizeof(struct db_check), check_fields, ZM_COUNT(check_fields)};
const struct db_shape db_shape_identity = {
    "identity", sizeof(struct db_identity_row), identity_fields, ZM_COUNT(identity_fields)};
const struct db_shape db_shape_system = {
    "system", sizeof(struct db_system_row), system_fields, ZM_COUNT(system_fields)};
const struct db_shape db_shape_column = {
    "column", sizeof(struct db_column_row), column_fields, ZM_COUNT(column_fields)};
const struct db_shape db_shape_table = {
    "table", sizeof(struct db_table_row), table_fields, ZM_COUNT(table_fields)};
const struct db_shape db_shape_index = {
    "index", sizeof(struct db_index_found), index_fields, ZM_COUNT(index_fields)};
/* clang-format on */

const struct db_known_table *db_known_table(size_t i)
{
    return i < ZM_COUNT(known) ? &known[i] : NULL;
}

const struct db_table_row *db_catalog_table(const struct db_catalog *catalog, const char *name)
{
    size_t i;

    for (i = 0; i < catalog->tables.n; i++) {
        const struct db_table_row *row = DB_ROW(&catalog->tables, struct db_table_row, i);

        if (zm_streq(row->table_name, name))
            return row;
    }
    return NULL;
}

const struct db_column_row *db_catalog_column(const struct db_catalog *catalog, const char *table,
                                              const char *name, size_t n)
{
    size_t i;

    for (i = 0; i < catalog->columns.n; i++) {
        const struct db_column_row *row = DB_ROW(&catalog->columns, struct db_column_row, i);

        if (zm_streq(row->table_name, table) && strncmp(row->column_name, name, n) == 0 &&
            !row->column_name[n])
            return row;
    }
    return NULL;
}

bool db_catalog_has(const struct db_catalog *catalog, const char *table, const char *column)
{
    if (!column)
        return db_catalog_table(catalog, table) != NULL;
    return db_catalog_column(catalog, table, column, strlen(column)) != NULL;
}

bool db_catalog_sees_all(const struct db_catalog *catalog, const char *table)
{
    const struct db_table_row *row = db_catalog_table(catalog, table);

    return !row || row->sees_all;
}

bool db_catalog_is_view(const struct db_catalog *catalog, const char *table)
{
    const struct db_table_row *row = db_catalog_table(catalog, table);

    return row && (zm_streq(row->kind, "v") || zm_streq(row->kind, "m"));
}

bool db_catalog_check_allows(const struct db_catalog *catalog, const char *table,
                             const char *column, const char *word)
{
    char quoted[80];
    size_t i;

    snprintf(quoted, sizeof(quoted), "'%.64s'", word);
    for (i = 0; i < catalog->checks.n; i++) {
        const struct db_check *check = DB_ROW(&catalog->checks, struct db_check, i);

        if (zm_streq(check->table_name, table) && strstr(check->definition, column) &&
            strchr(check->definition, '\'') && !strstr(check->definition, quoted))
            return false;
    }
    return true;
}

const char *db_catalog_closing_status(const struct db_catalog *catalog)
{
    static const char *const words[] = {"ended", "expired", "cancelled"};
    size_t i;

    for (i = 0; catalog && i < ZM_COUNT(words); i++)
        if (db_catalog_check_allows(catalog, "public.user_subscriptions", "status", words[i]))
            return words[i];
    return words[0];
}

int64_t db_catalog_estimate(const struct db_catalog *catalog, const char *table)
{
    const struct db_table_row *row = db_catalog_table(catalog, table);

    return row ? row->estimate : -1;
}

/* auth.users where it can be read and its rows are seen: to a role of its own the rows of
 * auth.users are simply not there, without an error. */
static enum db_logins find_logins(const struct db_catalog *catalog)
{
    const struct db_column_row *id;

    id = db_catalog_column(catalog, "auth.users", "id", 2);
    if (id && id->readable && db_catalog_sees_all(catalog, "auth.users"))
        return DB_LOGINS_TABLE;
    id = db_catalog_column(catalog, "zmartctl.users", "id", 2);
    if (id && id->readable && db_catalog_sees_all(catalog, "zmartctl.users"))
        return DB_LOGINS_VIEW;
    return DB_LOGINS_NONE;
}

/* "{auth.users,...}": none of the names needs quoting. */
static void list_tables(struct zm_buf *ret)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(known); i++)
        zm_buf_printf(ret, "%s%s", i ? "," : "{", known[i].name);
    zm_buf_puts(ret, "}");
}

/* The rows change hands: the catalogue keeps what it answers from. */
static void take_answers(struct db_link *link, struct db_ask asks[DB_CATALOG_PARTS])
{
    struct db_catalog *catalog = zm_calloc(1, sizeof(*catalog));

    catalog->side = link->target->side;
    catalog->columns = asks[DB_CATALOG_COLUMNS].rows;
    catalog->tables = asks[DB_CATALOG_TABLES].rows;
    catalog->checks = asks[DB_CATALOG_CHECKS].rows;
    memset(&asks[DB_CATALOG_COLUMNS].rows, 0, sizeof(struct db_rows));
    memset(&asks[DB_CATALOG_CHECKS].rows, 0, sizeof(struct db_rows));
    memset(&asks[DB_CATALOG_TABLES].rows, 0, sizeof(struct db_rows));
    catalog->logins = find_logins(catalog);
    link->catalog = catalog;
    link->catalog_ms = zm_now_ms();
    db_catalog_tell(link, asks);
    zm_copy(catalog->role, sizeof(catalog->role), link->facts.role);
}

bool db_catalog_read(struct db_link *link, struct zm_error *err)
{
    struct db_ask asks[DB_CATALOG_PARTS] = {
        [DB_CATALOG_IDENTITY] = {.sql = DB_SQL_EITHER_IDENTITY},
        [DB_CATALOG_SYSTEM] = {.sql = DB_SQL_EITHER_SYSTEM},
        [DB_CATALOG_COLUMNS] = {.sql = DB_SQL_EITHER_COLUMNS},
        [DB_CATALOG_TABLES] = {.sql = DB_SQL_EITHER_TABLES},
        [DB_CATALOG_INDEXES] = {.sql = DB_SQL_EITHER_INDEXES},
        [DB_CATALOG_CHECKS] = {.sql = DB_SQL_EITHER_CHECKS},
        [DB_CATALOG_GUARD] = {.sql = DB_SQL_EITHER_JOURNAL_GUARD,
                              .params = {"public.user_activity"}},
    };
    struct zm_buf tables = {.s = NULL};
    bool ok;
    size_t i;

    list_tables(&tables);
    asks[DB_CATALOG_COLUMNS].params[0] = tables.s;
    asks[DB_CATALOG_TABLES].params[0] = tables.s;
    asks[DB_CATALOG_INDEXES].params[0] = tables.s;
    asks[DB_CATALOG_CHECKS].params[0] = tables.s;
    ok = db_link_read(link, asks, DB_CATALOG_PARTS, err);
    for (i = 0; ok && i < DB_CATALOG_PARTS; i++) {
        if (asks[i].ok || i == DB_CATALOG_SYSTEM)
            continue;
        if (err)
            *err = asks[i].err;
        ok = false;
    }
    if (ok && asks[DB_CATALOG_IDENTITY].rows.n != 1)
        ok = zm_error_set(err, ZM_ERR_DATA, db_side_name(link->target->side), "connect",
                          "the server does not say who it is");
    if (ok)
        take_answers(link, asks);
    db_asks_done(asks, DB_CATALOG_PARTS);
    zm_buf_done(&tables);
    return ok;
}

void db_catalog_free(struct db_catalog *catalog)
{
    if (!catalog)
        return;
    db_rows_done(&catalog->columns);
    db_rows_done(&catalog->tables);
    db_rows_done(&catalog->checks);
    free(catalog);
}
