/*
 * Users: one record over both databases, pages of them in keyset order, look-ups and walks.
 *
 * A page is made in two halves that may come from different threads: Brain's rows (logins,
 * profiles, subscriptions) and Bot's (trading profiles, keys) of the same ids. db_page_join puts
 * them together; a half that did not come is unknown, never missing.
 */
#ifndef DB_USERS_H
#define DB_USERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/filter.h"
#include "db/gates.h"
#include "db/link.h"
#include "db/rows.h"
#include "db/session.h"
#include "zm/arena.h"
#include "zm/error.h"

/* A row of auth.users (or zmartctl.users). Timestamps are UTC text. */
struct db_login {
    const char *id, *email, *phone;
    const char *created_at, *last_sign_in_at, *email_confirmed_at, *banned_until, *deleted_at;
    bool banned; /* banned_until > now(), judged by the server */
    bool is_sso_user, is_anonymous;
};

/* The oldest row of user_profiles of a user, and how many there are. */
struct db_profile {
    const char *id, *user_id, *tier, *name, *country;
    db_maybe profile_completed;
    const char *created_at, *updated_at;
    int64_t rows;
};

/* The active subscriptions of a user: the newest, and how many there are. */
struct db_active {
    const char *user_id, *tier, *status, *started_at;
    int64_t rows;
};

/* The oldest row of user_trading_profiles of a user, and how many there are. */
struct db_trader {
    const char *id, *user_id, *email, *tier;
    db_maybe trading_enabled, api_access;
    const char *created_at, *updated_at;
    int64_t rows;
};

struct db_keys {
    const char *user_id;
    int64_t total, active;
};

extern const struct db_shape db_shape_login, db_shape_profile, db_shape_active, db_shape_trader,
    db_shape_keys;

/* Design section 4: the first that applies. */
enum db_sync {
    DB_SYNC_UNKNOWN,
    DB_SYNC_DUPLICATE,
    DB_SYNC_ORPHAN_IN_BOT,
    DB_SYNC_MISSING_PROFILE,
    DB_SYNC_MISSING_IN_BOT,
    DB_SYNC_DIFFERS,
    DB_SYNC_SYNCED,
    DB_SYNC_COUNT,
};
const char *db_sync_key(enum db_sync sync); /* "missing_in_bot" */
char db_sync_sign(enum db_sync sync);       /* '=', '~', '+', '-', '!', '?' */

/* One record over both databases. Every pointer may be NULL: no such row. What a side would have
 * said counts only when it is known. */
struct db_user {
    const char *id;
    bool brain_known, bot_known;      /* that side answered */
    bool profile_known, active_known; /* false: its table is missing or may not be read */
    bool keys_known;
    int64_t read_ms; /* when that was so: the older of its halves; 0 not known */
    const struct db_login *login;
    const struct db_profile *profile;
    const struct db_active *active;
    const struct db_trader *trader;
    const struct db_keys *keys;
    enum db_sync sync;
    struct db_verdict verdict;
};

/* Fills sync and verdict from the rows of the record. */
void db_user_judge(struct db_user *user, const struct db_policy *policy);

/* ---- places: where a page begins ---- */

enum db_segment {
    DB_SEGMENT_PASSWORD, /* password users by e-mail */
    DB_SEGMENT_NO_EMAIL, /* users without e-mail, by id */
    DB_SEGMENT_SSO,      /* SSO users, by id: read by a walk, no index serves it */
    DB_SEGMENT_ORPHANS,  /* trading profiles without a user, by user_id: read by a walk over both */
    DB_SEGMENT_END,
};

enum db_sort {
    DB_SORT_EMAIL,   /* the segments above; indexed */
    DB_SORT_ID,      /* by id; indexed */
    DB_SORT_CREATED, /* newest first; indexed only where Supabase's optional index is there */
    DB_SORT_SIGN_IN, /* last sign-in, newest first; likewise */
    DB_SORT_COUNT,
};

/* A position between two rows; copyable. Zeroed: before the first row; DB_SEGMENT_END: after the
 * last. Of the orders by time DB_SEGMENT_PASSWORD is users with that time, DB_SEGMENT_NO_EMAIL
 * those without. */
