/*
 * From buckets to users: who is alone in differing is named by the sums of his bucket, as far as a
 * hash names anybody; of the other buckets all users are taken. Their ids are looked for, and what
 * they add to the sums is taken out again: a bucket that still differs has been misread.
 */
#include <inttypes.h>
#include <string.h>

#include "db/compare_work.h"

#define FEW                                                                                        \
    20000 /* users whose rows are read by id; both sides of them fit into a few megabytes          \
           */

bool db_compare_can_pick(const struct db_scan *work, const struct db_grid *grid)
{
    double users = (double)work->result->brain_users / ((double)grid->mask + 1);
    size_t n_others = db_grid_pick(grid, NULL, NULL);
    size_t n = db_grid_count_differing(grid);

    return (double)(n - n_others) + users * (double)n_others <= FEW;
}

struct search {
    char place_mask[16], mask[16];
    struct zm_buf hashes, others;
    struct db_ids *ret;
};

static bool ask_ids(struct db_scan *work, void *context, struct zm_error *err)
{
    const struct search *search = context;
    struct db_ask asks[DB_SIDES];
    struct db_part parts[DB_SIDES];
    bool ok;
    int i;

    memset(parts, 0, sizeof(parts));
    for (i = 0; i < DB_SIDES; i++) {
        asks[i] = (struct db_ask){.sql = i == DB_BRAIN ? DB_SQL_BRAIN_COMPARE_IDS
                                                       : DB_SQL_BOT_COMPARE_IDS,
                                  .params = {search->place_mask, search->hashes.s, search->mask,
                                             search->others.s, work->from, work->upto}};
        parts[i] = (struct db_part){.asks = &asks[i], .n = 1};
    }
    ok = db_compare_both(work, parts, err);
    for (i = 0; ok && i < DB_SIDES; i++)
        db_ids_take(&asks[i].rows, search->ret);
    db_asks_done(asks, DB_SIDES);
    return ok;
}

/* Without those whose sums are out of the grid. */
static void leave_apart(const struct db_scan *work, struct db_ids *ids)
{
    size_t i, n = 0;

    db_ids_unite(ids);
    for (i = 0; i < ids->n; i++)
        if (!db_ids_has(&work->apart, ids->id[i]))
            memmove(ids->id[n++], ids->id[i], sizeof(*ids->id));
    ids->n = n;
}

static bool find_ids(struct db_scan *work, const struct db_grid *grid, struct db_ids *ret,
                     struct zm_error *err)
{
    struct search search = {.ret = ret};
    bool ok;

    snprintf(search.place_mask, sizeof(search.place_mask), "%" PRIu32, db_grid_place_mask(grid));
    snprintf(search.mask, sizeof(search.mask), "%" PRIu32, grid->mask);
    db_grid_pick(grid, &search.hashes, &search.others);
    ok = db_compare_in_pieces(work, ask_ids, &search, err);
    leave_apart(work, ret);
    zm_buf_done(&search.hashes);
    zm_buf_done(&search.others);
    return ok;
}

/* Judges these users beside those who are to be judged anyway, and takes what they add out of the
 * grid. */
static bool judge(struct db_scan *work, const struct db_ids *ids, struct db_grid *grid,
                  struct zm_error *err)
{
    struct db_sums_question q[DB_SIDES] = {{.mask = ""}};
    struct zm_buf text = {.s = NULL};
    struct db_ask sums[DB_SIDES];
    bool ok;
    int i;

    db_ids_text(ids, 0, ids->n, &text);
    for (i = 0; i < DB_SIDES; i++)
        db_compare_ask_sums(work, &q[i], grid->mask, 0, NULL, text.s, (enum db_side)i, &sums[i]);
    ok = db_compare_judge(work, ids->n > 0 ? sums : NULL, err);
    for (i = 0; ok && i < DB_SIDES; i++)
        db_grid_add(grid, (enum db_side)i, &sums[i].rows, true);
    db_asks_done(sums, DB_SIDES);
    zm_buf_done(&text);
    return ok;
}

bool db_compare_pick(struct db_scan *work, struct db_grid *grid, struct zm_error *err)
{
    struct db_ids ids = {.n = 0};
    bool ok = find_ids(work, grid, &ids, err);

    db_ids_add_all(&work->judge, &ids);
    db_ids_unite(&work->judge);
    ok = ok && judge(work, &ids, grid, err);
    db_ids_done(&ids);
    return ok;
}
