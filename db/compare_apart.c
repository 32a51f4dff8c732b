/*
 * Users whom no sum can judge: deleted ones, who need nothing in Bot, and those without e-mail, who
 * may have a trading profile or none. They are found by their ids, and what they contribute to the
 * sums is asked for, so that it can be taken out again.
 */
#include <string.h>

#include "db/compare_work.h"

/* The ids among `apart` that are of one kind. */
static void choose_apart(const struct db_rows *rows, bool deleted, struct db_ids *ret)
{
    size_t i;

    for (i = 0; i < rows->n; i++)
        if (DB_ROW(rows, struct db_apart, i)->deleted == deleted)
            db_ids_add(ret, DB_ROW(rows, struct db_apart, i)->id);
}

/* Bot's half: who of those without e-mail is not there at all, and of the deleted ones their sums
 * and who has rights. */
static bool ask_bot_apart(struct db_scan *work, const struct db_rows *rows, uint32_t mask,
                          struct db_ask *ret_sums, struct zm_error *err)
{
    struct zm_buf deleted_text = {.s = NULL}, nameless_text = {.s = NULL};
    struct db_ids deleted = {.n = 0}, nameless = {.n = 0};
    struct db_ask asks[3];
    struct db_sums_question q = {.mask = ""};
    bool ok;

    choose_apart(rows, true, &deleted);
    choose_apart(rows, false, &nameless);
    db_ids_text(&deleted, 0, deleted.n, &deleted_text);
    db_ids_text(&nameless, 0, nameless.n, &nameless_text);
    db_compare_ask_sums(work, &q, mask, 0, NULL, deleted_text.s, DB_BOT, &asks[0]);
    asks[1] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_RIGHTS, .params = {deleted_text.s}};
    asks[2] = (struct db_ask){.sql = DB_SQL_BOT_COMPARE_ABSENT, .params = {nameless_text.s}};
    ok = db_compare_one(work, DB_BOT, asks, 3, err);
    if (ok) {
        db_ids_take(&asks[1].rows, &work->judge);
        db_ids_take(&asks[2].rows, &work->judge);
        db_ids_take(&asks[2].rows, &work->apart);
        choose_apart(rows, true, &work->apart);
        *ret_sums = asks[0];
        memset(&asks[0], 0, sizeof(asks[0]));
    }
    db_asks_done(asks, 3);
    db_ids_done(&deleted);
    db_ids_done(&nameless);
    zm_buf_done(&deleted_text);
    zm_buf_done(&nameless_text);
    return ok;
}

bool db_compare_apart(struct db_scan *work, const struct db_rows *rows, uint32_t mask,
                      struct db_apart_sums *ret, struct zm_error *err)
{
    struct zm_buf ids = {.s = NULL};
    struct db_sums_question q = {.mask = ""};
    bool ok;

    if (rows->n == 0)
        return true;
    if (!ask_bot_apart(work, rows, mask, &ret->bot, err))
        return false;
    db_ids_sort(&work->apart);
    db_ids_sort(&work->judge);
    if (work->apart.n == 0)
        return true;
    db_ids_text(&work->apart, 0, work->apart.n, &ids);
    db_compare_ask_sums(work, &q, mask, 0, NULL, ids.s, DB_BRAIN, &ret->brain);
    ok = db_compare_one(work, DB_BRAIN, &ret->brain, 1, err);
    zm_buf_done(&ids);
    return ok;
}
