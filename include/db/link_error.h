/*
 * What a server's or libpq's refusal means: SQLSTATE and text become a kind, a message and a hint.
 */
#ifndef DB_LINK_ERROR_H
#define DB_LINK_ERROR_H

#include <stdbool.h>

#include "db/link_io.h"
#include "zm/error.h"

/* The kind of an error the server reported while connected. */
enum zm_error_kind db_error_kind(const char *sqlstate);
/* Fills *err from a result that is an error; returns false. */
bool db_error_result(struct zm_error *err, const struct db_link *link, const char *what,
                     const struct pg_result *result);
/* Fills *err from a connection that could not be made; returns false. */
bool db_error_connect(struct zm_error *err, const struct db_link *link);
/* Fills *err from an established connection that broke; returns false. */
bool db_error_lost(struct zm_error *err, const struct db_link *link, const char *what);

#endif
