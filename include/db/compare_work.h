/*
 * What a comparison consists of. For db/compare*.c and the table of shapes only; everybody else
 * uses db/compare.h.
 */
#ifndef DB_COMPARE_WORK_H
#define DB_COMPARE_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/compare.h"
#include "db/compare_grid.h"
#include "db/link.h"
#include "db/rows.h"
#include "db/users_read.h"
#include "zm/str.h"

#define DB_COMPARE_APART_MAX 100000 /* whom no sum can judge; with more, all rows are read */
#define DB_COMPARE_FINEST 0xfffff   /* the mask of the smallest buckets */
#define DB_COMPARE_BATCH 4000       /* users read by their ids at once */

/* ---- rows ---- */

struct db_constants {
    const char *constants, *settings;
};
struct db_order {
    const char *settings;
};
struct db_sums {
    int64_t bucket, users, large, small, placed;
};
struct db_apart {
    const char *id;
    bool deleted;
};
struct db_login_row {
    const char *user_id, *email, *deleted_at;
};
struct db_profile_row {
    const char *user_id, *tier, *updated_at;
};
struct db_subscription_row {
    const char *user_id, *tier;
};
struct db_trader_row {
    const char *user_id, *email, *tier;
    db_maybe trading_enabled, api_access;
    const char *updated_at;
};
extern const struct db_shape db_shape_constants, db_shape_order, db_shape_sums, db_shape_apart,
    db_shape_login_row, db_shape_profile_row, db_shape_subscription_row, db_shape_trader_row;

/* ---- the comparison under way ---- */

/* A set of ids, as the uuid[] of a statement too. */
struct db_ids {
    char (*id)[37]; /* owned */
    size_t n, cap;
};
void db_ids_add(struct db_ids *ids, const char *id);
void db_ids_add_all(struct db_ids *ids, const struct db_ids *more);
/* Those of rows of db_shape_id_row. */
void db_ids_take(const struct db_rows *rows, struct db_ids *ret);
bool db_ids_has(const struct db_ids *ids, const char *id); /* united before */
void db_ids_done(struct db_ids *ids);
/* Sorts them, and takes out who is there twice. */
void db_ids_unite(struct db_ids *ids);
/* "{...}" of n ids from the given one on, in place of what was in it. */
void db_ids_text(const struct db_ids *ids, size_t from, size_t n, struct zm_buf *ret);

/* Users that differed at the first look: their ids and what was seen, in the order of the ids. Kept
 * in an unnamed file, so that memory does not grow with them. */
struct db_suspects {
    FILE *file; /* NULL: none */
    int64_t n;
};
struct db_suspect {
    char id[37];
    uint64_t seen; /* a hash of all values that classes depend on */
};
bool db_suspects_add(struct db_suspects *found, const struct db_both *both, struct zm_error *err);
bool db_suspects_rewind(struct db_suspects *found, struct zm_error *err);
/* False: at its end, or it cannot be read (then ferror). */
bool db_suspects_next(struct db_suspects *found, struct db_suspect *ret);
void db_suspects_done(struct db_suspects *found);
uint64_t db_suspects_hash(const struct db_both *both);

enum { DB_FOUND_APART, DB_FOUND_REST, DB_FOUND_RUNS };
/* All of them, merged in the order of their ids. */
struct db_runs {
    struct db_suspects *found;
    struct db_suspect head[DB_FOUND_RUNS];
    bool has[DB_FOUND_RUNS];
    int64_t taken, n; /* so far; in all */
};
bool db_runs_begin(struct db_runs *runs, struct db_suspects *found, struct zm_error *err);
/* False: no more, or one cannot be read (then fewer were taken than there are). */
bool db_runs_next(struct db_runs *runs, struct db_suspect *ret);

struct db_scan {
    const struct db_compare *compare;
    struct db_compare_result *result;
    struct db_link *link[DB_SIDES]; /* of the scan */
    bool subscriptions;             /* their table is there */
    unsigned lacks;                 /* DB_LACKS_*: columns that are not there */
    unsigned lacking;               /* of the primaries, as compare_check.c lists them */
    bool nameless;                  /* the columns are there that tell who has no e-mail */
    unsigned pieces;                /* in which sums are asked for (compare_pieces.c); 0: at once */
    const char *from, *upto;        /* ids of the piece at hand; NULL: no end */
    bool by_index;                  /* too large for sums: rows in the order of an index */
    int64_t asked_ms[DB_SIDES];     /* when each was heard of last; 0: no transaction is open */
    int64_t began_us;
    enum db_compare_phase phase; /* the one that was told last, and when it began */
    int64_t phase_us;
    int64_t second_at_ms;                          /* when the second look may be taken */
    struct zm_buf tiers, trading_tiers, api_tiers; /* text[] of the policy */
    struct db_ids apart;   /* users judged by their ids alone: no rows of theirs count elsewhere */
    struct db_ids judge;   /* those of them who may differ */
    struct zm_buf buckets; /* which differ, "{1,2,3}" of a mask */
    uint32_t mask;
    size_t n_differ;
    struct db_suspects found[DB_FOUND_RUNS];
};

