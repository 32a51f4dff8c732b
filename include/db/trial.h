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
    const char *triggers;  /* that follow a sign-up; NULL: none */
    const char *confirms;  /* that follow the confirmation of its address; NULL: none */
    const char *powerless; /* of them: those which may not make a profile for the Auth server */
    const char *server_role, *server_path, *own_path;
    bool acts_as_user, inserts, anon_reads, writes_tier, has_identities;
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

/* What helps whoever may not: "an admin connection ...". */
extern const char db_trial_who_may[];

struct db_trial {
    struct db_checklist *list;
    enum db_side side;
    struct db_link *link, *own; /* own: the admin connection, freed at the end; or NULL */
    bool as_self;               /* acts as nobody else at the moment */
    char id[37], email[80];
    char other[37], other_email[80]; /* a second marked user: whoever is not he */
};

/* Makes up two marked users. */
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
/* A marked user signs up: what the Auth server writes, with its search_path and, where this role
 * may, as its role. Afterwards as oneself. ZmartyBrain only. */
bool db_trial_sign_up(struct db_trial *trial, const struct db_trial_facts *facts, bool other,
                      struct zm_error *err);
/* He confirms his address; likewise. */
bool db_trial_confirm(struct db_trial *trial, const struct db_trial_facts *facts,
                      struct zm_error *err);
/* Rolls back, and proves that nothing is left. False: something is, or nobody can be asked. */
bool db_trial_end(struct db_trial *trial, struct zm_error *err);
/* Whether it was the server's answer to what was tried, and not that it could not be tried: that
 * this role itself may not is no answer. */
bool db_trial_is_answer(const struct zm_error *err);

#endif
