/*
 * Which buckets of users differ, by sums over both sides. What the sums of a bucket cannot say is
 * asked for beside them (compare_apart). A bucket without a differing sum has no drift; one with it
 * may turn out to have none.
 *
 * There are so many buckets that a user who differs is mostly alone in his: then the sums name him
 * (compare_pick). Where too many share theirs, the buckets are divided once more, by reading only
 * their users. More buckets than that cost more than they save: what a server spends on grouping
 * grows with the groups as soon as they do not fit its caches.
 *
 * A sum does not care in which order rows come, and unlike an exclusive or it does see two equal
 * duplicates. Two fields of a row, of 24 and 9 bits or more, have to agree by chance for a user who
 * differs to be missed: once in 2^33 such users.
 */
#include <inttypes.h>
#include <string.h>

#include "db/compare_grid.h"
#include "db/compare_work.h"
#include "zm/clock.h"

#define FINEST 0xfffff
#define MIXED_MAX 100000
#define SMALL 16     /* users of a bucket that are cheaper to read than to divide */
#define LARGE 64     /* users of a bucket that are worth dividing even if most of them differ */
#define PER_DRIFT 24 /* buckets for each user who is expected to differ */
#define CELLS 32768  /* that fit into memory */

/* ---- asking ---- */

static enum db_sql brain_sums(const struct db_scan *work)
{
    return work->subscriptions ? DB_SQL_BRAIN_COMPARE_SUMS : DB_SQL_BRAIN_COMPARE_SUMS_BARE;
}

void db_compare_ask_sums(const struct db_scan *work, struct db_sums_question *q, uint32_t mask,
                         uint32_t filter, const char *only, const char *ids, enum db_side side,
                         struct db_ask *ret)
{
    snprintf(q->mask, sizeof(q->mask), "%" PRIu32, mask);
    snprintf(q->filter, sizeof(q->filter), "%" PRIu32, filter);
    if (side == DB_BRAIN)
        *ret = (struct db_ask){.sql = brain_sums(work),
                               .params = {q->mask, q->filter, only, ids, work->tiers.s}};
    else
        *ret = (struct db_ask){
            .sql = DB_SQL_BOT_COMPARE_SUMS,
            .params = {q->mask, q->filter, only, ids, work->trading_tiers.s, work->api_tiers.s}};
}

static int64_t users_of(const struct db_rows *rows)
{
    int64_t n = 0;
    size_t i;

    for (i = 0; i < rows->n; i++)
        n += DB_ROW(rows, struct db_sums, i)->users;
    return n;
}

static uint32_t power_of_two(double n, uint32_t least, uint32_t most)
{
    uint32_t power = least;

    while (power < most && (double)power * 1.41 < n)
        power *= 2;
    return power;
}

/* So many that one in 24 of them differs: see the head of this file. */
static uint32_t choose_buckets(const struct db_scan *work)
{
    const struct db_compare *compare = work->compare;
    int64_t n = 0, estimate;
    double expected;
    int i;

    if (compare->quick)
        return 1;
    if (compare->buckets > 0)
        return (uint32_t)(compare->buckets < DB_COMPARE_BUCKETS_MAX ? compare->buckets
                                                                    : DB_COMPARE_BUCKETS_MAX);
    for (i = 0; i < DB_SIDES; i++) {
        estimate = db_link_facts(work->link[i])->estimate;
        n = estimate > n ? estimate : n;
    }
    expected = compare->expected > 0 ? (double)compare->expected : (double)n * 350e-6;
    return power_of_two(PER_DRIFT * expected, 1024, DB_COMPARE_BUCKETS_MAX);
}

/* ---- levels ---- */

static void take_apart(struct db_grid *grid, const struct db_apart_sums *apart)
{
    db_grid_add(grid, DB_BRAIN, &apart->brain.rows, true);
    db_grid_add(grid, DB_BOT, &apart->bot.rows, true);
}

static void set_buckets(struct db_scan *work, const struct db_grid *grid)
{
    work->mask = grid->mask;
    work->n_differ = db_grid_count_differing(grid);
    db_grid_list(grid, &work->buckets);
}

