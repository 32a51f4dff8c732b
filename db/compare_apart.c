/*
 * Users whom no sum can judge: deleted ones, who need nothing in Bot, and those without e-mail, who
 * may have a trading profile or none. They are found by their ids, and what they contribute to the
 * sums is asked for, so that it can be taken out again.
 */
#include <string.h>

#include "db/compare_work.h"

static void add_ids(const struct db_ids *ids, struct db_ids *ret)
{
    size_t i;

    for (i = 0; i < ids->n; i++)
        db_ids_add(ret, ids->id[i]);
}

/* Bot's half: who of those without e-mail is not there at all, and of the deleted ones their sums
 * and who has rights. */
static bool ask_bot_apart(struct db_scan *work, const struct db_apart_ids *ids, uint32_t mask,
                          struct db_ask *ret_sums, struct zm_error *err)
{
    struct zm_buf deleted = {.s = NULL}, nameless = {.s = NULL};
    struct db_sums_question q = {.mask = ""};
    struct db_ask asks[3];
    bool ok;

    db_ids_text(&ids->deleted, 0, ids->deleted.n, &deleted);
    db_ids_text(&ids->nameless, 0, ids->nameless.n, &nameless);
    db_compare_ask_sums(work, &q, mask, 0, NULL, deleted.s, DB_BOT, &asks[0]);
    asks[1] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_RIGHTS, .params = {deleted.s}};
    asks[2] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_ABSENT, .params = {nameless.s}};
    ok = db_compare_one(work, DB_BOT, asks, 3, err);
    if (ok) {
        db_ids_take(&asks[1].rows, &work->judge);
        db_ids_take(&asks[2].rows, &work->judge);
        db_ids_take(&asks[2].rows, &work->apart);
        add_ids(&ids->deleted, &work->apart);
        *ret_sums = asks[0];
        memset(&asks[0], 0, sizeof(asks[0]));
    }
    db_asks_done(asks, 3);
    zm_buf_done(&deleted);
    zm_buf_done(&nameless);
    return ok;
}

bool db_compare_apart(struct db_scan *work, const struct db_apart_ids *ids, uint32_t mask,
                      struct db_apart_sums *ret, struct zm_error *err)
{
    struct db_sums_question q = {.mask = ""};
    struct zm_buf text = {.s = NULL};
    bool ok;

    work->apart.n = work->judge.n = 0;
    if (ids->deleted.n + ids->nameless.n == 0)
        return true;
    if (!ask_bot_apart(work, ids, mask, &ret->bot, err))
        return false;
    db_ids_sort(&work->apart);
    db_ids_sort(&work->judge);
    if (work->apart.n == 0)
        return true;
    db_ids_text(&work->apart, 0, work->apart.n, &text);
    db_compare_ask_sums(work, &q, mask, 0, NULL, text.s, DB_BRAIN, &ret->brain);
    ok = db_compare_one(work, DB_BRAIN, &ret->brain, 1, err);
    zm_buf_done(&text);
    return ok;
}
