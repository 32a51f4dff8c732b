/*
 * The stream of users behind `users` and `export users`. Holds one page in memory.
 */
#include "screens/command_users.h"

#include <stdlib.h>

#include "zm/str.h"

#define PAGE 200

static bool is_first(const struct command_users *u, const char *id)
{
    size_t i;

    for (i = 0; i < u->n_first; i++)
        if (zm_streq(u->first[i], id))
            return true;
    return false;
}

static void check_parts(struct command_run *run, const struct db_page *page)
{
    const struct db_brain_half *brain = &page->brain;

    if (page->brain_known && !brain->profile_known && brain->profile_err.kind != ZM_ERR_NONE)
        command_fail(run, &brain->profile_err);
    if (page->brain_known && !brain->active_known && brain->active_err.kind != ZM_ERR_NONE)
        command_fail(run, &brain->active_err);
    if (page->bot_known && !page->bot.keys_known && page->bot.keys_err.kind != ZM_ERR_NONE)
        command_fail(run, &page->bot.keys_err);
}

/* Hands a joined page on, and frees it. */
static void take_page(struct command_users *u, struct db_page *page, bool again)
{
    size_t i;

    check_parts(u->run, page);
    for (i = 0; i < page->n && !u->stopped; i++) {
        const struct db_user *user = &page->users[i];

        if (!db_filter_matches(&u->filter, user) || (again && is_first(u, user->id)))
            continue;
        u->taken++;
        u->stopped = !u->take(u, user);
        if (u->limit > 0 && u->taken == u->limit) /* to see whether there are more costs a walk */
            u->stopped = u->cut = true;
    }
    db_page_done(page);
    u->pulse(u);
}

/* Bot's half of a page of Brain. */
static void add_bot(struct command_users *u, struct db_page *page)
{
    struct db_link *bot = command_link(u->run, DB_BOT);
    const char *ids[PAGE];
    struct zm_error err;
    size_t i, n = page->brain.logins.n < PAGE ? page->brain.logins.n : PAGE;

    for (i = 0; i < n; i++)
        ids[i] = DB_ROW(&page->brain.logins, struct db_login, i)->id;
    if (bot) {
        page->bot_known = db_users_halves(bot, ids, n, &page->bot, &err);
        if (!page->bot_known)
            command_fail(u->run, &err);
    }
    db_page_join(page, &u->run->conf->policy);
}

/* ---- pages ---- */

static void read_brain_pages(struct command_users *u)
{
    struct db_place place = {.segment = DB_SEGMENT_PASSWORD};
    bool at_end = false;

    while (!u->stopped && !at_end) {
        struct db_link *brain = command_link(u->run, DB_BRAIN);
        struct db_page page = {.n = 0};
        struct zm_error err;

        if (!brain || !db_users_page(brain, DB_SORT_EMAIL, &place, false, PAGE, &page, &err)) {
            u->stopped = true;
            if (brain)
                command_fail(u->run, &err);
            return;
        }
        place = page.after;
        at_end = page.at_end;
        add_bot(u, &page);
        take_page(u, &page, false);
    }
}

static void read_bot_pages(struct command_users *u)
{
    struct db_place place = {.segment = DB_SEGMENT_PASSWORD};
    bool at_end = false;

    while (!u->stopped && !at_end) {
        struct db_link *bot = command_link(u->run, DB_BOT);
        struct db_page page = {.n = 0};
        struct zm_error err;

        if (!bot || !db_traders_page(bot, &place, false, PAGE, &page, &err)) {
            u->stopped = true;
            if (bot)
                command_fail(u->run, &err);
            return;
        }
        place = page.after;
        at_end = page.at_end;
        db_page_join(&page, &u->run->conf->policy);
        take_page(u, &page, false);
    }
}

/* ---- a set ---- */

/* Both halves of some ids; who is in neither database any more is not among them. */
static bool read_ids(struct command_users *u, const char *const *ids, size_t n,
                     struct db_page *page)
{
    struct db_link *brain = command_link(u->run, DB_BRAIN), *bot = command_link(u->run, DB_BOT);
    struct zm_error err;

    if (brain && !db_users_by_ids(brain, ids, n, page, &err))
        return command_fail(u->run, &err);
    if (bot && !(page->bot_known = db_users_halves(bot, ids, n, &page->bot, &err)))
        command_fail(u->run, &err);
    db_page_join(page, &u->run->conf->policy);
    return brain || bot;
}

static void read_set(struct command_users *u)
{
    char id[PAGE][37];
    const char *ids[PAGE];
    size_t at, n, i;

    for (at = 0; !u->stopped; at += n) {
        struct db_page page = {.n = 0};
        struct zm_error err;

        if (!db_idset_read(u->set, at, id, PAGE, &n, &err)) {
            command_fail(u->run, &err);
            return;
        }
        for (i = 0; i < n; i++)
            ids[i] = id[i];
        if (n == 0 || !read_ids(u, ids, n, &page)) {
            db_page_done(&page);
            return;
        }
        take_page(u, &page, false);
    }
}

/* ---- a filter ---- */

static void remember(struct command_users *u, const struct db_page *page)
{
    size_t i;

    u->first = zm_calloc(page->n, sizeof(*u->first));
    for (i = 0; i < page->n; i++)
        if (db_filter_matches(&u->filter, &page->users[i]))
            zm_copy(u->first[u->n_first++], sizeof(*u->first), page->users[i].id);
}

/* What an index serves: at once, whatever the number of users. */
static void find_first(struct command_users *u)
{
    struct db_link *brain = command_link(u->run, DB_BRAIN), *bot = command_link(u->run, DB_BOT);
    struct db_page page = {.n = 0};
    struct zm_error err;
    bool ok;

    if (brain)
        ok = db_users_find(brain, &u->filter, PAGE, &page, &err);
    else
        ok = bot && db_traders_find(bot, &u->filter, PAGE, &page, &err);
    if (!ok) {
        if (brain || bot)
            command_fail(u->run, &err);
        return;
    }
    if (brain)
        add_bot(u, &page);
    else
        db_page_join(&page, &u->run->conf->policy);
    remember(u, &page);
    take_page(u, &page, false);
}

static void walk(struct command_users *u, bool only_rest)
{
    struct db_walk walk = {.done = false};

    while (!u->stopped && !walk.done) {
        struct db_page page = {.n = 0};
        struct zm_error err;

        if (!db_users_walk(&u->run->session, &u->filter, only_rest, &u->run->conf->policy, &walk,
                           &page, &err)) {
            command_fail(u->run, &err);
            u->stopped = true;
            return;
        }
        take_page(u, &page, true);
    }
}

void command_users_stream(struct command_users *u)
{
    bool brain = command_link(u->run, DB_BRAIN) != NULL;

    if (u->set) {
        read_set(u);
    } else if (!db_filter_is_empty(&u->filter)) {
        if (db_filter_has_words(&u->filter))
            find_first(u);
        walk(u, false);
    } else if (brain) {
        read_brain_pages(u);
        walk(u, true);
    } else {
        read_bot_pages(u);
    }
    if (u->cut)
        command_note(u->run, "cut at the limit of %ld; there may be more", u->limit);
    free(u->first);
    u->first = NULL;
}
