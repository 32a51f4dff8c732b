/*
 * Typed text against names. Bytes only: what people type here are names of ours and words of
 * messages.
 */
#include "screens/match.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "zm/str.h"

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static bool holds(const char *text, const char *word, size_t len)
{
    size_t i;

    for (;; text++) {
        for (i = 0; i < len && text[i] && same(text[i], word[i]); i++)
            ;
        if (i == len)
            return true;
        if (!*text)
            return false;
    }
}

bool match_holds(const char *text, const char *word)
{
    return holds(text, word, strlen(word));
}

bool match_words(const char *text, const char *words)
{
    while (*(words += strspn(words, " "))) {
        size_t len = strcspn(words, " ");

        if (!holds(text, words, len))
            return false;
        words += len;
    }
    return true;
}

static bool is_scattered(const char *name, const char *typed)
{
    for (; *name && *typed; name++)
        if (same(*name, *typed))
            typed++;
    return !*typed;
}

enum match_rank match_rank(const char *name, const char *typed)
{
    if (strcasecmp(name, typed) == 0)
        return MATCH_WHOLE;
    if (strncasecmp(name, typed, strlen(typed)) == 0)
        return MATCH_BEGINS;
    if (match_holds(name, typed))
        return MATCH_INSIDE;
    return is_scattered(name, typed) ? MATCH_SCATTERED : MATCH_NOT;
}

const char *match_nearest(const char *const *names, size_t n, const char *typed)
{
    size_t best = strlen(typed) < 4 ? 2 : 3, i;
    const char *found = NULL;

    for (i = 0; i < n; i++) {
        size_t distance = zm_edit_distance(names[i], typed);

        if (distance < best) {
            best = distance;
            found = names[i];
        }
    }
    return found;
}
