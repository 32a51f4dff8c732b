/*
 * A registration, tried and rolled back: a marked user signs up and confirms his address, his
 * profile follows (3.1),
 * policies let him have his own row and nobody else's (3.2), his trading profile follows (3.3).
 */
#include "db/steps_flow.h"

#include "db/checklist_run.h"
#include "db/flow.h"
#include "db/trial.h"
#include "db/write_work.h"
#include "zm/str.h"

bool db_flow_end(struct db_checklist *list, const struct db_step *step, bool dry_run, bool ok,
                 const char *found, const struct zm_error *why, struct db_step_finding *ret,
                 struct zm_error *err)
{
    if (!ok && !found && !db_trial_is_answer(why)) {
        *err = *why;
        return zm_error_hint(err, "it could not be tried; nothing was kept%s%s",
                             why->kind == ZM_ERR_REFUSED ? "; " : "",
                             why->kind == ZM_ERR_REFUSED ? db_trial_who_may : "");
    }
    ret->state = ok ? DB_STEP_OK : DB_STEP_FAIL;
    ret->found = found ? found
                       : zm_arena_printf(&list->arena, "%s: %s (%s)%s%s", why->where, why->message,
                                         why->sqlstate, why->hint[0] ? "; " : "", why->hint);
    return dry_run || db_flow_record_write(list, step, ok, ret->found, err);
}

/* ---- ZmartyBrain ---- */

struct sign_up {
    struct db_trial trial;
    struct db_ask facts;
    bool by_trigger, by_confirmation; /* who made his profile; neither: the application */
};

static const struct db_trial_facts *facts_of(const struct sign_up *s)
{
    return DB_ROW(&s->facts.rows, struct db_trial_facts, 0);
}

static bool count(struct db_trial *trial, enum db_sql sql, const char *id, int64_t *ret,
                  struct zm_error *err)
{
    struct db_ask ask = {.sql = sql, .params = {id}};
    bool ok = db_trial_run(trial, &ask, err);

    *ret = ok ? DB_ROW(&ask.rows, struct db_trial_count, 0)->n : 0;
    db_asks_done(&ask, 1);
    return ok;
}

static bool look(struct db_trial *trial, struct db_trial_seen *ret, struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BRAIN_TRIAL_LOOK, .params = {trial->id}};
    bool ok = db_trial_run(trial, &ask, err);

    if (ok)
        *ret = *DB_ROW(&ask.rows, struct db_trial_seen, 0);
    db_asks_done(&ask, 1);
    return ok;
}

/* Somebody who was there before him, so that there is a row that he must neither see nor change. */
static bool sign_other_up(struct sign_up *s, struct zm_error *err)
{
    struct db_trial *t = &s->trial;
    struct db_ask made = {.sql = DB_SQL_BRAIN_INSERT_PROFILE, .params = {t->other, "free"}};
    bool ok = db_trial_sign_up(t, facts_of(s), true, err) && db_trial_run(t, &made, err);

    db_asks_done(&made, 1);
    return ok;
}

/* Confirming is left out where nothing follows it: it would change nothing that is looked at. */
static bool confirm(struct sign_up *s, struct zm_error *err)
{
    struct db_trial_seen seen;

    if (!facts_of(s)->confirms)
        return true;
    if (!db_trial_confirm(&s->trial, facts_of(s), err) || !look(&s->trial, &seen, err))
        return false;
    s->by_confirmation = !s->by_trigger && seen.own > 0;
    return true;
}

/* He signs up; where no trigger makes his profile, then or when his address is confirmed, the
 * application does as he. Ends as that user. */
static bool sign_up(struct sign_up *s, bool with_other, struct zm_error *err)
{
    struct db_trial *t = &s->trial;
    struct db_trial_seen seen;

    s->facts.sql = DB_SQL_BRAIN_TRIAL_FACTS;
    if (!db_trial_run(t, &s->facts, err))
        return false;
    if (!facts_of(s)->acts_as_user) {
        zm_error_set(err, ZM_ERR_REFUSED, db_side_name(DB_BRAIN), "try a registration",
                     "this role may not act as authenticated");
        return zm_error_hint(err, "%s", db_trial_who_may);
    }
    if ((with_other && !sign_other_up(s, err)) || !db_trial_sign_up(t, facts_of(s), false, err) ||
        !look(t, &seen, err))
        return false;
    s->by_trigger = seen.own > 0;
    return confirm(s, err) && db_trial_act_as(t, "authenticated", t->id, err) &&
           (s->by_trigger || s->by_confirmation ||
            db_trial_do(t, DB_SQL_BRAIN_TRIAL_INSERT, t->id, NULL, NULL, err));
}

static const char *arrival(struct db_checklist *list, struct sign_up *s, bool *ret_ok,
                           struct zm_error *err)
{
    struct db_trial_seen seen;

