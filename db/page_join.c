/*
 * Puts the halves of a page together: one record a user, judged. Pure; may be called again when the
 * other half has come.
 */
#include "db/users.h"

#include <stdlib.h>
#include <string.h>

#include "zm/clock.h"

/* The rows of one answer by user_id: rows come in the order of the page. */
struct by_user {
    const void **row;
    size_t n, offset; /* of user_id in a row */
};

struct key {
    const char *id;
    size_t offset;
};

static const char *user_of(const void *row, size_t offset)
{
    return *(const char *const *)((const char *)row + offset);
}

/* qsort has no context: the rows of one struct are compared by its own function. */
#define COMPARE(name, type, member)                                                                \
    static int name(const void *a, const void *b)                                                  \
    {                                                                                              \
        return strcmp((*(const type *const *)a)->member, (*(const type *const *)b)->member);       \
    }

COMPARE(compare_profile, struct db_profile, user_id)
COMPARE(compare_active, struct db_active, user_id)
COMPARE(compare_trader, struct db_trader, user_id)
COMPARE(compare_keys, struct db_keys, user_id)
COMPARE(compare_login, struct db_login, id)

static struct by_user index_rows(struct zm_arena *arena, const struct db_rows *rows, size_t size,
                                 size_t offset, int (*compare)(const void *, const void *))
{
    struct by_user ret = {zm_arena_alloc(arena, (rows->n + 1) * sizeof(void *)), rows->n, offset};
    size_t i;

    for (i = 0; i < rows->n; i++)
        ret.row[i] = (const char *)rows->items + i * size;
    if (rows->n > 1)
        qsort(ret.row, rows->n, sizeof(void *), compare);
    return ret;
}

static int compare_key(const void *key, const void *row)
{
    const struct key *k = key;

    return strcmp(k->id, user_of(*(const void *const *)row, k->offset));
}

static const void *find(const struct by_user *rows, const char *id)
{
    struct key key = {id, rows->offset};
    const void *const *found;

    if (rows->n == 0)
        return NULL;
    found = bsearch(&key, rows->row, rows->n, sizeof(void *), compare_key);
    return found ? *found : NULL;
}

struct join {
    struct db_page *page;
    const struct db_policy *policy;
    struct by_user logins, profiles, active, traders, keys;
};

static void add_user(struct join *j, const char *id, const struct db_login *login)
{
    struct db_page *page = j->page;
    struct db_user *user = &page->users[page->n++];

    user->id = id;
    user->brain_known = page->brain_known;
    user->bot_known = page->bot_known;
    user->profile_known = page->brain_known && page->brain.profile_known;
    user->active_known = page->brain_known && page->brain.active_known;
    user->keys_known = page->bot_known && page->bot.keys_known;
    user->read_ms = page->read_ms;
    user->login = login;
    user->profile = find(&j->profiles, id);
    user->active = find(&j->active, id);
    user->trader = find(&j->traders, id);
    user->keys = find(&j->keys, id);
    db_user_judge(user, j->policy);
}

/* How many records there will be: orphans are beside the logins. */
static size_t count(const struct join *j)
{
    const struct db_rows *traders = &j->page->bot.traders;
    size_t i, n = j->page->brain.logins.n;

    for (i = 0; i < traders->n; i++)
        n += !find(&j->logins, DB_ROW(traders, struct db_trader, i)->user_id);
    return n;
}

void db_page_join(struct db_page *page, const struct db_policy *policy)
{
    const struct db_rows *logins = &page->brain.logins, *traders = &page->bot.traders;
    struct zm_arena *arena = &page->arena;
    struct join j = {.page = page, .policy = policy};
    size_t i;

    zm_arena_reset(arena);
    j.logins = index_rows(arena, logins, sizeof(struct db_login), offsetof(struct db_login, id),
                          compare_login);
    j.profiles = index_rows(arena, &page->brain.profiles, sizeof(struct db_profile),
                            offsetof(struct db_profile, user_id), compare_profile);
    j.active = index_rows(arena, &page->brain.active, sizeof(struct db_active),
                          offsetof(struct db_active, user_id), compare_active);
    j.traders = index_rows(arena, traders, sizeof(struct db_trader),
                           offsetof(struct db_trader, user_id), compare_trader);
    j.keys = index_rows(arena, &page->bot.keys, sizeof(struct db_keys),
                        offsetof(struct db_keys, user_id), compare_keys);
    page->users = zm_arena_zalloc(arena, (count(&j) + 1) * sizeof(*page->users));
    page->n = 0;
    page->read_ms = page->read_ms ? page->read_ms : zm_now_ms();
    for (i = 0; i < logins->n; i++) {
        const struct db_login *login = DB_ROW(logins, struct db_login, i);

        add_user(&j, login->id, login);
    }
    for (i = 0; i < traders->n; i++) {
        const char *id = DB_ROW(traders, struct db_trader, i)->user_id;

        if (!find(&j.logins, id))
            add_user(&j, id, NULL);
    }
}
