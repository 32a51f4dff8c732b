/*
 * Whether the application follows a tier change (4.4): ZmartyBrain's half is committed for a test
 * user, ZmartBot is watched, and both are put back. Must touch nobody but a test user.
 */
#include <string.h>

#include "db/flow.h"
#include "db/flow_watch.h"
#include "db/leftovers.h"
#include "db/link.h"
#include "db/steps_live.h"
#include "db/write.h"
#include "db/write_work.h"
#include "zm/clock.h"
#include "zm/str.h"

#define POLL_MS 200
#define SETTLE_MS 500 /* after it was put back, between two looks */
#define SETTLES 3

static const char expected[] =
    "a tier that is changed in ZmartyBrain reaches ZmartBot without zmartctl";

/* What is changed to what: never to the lowest, which would take rights away. */
static const struct {
    const char *from, *to;
} changes[] = {{"free", "pro"}, {"pro", "enterprise"}, {"enterprise", "pro"}};

struct trial {
    struct db_checklist *list;
    struct db_leftover user;
    bool is_ours; /* made for this test, and removed after it */
    struct db_terms terms;
    /* ZmartBot's row before; texts are in the list's arena. */
    const char *tier, *to;
    db_maybe trading, api;
    char request[37];
};

/* The newest test user who is in both databases. */
static bool find_user(struct db_checklist *list, struct db_leftover *ret, struct zm_error *err)
{
    struct db_leftovers all;
    bool found = false;
    size_t i;

    if (!db_leftovers_read(list->session, list->registration_email, &all, err))
        return false;
    for (i = 0; !found && i < all.n; i++) {
        found = all.items[i].login && all.items[i].trader;
        if (found)
            *ret = all.items[i];
    }
    db_leftovers_done(&all);
    if (found)
        return true;
    zm_error_set(err, ZM_ERR_REFUSED, "", "", "there is no test user who is in both databases");
    return zm_error_hint(err, "3.4 with registration_test.email set leaves one; with key_command "
                              "this step makes one itself");
}

/* Where there is none, one is made. */
static bool find_or_make(struct trial *t, struct zm_error *err)
{
    if (find_user(t->list, &t->user, err))
        return true;
    if (err->kind != ZM_ERR_REFUSED || db_live_missing(t->list)[0])
        return false;
    t->is_ours = db_live_make_user(t->list, &t->user, err);
    return t->is_ours;
}

/* The words of the end, after whoever was made for it has gone again. */
static const char *and_gone(struct trial *t, const char *words)
{
    return t->is_ours && db_auth_may_remove(&t->list->auth)
               ? db_live_clean_up(t->list, &t->user, words)
               : words;
}

void db_live_sync_check(struct db_checklist *list, const struct db_step *step,
                        struct db_step_finding *ret)
{
    struct db_leftover user;
    struct zm_error err;

    db_flow_record_check(list, step, expected, ret);
    if (ret->state == DB_STEP_FAIL)
        ret->fix = zm_arena_printf(&list->arena,
                                   "-- where zmartctl's repair is how it is done: zmartctl check "
                                   "waive %s --note TEXT --until DATE",
                                   step->key);
    if (ret->state != DB_STEP_NOT_RUN || ret->err.kind != ZM_ERR_NONE ||
        !db_live_missing(list)[0] || find_user(list, &user, &err) || err.kind != ZM_ERR_REFUSED)
        return;
    ret->state = DB_STEP_WAITING;
    ret->found = err.message[0] ? zm_arena_strdup(&list->arena, err.message) : "";
    ret->fix = zm_arena_printf(&list->arena, "-- %s", err.hint);
}

