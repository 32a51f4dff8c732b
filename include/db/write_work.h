/*
 * What a write in progress consists of. For db/write*.c and db/journal_write.c only.
 */
#ifndef DB_WRITE_WORK_H
#define DB_WRITE_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/decide.h"
#include "db/link_io.h"
#include "db/rows.h"
#include "db/session.h"
#include "db/write.h"
#include "zm/str.h"

/* The rows that the statements of a write return. */
struct db_check_row {
    bool standby, read_only;
    const char *system, *database_oid;
};
struct db_profile_lock {
    const char *id, *tier, *name, *country;
    db_maybe profile_completed;
};
struct db_login_seen {
    const char *email;
    bool is_deleted;
};
struct db_trader_lock {
    const char *id, *email, *tier;
    db_maybe trading_enabled, api_access;
    const char *token; /* updated_at */
};
struct db_stored {
    const char *id, *stored;
};
struct db_stored_token {
    const char *id, *stored, *token;
};
struct db_request_row {
    const char *id, *action, *user_id;
};
struct db_token_row {
    const char *id;
    bool was_written;
};
extern const struct db_shape db_shape_check_row, db_shape_profile_lock, db_shape_login_seen,
    db_shape_trader_lock, db_shape_stored, db_shape_stored_token, db_shape_request_row,
    db_shape_token_row;

/* One edit of a batch. Texts are in the arena of its result. */
struct db_one {
    const struct db_edit *edit;
    struct db_written *out;
    struct db_now now;
    struct db_decision decision;
    bool active; /* takes part: neither unchanged, stale nor refused */
    bool bot_done, brain_done;
    const char *bot_prev, *bot_token;
    struct zm_buf closed, opened, strategies, keys; /* ids, separated by blanks */
};

struct db_work {
    struct db_session *session;
    const struct db_terms *terms;
    struct db_one *ones;
    size_t n;
    bool needs_bot; /* any of them */
    size_t culprit; /* the edit at which a step failed; n: none of them */
    bool no_intent; /* that step was its row in the journal */
    int64_t vote_ms;
};

#define DB_WRITE_TRIES 3
#define DB_VOTE_BUDGET_MS                                                                          \
    11000 /* from Bot's vote to Bot's COMMIT: less than its idle limit, 12 s */
#define DB_VOTE_STEP_MS 3000

/* The legs (db/write_legs.c). False: *err, work->culprit; nothing was committed. */
bool db_write_lock_brain(struct db_work *work, struct zm_error *err);
bool db_write_lock_bot(struct db_work *work, struct zm_error *err);
bool db_write_change_brain(struct db_work *work, struct zm_error *err);
bool db_write_change_bot(struct db_work *work, struct zm_error *err);
bool db_write_vote(struct db_work *work, enum db_side side, struct zm_error *err);
/* Reads one user's half again into *now, within an open transaction. */
bool db_write_take_trader(struct db_one *one, const struct db_rows *rows);
/* Whether this transaction may write, and is on the database that was connected to. */
enum db_sql db_write_check_sql(const struct db_link *link);
bool db_write_may(const struct db_link *link, const struct db_ask *check, struct zm_error *err);

/* Lost answers (db/write_resolve.c). */
enum db_found { DB_FOUND_COMMITTED, DB_FOUND_ABORTED, DB_FOUND_NOT };
enum db_found db_resolve_brain(struct db_work *work, int64_t deadline_ms);
enum db_found db_resolve_bot(struct db_work *work, int64_t deadline_ms);
/* Brings Bot in line with what Brain committed for one edit. Up to three tries. ABORTED: Bot was
 * not changed; NOT: an answer of this was lost in turn. */
enum db_found db_write_heal(struct db_work *work, struct db_one *one, int64_t deadline_ms,
                            struct zm_error *err);

/* Wording (db/write_say.c). */
void db_write_fail(struct db_work *work, const struct zm_error *err);
void db_write_say_done(struct db_one *one);
void db_write_name_holder(struct db_work *work, struct zm_error *err);
__attribute__((format(printf, 2, 3))) void db_write_say(struct db_written *out, const char *format,
                                                        ...);

/* The journal (db/journal_write.c). */
bool db_journal_intents(struct db_work *work, struct zm_error *err);
/* Reads both halves again and writes the result rows; as far as it can. */
void db_write_look_again(struct db_work *work);
void db_journal_syslog(const struct db_terms *terms, const struct db_edit *edit,
                       const char *outcome);
/* UUIDv5 of a request, as the id of its result row. */
void db_journal_result_id(const char *request, char ret[37]);

/* Disabling while Brain is away (db/breakglass.c). */
void db_write_breakglass(struct db_session *session, const struct db_terms *terms,
                         const struct db_edit *edit, struct db_written *ret);

/* The texts of an arena, for what must outlive a server's answer. */
const char *db_write_keep(struct db_one *one, const char *text);
struct db_link *db_write_link(const struct db_work *work, enum db_side side);

#endif
