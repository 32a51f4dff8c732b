/*
 * What a write does on one side at each step: as many statements as there are edits, sent together.
 * Every number of rows is compared with what it must be, because row security hides locks and
 * updates without an error.
 */
#include <stdlib.h>
#include <string.h>

#include "db/catalog.h"
#include "db/tx.h"
#include "db/users_read.h"
#include "db/write_work.h"
#include "zm/arena.h"
#include "zm/clock.h"
#include "zm/str.h"

enum db_sql db_write_check_sql(const struct db_link *link)
{
    return link->facts.system[0] ? DB_SQL_EITHER_CHECK_WRITE_SYSTEM : DB_SQL_EITHER_CHECK_WRITE;
}

bool db_write_may(const struct db_link *link, const struct db_ask *check, struct zm_error *err)
{
    const struct db_check_row *row = DB_ROW(&check->rows, struct db_check_row, 0);
    const char *where = db_side_name(link->target->side);

    if (!check->ok || check->rows.n != 1)
        return zm_error_set(err, ZM_ERR_DATA, where, "write", "the server does not say who it is");
    if (row->standby) {
        zm_error_set(err, ZM_ERR_READ_ONLY, where, "write", "this is a standby, which only reads");
        return zm_error_hint(err, "connect to the primary");
    }
    if (row->read_only) {
        zm_error_set(err, ZM_ERR_READ_ONLY, where, "write", "the server is read-only now");
        return zm_error_hint(err, "Supabase does that when a disk is full: see the project");
    }
    if (!zm_streq(row->system, link->facts.system) ||
        !zm_streq(row->database_oid, link->facts.database_oid))
        return zm_error_set(err, ZM_ERR_REFUSED, where, "write",
                            "another database answers than the one that was connected to");
    return true;
}

/* owner: whose each of the asks is, an edit's index (work->n: nobody's). */
static bool run(struct db_work *work, enum db_side side, struct db_ask *asks, size_t n,
                const size_t *owner, struct zm_error *err)
{
    size_t failed;
    bool ok =
        db_tx_run(db_write_link(work, side), asks, n, zm_now_ms() + DB_TX_STEP_MS, &failed, err);

    if (!ok && failed < n)
        work->culprit = owner[failed];
    return ok;
}

/* ---- locks ---- */

static void take_profile(struct db_one *one, const struct db_rows *profiles,
                         const struct db_rows *logins)
{
    const struct db_profile_lock *row = DB_ROW(profiles, struct db_profile_lock, 0);
    const struct db_login_seen *login = DB_ROW(logins, struct db_login_seen, 0);
    struct db_now *now = &one->now;

    now->brain_known = true;
    now->profiles = (long)profiles->n;
    now->has_login = logins->n > 0;
    now->is_deleted = logins->n > 0 && login->is_deleted;
    now->email = logins->n > 0 ? db_write_keep(one, login->email) : NULL;
    if (profiles->n == 0)
        return;
    now->profile_id = db_write_keep(one, row->id);
    db_values_set(&now->values, DB_ITEM_TIER, db_write_keep(one, row->tier));
    db_values_set(&now->values, DB_ITEM_NAME, db_write_keep(one, row->name));
    db_values_set(&now->values, DB_ITEM_COUNTRY, db_write_keep(one, row->country));
    db_values_set_flag(&now->values, DB_ITEM_COMPLETED, row->profile_completed);
}

/* What locks the users of a batch on a side, after its check: each statement for all of them in the
 * order of their ids, then the next. */
struct locks {
    struct db_ask *asks; /* owned */
    size_t *owner;       /* owned */
    size_t n;
};

static void list_locks(const struct db_work *work, enum db_side side, const enum db_sql *sql,
                       size_t n_sql, struct locks *ret)
{
    size_t i, k;

    ret->asks = zm_calloc(1 + n_sql * work->n, sizeof(*ret->asks));
    ret->owner = zm_calloc(1 + n_sql * work->n, sizeof(*ret->owner));
    ret->asks[0].sql = db_write_check_sql(db_write_link(work, side));
    ret->owner[0] = work->n;
    ret->n = 1;
    for (k = 0; k < n_sql; k++)
        for (i = 0; i < work->n; i++, ret->n++) {
            ret->asks[ret->n].sql = sql[k];
            ret->asks[ret->n].params[0] = work->ones[i].edit->user_id;
            ret->owner[ret->n] = i;
        }
}

