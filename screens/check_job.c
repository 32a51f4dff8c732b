/*
 * The jobs of the Checklist screen: looking on the scan lane, performing and signing on the write
 * lane. Whoever draws sees their newest line and nothing else of them until they are done.
 */
#include "screens/check_state.h"

#include <stdlib.h>
#include <time.h>

#include "db/checklist_store.h"
#include "screens/check_report.h"
#include "screens/check_rows.h"
#include "screens/check_terms.h"
#include "zm/clock.h"

#define LEAVE_MS 3000

/* ---- on the lane ---- */

static void say(void *context, const char *text)
{
    struct check_job *j = context;
    size_t n = strlen(text) + 1;
    struct check_line *line = zm_malloc(sizeof(*line) + n);

    memcpy(line->text, text, n);
    line->next = atomic_load(&j->line);
    atomic_store(&j->line, line);
}

static bool stopped(void *context)
{
    return atomic_load(&((struct check_job *)context)->base.cancelled);
}

/* A test that was stopped removes its user; at the end of the program it has a moment for that. */
static bool abandoned(void *context)
{
    const struct check_job *j = context;
    int64_t leaves = j->waiting ? atomic_load(&j->waiting->leaves_ms) : 0;

    return atomic_load(&j->abandoned) || (leaves > 0 && zm_now_ms() - leaves > LEAVE_MS);
}

static void stamp(char ret[24])
{
    time_t now = time(NULL);
    struct tm tm;

    ret[0] = '\0';
    if (gmtime_r(&now, &tm))
        strftime(ret, 24, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void check_job_terms(struct check_job *j, struct db_session *session, struct db_checklist *ret)
{
    check_terms(j->conf, j->who, session, ret);
    ret->say = say;
    ret->stopped = stopped;
    ret->abandoned = abandoned;
    ret->context = j;
}

static bool look(struct check_job *j, struct db_session *session, struct zm_error *err)
{
    struct check_found *found = j->found;

    check_job_terms(j, session, &found->list);
    db_checklist_begin(&found->list);
    if (!db_checklist_check(&found->list, NULL, &found->result, err))
        return false;
    check_report_markdown(&found->list, &found->result, &found->markdown);
    check_report_json(&found->list, &found->result, false, &found->json);
    stamp(found->at);
    found->list.session = NULL;
    return true;
}

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct check_job *j = (struct check_job *)job;
    struct db_statement said = {
        .key = j->key, .note = j->note, .until = j->until, .typed = j->typed};
    struct db_checklist list;
    bool ok = true;

    if (j->task == CHECK_LOOK)
        return look(j, session, err);
    check_job_terms(j, session, &list);
    j->run.agreed = j->agreed;
    if (j->task == CHECK_RUN)
        db_step_perform(&list, &j->run);
    else if (j->task == CHECK_SIGN)
        ok = db_checklist_sign(&list, &said, &j->changed, err);
    else if (j->task == CHECK_UNSIGN)
        ok = db_checklist_unsign(&list, &said, &j->changed, err);
    else
        ok = db_checklist_waive(&list, &said, &j->changed, err);
    db_checklist_done(&list);
    return ok;
}

void check_found_free(struct check_found *found)
{
    if (!found)
        return;
    db_checklist_done(&found->list);
    zm_buf_done(&found->markdown);
    zm_buf_done(&found->json);
    free(found);
}

void check_lines_free(struct check_job *job)
{
    struct check_line *line = atomic_load(&job->line), *next;

    for (; line; line = next) {
        next = line->next;
        free(line);
    }
}

static void drop(struct db_job *job)
{
    struct check_job *j = (struct check_job *)job;

    check_lines_free(j);
    check_found_free(j->found);
    db_step_run_done(&j->run);
    free(j->agreed);
    check_wait_for(NULL, j);
    free(j);
}

void check_wait_for(struct app *app, struct check_job *job)
{
    if (job->waiting)
        job->waiting->at_work--;
    job->waiting = app;
    if (app)
        app->at_work++;
}

/* What is cut off at the end of the program would stay half done; all else its server undoes. */
static bool is_waited_for(const struct check_job *j)
{
    const struct db_step *step = db_step_find(j->key);

    return j->task == CHECK_RUN && !j->run.dry_run && step &&
           (step->kind == DB_STEP_LIVE || step->kind == DB_STEP_API);
}

/* ---- for the screen ---- */

const char *check_progress(const struct check_job *job)
{
    const struct check_line *line = atomic_load(&((struct check_job *)(uintptr_t)job)->line);

    return line ? line->text : "";
}

static struct check_job *new_job(struct app *app, enum check_task task)
{
    struct check_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run;
    j->base.drop = drop;
    j->task = task;
    j->conf = app->conf;
    j->who = &app->self;
    return j;
}

void check_look(struct app *app, struct check *s, const char *verify)
{
    s->again = s->look != NULL; /* what it sees may be of before */
    if (s->look)
        return;
    zm_copy(s->verify, sizeof(s->verify), verify);
    s->look = new_job(app, CHECK_LOOK);
    s->look->found = zm_calloc(1, sizeof(*s->look->found));
    s->began_ms = s->ticked_ms = zm_now_ms();
    app->dirty = true;
    app_submit(app, s, DB_LANE_SCAN, &s->look->base);
}

void check_submit(struct app *app, struct check *s, enum check_task task, const char *key,
                  bool dry_run, const char *agreed, const char *note, const char *until,
                  const char *typed)
{
    struct check_job *j = new_job(app, task);

    zm_copy(j->key, sizeof(j->key), key);
    zm_copy(j->note, sizeof(j->note), note);
    zm_copy(j->until, sizeof(j->until), until);
    zm_copy(j->typed, sizeof(j->typed), typed);
    j->agreed = zm_strdup(agreed);
    j->run.key = j->key;
    j->run.dry_run = dry_run;
    check_wait_for(is_waited_for(j) ? app : NULL, j);
    s->write = j;
    s->began_ms = s->ticked_ms = zm_now_ms();
    app->dirty = true;
    app_submit(app, s, DB_LANE_WRITE, &j->base);
}

/* What people say has not been written before it has looked; a live test puts back what it did.
 */
static bool may_be_stopped(const struct check_job *j)
{
    const struct db_step *step = db_step_find(j->key);

    return j->task != CHECK_RUN || (step && step->kind == DB_STEP_LIVE);
}

bool check_cancel(struct app *app, struct check *s, bool insists)
{
    struct check_job *w = s->write;

    if (w && may_be_stopped(w) && !stopped(w)) {
        db_lanes_cancel(app->lanes, &w->base, false);
        return true;
    }
    if (w && may_be_stopped(w) && insists) {
        atomic_store(&w->abandoned, true);
        return true;
    }
    if (!s->look || (s->found && !insists))
        return false;
    db_lanes_cancel(app->lanes, &s->look->base, true);
    return true;
}

/* ---- what became of it ---- */

static void look_done(struct app *app, struct check *s, struct check_job *j)
{
    const struct db_step_result *step;
    int i;

    s->look = NULL;
    if (!j->base.ok) {
        s->err = j->base.err;
        app_fail(app, &j->base.err);
        return;
    }
    s->err.kind = ZM_ERR_NONE;
    check_found_free(s->found);
    s->found = j->found;
    j->found = NULL;
    check_settle(s);
    app->check = (struct app_check){.known = true};
    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++)
        app->check.n_signed += s->found->result.items[i].is_signed == DB_SIGNED_YES;
    if (s->found->result.err.kind != ZM_ERR_NONE)
        app_fail(app, &s->found->result.err);
    step = s->verify[0] ? db_check_step(&s->found->result, s->verify) : NULL;
    if (step)
        app_say(app, step->finding.state == DB_STEP_OK ? MESSAGE_INFO : MESSAGE_WARN, "%s %s: %s",
                step->step->key, check_state_word(step->finding.state), step->finding.found);
    s->verify[0] = '\0';
    if (s->again)
        check_look(app, s, "");
}

