/*
 * Users read again by their ids, Bot before Brain, from the primaries: those whom a comparison
 * found, and whomever somebody names.
 */
#include <stdlib.h>
#include <string.h>

#include "db/compare_work.h"

struct batch {
    struct db_suspect seen[DB_COMPARE_BATCH];
    size_t n;
    bool any; /* whoever was named is reported as he is now: there was no first look */
};

static bool first_failure(const struct db_ask *asks, size_t n, struct zm_error *err)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (!asks[i].ok) {
            *err = asks[i].err;
            return false;
        }
    return true;
}

static bool read_again(const struct db_scan *work, const char *ids, struct db_merge *ret,
                       struct zm_error *err)
{
    static const enum db_sql ofs[] = {[DB_OF_LOGINS] = DB_SQL_BRAIN_COMPARE_USERS_OF,
                                      [DB_OF_PROFILES] = DB_SQL_BRAIN_COMPARE_PROFILES_OF,
                                      [DB_OF_SUBSCRIPTIONS] = DB_SQL_BRAIN_COMPARE_SUBSCRIPTIONS_OF,
                                      [DB_OF_TRADERS] = DB_SQL_BOT_COMPARE_TRADERS_OF};
    struct db_link *const *link = work->compare->primary->link;
    size_t n = work->subscriptions ? DB_OF_SUBSCRIPTIONS + 1 : DB_OF_SUBSCRIPTIONS;
    struct db_ask asks[DB_TABLES];
    unsigned t;
    bool ok;

    for (t = 0; t < DB_TABLES; t++)
        asks[t] = (struct db_ask){.sql = ofs[t], .params = {ids}};
    ok = db_link_read(link[DB_BOT], &asks[DB_OF_TRADERS], 1, err) &&
         first_failure(&asks[DB_OF_TRADERS], 1, err) &&
         db_link_read(link[DB_BRAIN], asks, n, err) && first_failure(asks, n, err);
    for (t = 0; t < DB_TABLES; t++)
        ret->source[t].ask = asks[t];
    return ok;
}

static const struct db_suspect *seen_of(const struct batch *batch, size_t *at, const char *id)
{
    while (*at < batch->n && strcmp(batch->seen[*at].id, id) < 0)
        (*at)++;
    return *at < batch->n && zm_streq(batch->seen[*at].id, id) ? &batch->seen[*at] : NULL;
}

static bool is_as_before(const struct batch *batch, size_t *at, const struct db_both *both)
{
    const struct db_suspect *seen = batch->any ? NULL : seen_of(batch, at, both->id);

    return batch->any || (seen && seen->seen == db_suspects_hash(both));
}

static bool look_at_batch(struct db_look *look, const struct batch *batch, struct zm_error *err)
{
    struct db_merge merge = {.work = look->work};
    struct zm_buf ids = {.s = NULL};
    bool end = false, ok;
    size_t i, at = 0;

    for (i = 0; i < batch->n; i++)
        zm_buf_printf(&ids, "%s%s", i ? "," : "{", batch->seen[i].id);
    zm_buf_puts(&ids, "}");
    ok = read_again(look->work, ids.s, &merge, err);
    while (ok && !end) {
        ok = db_merge_next(&merge, &end, err);
        if (ok && !end && is_as_before(batch, &at, &merge.both))
            ok = db_look_take(look, &merge.both, err);
    }
    ok = ok && db_look_report(look, err);
    db_merge_done(&merge);
    zm_buf_done(&ids);
    return ok;
}

bool db_look_by_ids(struct db_look *look, struct db_runs *runs, struct zm_error *err)
{
    struct batch *batch = zm_calloc(1, sizeof(*batch));
    bool ok = true;

    while (ok && (batch->n = 0, db_runs_next(runs, &batch->seen[0]))) {
        for (batch->n = 1; batch->n < DB_COMPARE_BATCH; batch->n++)
            if (!db_runs_next(runs, &batch->seen[batch->n]))
                break;
        ok = look_at_batch(look, batch, err) && db_compare_tell_runs(look->work, runs, err);
    }
    free(batch);
    return ok;
}

bool db_compare_users(const struct db_compare *compare, const char *const *ids, size_t n,
                      struct db_compare_result *ret, struct zm_error *err)
{
    struct db_scan work = {.compare = compare, .result = ret};
    struct db_look *look;
    struct batch *batch;
    size_t at, i;
    bool ok;

    memset(ret, 0, sizeof(*ret));
    if (!db_compare_check(&work, err))
        return false;
    look = db_look_new(&work);
    batch = zm_calloc(1, sizeof(*batch));
    batch->any = true;
    for (at = 0, ok = true; ok && at < n; at += batch->n) {
        batch->n = n - at < DB_COMPARE_BATCH ? n - at : DB_COMPARE_BATCH;
        for (i = 0; i < batch->n; i++)
            zm_copy(batch->seen[i].id, sizeof(batch->seen[i].id), ids[at + i]);
        ok = compare->stopped && compare->stopped(compare->context)
                 ? zm_error_set(err, ZM_ERR_CANCELLED, "", "compare", "cancelled")
                 : look_at_batch(look, batch, err);
    }
    free(batch);
    db_look_free(look);
    return ok;
}
