/*
 * Both sides of a comparison at work at the same time: Bot's statements on a thread of their own.
 * Knows no statement.
 */
#include <pthread.h>

#include "db/compare_work.h"
#include "db/tx.h"
#include "zm/clock.h"

#define SLACK_MS 5000 /* what our deadline leaves the server's to pass first */
#define POKE_MS 60000 /* who was not asked for so long is asked for a sign of life */

/* What both sides are asked alike reads no table and takes no time. */
static int64_t latest_ms(const struct db_scan *work, const struct db_ask *asks, size_t n)
{
    int64_t ms = zm_now_ms() + SLACK_MS;
    size_t i;

    for (i = 0; i < n; i++)
        ms += db_sql_text(asks[i].sql)->side == DB_SIDES ? 0 : work->compare->limit_ms;
    return ms;
}

static bool ask(struct db_scan *work, enum db_side side, struct db_ask *asks, size_t n,
                struct zm_error *err)
{
    size_t failed;
    bool ok = db_tx_run(work->link[side], asks, n, latest_ms(work, asks, n), &failed, err);

    work->asked_ms[side] = zm_now_ms();
    return ok;
}

/* A side that has nothing to do while the other one works would lose its transaction: its server
 * ends one that is idle for too long. */
static bool poke(struct db_scan *work, enum db_side side, struct zm_error *err)
{
    struct db_ask alive = {.sql = DB_SQL_EITHER_PING};
    bool ok = true;

    if (work->asked_ms[side] > 0 && zm_now_ms() - work->asked_ms[side] > POKE_MS)
        ok = ask(work, side, &alive, 1, err);
    db_asks_done(&alive, 1);
    return ok;
}

bool db_compare_one(struct db_scan *work, enum db_side side, struct db_ask *asks, size_t n,
                    struct zm_error *err)
{
    return poke(work, side == DB_BRAIN ? DB_BOT : DB_BRAIN, err) && ask(work, side, asks, n, err);
}

struct side {
    struct db_scan *work;
    enum db_side side;
    struct db_part *part;
};

static bool has_failed(const struct db_part *part)
{
    return !part->ok && part->err.kind != ZM_ERR_CANCELLED;
}

/* A side that failed leaves the other one with nothing to work for. */
static void *run(void *arg)
{
    struct side *s = arg;
    struct db_part *part = s->part;

    part->ok = ask(s->work, s->side, part->asks, part->n, &part->err);
    if (has_failed(part))
        db_link_cancel(s->work->link[!s->side]);
    return NULL;
}

/* At the same time; without a second thread it only takes longer. */
static void run_both(struct db_scan *work, struct db_part parts[DB_SIDES])
{
    struct side sides[DB_SIDES];
    pthread_t bot;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        sides[i] = (struct side){.work = work, .side = (enum db_side)i, .part = &parts[i]};
    if (pthread_create(&bot, NULL, run, &sides[DB_BOT]) != 0) {
        run(&sides[DB_BOT]);
        run(&sides[DB_BRAIN]);
        return;
    }
    run(&sides[DB_BRAIN]);
    pthread_join(bot, NULL);
}

bool db_compare_both(struct db_scan *work, struct db_part parts[DB_SIDES], struct zm_error *err)
{
    int i;

    for (i = 0; i < DB_SIDES; i++)
        if (parts[i].n == 0)
            return parts[!i].n == 0 ||
                   db_compare_one(work, (enum db_side) !i, parts[!i].asks, parts[!i].n, err);
    run_both(work, parts);
    if (parts[DB_BRAIN].ok && parts[DB_BOT].ok)
        return true;
    for (i = 0; i < DB_SIDES; i++)
        if (has_failed(&parts[i]))
            db_link_rearm(work->link[!i]); /* that was us, and what it ended is no reason */
    *err = parts[has_failed(&parts[DB_BRAIN]) || parts[DB_BOT].ok ? DB_BRAIN : DB_BOT].err;
    return false;
}

bool db_compare_tell(struct db_scan *work, enum db_compare_phase phase,
                     const int64_t done[DB_SIDES], const int64_t total[DB_SIDES], int64_t found,
                     struct zm_error *err)
{
    const struct db_compare *compare = work->compare;
    struct db_compare_progress now = {.phase = phase, .found = found, .seconds_left = -1};
    int64_t sum = 0, all = 0;
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        now.done[i] = done ? done[i] : 0;
        now.total[i] = total ? total[i] : -1;
        sum += now.done[i];
        all += now.total[i];
    }
    if (phase != work->phase || work->phase_us == 0)
        work->phase_us = zm_now_us();
    work->phase = phase;
    now.seconds = (double)(zm_now_us() - work->began_us) / 1e6;
    if (sum > 0 && all >= sum)
        now.seconds_left =
            (double)(zm_now_us() - work->phase_us) / 1e6 * (double)(all - sum) / (double)sum;
    else if (phase == DB_COMPARE_SUMS && compare->expected_ms > 0) /* as the last time */
        now.seconds_left = (double)compare->expected_ms / 1000 - now.seconds;
    if (phase == DB_COMPARE_GRACE)
        now.seconds_left = (double)(work->second_at_ms - zm_now_ms()) / 1000;
    if (compare->progress)
        compare->progress(compare->context, &now);
    if (!compare->stopped || !compare->stopped(compare->context))
        return true;
    return zm_error_set(err, ZM_ERR_CANCELLED, "", "compare", "cancelled");
}
