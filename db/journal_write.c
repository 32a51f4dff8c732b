/*
 * Writes the journal: the intent in the transaction of the change, the result after it, reasons
 * that were owed. Every write also goes to syslog, which is never read back.
 */
#include "db/journal.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <uuid/uuid.h>

#include "db/operator.h"
#include "db/pairs.h"
#include "db/tx.h"
#include "db/write_work.h"
#include "zm/arena.h"
#include "zm/clock.h"

void db_journal_result_id(const char *request, char ret[37])
{
    static const char name[] = "result";
    uuid_t base, id;

    if (uuid_parse(request, base) != 0)
        uuid_clear(base);
    uuid_generate_sha1(id, base, name, sizeof(name) - 1);
    uuid_unparse_lower(id, ret);
}

static void add_operator(struct db_pairs *pairs, const struct db_operator *who)
{
    db_pairs_add(pairs, "os_user", who->os_user);
    db_pairs_add(pairs, "loginuid", who->loginuid[0] ? who->loginuid : NULL);
    db_pairs_add(pairs, "ssh", who->ssh[0] ? who->ssh : NULL);
    db_pairs_add(pairs, "host", who->host);
    db_pairs_add(pairs, "app_version", who->version);
}

/* The item that an action is named for; of rows that were only created: their tier. */
static enum db_item main_item(const struct db_one *one)
{
    int i;

    if (one->edit->action == DB_ACTION_STOP)
        return DB_ITEM_TRADING;
    for (i = 0; i < DB_ITEMS; i++)
        if (one->decision.set[i])
            return (enum db_item)i;
    return one->decision.create_profile ? DB_ITEM_TIER : DB_ITEM_BOT_TIER;
}

/* What it is afterwards. */
static const char *main_new(const struct db_one *one, enum db_item item)
{
    const struct db_decision *d = &one->decision;

    if (d->set[item])
        return d->to[item];
    return d->create_profile || d->create_trader ? db_change_made_tier(&one->now, d)
                                                 : one->now.values.text[item];
}

static void add_items(struct db_pairs *pairs, const struct db_one *one)
{
    const struct db_decision *d = &one->decision;
    struct zm_buf set = {.s = NULL};
    char key[48];
    int i;

    for (i = 0; i < DB_ITEMS; i++) {
        const struct db_item_row *row = db_item_row((enum db_item)i);

        if (!d->set[i])
            continue;
        zm_buf_printf(&set, "%s%s", set.len ? " " : "", row->key);
        snprintf(key, sizeof(key), "%s_old", row->key);
        db_pairs_add(pairs, key, one->now.values.text[i]);
        snprintf(key, sizeof(key), "%s_new", row->key);
        db_pairs_add(pairs, key, d->to[i]);
    }
    db_pairs_add(pairs, "set", set.s);
    zm_buf_done(&set);
}

static void add_rest(struct db_pairs *pairs, const struct db_one *one)
{
    enum db_item item = main_item(one);

    db_pairs_add(pairs, "old", one->now.values.text[item]);
    db_pairs_add(pairs, "new", main_new(one, item));
    if (one->decision.set[DB_ITEM_BOT_TIER]) {
        db_pairs_add(pairs, "bot_old", one->now.values.text[DB_ITEM_BOT_TIER]);
        db_pairs_add(pairs, "bot_new", one->decision.to[DB_ITEM_BOT_TIER]);
    } else if (one->decision.create_trader) {
        db_pairs_add(pairs, "bot_new", db_change_made_tier(&one->now, &one->decision));
    }
    if (one->decision.write_bot) {
        db_pairs_add(pairs, "bot_row", one->now.trader_id);
        db_pairs_add(pairs, "bot_prev", one->bot_prev);
        db_pairs_add(pairs, "bot_token", one->bot_token);
    }
    db_pairs_add(pairs, "created_profile", one->decision.create_profile ? "true" : NULL);
    db_pairs_add(pairs, "created_trader", one->decision.create_trader ? "true" : NULL);
    db_pairs_add(pairs, "closed", one->closed.s);
    db_pairs_add(pairs, "opened", one->opened.s);
    db_pairs_add(pairs, "strategies", one->strategies.s);
    db_pairs_add(pairs, "keys", one->keys.s);
    db_pairs_add(pairs, "undo_of", one->edit->undo_of);
    db_pairs_add(pairs, "reason", one->edit->reason);
}

