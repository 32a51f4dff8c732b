/*
 * Whether a record matches a filter: the last word over what the databases judged each for itself.
 * Pure. A word counts only where it was found; of a condition, what is not known excludes nobody.
 */
#include "db/users.h"

#include <string.h>

#include "zm/str.h"

typedef enum db_known match_fn(const struct db_filter_term *term, const struct db_user *user);

static enum db_known known(bool holds)
{
    return holds ? DB_HOLDS : DB_FAILS;
}

static bool begins(const char *text, const char *beginning)
{
    return text && strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool holds_phone(const char *phone, const struct db_filter_term *term)
{
    char digits[20];

    if (term->value[0] != '+' || !db_filter_phone(term->value, digits))
        return db_filter_holds(term, phone);
    return term->exact ? zm_streq(phone, digits) : begins(phone, digits);
}

static enum db_known match_word(const struct db_filter_term *term, const struct db_user *user)
{
    if (user->login &&
        (db_filter_holds(term, user->login->email) || holds_phone(user->login->phone, term)))
        return DB_HOLDS;
    if (user->profile && db_filter_holds(term, user->profile->name))
        return DB_HOLDS;
    if (!user->login && user->trader && db_filter_holds(term, user->trader->email))
        return DB_HOLDS;
    return known(db_filter_holds_id(term, user->id));
}

static enum db_known same_text(const char *text, const struct db_filter_term *term)
{
    struct db_filter_term whole = *term;

    whole.exact = true;
    return known(db_filter_holds(&whole, text));
}

static enum db_known match_tier(const struct db_filter_term *term, const struct db_user *user)
{
    const char *tier;

    if (!user->brain_known || !user->profile_known)
        return DB_UNKNOWN;
    if (!user->profile && !user->bot_known)
        return DB_UNKNOWN;
    tier = user->profile ? user->profile->tier : user->trader ? user->trader->tier : NULL;
    if (!tier)
        return known(zm_streq(term->value, "none"));
    return same_text(tier, term);
}

static enum db_known match_flag(const struct db_filter_term *term, const struct db_user *user,
                                bool on)
{
    return user->bot_known ? known(on == zm_streq(term->value, "on")) : DB_UNKNOWN;
}

static enum db_known match_trading(const struct db_filter_term *term, const struct db_user *user)
{
    return match_flag(term, user, user->trader && user->trader->trading_enabled == 1);
}

static enum db_known match_api(const struct db_filter_term *term, const struct db_user *user)
{
    return match_flag(term, user, user->trader && user->trader->api_access == 1);
}

static enum db_known match_sync(const struct db_filter_term *term, const struct db_user *user)
{
    const char *key = db_sync_key(user->sync);

    if (zm_streq(term->value, key))
        return DB_HOLDS;
    if (user->sync == DB_SYNC_UNKNOWN)
        return DB_UNKNOWN;
    return known(zm_streq(term->value, "missing") && begins(key, "missing_"));
}

static enum db_known match_country(const struct db_filter_term *term, const struct db_user *user)
{
    if (!user->brain_known || !user->profile_known)
        return DB_UNKNOWN;
    return user->profile ? same_text(user->profile->country, term) : DB_FAILS;
}

static enum db_known match_banned(const struct db_filter_term *term, const struct db_user *user)
{
    if (!user->brain_known)
        return DB_UNKNOWN;
    return known((user->login && user->login->banned) == zm_streq(term->value, "yes"));
}

static enum db_known match_confirmed(const struct db_filter_term *term, const struct db_user *user)
{
    if (!user->brain_known)
        return DB_UNKNOWN;
    return known((user->login && user->login->email_confirmed_at) == zm_streq(term->value, "yes"));
}

static enum db_known match_can(const struct db_filter_term *term, const struct db_user *user)
{
    if (user->verdict.can_trade == DB_UNKNOWN)
        return DB_UNKNOWN;
    return known((user->verdict.can_trade == DB_HOLDS) == zm_streq(term->value, "yes"));
}

/* clang-format off */
static match_fn *const matches[DB_FILTER_KEYS] = {
    [DB_FILTER_WORD]      = match_word,
    [DB_FILTER_TIER]      = match_tier,
    [DB_FILTER_TRADING]   = match_trading,
    [DB_FILTER_API]       = match_api,
    [DB_FILTER_SYNC]      = match_sync,
    [DB_FILTER_COUNTRY]   = match_country,
    [DB_FILTER_BANNED]    = match_banned,
    [DB_FILTER_CONFIRMED] = match_confirmed,
    [DB_FILTER_CAN]       = match_can,
};
/* clang-format on */

bool db_filter_matches(const struct db_filter *filter, const struct db_user *user)
{
    size_t i;

    for (i = 0; i < filter->n; i++) {
        const struct db_filter_term *term = &filter->term[i];
        enum db_known holds = matches[term->key](term, user);

        if (holds != DB_UNKNOWN && (holds == DB_HOLDS) == term->invert)
            return false;
    }
    return true;
}