/* ---- compare_check.c ---- */

/* May it be done at all: both sides there, all their rows visible. */
bool db_compare_check(struct db_scan *work, struct zm_error *err);
/* The same once more, before anybody is reported: rows that were hidden meanwhile are not gone, and
 * who had a column at the first look only would seem to be changing. */
bool db_compare_check_again(const struct db_scan *work, struct zm_error *err);

/* ---- compare_pair.c: both sides at once ---- */

struct db_part {
    struct db_ask *asks;
    size_t n;
    bool ok;
    struct zm_error err;
};
/* Runs the asks of both parts in their open transactions, at the same time (n == 0: nothing). The
 * side that fails ends the other one. */
bool db_compare_both(struct db_scan *work, struct db_part parts[DB_SIDES], struct zm_error *err);
bool db_compare_one(struct db_scan *work, enum db_side side, struct db_ask *asks, size_t n,
                    struct zm_error *err);
/* Tells how far it is; ZM_ERR_CANCELLED when the caller does not want more. */
bool db_compare_tell(struct db_scan *work, enum db_compare_phase phase,
                     const int64_t done[DB_SIDES], const int64_t total[DB_SIDES], int64_t found,
                     struct zm_error *err);

/* ---- compare_pieces.c: what takes too long at once ---- */

/* From now on in pieces. */
void db_compare_cut(struct db_scan *work);
/* Asks for everything at once, or for one piece after the other. False as soon as ask is. */
bool db_compare_in_pieces(struct db_scan *work,
                          bool (*ask)(struct db_scan *work, void *context, struct zm_error *err),
                          void *context, struct zm_error *err);

/* ---- compare_begin.c: transactions ---- */

/* Begins one on each side, at the same time; both snapshots are taken then. *ret_use: whether sums
 * are of any use, which they are where both servers hash alike. ret_nameless: whom they cannot
 * judge. */
bool db_compare_begin(struct db_scan *work, bool *ret_use, struct db_ids *ret_nameless,
                      struct zm_error *err);
/* The same for the second look: Bot's snapshot before Brain's. */
bool db_compare_begin_again(struct db_scan *work, struct zm_error *err);
void db_compare_end(struct db_scan *work);
/* The server's own limit, not a link that says nothing. */
bool db_compare_took_too_long(const struct zm_error *err);

/* ---- compare_sums.c: which buckets differ ---- */

/* Sets buckets, mask and n_differ, apart and judge, and the numbers of users; judges whoever can be
 * named. *ret_stream: the sums are of no use here, all rows must be read. */
bool db_compare_sums(struct db_scan *work, bool *ret_stream, struct zm_error *err);

/* Texts of the parameters of one question; owned by the caller's frame. */
struct db_sums_question {
    char mask[16], filter[16];
};
/* The sums of a side by bucket of the mask. only: buckets of the filter's mask, or NULL; ids:
 * users, or NULL: all of the piece at hand. */
void db_compare_ask_sums(const struct db_scan *work, struct db_sums_question *q, uint32_t mask,
                         uint32_t filter, const char *only, const char *ids, enum db_side side,
                         struct db_ask *ret);

/* ---- compare_total.c: one sum of all users ---- */

/* Sets n_differ: whether they do. nameless: whom the sums cannot judge. *ret_useless: they are too
 * many for an answer. */
bool db_compare_total(struct db_scan *work, const struct db_ids *nameless, bool *ret_useless,
                      struct zm_error *err);
/* The sum of a side; ids: of these users, or NULL: of all. */
void db_compare_ask_total(const struct db_scan *work, const char *ids, enum db_side side,
                          struct db_ask *ret);

/* ---- compare_apart.c: whom no sum can judge ---- */

/* Those without e-mail who are not in Bot, and those who differ without being drift, when they are
 * many. */
