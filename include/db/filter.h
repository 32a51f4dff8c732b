/*
 * The filter language of `/` and of `users FILTER`: words that must all be found in e-mail, name,
 * phone or id (case-insensitive; "quoted" for a word with blanks, or for the exact whole value),
 * conditions key:value, and `!` before either to invert it.
 *
 *   ana@  "Ana Pop"  5b1e0a77  tier:pro  trading:off  api:on  sync:differs  country:RO  banned:
 *   confirmed:no  can:no  !tier:free  !test
 */
#ifndef DB_FILTER_H
#define DB_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "zm/error.h"

enum db_filter_key {
    DB_FILTER_WORD,
    DB_FILTER_TIER,    /* Brain's tier (Bot's where there is no profile): free, pro, enterprise, any
                          text, none */
    DB_FILTER_TRADING, /* on, off */
    DB_FILTER_API,     /* on, off */
    DB_FILTER_SYNC,    /* a value of `sync`, or differs/ok/missing/orphan/duplicate for short */
    DB_FILTER_COUNTRY,
    DB_FILTER_BANNED,    /* yes (also without a value), no */
    DB_FILTER_CONFIRMED, /* yes, no */
    DB_FILTER_CAN,       /* can:yes, can:no: the verdict */
    DB_FILTER_KEYS,
};

#define DB_FILTER_MAX 12
struct db_filter_term {
    enum db_filter_key key;
    bool invert;
    bool exact;      /* "quoted": the whole value */
    char value[128]; /* lower case for words; of a condition one of its values, written in full */
};

struct db_filter {
    struct db_filter_term term[DB_FILTER_MAX];
    size_t n;
};

/* What completion offers and help prints. */
struct db_filter_key_row {
    const char *name;   /* "tier:" */
    const char *values; /* "free pro enterprise none", "" for free text */
    const char *help;
};
const struct db_filter_key_row *db_filter_key_row(enum db_filter_key key);

/* Parses text; an unfinished condition (`tier:` while typing) counts as absent. ZM_ERR_USAGE names
 * an unknown key or value and the nearest valid one. */
bool db_filter_parse(const char *text, struct db_filter *ret, struct zm_error *err);
bool db_filter_is_empty(const struct db_filter *filter);
/* Whether there are words to be found (indexed look-up makes sense); inverted ones are not. */
bool db_filter_has_words(const struct db_filter *filter);

/* Whether a word can be the beginning of an id, and then the first and the last id that begin with
 * it. Letters alone count from six on: "ada" and "dee" are people. */
bool db_filter_id_range(const char *word, char first[37], char last[37]);
/* Whether text, in any case, holds the word, or, "quoted", is it. NULL holds none. */
bool db_filter_holds(const struct db_filter_term *term, const char *text);
/* Whether the word is the beginning of that id, or, "quoted", the id. */
bool db_filter_holds_id(const struct db_filter_term *term, const char *id);
/* Whether a word is the beginning of a phone number: digits, or a plus and digits as people write
 * them. Then its digits, as Supabase Auth stores it: without the plus. digits holds at least 20
 * bytes. */
bool db_filter_phone(const char *word, char *digits);

#endif
