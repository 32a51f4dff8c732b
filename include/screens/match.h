/*
 * How typed text fits names and lines: for the palette, the help and filters over what is in
 * memory. Letter case does not matter for ASCII.
 */
#ifndef SCREENS_MATCH_H
#define SCREENS_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Whether text holds word; "" is in everything. */
bool match_holds(const char *text, const char *word);
/* Whether text holds every one of the blank-separated words. */
bool match_words(const char *text, const char *words);

enum match_rank {
    MATCH_NOT,
    MATCH_SCATTERED, /* its characters are there in their order */
    MATCH_INSIDE,
    MATCH_BEGINS,
    MATCH_WHOLE,
};
/* How well what was typed fits a name. */
enum match_rank match_rank(const char *name, const char *typed);

/* The name that was probably meant, or NULL when none is near. */
const char *match_nearest(const char *const *names, size_t n, const char *typed);

#endif
