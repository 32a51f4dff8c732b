/*
 * Item 4: no drift that repair would mend (4.1), and the very statements of a tier change (4.2) and
 * of an e-mail's repair (4.3), tried on marked rows and rolled back.
 */
#include <string.h>

#include "db/catalog.h"
#include "db/compare.h"
#include "db/flow.h"
#include "db/steps_flow.h"
#include "db/trial.h"
#include "db/write_work.h"
#include "zm/str.h"

#define UNASKED 100000 /* users: tables that are larger are not read because somebody looks */

/* ---- 4.1 ---- */

struct counts {
    struct db_checklist *list;
    int64_t n[DB_CLASSES];
};

static bool count(void *context, const struct db_drift *drift)
{
    struct counts *counts = context;

    counts->n[drift->class] += drift->mend == DB_MEND_SAFE;
    return true;
}

static bool stopped(void *context)
{
    const struct counts *counts = context;

    return counts->list->stopped && counts->list->stopped(counts->list->context);
}

static const char *words_of(struct db_checklist *list, const struct counts *counts,
                            const struct db_compare_result *result, bool *ret_ok)
{
    struct zm_buf text = {.s = NULL};
    const char *words;
    int i;

    for (i = 0; i < DB_CLASSES; i++)
        if (counts->n[i] > 0)
            zm_buf_printf(&text, "%s%lld %s", text.len ? ", " : "", (long long)counts->n[i],
                          db_class_row((enum db_class)i)->title);
    *ret_ok = text.len == 0;
    words = zm_arena_printf(&list->arena, "%s; %lld users compared",
                            text.len ? text.s : "nothing differs that repair would mend",
                            (long long)result->brain_users);
    zm_buf_done(&text);
    return words;
}

static bool compare(struct db_checklist *list, int grace_ms, const char **ret_words, bool *ret_ok,
                    struct zm_error *err)
{
    struct counts counts = {.list = list};
    const struct db_compare what = {.scan = list->session,
                                    .primary = list->session,
                                    .policy = list->policy,
                                    .classes = DB_CLASS_DRIFT,
                                    .grace_ms = grace_ms,
                                    .limit_ms = DB_COMPARE_LIMIT_MS,
                                    .found = count,
                                    .stopped = stopped,
                                    .context = &counts};
    struct db_compare_result result;

    if (!db_compare_run(&what, &result, err))
        return false;
    *ret_words = words_of(list, &counts, &result, ret_ok);
    return true;
}

static bool is_large(const struct db_checklist *list)
{
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        const struct db_link *link = db_session_link(list->session, (enum db_side)side);

        if (link && db_link_facts(link)->estimate > UNASKED)
            return true;
    }
    return false;
}

void db_flow_drift_check(struct db_checklist *list, const struct db_step *step,
                         struct db_step_finding *ret)
{
    static const char expected[] = "no drift of the safe lane";
    bool ok;

    if (is_large(list)) {
        db_flow_record_check(list, step, expected, ret);
        return;
    }
    ret->expected = expected;
    if (!compare(list, 0, &ret->found, &ok, &ret->err)) {
        ret->state = DB_STEP_NOT_RUN;
        ret->found = "they could not be compared";
        return;
    }
    ret->state = ok ? DB_STEP_OK : DB_STEP_FAIL;
    ret->fix = ok ? "" : "-- zmartctl repair, or the Sync screen (2): plan, apply";
}

bool db_flow_drift_run(struct db_checklist *list, const struct db_step *step, bool dry_run,
                       struct db_step_finding *ret, struct zm_error *err)
{
    struct zm_error why = {.kind = ZM_ERR_NONE};
    const char *words;
    bool ok;

    if (!compare(list, DB_COMPARE_GRACE_MS, &words, &ok, err))
        return false;
    return db_flow_end(list, step, dry_run, ok, words, &why, ret, err);
}

/* ---- 4.2 ---- */

static const char *not_one(struct db_checklist *list, const char *what, size_t n)
{
    return zm_arena_printf(&list->arena, "%s: %zu rows, not 1", what, n);
}

/* A statement that must give one row; its first column is kept where it is wanted. */
static bool one_row(struct db_trial *t, struct db_ask *ask, const char *what, char ret_id[37],
                    const char **ret_wrong, struct zm_error *err)
{
    bool ok = db_trial_run(t, ask, err);

    if (ok && ask->rows.n != 1) {
        *ret_wrong = not_one(t->list, what, ask->rows.n);
        ok = false;
    }
    if (ok && ret_id) /* every shape here begins with the row's id */
        zm_copy(ret_id, 37, *(const char *const *)ask->rows.items);
    db_asks_done(ask, 1);
    return ok;
}

