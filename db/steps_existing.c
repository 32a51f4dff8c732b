/*
 * Tables that are only looked at: whether each pattern of the profile has one, by the catalogue,
 * and rows and freshness as the Overview reads them.
 */
#include "db/steps_existing.h"

#include <string.h>

#include "db/conditions.h"
#include "db/overview.h"
#include "db/steps_tables.h"

#define SCHEMA "public."

/* Without the schema and the quotes that a pattern may be written with; in the arena. */
static const char *plain_pattern(struct zm_arena *arena, const char *pattern)
{
    size_t n;

    if (strncmp(pattern, SCHEMA, strlen(SCHEMA)) == 0)
        pattern += strlen(SCHEMA);
    n = strlen(pattern);
    if (n >= 2 && pattern[0] == '"' && pattern[n - 1] == '"')
        return zm_arena_strndup(arena, pattern + 1, n - 2);
    return zm_arena_strndup(arena, pattern, n);
}

static bool matches(const char *glob, const char *name)
{
    for (; *glob && *glob != '*'; glob++, name++)
        if (*glob != *name)
            return false;
    if (!*glob)
        return !*name;
    for (; *glob == '*'; glob++)
        continue;
    for (; *name; name++)
        if (matches(glob, name))
            return true;
    return !*glob;
}

bool db_existing_matches(const char *pattern, const char *name)
{
    struct zm_arena arena = {.head = NULL};
    bool is = matches(plain_pattern(&arena, pattern), name);

    zm_arena_done(&arena);
    return is;
}

static bool is_of(const char *pattern, const struct db_schema_table *table)
{
    return db_existing_matches(pattern, table->table_name + strlen(SCHEMA));
}

/* Asks for rows and freshness; false: *err, and they stay unknown. */
static bool read_states(struct db_checklist *list, struct db_ask *ask, struct zm_error *err)
{
    struct zm_buf array = {.s = NULL};
    size_t i;
    bool ok;

    for (i = 0; list->existing_tables[i]; i++) {
        const char *at = plain_pattern(&list->arena, list->existing_tables[i]);
        struct zm_buf like = {.s = NULL};

        for (; *at; at++) {
            char one[2] = {*at, '\0'};

            if (*at == '*')
                zm_buf_puts(&like, "%");
            else
                db_like_add(&like, one);
        }
        db_array_add(&array, zm_text(like.s));
        zm_buf_done(&like);
    }
    db_array_close(&array);
    ask->sql = DB_SQL_BOT_OVERVIEW_TABLES;
    ask->params[0] = array.s;
    ask->params[1] = "f";
    ok = db_link_read(db_session_link(list->session, DB_BOT), ask, 1, err);
    if (ok && !ask->ok)
        *err = ask->err;
    ok = ok && ask->ok;
    ask->params[0] = ask->params[1] = NULL;
    zm_buf_done(&array);
    return ok;
}

/* " (~1,200 rows, newest 2026-11-20T17:03:10Z)" of the tables of a pattern. */
static void add_state(const char *pattern, const struct db_ask *ask, struct zm_buf *ret)
{
    const char *newest = NULL;
    int64_t rows = -1;
    bool readable = true;
    size_t i;

    for (i = 0; i < ask->rows.n; i++) {
        const struct db_table_state *row = DB_ROW(&ask->rows, struct db_table_state, i);

        if (!db_existing_matches(pattern, row->table_name))
            continue;
        if (row->estimate >= 0)
            rows = (rows < 0 ? 0 : rows) + row->estimate;
        if (row->freshest && (!newest || strcmp(row->freshest, newest) > 0))
            newest = row->freshest;
        readable = readable && row->readable;
    }
    if (rows >= 0)
        zm_buf_printf(ret, " (~%lld rows", (long long)rows);
    else
        zm_buf_puts(ret, " (rows not known");
    if (newest)
        zm_buf_printf(ret, ", newest %s", newest);
    zm_buf_puts(ret, readable ? ")" : ", not all readable by this role)");
}

