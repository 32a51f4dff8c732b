/*
 * The comparison of the two databases: who differs, and how. Both sides are read at the same time,
 * each in one snapshot; first sums by bucket of the user's id, then only the rows of the buckets
 * that differ, so that the bytes on the wire grow with the drift and memory does not grow with the
 * users. Whoever differs is read again after a grace time, Bot first, from the primary, and
 * reported only when both readings agree: the two snapshots are not one moment.
 */
#ifndef DB_COMPARE_H
#define DB_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "db/classes.h"
#include "db/gates.h"
#include "db/session.h"
#include "zm/error.h"

#define DB_COMPARE_GRACE_MS 3000
#define DB_COMPARE_LIMIT_MS 120000
#define DB_COMPARE_BUCKETS_MAX 32768

/* One class of one user. Everything belongs to the comparison and ends with the call. */
struct db_drift {
    enum db_class class;
    enum db_mend mend;
    const struct db_both *both; /* as read the second time */
    const struct db_classified *classified;
};

/* What the comparison is doing. */
enum db_compare_phase {
    DB_COMPARE_SUMS,    /* sums by bucket over all rows */
    DB_COMPARE_ROWS,    /* rows of what differs */
    DB_COMPARE_GRACE,   /* waiting for the grace time to pass */
    DB_COMPARE_CONFIRM, /* the second reading */
};
struct db_compare_progress {
    enum db_compare_phase phase;
    int64_t done[DB_SIDES];  /* rows of this phase that came; of SUMS: 0, then users or profiles */
    int64_t total[DB_SIDES]; /* of them in all, an estimate; -1 unknown */
    int64_t found;           /* users that differ so far; of CONFIRM: users confirmed */
    double seconds;          /* since the beginning */
    double seconds_left;     /* an estimate; negative: none */
};
/* "sums", "rows", "grace", "confirm". */
const char *db_compare_phase_key(enum db_compare_phase phase);

struct db_compare {
    struct db_session *scan;    /* where tables are read: the primaries or replicas of them */
    struct db_session *primary; /* where the second look is taken; the same session is fine */
    const struct db_policy *policy;
    unsigned classes;    /* DB_CLASS_BIT of those wanted */
    int grace_ms;        /* between the first and the second look; DB_COMPARE_GRACE_MS */
    int limit_ms;        /* how long a statement may take; DB_COMPARE_LIMIT_MS */
    bool quick;          /* only "are they equal?": nobody is reported, nothing is confirmed, and
                            what Brain alone has is not looked at: subscriptions, users without
                            e-mail who are not in Bot, and whether a user who is the same on both
                            sides is deleted. An error where sums cannot tell: of an older
                            shape, of servers that hash otherwise, of too many without e-mail */
    int64_t expected;    /* users that differed the last time; 0: not known */
    int64_t expected_ms; /* how long the scan took then; 0: not known */
    int64_t buckets;     /* a power of two; 0: by the number of users */
    bool pieces; /* sums piece by piece from the beginning, not only when they take too long */
    /* A row; false: no more are wanted (ZM_ERR_CANCELLED). May be NULL with quick. */
    bool (*found)(void *context, const struct db_drift *drift);
    void (*progress)(void *context, const struct db_compare_progress *progress); /* or NULL */
    bool (*stopped)(void *context); /* asked between steps; or NULL. For statements under way
                                       db_link_cancel on all links in use. */
    void *context;
};

struct db_compare_result {
    int64_t brain_users, bot_profiles; /* rows, deleted users and duplicates included */
    int64_t users;                     /* that have a class which is drift */
    int64_t classes[DB_CLASSES];       /* users with each; only of the wanted ones */
    int64_t human[DB_CLASSES];         /* those of them that a person has to decide */
    int64_t settling;                  /* differed at first, not any more or otherwise then */
    double seconds, confirm_seconds;   /* the scan; the second look with its grace time */
    bool equal;                        /* quick: nothing differs */
    int64_t difference;         /* quick: of the sums; the same twice: nobody is changing it */
    bool streamed;              /* all rows were read: too much differs for sums */
    unsigned pieces;            /* in which sums were asked for; 0: at once */
    bool without_subscriptions; /* their table is missing */
    struct zm_error subscriptions_err; /* which says so */
    unsigned unknown; /* DB_CLASS_BIT of those that the shapes cannot show in full */
    char lacks[256];  /* columns that are not there: "table(column), ..." */
};

/* Compares. Both sides must be there and show all of their rows: else it is an error, because a
 * part would look like drift (ZM_ERR_HIDDEN where row security hides rows). Tables so large that
 * their sums take longer than the limit are added up in pieces, and where that is too long as well
 * read row by row in the order of an index. Blocks.
 * False: nothing was found out, except for the rows that were reported. */
bool db_compare_run(const struct db_compare *compare, struct db_compare_result *ret,
                    struct zm_error *err);
/* The same for n users by their ids: read once from the primaries, Bot first, 4,000 at a time, and
 * reported in the order of their ids within each of those. Of *compare scan and primary (the
 * same session), policy, classes, found, stopped and context count. Blocks. */
bool db_compare_users(const struct db_compare *compare, const char *const *ids, size_t n,
                      struct db_compare_result *ret, struct zm_error *err);
/* Words what the shapes lack, for whoever says it. False: nothing. */
bool db_compare_lacks(const struct db_compare_result *result, struct zm_error *ret);

#endif
