/*
 * A repair plan: who differs, how, and the values that were seen, as a file. A line of JSON a row,
 * the header first, a seal over all lines last: a plan that was cut or edited is refused, and
 * neither writing nor reading one takes memory that grows with its rows.
 */
#ifndef DB_PLAN_H
#define DB_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/classes.h"
#include "db/facts.h"
#include "db/operator.h"
#include "zm/error.h"

/* What the header says. Texts are cut to their sizes. */
struct db_plan_head {
    char id[37];       /* UUIDv4; the journal's rows of its repair are UUIDv5 of it and the user */
    char made_at[24];  /* "2026-11-22T09:14:02Z" */
    int64_t made_unix; /* the same in seconds */
    char by[100];      /* operator and host */
    char label[20];    /* of the profile: "PROD" */
    struct db_plan_side {
        char system[24], database_oid[12], project[64], dbname[64], host[128];
    } side[DB_SIDES];
    /* Known at the end. */
    int64_t brain_users, bot_profiles; /* rows when it was made */
    int64_t rows, classes[DB_CLASSES];
};

/* A user of a plan. Texts belong to the reader and end with the next row. */
struct db_plan_row {
    unsigned classes;    /* DB_CLASS_BIT of what is to be mended (of findings: of what differs) */
    unsigned human;      /* those of them that a person has to decide */
    struct db_both seen; /* as confirmed by the comparison */
};

/* Whether an opt-in class of the row takes rights away that he has, or may have. */
bool db_plan_row_disables(const struct db_plan_row *row);

/* Takes the opt-in classes out where there is no right to take away: nobody would be changed by
 * them, and they count for nothing. False: there were none of these. */
bool db_plan_row_trim(struct db_plan_row *row);

/* A copy whose texts are in the arena. */
struct zm_arena;
void db_plan_row_keep(struct zm_arena *arena, const struct db_plan_row *row,
                      struct db_plan_row *ret);

/* What a header says of a connected server. */
void db_plan_of(const struct db_facts *facts, struct db_plan_side *ret);

/* ---- writing ---- */

struct db_plan_writer;
/* Begins a plan of these two databases in the directory (0700; the file 0600, under a name that
 * ends with ".part" until it is complete). head->id and made_at are filled in. NULL: *err. */
struct db_plan_writer *db_plan_begin(const char *directory, struct db_plan_head *head,
                                     struct zm_error *err);
/* Rows in any order of users, each user once. */
bool db_plan_add(struct db_plan_writer *writer, const struct db_plan_row *row,
                 struct zm_error *err);
/* How many there are, when that was counted; else what the header said. */
void db_plan_count(struct db_plan_writer *writer, int64_t brain_users, int64_t bot_profiles);
/* Seals and syncs it; ret_path holds its name. False: it is gone. Frees the writer either way. */
bool db_plan_end(struct db_plan_writer *writer, char *ret_path, size_t size, struct zm_error *err);
/* Gives up: no file stays. NULL is fine. */
void db_plan_drop(struct db_plan_writer *writer);

/* Removes from the directory what programs that were killed have left behind and nobody can use any
 * more: plans that were not completed (".part"), with `all` complete ones too, if nobody has
 * touched them for so many hours. */
void db_plan_sweep(const char *directory, int hours, bool all);

/* ---- reading ---- */

struct db_plan;
/* Opens a plan and reads it through once: cut, edited or not a plan is ZM_ERR_REFUSED with the
 * line. stopped is asked now and then (NULL: never). Blocks on the disk. */
struct db_plan *db_plan_open(const char *path, bool (*stopped)(void *context), void *context,
                             struct zm_error *err);
void db_plan_close(struct db_plan *plan); /* NULL is fine */
/* Its first line alone, as nobody has vouched for it: enough to refuse one of other databases. */
bool db_plan_peek(const char *path, struct db_plan_head *ret, struct zm_error *err);
const struct db_plan_head *db_plan_head(const struct db_plan *plan);
/* The next row; false with err->kind ZM_ERR_NONE: there are no more. */
bool db_plan_next(struct db_plan *plan, struct db_plan_row *ret, struct zm_error *err);
void db_plan_rewind(struct db_plan *plan);

/* Whether it may be applied now and here: made for these two databases (else ZM_ERR_REFUSED), and
 * not more than `hours` ago (likewise). */
bool db_plan_check(const struct db_plan_head *head, const struct db_facts *const facts[DB_SIDES],
                   int hours, struct zm_error *err);

/* How much agreement it takes (write protocol, section 5). */
enum db_plan_size {
    DB_PLAN_EMPTY,
    DB_PLAN_SMALL, /* up to 50 rows and 5 % of the users: y */
    DB_PLAN_LARGE, /* the count is typed */
    DB_PLAN_MASS,  /* more than 20 %: refused unless allowed */
};
enum db_plan_size db_plan_size(int64_t rows, int64_t users);

#endif
