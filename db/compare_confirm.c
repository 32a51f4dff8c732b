/*
 * The second look: the same users again, after the grace time, Bot before Brain, on the primaries.
 * Who is as before is reported; who is not was being changed, and is counted as settling.
 *
 * Users are read by their ids. When most of all users are to be read, or each batch would have to
 * read a whole table for want of an index, all rows come once more as they did the first time.
 */
#include <poll.h>
#include <string.h>

#include "db/compare_work.h"
#include "db/indexes.h"
#include "zm/clock.h"

#define NAP_MS 50
#define TABLES 8 /* which can be read in the time that reading them in order takes */

static int64_t count(const struct db_scan *work)
{
    return work->found[DB_FOUND_APART].n + work->found[DB_FOUND_REST].n;
}

/* A reading that stopped short would leave users out. */
static bool was_read_whole(const struct db_runs *runs, struct zm_error *err)
{
    return runs->taken == runs->n || zm_error_set(err, ZM_ERR_SYSTEM, "", "compare",
                                                  "a temporary file could not be read back");
}

bool db_compare_tell_runs(struct db_scan *work, const struct db_runs *runs, struct zm_error *err)
{
    const int64_t done[DB_SIDES] = {runs->taken, runs->taken};
    const int64_t all[DB_SIDES] = {runs->n, runs->n};

    return db_compare_tell(work, DB_COMPARE_CONFIRM, done, all, work->result->users, err);
}

/* ---- through all rows ---- */

static bool has_index(const struct db_scan *work, enum db_side side, enum db_index index)
{
    return db_link_facts(work->compare->primary->link[side])->indexes >> index & 1;
}

static bool has_indexes(const struct db_scan *work)
{
    return has_index(work, DB_BRAIN, DB_INDEX_PROFILES_USER) &&
           has_index(work, DB_BOT, DB_INDEX_TRADERS_USER) &&
           (!work->subscriptions || has_index(work, DB_BRAIN, DB_INDEX_SUBSCRIPTIONS_USER));
}

static bool is_worth_all_rows(const struct db_scan *work, int64_t n)
{
    const struct db_compare_result *result = work->result;
    int64_t users =
        result->brain_users > result->bot_profiles ? result->brain_users : result->bot_profiles;

    return n * 2 > users || (n > TABLES * DB_COMPARE_BATCH && !has_indexes(work));
}

/* Users and suspects are in the same order: a suspect who is passed over has no row left. */
static bool look_at_rows(struct db_look *look, struct db_merge *merge, struct db_runs *runs,
                         struct zm_error *err)
{
    struct db_suspect seen;
    bool more = db_runs_next(runs, &seen), end = false, ok = true;
    int64_t n = 0;

    while (ok && more && !end) {
        ok = db_merge_next(merge, &end, err);
        if (!ok || end)
            break;
        while (more && strcmp(seen.id, merge->both.id) < 0)
            more = db_runs_next(runs, &seen);
        if (more && zm_streq(seen.id, merge->both.id)) {
            if (seen.seen == db_suspects_hash(&merge->both))
                ok = db_look_take(look, &merge->both, err);
            more = db_runs_next(runs, &seen);
        }
        if (ok && ++n % DB_COMPARE_BATCH == 0)
            ok = db_compare_tell_runs(look->work, runs, err);
    }
    while (ok && more)
        more = db_runs_next(runs, &seen);
    return ok && db_look_report(look, err) && db_compare_tell_runs(look->work, runs, err);
}

static bool look_through(struct db_look *look, struct db_runs *runs, struct zm_error *err)
{
    struct db_scan *work = look->work;
    struct db_merge merge = {.work = work};
    bool ok;

    memcpy(work->link, work->compare->primary->link, sizeof(work->link));
    look->in_snapshot = true;
    ok = db_compare_begin_again(work, err) && db_compare_open(work, true, &merge, err) &&
         look_at_rows(look, &merge, runs, err);
    db_merge_done(&merge);
    db_compare_end(work);
    look->in_snapshot = false;
    return ok;
}

/* ---- all ---- */

/* In small naps, so that whoever wants to go need not wait. */
static bool wait_for_grace(struct db_scan *work, struct zm_error *err)
{
    while (zm_now_ms() < work->second_at_ms) {
        int64_t left = work->second_at_ms - zm_now_ms();

        if (!db_compare_tell(work, DB_COMPARE_GRACE, NULL, NULL, count(work), err))
            return false;
        poll(NULL, 0, left < NAP_MS ? (int)left : NAP_MS);
    }
    return true;
}

/* All rows at once may take longer than a statement may: then nobody was reported yet. */
static bool look_at_all(struct db_look *look, struct db_runs *runs, struct zm_error *err)
{
    struct db_scan *work = look->work;

    if (!db_runs_begin(runs, work->found, err) || !db_compare_tell_runs(work, runs, err))
        return false;
    if (!is_worth_all_rows(work, runs->n))
        return db_look_by_ids(look, runs, err);
    if (look_through(look, runs, err))
        return true;
    if (!db_compare_took_too_long(err) || look->confirmed > 0)
        return false;
    look->n = 0;
    db_session_connect(work->compare->primary);
    return db_compare_check_again(work, err) && db_runs_begin(runs, work->found, err) &&
           db_look_by_ids(look, runs, err);
}

bool db_compare_confirm(struct db_scan *work, struct zm_error *err)
{
    struct db_look *look;
    struct db_runs runs;
    bool ok;

    if (count(work) == 0)
        return true;
    look = db_look_new(work);
    ok = wait_for_grace(work, err) && db_compare_check_again(work, err) &&
         look_at_all(look, &runs, err) && was_read_whole(&runs, err);
    if (ok)
        work->result->settling = runs.taken - look->confirmed;
    db_look_free(look);
    return ok;
}
