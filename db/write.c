/*
 * The protocol of a write, step by step, for one user or a batch. Locks in one order (Brain's lock
 * of the user, Brain's row, Bot's row), everything decided under them, changed, journalled and
 * voted on; Brain is committed first, and Bot only when Brain is known to be. What a step does on a
 * side is write_legs's, what becomes of a lost answer write_resolve's.
 */
#include "db/write.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uuid/uuid.h>

#include "db/spool.h"
#include "db/tx.h"
#include "db/write_work.h"
#include "zm/arena.h"
#include "zm/clock.h"
#include "zm/str.h"

struct db_link *db_write_link(const struct db_work *work, enum db_side side)
{
    return work->session->link[side];
}

const char *db_write_keep(struct db_one *one, const char *text)
{
    return zm_arena_strdup(&one->out->arena, text);
}

void db_request_new(char ret[37])
{
    uuid_t id;

    uuid_generate_random(id);
    uuid_unparse_lower(id, ret);
}

void db_written_done(struct db_written *written)
{
    zm_arena_done(&written->arena);
    memset(written, 0, sizeof(*written));
}

static void set_deaf(struct db_work *work, bool deaf)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (work->session->link[side])
            work->session->link[side]->deaf = deaf;
}

static void roll_back(struct db_work *work)
{
    struct db_link *const links[] = {/* Bot first: whoever waits there goes on */
                                     db_write_link(work, DB_BOT), db_write_link(work, DB_BRAIN)};

    if (work->needs_bot)
        db_tx_roll_back_all(links, ZM_COUNT(links));
    else
        db_tx_roll_back(links[1]);
}

/* Both must be there, and be the servers that were met before. */
static bool check_session(const struct db_work *work, struct zm_error *err)
{
    int side;

    for (side = 0; side <= (work->needs_bot ? DB_BOT : DB_BRAIN); side++) {
        const struct db_link *link = db_session_link(work->session, (enum db_side)side);

        if (!link)
            return db_session_away(work->session, (enum db_side)side, "write", err);
        if (link->facts.changed_server) {
            zm_error_set(err, ZM_ERR_REFUSED, db_side_name((enum db_side)side), "write",
                         "this is not the server that was recorded");
            return zm_error_hint(err, "if it was moved or restored: zmartctl init --accept");
        }
    }
    return true;
}

static bool begin(struct db_work *work, struct zm_error *err)
{
    return check_session(work, err) &&
           db_tx_begin(work->session->link, work->needs_bot ? DB_SIDES : 1, err);
}

/* False: no edit is left to be done; each of the others has its result. */
static bool decide(struct db_work *work)
{
    bool any = false;
    size_t i;

    for (i = 0; i < work->n; i++) {
        struct db_one *one = &work->ones[i];
        struct db_written *out = one->out;

        db_decide(work->terms->policy, one->edit, &one->now, &one->decision);
        out->before = one->now.values;
        out->after = one->now.values;
        memcpy(out->set, one->decision.set, sizeof(out->set));
        out->created_trader = one->decision.create_trader;
        out->created_profile = one->decision.create_profile;
        out->result = one->decision.result;
        one->active = one->decision.result == DB_RESULT_DONE &&
                      (one->decision.write_brain || one->decision.write_bot);
        any = any || one->active;
        if (one->decision.result != DB_RESULT_DONE)
            db_write_say(out, "nothing was changed: %s", one->decision.message);
        else if (!one->active)
            db_write_say(out, "it is so already; nothing was changed");
    }
    return any;
}

static bool prepare(struct db_work *work, bool *ret_any, struct zm_error *err)
{
    work->culprit = work->n;
    work->no_intent = false;
    *ret_any = true;
    if (!begin(work, err) || !db_write_lock_brain(work, err) ||
        (work->needs_bot && !db_write_lock_bot(work, err)))
        return false;
    *ret_any = decide(work);
    if (!*ret_any)
        return true;
    return db_write_change_brain(work, err) &&
           (!work->needs_bot || db_write_change_bot(work, err)) && db_journal_intents(work, err) &&
           (!work->needs_bot || db_write_vote(work, DB_BOT, err)) &&
           db_write_vote(work, DB_BRAIN, err);
}

static void finish(struct db_work *work, enum db_result result)
{
    size_t i;

    for (i = 0; i < work->n; i++) {
        if (!work->ones[i].active)
            continue;
        work->ones[i].out->result = result;
        work->ones[i].out->changed = result == DB_RESULT_DONE;
    }
}

static void say_bot_unknown(struct db_one *one, const struct zm_error *err)
{
    one->out->result = DB_RESULT_UNKNOWN;
    one->out->err = *err;
    db_write_say(one->out,
                 "%s; whether ZmartBot was changed too is not known: it does not answer. Health "
                 "lists request %s until that is settled",
                 one->decision.write_brain ? "ZmartyBrain was changed"
                                           : "the intent is in the journal",
                 one->out->request);
}

