/*
 * The second look: the same users again, after the grace time, Bot before Brain, on the primaries.
 * Who is as before is reported; who is not was being changed, and is counted as settling.
 */
#include <poll.h>
#include <string.h>

#include "db/compare_work.h"
#include "zm/clock.h"

#define NAP_MS 50

struct look {
    struct db_scan *work;
    struct db_suspect seen[DB_COMPARE_BATCH];
    size_t n;
    bool any; /* whoever was named is reported as he is now: there was no first look */
    struct zm_buf ids;
    struct db_ask brain[DB_TABLES], bot;
    struct db_ask journal;
    int64_t looked_at; /* users so far */
};

/* ---- the runs, merged in the order of the ids ---- */

struct runs {
    struct db_suspects *found;
    struct db_suspect head[DB_FOUND_RUNS];
    bool has[DB_FOUND_RUNS];
};

static bool begin_runs(struct runs *runs, struct db_suspects *found, struct zm_error *err)
{
    int i;

    runs->found = found;
    for (i = 0; i < DB_FOUND_RUNS; i++) {
        if (!db_suspects_rewind(&found[i], err))
            return false;
        runs->has[i] = db_suspects_next(&found[i], &runs->head[i]);
    }
    return true;
}

static bool take_next(struct runs *runs, struct db_suspect *ret)
{
    int i, first = -1;

    for (i = 0; i < DB_FOUND_RUNS; i++)
        if (runs->has[i] && (first < 0 || strcmp(runs->head[i].id, runs->head[first].id) < 0))
            first = i;
    if (first < 0)
        return false;
    *ret = runs->head[first];
    runs->has[first] = db_suspects_next(&runs->found[first], &runs->head[first]);
    return true;
}

/* A reading that stopped short would leave users out. */
static bool read_whole(const struct runs *runs, int64_t taken, struct zm_error *err)
{
    int64_t all = 0;
    int i;

    for (i = 0; i < DB_FOUND_RUNS; i++)
        all += runs->found[i].n;
    return taken == all || zm_error_set(err, ZM_ERR_SYSTEM, "", "compare",
                                        "a temporary file could not be read back");
}

/* ---- one batch ---- */

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

static struct db_link *primary(const struct look *look, enum db_side side)
{
    return look->work->compare->primary->link[side];
}

static bool read_again(struct look *look, struct zm_error *err)
{
    static const enum db_sql brain[] = {DB_SQL_BRAIN_COMPARE_USERS_OF,
                                        DB_SQL_BRAIN_COMPARE_PROFILES_OF,
                                        DB_SQL_BRAIN_COMPARE_SUBSCRIPTIONS_OF};
    size_t i, n = look->work->subscriptions ? 3 : 2;

    look->bot = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_TRADERS_OF, .params = {look->ids.s}};
    for (i = 0; i < n; i++)
        look->brain[i] = (struct db_ask){.sql = brain[i], .params = {look->ids.s}};
    return db_link_read(primary(look, DB_BOT), &look->bot, 1, err) &&
           first_failure(&look->bot, 1, err) &&
           db_link_read(primary(look, DB_BRAIN), look->brain, n, err) &&
           first_failure(look->brain, n, err);
}

static void begin_merge(struct look *look, struct db_merge *merge)
{
    unsigned t;

    memset(merge, 0, sizeof(*merge));
    merge->work = look->work;
    for (t = 0; t < DB_OF_TRADERS; t++)
        merge->source[t].ask = look->brain[t];
    merge->source[DB_OF_TRADERS].ask = look->bot;
}

/* The rows stay with the look, which merges them twice. */
static void end_merge(struct db_merge *merge)
{
    zm_arena_done(&merge->arena);
}

static const struct db_suspect *seen_of(const struct look *look, size_t *at, const char *id)
{
    while (*at < look->n && strcmp(look->seen[*at].id, id) < 0)
        (*at)++;
    return *at < look->n && zm_streq(look->seen[*at].id, id) ? &look->seen[*at] : NULL;
}

static bool same(const struct look *look, size_t *at, const struct db_both *both)
{
    const struct db_suspect *seen = look->any ? NULL : seen_of(look, at, both->id);

    return look->any || (seen && seen->seen == db_suspects_hash(both));
}

/* Who may be abuse: asked for in the journal, unless anybody may write it. */
static bool ask_journal(struct look *look, struct zm_error *err)
{
    struct zm_buf ids = {.s = NULL}, tokens = {.s = NULL};
    struct db_classified classified;
    struct db_merge merge;
    bool end = false, ok = true;
    size_t at = 0;

    begin_merge(look, &merge);
    while (ok && !end) {
        ok = db_merge_next(&merge, &end, err);
        if (!ok || end || !same(look, &at, &merge.both))
            continue;
        db_classify(look->work->compare->policy, &merge.both, &classified);
        if (!classified.bot_newer_above)
            continue;
        zm_buf_printf(&ids, "%s%s", ids.len ? "," : "{", merge.both.id);
        zm_buf_printf(&tokens, "%s\"%s\"", tokens.len ? "," : "{", merge.both.bot_updated_at);
    }
    if (ok && ids.len > 0 && !db_link_facts(primary(look, DB_BRAIN))->journal_unprotected) {
        zm_buf_puts(&ids, "}");
        zm_buf_puts(&tokens, "}");
        look->journal =
            (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_JOURNAL, .params = {ids.s, tokens.s}};
        /* A journal that cannot be read vouches for nobody. */
        ok = db_link_read(primary(look, DB_BRAIN), &look->journal, 1, err);
    }
    end_merge(&merge);
    zm_buf_done(&ids);
    zm_buf_done(&tokens);
    return ok;
}