enum { DB_APART_ABSENT, DB_APART_EXCUSED, DB_APART_RUNS };
/* What they add to the sums. */
struct db_apart_sums {
    struct db_ask brain, bot; /* both may be empty */
};
/* Takes them out of the grid; sets buckets, mask and n_differ, and adds to apart and judge.
 * *ret_too_many: they were not taken out, all rows must be read. */
bool db_compare_leave_out(struct db_scan *work, struct db_grid *grid, const struct db_ids *absent,
                          struct db_apart_sums ret[DB_APART_RUNS], bool *ret_too_many,
                          struct zm_error *err);
void db_compare_apart_done(struct db_apart_sums *sums);
/* Takes them out of another grid. */
void db_compare_take_apart(struct db_grid *grid, const struct db_apart_sums *sums);

/* ---- compare_divide.c: from buckets to users ---- */

/* Sets buckets, mask and n_differ. */
void db_compare_set_buckets(struct db_scan *work, const struct db_grid *grid);
/* Judges who can be named; what is left in buckets is read with all its rows, or everything is. */
bool db_compare_find_users(struct db_scan *work, struct db_grid *grid,
                           const struct db_apart_sums apart[DB_APART_RUNS], bool *ret_stream,
                           struct zm_error *err);

/* ---- compare_pick.c: which users of them ---- */

/* Judges those of `judge` and the users of the buckets that differ, as far as one at a time
 * differs, and all users of the other ones, and takes them out of the grid: what still differs
 * there, this does not explain. Only when they are few (db_compare_can_pick). */
bool db_compare_pick(struct db_scan *work, struct db_grid *grid, struct zm_error *err);
bool db_compare_can_pick(const struct db_scan *work, const struct db_grid *grid);

/* ---- compare_merge.c: rows to users ---- */

/* Rows of the four tables in the order of their users; the next ones come when they are asked for.
 */
struct db_source {
    struct db_ask ask;
    size_t at;
    bool more; /* there may be more behind these */
    int64_t taken;
};
enum db_table { DB_OF_LOGINS, DB_OF_PROFILES, DB_OF_SUBSCRIPTIONS, DB_OF_TRADERS, DB_TABLES };
struct db_merge {
    struct db_scan *work;
    struct db_source source[DB_TABLES];
    bool (*refill)(struct db_merge *merge, struct zm_error *err); /* NULL: nothing more comes */
    struct zm_arena arena;                                        /* of the user at hand */
    struct db_both both;
};
/* The next user into merge->both; *ret_end: there is none. Valid until the next call. */
bool db_merge_next(struct db_merge *merge, bool *ret_end, struct zm_error *err);
void db_merge_done(struct db_merge *merge);

/* Cursors over the rows of the buckets that differ, or over all. */
bool db_compare_open(struct db_scan *work, bool all, struct db_merge *ret, struct zm_error *err);
/* Reads them, and keeps whoever has a class. */
bool db_compare_rows(struct db_scan *work, bool all, struct zm_error *err);
/* The same for the users of `judge`. with: one more ask a side, sent with the first of theirs, or
 * NULL. */
bool db_compare_judge(struct db_scan *work, struct db_ask with[DB_SIDES], struct zm_error *err);

/* ---- compare_look.c: users who were read again ---- */

struct db_look {
    struct db_scan *work;
    bool in_snapshot; /* of the transactions of work->link; else no transaction is open */
    struct db_both kept[DB_COMPARE_BATCH]; /* who is reported next; texts in arena */
    size_t n;
    struct zm_arena arena;
    int64_t confirmed; /* who were reported */
};
/* To be freed with db_look_free. */
struct db_look *db_look_new(struct db_scan *work);
void db_look_free(struct db_look *look);
/* A user who is as he was before; copied. Reports when there are many. */
bool db_look_take(struct db_look *look, const struct db_both *both, struct zm_error *err);
/* Asks the journal about those who were taken, and reports them. */
bool db_look_report(struct db_look *look, struct zm_error *err);

/* ---- compare_by_ids.c: users read again by their ids ---- */

bool db_look_by_ids(struct db_look *look, struct db_runs *runs, struct zm_error *err);

/* ---- compare_confirm.c: the second look ---- */

bool db_compare_confirm(struct db_scan *work, struct zm_error *err);
bool db_compare_tell_runs(struct db_scan *work, const struct db_runs *runs, struct zm_error *err);

#endif
