/*
 * ZmartBot alone, while ZmartyBrain is away: pages and look-ups over trading profiles. Of their
 * users nothing else is known, which is not the same as nothing being there.
 */
#include "db/users.h"

#include <stdio.h>
#include <string.h>

#include "db/conditions.h"
#include "db/users_read.h"
#include "zm/str.h"

#define LIMIT_MAX 200
#define CANDIDATES "1000"
#define ASKS_MAX (2 * DB_FILTER_MAX + 2 + DB_BOT_READERS)

static void set_edges(struct db_page *page, const struct db_place *place, bool back, size_t limit)
{
    const struct db_rows *traders = &page->bot.traders;
    bool cut = traders->n >= limit;

    page->before = page->after = *place;
    if (traders->n > 0) {
        const struct db_trader *first = DB_ROW(traders, struct db_trader, 0);
        const struct db_trader *last = DB_ROW(traders, struct db_trader, traders->n - 1);

        db_place_set(&page->before, DB_SEGMENT_PASSWORD, first->email, first->user_id);
        db_place_set(&page->after, DB_SEGMENT_PASSWORD, last->email, last->user_id);
    }
    page->at_start = back ? !cut || limit == 0 : !place->id[0];
    page->at_end = back ? place->segment == DB_SEGMENT_END : !cut;
}

bool db_traders_page(struct db_link *bot, const struct db_place *place, bool back, size_t limit,
                     struct db_page *page, struct zm_error *err)
{
    struct db_ask asks[1 + DB_BOT_READERS] = {{.sql = DB_SQL_BOT_TRADERS_BY_EMAIL}};
    struct db_bot_half half;
    char rows[8];
    bool ok;

    if (limit > LIMIT_MAX)
        limit = LIMIT_MAX;
    if (back && place->segment == DB_SEGMENT_PASSWORD && !place->id[0])
        limit = 0; /* nothing is before the beginning */
    snprintf(rows, sizeof(rows), "%zu", limit);
    if (back)
        asks[0].sql = DB_SQL_BOT_TRADERS_BY_EMAIL_BACK;
    if (place->id[0] && place->segment == DB_SEGMENT_PASSWORD) {
        asks[0].params[0] = place->key;
        asks[0].params[1] = place->id;
    }
    asks[0].params[2] = rows;
    ok = db_bot_read(bot, asks, 1, &half, err);
    if (ok) {
        page->bot = half;
        page->bot_known = true;
        set_edges(page, place, back, limit);
    }
    db_asks_done(asks, 1 + DB_BOT_READERS);
    return ok;
}

/* The look-up of one word: an id's owner first. */
static size_t add_word(const struct db_filter_term *term, struct zm_arena *arena,
                       struct db_ask *asks)
{
    char *first = zm_arena_alloc(arena, 37), *last = zm_arena_alloc(arena, 37);
    struct zm_buf pattern = {.s = NULL};
    size_t n = 0;

    if (db_filter_id_range(term->value, first, last)) {
        asks[n++] =
            (struct db_ask){.sql = DB_SQL_BOT_FIND_TRADER_ID, .params = {first, last, CANDIDATES}};
    }
    db_like_add(&pattern, term->value);
    zm_buf_puts(&pattern, term->exact ? "" : "%");
    asks[n++] = (struct db_ask){.sql = DB_SQL_BOT_FIND_TRADER_EMAIL,
                                .params = {zm_arena_strdup(arena, pattern.s), CANDIDATES}};
    zm_buf_done(&pattern);
    return n;
}

bool db_traders_find(struct db_link *bot, const struct db_filter *filter, size_t limit,
                     struct db_page *page, struct zm_error *err)
{
    struct db_ask asks[ASKS_MAX] = {{.sql = DB_SQL_BOT_TRADERS_GIVEN, .params = {"{}"}}};
    struct zm_arena arena = {.head = NULL};
    struct db_conditions conditions;
    struct db_bot_half half;
    char rows[8];
    size_t i, n = 1;
    bool ok;

    snprintf(rows, sizeof(rows), "%zu", limit > LIMIT_MAX ? LIMIT_MAX : limit);
    db_conditions_init(&conditions, filter);
    for (i = 0; i < filter->n; i++)
        if (filter->term[i].key == DB_FILTER_WORD && !filter->term[i].invert)
            n += add_word(&filter->term[i], &arena, &asks[n]);
    asks[n].sql = DB_SQL_BOT_FIND_TRADER_NARROW;
    asks[n].params[0] = rows;
    db_conditions_text(&conditions, &asks[n], 1);
    n++;
    ok = db_bot_read(bot, asks, n, &half, err);
    if (ok) {
        page->bot = half;
        page->bot_known = page->at_start = page->at_end = true;
    }
    db_asks_done(asks, n + DB_BOT_READERS);
    db_conditions_done(&conditions);
    zm_arena_done(&arena);
    return ok;
}
