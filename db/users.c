/*
 * Users by their ids, and what a page owns. Which users come after which is users_page.c's, what is
 * found users_find.c's.
 */
#include "db/users.h"

#include <string.h>

#include "db/conditions.h"
#include "db/users_read.h"

static void brain_half_done(struct db_brain_half *half)
{
    db_rows_done(&half->logins);
    db_rows_done(&half->profiles);
    db_rows_done(&half->active);
}

static void bot_half_done(struct db_bot_half *half)
{
    db_rows_done(&half->traders);
    db_rows_done(&half->keys);
}

void db_page_done(struct db_page *page)
{
    brain_half_done(&page->brain);
    bot_half_done(&page->bot);
    zm_arena_done(&page->arena);
    memset(page, 0, sizeof(*page));
}

bool db_users_by_ids(struct db_link *brain, const char *const *ids, size_t n, struct db_page *page,
                     struct zm_error *err)
{
    struct db_ask asks[1 + DB_BRAIN_READERS] = {{.sql = DB_SQL_BRAIN_USERS_GIVEN}};
    struct db_brain_half half;
    struct zm_buf array = {.s = NULL};
    bool ok;

    db_array_ids(&array, ids, n);
    asks[0].params[0] = array.s;
    ok = db_brain_read(brain, asks, 1, &half, err);
    if (ok) {
        page->brain = half;
        page->brain_known = true;
    }
    db_asks_done(asks, 1 + DB_BRAIN_READERS);
    zm_buf_done(&array);
    return ok;
}

bool db_users_halves(struct db_link *bot, const char *const *ids, size_t n,
                     struct db_bot_half *half, struct zm_error *err)
{
    struct db_ask asks[1 + DB_BOT_READERS] = {{.sql = DB_SQL_BOT_TRADERS_GIVEN}};
    struct zm_buf array = {.s = NULL};
    bool ok;

    db_array_ids(&array, ids, n);
    asks[0].params[0] = array.s;
    ok = db_bot_read(bot, asks, 1, half, err);
    db_asks_done(asks, 1 + DB_BOT_READERS);
    zm_buf_done(&array);
    return ok;
}
