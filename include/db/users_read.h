/*
 * The readers that follow selectors in one pipeline: the selectors put ids into the setting
 * zmartctl.page of the transaction, the readers return the rows of those ids. For the files of the
 * list of users only.
 */
#ifndef DB_USERS_READ_H
#define DB_USERS_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "db/link.h"
#include "db/users.h"

/* What a step of a walk says about its range. */
struct db_walk_row {
    int64_t passed;         /* rows that the walk is past now */
    int64_t searched;       /* of those, rows of the kind that was looked for */
    int64_t in_range;       /* rows that the range had */
    const char *email, *id; /* the last one passed; NULL: the range was empty */
    const char *page;       /* '{id,...}': those who may match */
};
struct db_id_row {
    const char *id;
};
extern const struct db_shape db_shape_walk_row, db_shape_id_row;

#define DB_BRAIN_READERS 3
#define DB_BOT_READERS 2

/* Runs n selectors and the readers, for which asks has room behind them, in one round trip. False
 * when the side, a selector or the reader of logins (trading profiles) did not answer; the other
 * readers may fail alone. What the selectors returned stays in asks, which the caller frees with
 * db_asks_done. */
bool db_brain_read(struct db_link *brain, struct db_ask *asks, size_t n, struct db_brain_half *ret,
                   struct zm_error *err);
bool db_bot_read(struct db_link *bot, struct db_ask *asks, size_t n, struct db_bot_half *ret,
                 struct zm_error *err);

/* The place of a row, for the page after or before it. */
void db_place_of(enum db_sort sort, const struct db_login *login, struct db_place *ret);
void db_place_set(struct db_place *ret, enum db_segment segment, const char *key, const char *id);

#endif
