/*
 * The first look at rows: of the buckets that differ, or of everybody, through cursors of the
 * snapshots; and of users by their ids. Whoever has a class is kept for the second look.
 */
#include <inttypes.h>
#include <string.h>

#include "db/compare_work.h"

/* clang-format off */
static const enum db_sql opens[DB_TABLES] = {
    [DB_OF_LOGINS]        = DB_SQL_BRAIN_COMPARE_OPEN_USERS,
    [DB_OF_PROFILES]      = DB_SQL_BRAIN_COMPARE_OPEN_PROFILES,
    [DB_OF_SUBSCRIPTIONS] = DB_SQL_BRAIN_COMPARE_OPEN_SUBSCRIPTIONS,
    [DB_OF_TRADERS]       = DB_SQL_BOT_COMPARE_OPEN_TRADERS,
};
static const enum db_sql nexts[DB_TABLES] = {
    [DB_OF_LOGINS]        = DB_SQL_BRAIN_COMPARE_NEXT_USERS,
    [DB_OF_PROFILES]      = DB_SQL_BRAIN_COMPARE_NEXT_PROFILES,
    [DB_OF_SUBSCRIPTIONS] = DB_SQL_BRAIN_COMPARE_NEXT_SUBSCRIPTIONS,
    [DB_OF_TRADERS]       = DB_SQL_BOT_COMPARE_NEXT_TRADERS,
};
static const enum db_sql ofs[DB_TABLES] = {
    [DB_OF_LOGINS]        = DB_SQL_BRAIN_COMPARE_USERS_OF,
    [DB_OF_PROFILES]      = DB_SQL_BRAIN_COMPARE_PROFILES_OF,
    [DB_OF_SUBSCRIPTIONS] = DB_SQL_BRAIN_COMPARE_SUBSCRIPTIONS_OF,
    [DB_OF_TRADERS]       = DB_SQL_BOT_COMPARE_TRADERS_OF,
};
/* clang-format on */

static bool is_asked(const struct db_scan *work, unsigned table)
{
    return table != DB_OF_SUBSCRIPTIONS || work->subscriptions;
}

static enum db_side side_of(unsigned table)
{
    return table == DB_OF_TRADERS ? DB_BOT : DB_BRAIN;
}

/* ---- cursors ---- */

/* Whoever is used up is read on, all of them at once and both sides at the same time. */
static bool refill(struct db_merge *merge, struct zm_error *err)
{
    struct db_ask asks[DB_SIDES][DB_TABLES];
    enum db_table table[DB_SIDES][DB_TABLES];
    struct db_part parts[DB_SIDES];
    unsigned t, i, side;
    bool ok;

    memset(parts, 0, sizeof(parts));
    for (t = 0; t < DB_TABLES; t++) {
        struct db_source *source = &merge->source[t];

        if (!source->more || source->at < source->ask.rows.n)
            continue;
        side = side_of(t);
        table[side][parts[side].n] = (enum db_table)t;
        asks[side][parts[side].n++] = (struct db_ask){.sql = nexts[t]};
    }
    for (side = 0; side < DB_SIDES; side++)
        parts[side].asks = asks[side];
    ok = db_compare_both(merge->work, parts, err);
    for (side = 0; side < DB_SIDES; side++)
        for (i = 0; i < parts[side].n; i++) {
            struct db_source *source = &merge->source[table[side][i]];

            if (!ok) {
                db_asks_done(&asks[side][i], 1);
                continue;
            }
            db_asks_done(&source->ask, 1);
            source->ask = asks[side][i];
            source->at = 0;
            source->more = source->ask.rows.n > 0;
        }
    return ok;
}

static bool open_cursors(struct db_merge *merge, const char *mask, const char *buckets,
                         struct zm_error *err)
{
    const char *index = merge->work->by_index ? "on" : "off";
    const char *table = merge->work->by_index ? "off" : "on";
    struct db_ask asks[DB_SIDES][DB_TABLES + 1];
    struct db_part parts[DB_SIDES];
    unsigned t, side;
    bool ok;

    memset(parts, 0, sizeof(parts));
    for (side = 0; side < DB_SIDES; side++)
        asks[side][parts[side].n++] =
            (struct db_ask){.sql = DB_SQL_EITHER_COMPARE_ORDER, .params = {index, table}};
    for (t = 0; t < DB_TABLES; t++) {
        if (!is_asked(merge->work, t))
            continue;
        side = side_of(t);
        asks[side][parts[side].n++] = (struct db_ask){.sql = opens[t], .params = {mask, buckets}};
        merge->source[t].more = true;
    }
    for (side = 0; side < DB_SIDES; side++)
        parts[side].asks = asks[side];
    ok = db_compare_both(merge->work, parts, err);
    for (side = 0; side < DB_SIDES; side++)
        db_asks_done(asks[side], 1);
    return ok;
}

/* ---- judging ---- */

