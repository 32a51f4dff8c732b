/*
 * What the live tests of the checklist may leave behind: test users. They are known by their
 * address: zmartctl-test+WORD@example.invalid, or the address of registration_test with a word in
 * place of %s that is also on record in the journal. Nobody else is ever listed here, or removed;
 * an address of registration_test without %s may be a person's, and counts as none.
 */
#ifndef DB_LEFTOVERS_H
#define DB_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/checklist.h"
#include "db/rows.h"
#include "zm/arena.h"
#include "zm/error.h"

#define DB_LEFTOVER_EMAIL 321

/* The rows of its statements. */
struct db_leftover_recorded {
    const char *email;
};
struct db_leftover_row {
    const char *id, *email, *at;
};
extern const struct db_shape db_shape_leftover_recorded, db_shape_leftover;

struct db_leftover {
    char id[37], email[DB_LEFTOVER_EMAIL];
    bool login, trader; /* he has a row in auth.users; in user_trading_profiles */
};
struct db_leftovers {
    struct db_leftover *items; /* owned; those with a login first, the newest first */
    size_t n;
    char *emails; /* owned; those on record, as the statements want them */
};

/* Whether an address is one that the tests make. pattern: of the configuration, or NULL. */
bool db_leftover_is_marked(const char *pattern, const char *email);
/* A new address from the pattern, in lower case: %s becomes a word of 12 random digits and letters.
 * False: it has no %s before an @, or does not fit (ZM_ERR_CONFIG). */
bool db_leftover_address(const char *pattern, char ret[DB_LEFTOVER_EMAIL], struct zm_error *err);
/* The pattern of LIKE that its addresses match; in the arena. */
const char *db_leftover_like(struct zm_arena *arena, const char *pattern);

/* Lists them: two round trips to ZmartyBrain, one to ZmartBot. A side that is away is left out.
 * pattern as above. False: ZmartyBrain could not be read. */
bool db_leftovers_read(struct db_session *session, const char *pattern, struct db_leftovers *ret,
                       struct zm_error *err);
/* The second half of it, where a session holds one side only: adds ZmartBot's to what was read with
 * ZmartyBrain alone. False: ZmartBot could not be read, and *all is as it was. */
bool db_leftovers_read_bot(struct db_session *session, const char *pattern,
                           struct db_leftovers *all, struct zm_error *err);
void db_leftovers_done(struct db_leftovers *leftovers);
/* "2 test users are left behind (HOW removes them): a@example.com, b@example.com"; "" none. */
const char *db_leftovers_words(const struct db_leftovers *leftovers, const char *how,
                               struct zm_arena *arena);

/* Writes a row about a test user to the journal (zmartctl.flow_test, subject "checklist users").
 * event: "sign_up", "seen", "remove", "removed". id may be "". */
bool db_leftover_note(struct db_checklist *list, const char *event, const char *email,
                      const char *id, struct zm_error *err);
/* Removes one: his login, over the Auth API where there is an admin key, else in the database, and
 * then his trading profile. Journaled before and after. False: *err, and what is left is still
 * listed.
 */
bool db_leftover_remove(struct db_checklist *list, const struct db_leftover *one,
                        struct zm_error *err);

#endif
