/*
 * Which buckets of users differ, by sums over both sides. What the sums of a bucket cannot say is
 * asked for beside them: deleted users (they need nothing in Bot) and users without e-mail (who may
 * have a trading profile or none) are found by their ids, and what they contribute is taken out
 * again. A bucket without a differing sum has no drift; one with it may turn out to have none.
 *
 * Sums are taken modulo 2^64. A sum does not care in which order rows come, and unlike an exclusive
 * or it does see two equal duplicates.
 */
#include <inttypes.h>
#include <string.h>

#include "db/compare_grid.h"
#include "db/compare_work.h"
#include "zm/clock.h"

#define FINEST 0xfffff
#define MIXED_MAX 100000
#define SMALL 8 /* users of a bucket that are cheaper to read than to divide */

/* Rows of sums to take out again. */
struct apart_sums {
    struct db_ask brain, bot; /* both may be empty */
};

/* ---- asking ---- */

/* Texts of the parameters of one question; owned by the caller's frame. */
struct question {
    char mask[16], filter[16];
};

static enum db_sql brain_sums(const struct db_scan *work)
{
    return work->subscriptions ? DB_SQL_BRAIN_COMPARE_SUMS : DB_SQL_BRAIN_COMPARE_SUMS_BARE;
}

/* only: buckets of the filter's mask, or NULL; ids: users, or NULL. */
static void ask_sums(const struct db_scan *work, struct question *q, uint32_t mask, uint32_t filter,
                     const char *only, const char *ids, enum db_side side, struct db_ask *ret)
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

static double root(double n)
{
    double r = n > 1 ? n : 1;
    int i;

    for (i = 0; i < 60; i++)
        r = (r + n / r) / 2;
    return r;
}

/* The fewest bytes are at sqrt(0.85 d N) buckets, when d users of N differ. */
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
    return power_of_two(root(0.85 * expected * (double)n), 1024, DB_COMPARE_BUCKETS_MAX);
}

/* ---- users apart ---- */

/* The ids among `apart` that are of one kind. */
static void choose_apart(const struct db_rows *rows, bool deleted, struct db_ids *ret)
{
    size_t i;

    for (i = 0; i < rows->n; i++)
        if (DB_ROW(rows, struct db_apart, i)->deleted == deleted)
            db_ids_add(ret, DB_ROW(rows, struct db_apart, i)->id);
}

static int64_t count_deleted(const struct db_rows *rows)
{
    int64_t n = 0;
    size_t i;

    for (i = 0; i < rows->n; i++)
        n += DB_ROW(rows, struct db_apart, i)->deleted;
    return n;
}

static void take_ids(const struct db_rows *rows, struct db_ids *ret)
{
    size_t i;

    for (i = 0; i < rows->n; i++)
        db_ids_add(ret, DB_ROW(rows, struct db_id_row, i)->id);
}

/* Bot's half: who of those without e-mail is not there at all, and of the deleted ones their sums
 * and who has rights. */
static bool ask_bot_apart(struct db_scan *work, const struct db_rows *rows, uint32_t mask,
                          struct db_ask *ret_sums, struct zm_error *err)
{
    struct zm_buf deleted_text = {.s = NULL}, nameless_text = {.s = NULL};
    struct db_ids deleted = {.n = 0}, nameless = {.n = 0};
    struct db_ask asks[3];
    struct question q;
    bool ok;

    choose_apart(rows, true, &deleted);
    choose_apart(rows, false, &nameless);
    db_ids_text(&deleted, 0, deleted.n, &deleted_text);
    db_ids_text(&nameless, 0, nameless.n, &nameless_text);
    ask_sums(work, &q, mask, 0, NULL, deleted_text.s, DB_BOT, &asks[0]);
    asks[1] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_RIGHTS, .params = {deleted_text.s}};
    asks[2] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_ABSENT, .params = {nameless_text.s}};
    ok = db_compare_one(work, DB_BOT, asks, 3, err);
    if (ok) {
        take_ids(&asks[1].rows, &work->judge);
        take_ids(&asks[2].rows, &work->judge);
        take_ids(&asks[2].rows, &work->apart);
        choose_apart(rows, true, &work->apart);
        *ret_sums = asks[0];
        memset(&asks[0], 0, sizeof(asks[0]));
    }
    db_asks_done(asks, 3);
    db_ids_done(&deleted);
    db_ids_done(&nameless);
    zm_buf_done(&deleted_text);
    zm_buf_done(&nameless_text);
    return ok;
}

