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

/* The first line that argv prints, at most DB_PASSWORD_MAX bytes, into ret; the caller wipes it
 * with explicit_bzero. Blocks for DB_PASSWORD_MS at most; cancel_fd readable ends it sooner (-1:
 * none). ZM_ERR_AUTH when there is no password to be had, ZM_ERR_CANCELLED. */
bool db_password_run(const char *const *argv, int cancel_fd, const char *where,
                     char ret[DB_PASSWORD_MAX + 1], struct zm_error *err);

#endif
