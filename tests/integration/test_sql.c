/*
 * Every statement of db/sql is described by real servers with the source document's tables, and
 * what it returns is compared with the struct that it fills.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "db/indexes.h"
#include "db/link_run.h"
#include "db/rows.h"
#include "db/sql.h"
#include "support/cluster.h"
#include "zm/str.h"

/* Of pg_type.h: constant for ever. */
enum {
    BOOL = 16,
    CHAR = 18,
    NAME = 19,
    INT8 = 20,
    INT2 = 21,
    INT4 = 23,
    TEXT = 25,
    FLOAT4 = 700,
    FLOAT8 = 701,
    VARCHAR = 1043,
    NUMERIC = 1700,
    UUID = 2950
};

struct rig {
    struct cluster cluster[DB_SIDES];
    struct pg_conn *session[DB_SIDES];
};

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        cluster_start(&rig->cluster[i], false);
        cluster_load(&rig->cluster[i], (enum db_side)i);
        cluster_load_view(&rig->cluster[i]);
        rig->session[i] = cluster_hold(&rig->cluster[i], "SET LOCAL search_path = pg_catalog");
    }
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        cluster_release(rig->session[i]);
        cluster_done(&rig->cluster[i]);
    }
    free(rig);
    return 0;
}

/* Decimals and timestamps come as text that the server made, so their types are not among these. */
static bool fits(enum db_kind kind, Oid type)
{
    switch (kind) {
    case DB_KIND_TEXT:
        return type == TEXT || type == VARCHAR || type == NAME || type == UUID || type == CHAR;
    case DB_KIND_INT:
        return type == INT8 || type == INT4 || type == INT2;
    case DB_KIND_FLAG:
    case DB_KIND_MAYBE:
        return type == BOOL;
    case DB_KIND_REAL:
        return type == FLOAT8 || type == FLOAT4 || type == NUMERIC;
    }
    return false;
}

static PGresult *describe(PGconn *conn, const char *name, const char *text)
{
    PGresult *result = PQprepare(conn, "", text, 0, NULL);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", name, PQresultErrorMessage(result));
    PQclear(result);
    result = PQdescribePrepared(conn, "");
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    return result;
}

static bool has_field(const struct db_shape *shape, const char *name)
{
    size_t i;

    for (i = 0; i < shape->n_fields; i++)
        if (zm_streq(shape->fields[i].name, name))
            return true;
    return false;
}

static void compare(const struct db_sql_text *row, const struct db_shape *shape,
                    const PGresult *result)
{
    size_t i;
    int c;

    for (i = 0; i < shape->n_fields; i++) {
        c = PQfnumber(result, shape->fields[i].name);
        if (c < 0)
            fail_msg("%s: no column %s", row->name, shape->fields[i].name);
        if (!fits(shape->fields[i].kind, PQftype(result, c)))
            fail_msg("%s: column %s is of type %u", row->name, shape->fields[i].name,
                     PQftype(result, c));
    }
    for (c = 0; c < PQnfields(result); c++)
        if (!has_field(shape, PQfname(result, c)))
            fail_msg("%s: nobody reads column %s", row->name, PQfname(result, c));
}

/* A statement whose rows nobody reads: it ends a transaction, or it hands ids on. */
static bool returns_nothing(const struct db_sql_text *row, const PGresult *result)
{
    return PQnfields(result) == 0 || zm_streq(PQfname(result, 0), "page") ||
           zm_streq(row->name, "either/settings");
}

static void check(PGconn *conn, enum db_sql sql, const char *text)
{
    const struct db_sql_text *row = db_sql_text(sql);
    const struct db_shape *shape = db_sql_shape(sql);
    PGresult *result = describe(conn, row->name, text);

    if (PQnparams(result) != db_link_count_params(text))
        fail_msg("%s: %d parameters", row->name, PQnparams(result));
    if (PQnparams(result) > DB_MAX_PARAMS)
        fail_msg("%s: more parameters than an ask has", row->name);
    if (shape)
        compare(row, shape, result);
    else if (!returns_nothing(row, result))
        fail_msg("%s: no struct is named for its rows", row->name);
    PQclear(result);
}

static void all_statements(void **state)
{
    const struct rig *rig = *state;
    int sql, side;

    for (sql = DB_SQL_NONE + 1; sql < DB_SQL_COUNT; sql++) {
        const struct db_sql_text *row = db_sql_text((enum db_sql)sql);

        if (!row->text)
            fail_msg("statement %d has no file", sql);
        if (row->script) /* no server describes more than one; the write tests run them */
            continue;
        for (side = 0; side < DB_SIDES; side++) {
            if (row->side != DB_SIDES && (int)row->side != side)
                continue;
            check(rig->session[side], (enum db_sql)sql, row->text);
            if (row->text_view != row->text)
                check(rig->session[side], (enum db_sql)sql, row->text_view);
        }
    }
}

static bool is_index(const char *name, size_t n)
{
    size_t i;

    for (i = 0; i < DB_INDEX_COUNT; i++) {
        const char *known = db_index_row((enum db_index)i)->name;

        if (strncmp(known, name, n) == 0 && !known[n])
            return true;
    }
    return false;
}

/* Names of wanted indexes are written by hand in the files. */
static void index_names(void **state)
{
    int sql;

    (void)state;
    for (sql = DB_SQL_NONE + 1; sql < DB_SQL_COUNT; sql++) {
        const struct db_sql_text *row = db_sql_text((enum db_sql)sql);
        const char *at = row->indexes;

        while (*(at += strspn(at, " "))) {
            size_t n = strcspn(at, " ");

            if (!is_index(at, n))
                fail_msg("%s: %s is no wanted index", row->name, at);
            at += n;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_statements),
        cmocka_unit_test(index_names),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
