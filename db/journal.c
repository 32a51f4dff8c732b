/*
 * Reads the journal. Rows are somebody's words about himself: where the table may be written by
 * others they are shown and not believed.
 */
#include "db/journal.h"

#include <string.h>

#include "zm/arena.h"
#include "zm/str.h"

#define BETWEEN_ITEMS '\x1e'
#define BETWEEN_PARTS '\x1f'

/* clang-format off */
static const struct db_field fields[] = {
    DB_FIELD(struct db_journal_row, id),
    DB_FIELD(struct db_journal_row, at),
    DB_FIELD(struct db_journal_row, created_at),
    DB_FIELD(struct db_journal_row, age_seconds),
    DB_FIELD(struct db_journal_row, action),
    DB_FIELD(struct db_journal_row, subject),
    DB_FIELD(struct db_journal_row, email),
    DB_FIELD(struct db_journal_row, db_role),
    DB_FIELD(struct db_journal_row, os_user),
    DB_FIELD(struct db_journal_row, loginuid),
    DB_FIELD(struct db_journal_row, ssh),
    DB_FIELD(struct db_journal_row, host),
    DB_FIELD(struct db_journal_row, app_version),
    DB_FIELD(struct db_journal_row, before),
    DB_FIELD(struct db_journal_row, after),
    DB_FIELD(struct db_journal_row, bot_before),
    DB_FIELD(struct db_journal_row, bot_after),
    DB_FIELD(struct db_journal_row, reason),
    DB_FIELD(struct db_journal_row, undo_of),
    DB_FIELD(struct db_journal_row, bot_row),
    DB_FIELD(struct db_journal_row, bot_prev),
    DB_FIELD(struct db_journal_row, bot_token),
    DB_FIELD(struct db_journal_row, created_profile),
    DB_FIELD(struct db_journal_row, created_trader),
    DB_FIELD(struct db_journal_row, stopped_strategies),
    DB_FIELD(struct db_journal_row, stopped_keys),
    DB_FIELD(struct db_journal_row, items),
    DB_FIELD(struct db_journal_row, metadata),
    DB_FIELD(struct db_journal_row, outcome),
    DB_FIELD(struct db_journal_row, reason_later),
    DB_FIELD(struct db_journal_row, undone_by),
};
const struct db_shape db_shape_journal_row = {
    "journal", sizeof(struct db_journal_row), fields, ZM_COUNT(fields)};
/* clang-format on */

/* Runs one ask, whose rows change hands. */
static bool read_rows(struct db_link *brain, struct db_ask *ask, struct db_rows *ret,
                      struct zm_error *err)
{
    bool ok = db_link_read(brain, ask, 1, err);

    memset(ret, 0, sizeof(*ret));
    if (ok && !ask->ok) {
        *err = ask->err;
        ok = false;
    }
    if (ok) {
        *ret = ask->rows;
        memset(&ask->rows, 0, sizeof(ask->rows));
    }
    db_asks_done(ask, 1);
    return ok;
}

bool db_journal_page(struct db_link *brain, const struct db_journal_filter *filter,
                     const struct db_journal_row *before, size_t limit, struct db_rows *ret,
                     struct zm_error *err)
{
    char rows[16];
    struct db_ask ask = {.sql = filter->user_id ? DB_SQL_BRAIN_JOURNAL_USER
                                                : DB_SQL_BRAIN_JOURNAL_PAGE,
                         .params = {before ? before->at : NULL, before ? before->id : NULL, rows,
                                    filter->word, filter->since, filter->owed ? "true" : "false",
                                    filter->open ? "true" : "false", filter->user_id}};

    snprintf(rows, sizeof(rows), "%zu", limit);
    return read_rows(brain, &ask, ret, err);
}

bool db_journal_find(struct db_link *brain, const char *request, struct db_rows *ret,
                     struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BRAIN_JOURNAL_FIND, .params = {request}};

    return read_rows(brain, &ask, ret, err);
}

static bool find_item(const char *key, enum db_item *ret)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++) {
        if (!zm_streq(db_item_row((enum db_item)i)->key, key))
            continue;
        *ret = (enum db_item)i;
        return true;
    }
    return false;
}

/* "=text" is a text, "-" is NULL. */
static bool take_value(struct db_values *values, enum db_item item, const char *part)
{
    if (part[0] != '=' && part[0] != '-')
        return false;
    db_values_set(values, item, part[0] == '=' ? part + 1 : NULL);
    return true;
}

/* "key US =old US -" */
static bool take_item(char *text, struct db_values *before, struct db_values *after)
{
    char *old = strchr(text, BETWEEN_PARTS), *new = old ? strchr(old + 1, BETWEEN_PARTS) : NULL;
    enum db_item item;

    if (!new)
        return false;
    *old++ = '\0';
    *new ++ = '\0';
    return find_item(text, &item) && take_value(before, item, old) && take_value(after, item, new);
}

bool db_journal_values(const struct db_journal_row *row, struct db_values *ret_before,
                       struct db_values *ret_after, struct zm_arena *arena, struct zm_error *err)
{
    char *text = zm_arena_strdup(arena, zm_text(row->items)), *next;

    memset(ret_before, 0, sizeof(*ret_before));
    memset(ret_after, 0, sizeof(*ret_after));
    for (; text && *text; text = next) {
        next = strchr(text, BETWEEN_ITEMS);
        if (next)
            *next++ = '\0';
        if (!take_item(text, ret_before, ret_after))
            return zm_error_set(err, ZM_ERR_DATA, db_side_name(DB_BRAIN), "read the journal",
                                "the row %s does not say what it changed", row->id);
    }
    return true;
}