/* ZmartBot's row now, in the arena. False: *err; it is not one row. */
static bool see_trader(struct trial *t, const char **ret_tier, db_maybe *ret_trading,
                       db_maybe *ret_api, struct zm_error *err)
{
    struct db_link *bot = db_session_link(t->list->session, DB_BOT);
    struct db_ask ask = {.sql = DB_SQL_BOT_SEE_TRADER, .params = {t->user.id}};
    const struct db_trader_lock *row;
    bool ok;

    if (!bot)
        return db_session_away(t->list->session, DB_BOT, "look at the trading profile", err);
    ok = db_link_read(bot, &ask, 1, err);
    if (ok && !ask.ok)
        *err = ask.err;
    ok = ok && ask.ok;
    if (ok && ask.rows.n != 1)
        ok =
            zm_error_set(err, ZM_ERR_REFUSED, db_side_name(DB_BOT), "",
                         "the test user %.80s has %zu trading profiles", t->user.email, ask.rows.n);
    if (ok) {
        row = DB_ROW(&ask.rows, struct db_trader_lock, 0);
        *ret_tier = zm_arena_strdup(&t->list->arena, zm_text(row->tier));
        *ret_trading = row->trading_enabled;
        *ret_api = row->api_access;
    }
    db_asks_done(&ask, 1);
    return ok;
}

static bool take_written(const struct db_written *written, struct zm_error *err)
{
    if (written->result == DB_RESULT_DONE)
        return true;
    if (written->err.kind != ZM_ERR_NONE)
        *err = written->err;
    else
        zm_error_set(err, ZM_ERR_REFUSED, "", "", "%s", written->message);
    return false;
}

/* ZmartyBrain's half alone; ZmartBot's is the application's. */
static bool change(struct trial *t, const char *from, const char *to, const char *reason,
                   struct zm_error *err)
{
    struct db_edit edit = {.action = DB_ACTION_TIER, .brain_alone = true, .reason = reason};
    struct db_written written = {.result = DB_RESULT_DONE};
    bool ok;

    zm_copy(edit.user_id, sizeof(edit.user_id), t->user.id);
    zm_copy(edit.request, sizeof(edit.request), t->request);
    db_values_set(&edit.want, DB_ITEM_TIER, to);
    db_values_set(&edit.seen, DB_ITEM_TIER, from);
    db_write(t->list->session, &t->terms, &edit, &written);
    ok = take_written(&written, err);
    db_written_done(&written);
    return ok;
}

/* Both halves as they were, through the protocol. `late`: ZmartyBrain's is already, and ZmartBot
 * takes what it says. */
static bool put(struct trial *t, bool late, struct zm_error *err)
{
    struct db_edit edit = {.action = late ? DB_ACTION_REPAIR : DB_ACTION_UNDO,
                           .undo_of = late ? NULL : t->request,
                           .keep_rights = true,
                           .reason = "checklist: put back"};
    struct db_written written = {.result = DB_RESULT_DONE};
    bool ok;

    db_live_rearm(t->list);
    zm_copy(edit.user_id, sizeof(edit.user_id), t->user.id);
    db_request_new(edit.request);
    db_values_set(&edit.want, late ? DB_ITEM_BOT_TIER : DB_ITEM_TIER, t->tier);
    if (t->trading >= 0)
        db_values_set_flag(&edit.want, DB_ITEM_TRADING, t->trading);
    if (t->api >= 0)
        db_values_set_flag(&edit.want, DB_ITEM_API, t->api);
    db_write(t->list->session, &t->terms, &edit, &written);
    ok = take_written(&written, err);
    db_written_done(&written);
    return ok;
}

/* What the application read before may be written by it after. */
static bool settle(struct trial *t, struct zm_error *err)
{
    db_maybe trading, api;
    const char *tier;
    int i;

    for (i = 0; i < SETTLES; i++) {
        db_flow_pause(t->list, SETTLE_MS);
        if (!see_trader(t, &tier, &trading, &api, err))
            return false;
        if (zm_streq(tier, t->tier) && trading == t->trading && api == t->api)
            continue;
        if (!put(t, true, err))
            return false;
    }
    return true;
}

/* Twice: a signal that came meanwhile was meant for the waiting. */
static bool take_back(struct trial *t, struct zm_error *err)
{
    return (put(t, false, err) || put(t, false, err)) && settle(t, err);
}

