/*
 * The rows of the statements behind db_user_resolve (db/user.h); for db/resolve.c and the table of
 * shapes only.
 */
#ifndef DB_RESOLVE_H
#define DB_RESOLVE_H

#include <stdbool.h>

#include "db/rows.h"

struct db_candidate_login {
    const char *id, *email, *phone;
    bool is_sso_user, is_anonymous, is_deleted;
};
struct db_candidate_trader {
    const char *id, *email;
};
extern const struct db_shape db_shape_candidate_login, db_shape_candidate_trader;

#endif
