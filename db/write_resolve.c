/*
 * A commit whose answer was lost, decided by data that the same transaction wrote, read under the
 * same lock: the lock waits for the lost transaction and so fences it. Nothing else is evidence; a
 * transaction id may be reused after a crash.
 */
#include <string.h>
#include <time.h>

#include "db/tx.h"
#include "db/write_work.h"
#include "zm/clock.h"
#include "zm/str.h"

#define PAUSE_MS 150 /* between two tries to reach a server */

/* What the server was before: a standby or another one is no witness. */
struct witness {
    char system[24], database_oid[12];
};

static struct witness remember(const struct db_link *link)
{
    struct witness witness = {.system = ""};

    zm_copy(witness.system, sizeof(witness.system), link->facts.system);
    zm_copy(witness.database_oid, sizeof(witness.database_oid), link->facts.database_oid);
    return witness;
}

static bool is_same(const struct db_link *link, const struct witness *witness)
{
    return zm_streq(link->facts.system, witness->system) &&
           zm_streq(link->facts.database_oid, witness->database_oid);
}

static void pause_until(int64_t deadline_ms)
{
    struct timespec t = {.tv_nsec = PAUSE_MS * 1000000L};

    if (zm_now_ms() + PAUSE_MS < deadline_ms)
        nanosleep(&t, NULL);
}

/* The first edit of a kind stands for its transaction: all of it was kept, or nothing. */
static struct db_one *first_active(const struct db_work *work, bool with_bot)
{
    size_t i;

    for (i = 0; i < work->n; i++)
        if (work->ones[i].active && (!with_bot || work->ones[i].decision.write_bot))
            return &work->ones[i];
    return NULL;
}

/* One try. False: it could not be found out. */
static bool ask_brain(struct db_link *link, const struct db_one *one, const struct witness *witness,
                      int64_t deadline_ms, bool *ret_committed)
{
    struct db_ask asks[3] = {{.sql = DB_SQL_NONE}};
    struct zm_error err;
    size_t failed;
    bool ok;

    if (!db_link_open(link, &err) || !is_same(link, witness) || !db_tx_begin(&link, 1, &err))
        return false;
    asks[0].sql = db_write_check_sql(link);
    asks[1] = (struct db_ask){.sql = DB_SQL_BRAIN_LOCK_USER, .params = {one->edit->user_id}};
    asks[2] = (struct db_ask){.sql = DB_SQL_BRAIN_FIND_REQUEST, .params = {one->edit->request}};
    ok = db_tx_run(link, asks, 3, deadline_ms, &failed, &err) && db_write_may(link, &asks[0], &err);
    *ret_committed = ok && asks[2].rows.n > 0;
    db_asks_done(asks, 3);
    db_tx_roll_back(link);
    return ok;
}

enum db_found db_resolve_brain(struct db_work *work, int64_t deadline_ms)
{
    struct db_link *link = db_write_link(work, DB_BRAIN);
    const struct db_one *one = first_active(work, false);
    struct witness witness = remember(link);
    bool committed, known = false;

    link->until_ms = deadline_ms;
    while (!known && zm_now_ms() < deadline_ms) {
        known = ask_brain(link, one, &witness, deadline_ms, &committed);
        if (!known)
            pause_until(deadline_ms);
    }
    link->until_ms = 0;
    return !known ? DB_FOUND_NOT : committed ? DB_FOUND_COMMITTED : DB_FOUND_ABORTED;
}

/* Bot's row was written by somebody after us, or in our stead: a later request of ours noted what
 * it found. */
static enum db_found follow_tokens(struct db_work *work, const struct db_one *one)
{
    struct db_link *brain = db_write_link(work, DB_BRAIN);
    struct db_ask ask = {
        .sql = DB_SQL_BRAIN_FIND_TOKEN,
        .params = {one->edit->user_id, one->edit->request, one->bot_token, one->bot_prev}};
    enum db_found found = DB_FOUND_NOT;

    if (db_link_is_open(brain) && db_link_read(brain, &ask, 1, NULL) && ask.ok && ask.rows.n > 0)
        found = DB_ROW(&ask.rows, struct db_token_row, 0)->was_written ? DB_FOUND_COMMITTED
                                                                       : DB_FOUND_ABORTED;
    db_asks_done(&ask, 1);
    return found;
}

static enum db_found judge_token(struct db_work *work, const struct db_one *one,
                                 const struct db_rows *rows)
{
    const struct db_trader_lock *row = DB_ROW(rows, struct db_trader_lock, 0);

    if (rows->n == 0)
        return one->bot_prev ? DB_FOUND_NOT : DB_FOUND_ABORTED;
    if (zm_streq(one->bot_token, one->bot_prev)) /* a trigger holds it still: it proves nothing */
        return DB_FOUND_NOT;
    if (zm_streq(row->token, one->bot_token))
        return DB_FOUND_COMMITTED;
    if (zm_streq(row->token, one->bot_prev))
        return DB_FOUND_ABORTED;
    return follow_tokens(work, one);
}

static bool ask_bot(struct db_work *work, const struct db_one *one, const struct witness *witness,
                    int64_t deadline_ms, enum db_found *ret)
{
    struct db_link *link = db_write_link(work, DB_BOT);
    struct db_ask asks[3] = {{.sql = DB_SQL_NONE}};
    struct zm_error err;
    size_t n = 0, failed;
    bool ok;

    if (!db_link_open(link, &err) || !is_same(link, witness) || !db_tx_begin(&link, 1, &err))
        return false;
    asks[n++].sql = db_write_check_sql(link);
    if (one->decision.create_trader) /* there was no row to lock */
        asks[n++] =
            (struct db_ask){.sql = DB_SQL_BOT_LOCK_NEW_TRADER, .params = {one->edit->user_id}};
    asks[n++] = (struct db_ask){.sql = DB_SQL_BOT_LOCK_TRADER, .params = {one->edit->user_id}};
    ok = db_tx_run(link, asks, n, deadline_ms, &failed, &err) && db_write_may(link, &asks[0], &err);
    if (ok)
        *ret = judge_token(work, one, &asks[n - 1].rows);
    db_asks_done(asks, n);
    db_tx_roll_back(link);
    return ok;
}

