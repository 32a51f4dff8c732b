/*
 * Puts what the journal stored of a change into words. Anybody may have written the row: a value
 * that could be read as more than one word stands between quotes.
 */
#include "screens/audit_change.h"

#include <string.h>

#include "db/decide.h"
#include "zm/arena.h"
#include "zm/str.h"

struct words {
    struct zm_arena *arena;
    const char *text, *nothing;
    struct db_values before, after;
};

static void add(struct words *w, const char *part)
{
    w->text = zm_arena_printf(w->arena, "%s%s%s", w->text, w->text[0] ? ", " : "", part);
}

static const char *value(const struct words *w, const char *text)
{
    if (!text)
        return w->nothing;
    return *text && !strpbrk(text, " ,'\t\n") ? text : zm_arena_printf(w->arena, "'%s'", text);
}

/* As the Sync screen has it; there is little room. */
static const char *title(enum db_item item)
{
    switch (item) {
    case DB_ITEM_BOT_TIER:
        return "Bot.tier";
    case DB_ITEM_BOT_EMAIL:
        return "Bot.email";
    case DB_ITEM_API:
        return "api";
    default:
        return db_item_row(item)->title;
    }
}

static const char *flag(enum db_item item, const char *text)
{
    if (item == DB_ITEM_COMPLETED)
        return zm_streq(text, "true") ? "yes" : "no";
    return zm_streq(text, "true") ? "on" : "off";
}

static bool is_flag(enum db_item item, const char *text)
{
    return db_item_row(item)->is_flag && (zm_streq(text, "true") || zm_streq(text, "false"));
}

/* Bot's tier goes with Brain's: it is named where it was another. */
static bool goes_along(const struct words *w, enum db_item item)
{
    return item == DB_ITEM_BOT_TIER && w->after.known[DB_ITEM_TIER] &&
           zm_streq(w->before.text[item], w->before.text[DB_ITEM_TIER]) &&
           zm_streq(w->after.text[item], w->after.text[DB_ITEM_TIER]);
}

static void add_items(struct words *w)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++) {
        enum db_item item = (enum db_item)i;
        const char *before = w->before.text[i], *after = w->after.text[i];

        if (!w->after.known[i] || goes_along(w, item))
            continue;
        add(w, is_flag(item, after)
                   ? zm_arena_printf(w->arena, "%s %s", title(item), flag(item, after))
                   : zm_arena_printf(w->arena, "%s %s -> %s", title(item), value(w, before),
                                     value(w, after)));
    }
}

/* NULL: the row does not say. */
static const char *made_tier(const struct words *w, const struct db_journal_row *row)
{
    if (w->after.known[DB_ITEM_TIER])
        return w->after.text[DB_ITEM_TIER];
    return row->created_profile ? db_tiers[0] : row->bot_after;
}

static void add_trader(struct words *w, const struct db_journal_row *row)
{
    const char *tier = made_tier(w, row);

    add(w, tier ? zm_arena_printf(w->arena, "+ trading profile (%s, rights off)", value(w, tier))
                : "+ trading profile (rights off)");
}

static void add_stopped(struct words *w, int64_t n, const char *one, const char *many)
{
    if (n > 0)
        add(w, zm_arena_printf(w->arena, "%lld %s off", (long long)n, n == 1 ? one : many));
}

/* A stop that found it off has set nothing. */
static bool was_off(const struct db_journal_row *row)
{
    return zm_streq(row->action, "zmartctl.stop_all") && zm_streq(row->before, "false") &&
           zm_streq(row->after, "false");
}

static const char *arrow(struct words *w, const struct db_journal_row *row)
{
    static const struct {
        const char *stored, *shown;
    } flags[] = {{"true", "on"}, {"false", "off"}};
    const char *both[2] = {row->before, row->after};
    size_t i, k;

    if (!row->before && !row->after)
        return "";
    for (i = 0; i < ZM_COUNT(both); i++) {
        for (k = 0; k < ZM_COUNT(flags); k++)
            if (zm_streq(both[i], flags[k].stored))
                both[i] = flags[k].shown;
        both[i] = both[i] ? both[i] : w->nothing;
    }
    return zm_arena_printf(w->arena, "%s -> %s", both[0], both[1]);
}

const char *audit_change(struct zm_arena *arena, const struct db_journal_row *row,
                         const char *nothing)
{
    struct words w = {.arena = arena, .text = "", .nothing = nothing};
    struct zm_error err;

    if (!db_journal_values(row, &w.before, &w.after, arena, &err))
        return arrow(&w, row);
    if (row->created_profile) /* it is made free, whatever the policy */
        add(&w, zm_arena_printf(arena, "+ profile in Brain (%s)", db_tiers[0]));
    add_items(&w);
    if (row->created_trader)
        add_trader(&w, row);
    if (was_off(row))
        add(&w, "trading off already");
    add_stopped(&w, row->stopped_strategies, "strategy", "strategies");
    add_stopped(&w, row->stopped_keys, "key", "keys");
    return w.text[0] ? w.text : arrow(&w, row);
}