bool db_journal_intents(struct db_work *work, struct zm_error *err)
{
    struct db_pairs *pairs = zm_calloc(work->n, sizeof(*pairs));
    struct db_ask *asks = zm_calloc(work->n, sizeof(*asks));
    size_t *owner = zm_calloc(work->n, sizeof(*owner));
    size_t i, n = 0, failed;
    bool ok;

    for (i = 0; i < work->n; i++) {
        const struct db_one *one = &work->ones[i];

        if (!one->active)
            continue;
        db_pairs_add(&pairs[i], "subject", one->edit->user_id);
        add_operator(&pairs[i], work->terms->who);
        add_items(&pairs[i], one);
        add_rest(&pairs[i], one);
        db_pairs_end(&pairs[i]);
        asks[n].sql = DB_SQL_BRAIN_WRITE_INTENT;
        asks[n].params[0] = one->edit->request;
        asks[n].params[1] = one->now.has_login ? one->edit->user_id : NULL;
        asks[n].params[2] = db_action_name(one->edit->action);
        asks[n].params[3] = pairs[i].keys.s;
        asks[n].params[4] = pairs[i].values.s;
        owner[n++] = i;
    }
    ok = db_tx_run(db_write_link(work, DB_BRAIN), asks, n, zm_now_ms() + DB_TX_STEP_MS, &failed,
                   err);
    work->no_intent = !ok && failed < n;
    if (work->no_intent)
        work->culprit = owner[failed];
    for (i = 0; i < work->n; i++)
        db_pairs_done(&pairs[i]);
    db_asks_done(asks, n);
    free(pairs);
    free(asks);
    free(owner);
    return ok;
}

/* ---- afterwards ---- */

static void take_profile(struct db_one *one, const struct db_rows *rows)
{
    const struct db_profile_lock *row = DB_ROW(rows, struct db_profile_lock, 0);
    struct db_values *after = &one->out->after;

    if (rows->n == 0)
        return;
    db_values_set(after, DB_ITEM_TIER, db_write_keep(one, row->tier));
    db_values_set(after, DB_ITEM_NAME, db_write_keep(one, row->name));
    db_values_set(after, DB_ITEM_COUNTRY, db_write_keep(one, row->country));
    db_values_set_flag(after, DB_ITEM_COMPLETED, row->profile_completed);
}

static void take_trader(struct db_one *one, const struct db_rows *rows)
{
    const struct db_trader_lock *row = DB_ROW(rows, struct db_trader_lock, 0);
    struct db_values *after = &one->out->after;

    if (rows->n == 0)
        return;
    db_values_set(after, DB_ITEM_BOT_TIER, db_write_keep(one, row->tier));
    db_values_set(after, DB_ITEM_BOT_EMAIL, db_write_keep(one, row->email));
    db_values_set_flag(after, DB_ITEM_TRADING, row->trading_enabled);
    db_values_set_flag(after, DB_ITEM_API, row->api_access);
}

/* An unknown outcome stays open, so that Health lists it. */
static bool is_settled(const struct db_one *one)
{
    return one->out->result != DB_RESULT_UNKNOWN && one->out->result != DB_RESULT_PARTIAL;
}

