/*
 * What an edit means for a user as he is now. Pure: the dialog shows it before anybody is asked,
 * and the protocol decides by the very same function under the locks.
 */
#ifndef DB_DECIDE_H
#define DB_DECIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/users.h"
#include "db/write.h"

/* The tiers of the model, lowest first; NULL-terminated. */
extern const char *const db_tiers[];
bool db_tier_is_known(const char *tier);

/* A user as a write sees him. */
struct db_now {
    bool brain_known, bot_known; /* that side was read */
    bool has_login, is_deleted;
    const char *email;                  /* of the login; NULL or "": none */
    long profiles, traders;             /* rows */
    const char *profile_id, *trader_id; /* of the only row; NULL: none */
    const char *bot_updated_at;         /* of the oldest row, as the server writes it; NULL: none */
    const char *closing; /* the status that ends a subscription here; NULL: "ended" */
    struct db_values values;
};

struct db_decision {
    enum db_result result; /* DONE: go on; STALE; REFUSED */
    bool set[DB_ITEMS];    /* nothing set and DONE: it is so already */
    const char *to[DB_ITEMS];
    bool create_profile, create_trader, stop_rest, touch_bot;
    bool write_brain, write_bot; /* whose rows change */
    bool needs_trader;           /* REFUSED only because the trading profile is missing */
    enum db_item stale;          /* STALE: the first that differs */
    char message[384];           /* why not; or a remark: "no e-mail: ZmartyBrain only" */
};

/* Which databases an edit needs at all. */
bool db_edit_needs_bot(const struct db_edit *edit);
/* Whether it only takes rights away, which may be done while Brain is away. */
bool db_edit_only_disables(const struct db_edit *edit);

void db_decide(const struct db_policy *policy, const struct db_edit *edit, const struct db_now *now,
               struct db_decision *ret);

/* What a comparison saw, where there was one row of it; its texts. */
struct db_both;
void db_values_of_both(const struct db_both *seen, struct db_values *ret);

/* The record of a list as a write sees it; its texts are the record's. */
void db_now_of_user(const struct db_user *user, struct db_now *ret);

/* The tier of a trading profile that is created. */
const char *db_change_made_tier(const struct db_now *now, const struct db_decision *decision);

/* The statements that change Brain's and Bot's rows, in their order. Their parameters point into
 * edit, now and decision. Returns how many. */
#define DB_CHANGE_ASKS 10
size_t db_change_asks(enum db_side side, const struct db_edit *edit, const struct db_now *now,
                      const struct db_decision *decision, struct db_ask ret[DB_CHANGE_ASKS]);

/* A line of what will be done, for people. Texts are those of the edit, the values, or constant. */
struct db_plan_line {
    enum db_side side;
    const char *table;          /* "user_profiles" */
    const char *column;         /* "tier"; "" for a whole row */
    const char *before, *after; /* NULL is SQL NULL */
    const char *note;           /* "end free, start pro"; "" none */
};
#define DB_PLAN_LINES 16
size_t db_plan_lines(const struct db_edit *edit, const struct db_now *now,
                     const struct db_decision *decision, struct db_plan_line ret[DB_PLAN_LINES]);

/* The SQL of a write, with the values in comments, in the order in which it is sent. */
struct zm_buf;
void db_plan_sql(const struct db_edit *edit, const struct db_now *now,
                 const struct db_decision *decision, struct zm_buf *ret);

/* What stops a user while ZmartBot cannot be reached from here, to be run elsewhere: statements
 * with the id in them, each on its own, none of which looks at what was seen. */
void db_stop_sql(const char *user_id, struct zm_buf *ret);

#endif