enum db_found db_resolve_bot(struct db_work *work, int64_t deadline_ms)
{
    struct db_link *link = db_write_link(work, DB_BOT);
    const struct db_one *one = first_active(work, true);
    struct witness witness = remember(link);
    enum db_found found = DB_FOUND_NOT;
    bool known = one == NULL;

    link->until_ms = deadline_ms;
    while (!known && zm_now_ms() < deadline_ms) {
        known = ask_bot(work, one, &witness, deadline_ms, &found);
        if (!known)
            pause_until(deadline_ms);
    }
    link->until_ms = 0;
    return one ? found : DB_FOUND_COMMITTED;
}

/* ---- healing ---- */

/* What is still to be done in Bot: its tier as Brain's now is, and the rights as decided. */
static void rest_of(const struct db_one *one, struct db_edit *ret)
{
    static const enum db_item rights[] = {DB_ITEM_TRADING, DB_ITEM_API};
    size_t i;

    *ret = *one->edit;
    memset(&ret->want, 0, sizeof(ret->want));
    memset(&ret->seen, 0, sizeof(ret->seen));
    ret->action = DB_ACTION_REPAIR;
    ret->drift = NULL; /* Brain's half is as it was decided by now */
    ret->create_trader = one->decision.create_trader;
    if (one->decision.set[DB_ITEM_BOT_EMAIL])
        db_values_set(&ret->want, DB_ITEM_BOT_EMAIL, one->decision.to[DB_ITEM_BOT_EMAIL]);
    if (one->decision.set[DB_ITEM_BOT_TIER])
        db_values_set(&ret->want, DB_ITEM_BOT_TIER, one->decision.to[DB_ITEM_BOT_TIER]);
    for (i = 0; i < ZM_COUNT(rights); i++) {
        if (!one->decision.set[rights[i]])
            continue;
        db_values_set(&ret->want, rights[i], one->decision.to[rights[i]]);
        if (one->edit->want.known[rights[i]]) /* asked for by name: only if nobody wrote since */
            db_values_set(&ret->seen, rights[i], one->now.values.text[rights[i]]);
    }
}

/* Brain's tier is held still, Bot is written and committed, Brain is let go. ret_lost stays as it
 * was unless the answer to that commit is lost. */
static bool heal_once(struct db_work *work, struct db_one *one, const struct db_edit *edit,
                      bool *ret_lost, struct zm_error *err)
{
    struct db_edit todo = *edit;
    struct db_written out = {.result = DB_RESULT_DONE};
    struct db_one inner = {.edit = &todo, .out = &out};
    struct db_work one_work = {
        .session = work->session, .terms = work->terms, .ones = &inner, .n = 1, .needs_bot = true};
    struct db_link *bot = db_write_link(work, DB_BOT);
    enum db_commit commit;
    bool ok = db_link_open(db_write_link(work, DB_BRAIN), err) && db_link_open(bot, err) &&
              db_tx_begin(work->session->link, DB_SIDES, err) &&
              db_write_lock_brain(&one_work, err) && db_write_lock_bot(&one_work, err);

    if (ok) {
        db_decide(work->terms->policy, &todo, &inner.now, &inner.decision);
        inner.active = inner.decision.result == DB_RESULT_DONE && inner.decision.write_bot;
        if (inner.decision.result != DB_RESULT_DONE)
            ok = zm_error_set(err, ZM_ERR_REFUSED, db_side_name(DB_BOT), "finish", "%s",
                              inner.decision.message);
    }
    if (ok && inner.active)
        ok = db_write_change_bot(&one_work, err) && db_write_vote(&one_work, DB_BOT, err);
    if (ok && inner.active) {
        commit = db_tx_commit(bot, zm_now_ms() + DB_TX_STEP_MS, err);
        *ret_lost = *ret_lost || commit == DB_LOST;
        ok = commit == DB_COMMITTED;
    }
    if (ok && inner.active)
        one->bot_token = db_write_keep(one, inner.bot_token);
    db_tx_roll_back(bot);
    db_tx_roll_back(db_write_link(work, DB_BRAIN));
    zm_buf_done(&inner.strategies);
    zm_buf_done(&inner.keys);
    db_written_done(&out);
    return ok;
}

enum db_found db_write_heal(struct db_work *work, struct db_one *one, int64_t deadline_ms,
                            struct zm_error *err)
{
    struct db_edit todo;
    int side, tries;
    bool ok = false, lost = false;

    rest_of(one, &todo);
    for (side = 0; side < DB_SIDES; side++)
        db_write_link(work, (enum db_side)side)->until_ms = deadline_ms;
    for (tries = 0; !ok && tries < DB_WRITE_TRIES && zm_now_ms() < deadline_ms; tries++) {
        ok = heal_once(work, one, &todo, &lost, err);
        if (!ok && err->kind == ZM_ERR_REFUSED)
            break;
        if (!ok)
            pause_until(deadline_ms);
    }
    for (side = 0; side < DB_SIDES; side++)
        db_write_link(work, (enum db_side)side)->until_ms = 0;
    return ok ? DB_FOUND_COMMITTED : lost ? DB_FOUND_NOT : DB_FOUND_ABORTED;
}
