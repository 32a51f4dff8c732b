/*
 * From buckets to users: the sums of the buckets that differ once more, each user by himself. Whose
 * sums differ is judged by his rows, like those whom no sum can judge.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/compare_work.h"

#define FEW 30000 /* users whose sums are read; both sides of them fit into a few megabytes */

struct user_sum {
    const char *id;
    uint64_t total; /* Brain's, less Bot's */
};

bool db_compare_can_narrow(const struct db_scan *work)
{
    double buckets = (double)work->mask + 1;

    return (double)work->result->brain_users / buckets * (double)work->n_differ <= FEW;
}

static int compare_users(const void *a, const void *b)
{
    return strcmp(((const struct user_sum *)a)->id, ((const struct user_sum *)b)->id);
}

static size_t take_sums(struct user_sum *sums, enum db_side side, const struct db_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        const struct db_user_sum *row = DB_ROW(rows, struct db_user_sum, i);
        uint64_t total = db_compare_total(row->total);

        sums[i] = (struct user_sum){row->id, side == DB_BOT ? 0 - total : total};
    }
    return rows->n;
}

/* Who is apart is in judge where he has to be. */
static void judge_differing(struct db_scan *work, const struct db_ask asks[DB_SIDES])
{
    size_t n = 0, i, next, size = asks[DB_BRAIN].rows.n + asks[DB_BOT].rows.n;
    struct user_sum *sums = zm_calloc(size + 1, sizeof(*sums));
    uint64_t total;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        n += take_sums(sums + n, (enum db_side)side, &asks[side].rows);
    qsort(sums, n, sizeof(*sums), compare_users);
    for (i = 0; i < n; i = next) {
        total = sums[i].total;
        for (next = i + 1; next < n && zm_streq(sums[next].id, sums[i].id); next++)
            total += sums[next].total;
        if (total != 0 && !db_ids_has(&work->apart, sums[i].id))
            db_ids_add(&work->judge, sums[i].id);
    }
    free(sums);
    db_ids_unite(&work->judge);
}

bool db_compare_narrow(struct db_scan *work, struct zm_error *err)
{
    enum db_sql brain =
        work->subscriptions ? DB_SQL_BRAIN_COMPARE_NARROW : DB_SQL_BRAIN_COMPARE_NARROW_BARE;
    char mask[16];
    struct db_ask asks[DB_SIDES] = {
        [DB_BRAIN] = {.sql = brain, .params = {mask, work->buckets.s, work->tiers.s}},
        [DB_BOT] = {.sql = DB_SQL_BOT_COMPARE_NARROW,
                    .params = {mask, work->buckets.s, work->trading_tiers.s, work->api_tiers.s}},
    };
    struct db_part parts[DB_SIDES];
    bool ok;
    int i;

    snprintf(mask, sizeof(mask), "%" PRIu32, work->mask);
    memset(parts, 0, sizeof(parts));
    for (i = 0; i < DB_SIDES; i++)
        parts[i] = (struct db_part){.asks = &asks[i], .n = 1};
    ok = db_compare_both(work, parts, err);
    if (ok) {
        judge_differing(work, asks);
        work->n_differ = 0;
    }
    db_asks_done(asks, DB_SIDES);
    return ok;
}
