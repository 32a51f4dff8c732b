/*
 * Users whom no sum can judge: those without e-mail, who may have a trading profile or none; and
 * deleted ones, who need nothing in Bot. They are found by their ids, and what they contribute to
 * the sums is asked for, so that it can be taken out again.
 *
 * Whether a user is deleted stands far behind in his row, so that looking for it costs as much as
 * the sums do. They make him differ instead, and his rows are read as those of any who differs;
 * only where so much differs are the deleted ones looked for.
 */
#include <string.h>

#include "db/compare_work.h"
#include "db/indexes.h"

#define MANY 8 /* one bucket in so many differs */

/* Users of Brain. */
struct ids {
    struct db_ids deleted, nameless;
};

/* Bot's half: who of those without e-mail is not there at all, and of the deleted ones their sums
 * and who has rights. */
static bool ask_bot(struct db_scan *work, const struct ids *ids, struct db_ids *ret_out,
                    struct db_ask *ret_sums, struct zm_error *err)
{
    struct zm_buf deleted = {.s = NULL}, nameless = {.s = NULL};
    struct db_sums_question q = {.mask = ""};
    struct db_ask asks[3];
    size_t n = 0;
    bool ok;

    db_ids_text(&ids->deleted, 0, ids->deleted.n, &deleted);
    db_ids_text(&ids->nameless, 0, ids->nameless.n, &nameless);
    asks[n++] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_ABSENT, .params = {nameless.s}};
    if (ids->deleted.n > 0) {
        asks[n++] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_RIGHTS, .params = {deleted.s}};
        db_compare_ask_sums(work, &q, DB_COMPARE_FINEST, 0, NULL, deleted.s, DB_BOT, &asks[n++]);
    }
    ok = db_compare_one(work, DB_BOT, asks, n, err);
    if (ok) {
        db_ids_take(&asks[0].rows, &work->judge);
        db_ids_take(&asks[0].rows, ret_out);
        db_ids_add_all(ret_out, &ids->deleted);
    }
    if (ok && ids->deleted.n > 0) {
        db_ids_take(&asks[1].rows, &work->judge);
        *ret_sums = asks[2];
        memset(&asks[2], 0, sizeof(asks[2]));
    }
    db_asks_done(asks, n);
    zm_buf_done(&deleted);
    zm_buf_done(&nameless);
    return ok;
}

/* Without its index that statement looks through all ids for every profile. */
static bool has_index_for_nameless(const struct db_scan *work)
{
    return db_link_facts(work->link[DB_BRAIN])->indexes >> DB_INDEX_PROFILES_USER & 1;
}

/* What they add to Brain's sums. That they are without e-mail saves looking for it. */
static bool ask_brain(struct db_scan *work, const struct db_ids *out, bool nameless,
                      struct db_apart_sums *ret, struct zm_error *err)
{
    struct db_sums_question q = {.mask = ""};
    struct zm_buf text = {.s = NULL};
    bool ok;

    if (out->n == 0)
        return true;
    db_ids_text(out, 0, out->n, &text);
    db_compare_ask_sums(work, &q, DB_COMPARE_FINEST, 0, NULL, text.s, DB_BRAIN, &ret->brain);
    if (nameless && work->compare->quick && has_index_for_nameless(work))
        ret->brain.sql = DB_SQL_BRAIN_COMPARE_TOTAL_NAMELESS; /* of the same first parameter */
    ok = db_compare_one(work, DB_BRAIN, &ret->brain, 1, err);
    zm_buf_done(&text);
    return ok;
}

static bool are_too_many(const struct ids *ids)
{
    return ids->deleted.n + ids->nameless.n > DB_COMPARE_APART_MAX;
}

static bool ask_excused(struct db_scan *work, void *context, struct zm_error *err)
{
    struct ids *ids = context;
    char most[16];
    struct db_ask ask = {.sql = DB_SQL_BRAIN_COMPARE_APART,
                         .params = {most, work->from, work->upto}};
    size_t i;
    bool ok;

    if (are_too_many(ids))
        return true;
    snprintf(most, sizeof(most), "%d", DB_COMPARE_APART_MAX + 1);
    ok = db_compare_one(work, DB_BRAIN, &ask, 1, err);
    for (i = 0; ok && i < ask.rows.n && !are_too_many(ids); i++) {
        const struct db_apart *row = DB_ROW(&ask.rows, struct db_apart, i);

        db_ids_add(row->deleted ? &ids->deleted : &ids->nameless, row->id);
    }
    db_asks_done(&ask, 1);
    return ok;
}

static void take_out(struct db_scan *work, struct db_grid *grid, const struct db_ids *out,
                     const struct db_apart_sums *sums)
{
    db_ids_add_all(&work->apart, out);
    db_ids_unite(&work->apart);
    db_compare_take_apart(grid, sums);
    db_compare_set_buckets(work, grid);
}

static bool leave_out_excused(struct db_scan *work, struct db_grid *grid, struct db_apart_sums *ret,
                              bool *ret_too_many, struct zm_error *err)
{
    struct ids excused = {.deleted = {.n = 0}};
    struct db_ids out = {.n = 0};
    bool ok = db_compare_in_pieces(work, ask_excused, &excused, err);

    *ret_too_many = are_too_many(&excused);
    if (ok && !*ret_too_many && excused.deleted.n + excused.nameless.n > 0) {
        ok =
            ask_bot(work, &excused, &out, &ret->bot, err) && ask_brain(work, &out, false, ret, err);
        if (ok)
            take_out(work, grid, &out, ret);
    }
    db_ids_done(&out);
    db_ids_done(&excused.deleted);
    db_ids_done(&excused.nameless);
    return ok;
}

bool db_compare_leave_out(struct db_scan *work, struct db_grid *grid, const struct db_ids *absent,
                          struct db_apart_sums ret[DB_APART_RUNS], bool *ret_too_many,
                          struct zm_error *err)
{
    *ret_too_many = false;
    if (!ask_brain(work, absent, true, &ret[DB_APART_ABSENT], err))
        return false;
    if (!work->compare->quick)
        db_ids_add_all(&work->judge, absent);
    take_out(work, grid, absent, &ret[DB_APART_ABSENT]);
    return !work->nameless || work->n_differ * MANY <= (size_t)work->mask + 1 ||
           leave_out_excused(work, grid, &ret[DB_APART_EXCUSED], ret_too_many, err);
}

void db_compare_apart_done(struct db_apart_sums *sums)
{
    db_asks_done(&sums->brain, 1);
    db_asks_done(&sums->bot, 1);
}

void db_compare_take_apart(struct db_grid *grid, const struct db_apart_sums *sums)
{
    db_grid_add(grid, DB_BRAIN, &sums->brain.rows, true);
    db_grid_add(grid, DB_BOT, &sums->bot.rows, true);
}
