/*
 * Whether a statement can run here: reads the "needs", "updates" and "inserts" lines of its file,
 * `table(column, column:type) ...`, and asks the catalogue. Knows no connection.
 */
#include <stdio.h>
#include <string.h>

#include "db/catalog.h"
#include "db/catalog_data.h"
#include "zm/str.h"

enum right { SELECT, UPDATE, INSERT };
static const char *const right_names[] = {"SELECT", "UPDATE", "INSERT"};
static const char *const right_verbs[] = {"read", "update", "insert into"};

struct question {
    const struct db_catalog *catalog;
    enum right right;
    const char *what;
    char table[128];
    struct zm_error *err;
};

static const char *step_of(const char *table)
{
    const struct db_known_table *known;
    size_t i;

    for (i = 0; (known = db_known_table(i)); i++)
        if (zm_streq(known->name, table))
            return known->step;
    return "";
}

static bool fail(const struct question *q, enum zm_error_kind kind, const char *format,
                 const char *detail)
{
    char text[256];

    snprintf(text, sizeof(text), "%s%s", format, detail);
    return zm_error_set(q->err, kind, db_side_name(q->catalog->side), q->what, "%s", text);
}

/* `logins` is what holds logins here; false when nothing does. */
static bool resolve(struct question *q)
{
    const struct db_column_row *id, *view;

    if (!zm_streq(q->table, "logins"))
        return true;
    if (q->catalog->logins != DB_LOGINS_NONE) {
        zm_copy(q->table, sizeof(q->table),
                q->catalog->logins == DB_LOGINS_VIEW ? "zmartctl.users" : "auth.users");
        return true;
    }
    if (!db_catalog_has(q->catalog, "auth.users", NULL)) {
        fail(q, ZM_ERR_SHAPE, "there is no table auth.users", "");
        return zm_error_hint(q->err, "this is not the database of a Supabase project with logins");
    }
    view = db_catalog_column(q->catalog, "zmartctl.users", "id", 2);
    id = db_catalog_column(q->catalog, "auth.users", "id", 2);
    if (view && view->readable) /* and yet nothing holds logins */
        fail(q, ZM_ERR_HIDDEN,
             "this view, or row security behind it, may hide logins: ", "zmartctl.users");
    else if (id && id->readable)
        fail(q, ZM_ERR_HIDDEN, "row security hides auth.users from role ", q->catalog->role);
    else
        fail(q, ZM_ERR_PRIVILEGE, "auth.users may not be read by role ", q->catalog->role);
    return zm_error_hint(q->err, "checklist step 6, least privilege, adds the view zmartctl.users");
}

static bool check_table(const struct question *q)
{
    const char *step = step_of(q->table);

    if (!db_catalog_has(q->catalog, q->table, NULL)) {
        fail(q, ZM_ERR_SHAPE, "there is no table ", q->table);
        return step[0] && zm_error_hint(q->err, "checklist step %s creates it", step);
    }
    if (q->right == SELECT && !db_catalog_sees_all(q->catalog, q->table)) {
        fail(q, ZM_ERR_HIDDEN,
             db_catalog_is_view(q->catalog, q->table)
                 ? "this view, or row security behind it, may hide rows: "
                 : "row security hides rows from this role in ",
             q->table);
        return zm_error_hint(q->err,
                             "connect as a role that sees all rows, or give role %s a policy",
                             q->catalog->role);
    }
    return true;
}

static bool has_right(const struct question *q, const struct db_column_row *column)
{
    return q->right == SELECT   ? column->readable
           : q->right == UPDATE ? column->updatable
                                : column->insertable;
}

/* A column of "name" or "name:type"; all of it has `full` bytes. A type is given where the
 * statement would do something else with another one. */