/* Each tier is taken once, and each is left once. */
static const struct {
    const char *from, *to;
} moves[] = {{"free", "pro"}, {"pro", "enterprise"}, {"enterprise", "free"}};

static bool move_in_brain(struct db_trial *t, const char *profile, const char *from, const char *to,
                          const char *closing, const char **ret_wrong, struct zm_error *err)
{
    struct db_ask set = {.sql = DB_SQL_BRAIN_SET_TIER, .params = {profile, to, from}};
    struct db_ask closed = {.sql = DB_SQL_BRAIN_CLOSE_SUBSCRIPTIONS, .params = {t->id, closing}};
    struct db_ask opened = {.sql = DB_SQL_BRAIN_OPEN_SUBSCRIPTION, .params = {t->id, to}};

    return one_row(t, &set, "changing the tier in ZmartyBrain", NULL, ret_wrong, err) &&
           one_row(t, &closed, "closing the subscription", NULL, ret_wrong, err) &&
           one_row(t, &opened, "opening the new subscription", NULL, ret_wrong, err);
}

/* Signs up; has a profile, whoever made it, and one active subscription. */
static bool begin_in_brain(struct db_trial *t, const char *closing, const char **ret_wrong,
                           struct zm_error *err)
{
    struct db_ask facts = {.sql = DB_SQL_BRAIN_TRIAL_FACTS};
    struct db_ask opened = {.sql = DB_SQL_BRAIN_OPEN_SUBSCRIPTION, .params = {t->id, "free"}};
    bool ok = db_trial_run(t, &facts, err) &&
              db_trial_sign_up(t, DB_ROW(&facts.rows, struct db_trial_facts, 0), false, err) &&
              db_trial_do(t, DB_SQL_BRAIN_INSERT_PROFILE, t->id, "free", NULL, err) &&
              db_trial_do(t, DB_SQL_BRAIN_CLOSE_SUBSCRIPTIONS, t->id, closing, NULL, err) &&
              one_row(t, &opened, "opening a subscription", NULL, ret_wrong, err);

    db_asks_done(&facts, 1);
    return ok;
}

static bool tier_in_brain(struct db_trial *t, const char **ret_wrong, struct zm_error *err)
{
    const char *closing = db_catalog_closing_status(db_link_catalog(t->link));
    char profile[37], request[37];
    struct db_ask locked = {.sql = DB_SQL_BRAIN_LOCK_PROFILE, .params = {t->id}};
    struct db_ask intent = {
        .sql = DB_SQL_BRAIN_WRITE_INTENT,
        .params = {request, t->id, "zmartctl.flow_test", "{subject}", "{trial}"}};
    size_t i;
    bool ok;

    closing = closing ? closing : "ended";
    db_request_new(request);
    ok = begin_in_brain(t, closing, ret_wrong, err) &&
         db_trial_do(t, DB_SQL_BRAIN_LOCK_USER, t->id, NULL, NULL, err) &&
         one_row(t, &locked, "locking the profile", profile, ret_wrong, err);
    for (i = 0; ok && i < ZM_COUNT(moves); i++)
        ok = move_in_brain(t, profile, moves[i].from, moves[i].to, closing, ret_wrong, err);
    ok = ok && db_trial_run(t, &intent, err) &&
         db_trial_do(t, DB_SQL_EITHER_VOTE, NULL, NULL, NULL, err);
    db_asks_done(&intent, 1);
    return ok;
}

/* A marked trading profile with that e-mail, locked. */
static bool trader(struct db_trial *t, const char *email, char ret_id[37], const char **ret_wrong,
                   struct zm_error *err)
{
    struct db_ask made = {.sql = DB_SQL_BOT_INSERT_TRADER, .params = {t->id, email, "free"}};
    struct db_ask locked = {.sql = DB_SQL_BOT_LOCK_TRADER, .params = {t->id}};

    return one_row(t, &made, "making a trading profile", NULL, ret_wrong, err) &&
           one_row(t, &locked, "locking the trading profile", ret_id, ret_wrong, err);
}

/* The way back to the lowest tier takes rights away. */
static bool tier_in_bot(struct db_trial *t, const char **ret_wrong, struct zm_error *err)
{
    char id[37];
    bool ok = trader(t, t->email, id, ret_wrong, err);
    size_t i;

    for (i = 0; ok && i < ZM_COUNT(moves); i++) {
        bool down = i + 1 == ZM_COUNT(moves);
        struct db_ask set = {.sql = down ? DB_SQL_BOT_SET_TIER_RIGHTS : DB_SQL_BOT_SET_TIER,
                             .params = {id, moves[i].to, moves[i].from}};

        if (down)
            set.params[3] = set.params[4] = "false";
        ok = one_row(t, &set, "changing the tier in ZmartBot", NULL, ret_wrong, err);
    }
    return ok && db_trial_do(t, DB_SQL_EITHER_VOTE, NULL, NULL, NULL, err);
}

