/*
 * From buckets that differ to users: as the sums name them, or after dividing the buckets, which
 * reads only their users once more.
 */
#include <string.h>

#include "db/compare_grid.h"
#include "db/compare_work.h"

#define SMALL 16    /* users of a bucket that are cheaper to read than to divide */
#define LARGE 64    /* users of a bucket that are worth dividing even if most of them differ */
#define CELLS 32768 /* that fit into memory */

void db_compare_set_buckets(struct db_scan *work, const struct db_grid *grid)
{
    work->mask = grid->mask;
    work->n_differ = db_grid_count_differing(grid);
    db_grid_list(grid, &work->buckets);
}

struct division {
    struct db_grid *grid; /* the finer one */
    uint32_t coarse;
};

static bool ask_parts(struct db_scan *work, void *context, struct zm_error *err)
{
    const struct division *division = context;
    struct db_sums_question q[DB_SIDES] = {{.mask = ""}};
    struct db_ask asks[DB_SIDES];
    struct db_part sides[DB_SIDES];
    bool ok;
    int i;

    memset(sides, 0, sizeof(sides));
    for (i = 0; i < DB_SIDES; i++) {
        db_compare_ask_sums(work, &q[i], division->grid->mask, division->coarse, work->buckets.s,
                            NULL, (enum db_side)i, &asks[i]);
        sides[i] = (struct db_part){.asks = &asks[i], .n = 1};
    }
    ok = db_compare_both(work, sides, err);
    for (i = 0; ok && i < DB_SIDES; i++)
        db_grid_add(division->grid, (enum db_side)i, &asks[i].rows, false);
    db_asks_done(asks, DB_SIDES);
    return ok;
}

/* Divides the buckets that differ. */
static bool refine(struct db_scan *work, const struct db_grid *coarse, uint32_t parts,
                   const struct db_apart_sums apart[DB_APART_RUNS], struct db_grid *ret,
                   struct zm_error *err)
{
    struct division division = {.grid = ret, .coarse = coarse->mask};
    int i;

    db_grid_begin_finer(ret, coarse, parts);
    if (!db_compare_in_pieces(work, ask_parts, &division, err))
        return false;
    for (i = 0; i < DB_APART_RUNS; i++)
        db_compare_take_apart(ret, &apart[i]);
    db_compare_set_buckets(work, ret);
    return true;
}

static double users_a_bucket(const struct db_scan *work)
{
    return (double)work->result->brain_users / ((double)work->mask + 1);
}

/* How finely to divide: few users a part, and no more parts than fit into memory. */
static uint32_t parts_of(const struct db_scan *work)
{
    double users = users_a_bucket(work);
    uint32_t parts = 1;

    while ((double)parts * 1.41 < users / SMALL && work->n_differ * parts < CELLS &&
           (work->mask + 1) * parts <= DB_COMPARE_FINEST)
        parts *= 2;
    return parts;
}

/* So much differs that it is cheaper to read everything. */
static bool is_hopeless(const struct db_scan *work)
{
    double users = (double)work->result->brain_users + (double)work->result->bot_profiles;
    double buckets = (double)work->mask + 1;

    return work->compare->buckets == 0 &&
           (double)work->n_differ * 4 > (users < buckets ? users : buckets);
}

/* May go on in a finer grid, which is the caller's to end. */
static bool pick_users(struct db_scan *work, struct db_grid *grid,
                       const struct db_apart_sums apart[DB_APART_RUNS], struct db_grid *fine,
                       bool *ret_stream, struct zm_error *err)
{
    uint32_t parts = parts_of(work);

    *ret_stream = users_a_bucket(work) < LARGE && is_hopeless(work);
    if (*ret_stream)
        return true;
    if (parts > 1 && !db_compare_can_pick(work, grid)) {
        if (!refine(work, grid, parts, apart, fine, err))
            return false;
        *ret_stream = is_hopeless(work);
        grid = fine;
    }
    if (*ret_stream)
        return true;
    if (!db_compare_can_pick(work, grid))
        return db_compare_judge(work, NULL, err);
    if (!db_compare_pick(work, grid, err))
        return false;
    db_compare_set_buckets(work, grid);
    return true;
}

bool db_compare_find_users(struct db_scan *work, struct db_grid *grid,
                           const struct db_apart_sums apart[DB_APART_RUNS], bool *ret_stream,
                           struct zm_error *err)
{
    struct db_grid fine = {.n = 0};
    bool ok;

    *ret_stream = false;
    if (work->n_differ == 0)
        return db_compare_judge(work, NULL, err);
    ok = pick_users(work, grid, apart, &fine, ret_stream, err);
    db_grid_done(&fine);
    return ok;
}
