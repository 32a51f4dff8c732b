/*
 * Decodes an answer into an array of structs by a table of fields. Knows libpq's results, no
 * connection and no statement.
 */
#include "db/rows.h"

#include <errno.h>
#include <libpq-fe.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "zm/arena.h"
#include "zm/str.h"

static bool store_int(const char *text, void *ret)
{
    char *end;
    long long n;

    errno = 0;
    n = strtoll(text, &end, 10);
    if (end == text || *end || errno)
        return false;
    *(int64_t *)ret = n;
    return true;
}

static bool store_flag(const char *text, void *ret)
{
    *(bool *)ret = zm_streq(text, "t");
    return zm_streq(text, "t") || zm_streq(text, "f");
}

static bool store_maybe(const char *text, void *ret)
{
    *(db_maybe *)ret = zm_streq(text, "t") ? 1 : 0;
    return zm_streq(text, "t") || zm_streq(text, "f");
}

static bool store_real(const char *text, void *ret)
{
    char *end;

    *(double *)ret = strtod(text, &end);
    return end != text && !*end;
}

/* What NULL becomes; false where the field says that there is none. */
static bool store_null(enum db_kind kind, void *ret)
{
    switch (kind) {
    case DB_KIND_TEXT:
        *(const char **)ret = NULL;
        return true;
    case DB_KIND_MAYBE:
        *(db_maybe *)ret = -1;
        return true;
    case DB_KIND_REAL:
        *(double *)ret = NAN;
        return true;
    default:
        return false;
    }
}

static bool store(enum db_kind kind, const char *text, void *ret)
{
    switch (kind) {
    case DB_KIND_TEXT:
        *(const char **)ret = text;
        return true;
    case DB_KIND_INT:
        return store_int(text, ret);
    case DB_KIND_FLAG:
        return store_flag(text, ret);
    case DB_KIND_MAYBE:
        return store_maybe(text, ret);
    case DB_KIND_REAL:
        return store_real(text, ret);
    }
    return false;
}

static bool decode_field(struct db_rows *rows, const struct db_shape *shape,
                         const struct db_field *field, const char *statement, struct zm_error *err)
{
    int column = PQfnumber(rows->result, field->name);
    size_t i;

    if (column < 0)
        return zm_error_set(err, ZM_ERR_DATA, "", statement, "the answer has no column \"%s\"",
                            field->name);
    for (i = 0; i < rows->n; i++) {
        void *ret = (char *)rows->items + i * shape->size + field->offset;
        bool null = PQgetisnull(rows->result, (int)i, column);
        const char *text = PQgetvalue(rows->result, (int)i, column);

        if (null ? store_null(field->kind, ret) : store(field->kind, text, ret))
            continue;
        zm_error_set(err, ZM_ERR_DATA, "", statement, "column \"%s\" of row %zu is %s", field->name,
                     i + 1, null ? "null" : "not what was asked for");
        if (err && !null)
            zm_error_copy(err->detail, sizeof(err->detail), text);
        return false;
    }
    return true;
}

/* PQfnumber folds an unquoted name to lower case; every member is lower case, so that is no matter.
 * Decimals have a point whatever the person's locale says. */
static bool decode(struct db_rows *rows, const struct db_shape *shape, const char *statement,
                   struct zm_error *err)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t old = plain ? uselocale(plain) : (locale_t)0;
    bool ok = true;
    size_t f;

    for (f = 0; ok && f < shape->n_fields; f++)
        ok = decode_field(rows, shape, &shape->fields[f], statement, err);
    if (plain) {
        uselocale(old);
        freelocale(plain);
    }
    return ok;
}

bool db_rows_take(struct db_rows *rows, struct pg_result *result, const struct db_shape *shape,
                  const char *statement, struct zm_error *err)
{
    struct db_rows taken = {.result = result};

    taken.n = (size_t)PQntuples(result);
    if (shape) {
        taken.items = zm_calloc(taken.n, shape->size);
        if (!decode(&taken, shape, statement, err)) {
            db_rows_done(&taken);
            return false;
        }
    }
    *rows = taken;
    return true;
}

void db_rows_done(struct db_rows *rows)
{
    PQclear(rows->result);
    free(rows->items);
    memset(rows, 0, sizeof(*rows));
}
