/*
 * A long list of one user (trades, activity), newest first, read in keyset pages: where every page
 * begins is remembered, the rows are kept only around what is shown. So 200,000 rows scroll in the
 * memory of a few hundred. Row numbers count from the newest row that was ever shown; a refresh may
 * insert in front.
 */
#ifndef SCREENS_USER_ROWS_H
#define SCREENS_USER_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/rows.h"

#define USER_ROWS_PAGE 100 /* rows of an answer to "more" */
#define USER_ROWS_KEEP 250 /* rows kept on either side of what is shown */
#define USER_ROWS_AHEAD 60 /* rows asked for before they are needed */

/* The place of a row in its list; "" stands before the newest. */
struct user_key {
    char created_at[40], id[37];
};

struct user_page {
    struct user_key after; /* the row before its first */
    size_t first, n;       /* row number of its first, and how many it shows */
    size_t skip;           /* rows of the answer before its first */
    bool loaded;
    struct db_rows rows;
};

struct user_rows {
    struct db_shape const *shape; /* has created_at and id */
    struct user_page *page;       /* owned, in order */
    size_t n_pages, cap;
    size_t n;    /* rows known so far */
    bool at_end; /* the oldest row is among them */
    struct user_key newest, oldest;
};

/* Forgets everything but the shape. */
void user_rows_done(struct user_rows *list);
/* The newest page was read (again), at most `limit` rows. Takes the rows over. top and page: what
 * is shown. Returns by how many rows everything has moved down; the caller moves cursor and window
 * with it. *ret_restarted: the list begins anew with this page, the cursor has to be fitted. */
size_t user_rows_newest(struct user_rows *list, struct db_rows *rows, size_t limit, size_t top,
                        size_t page, bool *ret_restarted);
/* Whether something near the shown rows has to be asked for; *ret is what to ask after. */
bool user_rows_wants(const struct user_rows *list, size_t top, size_t page, struct user_key *ret);
/* Where the page of a row begins; false for the newest page and past the end. */
bool user_rows_page_of(const struct user_rows *list, size_t row, struct user_key *ret);
/* The rows after a place have come: takes them over, or frees them when the place is gone. */
void user_rows_put(struct user_rows *list, const struct user_key *after, struct db_rows *rows);
/* Drops rows far from what is shown. */
void user_rows_trim(struct user_rows *list, size_t top, size_t page);
/* A struct of the shape; NULL while it is not loaded. */
const void *user_rows_at(const struct user_rows *list, size_t row);
/* How many answers are held in memory. */
size_t user_rows_held(const struct user_rows *list);

#endif
