/*
 * An arena: memory that is given back all at once. Nothing in it is freed alone.
 *
 * Zero-initialised is a valid empty arena. Running out of memory is fatal: zm_oom() calls the hook
 * (the console restores the terminal there) and ends the process with exit code 3.
 */
#ifndef ZM_ARENA_H
#define ZM_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct zm_chunk {
    struct zm_chunk *next;
    size_t size, used;
    max_align_t data[];
};

struct zm_arena {
    struct zm_chunk *head; /* the chunk in use; older and full ones follow */
};

_Noreturn static inline void zm_oom(void)
{
    fputs("zmartctl: out of memory\n", stderr);
    exit(3);
}

/* malloc that never returns NULL; the caller frees. */
static inline void *zm_malloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        zm_oom();
    return p;
}

static inline void *zm_calloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);

    if (!p)
        zm_oom();
    return p;
}

static inline void *zm_realloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);

    if (!p)
        zm_oom();
    return p;
}

/* A copy that the caller frees; NULL stays NULL. */
static inline char *zm_strdup(const char *s)
{
    size_t n;
    char *p;

    if (!s)
        return NULL;
    n = strlen(s) + 1;
    p = zm_malloc(n);
    memcpy(p, s, n);
    return p;
}

/* Uninitialised memory, aligned for anything, valid until the arena is reset or done. */
static inline void *zm_arena_alloc(struct zm_arena *a, size_t size)
{
    struct zm_chunk *c = a->head;
    void *p;

    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!c || c->size - c->used < size) {
        size_t want = size > 4000 ? size : 4000;

        c = zm_malloc(sizeof(*c) + want);
        c->next = a->head;
        c->size = want;
        c->used = 0;
        a->head = c;
    }
    p = (char *)c->data + c->used;
    c->used += size;
    return p;
}

static inline void *zm_arena_zalloc(struct zm_arena *a, size_t size)
{
    return memset(zm_arena_alloc(a, size), 0, size);
}

/* A copy of the first n bytes of s, terminated. */
static inline char *zm_arena_strndup(struct zm_arena *a, const char *s, size_t n)
{
    char *p = zm_arena_alloc(a, n + 1);

    memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

static inline char *zm_arena_strdup(struct zm_arena *a, const char *s)
{
    return s ? zm_arena_strndup(a, s, strlen(s)) : NULL;
}

__attribute__((format(printf, 2, 3))) static inline char *zm_arena_printf(struct zm_arena *a,
                                                                          const char *format, ...)
{
    va_list args, again;
    int n;
    char *p;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    p = zm_arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
    p[0] = '\0';
    if (n >= 0)
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p;
}

/* Gives everything back. The arena is empty and can be used again. */
static inline void zm_arena_done(struct zm_arena *a)
{
    struct zm_chunk *c = a->head;

    while (c) {
        struct zm_chunk *next = c->next;

        free(c);
        c = next;
    }
    a->head = NULL;
}

/* Forgets the content but keeps one chunk: for an arena that is filled every frame. */
static inline void zm_arena_reset(struct zm_arena *a)
{
    struct zm_arena rest;

    if (!a->head)
        return;
    rest.head = a->head->next;
    a->head->next = NULL;
    a->head->used = 0;
    zm_arena_done(&rest);
}

#endif
