/*
 * A password from a program: password_command. Run without a shell, with an empty signal mask.
 */
#ifndef DB_PASSWORD_H
#define DB_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "zm/error.h"

#define DB_PASSWORD_MAX 1024
#define DB_PASSWORD_MS 5000

/* What ends it sooner. */
struct db_password_stop {
    int fd;                         /* readable; -1: none */
    bool (*stopped)(void *context); /* asked ten times a second; or NULL */
    void *context;
};

/* The first line that argv prints, at most DB_PASSWORD_MAX bytes, into ret; the caller wipes it
 * with explicit_bzero. Blocks for DB_PASSWORD_MS at most. ZM_ERR_AUTH when there is no password to
 * be had, ZM_ERR_CANCELLED. */
bool db_password_run(const char *const *argv, const struct db_password_stop *stop,
                     const char *where, char ret[DB_PASSWORD_MAX + 1], struct zm_error *err);

#endif
