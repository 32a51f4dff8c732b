/*
 * Writes what people say about the checklist. What it means is db/checklist_check.c's.
 */
#include "db/checklist_store.h"

#include <stdlib.h>
#include <syslog.h>
#include <time.h>

#include "db/checklist_work.h"
#include "db/pairs.h"
#include "db/tx.h"
#include "db/write.h"

struct saying {
    const char *action, *what, *verb; /* "zmartctl.signoff", "sign", "signed" */
};
/* clang-format off */
static const struct saying signing   = {"zmartctl.signoff", "sign", "signoff"};
static const struct saying unsigning = {"zmartctl.unsign", "take it back", "unsign"};
static const struct saying waiving   = {"zmartctl.waive", "waive", "waive"};
/* clang-format on */

/* ---- writing a row ---- */

/* The answer was lost: whether the row is there decides, once the lost transaction is over. */
static bool settle(struct db_link *link, const char *id, struct zm_error *err)
{
    struct db_ask asks[] = {{.sql = DB_SQL_BRAIN_LOCK_CHECKLIST},
                            {.sql = DB_SQL_BRAIN_FIND_REQUEST, .params = {id}}};
    struct zm_error again;
    bool answered = db_link_open(link, &again) && db_tx_once(link, asks, 2, &again);
    bool there = answered && asks[1].rows.n > 0;

    db_asks_done(asks, 2);
    if (!there)
        zm_error_hint(err, answered ? "nothing was written; try again"
                                    : "whether it was written is not known; check again");
    return there;
}

static void add_who(struct db_pairs *pairs, const struct db_operator *who)
{
    db_pairs_add(pairs, "os_user", who->os_user);
    db_pairs_add(pairs, "loginuid", who->loginuid[0] ? who->loginuid : NULL);
    db_pairs_add(pairs, "ssh", who->ssh[0] ? who->ssh : NULL);
    db_pairs_add(pairs, "host", who->host);
    db_pairs_add(pairs, "app_version", who->version);
}

static void tell_syslog(const struct db_checklist *list, const char *outcome, const char *action,
                        const char *subject, const char *id)
{
    openlog("zmartctl", LOG_PID, LOG_AUTHPRIV);
    syslog(LOG_NOTICE, "%s %s subject=\"%s\" req=%s os_user=%s", outcome, action, subject, id,
           list->who->os_user);
}

static struct db_link *brain_for_writing(struct db_checklist *list, const char *what,
                                         struct zm_error *err)
{
    struct db_link *link = db_session_link(list->session, DB_BRAIN);

    if (!link) {
        db_session_away(list->session, DB_BRAIN, what, err);
        return NULL;
    }
    if (!db_link_facts(link)->changed_server)
        return link;
    zm_error_set(err, ZM_ERR_REFUSED, db_side_name(DB_BRAIN), what,
                 "this is not the server that was recorded");
    zm_error_hint(err, "if it was moved or restored: zmartctl init --accept");
    return NULL;
}

bool db_checklist_write_row(struct db_checklist *list, const char *action, const char *key,
                            struct db_pairs *pairs, struct zm_error *err)
{
    struct db_link *link = brain_for_writing(list, "write the journal", err);
    char id[37], subject[DB_SUBJECT_SIZE];
    struct db_ask asks[] = {{.sql = DB_SQL_BRAIN_LOCK_CHECKLIST},
                            {.sql = DB_SQL_BRAIN_WRITE_MARK, .params = {id, action}}};
    bool ok = link != NULL;

    db_request_new(id);
    db_checklist_subject(key, subject);
    db_pairs_add(pairs, "subject", subject);
    db_pairs_add(pairs, db_checklist_item_find(key) ? "item" : "step", key);
    db_pairs_add(pairs, "profile", list->profile);
    add_who(pairs, list->who);
    db_pairs_end(pairs);
    asks[1].params[2] = pairs->keys.s;
    asks[1].params[3] = pairs->values.s;
    if (ok) {
        tell_syslog(list, "intent", action, subject, id);
        ok = db_tx_once(link, asks, 2, err) || (!db_link_is_open(link) && settle(link, id, err));
        tell_syslog(list, ok ? "done" : "failed", action, subject, id);
    }
    db_asks_done(asks, 2);
    db_pairs_done(pairs);
    return ok;
}

static bool write_said(struct db_checklist *list, const struct saying *s,
                       const struct db_statement *said, const char *fingerprint,
                       struct zm_error *err)
{
    struct db_pairs pairs = {.keys = {.s = NULL}};

