/*
 * A filter as parameters of statements: what each database can judge of it alone. For
 * db/users_find.c, db/traders.c and db/walk.c. The statements keep too much rather than too little;
 * db_filter_matches has the last word.
 */
#ifndef DB_CONDITIONS_H
#define DB_CONDITIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/filter.h"
#include "db/link.h"
#include "zm/str.h"

/* Arrays of the server as text: '{"a","b"}'. */
struct db_conditions {
    struct zm_buf like, unlike;     /* patterns over "\nemail\nphone\nname\n" in lower case */
    struct zm_buf tiers, not_tiers; /* lower case; "none" for no tier */
    struct zm_buf countries, not_countries;
    const char *by_id;              /* "t": a word to be found may be the beginning of an id */
    const char *banned, *confirmed; /* "t", "f", NULL: either */
    bool of_profile;                /* some of it is judged by the profile */
    bool orphans_only;              /* it asks for orphans: no login is one */
};

/* db_conditions_done frees. */
void db_conditions_init(struct db_conditions *ret, const struct db_filter *filter);
void db_conditions_done(struct db_conditions *conditions);

/* Writes like, unlike, by_id into the parameters from `at`, and what follows for logins (banned,
 * confirmed) and for logins with profiles (tiers, not_tiers, countries, not_countries). */
void db_conditions_text(const struct db_conditions *conditions, struct db_ask *ask, size_t at);
void db_conditions_login(const struct db_conditions *conditions, struct db_ask *ask, size_t at);
void db_conditions_named(const struct db_conditions *conditions, struct db_ask *ask, size_t at);

/* Adds an element to an array of the server: begin with an empty buffer, end with db_array_close.
 */
void db_array_add(struct zm_buf *array, const char *element);
void db_array_close(struct zm_buf *array);
/* '{id,id}' of n ids. */
void db_array_ids(struct zm_buf *array, const char *const *ids, size_t n);
/* Appends text as a LIKE pattern that matches itself. */
void db_like_add(struct zm_buf *pattern, const char *text);

#endif