/* Divides the buckets that differ. */
static bool refine(struct db_scan *work, const struct db_grid *coarse, uint32_t parts,
                   const struct db_apart_sums *apart, struct db_grid *ret, struct zm_error *err)
{
    struct db_sums_question q[DB_SIDES] = {{.mask = ""}};
    struct db_ask asks[DB_SIDES];
    struct db_part sides[DB_SIDES];
    bool ok;
    int i;

    db_grid_begin_finer(ret, coarse, parts);
    memset(sides, 0, sizeof(sides));
    for (i = 0; i < DB_SIDES; i++) {
        db_compare_ask_sums(work, &q[i], ret->mask, coarse->mask, work->buckets.s, NULL,
                            (enum db_side)i, &asks[i]);
        sides[i].asks = &asks[i];
        sides[i].n = 1;
    }
    ok = db_compare_both(work, sides, err);
    if (ok) {
        for (i = 0; i < DB_SIDES; i++)
            db_grid_add(ret, (enum db_side)i, &asks[i].rows, false);
        take_apart(ret, apart);
        set_buckets(work, ret);
    }
    db_asks_done(asks, DB_SIDES);
    return ok;
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
           (work->mask + 1) * parts <= FINEST)
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

/* From buckets that differ to users. What is left in buckets is read with all its rows. */
static bool find_users(struct db_scan *work, struct db_grid *grid,
                       const struct db_apart_sums *apart, bool *ret_stream, struct zm_error *err)
{
    struct db_grid fine = {.n = 0};
    uint32_t parts = parts_of(work);
    bool ok = true;

    *ret_stream = users_a_bucket(work) < LARGE && is_hopeless(work);
    if (work->n_differ == 0 || *ret_stream)
        return true;
    if (parts > 1 && !db_compare_can_pick(work, grid)) {
        ok = refine(work, grid, parts, apart, &fine, err);
        *ret_stream = ok && is_hopeless(work);
        grid = &fine;
    }
    if (ok && !*ret_stream && db_compare_can_pick(work, grid)) {
        ok = db_compare_pick(work, grid, err);
        set_buckets(work, grid);
    }
    db_grid_done(&fine);
    return ok;
}

/* Whose subscriptions no sum can tell is judged by his rows, wherever his bucket's sums stand. */
static void judge_mixed(struct db_scan *work, const struct db_rows *rows)
{
    db_ids_take(rows, &work->judge);
    db_ids_unite(&work->judge);
    db_ids_unite(&work->apart);
}

/* What Brain is asked at the first level. The join of subscriptions is the one that no worker helps
 * with: it comes first, while Bot adds up. */
enum { MIXED, SUMS, APART, ASKS };

/* The first level is in. */
static bool judge_level(struct db_scan *work, struct db_grid *grid, struct db_ask *brain,
                        struct db_ask *bot, bool *ret_stream, struct zm_error *err)
{
    struct db_apart_sums apart;
    bool ok;

    memset(&apart, 0, sizeof(apart));
    db_grid_add(grid, DB_BRAIN, &brain[SUMS].rows, false);
    db_grid_add(grid, DB_BOT, &bot[0].rows, false);
    ok = db_compare_apart(work, &brain[APART].rows, grid->mask | FINEST, &apart, err);
    if (ok) {
        take_apart(grid, &apart);
        set_buckets(work, grid);
        judge_mixed(work, &brain[MIXED].rows);
        *ret_stream = false;
        ok = work->compare->quick || find_users(work, grid, &apart, ret_stream, err);
    }
    db_asks_done(&apart.brain, 1);
    db_asks_done(&apart.bot, 1);
    return ok;
}