/* The presence of a pattern; false: nothing has such a name. */
static bool add_pattern(const struct db_schema *schema, const char *pattern,
                        const struct db_ask *ask, struct zm_buf *ret)
{
    size_t i, n = 0, views = 0;

    for (i = 0; i < DB_SCHEMA_N(schema, TABLES); i++) {
        const struct db_schema_table *table = DB_SCHEMA_ROW(schema, TABLES, table, i);

        if (!is_of(pattern, table))
            continue;
        n++;
        views += strstr(table->kind, "view") != NULL;
    }
    if (n == 0)
        return false;
    zm_buf_printf(ret, "%s%s", ret->len ? ", " : "", pattern);
    if (n > 1)
        zm_buf_printf(ret, " %zu", n);
    if (views > 0)
        zm_buf_printf(ret, n > 1 ? ", %zu of them views" : ", a view", views);
    if (ask->ok)
        add_state(pattern, ask, ret);
    return true;
}

static void look(struct db_checklist *list, const struct db_schema *schema,
                 struct db_step_finding *ret)
{
    struct zm_buf found = {.s = NULL}, missing = {.s = NULL};
    struct db_ask ask = {.sql = DB_SQL_NONE};
    struct zm_error err = {.kind = ZM_ERR_NONE};
    size_t i;

    read_states(list, &ask, &err);
    for (i = 0; list->existing_tables[i]; i++)
        if (!add_pattern(schema, list->existing_tables[i], &ask, &found))
            zm_buf_printf(&missing, "%s%s", missing.len ? ", " : "", list->existing_tables[i]);
    if (err.kind != ZM_ERR_NONE)
        zm_buf_printf(&found, "%srows and freshness not known: %s", found.len ? "; " : "",
                      err.message);
    ret->state = missing.len ? DB_STEP_FAIL : DB_STEP_OK;
    ret->found = zm_arena_printf(&list->arena, "%s%s%s%s", missing.len ? "missing: " : "",
                                 zm_text(missing.s), missing.len && found.len ? "; present: " : "",
                                 zm_text(found.s));
    if (missing.len)
        ret->fix = "-- the jobs that fill these tables make them, zmartctl never does; a name that "
                   "is wrong is mended in existing_tables of the configuration\n";
    db_asks_done(&ask, 1);
    zm_buf_done(&found);
    zm_buf_done(&missing);
}

void db_steps_existing_check(struct db_checklist *list, const struct db_step *step,
                             struct db_step_finding *ret)
{
    const struct db_schema *schema = db_steps_schema(list, DB_BOT);

    (void)step;
    *ret = (struct db_step_finding){.state = DB_STEP_NOT_RUN,
                                    .expected = "each of existing_tables is there",
                                    .found = "",
                                    .fix = ""};
    if (!schema) {
        ret->err = list->schema_err[DB_BOT];
    } else if (!list->existing_tables || !list->existing_tables[0]) {
        ret->state = DB_STEP_WAITING;
        ret->found = "existing_tables of the profile names none";
    } else {
        look(list, schema, ret);
    }
}

void db_steps_existing_fingerprint(struct db_checklist *list, const struct db_step *step,
                                   struct zm_buf *ret)
{
    const struct db_schema *schema = db_steps_schema(list, DB_BOT);
    size_t p, i;

    (void)step;
    for (p = 0; schema && list->existing_tables && list->existing_tables[p]; p++) {
        zm_buf_printf(ret, "existing %s:", list->existing_tables[p]);
        for (i = 0; i < DB_SCHEMA_N(schema, TABLES); i++) {
            const struct db_schema_table *table = DB_SCHEMA_ROW(schema, TABLES, table, i);

            if (is_of(list->existing_tables[p], table))
                zm_buf_printf(ret, " %s", table->quoted);
        }
        zm_buf_puts(ret, "\n");
    }
}
