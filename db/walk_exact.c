/*
 * A walk that needs no ranges: a whole id, a whole phone or a whole e-mail names a few users at
 * most, whom indexes find; what no index knows (upper case in Bot, SSO users through a view) is one
 * scan by the server. One step.
 */
#include "db/walk.h"

#include <stdlib.h>
#include <string.h>

#include "db/resolve.h"
#include "db/users_read.h"
#include "zm/str.h"

_Static_assert(offsetof(struct db_candidate_login, id) == 0 &&
                   offsetof(struct db_candidate_trader, id) == 0 &&
                   offsetof(struct db_id_row, id) == 0,
               "ask_ids reads the first member");

#define FOUND_MAX 200

struct found {
    char id[FOUND_MAX][37];
    size_t n;
};

const struct db_filter_term *db_walk_exact_term(const struct db_filter *filter)
{
    char digits[20];
    size_t i;

    for (i = 0; i < filter->n; i++) {
        const struct db_filter_term *term = &filter->term[i];

        if (term->key != DB_FILTER_WORD || term->invert)
            continue;
        if (zm_is_uuid(term->value))
            return term;
        if (term->exact && strchr(term->value, '@'))
            return term;
        if (term->exact && term->value[0] == '+' && db_filter_phone(term->value, digits))
            return term;
    }
    return NULL;
}

static void add(struct found *found, const char *id)
{
    size_t i;

    for (i = 0; i < found->n; i++)
        if (zm_streq(found->id[i], id))
            return;
    if (found->n < FOUND_MAX)
        zm_copy(found->id[found->n++], sizeof(found->id[0]), id);
}

/* Runs the asks, in whose rows the id is the first member, and adds those ids. */
static bool ask_ids(struct db_link *link, struct db_ask *asks, size_t n, struct found *ret,
                    struct zm_error *err)
{
    bool ok = db_link_read(link, asks, n, err);
    size_t i, k;

    for (i = 0; ok && i < n; i++) {
        ok = asks[i].ok;
        if (!ok && err)
            *err = asks[i].err;
        for (k = 0; ok && k < asks[i].rows.n; k++)
            add(ret, *(const char *const *)((const char *)asks[i].rows.items +
                                            k * db_sql_shape(asks[i].sql)->size));
    }
    db_asks_done(asks, n);
    return ok;
}

static void list(const struct found *found, const char *ids[FOUND_MAX])
{
    size_t i;

    for (i = 0; i < found->n; i++)
        ids[i] = found->id[i];
}

/* Through a view no index knows SSO users and upper case. */
static bool find_logins(struct db_step *s, const char *email, struct found *found,
                        struct zm_error *err)
{
    struct db_ask scan = {.sql = DB_SQL_BRAIN_RESOLVE_LOGIN_SCAN, .params = {email}};
    const char *ids[FOUND_MAX];
    size_t i, indexed;

    if (!db_users_find(s->brain, s->filter, FOUND_MAX, s->page, err))
        return false;
    for (i = 0; i < s->page->brain.logins.n; i++)
        add(found, DB_ROW(&s->page->brain.logins, struct db_login, i)->id);
    indexed = found->n;
    if (!email || db_link_facts(s->brain)->logins != DB_LOGINS_VIEW)
        return true;
    if (!ask_ids(s->brain, &scan, 1, found, err))
        return false;
    if (found->n == indexed)
        return true;
    db_page_done(s->page);
    memset(s->page, 0, sizeof(*s->page));
    list(found, ids);
    return db_users_by_ids(s->brain, ids, found->n, s->page, err);
}

/* Of the traders that bear the word those who have no login; with Brain away all of them. */
static bool find_traders(struct db_step *s, const struct db_filter_term *term, const char *email,
                         struct found *found, struct zm_error *err)
{
    struct found traders = {.n = 0};
    struct zm_buf users = {.s = NULL};
    const char *ids[FOUND_MAX];
    struct db_ask asks[2] = {
        {.sql = DB_SQL_BOT_RESOLVE_TRADER,
         .params = {term->value, email, zm_is_uuid(term->value) ? term->value : NULL}},
        {.sql = DB_SQL_BOT_RESOLVE_TRADER_SCAN, .params = {email}}};
    struct db_ask missing = {.sql = DB_SQL_BRAIN_LOGINS_MISSING};
    bool ok = ask_ids(s->bot, asks, email ? 2 : 1, s->brain ? &traders : found, err);

    if (!ok || traders.n == 0)
        return ok;
    list(&traders, ids);
    db_array_ids(&users, ids, traders.n);
    missing.params[0] = users.s;
    ok = ask_ids(s->brain, &missing, 1, found, err);
    zm_buf_done(&users);
    return ok;
}

bool db_walk_exact(struct db_step *s, const struct db_filter_term *term, struct zm_error *err)
{
    const char *email = strchr(term->value, '@') ? term->value : NULL;
    struct found found = {.n = 0};
    const char *ids[FOUND_MAX];

    if (s->brain && !find_logins(s, email, &found, err))
        return false;
    if (s->bot && !find_traders(s, term, email, &found, err))
        return false;
    if (s->bot && found.n > 0) {
        list(&found, ids);
        if (!db_users_halves(s->bot, ids, found.n, &s->page->bot, err))
            return false;
        s->page->bot_known = true;
    }
    if (s->walk->total > 0)
        s->walk->searched = s->walk->total;
    db_walk_next(s->walk, DB_SEGMENT_END);
    return true;
}
