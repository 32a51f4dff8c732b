/*
 * The filter of Sync: the language of `/` over rows that a comparison found. A condition on what a
 * comparison does not read is refused, and never taken for a word.
 */
#include "screens/sync_state.h"

#include <string.h>

#include "db/users.h"
#include "zm/str.h"

typedef enum db_known match_fn(const struct db_filter_term *term, const struct sync_user *user);

static enum db_known known(bool holds)
{
    return holds ? DB_HOLDS : DB_FAILS;
}

static enum db_known match_word(const struct db_filter_term *term, const struct sync_user *user)
{
    const struct db_both *both = &user->both;

    return known(db_filter_holds(term, both->email) || db_filter_holds(term, both->bot_email) ||
                 db_filter_holds_id(term, both->id));
}

static enum db_known match_tier(const struct db_filter_term *term, const struct sync_user *user)
{
    const char *tier = user->both.profiles ? user->both.tier : user->both.bot_tier;
    struct db_filter_term whole = *term;

    if (user->both.lacks & (user->both.profiles ? DB_LACKS_TIER : DB_LACKS_BOT_TIER))
        return DB_UNKNOWN;
    whole.exact = true;
    return known(tier ? db_filter_holds(&whole, tier) : zm_streq(term->value, "none"));
}

static enum db_known match_right(const struct db_filter_term *term, const struct db_both *both,
                                 db_maybe on)
{
    if (both->traders && on < 0)
        return DB_UNKNOWN;
    return known((on == 1) == zm_streq(term->value, "on"));
}

static enum db_known match_trading(const struct db_filter_term *term, const struct sync_user *user)
{
    return match_right(term, &user->both, user->both.trading_enabled);
}

static enum db_known match_api(const struct db_filter_term *term, const struct sync_user *user)
{
    return match_right(term, &user->both, user->both.api_access);
}

/* The first that applies, as in the list of users. */
static enum db_sync sync_value(unsigned classes)
{
    /* clang-format off */
    static const struct {
        unsigned classes;
        enum db_sync sync;
    } values[] = {
        {DB_CLASS_BIT(DB_CLASS_DUPLICATE_IN_BOT) | DB_CLASS_BIT(DB_CLASS_DUPLICATE_PROFILE), DB_SYNC_DUPLICATE},
        {DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT),   DB_SYNC_ORPHAN_IN_BOT},
        {DB_CLASS_BIT(DB_CLASS_MISSING_PROFILE), DB_SYNC_MISSING_PROFILE},
        {DB_CLASS_BIT(DB_CLASS_MISSING_IN_BOT),  DB_SYNC_MISSING_IN_BOT},
        {DB_CLASS_DRIFT,                         DB_SYNC_DIFFERS},
    };
    /* clang-format on */
    size_t i;

    for (i = 0; i < ZM_COUNT(values); i++)
        if (classes & values[i].classes)
            return values[i].sync;
    return DB_SYNC_SYNCED;
}

static enum db_known match_sync(const struct db_filter_term *term, const struct sync_user *user)
{
    const char *key = db_sync_key(sync_value(user->classes));

    return known(zm_streq(term->value, key) ||
                 (zm_streq(term->value, "missing") && strncmp(key, "missing_", 8) == 0));
}

/* clang-format off */
/* NULL: a comparison does not read it. */
static match_fn *const matches[DB_FILTER_KEYS] = {
    [DB_FILTER_WORD]    = match_word,
    [DB_FILTER_TIER]    = match_tier,
    [DB_FILTER_TRADING] = match_trading,
    [DB_FILTER_API]     = match_api,
    [DB_FILTER_SYNC]    = match_sync,
};
/* clang-format on */

/* What is not known excludes nobody, as on Users. */
bool sync_matches(const struct sync_user *user, const struct db_filter *filter)
{
    size_t i;

    for (i = 0; i < filter->n; i++) {
        const struct db_filter_term *term = &filter->term[i];

        if (matches[term->key](term, user) == (term->invert ? DB_HOLDS : DB_FAILS))
            return false;
    }
    return true;
}

static bool read_filter(const char *text, struct db_filter *ret, struct zm_error *err)
{
    size_t i;

    if (!db_filter_parse(text, ret, err))
        return false;
    for (i = 0; i < ret->n; i++) {
        if (matches[ret->term[i].key])
            continue;
        zm_error_set(err, ZM_ERR_USAGE, "", "read the filter", "%s is not read by a comparison",
                     db_filter_key_row(ret->term[i].key)->name);
        return zm_error_hint(err, "Users (1) knows it; here: words, tier: trading: api: sync:");
    }
    return true;
}

void sync_filter_changed(struct sync *s)
{
    struct db_filter filter;

    if (!read_filter(s->filter.text, &filter, &s->filter_err))
        return;
    s->filter_err.kind = ZM_ERR_NONE;
    s->matched = filter;
    s->relist = true;
}