static void said_done(struct app *app, struct check *s, struct check_job *j)
{
    static const char *const words[] = {[CHECK_LOOK] = "",
                                        [CHECK_RUN] = "",
                                        [CHECK_SIGN] = "signed",
                                        [CHECK_UNSIGN] = "taken back",
                                        [CHECK_WAIVE] = "waived"};

    if (!j->base.ok) {
        app_fail(app, &j->base.err);
        return;
    }
    app_say(app, MESSAGE_INFO, "%s: %s%s", j->key, words[j->task],
            j->changed ? "" : " already; nothing was changed");
    if (j->task == CHECK_SIGN && s->found) { /* until all was looked at again */
        struct db_step_result *step = db_check_step(&s->found->result, j->key);

        if (step)
            step->finding.state = DB_STEP_OK;
    }
    if (j->task == CHECK_SIGN && db_checklist_item_find(j->key) &&
        s->items.cursor + 1 < s->items.rows)
        s->items.cursor++; /* on to the next item */
}

void check_done(struct app *app, void *state, struct db_job *job)
{
    struct check *s = state;
    struct check_job *j = (struct check_job *)job;

    app->dirty = true;
    if (check_save_done(app, j) || check_clean_done(app, s, j))
        return;
    if (j->task == CHECK_LOOK) {
        if (j == s->look)
            look_done(app, s, j);
        return;
    }
    if (j == s->write)
        s->write = NULL;
    if (j->task == CHECK_RUN)
        check_fix_done(app, s, j);
    else
        said_done(app, s, j);
    if (j->task != CHECK_RUN || !j->run.dry_run)
        check_look(app, s, j->task == CHECK_RUN ? "" : NULL);
}