static void say_bot_old(struct db_one *one, const struct zm_error *why, const struct zm_error *err)
{
    one->out->err = *why;
    one->out->result = one->decision.write_brain ? DB_RESULT_PARTIAL : DB_RESULT_NOTHING_CHANGED;
    if (one->out->result == DB_RESULT_PARTIAL)
        db_write_say(one->out,
                     "ZmartyBrain was changed, ZmartBot was not (%s). Finish it (f on Health), or "
                     "repair the user",
                     err->message);
    else
        db_write_say(one->out, "nothing was changed: %s; the attempt is in the journal",
                     err->message);
}

/* Bot's transaction is gone although Brain is committed: each user is brought in line by himself,
 * as long as there is time for it. */
static void heal_all(struct db_work *work, const struct zm_error *why)
{
    int64_t deadline = zm_now_ms() + DB_VOTE_BUDGET_MS;
    struct zm_error err = *why;
    size_t i;

    for (i = 0; i < work->n; i++) {
        struct db_one *one = &work->ones[i];
        enum db_found found = DB_FOUND_COMMITTED;

        if (!one->active)
            continue;
        if (one->decision.write_bot)
            found = db_write_heal(work, one, deadline, &err);
        if (found == DB_FOUND_COMMITTED) {
            one->out->result = DB_RESULT_DONE;
            one->out->changed = true;
        } else if (found == DB_FOUND_ABORTED) {
            say_bot_old(one, why, &err);
        } else {
            say_bot_unknown(one, &err);
        }
    }
}

static void commit_bot(struct db_work *work)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};
    enum db_commit commit =
        db_tx_commit(db_write_link(work, DB_BOT), zm_now_ms() + DB_TX_STEP_MS, &err);
    enum db_found found = commit == DB_COMMITTED ? DB_FOUND_COMMITTED : DB_FOUND_ABORTED;
    size_t i;

    if (commit == DB_LOST)
        found = db_resolve_bot(work, zm_now_ms() + DB_VOTE_BUDGET_MS);
    if (found == DB_FOUND_COMMITTED)
        finish(work, DB_RESULT_DONE);
    else if (found == DB_FOUND_ABORTED)
        heal_all(work, &err);
    for (i = 0; found == DB_FOUND_NOT && i < work->n; i++)
        if (work->ones[i].active)
            say_bot_unknown(&work->ones[i], &err);
}

static void say_brain_unknown(struct db_work *work, const struct zm_error *err)
{
    size_t i;

    finish(work, DB_RESULT_UNKNOWN);
    for (i = 0; i < work->n; i++) {
        if (!work->ones[i].active)
            continue;
        work->ones[i].out->err = *err;
        db_write_say(work->ones[i].out,
                     "ZmartBot was not changed; whether ZmartyBrain was is not known: it does not "
                     "answer. If the two differ later, request %s was kept: repair the user",
                     work->ones[i].out->request);
    }
}

/* Brain, and then Bot. From here on nobody's cancel is heard. */
static void commit(struct db_work *work)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};
    enum db_commit commit =
        db_tx_commit(db_write_link(work, DB_BRAIN), zm_now_ms() + DB_VOTE_STEP_MS, &err);
    enum db_found found = commit == DB_COMMITTED ? DB_FOUND_COMMITTED : DB_FOUND_ABORTED;

    if (commit == DB_LOST)
        found = db_resolve_brain(work, work->vote_ms + DB_VOTE_BUDGET_MS);
    if (found == DB_FOUND_COMMITTED && work->needs_bot)
        commit_bot(work);
    else if (found == DB_FOUND_COMMITTED)
        finish(work, DB_RESULT_DONE);
    if (found == DB_FOUND_COMMITTED)
        return;
    if (work->needs_bot)
        db_tx_roll_back(db_write_link(work, DB_BOT));
    if (found == DB_FOUND_ABORTED)
        db_write_fail(work, &err);
    else
        say_brain_unknown(work, &err);
}

static void end_dry(struct db_work *work)
{
    size_t i;

    roll_back(work);
    for (i = 0; i < work->n; i++)
        if (work->ones[i].active)
            db_write_say(work->ones[i].out,
                         "dry run: both databases accepted it; it was rolled back");
}

static void tell(struct db_work *work, const char *outcome)
{
    size_t i;

    for (i = 0; i < work->n; i++)
        if (work->ones[i].active)
            db_journal_syslog(work->terms, work->ones[i].edit,
                              outcome ? outcome : db_result_key(work->ones[i].out->result));
}

