/*
 * Compares the indexes of a database with the wanted ones by what pg_get_indexdef prints. An index
 * with more columns behind the wanted ones serves as well, and so does a unique one on fewer.
 */
#include "db/index_match.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "db/catalog_data.h"
#include "db/indexes.h"
#include "zm/str.h"

/* What stands between the outermost parentheses behind "USING btree "; "" for another method.
 * Directions are left out: an index is read both ways. */
static void copy_columns(const char *definition, char *dst, size_t size)
{
    const char *at = strstr(definition, " USING btree ("), *from;
    size_t n = 0;
    int depth = 1;

    dst[0] = '\0';
    if (!at)
        return;
    for (from = at + strlen(" USING btree ("); *from && n < size - 1; from++) {
        if (strncmp(from, " DESC", 5) == 0)
            from += 5;
        if (strncmp(from, " NULLS FIRST", 12) == 0)
            from += 12;
        if (strncmp(from, " NULLS LAST", 11) == 0)
            from += 11;
        depth += (*from == '(') - (*from == ')');
        if (depth == 0 || !*from)
            break;
        dst[n++] = *from;
    }
    dst[n] = '\0';
}

/* Whether text begins with the columns of head. */
static bool begins(const char *text, const char *head)
{
    size_t n = strlen(head);

    return n > 0 && strncmp(text, head, n) == 0 && (!text[n] || text[n] == ',');
}

static bool serves(const struct db_index_found *found, const struct db_index_row *wanted)
{
    char columns[512];

    if (!zm_streq(found->table_name, wanted->table))
        return false;
    if (found->predicate && !zm_streq(found->predicate, wanted->predicate))
        return false;
    copy_columns(found->definition, columns, sizeof(columns));
    return begins(columns, wanted->columns) ||
           (found->is_unique && !found->predicate && begins(wanted->columns, columns));
}

uint64_t db_index_match(enum db_side side, const struct db_rows *found)
{
    uint64_t bits = 0;
    size_t i, w;

    for (w = 0; w < DB_INDEX_COUNT; w++) {
        const struct db_index_row *wanted = db_index_row((enum db_index)w);

        if (wanted->side != side)
            continue;
        for (i = 0; i < found->n; i++)
            if (serves(DB_ROW(found, struct db_index_found, i), wanted))
                bits |= UINT64_C(1) << w;
    }
    return bits;
}