static void look_at_brain(struct db_work *work)
{
    struct db_ask *asks = zm_calloc(2 * work->n, sizeof(*asks));
    struct db_pairs *pairs = zm_calloc(work->n, sizeof(*pairs));
    char(*ids)[37] = zm_calloc(work->n, sizeof(*ids));
    size_t i, n = 0;

    for (i = 0; i < work->n; i++) {
        const struct db_one *one = &work->ones[i];

        if (!one->active)
            continue;
        asks[n].sql = DB_SQL_BRAIN_SEE_PROFILE;
        asks[n++].params[0] = one->edit->user_id;
    }
    for (i = 0; i < work->n; i++) {
        const struct db_one *one = &work->ones[i];

        if (!one->active || !is_settled(one))
            continue;
        db_journal_result_id(one->edit->request, ids[i]);
        db_pairs_add(&pairs[i], "subject", one->edit->user_id);
        db_pairs_add(&pairs[i], "ref", one->edit->request);
        db_pairs_add(&pairs[i], "outcome", db_result_key(one->out->result));
        db_pairs_end(&pairs[i]);
        asks[n].sql = DB_SQL_BRAIN_WRITE_RESULT;
        asks[n].params[0] = ids[i];
        asks[n].params[1] = one->now.has_login ? one->edit->user_id : NULL;
        asks[n].params[2] = "zmartctl.result";
        asks[n].params[3] = pairs[i].keys.s;
        asks[n++].params[4] = pairs[i].values.s;
    }
    db_tx_once(db_write_link(work, DB_BRAIN), asks, n, &(struct zm_error){.kind = ZM_ERR_NONE});
    for (i = 0, n = 0; i < work->n; i++)
        if (work->ones[i].active && asks[n].ok)
            take_profile(&work->ones[i], &asks[n++].rows);
    for (i = 0; i < work->n; i++)
        db_pairs_done(&pairs[i]);
    db_asks_done(asks, 2 * work->n);
    free(asks);
    free(pairs);
    free(ids);
}

static void look_at_bot(struct db_work *work)
{
    struct db_ask *asks = zm_calloc(work->n, sizeof(*asks));
    size_t i;

    for (i = 0; i < work->n; i++) {
        asks[i].sql = DB_SQL_BOT_SEE_TRADER;
        asks[i].params[0] = work->ones[i].edit->user_id;
    }
    if (db_link_read(db_write_link(work, DB_BOT), asks, work->n, NULL))
        for (i = 0; i < work->n; i++)
            if (asks[i].ok)
                take_trader(&work->ones[i], &asks[i].rows);
    db_asks_done(asks, work->n);
    free(asks);
}

void db_write_look_again(struct db_work *work)
{
    if (db_link_is_open(db_write_link(work, DB_BRAIN)))
        look_at_brain(work);
    if (work->needs_bot && db_link_is_open(db_write_link(work, DB_BOT)))
        look_at_bot(work);
}

void db_journal_syslog(const struct db_terms *terms, const struct db_edit *edit,
                       const char *outcome)
{
    openlog("zmartctl", LOG_PID, LOG_AUTHPRIV);
    syslog(LOG_NOTICE, "%s %s subject=%s req=%s os_user=%s", outcome, db_action_name(edit->action),
           edit->user_id, edit->request, terms->who->os_user);
}

/* ---- rows that stand alone ---- */

static bool write_alone(struct db_link *brain, const char *id, const char *user_id,
                        const char *action, struct db_pairs *pairs, bool *ret_new,
                        struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BRAIN_WRITE_RESULT,
                         .params = {id, user_id, action, NULL, NULL}};
    bool ok;

    db_pairs_end(pairs);
    ask.params[3] = pairs->keys.s;
    ask.params[4] = pairs->values.s;
    ok = db_tx_once(brain, &ask, 1, err);
    *ret_new = ok && ask.rows.n > 0;
    db_asks_done(&ask, 1);
    db_pairs_done(pairs);
    return ok;
}

/* Whose change it is; NULL user_id in *ret where he has no login. False: there is no such change.
 */