    db_pairs_add(&pairs, "note", said->note);
    db_pairs_add(&pairs, "reason", said->note); /* as the journal's other rows have it */
    db_pairs_add(&pairs, "until", s == &waiving ? said->until : NULL);
    db_pairs_add(&pairs, "fingerprint", fingerprint);
    if (!db_checklist_write_row(list, s->action, said->key, &pairs, err))
        return false;
    db_checklist_free_record(list);
    db_checklist_read_record(list);
    return true;
}

bool db_checklist_record_run(struct db_checklist *list, const struct db_step *step, const char *sql,
                             const char *outcome, struct zm_error *err)
{
    struct db_pairs pairs = {.keys = {.s = NULL}};
    char text[4096];

    zm_error_copy(text, sizeof(text), sql);
    db_pairs_add(&pairs, "sql", text);
    db_pairs_add(&pairs, "new", outcome);
    db_pairs_add(&pairs, "reason", step->title);
    return db_checklist_write_row(list, "zmartctl.check_run", step->key, &pairs, err);
}

/* ---- what is allowed ---- */

__attribute__((format(printf, 3, 4))) static bool refuse(struct zm_error *err, const char *what,
                                                         const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return zm_error_set(err, ZM_ERR_REFUSED, "", what, "%s", text);
}

bool db_step_may_be_confirmed(const struct db_step_result *s)
{
    return s->step->kind == DB_STEP_HUMAN ||
           (s->step->kind == DB_STEP_API && s->bare == DB_STEP_WAITING);
}

/* Looks at the key anew. *ret_item or *ret_step is what it names, the other is NULL. */
static bool look(struct db_checklist *list, const struct db_statement *said, const struct saying *s,
                 struct db_check_result *result, struct db_item_result **ret_item,
                 struct db_step_result **ret_step, struct zm_error *err)
{
    int item = db_checklist_item_find(said->key);

    if (!said->note || !said->note[strspn(said->note, " \t")]) {
        zm_error_set(err, ZM_ERR_USAGE, "", s->what, "a note is needed");
        return zm_error_hint(err, "--note 'T-4412 seen with Ana'");
    }
    if (!item && !db_step_find(said->key)) {
        zm_error_set(err, ZM_ERR_NOT_FOUND, "", "", "there is no step '%.40s'", said->key);
        return zm_error_hint(err, "an item as 2, or a step as 2.6; zmartctl check lists them");
    }
    db_checklist_begin(list);
    if (!db_checklist_check(list, said->key, result, err))
        return false;
    if (result->marks_err.kind != ZM_ERR_NONE) {
        *err = result->marks_err;
        return false;
    }
    *ret_item = item ? &result->items[item - 1] : NULL;
    *ret_step = item ? NULL : db_check_step(result, said->key);
    return true;
}

bool db_item_is_done(const struct db_item_result *r, struct zm_error *err)
{
    char names[128] = "";
    size_t i, n = 0;

    for (i = 0; i < r->n; i++) {
        enum db_step_state state = r->steps[i].finding.state;

        if (state == DB_STEP_OK || state == DB_STEP_WAIVED)
            continue;
        if (n++ < 6)
            snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s %s",
                     names[0] ? ", " : "", r->steps[i].step->key, db_step_state_key(state));
    }
    if (r->n == 0)
        return refuse(err, "sign", "item %d has no steps to be signed for", r->item);
    if (n == 0)
        return true;
    refuse(err, "sign", "item %d is not done: %s%s", r->item, names, n > 6 ? ", ..." : "");
    return zm_error_hint(err, "nothing was signed; mend or waive them first");
}

static bool may_sign_item(struct db_checklist *list, const struct db_item_result *r,
                          struct zm_error *err)
{
    struct db_link *brain = db_session_link(list->session, DB_BRAIN);

    if (!db_item_is_done(r, err))
        return false;
    if (!r->fingerprint[0])
        return refuse(err, "sign", "what item %d names could not be read", r->item);
    if (r->item == DB_ITEMS_OF_CHECKLIST && brain && db_link_facts(brain)->journal_unprotected) {
        refuse(err, "sign", "the journal is unprotected: anon or authenticated may write it");
        return zm_error_hint(err, "nothing was signed; item 6 has the step that mends it");
    }
    return true;
}

static bool may_confirm(struct db_checklist *list, const struct db_statement *said,
                        const struct db_step_result *s, struct zm_error *err)
{
    if (!db_step_may_be_confirmed(s)) {
        refuse(err, "sign", "step %s is looked at by zmartctl, not by a person", s->step->key);
        return zm_error_hint(err, "an item is signed as a whole; a step can be waived");
    }
    if (s->finding.state == DB_STEP_BLOCKED)
        return refuse(err, "sign", "step %s: %.180s", s->step->key, s->finding.found);
    if (!db_step_wants_name(s->step) || zm_streq(said->typed, list->profile))
        return true;
    refuse(err, "sign", "the profile's name was not typed: %.60s", list->profile);
    return zm_error_hint(err, "nothing was signed; -p %.60s names it", list->profile);
}

