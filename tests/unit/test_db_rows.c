/*
 * Rows: answers made by hand become structs, and what does not fit is named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "db/rows.h"
#include "zm/str.h"

struct sample {
    const char *name;
    int64_t count;
    bool flag;
    db_maybe maybe;
    double real;
};

/* clang-format off */
static const struct db_field fields[] = {
    DB_FIELD(struct sample, name),
    DB_FIELD(struct sample, count),
    DB_FIELD(struct sample, flag),
    DB_FIELD(struct sample, maybe),
    DB_FIELD(struct sample, real),
};
/* clang-format on */

static const struct db_shape shape = {"sample", sizeof(struct sample), fields, ZM_COUNT(fields)};

/* A result of text columns; NULL is SQL NULL. names and each row have n entries. */
static PGresult *make(int n, const char *const *names, int rows, const char *const *values)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc columns[8];
    char copy[64];
    int i;

    memset(columns, 0, sizeof(columns));
    for (i = 0; i < n; i++) {
        columns[i].name = zm_strdup(names[i]);
        columns[i].typid = 25;
        columns[i].typlen = -1;
        columns[i].atttypmod = -1;
    }
    assert_true(PQsetResultAttrs(result, n, columns));
    for (i = 0; i < n; i++)
        free(columns[i].name);
    for (i = 0; i < rows * n; i++) {
        snprintf(copy, sizeof(copy), "%s", zm_text(values[i]));
        assert_true(PQsetvalue(result, i / n, i % n, values[i] ? copy : NULL,
                               values[i] ? (int)strlen(copy) : -1));
    }
    return result;
}

/* In another order than the struct's, with a column nobody asked for. */
static const char *const names[] = {"real", "maybe", "extra", "flag", "count", "name"};

static void all_kinds(void **state)
{
    static const char *const values[] = {
        "2.5",  "t",  "x", "f", "-9223372036854775808", "Ana",
        "1e-8", NULL, "x", "t", "9223372036854775807",  NULL,
    };
    struct db_rows rows = {.n = 0};
    struct zm_error err;
    const struct sample *row;

    (void)state;
    assert_true(db_rows_take(&rows, make(6, names, 2, values), &shape, "sample", &err));
    assert_int_equal(rows.n, 2);
    row = DB_ROW(&rows, struct sample, 0);
    assert_string_equal(row->name, "Ana");
    assert_true(row->count == INT64_MIN);
    assert_false(row->flag);
    assert_int_equal(row->maybe, 1);
    assert_true(row->real > 2.49 && row->real < 2.51);
    row = DB_ROW(&rows, struct sample, 1);
    assert_null(row->name);
    assert_true(row->count == INT64_MAX);
    assert_true(row->flag);
    assert_int_equal(row->maybe, -1);
    assert_true(row->real > 0.9e-8 && row->real < 1.1e-8);
    db_rows_done(&rows);
    assert_null(rows.items);
    db_rows_done(&rows);
}

static void no_rows(void **state)
{
    struct db_rows rows = {.n = 7};
    struct zm_error err;

    (void)state;
    assert_true(db_rows_take(&rows, make(6, names, 0, NULL), &shape, "sample", &err));
    assert_int_equal(rows.n, 0);
    db_rows_done(&rows);
}

struct refusal {
    const char *column; /* which one is spoilt */
    const char *value;
    const char *names; /* what the message must name */
};

static void refused(void **state)
{
    static const struct refusal cases[] = {
        {"count", NULL, "\"count\""},  {"count", "12x", "\"count\""},
        {"count", "", "\"count\""},    {"count", "9223372036854775808", "\"count\""},
        {"flag", NULL, "\"flag\""},    {"flag", "true", "\"flag\""},
        {"maybe", "yes", "\"maybe\""}, {"real", "2,5", "\"real\""},
    };
    size_t i, c;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        const char *values[] = {"2.5", "t", "x", "f", "1", "Ana"};
        struct db_rows rows = {.n = 42};
        struct zm_error err = {.kind = ZM_ERR_NONE};

        for (c = 0; c < ZM_COUNT(names); c++)
            if (strcmp(names[c], cases[i].column) == 0)
                values[c] = cases[i].value;
        assert_false(db_rows_take(&rows, make(6, names, 1, values), &shape, "brain/sample", &err));
        assert_int_equal(err.kind, ZM_ERR_DATA);
        assert_non_null(strstr(err.message, cases[i].names));
        assert_string_equal(err.what, "brain/sample");
        assert_int_equal(rows.n, 42); /* results only on success */
    }
}

static void missing_column(void **state)
{
    static const char *const fewer[] = {"real", "maybe", "flag", "name"};
    struct db_rows rows = {.n = 0};
    struct zm_error err;

    (void)state;
    assert_false(db_rows_take(&rows, make(4, fewer, 0, NULL), &shape, "brain/sample", &err));
    assert_int_equal(err.kind, ZM_ERR_DATA);
    assert_non_null(strstr(err.message, "no column \"count\""));
}

static void special_reals(void **state)
{
    static const char *const values[] = {NULL, "t", "x", "t",        "1", "a", "NaN", "t", "x",
                                         "t",  "1", "a", "Infinity", "t", "x", "t",   "1", "a"};
    struct db_rows rows = {.n = 0};
    struct zm_error err;

    (void)state;
    assert_true(db_rows_take(&rows, make(6, names, 3, values), &shape, "sample", &err));
    assert_true(isnan(DB_ROW(&rows, struct sample, 0)->real));
    assert_true(isnan(DB_ROW(&rows, struct sample, 1)->real));
    assert_true(isinf(DB_ROW(&rows, struct sample, 2)->real));
    db_rows_done(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds),     cmocka_unit_test(no_rows),
        cmocka_unit_test(refused),       cmocka_unit_test(missing_column),
        cmocka_unit_test(special_reals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