/* One attempt. False: it failed before anything was committed, and another may go better. */
static bool attempt(struct db_work *work, struct zm_error *err)
{
    bool any;
    size_t i;

    if (!prepare(work, &any, err)) {
        roll_back(work);
        return false;
    }
    if (!any) {
        roll_back(work);
        return true;
    }
    if (work->terms->dry_run) {
        end_dry(work);
        return true;
    }
    /* A last look: what is known to be gone now need not be found out after Brain's commit. */
    if (work->needs_bot && !db_link_idle_check(db_write_link(work, DB_BOT), err)) {
        roll_back(work);
        return false;
    }
    tell(work, "intent");
    set_deaf(work, true);
    commit(work);
    db_write_look_again(work);
    set_deaf(work, false);
    for (i = 0; i < work->n; i++)
        if (work->ones[i].active && work->ones[i].out->result == DB_RESULT_DONE)
            db_write_say_done(&work->ones[i]);
    tell(work, NULL);
    return true;
}

/* Two transactions got into each other's way; the whole edit is done again, with the same request.
 */
static bool is_passing(const struct zm_error *err)
{
    return zm_streq(err->sqlstate, "40001") || zm_streq(err->sqlstate, "40P01");
}

/* The journal has this request, by a run whose answer was lost, and yet there was something to
 * change: it was half written, or somebody wrote since. It is not carried out twice. */
static bool was_begun_before(struct db_work *work, const struct zm_error *err)
{
    struct db_written *out = work->ones[0].out;

    if (work->n != 1 || !zm_streq(err->sqlstate, "23505") || !work->no_intent)
        return false;
    out->result = DB_RESULT_STALE;
    out->after = out->before;
    db_write_say(out,
                 "nothing was changed: request %s is in the journal already, and the rows are not "
                 "as it meant to leave them; they were changed since, or it was half written",
                 out->request);
    return true;
}

static void forget(struct db_one *one)
{
    struct db_written *out = one->out;

    zm_buf_done(&one->closed);
    zm_buf_done(&one->opened);
    zm_buf_done(&one->strategies);
    zm_buf_done(&one->keys);
    zm_arena_done(&out->arena);
    memset(out, 0, sizeof(*out));
    zm_copy(out->request, sizeof(out->request), one->edit->request);
    *one = (struct db_one){.edit = one->edit, .out = out};
}

static bool ascend(const struct db_edit *edits, size_t n)
{
    size_t i;

    for (i = 1; i < n; i++)
        if (strcasecmp(edits[i - 1].user_id, edits[i].user_id) >= 0)
            return false;
    return n <= DB_WRITE_BATCH;
}

bool db_write_batch(struct db_session *session, const struct db_terms *terms,
                    const struct db_edit *edits, size_t n, struct db_written *ret,
                    size_t *ret_culprit)
{
    struct db_work work = {.session = session, .terms = terms, .n = n, .culprit = n};
    struct zm_error err = {.kind = ZM_ERR_NONE};
    bool ok = false;
    size_t i, tries;

    work.ones = zm_calloc(n, sizeof(*work.ones));
    for (i = 0; i < n; i++) {
        work.ones[i] = (struct db_one){.edit = &edits[i], .out = &ret[i]};
        memset(&ret[i], 0, sizeof(ret[i]));
        work.needs_bot = work.needs_bot || db_edit_needs_bot(&edits[i]);
    }
    if (!ascend(edits, n)) {
        zm_error_set(&err, ZM_ERR_USAGE, "", "write", "the users of a batch are not in order");
        db_write_fail(&work, &err);
        *ret_culprit = n;
        free(work.ones);
        return false;
    }
    for (tries = 0; !ok && tries < DB_WRITE_TRIES && (tries == 0 || is_passing(&err)); tries++) {
        for (i = 0; i < n; i++)
            forget(&work.ones[i]);
        ok = attempt(&work, &err);
    }
    ok = ok || was_begun_before(&work, &err);
    if (!ok)
        db_write_fail(&work, &err);
    *ret_culprit = work.culprit;
    for (i = 0; i < n; i++) {
        zm_buf_done(&work.ones[i].closed);
        zm_buf_done(&work.ones[i].opened);
        zm_buf_done(&work.ones[i].strategies);
        zm_buf_done(&work.ones[i].keys);
    }
    free(work.ones);
    return ok;
}

void db_write(struct db_session *session, const struct db_terms *terms, const struct db_edit *edit,
              struct db_written *ret)
{
    size_t culprit;

    if (!db_session_link(session, DB_BRAIN) && terms->spool && db_edit_only_disables(edit))
        db_write_breakglass(session, terms, edit, ret);
    else
        db_write_batch(session, terms, edit, 1, ret, &culprit);
}