/* ---- what can be said ---- */

bool db_checklist_sign(struct db_checklist *list, const struct db_statement *said,
                       bool *ret_changed, struct zm_error *err)
{
    struct db_check_result result;
    struct db_item_result *item = NULL;
    struct db_step_result *step = NULL;
    char now[37];
    bool is_so;

    *ret_changed = false;
    if (!look(list, said, &signing, &result, &item, &step, err) || (!item && !step))
        return false;
    if (item ? !may_sign_item(list, item, err) : !may_confirm(list, said, step, err))
        return false;
    if (item)
        zm_copy(now, sizeof(now), item->fingerprint);
    else
        db_step_fingerprint(list, step->step, now);
    is_so = item ? item->is_signed == DB_SIGNED_YES
                 : step->mark.kind == DB_MARK_SIGNED && step->finding.state == DB_STEP_OK;
    if (is_so)
        return true;
    *ret_changed = write_said(list, &signing, said, now, err);
    return *ret_changed;
}

bool db_checklist_unsign(struct db_checklist *list, const struct db_statement *said,
                         bool *ret_changed, struct zm_error *err)
{
    struct db_check_result result;
    struct db_item_result *item = NULL;
    struct db_step_result *step = NULL;
    const struct db_mark *mark;

    *ret_changed = false;
    if (!look(list, said, &unsigning, &result, &item, &step, err) || (!item && !step))
        return false;
    mark = item ? &item->mark : &step->mark;
    if (mark->kind != DB_MARK_SIGNED && mark->kind != DB_MARK_WAIVED)
        return true;
    *ret_changed = write_said(list, &unsigning, said, NULL, err);
    return *ret_changed;
}

bool db_checklist_until(const char *text, struct zm_error *err)
{
    struct tm tm, real;
    const char *end;
    char day[16];
    time_t t, now = time(NULL);

    memset(&tm, 0, sizeof(tm));
    end = text ? strptime(text, "%Y-%m-%d", &tm) : NULL;
    real = tm;
    t = timegm(&real); /* moves the 31st of November to the 1st of December */
    if (!end || *end || !gmtime_r(&t, &real) || real.tm_mday != tm.tm_mday ||
        strftime(day, sizeof(day), "%Y-%m-%d", &real) != 10 || !zm_streq(day, text)) {
        zm_error_set(err, ZM_ERR_USAGE, "", "waive", "'%.40s' is not a date", zm_text(text));
        return zm_error_hint(err, "the last day of the waiver: --until 2026-12-31");
    }
    if (gmtime_r(&now, &real) && strftime(day, sizeof(day), "%Y-%m-%d", &real) == 10 &&
        strcmp(text, day) >= 0)
        return true;
    zm_error_set(err, ZM_ERR_USAGE, "", "waive", "%.10s is over", text);
    return zm_error_hint(err, "the last day of the waiver, today or later (UTC)");
}

bool db_checklist_waive(struct db_checklist *list, const struct db_statement *said,
                        bool *ret_changed, struct zm_error *err)
{
    struct db_check_result result;
    struct db_item_result *item = NULL;
    struct db_step_result *step = NULL;
    char now[37];

    *ret_changed = false;
    if (!db_checklist_until(said->until, err) ||
        !look(list, said, &waiving, &result, &item, &step, err) || (!item && !step))
        return false;
    if (item) {
        zm_error_set(err, ZM_ERR_USAGE, "", "waive", "%s is an item", said->key);
        return zm_error_hint(err, "steps are waived, one by one");
    }
    if (step->bare == DB_STEP_OK)
        return refuse(err, "waive", "step %s is ok", said->key);
    if (!db_step_may_be_waived(step->step)) {
        refuse(err, "waive", "step %s is never waived", said->key);
        return zm_error_hint(err,
                             db_step_wants_name(step->step)
                                 ? "type the name: zmartctl check sign %s, or y on it"
                                 : "waive the steps of the items that %s is about, and sign them",
                             said->key);
    }
    db_step_fingerprint(list, step->step, now);
    if (step->step->fingerprint && !now[0])
        return refuse(err, "waive", "what step %s names could not be read", said->key);
    *ret_changed = write_said(list, &waiving, said, now, err);
    return *ret_changed;
}
