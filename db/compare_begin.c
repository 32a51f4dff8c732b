/*
 * The transactions of a comparison: their limits and settings, and what has to be known before
 * anything is added up. Both looks begin here.
 */
#include <string.h>

#include "db/compare_work.h"
#include "db/tx.h"

/* Parallel workers map the server's memory anew, page by page, which takes longer than one process
 * needs to add up a million rows; grouping them is worth one. A server keeps its other cores. */
#define WORKERS "1"
#define QUICK_WORKERS "0"

#define LOCK_MS "3000"
/* What a transaction may wait for us: the other side runs up to so many statements in a row, each
 * of them up to the limit; between two rows of them whoever waits is poked. */
#define IDLE_LIMITS 4
#define IDLE_SPARE_MS 90000

/* What both sides are asked first; the first statement behind BEGIN takes the snapshot. */
enum { BEGIN, SETTINGS, HASH, NAMELESS, FIRST_ASKS };

struct first {
    char limit[16], idle[24], most[16];
    struct db_ask asks[FIRST_ASKS];
};

static void ask_first(const struct db_scan *work, struct first *ret)
{
    const struct db_compare *compare = work->compare;

    snprintf(ret->limit, sizeof(ret->limit), "%d", compare->limit_ms);
    snprintf(ret->idle, sizeof(ret->idle), "%lld",
             (long long)IDLE_LIMITS * compare->limit_ms + IDLE_SPARE_MS);
    snprintf(ret->most, sizeof(ret->most), "%d", DB_COMPARE_APART_MAX + 1);
    ret->asks[BEGIN] = (struct db_ask){.sql = DB_SQL_EITHER_BEGIN_READ};
    ret->asks[SETTINGS] =
        (struct db_ask){.sql = DB_SQL_EITHER_SETTINGS, .params = {ret->limit, LOCK_MS, ret->idle}};
    ret->asks[HASH] = (struct db_ask){.sql = DB_SQL_EITHER_COMPARE_HASH,
                                      .params = {compare->quick ? QUICK_WORKERS : WORKERS}};
    ret->asks[NAMELESS] =
        (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_NAMELESS, .params = {ret->most}};
}

static bool is_alike(const struct db_rows *brain, const struct db_rows *bot)
{
    return brain->n == 1 && bot->n == 1 &&
           zm_streq(DB_ROW(brain, struct db_constants, 0)->constants,
                    DB_ROW(bot, struct db_constants, 0)->constants);
}

bool db_compare_begin(struct db_scan *work, bool *ret_use, struct db_ids *ret_nameless,
                      struct zm_error *err)
{
    bool nameless = work->nameless && !work->by_index, ok;
    struct first first[DB_SIDES];
    struct db_part parts[DB_SIDES];
    const struct db_rows *hash[DB_SIDES];
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        ask_first(work, &first[i]);
        parts[i] = (struct db_part){.asks = first[i].asks, .n = NAMELESS};
        hash[i] = &first[i].asks[HASH].rows;
    }
    if (nameless)
        parts[DB_BRAIN].n = FIRST_ASKS;
    ok = db_compare_both(work, parts, err);
    if (ok) {
        *ret_use = !work->by_index && is_alike(hash[DB_BRAIN], hash[DB_BOT]);
        if (nameless)
            db_ids_take(&first[DB_BRAIN].asks[NAMELESS].rows, ret_nameless);
    }
    for (i = 0; i < DB_SIDES; i++)
        db_asks_done(first[i].asks, parts[i].n);
    return ok;
}

bool db_compare_begin_again(struct db_scan *work, struct zm_error *err)
{
    static const enum db_side order[] = {DB_BOT, DB_BRAIN};
    struct first first;
    bool ok = true;
    size_t i;

    for (i = 0; ok && i < ZM_COUNT(order); i++) {
        ask_first(work, &first);
        ok = db_compare_one(work, order[i], first.asks, NAMELESS, err);
        db_asks_done(first.asks, NAMELESS);
    }
    return ok;
}

void db_compare_end(struct db_scan *work)
{
    db_tx_roll_back_all(work->link, DB_SIDES);
    memset(work->asked_ms, 0, sizeof(work->asked_ms));
}

bool db_compare_took_too_long(const struct zm_error *err)
{
    return err->kind == ZM_ERR_TIMEOUT && zm_streq(err->sqlstate, "57014");
}
