/*
 * The rows of a page of users: what each column becomes, and the pipeline of selectors and readers.
 * Which users a page has is the selectors' matter.
 */
#include "db/users_read.h"

#include <string.h>

#include "zm/str.h"

/* clang-format off */
static const struct db_field login_fields[] = {
    DB_FIELD(struct db_login, id),
    DB_FIELD(struct db_login, email),
    DB_FIELD(struct db_login, phone),
    DB_FIELD(struct db_login, created_at),
    DB_FIELD(struct db_login, last_sign_in_at),
    DB_FIELD(struct db_login, email_confirmed_at),
    DB_FIELD(struct db_login, banned_until),
    DB_FIELD(struct db_login, deleted_at),
    DB_FIELD(struct db_login, banned),
    DB_FIELD(struct db_login, is_sso_user),
    DB_FIELD(struct db_login, is_anonymous),
};
static const struct db_field profile_fields[] = {
    DB_FIELD(struct db_profile, id),
    DB_FIELD(struct db_profile, user_id),
    DB_FIELD(struct db_profile, tier),
    DB_FIELD(struct db_profile, name),
    DB_FIELD(struct db_profile, country),
    DB_FIELD(struct db_profile, profile_completed),
    DB_FIELD(struct db_profile, created_at),
    DB_FIELD(struct db_profile, updated_at),
    DB_FIELD(struct db_profile, rows),
};
static const struct db_field active_fields[] = {
    DB_FIELD(struct db_active, user_id),
    DB_FIELD(struct db_active, tier),
    DB_FIELD(struct db_active, status),
    DB_FIELD(struct db_active, started_at),
    DB_FIELD(struct db_active, rows),
};
static const struct db_field trader_fields[] = {
    DB_FIELD(struct db_trader, id),
    DB_FIELD(struct db_trader, user_id),
    DB_FIELD(struct db_trader, email),
    DB_FIELD(struct db_trader, tier),
    DB_FIELD(struct db_trader, trading_enabled),
    DB_FIELD(struct db_trader, api_access),
    DB_FIELD(struct db_trader, created_at),
    DB_FIELD(struct db_trader, updated_at),
    DB_FIELD(struct db_trader, rows),
};
static const struct db_field keys_fields[] = {
    DB_FIELD(struct db_keys, user_id),
    DB_FIELD(struct db_keys, total),
    DB_FIELD(struct db_keys, active),
};
static const struct db_field walk_fields[] = {
    DB_FIELD(struct db_walk_row, passed),
    DB_FIELD(struct db_walk_row, searched),
    DB_FIELD(struct db_walk_row, in_range),
    DB_FIELD(struct db_walk_row, email),
    DB_FIELD(struct db_walk_row, id),
    DB_FIELD(struct db_walk_row, page),
};
static const struct db_field id_fields[] = {
    DB_FIELD(struct db_id_row, id),
};

const struct db_shape db_shape_login = {
    "login", sizeof(struct db_login), login_fields, ZM_COUNT(login_fields)};
const struct db_shape db_shape_profile = {
    "profile", sizeof(struct db_profile), profile_fields, ZM_COUNT(profile_fields)};
const struct db_shape db_shape_active = {
    "active", sizeof(struct db_active), active_fields, ZM_COUNT(active_fields)};
const struct db_shape db_shape_trader = {
    "trader", sizeof(struct db_trader), trader_fields, ZM_COUNT(trader_fields)};
const struct db_shape db_shape_keys = {
    "keys", sizeof(struct db_keys), keys_fields, ZM_COUNT(keys_fields)};
const struct db_shape db_shape_walk_row = {
    "walk", sizeof(struct db_walk_row), walk_fields, ZM_COUNT(walk_fields)};
const struct db_shape db_shape_id_row = {
    "id", sizeof(struct db_id_row), id_fields, ZM_COUNT(id_fields)};

static const enum db_sql brain_readers[DB_BRAIN_READERS] = {
    DB_SQL_BRAIN_PAGE_LOGINS, DB_SQL_BRAIN_PAGE_PROFILES, DB_SQL_BRAIN_PAGE_ACTIVE};
static const enum db_sql bot_readers[DB_BOT_READERS] = {
    DB_SQL_BOT_PAGE_TRADERS, DB_SQL_BOT_PAGE_KEYS};
/* clang-format on */

/* Everything up to and with the first reader must have been answered. */
static bool run(struct db_link *link, struct db_ask *asks, size_t n, const enum db_sql *readers,
                size_t n_readers, struct zm_error *err)
{
    size_t i;

    for (i = 0; i < n_readers; i++)
        asks[n + i].sql = readers[i];
    if (!db_link_read(link, asks, n + n_readers, err))
        return false;
    for (i = 0; i <= n; i++) {
        if (asks[i].ok)
            continue;
        if (err)
            *err = asks[i].err;
        return false;
    }
    return true;
}

static void take(struct db_rows *ret, struct db_ask *ask)
{
    *ret = ask->rows;
    memset(&ask->rows, 0, sizeof(ask->rows));
}

bool db_brain_read(struct db_link *brain, struct db_ask *asks, size_t n, struct db_brain_half *ret,
                   struct zm_error *err)
{
    if (!run(brain, asks, n, brain_readers, DB_BRAIN_READERS, err))
        return false;
    memset(ret, 0, sizeof(*ret));
    take(&ret->logins, &asks[n]);
    take(&ret->profiles, &asks[n + 1]);
    take(&ret->active, &asks[n + 2]);
    ret->profile_known = asks[n + 1].ok;
    ret->active_known = asks[n + 2].ok;
    ret->profile_err = asks[n + 1].err;
    ret->active_err = asks[n + 2].err;
    return true;
}

bool db_bot_read(struct db_link *bot, struct db_ask *asks, size_t n, struct db_bot_half *ret,
                 struct zm_error *err)
{
    if (!run(bot, asks, n, bot_readers, DB_BOT_READERS, err))
        return false;
    memset(ret, 0, sizeof(*ret));
    take(&ret->traders, &asks[n]);
    take(&ret->keys, &asks[n + 1]);
    ret->keys_known = asks[n + 1].ok;
    ret->keys_err = asks[n + 1].err;
    return true;
}

void db_place_set(struct db_place *ret, enum db_segment segment, const char *key, const char *id)
{
    size_t n;

    memset(ret, 0, sizeof(*ret));
    ret->segment = segment;
    zm_copy(ret->id, sizeof(ret->id), id);
    if (zm_copy(ret->key, sizeof(ret->key), key))
        return;
    for (n = strlen(ret->key); n > 0 && ((unsigned char)ret->key[n - 1] & 0xC0) == 0x80; n--)
        ret->key[n - 1] = '\0'; /* no half character is sent */
    if (n > 0 && (unsigned char)ret->key[n - 1] >= 0xC0)
        ret->key[n - 1] = '\0';
}

void db_place_of(enum db_sort sort, const struct db_login *login, struct db_place *ret)
{
    const char *key = sort == DB_SORT_EMAIL     ? login->email
                      : sort == DB_SORT_CREATED ? login->created_at
                      : sort == DB_SORT_SIGN_IN ? login->last_sign_in_at
                                                : "";

    db_place_set(ret, key ? DB_SEGMENT_PASSWORD : DB_SEGMENT_NO_EMAIL, key, login->id);
}