struct db_place {
    enum db_segment segment;
    char key[320]; /* the sort column's value of that row, cut where it is longer */
    char id[37];   /* of the row before (after, going back); "" at an edge of the segment */
};

/* ---- Brain's half and Bot's half ---- */

struct db_brain_half {
    struct db_rows logins, profiles, active;
    bool profile_known, active_known;
    struct zm_error profile_err, active_err; /* why not */
};

struct db_bot_half {
    struct db_rows traders, keys;
    bool keys_known;
    struct zm_error keys_err;
};

struct db_page {
    struct zm_arena arena;
    struct db_brain_half brain;
    struct db_bot_half bot;
    bool brain_known, bot_known;
    int64_t read_ms;       /* when the first half came; db_page_join's */
    struct db_user *users; /* in the order of the page; in the arena */
    size_t n;
    struct db_place before, after; /* where the pages around it begin */
    bool at_start, at_end;         /* no more rows that an index serves in that direction */
};

void db_page_done(struct db_page *page);

/* Brain: the page of `limit` (at most 200) logins after (or, back, before) a place. One round trip,
 * two where a segment ends inside the page. Only segments that an index serves; at_end says that
 * the rest (SSO users, orphans) is a walk's. Fills page->brain, before, after. */
bool db_users_page(struct db_link *brain, enum db_sort sort, const struct db_place *place,
                   bool back, size_t limit, struct db_page *page, struct zm_error *err);
/* Brain: the rows of these ids, in their order. */
bool db_users_by_ids(struct db_link *brain, const char *const *ids, size_t n, struct db_page *page,
                     struct zm_error *err);
/* Brain: who begins with a word of the filter by id, e-mail, phone or name, and may match all of it
 * as far as Brain can tell. Indexed, one round trip. With both halves joined, db_filter_matches
 * says the rest (trading:, sync:, ...). Found by a word in the middle of a text: the walk's. SSO
 * users and upper case are found by a role that reads auth.users itself, else by the walk. */
bool db_users_find(struct db_link *brain, const struct db_filter *filter, size_t limit,
                   struct db_page *page, struct zm_error *err);
/* Bot: the halves of these ids, in their order. One round trip. */
bool db_users_halves(struct db_link *bot, const char *const *ids, size_t n,
                     struct db_bot_half *half, struct zm_error *err);
/* Bot alone, while Brain is away: trading profiles by e-mail, as a page whose Brain is unknown. */
bool db_traders_page(struct db_link *bot, const struct db_place *place, bool back, size_t limit,
                     struct db_page *page, struct zm_error *err);
/* Bot alone: exact and prefix matches of the words over e-mail and user_id. */
bool db_traders_find(struct db_link *bot, const struct db_filter *filter, size_t limit,
                     struct db_page *page, struct zm_error *err);
/* Makes page->users of both halves, judged by the policy. Rows of Bot whose id no login has are
 * records without a login (orphans) only when Brain is known. */
void db_page_join(struct db_page *page, const struct db_policy *policy);

/* ---- walks: everything that no index serves ---- */

/* Where a walk is; zeroed at its begin. Copyable. */
struct db_walk {
    struct db_place place;
    int64_t
        searched;  /* users read so far; those of whom only Bot knows count when they are found */
    int64_t total; /* estimate of all; -1 unknown */
    bool done;
    size_t range; /* users read at once; adapted so that a step takes about 100 ms */
};

/* One step: reads the next range on both sides (one side is enough: the other is unknown then), and
 * gives the users that match the whole filter as a joined page; often none, at most 1,000.
 * `only_rest`: just the segments that pages do not show (SSO users, orphans). By e-mail, then by id
 * those without one, SSO users and orphans; through a view all by id. A filter with a whole id, or
 * a quoted e-mail or phone, takes one step by indexes. After a failure the same step may be tried
 * again. */
bool db_users_walk(struct db_session *session, const struct db_filter *filter, bool only_rest,
                   const struct db_policy *policy, struct db_walk *walk, struct db_page *page,
                   struct zm_error *err);
/* Whether the record matches the whole filter. Of a condition what is not known excludes nobody; a
 * word must be found in what is known. */
bool db_filter_matches(const struct db_filter *filter, const struct db_user *user);

#endif