/* What statement k said of edit i. */
static const struct db_rows *locked(const struct db_work *work, const struct locks *locks, size_t k,
                                    size_t i)
{
    return &locks->asks[1 + k * work->n + i].rows;
}

static void locks_done(struct locks *locks)
{
    db_asks_done(locks->asks, locks->n);
    free(locks->asks);
    free(locks->owner);
}

/* A server that only reads refuses the locks; its answer to the check says better why. */
static bool lock(struct db_work *work, enum db_side side, const struct locks *locks,
                 struct zm_error *err)
{
    struct zm_error why;
    bool ok = run(work, side, locks->asks, locks->n, locks->owner, err);

    if (!locks->asks[0].ok || db_write_may(db_write_link(work, side), &locks->asks[0], &why))
        return ok;
    *err = why;
    work->culprit = work->n;
    return false;
}

/* Row security hides from a lock, without an error, what it lets the role read: who has no row to
 * be locked is looked at once more, without a lock. */
static bool check_hidden(struct db_work *work, enum db_side side, enum db_sql see,
                         struct zm_error *err)
{
    struct db_ask *asks = zm_calloc(work->n, sizeof(*asks));
    size_t *owner = zm_calloc(work->n, sizeof(*owner)), n = 0, i;
    bool ok;

    for (i = 0; i < work->n; i++) {
        const struct db_now *now = &work->ones[i].now;

        if ((side == DB_BRAIN ? now->profiles : now->traders) > 0)
            continue;
        asks[n] = (struct db_ask){.sql = see, .params = {work->ones[i].edit->user_id}};
        owner[n++] = i;
    }
    ok = n == 0 || run(work, side, asks, n, owner, err);
    for (i = 0; i < n && ok; i++) {
        if (asks[i].rows.n == 0)
            continue;
        work->culprit = owner[i];
        ok = zm_error_set(err, ZM_ERR_HIDDEN, db_side_name(side), "write",
                          "row security lets this role read his row and not change it");
        zm_error_hint(err, "a policy FOR UPDATE is missing, or is not true for him");
    }
    db_asks_done(asks, n);
    free(asks);
    free(owner);
    return ok;
}

bool db_write_lock_brain(struct db_work *work, struct zm_error *err)
{
    static const enum db_sql sql[] = {DB_SQL_BRAIN_LOCK_USER, DB_SQL_BRAIN_LOCK_PROFILE,
                                      DB_SQL_BRAIN_WRITE_LOGIN};
    const struct db_link *link = db_write_link(work, DB_BRAIN);
    struct locks locks;
    size_t i;
    bool ok;

    list_locks(work, DB_BRAIN, sql, ZM_COUNT(sql), &locks);
    ok = lock(work, DB_BRAIN, &locks, err);
    for (i = 0; ok && i < work->n; i++) {
        take_profile(&work->ones[i], locked(work, &locks, 1, i), locked(work, &locks, 2, i));
        work->ones[i].now.closing = db_catalog_closing_status(link->catalog);
    }
    locks_done(&locks);
    return ok && check_hidden(work, DB_BRAIN, DB_SQL_BRAIN_SEE_PROFILE, err);
}

bool db_write_take_trader(struct db_one *one, const struct db_rows *rows)
{
    const struct db_trader_lock *row = DB_ROW(rows, struct db_trader_lock, 0);
    struct db_now *now = &one->now;

    now->bot_known = true;
    now->traders = (long)rows->n;
    now->trader_id = NULL;
    one->bot_prev = now->bot_updated_at = NULL;
    if (rows->n == 0)
        return false;
    now->trader_id = db_write_keep(one, row->id);
    one->bot_prev = now->bot_updated_at = db_write_keep(one, row->token);
    db_values_set(&now->values, DB_ITEM_BOT_TIER, db_write_keep(one, row->tier));
    db_values_set(&now->values, DB_ITEM_BOT_EMAIL, db_write_keep(one, row->email));
    db_values_set_flag(&now->values, DB_ITEM_TRADING, row->trading_enabled);
    db_values_set_flag(&now->values, DB_ITEM_API, row->api_access);
    return true;
}

