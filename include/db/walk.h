/*
 * The parts of a step of a walk; for db/walk*.c only. The walk itself is db_users_walk of
 * db/users.h.
 */
#ifndef DB_WALK_H
#define DB_WALK_H

#include <stdbool.h>

#include "db/conditions.h"
#include "db/users.h"

#define DB_WALK_PAGE "1000" /* users who may match: the range ends where they are as many */

struct db_step {
    struct db_link *brain, *bot; /* NULL: away */
    const struct db_filter *filter;
    const struct db_conditions *conditions;
    bool only_rest;
    struct db_walk *walk;
    struct db_page *page; /* filled with both halves, not joined */
};

/* The next range of logins, and of Bot the halves of those who may match. */
bool db_walk_logins(struct db_step *step, struct zm_error *err);
/* The next range of trading profiles, and of them the orphans; with Brain away all of them. */
bool db_walk_traders(struct db_step *step, struct zm_error *err);
/* The word of the filter that names a few users at most: a whole id, or a quoted e-mail or phone.
 * NULL: there is none. */
const struct db_filter_term *db_walk_exact_term(const struct db_filter *filter);
/* Finds them all in one step, by indexes and at most one scan by each server; the walk is done. */
bool db_walk_exact(struct db_step *step, const struct db_filter_term *term, struct zm_error *err);
/* The walk goes on at the beginning of a segment; it is done at DB_SEGMENT_END. */
void db_walk_next(struct db_walk *walk, enum db_segment segment);

#endif