static bool find_request(struct db_link *brain, const char *request, char ret_user[37],
                         struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BRAIN_FIND_REQUEST, .params = {request}};
    bool ok = db_link_read(brain, &ask, 1, err);

    if (ok && !ask.ok) {
        *err = ask.err;
        ok = false;
    }
    if (ok && ask.rows.n == 0)
        ok = zm_error_set(err, ZM_ERR_NOT_FOUND, db_side_name(DB_BRAIN), "read the journal",
                          "there is no change %s", request);
    if (ok)
        zm_copy(ret_user, 37, DB_ROW(&ask.rows, struct db_request_row, 0)->user_id);
    db_asks_done(&ask, 1);
    return ok;
}

/* One id for all who would give it: the second is refused. */
static void reason_id(const char *request, char ret[37])
{
    static const char name[] = "reason";
    uuid_t base, id;

    if (uuid_parse(request, base) != 0)
        uuid_clear(base);
    uuid_generate_sha1(id, base, name, sizeof(name) - 1);
    uuid_unparse_lower(id, ret);
}

bool db_journal_give_reason(struct db_link *brain, const struct db_operator *who,
                            const char *request, const char *subject, const char *reason,
                            struct zm_error *err)
{
    struct db_pairs pairs = {.keys = {.s = NULL}};
    char id[37], user[37];
    bool is_new;

    if (!find_request(brain, request, user, err))
        return false;
    reason_id(request, id);
    db_pairs_add(&pairs, "subject", subject);
    add_operator(&pairs, who);
    db_pairs_add(&pairs, "ref", request);
    db_pairs_add(&pairs, "reason", reason);
    if (!write_alone(brain, id, user[0] ? user : NULL, "zmartctl.reason", &pairs, &is_new, err))
        return false;
    return is_new || zm_error_set(err, ZM_ERR_REFUSED, db_side_name(DB_BRAIN), "give the reason",
                                  "somebody gave a reason already");
}

bool db_journal_close(struct db_link *brain, const struct db_operator *who, const char *request,
                      const char *subject, enum db_result outcome, struct zm_error *err)
{
    struct db_pairs pairs = {.keys = {.s = NULL}};
    char id[37], user[37];
    bool is_new;

    if (!find_request(brain, request, user, err))
        return false;
    db_journal_result_id(request, id);
    db_pairs_add(&pairs, "subject", subject);
    add_operator(&pairs, who);
    db_pairs_add(&pairs, "ref", request);
    db_pairs_add(&pairs, "outcome", db_result_key(outcome));
    return write_alone(brain, id, user[0] ? user : NULL, "zmartctl.result", &pairs, &is_new, err);
}

bool db_journal_judge_open(struct db_session *session, const struct db_journal_row *row,
                           enum db_open_state *ret, struct zm_error *err)
{
    struct db_link *bot = db_session_link(session, DB_BOT);
    struct db_ask ask = {.sql = DB_SQL_BOT_SEE_TRADER, .params = {row->subject}};
    const struct db_trader_lock *trader;

    if (!bot)
        return db_session_away(session, DB_BOT, "look at the trading profile", err);
    if (!db_link_read(bot, &ask, 1, err))
        return false;
    if (!ask.ok) {
        *err = ask.err;
        return false;
    }
    trader = DB_ROW(&ask.rows, struct db_trader_lock, 0);
    if (!row->bot_token) /* it changed Brain alone, in the journal's own transaction */
        *ret = DB_OPEN_DONE;
    else if (ask.rows.n == 0)
        *ret = row->bot_prev ? DB_OPEN_NO_ROW : DB_OPEN_NOT_DONE;
    else if (zm_streq(trader->token, row->bot_token))
        *ret = DB_OPEN_DONE;
    else
        *ret = zm_streq(trader->token, row->bot_prev) ? DB_OPEN_NOT_DONE : DB_OPEN_OVERTAKEN;
    db_asks_done(&ask, 1);
    return true;
}
