/*
 * Parses the filter language. Knows no database and no record: what a term means for a user is
 * decided in users_match.c, what it becomes in SQL in conditions.c.
 */
#include "db/filter.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/fold.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_filter_key_row rows[DB_FILTER_KEYS] = {
    [DB_FILTER_WORD]      = {"", "", "found in e-mail, name or phone, or the beginning of an id"},
    [DB_FILTER_TIER]      = {"tier:", "free pro enterprise none", "the tier in ZmartyBrain"},
    [DB_FILTER_TRADING]   = {"trading:", "on off", "trading_enabled"},
    [DB_FILTER_API]       = {"api:", "on off", "api_access"},
    [DB_FILTER_SYNC]      = {"sync:", "synced differs missing missing_in_bot missing_profile "
                                      "orphan_in_bot duplicate unknown ok orphan",
                             "how the two databases agree"},
    [DB_FILTER_COUNTRY]   = {"country:", "", "the country of the profile"},
    [DB_FILTER_BANNED]    = {"banned:", "yes no", "banned until a time to come"},
    [DB_FILTER_CONFIRMED] = {"confirmed:", "yes no", "e-mail confirmed"},
    [DB_FILTER_CAN]       = {"can:", "yes no", "the verdict of CAN TRADE?"},
};

/* Free text, of which `values` are only the usual ones. */
static const bool is_free[DB_FILTER_KEYS] = {[DB_FILTER_TIER] = true, [DB_FILTER_COUNTRY] = true};

static const struct alias {
    enum db_filter_key key;
    const char *typed, *meant;
} aliases[] = {
    {DB_FILTER_SYNC,   "ok",     "synced"},
    {DB_FILTER_SYNC,   "orphan", "orphan_in_bot"},
    {DB_FILTER_BANNED, "",       "yes"},
};
/* clang-format on */

static const char what[] = "read the filter";

/* One piece of the text: !key:"value" in its parts. */
struct token {
    bool invert, quoted;
    const char *key;
    size_t n_key; /* 0: a word */
    const char *value;
    size_t n;
};