static bool read_apart(struct db_scan *work, const struct db_rows *rows, uint32_t mask,
                       struct apart_sums *ret, struct zm_error *err)
{
    struct zm_buf ids = {.s = NULL};
    struct question q;
    bool ok;

    if (rows->n == 0)
        return true;
    if (!ask_bot_apart(work, rows, mask, &ret->bot, err))
        return false;
    db_ids_sort(&work->apart);
    db_ids_sort(&work->judge);
    if (work->apart.n == 0)
        return true;
    db_ids_text(&work->apart, 0, work->apart.n, &ids);
    ask_sums(work, &q, mask, 0, NULL, ids.s, DB_BRAIN, &ret->brain);
    ok = db_compare_one(work, DB_BRAIN, &ret->brain, 1, err);
    zm_buf_done(&ids);
    return ok;
}

/* ---- levels ---- */

static void take_apart(struct db_grid *grid, const struct apart_sums *apart)
{
    db_grid_add(grid, DB_BRAIN, &apart->brain.rows, true);
    db_grid_add(grid, DB_BOT, &apart->bot.rows, true);
}

/* Divides the buckets that differ. */
static bool refine(struct db_scan *work, const struct db_grid *coarse, uint32_t parts,
                   const struct apart_sums *apart, struct zm_error *err)
{
    struct question q[DB_SIDES];
    struct db_ask asks[DB_SIDES];
    struct db_part sides[DB_SIDES];
    struct db_grid grid;
    bool ok;
    int i;

    db_grid_begin_finer(&grid, coarse, parts);
    memset(sides, 0, sizeof(sides));
    for (i = 0; i < DB_SIDES; i++) {
        ask_sums(work, &q[i], grid.mask, coarse->mask, work->buckets.s, NULL, (enum db_side)i,
                 &asks[i]);
        sides[i].asks = &asks[i];
        sides[i].n = 1;
    }
    ok = db_compare_both(work, sides, err);
    if (ok) {
        for (i = 0; i < DB_SIDES; i++)
            db_grid_add(&grid, (enum db_side)i, &asks[i].rows, false);
        take_apart(&grid, apart);
        db_grid_list(&grid, &work->buckets);
        work->mask = grid.mask;
        work->n_differ = db_grid_count_differing(&grid);
    }
    db_asks_done(asks, DB_SIDES);
    db_grid_done(&grid);
    return ok;
}

/* How finely to divide: few users a part, and no more parts than fit into memory. */
static uint32_t parts_of(const struct db_scan *work, const struct db_grid *grid)
{
    double users = (double)work->result->brain_users, buckets = (double)grid->mask + 1;
    uint32_t parts = 1;

    while ((double)parts * 1.41 < users / buckets / SMALL && work->n_differ * parts < 32768 &&
           (grid->mask + 1) * parts <= FINEST)
        parts *= 2;
    return parts;
}

/* From buckets that differ to users, or at least to smaller ones. */
static bool find_users(struct db_scan *work, const struct db_grid *grid,
                       const struct apart_sums *apart, struct zm_error *err)
{
    uint32_t parts = parts_of(work, grid);

    if (work->compare->quick || work->n_differ == 0)
        return true;
    return (db_compare_can_narrow(work) || parts == 1 || refine(work, grid, parts, apart, err)) &&
           (!db_compare_can_narrow(work) || db_compare_narrow(work, err));
}

/* Whose subscriptions no sum can tell is judged by his rows, wherever his bucket's sums stand. */
static void judge_mixed(struct db_scan *work, const struct db_rows *rows)
{
    take_ids(rows, &work->judge);
    take_ids(rows, &work->apart);
    db_ids_unite(&work->judge);
    db_ids_unite(&work->apart);
}

