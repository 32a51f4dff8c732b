/*
 * What becomes of users who were read again: those who are as they were before are reported, a
 * batch at a time, after the journal was asked who wrote them.
 */
#include <stdlib.h>

#include "db/catalog.h"
#include "db/compare_work.h"
#include "db/pairs.h"

struct db_look *db_look_new(struct db_scan *work)
{
    struct db_look *look = zm_calloc(1, sizeof(*look));

    look->work = work;
    return look;
}

void db_look_free(struct db_look *look)
{
    zm_arena_done(&look->arena);
    free(look);
}

/* ---- the journal ---- */

/* Who may be abuse: since when, and with which tier. False: nobody. */
static bool list_newer(const struct db_look *look, struct zm_buf *ids, struct db_pairs *rows)
{
    struct db_classified classified;
    size_t i;

    for (i = 0; i < look->n; i++) {
        const struct db_both *both = &look->kept[i];

        db_classify(look->work->compare->policy, both, &classified);
        if (!classified.bot_newer_above)
            continue;
        zm_buf_printf(ids, "%s%s", ids->len ? "," : "{", both->id);
        db_pairs_add(rows, both->bot_updated_at, both->bot_tier);
    }
    if (ids->len == 0)
        return false;
    zm_buf_puts(ids, "}");
    db_pairs_end(rows);
    return true;
}

/* A journal that anybody may write, or that cannot be read, vouches for nobody. */
static bool is_worth_asking(const struct db_link *brain)
{
    return !db_link_facts(brain)->journal_unprotected &&
           db_catalog_allows(db_link_catalog(brain), DB_SQL_BRAIN_COMPARE_JOURNAL, NULL);
}

static void mark_ours(struct db_look *look, const struct db_rows *rows)
{
    size_t i, k;

    for (i = 0; i < rows->n; i++)
        for (k = 0; k < look->n; k++)
            if (zm_streq(DB_ROW(rows, struct db_id_row, i)->id, look->kept[k].id))
                look->kept[k].ours = true;
}

static bool ask_journal(struct db_look *look, struct zm_error *err)
{
    struct db_link *brain = look->work->compare->primary->link[DB_BRAIN];
    struct zm_buf ids = {.s = NULL};
    struct db_pairs rows = {.keys = {.s = NULL}};
    struct db_ask ask = {.sql = DB_SQL_BRAIN_COMPARE_JOURNAL};
    bool ok = true;

    if (list_newer(look, &ids, &rows) && is_worth_asking(brain)) {
        ask.params[0] = ids.s;
        ask.params[1] = rows.keys.s;
        ask.params[2] = rows.values.s;
        ok = look->in_snapshot ? db_compare_one(look->work, DB_BRAIN, &ask, 1, err)
                               : db_link_read(brain, &ask, 1, err);
        if (ok)
            mark_ours(look, &ask.rows);
    }
    db_asks_done(&ask, 1);
    db_pairs_done(&rows);
    zm_buf_done(&ids);
    return ok;
}

/* ---- reporting ---- */

static bool report(const struct db_scan *work, const struct db_both *both, struct zm_error *err)
{
    const struct db_compare *compare = work->compare;
    struct db_compare_result *result = work->result;
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
        result->human[c] += drift.mend == DB_MEND_HUMAN;
        if (compare->found && !compare->found(compare->context, &drift))
            return zm_error_set(err, ZM_ERR_CANCELLED, "", "compare", "cancelled");
    }
    result->users += drifted;
    return true;
}

bool db_look_report(struct db_look *look, struct zm_error *err)
{
    bool ok = ask_journal(look, err);
    size_t i;

    for (i = 0; ok && i < look->n; i++)
        ok = report(look->work, &look->kept[i], err);
    look->confirmed += (int64_t)look->n;
    look->n = 0;
    zm_arena_reset(&look->arena);
    return ok;
}

bool db_look_take(struct db_look *look, const struct db_both *both, struct zm_error *err)
{
    struct db_both *kept = &look->kept[look->n++];
    const char **const texts[] = {&kept->id,
                                  &kept->email,
                                  &kept->deleted_at,
                                  &kept->tier,
                                  &kept->profile_updated_at,
                                  &kept->subscription_tier,
                                  &kept->bot_email,
                                  &kept->bot_tier,
                                  &kept->bot_updated_at};
    size_t i;

    *kept = *both;
    for (i = 0; i < ZM_COUNT(texts); i++)
        *texts[i] = zm_arena_strdup(&look->arena, *texts[i]);
    return look->n < DB_COMPARE_BATCH || db_look_report(look, err);
}
