/*
 * Guesses where an order is worth cutting: after ever shorter beginnings of the place, then after
 * some first letters. Pure; the server alone says what lies in a range.
 */
#include "db/ranges.h"

#include <stdio.h>
#include <string.h>

#include "zm/str.h"

#define LONGEST 12 /* characters of a place that are worth a range of their own */

/* clang-format off */
static const char *const from_start[] = {"-", "0", "3", "6", "9zz", "a", "ad", "al",
                                         "an", "b", "d", "h", "m", "t"};
static const char *const from_end[] = {"zz", "y", "w", "t", "s", "r", "p", "n",
                                       "l", "j", "h", "e", "c", "a", "0"};
static const char *const next_letters[] = {"-", "0", "5", "a", "e", "i", "n", "s"};
static const int steps[] = {1, 2, 4, 8};
/* clang-format on */

static void add(struct db_ranges *r, const char *text, size_t n, const char *tail)
{
    if (r->n < DB_RANGES_MAX - 1)
        snprintf(r->bound[r->n++], DB_RANGE_BYTES, "%.*s%s", (int)n, text, tail);
}

static void add_all(struct db_ranges *r, const char *const *texts, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        add(r, texts[i], strlen(texts[i]), "");
}

/* Some first letters further on. */
static void add_letters(struct db_ranges *r, char letter, bool back)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(steps); i++) {
        char next = (char)(back ? letter - steps[i] : letter + steps[i]);

        if (next < 'a' || next > 'z')
            break;
        add(r, &next, 1, back ? "" : "zz");
    }
    if (back)
        add(r, "0", 1, "");
}

void db_ranges_email(const char *key, bool back, struct db_ranges *ret)
{
    size_t ends[LONGEST], n = 0, i;

    memset(ret, 0, sizeof(*ret));
    if (!key || *key < 'a' || *key > 'z') {
        if (back)
            add_all(ret, from_end, ZM_COUNT(from_end));
        else
            add_all(ret, from_start, ZM_COUNT(from_start));
        return;
    }
    for (i = 0; key[i] && key[i] != '@' && n < LONGEST; i++)
        if (((unsigned char)key[i + 1] & 0xC0) != 0x80) /* a character ends here */
            ends[n++] = i + 1;
    while (n > 0)
        add(ret, key, ends[--n], back ? "" : "zz");
    add_letters(ret, *key, back);
}

void db_ranges_id(const char *id, bool back, struct db_ranges *ret)
{
    static const char lowest[] = "00000000-0000-0000-0000-000000000000";
    static const char highest[] = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    size_t n;

    memset(ret, 0, sizeof(*ret));
    for (n = 6; n > 0; n--)
        add(ret, id ? id : back ? highest : lowest, n, (back ? lowest : highest) + n);
}

void db_ranges_prefix(const char *word, struct db_ranges *ret)
{
    size_t i;

    memset(ret, 0, sizeof(*ret));
    for (i = 0; i < ZM_COUNT(next_letters); i++)
        add(ret, word, strlen(word), next_letters[i]);
}
