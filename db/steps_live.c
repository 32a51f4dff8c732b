/*
 * Watching a sign-up (3.4) and making one over the Auth API (3.5). Must touch nobody but the users
 * that it made itself.
 */
#include "db/steps_live.h"

#include "db/flow.h"
#include "db/flow_watch.h"
#include "db/leftovers.h"
#include "db/link.h"
#include "zm/str.h"

#define PATIENCE 20 /* a person signs up, confirms and fills in: times flow_seconds */

static const char watch_expected[] =
    "a sign-up becomes a profile in ZmartyBrain and a trading profile in ZmartBot";
static const char not_known[] = "whether the user was made is not known: if he was, zmartctl check "
                                "lists him as left behind";
static const char api_expected[] =
    "a user made over the Auth API arrives in both databases, and is removed again";

bool db_live_is_no_trial(const struct db_step *step, bool dry_run, struct zm_error *err)
{
    if (!dry_run)
        return true;
    zm_error_set(err, ZM_ERR_REFUSED, "", "", "step %s cannot be tried: it is performed for real",
                 step->key);
    return zm_error_hint(err, "nothing was changed; without --dry-run it is performed");
}

void db_live_rearm(struct db_checklist *list)
{
    int side;

    list->stopped = NULL;
    for (side = 0; side < DB_SIDES; side++)
        if (list->session->link[side])
            db_link_rearm(list->session->link[side]);
    db_session_connect(list->session);
}

bool db_live_end(struct db_checklist *list, const struct db_step *step, bool ok, const char *found,
                 struct db_step_finding *ret, struct zm_error *err)
{
    ret->state = ok ? DB_STEP_OK : DB_STEP_FAIL;
    ret->found = found;
    return db_flow_record_write(list, step, ok, found, err);
}

static bool cancelled(struct zm_error *err)
{
    zm_error_set(err, ZM_ERR_CANCELLED, "", "", "it was stopped");
    return zm_error_hint(err, "nothing was recorded");
}

/* ---- 3.4 ---- */

static void check_watch(struct db_checklist *list, const struct db_step *step,
                        struct db_step_finding *ret)
{
    db_flow_record_check(list, step, watch_expected, ret);
    if (ret->state == DB_STEP_NOT_RUN)
        ret->fix = zm_arena_printf(
            &list->arena,
            "-- zmartctl check run %s, or F on it; then sign up in the application%s%s", step->key,
            list->registration_email ? " as " : "",
            list->registration_email ? list->registration_email : "");
}

static bool run_watch(struct db_checklist *list, const struct db_step *step, bool dry_run,
                      struct db_step_finding *ret, struct zm_error *err)
{
    const char *pattern = list->registration_email;
    struct db_flow_wanted wanted = {.login_ms = list->flow_seconds * 1000 * PATIENCE,
                                    .hop_ms = list->flow_seconds * 1000 * PATIENCE};
    struct db_flow_seen seen;
    char since[40];

    if (!db_live_is_no_trial(step, dry_run, err) || !db_flow_now(list, since, err))
        return false;
    wanted.since = since;
    wanted.pattern = pattern ? db_leftover_like(&list->arena, pattern) : NULL;
    ret->expected = watch_expected;
    if (!db_flow_watch(list, &wanted, &seen, err))
        return false;
    if (!seen.id[0] && seen.stopped)
        return cancelled(err);
    if (seen.id[0] && db_leftover_is_marked(pattern, seen.email) &&
        !db_leftover_note(list, "seen", seen.email, seen.id, err))
        return false;
    return db_live_end(list, step, seen.profile && seen.trader, db_flow_words(list, &seen), ret,
                       err);
}

/* ---- 3.5 ---- */

const char *db_live_missing(const struct db_checklist *list)
{
    if (!list->registration_email)
        return "email in registration_test";
    if (!strstr(list->registration_email, "%s"))
        return "%s in the email of registration_test, so that each test has an address of its own";
    return db_auth_missing(&list->auth);
}