bool db_write_lock_bot(struct db_work *work, struct zm_error *err)
{
    static const enum db_sql sql[] = {DB_SQL_BOT_LOCK_TRADER};
    struct locks locks;
    size_t i;
    bool ok;

    list_locks(work, DB_BOT, sql, ZM_COUNT(sql), &locks);
    ok = lock(work, DB_BOT, &locks, err);
    for (i = 0; ok && i < work->n; i++)
        db_write_take_trader(&work->ones[i], locked(work, &locks, 0, i));
    locks_done(&locks);
    return ok && check_hidden(work, DB_BOT, DB_SQL_BOT_SEE_TRADER, err);
}

/* ---- changes ---- */

static void list_ids(struct zm_buf *ret, const struct db_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->n; i++)
        zm_buf_printf(ret, "%s%s", ret->len ? " " : "", DB_ROW(rows, struct db_id_row, i)->id);
}

static bool check_count(const struct db_ask *ask, enum db_side side, struct zm_error *err)
{
    char what[64];

    if (ask->rows.n == 1)
        return true;
    db_sql_title(ask->sql, what, sizeof(what));
    zm_error_set(err, ZM_ERR_HIDDEN, db_side_name(side), what, "it changed %zu rows, not 1",
                 ask->rows.n);
    return zm_error_hint(err, "does row security let this role write the row?");
}

static bool check_stored(const struct db_ask *ask, const char *stored, enum db_side side,
                         struct zm_error *err)
{
    const char *wanted = ask->params[ask->sql == DB_SQL_BOT_INSERT_TRADER ? 2 : 1];

    if (zm_streq(stored, wanted))
        return true;
    zm_error_set(err, ZM_ERR_DATA, db_side_name(side), "write",
                 "the server stored %.60s instead of %.60s", stored ? stored : "NULL",
                 wanted ? wanted : "NULL");
    return zm_error_hint(err, "a trigger of the table rewrites the value");
}

/* What may be none or many is counted again when it has been written: row security may have kept a
 * row from it, without an error. */
static bool check_left(const struct db_ask *ask, const char *table, size_t wanted,
                       enum db_side side, struct zm_error *err)
{
    if (ask->rows.n == wanted)
        return true;
    zm_error_set(err, ZM_ERR_HIDDEN, db_side_name(side), "write",
                 "%zu rows of his in %s are active afterwards, not %zu", ask->rows.n, table,
                 wanted);
    return zm_error_hint(err, "does row security let this role write all of them?");
}

/* A change of a row: exactly one, and it holds what was asked for. */
static bool check_change(struct db_one *one, const struct db_ask *ask, enum db_side side,
                         struct zm_error *err)
{
    const struct db_stored_token *bot;

    if (!check_count(ask, side, err))
        return false;
    if (side == DB_BRAIN)
        return check_stored(ask, DB_ROW(&ask->rows, struct db_stored, 0)->stored, side, err);
    bot = DB_ROW(&ask->rows, struct db_stored_token, 0);
    one->bot_token = db_write_keep(one, bot->token);
    return check_stored(ask, bot->stored, side, err);
}

/* What the statement left, in the edit's result. */
static bool take_change(struct db_one *one, const struct db_ask *ask, enum db_side side,
                        struct zm_error *err)
{
    switch (ask->sql) {
    case DB_SQL_BRAIN_CLOSE_SUBSCRIPTIONS:
        list_ids(&one->closed, &ask->rows);
        one->out->closed_subscriptions = (long)ask->rows.n;
        return true;
    case DB_SQL_BOT_STOP_STRATEGIES:
        list_ids(&one->strategies, &ask->rows);
        one->out->stopped_strategies = (long)ask->rows.n;
        return true;
    case DB_SQL_BOT_STOP_KEYS:
        list_ids(&one->keys, &ask->rows);
        one->out->stopped_keys = (long)ask->rows.n;
        return true;
    case DB_SQL_BRAIN_OPEN_SUBSCRIPTION:
        list_ids(&one->opened, &ask->rows);
        return check_count(ask, DB_BRAIN, err);
    case DB_SQL_BRAIN_ACTIVE_SUBSCRIPTIONS:
        return check_left(ask, "user_subscriptions", 1, side, err);
    case DB_SQL_BOT_ACTIVE_STRATEGIES:
        return check_left(ask, "user_strategies", 0, side, err);
    case DB_SQL_BOT_ACTIVE_KEYS:
        return check_left(ask, "user_api_keys", 0, side, err);
    default:
        return check_change(one, ask, side, err);
    }
}

