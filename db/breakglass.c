/*
 * Taking a right away while Brain is away: the record is on disk before anything is changed, then
 * Bot alone is written. The one exception to "no effect without its journal row", and only in the
 * safe direction.
 */
#include <string.h>
#include <time.h>

#include "db/operator.h"
#include "db/spool_file.h"
#include "db/tx.h"
#include "db/write_work.h"
#include "zm/clock.h"

static void now_utc(char dst[24])
{
    time_t now = time(NULL);
    struct tm t;

    gmtime_r(&now, &t);
    strftime(dst, 24, "%Y-%m-%dT%H:%M:%SZ", &t);
}

/* The record of what is about to be done; with an outcome, of what was done. */
static bool record(const struct db_terms *terms, const struct db_one *one, const char *outcome,
                   struct zm_error *err)
{
    const struct db_operator *who = terms->who;
    const struct db_decision *d = &one->decision;
    char at[24];
    const struct db_spool_field fields[] = {
        {"request", one->edit->request},
        {"action", db_action_name(one->edit->action)},
        {"subject", one->edit->user_id},
        {"at", at},
        {"os_user", who->os_user},
        {"loginuid", who->loginuid[0] ? who->loginuid : NULL},
        {"ssh", who->ssh[0] ? who->ssh : NULL},
        {"host", who->host},
        {"app_version", who->version},
        {"reason", one->edit->reason},
        {"set", d->set[DB_ITEM_TRADING] && d->set[DB_ITEM_API] ? "trading_enabled api_access"
                : d->set[DB_ITEM_API]                          ? "api_access"
                                                               : "trading_enabled"},
        {"old", "true"},
        {"new", "false"},
        {"trading_enabled_old",
         d->set[DB_ITEM_TRADING] ? one->now.values.text[DB_ITEM_TRADING] : NULL},
        {"trading_enabled_new", d->set[DB_ITEM_TRADING] ? "false" : NULL},
        {"api_access_old", d->set[DB_ITEM_API] ? one->now.values.text[DB_ITEM_API] : NULL},
        {"api_access_new", d->set[DB_ITEM_API] ? "false" : NULL},
        {"bot_row", one->now.trader_id},
        {"bot_prev", one->bot_prev},
        {"bot_token", one->bot_token},
        {"strategies", one->strategies.s},
        {"keys", one->keys.s},
        {"outcome", outcome},
    };

    now_utc(at);
    return db_spool_append(terms->spool, fields, ZM_COUNT(fields), err);
}

/* Bot's half of the protocol. */
static bool prepare(struct db_work *work, bool *ret_any, struct zm_error *err)
{
    struct db_one *one = &work->ones[0];
    struct db_link *bot = db_write_link(work, DB_BOT);

    *ret_any = true;
    if (!db_session_link(work->session, DB_BOT))
        return db_session_away(work->session, DB_BOT, "write", err);
    if (bot->facts.changed_server)
        return zm_error_set(err, ZM_ERR_REFUSED, db_side_name(DB_BOT), "write",
                            "this is not the server that was recorded");
    if (!db_tx_begin(&bot, 1, err) || !db_write_lock_bot(work, err))
        return false;
    db_decide(work->terms->policy, one->edit, &one->now, &one->decision);
    one->out->before = one->out->after = one->now.values;
    memcpy(one->out->set, one->decision.set, sizeof(one->out->set));
    one->out->result = one->decision.result;
    one->active = one->decision.result == DB_RESULT_DONE && one->decision.write_bot;
    *ret_any = one->active;
    if (one->decision.result != DB_RESULT_DONE)
        db_write_say(one->out, "nothing was changed: %s", one->decision.message);
    else if (!one->active)
        db_write_say(one->out, "it is so already; nothing was changed");
    if (!one->active)
        return true;
    return db_write_change_bot(work, err) && db_write_vote(work, DB_BOT, err);
}

/* The first record is the intent; the second, with the token and the outcome, replaces nothing: its
 * replay finds the first one's row. */
static void commit(struct db_work *work)
{
    struct db_one *one = &work->ones[0];
    struct db_link *bot = db_write_link(work, DB_BOT);
    struct zm_error err = {.kind = ZM_ERR_NONE};
    enum db_commit commit;
    enum db_found found;

    bot->deaf = true;
    commit = db_tx_commit(bot, zm_now_ms() + DB_TX_STEP_MS, &err);
    found = commit == DB_COMMITTED ? DB_FOUND_COMMITTED : DB_FOUND_ABORTED;
    if (commit == DB_LOST)
        found = db_resolve_bot(work, zm_now_ms() + DB_VOTE_BUDGET_MS);
    one->out->in_spool = true;
    if (found == DB_FOUND_COMMITTED) {
        one->out->result = DB_RESULT_DONE;
        one->out->changed = true;
    } else if (found == DB_FOUND_ABORTED) {
        db_write_fail(work, &err);
    } else {
        one->out->result = DB_RESULT_UNKNOWN;
        one->out->err = err;
        db_write_say(one->out, "whether ZmartBot was changed is not known: it does not answer. The "
                               "intent waits in the spool");
    }
    db_write_look_again(work);
    if (one->out->result == DB_RESULT_DONE)
        db_write_say_done(one);
    bot->deaf = false;
}

void db_write_breakglass(struct db_session *session, const struct db_terms *terms,
                         const struct db_edit *edit, struct db_written *ret)
{
    struct db_one one = {.edit = edit, .out = ret};
    struct db_work work = {
        .session = session, .terms = terms, .ones = &one, .n = 1, .needs_bot = true, .culprit = 1};
    struct db_link *bot = session->link[DB_BOT];
    struct zm_error err = {.kind = ZM_ERR_NONE};
    bool any = false, ok;

    memset(ret, 0, sizeof(*ret));
    memcpy(ret->request, edit->request, sizeof(ret->request));
    ok = prepare(&work, &any, &err);
    if (ok && any && !terms->dry_run)
        ok = record(terms, &one, NULL, &err);
    if (!ok) {
        if (bot)
            db_tx_roll_back(bot);
        db_write_fail(&work, &err);
    } else if (!any || terms->dry_run) {
        db_tx_roll_back(bot);
        if (any)
            db_write_say(ret, "dry run: ZmartBot accepted it; it was rolled back");
    } else {
        db_journal_syslog(terms, edit, "intent (ZmartyBrain away)");
        commit(&work);
        record(terms, &one, db_result_key(ret->result), &(struct zm_error){.kind = ZM_ERR_NONE});
        db_journal_syslog(terms, edit, db_result_key(ret->result));
    }
    zm_buf_done(&one.strategies);
    zm_buf_done(&one.keys);
}