static void check_api(struct db_checklist *list, const struct db_step *step,
                      struct db_step_finding *ret)
{
    if (!db_live_missing(list)[0]) {
        db_flow_record_check(list, step, api_expected, ret);
        return;
    }
    ret->state = DB_STEP_WAITING;
    ret->expected = api_expected;
    ret->found = zm_arena_printf(&list->arena, "not configured: %s", db_live_missing(list));
    ret->fix =
        "-- in the configuration: registration_test: { email = \"ops+zmartctl-%s@YOUR-DOMAIN\";\n"
        "--   key_command = \"...\"; admin_key_command = \"...\"; };\n"
        "-- hosted Auth refuses example domains, and its built-in mailer reaches members of the\n"
        "-- project's team only: an address of theirs, or an SMTP server of one's own";
}

static const char *said(struct db_checklist *list, const struct zm_error *err)
{
    return zm_arena_printf(&list->arena, "%s%s%s%s%s%s", err->message, err->detail[0] ? " (" : "",
                           err->detail, err->detail[0] ? ")" : "", err->hint[0] ? "; " : "",
                           err->hint);
}

static bool is_abandoned(const struct db_checklist *list)
{
    return list->abandoned && list->abandoned(list->context);
}

const char *db_live_clean_up(struct db_checklist *list, const struct db_leftover *one,
                             const char *words)
{
    struct zm_error err;
    int tries;

    zm_error_set(&err, ZM_ERR_CANCELLED, "", "", "cancelled");
    if (!db_auth_may_remove(&list->auth))
        return zm_arena_printf(&list->arena,
                               "%s; %s stays: there is no admin_key_command (zmartctl check clean "
                               "removes him in the database)",
                               words, one->email);
    if (list->say)
        list->say(list->context, "removing him again");
    for (tries = 0; tries < 2 && err.kind == ZM_ERR_CANCELLED && !is_abandoned(list); tries++) {
        db_live_rearm(list); /* what stops a test cuts its connections off */
        if (db_leftover_remove(list, one, &err))
            return zm_arena_printf(&list->arena, "%s; removed again", words);
    }
    db_live_rearm(list);
    return zm_arena_printf(&list->arena, "%s; %s stays: %s (zmartctl check clean tries again)",
                           words, one->email, said(list, &err));
}

/* He is made, or may be: follows him through both databases. */
static bool follow(struct db_checklist *list, const struct db_step *step, const char *email,
                   const char *id, struct db_step_finding *ret, struct zm_error *err)
{
    const struct db_flow_wanted wanted = {
        .email = email, .login_ms = list->flow_seconds * 1000, .hop_ms = list->flow_seconds * 1000};
    struct db_leftover one = {.login = true, .trader = true};
    struct zm_error why = {.kind = ZM_ERR_NONE};
    struct db_flow_seen seen;
    bool ok = db_flow_watch(list, &wanted, &seen, &why);
    const char *words;

    words = seen.id[0] ? db_flow_words(list, &seen)
                       : "the Auth API took the sign-up, but nobody came to auth.users of this "
                         "ZmartyBrain: is url of registration_test that of its project?";
    zm_copy(one.email, sizeof(one.email), email);
    zm_copy(one.id, sizeof(one.id), seen.id[0] ? seen.id : id);
    words = db_live_clean_up(list, &one, words);
    if (!ok) {
        *err = why;
        return zm_error_hint(err, "%s", words);
    }
    return db_live_end(list, step, seen.profile && seen.trader, words, ret, err);
}

/* On record before he is made. */
static enum db_auth_end sign_up(struct db_checklist *list, char email[DB_LEFTOVER_EMAIL],
                                char id[37], struct zm_error *err)
{
    if (!db_leftover_address(list->registration_email, email, err) ||
        !db_leftover_note(list, "sign_up", email, "", err))
        return DB_AUTH_FAILED;
    if (list->say)
        list->say(list->context, zm_arena_printf(&list->arena, "signing %s up", email));
    return db_auth_sign_up(&list->auth, email, list->stopped, list->context, id, err);
}

