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

#define MANY 8 /* one bucket in so many differs */

/* Users of Brain. */
struct ids {
    struct db_ids deleted, nameless;
};

static void add_ids(const struct db_ids *ids, struct db_ids *ret)
{
    size_t i;

    for (i = 0; i < ids->n; i++)
        db_ids_add(ret, ids->id[i]);
}

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
        add_ids(&ids->deleted, ret_out);
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

/* Brain's half is known; asks Bot for its. */
static bool ask_sums(struct db_scan *work, const struct ids *ids, struct db_apart_sums *ret,
                     struct zm_error *err)
{
    struct db_sums_question q = {.mask = ""};
    struct db_ids out = {.n = 0};
    struct zm_buf text = {.s = NULL};
    bool ok = true;

    if (ids->deleted.n + ids->nameless.n > 0)
        ok = ask_bot(work, ids, &out, &ret->bot, err);
    if (ok && out.n > 0) {
        db_ids_text(&out, 0, out.n, &text);
        db_compare_ask_sums(work, &q, DB_COMPARE_FINEST, 0, NULL, text.s, DB_BRAIN, &ret->brain);
        ok = db_compare_one(work, DB_BRAIN, &ret->brain, 1, err);
        add_ids(&out, &work->apart);
        db_ids_unite(&work->apart);
    }
    zm_buf_done(&text);
    db_ids_done(&out);
    return ok;
}

static bool ask_marked(struct db_scan *work, void *context, struct zm_error *err)
{
    struct ids *ids = context;
    char most[16];
    struct db_ask ask = {.sql = DB_SQL_BRAIN_COMPARE_APART,
                         .params = {most, work->from, work->upto}};
    size_t i;
    bool ok;

    snprintf(most, sizeof(most), "%d", DB_COMPARE_APART_MAX + 1);
    ok = db_compare_one(work, DB_BRAIN, &ask, 1, err);
    for (i = 0; ok && i < ask.rows.n; i++) {
        const struct db_apart *row = DB_ROW(&ask.rows, struct db_apart, i);

        db_ids_add(row->deleted ? &ids->deleted : &ids->nameless, row->id);
    }
    db_asks_done(&ask, 1);
    return ok;
}

static bool leave_out(struct db_scan *work, struct db_grid *grid, const struct ids *ids,
                      struct db_apart_sums *ret, struct zm_error *err)
{
    if (!ask_sums(work, ids, ret, err))
        return false;
    db_compare_take_apart(grid, ret);
    db_compare_set_buckets(work, grid);
    return true;
}

bool db_compare_leave_out(struct db_scan *work, struct db_grid *grid, const struct db_ids *nameless,
                          struct db_apart_sums ret[DB_APART_RUNS], bool *ret_too_many,
                          struct zm_error *err)
{
    const struct ids known = {.nameless = *nameless};
    struct ids marked = {.deleted = {.n = 0}};
    bool ok = leave_out(work, grid, &known, &ret[DB_APART_NAMELESS], err);

    *ret_too_many = false;
    if (ok && work->n_differ * MANY > (size_t)work->mask + 1) {
        ok = db_compare_in_pieces(work, ask_marked, &marked, err);
        *ret_too_many = marked.deleted.n + marked.nameless.n > DB_COMPARE_APART_MAX;
        if (ok && !*ret_too_many)
            ok = leave_out(work, grid, &marked, &ret[DB_APART_MARKED], err);
    }
    db_ids_done(&marked.deleted);
    db_ids_done(&marked.nameless);
    return ok;
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