const struct db_filter_key_row *db_filter_key_row(enum db_filter_key key)
{
    return &rows[key];
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A closing quote that has not been typed yet makes it a plain word. */
static void take_value(const char **at, struct token *t)
{
    const char *s = *at, *end;

    if (*s == '"') {
        end = strchr(s + 1, '"');
        t->quoted = end != NULL;
        t->value = s + 1;
        t->n = end ? (size_t)(end - s) - 1 : strlen(s + 1);
        *at = end ? end + 1 : t->value + t->n;
        return;
    }
    t->value = s;
    while (*s && !is_blank(*s))
        s++;
    t->n = (size_t)(s - t->value);
    *at = s;
}

static bool next_token(const char **at, struct token *t)
{
    const char *s = *at, *colon;

    memset(t, 0, sizeof(*t));
    while (is_blank(*s))
        s++;
    if (!*s)
        return false;
    if (*s == '!') {
        t->invert = true;
        s++;
    }
    for (colon = s; isalpha((unsigned char)*colon) || *colon == '_'; colon++)
        ;
    if (*colon == ':' && colon > s) {
        t->key = s;
        t->n_key = (size_t)(colon - s);
        s = colon + 1;
    }
    take_value(&s, t);
    *at = s;
    return true;
}

/* The word of a list separated by blanks that is nearest to text: what it begins is nearest of all.
 */
static void nearest_value(const char *list, const char *text, char *ret, size_t size)
{
    size_t best = 99;

    ret[0] = '\0';
    while (*list) {
        size_t n = strcspn(list, " "), distance;
        char word[32];

        snprintf(word, sizeof(word), "%.*s", (int)n, list);
        distance = strncmp(word, text, strlen(text)) == 0 ? 0 : zm_edit_distance(word, text);
        if (distance < best) {
            best = distance;
            zm_copy(ret, size, word);
        }
        list += n + (list[n] == ' ');
    }
}

static bool in_list(const char *list, const char *text)
{
    size_t n = strlen(text);

    while (*list) {
        size_t k = strcspn(list, " ");

        if (k == n && strncmp(list, text, n) == 0)
            return true;
        list += k + (list[k] == ' ');
    }
    return false;
}

static bool find_key(const struct token *t, enum db_filter_key *ret, struct zm_error *err)
{
    const char *best = "";
    char typed[32];
    size_t k, distance = 99;

    snprintf(typed, sizeof(typed), "%.*s:", (int)(t->n_key < 30 ? t->n_key : 30), t->key);
    db_fold(typed);
    for (k = DB_FILTER_WORD + 1; k < DB_FILTER_KEYS; k++) {
        size_t d = zm_edit_distance(rows[k].name, typed);

        if (d == 0) {
            *ret = (enum db_filter_key)k;
            return true;
        }
        if (d < distance) {
            distance = d;
            best = rows[k].name;
        }
    }
    zm_error_set(err, ZM_ERR_USAGE, "", what, "unknown condition %s", typed);
    return zm_error_hint(err, "did you mean %s? a colon in a text needs quotes", best);
}

static bool check_value(struct db_filter_term *term, struct zm_error *err)
{
    char nearest[32];
    size_t i;

    for (i = 0; i < ZM_COUNT(aliases); i++)
        if (aliases[i].key == term->key && zm_streq(aliases[i].typed, term->value))
            zm_copy(term->value, sizeof(term->value), aliases[i].meant);
    if (is_free[term->key] || in_list(rows[term->key].values, term->value))
        return true;
    nearest_value(rows[term->key].values, term->value, nearest, sizeof(nearest));
    zm_error_set(err, ZM_ERR_USAGE, "", what, "%s does not know \"%.60s\"", rows[term->key].name,
                 term->value);
    return zm_error_hint(err, "did you mean %s%s?", rows[term->key].name, nearest);
}

/* An id without its dashes is the id. */
static void write_whole_id(struct db_filter_term *term)
{
    const char *v = term->value;
    char id[37];
    size_t i;

    for (i = 0; zm_is_hex(v[i]); i++)
        ;
    if (i != 32 || v[i])
        return;
    snprintf(id, sizeof(id), "%.8s-%.4s-%.4s-%.4s-%.12s", v, v + 8, v + 12, v + 16, v + 20);
    zm_copy(term->value, sizeof(term->value), id);
}

static bool read_term(const struct token *t, struct db_filter_term *term, struct zm_error *err)
{
    if (t->n_key > 0 && !find_key(t, &term->key, err))
        return false;
    if (t->n >= sizeof(term->value))
        return zm_error_set(err, ZM_ERR_USAGE, "", what, "a value is longer than %zu bytes",
                            sizeof(term->value) - 1);
    memcpy(term->value, t->value, t->n);
    if (!db_fold_is_text(term->value))
        return zm_error_set(err, ZM_ERR_USAGE, "", what, "a value holds bytes that are no text");
    term->invert = t->invert;
    term->exact = t->quoted;
    db_fold(term->value);
    if (term->key == DB_FILTER_WORD) {
        write_whole_id(term);
        return true;
    }
    return (!term->value[0] && term->key != DB_FILTER_BANNED) || check_value(term, err);
}

bool db_filter_parse(const char *text, struct db_filter *ret, struct zm_error *err)
{
    struct db_filter filter;
    struct token token;

    memset(&filter, 0, sizeof(filter));
    while (next_token(&text, &token)) {
        struct db_filter_term term;

        memset(&term, 0, sizeof(term));
        if (!read_term(&token, &term, err))
            return false;
        if (!term.value[0])
            continue;
        if (filter.n == DB_FILTER_MAX)
            return zm_error_set(err, ZM_ERR_USAGE, "", what, "more than %d words and conditions",
                                DB_FILTER_MAX);
        filter.term[filter.n++] = term;
    }
    *ret = filter;
    return true;
}

bool db_filter_is_empty(const struct db_filter *filter)
{
    return filter->n == 0;
}

bool db_filter_has_words(const struct db_filter *filter)
{
    size_t i;

    for (i = 0; i < filter->n; i++)
        if (filter->term[i].key == DB_FILTER_WORD && !filter->term[i].invert)
            return true;
    return false;
}

bool db_filter_id_range(const char *word, char first[37], char last[37])
{
    static const char lowest[] = "00000000-0000-0000-0000-000000000000";
    static const char highest[] = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    size_t i, digits = 0;

    for (i = 0; word[i]; i++) {
        if (i >= 36 || (lowest[i] == '-' ? word[i] != '-' : !zm_is_hex(word[i])))
            return false;
        digits += word[i] >= '0' && word[i] <= '9';
    }
    if (i == 0 || (digits == 0 && i < 6))
        return false;
    snprintf(first, 37, "%s%s", word, lowest + i);
    snprintf(last, 37, "%s%s", word, highest + i);
    return true;
}

bool db_filter_holds(const struct db_filter_term *term, const char *text)
{
    char *folded;
    bool found;

    if (!text)
        return false;
    folded = zm_strdup(text);
    db_fold(folded);
    found = term->exact ? strcmp(folded, term->value) == 0 : strstr(folded, term->value) != NULL;
    free(folded);
    return found;
}

bool db_filter_holds_id(const struct db_filter_term *term, const char *id)
{
    char first[37], last[37];

    if (!id || !db_filter_id_range(term->value, first, last))
        return false;
    return term->exact ? zm_streq(id, term->value)
                       : strncmp(id, term->value, strlen(term->value)) == 0;
}

bool db_filter_phone(const char *word, char *digits)
{
    bool written = *word == '+'; /* as people write it, with what makes it readable */
    size_t n = 0;

    for (word += written; *word; word++) {
        if (written && strchr("- ()", *word))
            continue;
        if (*word < '0' || *word > '9' || n == 15) /* E.164 has at most 15 digits */
            return false;
        digits[n++] = *word;
    }
    digits[n] = '\0';
    return n > 0;
}