static bool check_column(const struct question *q, const char *name, size_t full)
{
    const char *colon = memchr(name, ':', full);
    size_t n = colon ? (size_t)(colon - name) : full, n_type = colon ? full - n - 1 : 0;
    const struct db_column_row *column = db_catalog_column(q->catalog, q->table, name, n);
    const char *step = step_of(q->table);
    char text[224];

    if (column && has_right(q, column)) {
        if (!colon || (strlen(column->data_type) == n_type &&
                       strncmp(column->data_type, colon + 1, n_type) == 0))
            return true;
        snprintf(text, sizeof(text), "%s(%.*s) is %.60s, not %.*s", q->table, (int)n, name,
                 column->data_type, (int)n_type, colon + 1);
        fail(q, ZM_ERR_SHAPE, "an older shape: ", text);
        return step[0] && zm_error_hint(q->err, "checklist step %s names what differs", step);
    }
    if (column) {
        snprintf(text, sizeof(text), "%s %s(%.*s)", right_verbs[q->right], q->table, (int)n, name);
        fail(q, ZM_ERR_PRIVILEGE, "this role may not ", text);
        return zm_error_hint(q->err, "role %s lacks %s (%.*s) on %s", q->catalog->role,
                             right_names[q->right], (int)n, name, q->table);
    }
    snprintf(text, sizeof(text), "%s(%.*s)", q->table, (int)n, name);
    fail(q, ZM_ERR_SHAPE, "an older shape: there is no column ", text);
    return step[0] && zm_error_hint(q->err, "checklist step %s names what differs", step);
}

/* "a|b": a right to any of them will do, as it does to lock a row. */
static bool check_any(const struct question *q, const char *names, size_t full)
{
    struct zm_buf all = {.s = NULL};
    const char *s, *end = names + full;
    size_t n;

    for (s = names; s < end; s += n + 1) {
        const struct db_column_row *column;

        n = strcspn(s, "|,) ");
        column = db_catalog_column(q->catalog, q->table, s, n);
        if (column && has_right(q, column))
            break;
        zm_buf_printf(&all, "%s%.*s", all.len ? ", " : "", (int)n, s);
    }
    if (s >= end) {
        fail(q, ZM_ERR_PRIVILEGE, "this role may not lock rows of ", q->table);
        zm_error_hint(q->err, "role %s lacks %s (%s) on %s", q->catalog->role,
                      right_names[q->right], all.s, q->table);
    }
    zm_buf_done(&all);
    return s < end;
}

/* The columns of "(a, b)"; *at is behind the parenthesis afterwards. */
static bool check_columns(const struct question *q, const char **at)
{
    const char *s = *at + 1;

    while (*s && *s != ')') {
        size_t n = strcspn(s, ",) ");

        if (n > 0 && !(memchr(s, '|', n) ? check_any(q, s, n) : check_column(q, s, n)))
            return false;
        s += n;
        s += strspn(s, ", ");
    }
    *at = *s ? s + 1 : s;
    return true;
}

static bool check_list(struct question *q, enum right right, const char *at)
{
    for (q->right = right; *(at += strspn(at, " ,"));) {
        size_t n = strcspn(at, "( ");

        snprintf(q->table, sizeof(q->table), "%.*s", (int)n, at);
        at += n;
        if (!resolve(q) || !check_table(q) || (*at == '(' && !check_columns(q, &at)))
            return false;
    }
    return true;
}

bool db_catalog_allows(const struct db_catalog *catalog, enum db_sql sql, struct zm_error *err)
{
    const struct db_sql_text *text = db_sql_text(sql);
    struct question q = {.catalog = catalog, .err = err};
    char what[64];

    db_sql_title(sql, what, sizeof(what));
    q.what = what;
    return check_list(&q, SELECT, text->needs) && check_list(&q, UPDATE, text->updates) &&
           check_list(&q, INSERT, text->inserts);
}

bool db_catalog_steps(const char *text, const char *before, struct zm_error *err)
{
    const struct db_known_table *known;
    struct zm_buf steps = {.s = NULL};
    size_t i, n = 0;

    for (i = 0; (known = db_known_table(i)); i++)
        if (known->step[0] && strstr(text, known->name))
            zm_buf_printf(&steps, "%s%s", n++ ? ", " : "", known->step);
    if (n > 0)
        zm_error_hint(err, "%schecklist %s %s %s what differs", before, n == 1 ? "step" : "steps",
                      steps.s, n == 1 ? "names" : "name");
    zm_buf_done(&steps);
    return n > 0;
}

void db_catalog_hint(enum db_sql sql, struct zm_error *err)
{
    const char *const texts[] = {err->message, db_sql_text(sql)->needs};
    size_t i;

    for (i = 0; i < ZM_COUNT(texts); i++)
        if (db_catalog_steps(texts[i], "the table was changed while connected: ", err))
            return;
}