bool db_live_make_user(struct db_checklist *list, struct db_leftover *ret, struct zm_error *err)
{
    struct db_flow_wanted wanted = {.login_ms = list->flow_seconds * 1000,
                                    .hop_ms = list->flow_seconds * 1000};
    struct db_flow_seen seen;
    enum db_auth_end end;
    const char *words;
    bool ok;

    memset(ret, 0, sizeof(*ret));
    end = sign_up(list, ret->email, ret->id, err);
    if (end != DB_AUTH_DONE)
        return end == DB_AUTH_UNKNOWN ? zm_error_hint(err, "%s", not_known) : false;
    wanted.email = ret->email;
    ret->login = ret->trader = true;
    ok = db_flow_watch(list, &wanted, &seen, err);
    if (seen.id[0])
        zm_copy(ret->id, sizeof(ret->id), seen.id);
    if (ok && seen.id[0] && seen.profile && seen.trader)
        return true;
    words = db_live_clean_up(list, ret, db_flow_words(list, &seen));
    if (!ok)
        return zm_error_hint(err, "%s", words);
    zm_error_set(err, seen.stopped ? ZM_ERR_CANCELLED : ZM_ERR_REFUSED, "", "",
                 "there is no test user who is in both databases, and one who signed up did not "
                 "come into both");
    return zm_error_hint(err, "%s", words);
}

static bool run_api(struct db_checklist *list, const struct db_step *step, bool dry_run,
                    struct db_step_finding *ret, struct zm_error *err)
{
    char email[DB_LEFTOVER_EMAIL], id[37];
    enum db_auth_end end;

    ret->expected = api_expected;
    if (db_live_missing(list)[0]) {
        zm_error_set(err, ZM_ERR_REFUSED, "", "", "step %s is not configured", step->key);
        return zm_error_hint(err, "%s", db_live_missing(list));
    }
    if (dry_run) {
        ret->found = "the Auth API answers, and takes sign-ups";
        return db_auth_look(&list->auth, list->stopped, list->context, err) == DB_AUTH_DONE;
    }
    end = sign_up(list, email, id, err);
    if (end == DB_AUTH_DONE)
        return follow(list, step, email, id, ret, err);
    if (end == DB_AUTH_FAILED)
        return false;
    if (err->kind == ZM_ERR_CANCELLED)
        return zm_error_hint(err, "%s", not_known);
    return db_live_end(list, step, false,
                       zm_arena_printf(&list->arena, "%s%s", said(list, err),
                                       end == DB_AUTH_UNKNOWN
                                           ? zm_arena_printf(&list->arena, "; %s", not_known)
                                           : ""),
                       ret, err);
}

/* clang-format off */
const struct db_step db_steps_live[] = {
    {"3.4", 3, "a real sign-up arrives in both databases", DB_STEP_BOTH, DB_STEP_LIVE,
     "whether the application does its part shows only when somebody signs up in it",
     "1.2 2.2", check_watch, run_watch, db_flow_fingerprint, 0},
    {"3.5", 3, "a sign-up over the Auth API arrives, and goes again", DB_STEP_BOTH, DB_STEP_LIVE,
     "the Auth server, its mailer and its triggers are part of every registration",
     "1.2 2.2", check_api, run_api, db_flow_fingerprint, 0},
    {"4.4", 4, "the application follows a tier change by itself", DB_STEP_BOTH, DB_STEP_LIVE,
     "where nothing follows, a tier that is changed elsewhere stays drift until somebody repairs it",
     "1.2 2.2", db_live_sync_check, db_live_sync_run, db_flow_fingerprint, 0},
    {.key = NULL},
};
/* clang-format on */