    if (!look(&s->trial, &seen, err))
        return NULL;
    *ret_ok = seen.own == 1;
    if (seen.own != 1)
        return zm_arena_printf(&list->arena, "a new user has %lld profiles that he sees, not 1",
                               (long long)seen.own);
    if ((s->by_trigger || s->by_confirmation) && facts_of(s)->powerless) {
        *ret_ok = false;
        return zm_arena_printf(
            &list->arena,
            "the trigger %s makes the profile for this role, but may not for the Auth server "
            "(supabase_auth_admin): its function wants SECURITY DEFINER",
            facts_of(s)->powerless);
    }
    if (s->by_trigger)
        return zm_arena_printf(&list->arena, "the profile follows the sign-up by trigger (%s)",
                               zm_text(facts_of(s)->triggers));
    if (s->by_confirmation)
        return zm_arena_printf(
            &list->arena,
            "no profile follows the sign-up; one follows the confirmation of the "
            "e-mail by trigger (%s)",
            zm_text(facts_of(s)->confirms));
    return "the user inserts his own profile under row security, as the application does";
}

/* Makes a profile for somebody else; the last thing, since it is to fail. */
static const char *makes_others(struct sign_up *s, struct zm_error *err)
{
    struct db_trial *t = &s->trial;

    if (!facts_of(s)->inserts || !db_trial_act_as(t, "authenticated", t->id, err))
        return NULL;
    if (db_trial_do(t, DB_SQL_BRAIN_TRIAL_INSERT, t->other, NULL, NULL, err))
        return "a user makes a profile for somebody else";
    if (!db_trial_is_answer(err))
        return NULL;
    if (err->kind != ZM_ERR_PRIVILEGE)
        return "a user makes a profile for somebody else, where only a constraint hinders him";
    err->kind = ZM_ERR_NONE;
    return NULL;
}

/* What he sees and changes. NULL: *err, or all is well. */
static const char *trespass(struct sign_up *s, struct zm_error *err)
{
    struct db_trial *t = &s->trial;
    struct db_trial_seen seen;
    int64_t own = 1, others = 0;

    if (!look(t, &seen, err) || !count(t, DB_SQL_BRAIN_TRIAL_CHANGE, t->id, &own, err) ||
        !count(t, DB_SQL_BRAIN_TRIAL_CHANGE, t->other, &others, err))
        return NULL;
    if (seen.own != 1)
        return "a user does not see his own profile";
    if (own != 1)
        return "a user cannot change his own profile";
    if (seen.others)
        return "a user sees the profiles of others";
    if (others > 0)
        return "a user changes the profiles of others";
    if (facts_of(s)->anon_reads && (!db_trial_act_as(t, "anon", "", err) || !look(t, &seen, err)))
        return NULL;
    if (facts_of(s)->anon_reads && (seen.own > 0 || seen.others))
        return "anon sees profiles";
    return makes_others(s, err);
}

static const char *policies(struct db_checklist *list, struct sign_up *s, bool *ret_ok,
                            struct zm_error *err)
{
    const char *wrong = trespass(s, err);

    *ret_ok = !wrong && err->kind == ZM_ERR_NONE;
    if (wrong || err->kind != ZM_ERR_NONE)
        return wrong;
    return zm_arena_printf(&list->arena, "a user has his own profile and nobody else's%s",
                           facts_of(s)->writes_tier
                               ? "; he may change his own tier, which step 6.5 closes"
                               : "; his tier is not his to change");
}

static bool run_brain(struct db_checklist *list, const struct db_step *step, bool dry_run,
                      const char *(*judge)(struct db_checklist *, struct sign_up *, bool *,
                                           struct zm_error *),
                      struct db_step_finding *ret, struct zm_error *err)
{
    struct sign_up s = {.facts = {.ok = false}};
    struct zm_error why = {.kind = ZM_ERR_NONE};
    const char *found = NULL;
    bool ok = false;

    db_trial_name(&s.trial);
    if (!db_trial_begin(&s.trial, list, DB_BRAIN, err))
        return false;
    if (sign_up(&s, judge == policies, &why))
        found = judge(list, &s, &ok, &why);
    if (!db_trial_end(&s.trial, err)) {
        db_asks_done(&s.facts, 1);
        return false;
    }
    db_asks_done(&s.facts, 1);
    return db_flow_end(list, step, dry_run, ok, found, &why, ret, err);
}

static bool run_arrival(struct db_checklist *list, const struct db_step *step, bool dry_run,
                        struct db_step_finding *ret, struct zm_error *err)
{
    return run_brain(list, step, dry_run, arrival, ret, err);
}

static bool run_policies(struct db_checklist *list, const struct db_step *step, bool dry_run,
                         struct db_step_finding *ret, struct zm_error *err)
{
    return run_brain(list, step, dry_run, policies, ret, err);
}

/* ---- ZmartBot ---- */

static const char *wrong_defaults(struct db_checklist *list, const struct db_ask *ask)
{
    const struct db_trader_lock *row = DB_ROW(&ask->rows, struct db_trader_lock, 0);

    if (ask->rows.n != 1)
        return zm_arena_printf(&list->arena, "a new user has %zu trading profiles, not 1",
                               ask->rows.n);
    if (!zm_streq(row->tier, "free"))
        return zm_arena_printf(&list->arena, "a new trading profile has tier %.40s, not free",
                               row->tier ? row->tier : "null");
    if (row->trading_enabled != 0 || row->api_access != 0)
        return "a new trading profile has rights already";
    return NULL;
}

