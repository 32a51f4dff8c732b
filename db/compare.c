/*
 * A comparison from its beginning to its end: may it be done at all, two snapshots, sums, rows, the
 * second look. Says nothing itself.
 */
#include "db/compare.h"

#include <string.h>

#include "db/compare_work.h"
#include "db/decide.h"
#include "zm/clock.h"

/* clang-format off */
static const char *const phases[] = {
    [DB_COMPARE_SUMS]    = "sums",
    [DB_COMPARE_ROWS]    = "rows",
    [DB_COMPARE_GRACE]   = "grace",
    [DB_COMPARE_CONFIRM] = "confirm",
};
/* clang-format on */

const char *db_compare_phase_key(enum db_compare_phase phase)
{
    return phases[phase];
}

/* ---- policy ---- */

static void add_tier(struct zm_buf *dst, const char *tier)
{
    zm_buf_puts(dst, dst->len > 1 ? ",\"" : "\"");
    for (; *tier; tier++) {
        if (*tier == '"' || *tier == '\\')
            zm_buf_puts(dst, "\\");
        zm_buf_add(dst, tier, 1);
    }
    zm_buf_puts(dst, "\"");
}

static void add_tiers(struct zm_buf *dst, const char *const *tiers)
{
    for (; *tiers; tiers++)
        add_tier(dst, *tiers);
}

static void write_policy(struct db_scan *work)
{
    const struct db_policy *policy = work->compare->policy;

    zm_buf_puts(&work->tiers, "{");
    add_tiers(&work->tiers, db_tiers);
    add_tiers(&work->tiers, policy->trading_tiers);
    add_tiers(&work->tiers, policy->api_tiers);
    zm_buf_puts(&work->tiers, "}");
    zm_buf_puts(&work->trading_tiers, "{");
    add_tiers(&work->trading_tiers, policy->trading_tiers);
    zm_buf_puts(&work->trading_tiers, "}");
    zm_buf_puts(&work->api_tiers, "{");
    add_tiers(&work->api_tiers, policy->api_tiers);
    zm_buf_puts(&work->api_tiers, "}");
}

/* ---- the scan ---- */

static bool scan(struct db_scan *work, struct zm_error *err)
{
    bool stream;

    if (!db_compare_sums(work, &stream, err))
        return false;
    work->result->streamed = stream;
    if (work->compare->quick || (!stream && work->n_differ == 0))
        return true;
    return db_compare_rows(work, stream, err);
}

/* Both snapshots end as soon as the rows are read: they keep the servers from cleaning up. */
static bool scan_in_snapshots(struct db_scan *work, struct zm_error *err)
{
    bool ok = scan(work, err);

    db_compare_end(work);
    return ok;
}

static bool is_another_way_left(const struct db_scan *work, const struct zm_error *err)
{
    return db_compare_took_too_long(err) && !work->by_index && !work->compare->quick;
}

static void forget_found(struct db_scan *work)
{
    int i;

    for (i = 0; i < DB_FOUND_RUNS; i++)
        db_suspects_done(&work->found[i]);
}

/* Nobody was reported yet: who was found is found again. The side that had to stop for the other
 * one may have lost its connection by that (db_link_interrupt). */
static bool begin_again(struct db_scan *work, struct zm_error *err)
{
    forget_found(work);
    db_session_connect(work->compare->scan);
    return db_compare_check(work, err);
}

/* At once; what takes too long, in pieces; what takes too long even so, by an index. */
static bool scan_in_time(struct db_scan *work, struct zm_error *err)
{
    if (work->compare->pieces)
        db_compare_cut(work);
    while (!scan_in_snapshots(work, err)) {
        if (!is_another_way_left(work, err))
            return false;
        if (work->pieces == 0)
            db_compare_cut(work);
        else
            work->by_index = true;
        if (!begin_again(work, err))
            return false;
    }
    return true;
}

static double seconds_since(int64_t began_us)
{
    return (double)(zm_now_us() - began_us) / 1e6;
}

static void end(struct db_scan *work)
{
    forget_found(work);
    db_ids_done(&work->apart);
    db_ids_done(&work->judge);
    zm_buf_done(&work->tiers);
    zm_buf_done(&work->trading_tiers);
    zm_buf_done(&work->api_tiers);
    zm_buf_done(&work->buckets);
}

bool db_compare_run(const struct db_compare *compare, struct db_compare_result *ret,
                    struct zm_error *err)
{
    struct db_scan work = {.compare = compare, .result = ret, .began_us = zm_now_us()};
    int64_t scanned_us;
    bool ok;
    int i;

    memset(ret, 0, sizeof(*ret));
    ok = db_compare_check(&work, err);
    if (ok) {
        for (i = 0; i < DB_SIDES; i++)
            work.link[i] = compare->scan->link[i];
        write_policy(&work);
        ok = scan_in_time(&work, err);
    }
    if (ok && compare->quick && ret->streamed)
        ok = zm_error_set(err, ZM_ERR_SHAPE, "", "compare sums", "sums cannot tell");
    scanned_us = zm_now_us();
    ret->seconds = seconds_since(work.began_us);
    if (ok && compare->quick)
        ret->equal = work.n_differ == 0 && work.found[DB_FOUND_APART].n == 0;
    else if (ok)
        ok = db_compare_confirm(&work, err);
    ret->confirm_seconds = seconds_since(scanned_us);
    end(&work);
    return ok;
}