static bool email_in_bot(struct db_trial *t, const char **ret_wrong, struct zm_error *err)
{
    static const char old[] = "zmartctl-test+old@example.invalid";
    char id[37];
    struct db_ask set = {.sql = DB_SQL_BOT_SET_EMAIL, .params = {id, t->email, old}};

    return trader(t, old, id, ret_wrong, err) &&
           one_row(t, &set, "taking the e-mail", NULL, ret_wrong, err) &&
           db_trial_do(t, DB_SQL_EITHER_VOTE, NULL, NULL, NULL, err);
}

/* One side of it. False: *err, and nothing can be said. */
static bool on_side(struct db_checklist *list, enum db_side side,
                    bool (*tried)(struct db_trial *, const char **, struct zm_error *),
                    const char **ret_wrong, bool *ret_ok, struct zm_error *ret_why,
                    struct zm_error *err)
{
    struct db_trial t;

    db_trial_name(&t);
    if (!db_trial_begin(&t, list, side, err))
        return false;
    *ret_ok = tried(&t, ret_wrong, ret_why);
    return db_trial_end(&t, err);
}

/* What a change runs on a side, what is most particular about its columns first; the trial is of
 * the admin's role where there is one, the change is of the everyday role. DB_SQL_NONE ends them.
 */
static const enum db_sql tier_statements[DB_SIDES][8] = {
    [DB_BRAIN] = {DB_SQL_BRAIN_LOCK_USER, DB_SQL_BRAIN_SET_TIER, DB_SQL_BRAIN_LOCK_PROFILE,
                  DB_SQL_BRAIN_CLOSE_SUBSCRIPTIONS, DB_SQL_BRAIN_OPEN_SUBSCRIPTION,
                  DB_SQL_BRAIN_WRITE_INTENT, DB_SQL_NONE},
    [DB_BOT] = {DB_SQL_BOT_SET_TIER, DB_SQL_BOT_SET_TIER_RIGHTS, DB_SQL_BOT_LOCK_TRADER,
                DB_SQL_NONE},
};
static const enum db_sql email_statements[] = {DB_SQL_BOT_SET_EMAIL, DB_SQL_BOT_LOCK_TRADER,
                                               DB_SQL_NONE};

/* NULL: nothing, or the trial was of the everyday role itself. */
static const char *everyday_lacks(struct db_checklist *list, enum db_side side,
                                  const enum db_sql *statements)
{
    struct db_link *link = list->admin[side] ? db_session_link(list->session, side) : NULL;
    struct zm_error err;

    for (; link && *statements != DB_SQL_NONE; statements++)
        if (!db_catalog_allows(db_link_catalog(link), *statements, &err))
            return zm_arena_printf(&list->arena,
                                   "it works for the admin role, but not for the everyday one: "
                                   "%s: %s%s%s",
                                   db_side_name(side), err.message, err.hint[0] ? "; " : "",
                                   err.hint);
    return NULL;
}

bool db_flow_tier_run(struct db_checklist *list, const struct db_step *step, bool dry_run,
                      struct db_step_finding *ret, struct zm_error *err)
{
    struct zm_error why = {.kind = ZM_ERR_NONE};
    const char *wrong = NULL;
    bool ok;

    if (!on_side(list, DB_BRAIN, tier_in_brain, &wrong, &ok, &why, err) ||
        (ok && !on_side(list, DB_BOT, tier_in_bot, &wrong, &ok, &why, err)))
        return false;
    wrong = ok ? everyday_lacks(list, DB_BRAIN, tier_statements[DB_BRAIN]) : wrong;
    wrong = ok && !wrong ? everyday_lacks(list, DB_BOT, tier_statements[DB_BOT]) : wrong;
    ok = ok && !wrong;
    return db_flow_end(list, step, dry_run, ok,
                       ok ? "every statement of a tier change succeeds on both sides" : wrong, &why,
                       ret, err);
}

bool db_flow_email_run(struct db_checklist *list, const struct db_step *step, bool dry_run,
                       struct db_step_finding *ret, struct zm_error *err)
{
    struct zm_error why = {.kind = ZM_ERR_NONE};
    const char *wrong = NULL;
    bool ok;

    if (!on_side(list, DB_BOT, email_in_bot, &wrong, &ok, &why, err))
        return false;
    wrong = ok ? everyday_lacks(list, DB_BOT, email_statements) : wrong;
    ok = ok && !wrong;
    return db_flow_end(list, step, dry_run, ok,
                       ok ? "ZmartBot takes the e-mail that ZmartyBrain has" : wrong, &why, ret,
                       err);
}
