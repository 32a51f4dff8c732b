/*
 * A transaction on one side that is always rolled back: what steps 3.1 to 3.3, 4.2 and 4.3 of the
 * checklist happen in. Its user is marked, zmartctl-test+ID@example.invalid, and afterwards a query
 * proves that nothing of him is left.
 */
#ifndef DB_TRIAL_H
#define DB_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "db/checklist.h"
#include "db/link.h"
#include "db/rows.h"

/* The rows of its statements. */
struct db_trial_facts {
    const char *triggers; /* NULL: none */
    bool acts_as_user, anon_reads, writes_tier, has_identities;
    const char *other; /* somebody else who has a profile; NULL: nobody */
};
struct db_trial_seen {
    int64_t own;
    bool others;
};
struct db_trial_count {
    int64_t n;
};
struct db_trial_roles {
    bool acts_as_anon, acts_as_service;
};
extern const struct db_shape db_shape_trial_facts, db_shape_trial_seen, db_shape_trial_count,
    db_shape_trial_roles;

struct db_trial {
    struct db_checklist *list;
    enum db_side side;
    struct db_link *link, *own; /* own: the admin connection, freed at the end; or NULL */
    char id[37], email[80];
};

/* Makes up a marked user. */
void db_trial_name(struct db_trial *trial);
/* Opens the admin connection where the profile has one, and begins. False: nothing was begun. */
bool db_trial_begin(struct db_trial *trial, struct db_checklist *list, enum db_side side,
                    struct zm_error *err);
/* One statement of it. False: it failed; only db_trial_end may follow. */
bool db_trial_run(struct db_trial *trial, struct db_ask *ask, struct zm_error *err);
/* The same where nothing of what comes back is wanted. */
bool db_trial_do(struct db_trial *trial, enum db_sql sql, const char *a, const char *b,
                 const char *c, struct zm_error *err);
/* From here on as a role, on behalf of a user ("": nobody); "none": as oneself. */
bool db_trial_act_as(struct db_trial *trial, const char *role, const char *user,
                     struct zm_error *err);
/* The marked user signs up: what the Auth server writes. ZmartyBrain only. */
bool db_trial_sign_up(struct db_trial *trial, const struct db_trial_facts *facts,
                      struct zm_error *err);
/* Rolls back, and proves that nothing is left. False: something is, or nobody can be asked. */
bool db_trial_end(struct db_trial *trial, struct zm_error *err);
/* Whether it was the server's answer to what was tried, and not that it could not be tried. */
bool db_trial_is_answer(const struct zm_error *err);

#endif