static bool is_ours(const struct look *look, const char *id)
{
    size_t i;

    for (i = 0; i < look->journal.rows.n; i++)
        if (zm_streq(DB_ROW(&look->journal.rows, struct db_id_row, i)->id, id))
            return true;
    return false;
}

static bool report(struct look *look, const struct db_both *both, struct zm_error *err)
{
    const struct db_compare *compare = look->work->compare;
    struct db_compare_result *result = look->work->result;
    struct db_drift drift = {.both = both};
    struct db_classified classified;
    bool drifted = false;
    unsigned c;

    db_classify(compare->policy, both, &classified);
    drift.classified = &classified;
    for (c = 0; c < DB_CLASSES; c++) {
        drift.class = (enum db_class)c;
        if (!(classified.classes & compare->classes & DB_CLASS_BIT(c)))
            continue;
        drift.mend = db_classified_mend(&classified, drift.class);
        drifted = drifted || drift.mend != DB_MEND_INFO;
        result->classes[c]++;
        if (compare->found && !compare->found(compare->context, &drift))
            return zm_error_set(err, ZM_ERR_CANCELLED, "", "compare", "cancelled");
    }
    result->users += drifted;
    return true;
}

static bool report_batch(struct look *look, struct zm_error *err)
{
    struct db_merge merge;
    bool end = false, ok = true;
    size_t at = 0, confirmed = 0;

    begin_merge(look, &merge);
    while (ok && !end) {
        ok = db_merge_next(&merge, &end, err);
        if (!ok || end || !same(look, &at, &merge.both))
            continue;
        confirmed++;
        merge.both.ours = is_ours(look, merge.both.id);
        ok = report(look, &merge.both, err);
    }
    look->work->result->settling += (int64_t)(look->n - confirmed);
    end_merge(&merge);
    return ok;
}

static bool look_at_batch(struct look *look, struct zm_error *err)
{
    size_t i;
    bool ok;

    look->ids.len = 0;
    for (i = 0; i < look->n; i++)
        zm_buf_printf(&look->ids, "%s%s", i ? "," : "{", look->seen[i].id);
    zm_buf_puts(&look->ids, "}");
    ok = read_again(look, err) && ask_journal(look, err) && report_batch(look, err);
    look->looked_at += (int64_t)look->n;
    db_asks_done(look->brain, DB_TABLES);
    db_asks_done(&look->bot, 1);
    db_asks_done(&look->journal, 1);
    return ok;
}

/* ---- some ---- */

bool db_compare_users(const struct db_compare *compare, const char *const *ids, size_t n,
                      struct db_compare_result *ret, struct zm_error *err)
{
    struct db_scan work = {.compare = compare, .result = ret};
    struct look *look;
    size_t at, i;
    bool ok;

    memset(ret, 0, sizeof(*ret));
    if (!db_compare_check(&work, err))
        return false;
    look = zm_calloc(1, sizeof(*look));
    look->work = &work;
    look->any = true;
    for (at = 0, ok = true; ok && at < n; at += look->n) {
        look->n = n - at < DB_COMPARE_BATCH ? n - at : DB_COMPARE_BATCH;
        for (i = 0; i < look->n; i++)
            zm_copy(look->seen[i].id, sizeof(look->seen[i].id), ids[at + i]);
        ok = compare->stopped && compare->stopped(compare->context)
                 ? zm_error_set(err, ZM_ERR_CANCELLED, "", "compare", "cancelled")
                 : look_at_batch(look, err);
    }
    zm_buf_done(&look->ids);
    free(look);
    return ok;
}

/* ---- all ---- */

/* In small naps, so that whoever wants to go need not wait. */
static bool wait_for_grace(struct db_scan *work, struct zm_error *err)
{
    while (zm_now_ms() < work->second_at_ms) {
        int64_t left = work->second_at_ms - zm_now_ms();

        if (!db_compare_tell(work, DB_COMPARE_GRACE, NULL, NULL,
                             work->found[DB_FOUND_APART].n + work->found[DB_FOUND_REST].n, err))
            return false;
        poll(NULL, 0, left < NAP_MS ? (int)left : NAP_MS);
    }
    return true;
}

static bool look_at_all(struct look *look, struct zm_error *err)
{
    struct db_scan *work = look->work;
    int64_t all[DB_SIDES], done[DB_SIDES];
    struct runs runs;

    if (!begin_runs(&runs, work->found, err))
        return false;
    all[DB_BRAIN] = all[DB_BOT] = work->found[DB_FOUND_APART].n + work->found[DB_FOUND_REST].n;
    done[DB_BRAIN] = done[DB_BOT] = 0;
    if (!db_compare_tell(work, DB_COMPARE_CONFIRM, done, all, 0, err))
        return false;
    while (look->n = 0, take_next(&runs, &look->seen[0])) {
        for (look->n = 1; look->n < DB_COMPARE_BATCH; look->n++)
            if (!take_next(&runs, &look->seen[look->n]))
                break;
        if (!look_at_batch(look, err))
            return false;
        done[DB_BRAIN] = done[DB_BOT] = look->looked_at;
        if (!db_compare_tell(work, DB_COMPARE_CONFIRM, done, all, work->result->users, err))
            return false;
    }
    return read_whole(&runs, look->looked_at, err);
}

bool db_compare_confirm(struct db_scan *work, struct zm_error *err)
{
    struct look *look;
    bool ok;

    if (work->found[DB_FOUND_APART].n + work->found[DB_FOUND_REST].n == 0)
        return true;
    look = zm_calloc(1, sizeof(*look));
    look->work = work;
    ok = wait_for_grace(work, err) && db_compare_check_again(work, err) && look_at_all(look, err);
    zm_buf_done(&look->ids);
    free(look);
    return ok;
}
