/*
 * Questions and answers of `zmartctl init`, on a terminal or line by line from a file. Questions go
 * to stderr.
 */
#ifndef SCREENS_INIT_ASK_H
#define SCREENS_INIT_ASK_H

#include <stdbool.h>
#include <stddef.h>

struct init_ask {
    bool terminal; /* stdin is one: questions are repeated until they are answered well */
    bool ascii;
    bool ended; /* the input is at its end: nothing more can be asked */
};

void init_ask_begin(struct init_ask *ask, bool ascii);
__attribute__((format(printf, 2, 3))) void init_say(const struct init_ask *ask, const char *format,
                                                    ...);
/* One line without control characters, blanks around it cut; an empty one is the fallback (NULL: an
 * answer is needed). False: the input ended. */
bool init_ask_line(struct init_ask *ask, const char *question, const char *fallback, char *dst,
                   size_t size);
/* The same without echo and without a fallback. */
bool init_ask_secret(struct init_ask *ask, const char *question, char *dst, size_t size);
/* The number of a choice (1 to n), the first is the fallback. 0: the input ended. */
int init_ask_choice(struct init_ask *ask, const char *question, const char *const *choices, int n);
bool init_ask_yes(struct init_ask *ask, const char *question, bool fallback);

#endif
