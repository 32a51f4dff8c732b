/*
 * What a statement does, in words: by its verb and the first table that it names, or where it names
 * none by its file.
 */
#include "db/sql.h"

#include <stdio.h>
#include <string.h>

#include "zm/str.h"

/* clang-format off */
/* Of the statements of both sides those that do not read the catalogue, by how their names begin. */
static const struct {
    const char *name, *does;
} eithers[] = {
    {"begin",       "begin"},
    {"settings",    "begin"},
    {"commit",      "commit"},
    {"rollback",    "roll back"},
    {"vote",        "make sure of the commit"},
    {"ping",        "get an answer"},
    {"check_write", "look before writing"},
    {"compare_",    "begin to compare"},
};
/* clang-format on */

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* "public.user_profiles(user_id, tier) ..." */
static const char *table_of(const struct db_sql_text *text, size_t *n)
{
    const char *list = text->updates[0]   ? text->updates
                       : text->inserts[0] ? text->inserts
                                          : text->needs;

    list += begins(list, "public.") ? strlen("public.") : 0;
    *n = strcspn(list, "( ,");
    return list;
}

static void title_of_either(const char *name, char *dst, size_t size)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(eithers) && !begins(name, eithers[i].name); i++)
        ;
    zm_copy(dst, size, i < ZM_COUNT(eithers) ? eithers[i].does : "read the catalogue");
}

void db_sql_title(enum db_sql id, char *dst, size_t size)
{
    const struct db_sql_text *text = db_sql_text(id);
    const char *slash = strchr(text->name, '/'), *name = slash ? slash + 1 : text->name, *table;
    bool locks = begins(name, "lock_");
    size_t n;

    if (text->side == DB_SIDES) {
        title_of_either(name, dst, size);
        return;
    }
    table = table_of(text, &n);
    if (n == 0) { /* "lock_user": its file says it */
        table = locks ? name + strlen("lock_") : name;
        n = strlen(table);
    }
    snprintf(dst, size, "%s %.*s",
             locks                                  ? "lock"
             : text->updates[0] || text->inserts[0] ? "write"
                                                    : "read",
             (int)n, table);
}
