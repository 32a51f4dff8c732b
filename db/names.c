/*
 * Ids and e-mails become users, a batch at a time: for files of them.
 */
#include "db/names.h"

#include <stdlib.h>
#include <string.h>

#include "db/conditions.h"
#include "db/fold.h"
#include "db/link.h"
#include "db/users_read.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_field fields[] = {
    DB_FIELD(struct db_name_row, email),
    DB_FIELD(struct db_name_row, id),
    DB_FIELD(struct db_name_row, users),
};
const struct db_shape db_shape_name_row = {
    "name", sizeof(struct db_name_row), fields, ZM_COUNT(fields)};
/* clang-format on */

/* The names in the order of their texts: the same may stand there more than once. */
struct names {
    struct db_name **sorted;
    size_t n;
};

static int compare(const void *a, const void *b)
{
    return strcmp((*(struct db_name *const *)a)->text, (*(struct db_name *const *)b)->text);
}

static void give(const struct names *names, const char *text, const char *id, int64_t users)
{
    size_t low = 0, high = names->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(names->sorted[middle]->text, zm_text(text)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < names->n && zm_streq(names->sorted[low]->text, text); low++) {
        zm_copy(names->sorted[low]->id, sizeof(names->sorted[low]->id), id);
        names->sorted[low]->users = users;
    }
}

/* Those whom nobody has named yet: the e-mails, or the ids. NULL: there is none. */
static char *array_of(const struct names *names, bool ids)
{
    struct zm_buf array = {.s = NULL};
    size_t i;

    for (i = 0; i < names->n; i++)
        if (names->sorted[i]->users == 0 && zm_is_uuid(names->sorted[i]->text) == ids)
            db_array_add(&array, names->sorted[i]->text);
    if (array.len > 0)
        db_array_close(&array);
    return array.s;
}

static void take_emails(const struct names *names, const struct db_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        const struct db_name_row *row = DB_ROW(rows, struct db_name_row, i);

        give(names, row->email, row->id, row->users);
    }
}

/* All ids but the missing ones are people. */
static void take_ids(const struct names *names, const struct db_rows *missing)
{
    size_t i;

    for (i = 0; i < names->n; i++)
        if (zm_is_uuid(names->sorted[i]->text) && names->sorted[i]->users == 0)
            give(names, names->sorted[i]->text, names->sorted[i]->text, 1);
    for (i = 0; i < missing->n; i++)
        give(names, DB_ROW(missing, struct db_id_row, i)->id, "", 0);
}

static bool answered(struct db_link *link, struct db_ask *asks, size_t n, struct zm_error *err)
{
    size_t i;

    if (!db_link_read(link, asks, n, err))
        return false;
    for (i = 0; i < n; i++)
        if (!asks[i].ok) {
            if (err)
                *err = asks[i].err;
            return false;
        }
    return true;
}

/* Through the view only the index of password users helps, and only where there are no others; that
 * is looked for once, when there is more than one batch. */
static bool choose_way(struct db_link *brain, size_t n, struct db_names_way *way,
                       struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BRAIN_ODD_LOGINS};
    bool ok;

    if (way->sql)
        return true;
    if (db_link_facts(brain)->logins != DB_LOGINS_VIEW) {
        way->sql = DB_SQL_BRAIN_RESOLVE_NAMES;
    } else if (n == DB_NAMES) {
        ok = answered(brain, &ask, 1, err);
        way->sql =
            ask.rows.n > 0 ? DB_SQL_BRAIN_RESOLVE_NAMES_SCAN : DB_SQL_BRAIN_RESOLVE_NAMES_EXACT;
        db_asks_done(&ask, 1);
        return ok;
    }
    return true;
}

static bool ask_brain(struct db_link *brain, const struct names *names, struct db_names_way *way,
                      struct zm_error *err)
{
    char *emails = array_of(names, false), *ids = array_of(names, true);
    struct db_ask asks[2];
    size_t n = 0;
    bool ok;

    memset(asks, 0, sizeof(asks));
    ok = !emails || choose_way(brain, names->n, way, err);
    if (emails) {
        asks[n].sql = way->sql ? way->sql : DB_SQL_BRAIN_RESOLVE_NAMES_SCAN;
        asks[n++].params[0] = emails;
    }
    if (ids) {
        asks[n].sql = DB_SQL_BRAIN_LOGINS_MISSING;
        asks[n++].params[0] = ids;
    }
    ok = ok && (n == 0 || answered(brain, asks, n, err));
    if (ok && emails)
        take_emails(names, &asks[0].rows);
    if (ok && ids)
        take_ids(names, &asks[n - 1].rows);
    db_asks_done(asks, 2);
    free(emails);
    free(ids);
    return ok;
}

static bool ask_bot_emails(struct db_link *bot, const struct names *names, struct zm_error *err)
{
    char *emails = array_of(names, false);
    struct db_ask ask = {.sql = DB_SQL_BOT_RESOLVE_NAMES, .params = {emails}};
    bool ok = !emails || answered(bot, &ask, 1, err);

    if (ok && emails)
        take_emails(names, &ask.rows);
    db_asks_done(&ask, 1);
    free(emails);
    return ok;
}

static bool ask_bot_ids(struct db_link *bot, const struct names *names, struct zm_error *err)
{
    const char *ids[DB_NAMES];
    struct db_bot_half half;
    size_t i, n = 0;

    for (i = 0; i < names->n; i++)
        if (names->sorted[i]->users == 0 && zm_is_uuid(names->sorted[i]->text) &&
            (n == 0 || !zm_streq(ids[n - 1], names->sorted[i]->text)))
            ids[n++] = names->sorted[i]->text;
    if (n == 0)
        return true;
    if (!db_users_halves(bot, ids, n, &half, err))
        return false;
    for (i = 0; i < half.traders.n; i++) {
        const char *id = DB_ROW(&half.traders, struct db_trader, i)->user_id;

        give(names, id, id, 1);
    }
    db_rows_done(&half.traders);
    db_rows_done(&half.keys);
    return true;
}

bool db_names_resolve(struct db_session *session, struct db_name *given, size_t n,
                      struct db_names_way *way, struct zm_error *err)
{
    struct db_link *brain = db_session_link(session, DB_BRAIN);
    struct db_link *bot = db_session_link(session, DB_BOT);
    struct names names = {zm_malloc(n * sizeof(struct db_name *)), n};
    bool ok;
    size_t i;

    for (i = 0; i < n; i++) {
        db_fold(given[i].text);
        given[i].users = 0;
        given[i].id[0] = '\0';
        names.sorted[i] = &given[i];
    }
    qsort(names.sorted, n, sizeof(struct db_name *), compare);
    ok = (!brain || ask_brain(brain, &names, way, err)) &&
         (!bot || (ask_bot_emails(bot, &names, err) && ask_bot_ids(bot, &names, err)));
    for (i = 0; i < n && !(brain && bot); i++)
        if (given[i].users == 0)
            given[i].users = -1;
    free(names.sorted);
    return ok;
}