/* The first level is in: asks[0] of both sides are its sums, then apart and mixed. */
static bool judge_level(struct db_scan *work, struct db_grid *grid, struct db_ask *brain,
                        struct db_ask *bot, bool *ret_stream, struct zm_error *err)
{
    struct apart_sums apart;
    double users, fraction;
    bool ok;

    memset(&apart, 0, sizeof(apart));
    db_grid_add(grid, DB_BRAIN, &brain[0].rows, false);
    db_grid_add(grid, DB_BOT, &bot[0].rows, false);
    ok = read_apart(work, &brain[1].rows, grid->mask | FINEST, &apart, err);
    if (ok) {
        take_apart(grid, &apart);
        work->n_differ = db_grid_count_differing(grid);
        work->mask = grid->mask;
        db_grid_list(grid, &work->buckets);
        users = (double)work->result->brain_users + (double)work->result->bot_profiles;
        fraction = users < (double)grid->n ? users : (double)grid->n;
        *ret_stream = !work->compare->quick && work->compare->buckets == 0 &&
                      (double)work->n_differ * 4 > fraction;
        judge_mixed(work, &brain[2].rows);
        ok = *ret_stream || find_users(work, grid, &apart, err);
    }
    db_asks_done(&apart.brain, 1);
    db_asks_done(&apart.bot, 1);
    return ok;
}

/* Whether both servers hash alike; Brain's snapshot is taken first. */
static bool hash_alike(struct db_scan *work, bool *ret, struct zm_error *err)
{
    char limit[16];
    const struct db_ask ask = {
        .sql = DB_SQL_EITHER_COMPARE_HASH,
        .params = {limit, work->by_index ? "on" : "off", work->by_index ? "off" : "on"}};
    struct db_ask asks[DB_SIDES] = {ask, ask};
    bool ok;

    snprintf(limit, sizeof(limit), "%d", work->compare->limit_ms);
    ok = db_compare_one(work, DB_BRAIN, &asks[DB_BRAIN], 1, err) &&
         db_compare_one(work, DB_BOT, &asks[DB_BOT], 1, err);

    if (ok)
        *ret = asks[DB_BRAIN].rows.n == 1 && asks[DB_BOT].rows.n == 1 &&
               zm_streq(DB_ROW(&asks[DB_BRAIN].rows, struct db_constants, 0)->constants,
                        DB_ROW(&asks[DB_BOT].rows, struct db_constants, 0)->constants);
    db_asks_done(asks, DB_SIDES);
    return ok;
}

static bool first_level(struct db_scan *work, bool *ret_stream, struct zm_error *err)
{
    uint32_t buckets = choose_buckets(work);
    struct db_grid grid;
    char most[16], mixed_most[16];
    struct db_ask brain[3], bot[1];
    struct db_part sides[DB_SIDES];
    struct question q[DB_SIDES];
    bool ok;

    db_grid_begin(&grid, buckets);
    snprintf(most, sizeof(most), "%d", DB_COMPARE_APART_MAX + 1);
    snprintf(mixed_most, sizeof(mixed_most), "%d", MIXED_MAX + 1);
    ask_sums(work, &q[DB_BRAIN], grid.mask, 0, NULL, NULL, DB_BRAIN, &brain[0]);
    ask_sums(work, &q[DB_BOT], grid.mask, 0, NULL, NULL, DB_BOT, &bot[0]);
    brain[1] = (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_APART, .params = {most}};
    brain[2] = (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_MIXED, .params = {mixed_most}};
    memset(sides, 0, sizeof(sides));
    sides[DB_BRAIN] = (struct db_part){.asks = brain, .n = work->subscriptions ? 3 : 2};
    sides[DB_BOT] = (struct db_part){.asks = bot, .n = 1};
    ok = db_compare_both(work, sides, err);
    if (ok) {
        work->result->brain_users = users_of(&brain[0].rows) + count_deleted(&brain[1].rows);
        work->result->bot_profiles = users_of(&bot[0].rows);
        *ret_stream = brain[1].rows.n > DB_COMPARE_APART_MAX || brain[2].rows.n > MIXED_MAX;
        ok = *ret_stream || judge_level(work, &grid, brain, bot, ret_stream, err);
    }
    db_asks_done(brain, 3);
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
