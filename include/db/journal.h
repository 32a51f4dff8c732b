/*
 * The journal: rows of user_activity whose action is zmartctl.*, one an operator's change, written
 * in the transaction of the change itself; the id of the row is the request id. Its result follows
 * as a row of its own (zmartctl.result), a reason that was owed as another (zmartctl.reason).
 */
#ifndef DB_JOURNAL_H
#define DB_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/items.h"
#include "db/link.h"
#include "db/rows.h"
#include "db/write.h"
#include "zm/error.h"

/* One change, with its result where that is known. Texts are raw. */
struct db_journal_row {
    const char *id, *at, *created_at;     /* at: created_at to the microsecond, for the next page */
    const char *action, *subject, *email; /* of the subject's login; NULL: none */
    const char *db_role, *os_user, *loginuid, *ssh, *host, *app_version;
    const char *before, *after;         /* of what the action is named for: "free", "pro" */
    const char *bot_before, *bot_after; /* Bot's tier of a tier change; else NULL */
    const char *reason;                 /* NULL: owed, unless reason_later */
    const char *outcome; /* of the result row: "done", "nothing_changed", ...; NULL: open */
    const char *reason_later;
    const char *undo_of, *undone_by; /* request ids */
    const char *bot_row, *bot_prev, *bot_token;
    const char *items;                        /* for db_journal_values */
    const char *metadata;                     /* all of it, as JSON text, cut at 4 kB */
    bool created_profile, created_trader;     /* rows that were missing: in Brain, in Bot */
    int64_t stopped_strategies, stopped_keys; /* switched off with trading */
    int64_t age_seconds;
};
extern const struct db_shape db_shape_journal_row;

/* What to list; texts outlive the call. NULL and zero: no condition. */
struct db_journal_filter {
    const char *user_id; /* of the subject */
    const char *word;    /* in role, user, subject's e-mail or id, action, reason, request id */
    const char *since;   /* "2026-11-01" */
    bool owed;           /* only those whose reason is owed */
    bool open;           /* only intents of the last 30 days without a result */
};

/* A page of at most `limit` rows, newest first, older than `before` (a row of the page before;
 * NULL: the newest). One round trip. *ret is owned by the caller: db_rows_done. */
bool db_journal_page(struct db_link *brain, const struct db_journal_filter *filter,
                     const struct db_journal_row *before, size_t limit, struct db_rows *ret,
                     struct zm_error *err);
/* One change by its request id; ret->n is 0 when there is none. */
bool db_journal_find(struct db_link *brain, const char *request, struct db_rows *ret,
                     struct zm_error *err);
/* The values that a change set, before and after, from its metadata. Of items that it did not set
 * nothing is known. The texts are in the arena. False: the metadata is not ours (ZM_ERR_DATA). */
struct zm_arena;
bool db_journal_values(const struct db_journal_row *row, struct db_values *ret_before,
                       struct db_values *ret_after, struct zm_arena *arena, struct zm_error *err);

/* Where anon or authenticated may write user_activity (facts.journal_unprotected), what the journal
 * says is shown, but nothing is done because of it. */

/* Writes that need no row of the user: both read-write transactions of Brain alone. */

/* A reason for a change whose reason is owed; a second one for the same change is refused. */
bool db_journal_give_reason(struct db_link *brain, const struct db_operator *who,
                            const char *request, const char *subject, const char *reason,
                            struct zm_error *err);

/* What the data say about an open change: whether Bot's row carries its token. */
enum db_open_state {
    DB_OPEN_DONE,      /* Bot was written: only the result row is missing */
    DB_OPEN_NOT_DONE,  /* Bot was not written */
    DB_OPEN_OVERTAKEN, /* Bot's row was written since by somebody else */
    DB_OPEN_NO_ROW,    /* there is no such row in Bot */
};
bool db_journal_judge_open(struct db_session *session, const struct db_journal_row *row,
                           enum db_open_state *ret, struct zm_error *err);
/* Writes the result row of an open change: UUIDv5 of the request, so two operators write one. */
bool db_journal_close(struct db_link *brain, const struct db_operator *who, const char *request,
                      const char *subject, enum db_result outcome, struct zm_error *err);

#endif