/* Until ZmartBot says the new tier; *ret_ms is -1 when it does not. */
static bool wait_for(struct trial *t, int64_t *ret_ms, struct zm_error *err)
{
    int64_t began = zm_now_ms(), told = 0, limit = t->list->flow_seconds * (int64_t)1000;
    db_maybe trading, api;
    const char *tier;
    char line[160];

    *ret_ms = -1;
    for (;;) {
        if (!see_trader(t, &tier, &trading, &api, err))
            return false;
        if (zm_streq(tier, t->to)) {
            *ret_ms = zm_now_ms() - began;
            return true;
        }
        if (zm_now_ms() - began >= limit)
            return true;
        if (zm_now_ms() - told >= 1000 && t->list->say) {
            told = zm_now_ms();
            snprintf(line, sizeof(line), "tier %s is in ZmartyBrain; waiting for ZmartBot (%lld s)",
                     t->to, (long long)(told - began) / 1000);
            t->list->say(t->list->context, line);
        }
        if (!db_flow_pause(t->list, POLL_MS))
            return zm_error_set(err, ZM_ERR_CANCELLED, "", "", "it was stopped");
    }
}

/* A test that was killed left its change in ZmartyBrain: what ZmartBot has is what was before. */
static bool put_right(struct trial *t, struct zm_error *err)
{
    struct db_link *brain = db_session_link(t->list->session, DB_BRAIN);
    struct db_ask ask = {.sql = DB_SQL_BRAIN_SEE_PROFILE, .params = {t->user.id}};
    const char *tier;
    bool ok;

    if (!brain)
        return db_session_away(t->list->session, DB_BRAIN, "look at the profile", err);
    ok = db_link_read(brain, &ask, 1, err);
    if (ok && !ask.ok)
        *err = ask.err;
    ok = ok && ask.ok;
    tier = ok && ask.rows.n == 1
               ? zm_arena_strdup(&t->list->arena,
                                 zm_text(DB_ROW(&ask.rows, struct db_profile_lock, 0)->tier))
               : t->tier;
    db_asks_done(&ask, 1);
    if (!ok || zm_streq(tier, t->tier))
        return ok;
    if (t->list->say)
        t->list->say(t->list->context, "putting back what a test that was killed has left");
    db_request_new(t->request);
    return change(t, tier, t->tier, "checklist: put back what a killed test left", err);
}

static bool prepare(struct trial *t, struct zm_error *err)
{
    size_t i;

    if (!find_or_make(t, err) || !see_trader(t, &t->tier, &t->trading, &t->api, err))
        return false;
    for (i = 0; i < ZM_COUNT(changes); i++)
        if (zm_streq(changes[i].from, t->tier))
            t->to = changes[i].to;
    if (!t->to)
        return zm_error_set(err, ZM_ERR_REFUSED, db_side_name(DB_BOT), "",
                            "the test user %.80s has no tier that is known: '%.40s'", t->user.email,
                            t->tier);
    if (!put_right(t, err))
        return false;
    db_request_new(t->request);
    return true;
}

bool db_live_sync_run(struct db_checklist *list, const struct db_step *step, bool dry_run,
                      struct db_step_finding *ret, struct zm_error *err)
{
    struct trial t = {.list = list, .terms = {.policy = list->policy, .who = list->who}};
    struct zm_error why = {.kind = ZM_ERR_NONE}, back;
    const char *words;
    int64_t ms = -1;
    bool ok;

    ret->expected = expected;
    if (!db_live_is_no_trial(step, dry_run, err))
        return false;
    if (!prepare(&t, err) ||
        !change(&t, t.tier, t.to, "checklist: does the application follow?", err)) {
        (void)and_gone(&t, "");
        return false;
    }
    ok = wait_for(&t, &ms, &why);
    words = ms >= 0
                ? zm_arena_printf(&list->arena, "followed in %.1f s", (double)ms / 1000)
                : zm_arena_printf(&list->arena,
                                  "no automatic sync within %d s: zmartctl's repair is the sync",
                                  list->flow_seconds);
    if (!take_back(&t, &back)) {
        words =
            zm_arena_printf(&list->arena, "%s; the tier of %s could not be put back to %s: %.200s",
                            words, t.user.email, t.tier, back.message);
        return db_live_end(list, step, false, and_gone(&t, words), ret, err);
    }
    words = and_gone(&t, words);
    if (ok)
        return db_live_end(list, step, ms >= 0, words, ret, err);
    *err = why;
    return zm_error_hint(err, "the tier of the test user was put back; nothing was recorded");
}