/* Whether both servers hash alike. The statement takes the snapshots, both at the same time. */
static bool hash_alike(struct db_scan *work, bool *ret, struct zm_error *err)
{
    char limit[16];
    const struct db_ask ask = {.sql = DB_SQL_EITHER_COMPARE_HASH, .params = {limit}};
    struct db_ask asks[DB_SIDES] = {ask, ask};
    struct db_part parts[DB_SIDES] = {{.asks = &asks[DB_BRAIN], .n = 1},
                                      {.asks = &asks[DB_BOT], .n = 1}};
    bool ok;

    snprintf(limit, sizeof(limit), "%d", work->compare->limit_ms);
    ok = db_compare_both(work, parts, err);
    if (ok)
        *ret = asks[DB_BRAIN].rows.n == 1 && asks[DB_BOT].rows.n == 1 &&
               zm_streq(DB_ROW(&asks[DB_BRAIN].rows, struct db_constants, 0)->constants,
                        DB_ROW(&asks[DB_BOT].rows, struct db_constants, 0)->constants);
    db_asks_done(asks, DB_SIDES);
    return ok;
}

static void ask_level(const struct db_scan *work, struct db_sums_question q[DB_SIDES],
                      uint32_t mask, struct db_ask *brain, struct db_ask *bot)
{
    if (work->compare->quick) {
        *brain = (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_TOTAL, .params = {work->tiers.s}};
        *bot = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_TOTAL,
                               .params = {work->trading_tiers.s, work->api_tiers.s}};
        return;
    }
    db_compare_ask_sums(work, &q[DB_BRAIN], mask, 0, NULL, NULL, DB_BRAIN, brain);
    db_compare_ask_sums(work, &q[DB_BOT], mask, 0, NULL, NULL, DB_BOT, bot);
}

static bool first_level(struct db_scan *work, bool *ret_stream, struct zm_error *err)
{
    struct db_sums_question q[DB_SIDES] = {{.mask = ""}};
    struct db_part sides[DB_SIDES];
    char most[16], mixed_most[16];
    struct db_ask brain[ASKS], bot[1];
    int first = work->subscriptions ? MIXED : SUMS;
    struct db_grid grid;
    bool ok;

    db_grid_begin(&grid, choose_buckets(work));
    snprintf(most, sizeof(most), "%d", DB_COMPARE_APART_MAX + 1);
    snprintf(mixed_most, sizeof(mixed_most), "%d", MIXED_MAX + 1);
    ask_level(work, q, grid.mask, &brain[SUMS], &bot[0]);
    brain[APART] = (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_APART, .params = {most}};
    brain[MIXED] = (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_MIXED, .params = {mixed_most}};
    memset(sides, 0, sizeof(sides));
    sides[DB_BRAIN] = (struct db_part){.asks = &brain[first], .n = (size_t)(ASKS - first)};
    sides[DB_BOT] = (struct db_part){.asks = bot, .n = 1};
    ok = db_compare_both(work, sides, err);
    if (ok) {
        work->result->brain_users = users_of(&brain[SUMS].rows);
        work->result->bot_profiles = users_of(&bot[0].rows);
        *ret_stream = brain[APART].rows.n > DB_COMPARE_APART_MAX || brain[MIXED].rows.n > MIXED_MAX;
        ok = *ret_stream || judge_level(work, &grid, brain, bot, ret_stream, err);
    }
    db_asks_done(brain, ASKS);
    db_asks_done(bot, 1);
    db_grid_done(&grid);
    return ok;
}

bool db_compare_sums(struct db_scan *work, bool *ret_stream, struct zm_error *err)
{
    int64_t none[DB_SIDES] = {0, 0}, all[DB_SIDES];
    bool alike;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        all[i] = db_link_facts(work->link[i])->estimate;
    if (!db_compare_tell(work, DB_COMPARE_SUMS, none, all, 0, err) ||
        !hash_alike(work, &alike, err))
        return false;
    work->second_at_ms = zm_now_ms() + work->compare->grace_ms; /* both snapshots are taken */
    *ret_stream = !alike || work->by_index;
    if (!*ret_stream && !first_level(work, ret_stream, err))
        return false;
    all[DB_BRAIN] = work->result->brain_users;
    all[DB_BOT] = work->result->bot_profiles;
    return *ret_stream || db_compare_tell(work, DB_COMPARE_SUMS, all, all, 0, err);
}
