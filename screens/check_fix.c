/*
 * The dialog of F: the SQL of a step, tried and rolled back while one reads it, applied after y,
 * looked at again. Closing it never stops what has begun to be applied, but a live test, which puts
 * back what it did.
 */
#include <stdlib.h>

#include "screens/check_rows.h"
#include "screens/check_state.h"
#include "tui/form.h"
#include "zm/str.h"

#define LINES 200

enum stage { STAGE_TRYING, STAGE_ASKING, STAGE_APPLYING, STAGE_OVER };

struct check_fix {
    struct check *check;
    enum stage stage;
    char key[16], title[160], outcome[700], note[320], progress[200];
    char *sql; /* owned; what was shown, and is agreed to */
    bool own;  /* the step performs itself: there is no SQL to be shown */
    bool live; /* and waits for others: closing the dialog stops it */
    bool is_diff;
    struct tui_form form;
    struct tui_form_line lines[LINES + 4];
    struct zm_arena arena;
};

static void add(struct check_fix *f, const char *label, unsigned style, const char *text)
{
    if (f->form.n_lines < LINES + 4)
        f->lines[f->form.n_lines++] = (struct tui_form_line){label, text, style};
}

static unsigned style_of(const struct check_fix *f, const char *line)
{
    if (!f->is_diff)
        return TUI_INFO;
    if (strncmp(line, "--- ", 4) == 0 || strncmp(line, "+++ ", 4) == 0 || line[0] == '@')
        return TUI_DIM;
    return line[0] == '-' ? TUI_BAD : line[0] == '+' ? TUI_GOOD : TUI_TEXT;
}

static void add_sql(struct check_fix *f)
{
    const char *at = f->sql, *label = f->is_diff ? "Diff" : "SQL";
    size_t n;

    for (; *at && f->form.n_lines < LINES; at += n + (at[n] == '\n')) {
        n = strcspn(at, "\n");
        add(f, label, style_of(f, at), zm_arena_strndup(&f->arena, at, n));
        label = "";
    }
    if (*at)
        add(f, NULL, TUI_DIM, "... Enter on the step shows all of it");
}

static void stage(struct check_fix *f, enum stage to, const char *blocked)
{
    f->stage = to;
    f->form.blocked = blocked;
    f->form.wanted = 0;
}

static void try_it(struct app *app, struct check_fix *f)
{
    stage(f, STAGE_TRYING, "trying it; everything is rolled back ...");
    check_submit(app, f->check, CHECK_RUN, f->key, true, f->sql, NULL, NULL, NULL);
}

static void apply_it(struct app *app, struct check_fix *f)
{
    stage(f, STAGE_APPLYING, f->progress);
    snprintf(f->progress, sizeof(f->progress), "at work ...");
    check_submit(app, f->check, CHECK_RUN, f->key, false, f->own ? NULL : f->sql, NULL, NULL, NULL);
}

/* ---- the overlay ---- */

static void draw(struct app *app, void *state)
{
    struct check_fix *f = state;

    if (f->stage == STAGE_APPLYING && f->check->write)
        snprintf(f->progress, sizeof(f->progress), "%.190s ...",
                 check_progress(f->check->write)[0] ? check_progress(f->check->write) : "at work");
    tui_form_draw(app->tui, &f->form);
}

static bool event(struct app *app, void *state, const struct tui_event *event)
{
    struct check_fix *f = state;
    enum tui_form_answer answer;
    int key;

    if (event->type != TUI_EVENT_KEY)
        return true;
    if (f->stage == STAGE_OVER && event->key == TUI_KEY_ENTER)
        return false;
    answer = tui_form_key(&f->form, event->key, &key);
    if (answer == TUI_FORM_CLOSED) {
        if (f->stage == STAGE_TRYING && f->check->write)
            db_lanes_cancel(app->lanes, &f->check->write->base, true);
        if (f->stage == STAGE_APPLYING && f->live && f->check->write)
            db_lanes_cancel(app->lanes, &f->check->write->base, false); /* it puts all back */
        else if (f->stage == STAGE_APPLYING)
            app_say(app, MESSAGE_INFO, "%s goes on; what becomes of it is said here", f->key);
        return false;
    }
    if (answer == TUI_FORM_ANSWERED && f->stage == STAGE_ASKING)
        apply_it(app, f);
    return true;
}

static void close_fix(struct app *app, void *state)
{
    struct check_fix *f = state;

    (void)app;
    f->check->fix = NULL;
    zm_arena_done(&f->arena);
    free(f->sql);
    free(f);
}

static const struct overlay overlay = {draw, event, close_fix};

/* ---- what became of it ---- */

static const char *words(enum db_run_end end)
{
    static const char *const texts[] = {
        [DB_RUN_DONE] = "done, and looked at again: ok",
        [DB_RUN_TRIED] = "it was tried and rolled back: it works",
        [DB_RUN_NOTHING] = "it is ok already; nothing was run",
        [DB_RUN_NOT_OK] = "it was performed, and is not ok",
        [DB_RUN_PARTLY] = "a part of it was done; look at the step again",
        [DB_RUN_REFUSED] = "refused",
        [DB_RUN_FAILED] = "it failed; nothing was kept",
        [DB_RUN_UNKNOWN] = "the connection broke at the end: look at the step again",
    };

    return texts[end];
}

static enum message_level level(enum db_run_end end)
{
    return end == DB_RUN_DONE || end == DB_RUN_TRIED || end == DB_RUN_NOTHING ? MESSAGE_INFO
                                                                              : MESSAGE_ERROR;
}

