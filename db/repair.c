/*
 * Applies a plan: the next rows of the file become edits, ascending by user, and go the way of
 * every change of many users (db/bulk.h). Decides nothing itself: db/decide.c does, under the
 * locks.
 */
#include "db/repair.h"

#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

#include "db/catalog.h"
#include "zm/arena.h"
#include "zm/str.h"

/* One request for a user of a plan, however often it is applied. */
static void request_of(const char *run, const char *user, char ret[37])
{
    uuid_t base, id;

    if (uuid_parse(run, base) != 0)
        uuid_clear(base);
    uuid_generate_sha1(id, base, user, strlen(user));
    uuid_unparse_lower(id, ret);
}

static bool has(unsigned classes, enum db_class class)
{
    return (classes & DB_CLASS_BIT(class)) != 0;
}

/* What may be done about the row without a person. */
static unsigned mendable(const struct db_plan_row *row)
{
    unsigned classes = 0;
    int c;

    for (c = 0; c < DB_CLASSES; c++) {
        enum db_mend mend = db_class_row((enum db_class)c)->mend;

        if (mend == DB_MEND_SAFE || mend == DB_MEND_OPT_IN)
            classes |= DB_CLASS_BIT(c);
    }
    return row->classes & ~row->human & classes;
}

bool db_repair_edit(const struct db_plan_row *row, const char *run, const char *reason,
                    struct db_edit *ret)
{
    unsigned classes = mendable(row);

    memset(ret, 0, sizeof(*ret));
    ret->action = DB_ACTION_REPAIR;
    ret->reason = reason;
    ret->drift = &row->seen;
    zm_copy(ret->user_id, sizeof(ret->user_id), row->seen.id);
    request_of(run, row->seen.id, ret->request);
    if (has(classes, DB_CLASS_TIER_DIFFERS))
        db_values_set(&ret->want, DB_ITEM_BOT_TIER, row->seen.tier);
    if (has(classes, DB_CLASS_EMAIL_DIFFERS))
        db_values_set(&ret->want, DB_ITEM_BOT_EMAIL, row->seen.email);
    if (has(classes, DB_CLASS_DELETED_IN_BRAIN) || has(classes, DB_CLASS_ORPHAN_IN_BOT)) {
        db_values_set(&ret->want, DB_ITEM_TRADING, "false");
        db_values_set(&ret->want, DB_ITEM_API, "false");
    }
    ret->create_trader = has(classes, DB_CLASS_MISSING_IN_BOT);
    ret->create_profile = has(classes, DB_CLASS_MISSING_PROFILE);
    ret->trim_rights = has(classes, DB_CLASS_FLAGS_EXCEED_TIER);
    return classes != 0;
}

bool db_repair_allowed(const struct db_session *session, struct zm_error *err)
{
    static const struct {
        enum db_side side;
        enum db_sql sql;
    } needs[] = {{DB_BRAIN, DB_SQL_BRAIN_LOCK_PROFILE},
                 {DB_BRAIN, DB_SQL_BRAIN_WRITE_INTENT},
                 {DB_BOT, DB_SQL_BOT_LOCK_TRADER}};
    size_t i;

    for (i = 0; i < ZM_COUNT(needs); i++) {
        const struct db_link *link = db_session_link(session, needs[i].side);

        if (link && !db_catalog_allows(db_link_catalog(link), needs[i].sql, err))
            return false;
    }
    return true;
}

/* ---- the run ---- */

static bool is_wanted(const struct db_repair *repair, struct db_plan_row *row)
{
    row->classes &= repair->classes;
    return mendable(row) != 0;
}

static void take(void *context, const struct db_edit *edit, const struct db_user *user,
                 const struct db_written *written)
{
    struct db_repair *repair = context;
    size_t i;

    (void)user;
    for (i = 0; repair->take && i < repair->n_rows; i++)
        if (&repair->rows[i].seen == edit->drift)
            repair->take(repair->context, &repair->rows[i], written);
}

