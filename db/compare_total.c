/*
 * "Are they equal?": one sum of each side, which costs half as much as one bucket of all users.
 */
#include "db/compare_work.h"

void db_compare_ask_total(const struct db_scan *work, const char *ids, enum db_side side,
                          struct db_ask *ret)
{
    if (side == DB_BRAIN)
        *ret = (struct db_ask){.sql = DB_SQL_BRAIN_COMPARE_TOTAL, .params = {ids}};
    else
        *ret = (struct db_ask){
            .sql = DB_SQL_BOT_COMPARE_TOTAL,
            .params = {work->tiers.s, work->trading_tiers.s, work->api_tiers.s, ids}};
}

/* Both sums, and who of those without e-mail is not in Bot, which Bot says while Brain still adds
 * up. */
static bool ask(struct db_scan *work, const struct db_ids *nameless, struct db_grid *grid,
                struct db_ids *ret_absent, struct zm_error *err)
{
    struct zm_buf ids = {.s = NULL};
    struct db_ask brain, bot[2];
    struct db_part sides[DB_SIDES] = {{.asks = &brain, .n = 1}, {.asks = bot, .n = 2}};
    bool ok;

    db_ids_text(nameless, 0, nameless->n, &ids);
    db_compare_ask_total(work, NULL, DB_BRAIN, &brain);
    db_compare_ask_total(work, NULL, DB_BOT, &bot[0]);
    bot[1] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_ABSENT, .params = {ids.s}};
    ok = db_compare_both(work, sides, err);
    if (ok) {
        db_grid_add(grid, DB_BRAIN, &brain.rows, false);
        db_grid_add(grid, DB_BOT, &bot[0].rows, false);
        db_ids_take(&bot[1].rows, ret_absent);
    }
    db_asks_done(&brain, 1);
    db_asks_done(bot, ZM_COUNT(bot));
    zm_buf_done(&ids);
    return ok;
}

bool db_compare_total(struct db_scan *work, const struct db_ids *nameless, bool *ret_useless,
                      struct zm_error *err)
{
    struct db_apart_sums apart[DB_APART_RUNS] = {{.brain = {.ok = false}}};
    struct db_ids absent = {.n = 0};
    struct db_grid grid;
    bool ok;
    int i;

    *ret_useless = nameless->n > DB_COMPARE_APART_MAX;
    if (*ret_useless)
        return true;
    db_grid_begin(&grid, 1);
    ok = ask(work, nameless, &grid, &absent, err) &&
         db_compare_leave_out(work, &grid, &absent, apart, ret_useless, err);
    work->result->difference = (int64_t)grid.cells[0].large;
    ok = ok && (*ret_useless || db_compare_judge(work, NULL, err));
    for (i = 0; i < DB_APART_RUNS; i++)
        db_compare_apart_done(&apart[i]);
    db_ids_done(&absent);
    db_grid_done(&grid);
    return ok;
}