static bool judge(struct db_merge *merge, struct db_suspects *found, struct zm_error *err)
{
    const struct db_compare *compare = merge->work->compare;
    unsigned wanted = compare->quick ? DB_CLASS_DRIFT : compare->classes;
    struct db_classified classified;

    db_classify(compare->policy, &merge->both, &classified);
    return !(classified.classes & wanted) || db_suspects_add(found, &merge->both, err);
}

static bool tell(const struct db_merge *merge, bool all, int64_t found, struct zm_error *err)
{
    struct db_scan *work = merge->work;
    int64_t done[DB_SIDES] = {merge->source[DB_OF_LOGINS].taken,
                              merge->source[DB_OF_TRADERS].taken};
    int64_t total[DB_SIDES];
    int i;

    for (i = 0; i < DB_SIDES; i++)
        total[i] = all ? db_link_facts(work->link[i])->estimate : done[i];
    return db_compare_tell(work, DB_COMPARE_ROWS, done, total, found, err);
}

/* By his rows alone, or as one who needs nothing. */
static bool is_judged(const struct db_scan *work, const char *id)
{
    return db_ids_has(&work->apart, id) || db_ids_has(&work->judge, id);
}

/* What all rows say is the number of users, too. */
static bool merge_all(struct db_merge *merge, bool all, struct zm_error *err)
{
    struct db_scan *work = merge->work;
    struct db_suspects *found = &work->found[DB_FOUND_REST];
    int64_t n = 0;
    bool end;

    for (;;) {
        if (!db_merge_next(merge, &end, err))
            return false;
        if (end)
            break;
        if ((all || !is_judged(work, merge->both.id)) && !judge(merge, found, err))
            return false;
        if (++n % 4000 == 0 && !tell(merge, all, found->n, err))
            return false;
    }
    if (all) {
        work->result->brain_users = merge->source[DB_OF_LOGINS].taken;
        work->result->bot_profiles = merge->source[DB_OF_TRADERS].taken;
    }
    return tell(merge, all, found->n, err);
}

bool db_compare_open(struct db_scan *work, bool all, struct db_merge *ret, struct zm_error *err)
{
    char mask[16];

    *ret = (struct db_merge){.work = work, .refill = refill};
    snprintf(mask, sizeof(mask), "%" PRIu32, all ? 0 : work->mask);
    return open_cursors(ret, mask, all ? "{0}" : work->buckets.s, err);
}

bool db_compare_rows(struct db_scan *work, bool all, struct zm_error *err)
{
    struct db_merge merge;
    bool ok = db_compare_open(work, all, &merge, err) && merge_all(&merge, all, err);

    db_merge_done(&merge);
    return ok;
}

/* ---- by ids ---- */

/* Both sides' rows of these users into merge. */
static bool read_batch(struct db_merge *merge, const char *ids, struct db_ask with[DB_SIDES],
                       struct zm_error *err)
{
    struct db_scan *work = merge->work;
    struct db_ask asks[DB_SIDES][DB_TABLES + 1];
    struct db_part parts[DB_SIDES];
    size_t n[DB_SIDES] = {0, 0};
    unsigned t, side;
    bool ok;

    for (t = 0; t < DB_TABLES; t++)
        if (is_asked(work, t))
            asks[side_of(t)][n[side_of(t)]++] = (struct db_ask){.sql = ofs[t], .params = {ids}};
    for (side = 0; side < DB_SIDES; side++) {
        if (with)
            asks[side][n[side]] = with[side];
        parts[side] = (struct db_part){.asks = asks[side], .n = n[side] + (with != NULL)};
    }
    ok = db_compare_both(work, parts, err);
    for (side = 0; with && side < DB_SIDES; side++)
        with[side] = asks[side][n[side]];
    n[DB_BRAIN] = n[DB_BOT] = 0;
    for (t = 0; t < DB_TABLES; t++)
        if (is_asked(work, t))
            merge->source[t].ask = asks[side_of(t)][n[side_of(t)]++];
    return ok;
}

static bool judge_batch(struct db_scan *work, const char *ids, struct db_ask with[DB_SIDES],
                        struct zm_error *err)
{
    struct db_merge merge = {.work = work};
    bool ok = read_batch(&merge, ids, with, err), end = !ok;

    while (ok && !end) {
        ok = db_merge_next(&merge, &end, err);
        ok = ok && (end || judge(&merge, &work->found[DB_FOUND_APART], err));
    }
    db_merge_done(&merge);
    return ok;
}

bool db_compare_judge(struct db_scan *work, struct db_ask with[DB_SIDES], struct zm_error *err)
{
    struct zm_buf ids = {.s = NULL};
    size_t from;
    bool ok = true;

    for (from = 0; ok && from < work->judge.n; from += DB_COMPARE_BATCH) {
        db_ids_text(&work->judge, from, DB_COMPARE_BATCH, &ids);
        ok = judge_batch(work, ids.s, from == 0 ? with : NULL, err) &&
             db_compare_tell(work, DB_COMPARE_ROWS, NULL, NULL, work->found[DB_FOUND_APART].n, err);
    }
    zm_buf_done(&ids);
    return ok;
}
