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

#define MIXED_MAX 100000
#define PER_DRIFT 24 /* buckets for each user who is expected to differ */

/* ---- asking ---- */

static enum db_sql brain_sums(const struct db_scan *work)
{
    return work->subscriptions ? DB_SQL_BRAIN_COMPARE_SUMS : DB_SQL_BRAIN_COMPARE_SUMS_BARE;
}

void db_compare_ask_sums(const struct db_scan *work, struct db_sums_question *q, uint32_t mask,
                         uint32_t filter, const char *only, const char *ids, enum db_side side,
                         struct db_ask *ret)
{
    const char *from = ids ? NULL : work->from, *upto = ids ? NULL : work->upto;

    snprintf(q->mask, sizeof(q->mask), "%" PRIu32, mask);
    snprintf(q->filter, sizeof(q->filter), "%" PRIu32, filter);
    if (work->compare->quick)
        db_compare_ask_total(work, ids, side, ret);
    else if (side == DB_BRAIN)
        *ret =
            (struct db_ask){.sql = brain_sums(work),
                            .params = {q->mask, q->filter, only, ids, work->tiers.s, from, upto}};
    else
        *ret = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_SUMS,
                               .params = {q->mask, q->filter, only, ids, work->trading_tiers.s,
                                          work->api_tiers.s, from, upto}};
}

/* How many users the sums so far are of. */
static bool tell(struct db_scan *work, struct zm_error *err)
{
    int64_t done[DB_SIDES] = {work->result->brain_users, work->result->bot_profiles};
    int64_t all[DB_SIDES];
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        all[i] = db_link_facts(work->link[i])->estimate;
        all[i] = all[i] > done[i] ? all[i] : done[i];
    }
    return db_compare_tell(work, DB_COMPARE_SUMS, done, all, 0, err);
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

    if (compare->buckets > 0)
        return (uint32_t)(compare->buckets < DB_COMPARE_BUCKETS_MAX ? compare->buckets
                                                                    : DB_COMPARE_BUCKETS_MAX);
    for (i = 0; i < DB_SIDES; i++) {
        estimate = db_link_facts(work->link[i])->estimate;
        n = estimate > n ? estimate : n;
    }
    expected = (double)n * 350e-6;
    if ((double)compare->expected > expected)
        expected = (double)compare->expected;
    return power_of_two(PER_DRIFT * expected, 1024, DB_COMPARE_BUCKETS_MAX);
}

/* ---- the first level ---- */

/* What it says, of all pieces. */
struct level {
    struct db_grid grid;
    struct db_ids nameless; /* whom sums cannot judge */
    struct db_ids absent;   /* those of them who are not in Bot */
    struct db_ids mixed;    /* whose subscriptions no sum can tell */
};

static void level_done(struct level *level)
{
    db_grid_done(&level->grid);
    db_ids_done(&level->nameless);
    db_ids_done(&level->absent);
    db_ids_done(&level->mixed);
}

static bool is_too_much(const struct level *level)
{
    return level->nameless.n > DB_COMPARE_APART_MAX || level->mixed.n > MIXED_MAX;
}

/* What is asked beside the sums: of Brain the join of subscriptions, which is the one that no
 * worker helps with and comes first, while Bot adds up; of Bot, which is done sooner, who of those
 * without e-mail is not there. Neither is asked piece by piece. */
static bool ask_level(struct db_scan *work, void *context, struct zm_error *err)
{
    struct level *level = context;
    struct db_sums_question q[DB_SIDES] = {{.mask = ""}};
    bool first = !work->from, mixed = first && work->subscriptions;
    struct zm_buf nameless = {.s = NULL};
    char most[16];
    struct db_ask brain[2], bot[2], *sums = &brain[mixed];
    struct db_part sides[DB_SIDES];
    bool ok;

    snprintf(most, sizeof(most), "%d", MIXED_MAX + 1);
    db_ids_text(&level->nameless, 0, level->nameless.n, &nameless);
    memset(sides, 0, sizeof(sides));
    sides[DB_BRAIN] = (struct db_part){.asks = brain, .n = mixed ? 2 : 1};
    sides[DB_BOT] = (struct db_part){.asks = bot, .n = first ? 2 : 1};
    brain[0] = (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_MIXED, .params = {most}};
    bot[1] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_ABSENT, .params = {nameless.s}};
    db_compare_ask_sums(work, &q[DB_BRAIN], level->grid.mask, 0, NULL, NULL, DB_BRAIN, sums);
    db_compare_ask_sums(work, &q[DB_BOT], level->grid.mask, 0, NULL, NULL, DB_BOT, &bot[0]);
    ok = db_compare_both(work, sides, err);
    if (ok) {
        db_grid_add(&level->grid, DB_BRAIN, &sums->rows, false);
        db_grid_add(&level->grid, DB_BOT, &bot[0].rows, false);
        work->result->brain_users += users_of(&sums->rows);
        work->result->bot_profiles += users_of(&bot[0].rows);
        if (mixed)
            db_ids_take(&brain[0].rows, &level->mixed);
        if (first)
            db_ids_take(&bot[1].rows, &level->absent);
    }
    db_asks_done(brain, sides[DB_BRAIN].n);
    db_asks_done(bot, sides[DB_BOT].n);
    zm_buf_done(&nameless);
    return ok && tell(work, err);
}

static bool judge_level(struct db_scan *work, struct level *level, bool *ret_stream,
                        struct zm_error *err)
{
    struct db_apart_sums apart[DB_APART_RUNS];
    bool ok;
    int i;

    memset(apart, 0, sizeof(apart));
    ok = db_compare_leave_out(work, &level->grid, &level->absent, apart, ret_stream, err);
    if (ok && !*ret_stream) {
        /* whose subscriptions no sum can tell is judged, wherever his bucket's sums stand */
        db_ids_add_all(&work->judge, &level->mixed);
        db_ids_unite(&work->judge);
        ok = db_compare_find_users(work, &level->grid, apart, ret_stream, err);
    }
    for (i = 0; i < DB_APART_RUNS; i++)
        db_compare_apart_done(&apart[i]);
    return ok;
}

static bool first_level(struct db_scan *work, struct level *level, bool *ret_stream,
                        struct zm_error *err)
{
    db_grid_begin(&level->grid, choose_buckets(work));
    *ret_stream = is_too_much(level);
    if (*ret_stream)
        return true;
    if (!db_compare_in_pieces(work, ask_level, level, err))
        return false;
    *ret_stream = is_too_much(level);
    return *ret_stream || judge_level(work, level, ret_stream, err);
}

bool db_compare_sums(struct db_scan *work, bool *ret_stream, struct zm_error *err)
{
    struct level level;
    bool ok, use;

    work->result->brain_users = work->result->bot_profiles = 0;
    work->apart.n = work->judge.n = work->n_differ = 0;
    memset(&level, 0, sizeof(level));
    ok = tell(work, err) && db_compare_begin(work, &use, &level.nameless, err);
    if (ok) {
        work->second_at_ms = zm_now_ms() + work->compare->grace_ms; /* both snapshots are taken */
        *ret_stream = !use;
        ok =
            !use || (work->compare->quick ? db_compare_total(work, &level.nameless, ret_stream, err)
                                          : first_level(work, &level, ret_stream, err));
    }
    level_done(&level);
    return ok;
}
