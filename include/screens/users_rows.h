/*
 * The rows of the list in memory: a window of loaded pages over millions of users. Rows are records
 * over both databases; a refresh replaces records and never moves a row. Pages leave the window
 * whole, at the end that is farther from the cursor.
 */
#ifndef SCREENS_USERS_ROWS_H
#define SCREENS_USERS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/users.h"

/* A loaded page, kept while a row refers to it. */
struct users_chunk {
    struct db_page page;
    unsigned serial; /* by which Bot's half finds it */
    size_t refs;
};

struct users_row {
    struct users_chunk *chunk;
    size_t i; /* its record: chunk->page.users[i] */
};

/* One page of the window in the order of the list. */
struct users_edge {
    size_t n_rows;
    struct db_place before, after;
};

#define USERS_EDGES 7

struct users_rows {
    struct users_row *row; /* owned */
    size_t n, cap;
    struct users_chunk **chunk; /* owned */
    size_t n_chunks, cap_chunks;
    struct users_edge edge[USERS_EDGES]; /* of a browsed list; a found list has none */
    size_t n_edges;
    unsigned next_serial;
};

void users_rows_clear(struct users_rows *rows);
/* Adds a page at the end or the front. Takes the page over; returns its chunk. */
struct users_chunk *users_rows_add(struct users_rows *rows, struct db_page *page, bool front);
/* Adds the records of a page whose id no row has yet (found lists); at most `room`. */
struct users_chunk *users_rows_merge(struct users_rows *rows, struct db_page *page, size_t room,
                                     size_t *ret_added);
/* Rows of the same id now show the records of this page. Takes it over. */
struct users_chunk *users_rows_replace(struct users_rows *rows, struct db_page *page);
/* Bot did not answer for this page: its records keep what Bot said last of them, still marked
 * unknown. */
void users_rows_carry(const struct users_rows *rows, struct db_page *page);
/* Drops the rows of a chunk that the whole filter does not match (found lists). */
void users_rows_keep(struct users_rows *rows, const struct users_chunk *chunk,
                     const struct db_filter *filter);
/* Drops a page of the window when it is full, and what a walk added behind it; returns how many
 * rows left. */
size_t users_rows_trim(struct users_rows *rows, bool front);
const struct db_user *users_rows_at(const struct users_rows *rows, size_t row);
/* The row of a user id, -1 when it is not loaded. */
long users_rows_find(const struct users_rows *rows, const char *id);
struct users_chunk *users_rows_chunk(const struct users_rows *rows, unsigned serial);

/* Marked users, by id. */
struct users_marks {
    char (*id)[37]; /* owned, sorted */
    size_t n, cap;
};
bool users_marks_has(const struct users_marks *marks, const char *id);
void users_marks_set(struct users_marks *marks, const char *id, bool on);
void users_marks_done(struct users_marks *marks);

#endif