/* As one role; *ret_answer: what the server said when it refused. */
static bool try_trader(struct db_checklist *list, const char *role, const char **ret_found,
                       bool *ret_ok, struct zm_error *why, struct zm_error *err)
{
    struct db_trial t;
    struct db_ask ask = {.sql = DB_SQL_BOT_LOCK_TRADER, .params = {t.id}};
    const char *wrong;

    db_trial_name(&t);
    if (!db_trial_begin(&t, list, DB_BOT, err))
        return false;
    if (db_trial_act_as(&t, role, "", why) &&
        db_trial_do(&t, DB_SQL_BOT_TRIAL_INSERT, t.id, t.email, NULL, why) &&
        db_trial_act_as(&t, "none", "", why) && db_trial_run(&t, &ask, why)) {
        wrong = wrong_defaults(list, &ask);
        *ret_ok = !wrong;
        *ret_found =
            wrong ? wrong
                  : zm_arena_printf(&list->arena,
                                    "%s inserts the trading profile: tier free, no rights", role);
    }
    db_asks_done(&ask, 1);
    return db_trial_end(&t, err);
}

static bool roles_of(struct db_checklist *list, struct db_trial_roles *ret, struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BOT_TRIAL_FACTS};
    struct db_link *own, *link = db_step_link(list, DB_BOT, &own, err);
    bool ok = link && db_link_read(link, &ask, 1, err);

    if (ok && !ask.ok)
        *err = ask.err;
    ok = ok && ask.ok;
    if (ok)
        *ret = *DB_ROW(&ask.rows, struct db_trial_roles, 0);
    db_asks_done(&ask, 1);
    db_link_free(own);
    return ok;
}

/* The document lets everybody insert; after item 6 only the application's server may. */
static bool run_trader(struct db_checklist *list, const struct db_step *step, bool dry_run,
                       struct db_step_finding *ret, struct zm_error *err)
{
    struct zm_error why = {.kind = ZM_ERR_NONE};
    struct db_trial_roles roles;
    const char *found = NULL;
    bool ok = false;

    if (!roles_of(list, &roles, err))
        return false;
    if (!roles.acts_as_anon && !roles.acts_as_service) {
        zm_error_set(err, ZM_ERR_REFUSED, db_side_name(DB_BOT), "try a registration",
                     "this role may act neither as anon nor as service_role");
        return zm_error_hint(err, "an admin connection in the profile, as postgres, may");
    }
    if (roles.acts_as_anon && !try_trader(list, "anon", &found, &ok, &why, err))
        return false;
    if (!found && roles.acts_as_service && (!roles.acts_as_anon || db_trial_is_answer(&why))) {
        why.kind = ZM_ERR_NONE;
        if (!try_trader(list, "service_role", &found, &ok, &why, err))
            return false;
    }
    return db_flow_end(list, step, dry_run, ok, found, &why, ret, err);
}

/* ---- the table ---- */

static void check(struct db_checklist *list, const struct db_step *step,
                  struct db_step_finding *ret)
{
    static const char *const expected[] = {
        "a marked user signs up and has a profile",
        "a user reads and changes his own profile and nobody else's, anon none",
        "a trading profile is made: tier free, no rights",
        "the statements of a tier change succeed on both sides",
        "the statement that repairs an e-mail succeeds",
    };

    db_flow_record_check(list, step, expected[step->about], ret);
}

/* clang-format off */
const struct db_step db_steps_flow[] = {
    {"3.1", 3, "a sign-up gets its profile", DB_STEP_BRAIN, DB_STEP_TRIAL,
     "without a profile a user has no tier; the trial is rolled back",
     "", check, run_arrival, db_flow_fingerprint, 0},
    {"3.2", 3, "a user has his own profile and nobody else's", DB_STEP_BRAIN, DB_STEP_TRIAL,
     "row security is all that stands between a user's token and everybody's rows; the trial is rolled back",
     "", check, run_policies, db_flow_fingerprint, 1},
    {"3.3", 3, "a sign-up gets its trading profile", DB_STEP_BOT, DB_STEP_TRIAL,
     "the application makes it after the registration; the trial is rolled back",
     "", check, run_trader, db_flow_fingerprint, 2},
    {"4.1", 4, "nothing differs that repair would mend", DB_STEP_BOTH, DB_STEP_TRIAL,
     "a user whose halves differ is judged by whichever half is asked",
     "", db_flow_drift_check, db_flow_drift_run, db_flow_fingerprint, 0},
    {"4.2", 4, "a tier change works on both sides", DB_STEP_BOTH, DB_STEP_TRIAL,
     "its statements meet constraints, triggers and rights here first; the trial is rolled back",
     "", check, db_flow_tier_run, db_flow_fingerprint, 3},
    {"4.3", 4, "an e-mail is repaired", DB_STEP_BOT, DB_STEP_TRIAL,
     "ZmartBot takes the e-mail that ZmartyBrain has; the trial is rolled back",
     "", check, db_flow_email_run, db_flow_fingerprint, 4},
    {.key = NULL},
};
/* clang-format on */