/* The first statement of each edit, then the second of each: what is alike stands together. */
static size_t list_changes(struct db_work *work, enum db_side side, struct db_ask *asks,
                           size_t *owner)
{
    struct db_ask(*of)[DB_CHANGE_ASKS] = zm_calloc(work->n, sizeof(*of));
    size_t *n_of = zm_calloc(work->n, sizeof(*n_of));
    size_t i, k, n = 0;

    for (i = 0; i < work->n; i++)
        if (work->ones[i].active)
            n_of[i] = db_change_asks(side, work->ones[i].edit, &work->ones[i].now,
                                     &work->ones[i].decision, of[i]);
    for (k = 0; k < DB_CHANGE_ASKS; k++)
        for (i = 0; i < work->n; i++) {
            if (k >= n_of[i])
                continue;
            asks[n] = of[i][k];
            owner[n++] = i;
        }
    free(of);
    free(n_of);
    return n;
}

static bool change(struct db_work *work, enum db_side side, struct zm_error *err)
{
    struct db_ask *asks = zm_calloc(work->n * DB_CHANGE_ASKS, sizeof(*asks));
    size_t *owner = zm_calloc(work->n * DB_CHANGE_ASKS, sizeof(*owner));
    size_t i, n = list_changes(work, side, asks, owner);
    bool ok = run(work, side, asks, n, owner, err);

    for (i = 0; ok && i < n; i++) {
        ok = take_change(&work->ones[owner[i]], &asks[i], side, err);
        if (!ok)
            work->culprit = owner[i];
    }
    db_asks_done(asks, n);
    free(asks);
    free(owner);
    return ok;
}

bool db_write_change_brain(struct db_work *work, struct zm_error *err)
{
    return change(work, DB_BRAIN, err);
}

/* Where there is no row to lock, those who create it come one after the other. */
static bool lock_new(struct db_work *work, struct zm_error *err)
{
    struct db_ask *asks = zm_calloc(work->n, sizeof(*asks));
    size_t *owner = zm_calloc(work->n, sizeof(*owner));
    size_t i, n = 0;
    bool ok;

    for (i = 0; i < work->n; i++) {
        if (!work->ones[i].active || !work->ones[i].decision.create_trader)
            continue;
        asks[n].sql = DB_SQL_BOT_LOCK_NEW_TRADER;
        asks[n].params[0] = work->ones[i].edit->user_id;
        owner[n++] = i;
    }
    ok = run(work, DB_BOT, asks, n, owner, err);
    db_asks_done(asks, n);
    free(asks);
    free(owner);
    return ok;
}

bool db_write_change_bot(struct db_work *work, struct zm_error *err)
{
    return lock_new(work, err) && change(work, DB_BOT, err);
}

/* ---- votes ---- */

bool db_write_vote(struct db_work *work, enum db_side side, struct zm_error *err)
{
    struct db_ask vote = {.sql = DB_SQL_EITHER_VOTE};
    int64_t now = zm_now_ms(),
            deadline = side == DB_BRAIN ? now + DB_VOTE_STEP_MS : now + DB_TX_STEP_MS;
    size_t failed;
    bool ok;

    if (side == DB_BRAIN && work->needs_bot && deadline > work->vote_ms + DB_VOTE_BUDGET_MS)
        deadline = work->vote_ms + DB_VOTE_BUDGET_MS;
    ok = db_tx_run(db_write_link(work, side), &vote, 1, deadline, &failed, err);
    if (side == DB_BOT || !work->needs_bot)
        work->vote_ms = zm_now_ms();
    db_asks_done(&vote, 1);
    return ok;
}