/* What the run says, in this one's words. */
static void copy_state(struct db_repair *repair)
{
    static const enum db_repair_state states[] = {
        [DB_BULK_READY] = DB_REPAIR_READY,         [DB_BULK_FINISHED] = DB_REPAIR_FINISHED,
        [DB_BULK_ERRORS] = DB_REPAIR_ERRORS,       [DB_BULK_BROKEN] = DB_REPAIR_BROKEN,
        [DB_BULK_CANCELLED] = DB_REPAIR_CANCELLED,
    };
    const struct db_bulk_counts *c = &repair->bulk.counts;

    repair->counts = (struct db_repair_counts){c->done,   c->unchanged, c->stale,    c->refused,
                                               c->failed, c->unknown,   c->not_tried};
    repair->state = states[repair->bulk.state];
    repair->err = repair->bulk.err;
    zm_copy(repair->culprit, sizeof(repair->culprit), repair->bulk.culprit);
}

bool db_repair_begin(struct db_repair *repair, struct zm_error *err)
{
    struct db_plan_row row;

    repair->bulk.terms = repair->terms;
    repair->bulk.stop_errors = repair->stop_errors;
    repair->bulk.take = take;
    repair->bulk.context = repair;
    repair->rows = zm_calloc(DB_WRITE_BATCH, sizeof(*repair->rows));
    while (db_plan_next(repair->plan, &row, err))
        repair->bulk.counts.not_tried += is_wanted(repair, &row);
    db_plan_rewind(repair->plan);
    if (err->kind == ZM_ERR_NONE && repair->bulk.counts.not_tried == 0)
        repair->bulk.state = DB_BULK_FINISHED;
    copy_state(repair);
    return err->kind == ZM_ERR_NONE;
}

void db_repair_done(struct db_repair *repair)
{
    zm_arena_done(&repair->arena);
    free(repair->rows);
    repair->rows = NULL;
}

static int by_user(const void *a, const void *b)
{
    const struct db_plan_row *x = a, *y = b;

    return strcmp(x->seen.id, y->seen.id);
}

/* The rows of the next batch. False: *err. */
static bool gather(struct db_repair *repair, struct zm_error *err)
{
    struct db_plan_row row;
    size_t i;

    zm_arena_reset(&repair->arena);
    repair->n_rows = 0;
    err->kind = ZM_ERR_NONE;
    while (repair->n_rows < DB_WRITE_BATCH && db_plan_next(repair->plan, &row, err))
        if (is_wanted(repair, &row))
            db_plan_row_keep(&repair->arena, &row, &repair->rows[repair->n_rows++]);
    if (err->kind != ZM_ERR_NONE)
        return false;
    qsort(repair->rows, repair->n_rows, sizeof(*repair->rows), by_user);
    for (i = 1; i < repair->n_rows; i++)
        if (zm_streq(repair->rows[i - 1].seen.id, repair->rows[i].seen.id))
            return zm_error_set(err, ZM_ERR_DATA, "", "apply the plan", "user %s is in it twice",
                                repair->rows[i].seen.id);
    return true;
}

bool db_repair_step(struct db_session *session, struct db_repair *repair)
{
    struct db_edit edits[DB_WRITE_BATCH];
    struct zm_error err;
    size_t i;

    if (repair->state != DB_REPAIR_READY)
        return false;
    if (!gather(repair, &err)) {
        repair->state = DB_REPAIR_BROKEN;
        repair->err = err;
        return false;
    }
    for (i = 0; i < repair->n_rows; i++)
        db_repair_edit(&repair->rows[i], db_plan_head(repair->plan)->id, repair->reason, &edits[i]);
    db_bulk_run(session, &repair->bulk, edits, repair->n_rows);
    if (repair->bulk.state == DB_BULK_READY && repair->bulk.counts.not_tried == 0)
        repair->bulk.state = DB_BULK_FINISHED;
    copy_state(repair);
    return repair->state == DB_REPAIR_READY;
}
