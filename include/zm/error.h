/*
 * An error is a value: filled once at the bottom, worded and shown once at the top.
 *
 * A function that can fail returns bool and takes `struct zm_error *err` last. It writes *err only
 * when it fails and its results only when it succeeds. It never logs. Everything in the text fields
 * may have come from a hostile server: they are cleaned where they are drawn or printed, not here.
 */
#ifndef ZM_ERROR_H
#define ZM_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum zm_error_kind {
    ZM_ERR_NONE,
    ZM_ERR_USAGE,     /* a wrong command line, filter or value: exit 2 */
    ZM_ERR_CONFIG,    /* the configuration cannot be understood or is unsafe: exit 2 */
    ZM_ERR_NOT_FOUND, /* a USER that names nobody, or several: exit 2 */
    ZM_ERR_IDENTITY,  /* swapped, the same database twice, not the recorded server: exit 2 */
    ZM_ERR_INSECURE,  /* TLS weaker than the profile allows: exit 2 */
    ZM_ERR_CONNECT,   /* could not connect: retried with backoff; exit 3 */
    ZM_ERR_AUTH,      /* the server refused the role or password: never retried by itself; exit 3 */
    ZM_ERR_LOST,      /* an established connection broke: exit 3 */
    ZM_ERR_TIMEOUT,   /* a deadline of ours or of the server passed: exit 3 */
    ZM_ERR_CANCELLED, /* the caller no longer wants it */
    ZM_ERR_LOCKED,    /* somebody else holds a lock (55P03): exit 3 */
    ZM_ERR_SHAPE,     /* a table or column is missing or of an older shape */
    ZM_ERR_PRIVILEGE, /* this role may not read or write it */
    ZM_ERR_HIDDEN,    /* row security hides rows from this role */
    ZM_ERR_READ_ONLY, /* standby, read-only server or read-only session: exit 5 */
    ZM_ERR_REFUSED,   /* policy: exit 5 */
    ZM_ERR_SQL,       /* any other error of the server: exit 3 */
    ZM_ERR_DATA,      /* the server answered or stored something else than the statement means */
    ZM_ERR_SYSTEM,    /* a system call failed */
};

struct zm_error {
    enum zm_error_kind kind;
    char sqlstate[6];  /* "" when the server was not asked */
    char where[32];    /* "ZmartyBrain", "ZmartBot", a file:line, or "" */
    char what[64];     /* what was attempted: "connect", "user list", "read configuration" */
    char message[256]; /* what failed: lower case, no full stop */
    char detail[256];
    char hint[256]; /* what to do next */
};

/* Copies as much of src as fits; a cut text ends in "...". size is that of dst, in bytes. */
static inline void zm_error_copy(char *dst, size_t size, const char *src)
{
    size_t n = src ? strlen(src) : 0;

    if (n < size) {
        memcpy(dst, src ? src : "", n);
        dst[n] = '\0';
        return;
    }
    memcpy(dst, src, size - 4);
    memcpy(dst + size - 4, "...", 4);
}

/* Fills *err (NULL is allowed) and returns false, so that `return zm_error_set(...)` reads well. */
__attribute__((format(printf, 5, 6))) static inline bool
zm_error_set(struct zm_error *err, enum zm_error_kind kind, const char *where, const char *what,
             const char *format, ...)
{
    char text[1024];
    va_list args;

    if (!err)
        return false;
    memset(err, 0, sizeof(*err));
    err->kind = kind;
    zm_error_copy(err->where, sizeof(err->where), where);
    zm_error_copy(err->what, sizeof(err->what), what);
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    zm_error_copy(err->message, sizeof(err->message), text);
    return false;
}

/* Adds what to do next; returns false like zm_error_set. */
__attribute__((format(printf, 2, 3))) static inline bool zm_error_hint(struct zm_error *err,
                                                                       const char *format, ...)
{
    char text[1024];
    va_list args;

    if (!err)
        return false;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    zm_error_copy(err->hint, sizeof(err->hint), text);
    return false;
}

/* One line: "cannot WHAT at WHERE: MESSAGE (SQLSTATE)". Returns dst. */
static inline const char *zm_error_line(const struct zm_error *err, char *dst, size_t size)
{
    snprintf(dst, size, "%s%s%s%s%s%s%s%s%s", err->where, err->where[0] ? ": " : "",
             err->what[0] ? "cannot " : "", err->what, err->what[0] ? ": " : "", err->message,
             err->sqlstate[0] ? " (" : "", err->sqlstate, err->sqlstate[0] ? ")" : "");
    return dst;
}

/* The exit code of the contract for an error that ends a command. */
static inline int zm_error_exit_code(enum zm_error_kind kind)
{
    switch (kind) {
    case ZM_ERR_NONE:
        return 0;
    case ZM_ERR_USAGE:
    case ZM_ERR_CONFIG:
    case ZM_ERR_NOT_FOUND:
    case ZM_ERR_IDENTITY:
    case ZM_ERR_INSECURE:
        return 2;
    case ZM_ERR_READ_ONLY:
    case ZM_ERR_REFUSED:
        return 5;
    default:
        return 3;
    }
}

#endif