static void outcome(const struct check_job *j, char *dst, size_t size)
{
    const struct db_step_run *run = &j->run;
    const struct zm_error *err = j->base.ok ? &run->err : &j->base.err;
    char line[560] = "";

    if (!j->base.ok || run->err.kind != ZM_ERR_NONE)
        zm_error_line(err, line, sizeof(line));
    else if (run->end == DB_RUN_NOT_OK)
        zm_copy(line, sizeof(line), run->found);
    snprintf(dst, size, "%s%s%s", j->base.ok ? words(run->end) : "nothing was changed",
             line[0] ? ": " : "", line);
}

/* What is shown until all was looked at again. */
static void note_done(struct check *s, const struct check_job *j)
{
    struct db_step_result *step = s->found ? db_check_step(&s->found->result, j->key) : NULL;

    if (!step || step->step->run || !j->base.ok || j->run.end != DB_RUN_DONE)
        return;
    step->bare = DB_STEP_OK;
    step->finding.state = j->run.state;
    step->finding.found = zm_arena_strdup(&s->found->list.arena, j->run.found);
    step->finding.fix = step->cannot = "";
}

void check_fix_done(struct app *app, struct check *s, struct check_job *j)
{
    struct check_fix *f = s->fix;
    bool fine = j->base.ok && level(j->run.end) == MESSAGE_INFO;
    char text[700];

    outcome(j, text, sizeof(text));
    note_done(s, j);
    if (!j->run.dry_run)
        app_say(app, fine ? MESSAGE_INFO : MESSAGE_ERROR, "%s: %s%s", j->key, text,
                j->run.journal_err.kind != ZM_ERR_NONE ? " (no journal row; it is in syslog)" : "");
    if (!f || !zm_streq(f->key, j->key))
        return;
    zm_copy(f->outcome, sizeof(f->outcome), text);
    add(f, f->stage == STAGE_TRYING ? "Tried" : "Result", fine ? TUI_GOOD : TUI_BAD,
        zm_arena_strdup(&f->arena, f->outcome));
    if (!j->run.dry_run || !fine || j->run.end == DB_RUN_NOTHING) {
        stage(f, STAGE_OVER, NULL);
        f->form.question = "Esc closes";
        f->form.answers = "";
    } else {
        stage(f, STAGE_ASKING, NULL);
    }
    tui_form_ask(&f->form);
}

/* ---- opening ---- */

static bool can_be_performed(struct app *app, const struct db_step_result *s)
{
    const struct db_step *step = s->step;
    bool runs = step->kind == DB_STEP_SCHEMA || step->kind == DB_STEP_CONCURRENT;

    if (s->finding.state == DB_STEP_BLOCKED)
        app_say(app, MESSAGE_WARN, "%s: %s", step->key, s->finding.found);
    else if (step->kind == DB_STEP_API && step->run &&
             !(s->bare == DB_STEP_FAIL && s->finding.fix[0]))
        app_say(app, MESSAGE_INFO, "%s: %s", step->key, s->finding.found);
    else if (step->run)
        return true;
    else if (s->bare == DB_STEP_OK)
        app_say(app, MESSAGE_INFO, "%s is ok", step->key);
    else if (s->cannot[0])
        app_say(app, MESSAGE_WARN, "%s: %s", step->key, s->cannot);
    else if (step->kind == DB_STEP_HUMAN)
        app_say(app, MESSAGE_INFO, "%s is for a person: y confirms it", step->key);
    else if (!runs || !s->finding.fix[0])
        app_say(app, MESSAGE_INFO, "%s is mended by hand: Enter says how", step->key);
    else
        return true;
    return false;
}

static const char *note_of(const struct db_step *step)
{
    switch (step->kind) {
    case DB_STEP_CONCURRENT:
        return "Not in a transaction: it runs statement by statement on a session of its own and "
               "is not tried before. It waits for older transactions and hinders nobody.";
    case DB_STEP_LIVE:
        return "For real, and on test users only. Esc stops it; what it changed is put back then. "
               "C "
               "lists the test users that stay.";
    case DB_STEP_TRIAL:
        return "In transactions that are always rolled back.";
    case DB_STEP_API:
        return "Over the project's API: this subject and this content, nothing else. Both are read "
               "back.";
    default:
        return "In one transaction that waits two seconds for its locks.";
    }
}

void check_fix_open(struct app *app, struct check *s, const struct db_step_result *step)
{
    struct check_fix *f;

    if (!can_be_performed(app, step))
        return;
    f = zm_calloc(1, sizeof(*f));
    f->check = s;
    f->is_diff = step->step->run && step->step->kind == DB_STEP_API;
    f->own = step->step->run && !f->is_diff;
    f->live = step->step->kind == DB_STEP_LIVE;
    f->sql = zm_strdup(f->own ? "" : db_step_sql(&s->found->list, step));
    zm_copy(f->key, sizeof(f->key), step->step->key);
    snprintf(f->title, sizeof(f->title), "Perform %s  %.120s", f->key, step->step->title);
    f->form = (struct tui_form){.title = f->title,
                                .badge = app->conf->label,
                                .lines = f->lines,
                                .question = "Apply? y/N",
                                .answers = "y"};
    add(f, "Found", TUI_TEXT, zm_arena_strdup(&f->arena, step->finding.found));
    add_sql(f);
    add(f, NULL, TUI_DIM, note_of(step->step));
    s->fix = f;
    tui_form_start(&f->form);
    app_overlay(app, &overlay, f);
    if (step->step->kind == DB_STEP_SCHEMA && !f->own)
        try_it(app, f);
    else
        stage(f, STAGE_ASKING, NULL);
}
