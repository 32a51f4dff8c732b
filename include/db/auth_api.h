/*
 * The Auth API of ZmartyBrain's project (GoTrue), as far as the registration test needs it: makes a
 * user as the application does, and removes him as an administrator. Keys come from a command or
 * from the environment; they and the user's password are in no error and in no log.
 *
 * https://supabase.com/docs/guides/auth/debugging/error-codes has the error codes.
 */
#ifndef DB_AUTH_API_H
#define DB_AUTH_API_H

#include <stdbool.h>

#include "zm/error.h"

struct db_auth_access {            /* texts outlive it */
    const char *url;               /* "https://..."; NULL: the project's */
    const char *project;           /* the project ref; NULL: not known */
    const char *key, *admin_key;   /* NULL: ask the commands */
    const char *const *key_argv;   /* prints the publishable (anon) key; NULL: none */
    const char *const *admin_argv; /* prints the secret (service_role) key; NULL: none */
};

/* What is missing for signing a user up, in words; "" nothing. */
const char *db_auth_missing(const struct db_auth_access *access);
/* Whether a user can be removed over the API. */
bool db_auth_may_remove(const struct db_auth_access *access);

/* How a question ended. */
enum db_auth_end {
    DB_AUTH_DONE,
    DB_AUTH_REFUSED, /* it answered, and no: nothing was made or removed */
    DB_AUTH_UNKNOWN, /* it did not answer, or nothing that can be read: it may be done */
    DB_AUTH_FAILED,  /* it was not asked: no key, no such host */
};

/* Each blocks for half a minute at most; stopped (or NULL) is asked in between. Unless DONE, *err
 * says why in one sentence. */

/* Signs up a new user with a password that nobody knows. ret_id: his id, "" when the answer names
 * nobody. */
enum db_auth_end db_auth_sign_up(const struct db_auth_access *access, const char *email,
                                 bool (*stopped)(void *context), void *context, char ret_id[37],
                                 struct zm_error *err);
/* Removes a user for good. One who is not there counts as removed. */
enum db_auth_end db_auth_remove(const struct db_auth_access *access, const char *id,
                                bool (*stopped)(void *context), void *context,
                                struct zm_error *err);
/* Asks whether people may sign up with an e-mail: changes nothing. */
enum db_auth_end db_auth_look(const struct db_auth_access *access, bool (*stopped)(void *context),
                              void *context, struct zm_error *err);

#endif
