/*
 * Four streams of rows, each in the order of its users, become users one by one. Knows no
 * statement: whoever opened the streams refills them.
 */
#include <string.h>

#include "db/compare_work.h"

/* clang-format off */
static const size_t sizes[DB_TABLES] = {
    [DB_OF_LOGINS]        = sizeof(struct db_login_row),
    [DB_OF_PROFILES]      = sizeof(struct db_profile_row),
    [DB_OF_SUBSCRIPTIONS] = sizeof(struct db_subscription_row),
    [DB_OF_TRADERS]       = sizeof(struct db_trader_row),
};
/* clang-format on */

/* Every kind of row begins with its user. */
static const void *row_at(const struct db_merge *merge, enum db_table table)
{
    const struct db_source *source = &merge->source[table];

    if (source->at == source->ask.rows.n)
        return NULL;
    return (const char *)source->ask.rows.items + source->at * sizes[table];
}

static const char *user_of(const void *row)
{
    return *(const char *const *)row;
}

/* The row at hand of the table, after those before it were used up; NULL: no more. */
static bool peek(struct db_merge *merge, enum db_table table, const void **ret,
                 struct zm_error *err)
{
    struct db_source *source = &merge->source[table];

    if (source->at == source->ask.rows.n && source->more && !merge->refill(merge, err))
        return false;
    *ret = row_at(merge, table);
    return true;
}

static const char *keep(struct db_merge *merge, const char *text)
{
    return zm_arena_strdup(&merge->arena, text);
}

static void take_login(struct db_merge *merge, const struct db_login_row *row)
{
    merge->both.login = true;
    merge->both.deleted = row->deleted_at != NULL;
    merge->both.deleted_at = keep(merge, row->deleted_at);
    merge->both.email = keep(merge, row->email);
}

static void take_profile(struct db_merge *merge, const struct db_profile_row *row)
{
    if (merge->both.profiles++ > 0)
        return;
    merge->both.tier = keep(merge, row->tier);
    merge->both.profile_updated_at = keep(merge, row->updated_at);
}

static void take_subscription(struct db_merge *merge, const struct db_subscription_row *row)
{
    if (merge->both.subscriptions++ == 0)
        merge->both.subscription_tier = keep(merge, row->tier);
}

static void take_trader(struct db_merge *merge, const struct db_trader_row *row)
{
    merge->both.rights |= row->trading_enabled == 1 || row->api_access == 1;
    if (merge->both.traders++ > 0)
        return;
    merge->both.bot_email = keep(merge, row->email);
    merge->both.bot_tier = keep(merge, row->tier);
    merge->both.bot_updated_at = keep(merge, row->updated_at);
    merge->both.trading_enabled = row->trading_enabled;
    merge->both.api_access = row->api_access;
}

static void take(struct db_merge *merge, enum db_table table, const void *row)
{
    switch (table) {
    case DB_OF_LOGINS:
        take_login(merge, row);
        break;
    case DB_OF_PROFILES:
        take_profile(merge, row);
        break;
    case DB_OF_SUBSCRIPTIONS:
        take_subscription(merge, row);
        break;
    case DB_OF_TRADERS:
        take_trader(merge, row);
        break;
    case DB_TABLES:
        break;
    }
    merge->source[table].at++;
    merge->source[table].taken++;
}

/* The smallest user of all streams; uuids print in the order of their bytes. */
static bool find_first(struct db_merge *merge, char ret[37], struct zm_error *err)
{
    const void *row;
    unsigned t;

    ret[0] = '\0';
    for (t = 0; t < DB_TABLES; t++) {
        if (!peek(merge, (enum db_table)t, &row, err))
            return false;
        if (row && (!ret[0] || strcmp(user_of(row), ret) < 0))
            zm_copy(ret, 37, user_of(row));
    }
    return true;
}

bool db_merge_next(struct db_merge *merge, bool *ret_end, struct zm_error *err)
{
    const void *row;
    char id[37];
    unsigned t;

    if (!find_first(merge, id, err))
        return false;
    zm_arena_reset(&merge->arena);
    memset(&merge->both, 0, sizeof(merge->both));
    *ret_end = !id[0];
    merge->both.id = keep(merge, id);
    merge->both.subscriptions_known = merge->work->subscriptions;
    merge->both.lacks = merge->work->lacks;
    merge->both.trading_enabled = merge->both.api_access = -1;
    for (t = 0; id[0] && t < DB_TABLES; t++)
        for (;;) {
            if (!peek(merge, (enum db_table)t, &row, err))
                return false;
            if (!row || !zm_streq(user_of(row), id))
                break;
            take(merge, (enum db_table)t, row);
        }
    return true;
}

void db_merge_done(struct db_merge *merge)
{
    unsigned t;

    for (t = 0; t < DB_TABLES; t++)
        db_asks_done(&merge->source[t].ask, 1);
    zm_arena_done(&merge->arena);
}
