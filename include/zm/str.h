/*
 * Text helpers over libc: a growing buffer, bounded copies and the checks that every layer needs.
 */
#ifndef ZM_STR_H
#define ZM_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "zm/arena.h"

#define ZM_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A growing text. Zero-initialised is valid and empty; s is NULL until something was added. */
struct zm_buf {
    char *s; /* terminated when not NULL; owned: zm_buf_done frees it */
    size_t len, cap;
};

static inline void zm_buf_add(struct zm_buf *b, const char *s, size_t n)
{
    if (!b->s || b->len + n + 1 > b->cap) {
        b->cap = (b->len + n + 1) * 2 < 64 ? 64 : (b->len + n + 1) * 2;
        b->s = zm_realloc(b->s, b->cap);
    }
    memcpy(b->s + b->len, s, n);
    b->len += n;
    b->s[b->len] = '\0';
}

static inline void zm_buf_puts(struct zm_buf *b, const char *s)
{
    zm_buf_add(b, s, strlen(s));
}

__attribute__((format(printf, 2, 3))) static inline void zm_buf_printf(struct zm_buf *b,
                                                                       const char *format, ...)
{
    va_list args, again;
    int n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0) {
        zm_buf_add(b, "", 0);
        if (b->len + (size_t)n + 1 > b->cap) {
            b->cap = (b->len + (size_t)n + 1) * 2;
            b->s = zm_realloc(b->s, b->cap);
        }
        vsnprintf(b->s + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

static inline void zm_buf_done(struct zm_buf *b)
{
    free(b->s);
    b->s = NULL;
    b->len = b->cap = 0;
}

static inline bool zm_streq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* "" for NULL: where an absent text and an empty one mean the same. */
static inline const char *zm_text(const char *s)
{
    return s ? s : "";
}

/* Whether it is seen where a text begins and ends: it is not empty, and no blank stands there. NULL
 * has nothing to show. */
static inline bool zm_is_plain(const char *s)
{
    return !s || (*s && *s != ' ' && s[strlen(s) - 1] != ' ');
}

/* Between quotes where it is not: "'pro '", "''". NULL stays NULL. */
static inline const char *zm_quoted(struct zm_arena *arena, const char *s)
{
    return zm_is_plain(s) ? s : zm_arena_printf(arena, "'%s'", s);
}

/* Copies what fits and terminates; returns whether all of it fitted. */
static inline bool zm_copy(char *dst, size_t size, const char *src)
{
    size_t n = strlen(zm_text(src));
    bool fits = n < size;

    if (!fits)
        n = size - 1;
    memcpy(dst, zm_text(src), n);
    dst[n] = '\0';
    return fits;
}

static inline bool zm_is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A uuid in its 36 character text form (RFC 9562 section 4). */
static inline bool zm_is_uuid(const char *s)
{
    size_t i;

    for (i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? s[i] != '-' : !zm_is_hex(s[i]))
            return false;
    }
    return s[36] == '\0';
}

/* How many single-character edits lead from a to b; for "did you mean". Texts over 63 are far. */
static inline size_t zm_edit_distance(const char *a, const char *b)
{
    size_t row[64], i, j, na = strlen(a), nb = strlen(b);

    if (na > 63 || nb > 63)
        return 99;
    for (j = 0; j <= nb; j++)
        row[j] = j;
    for (i = 1; i <= na; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (j = 1; j <= nb; j++) {
            size_t above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);

            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[nb];
}

#endif
