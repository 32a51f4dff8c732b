/*
 * `zmartctl check run`, `sign`, `unsign` and `waive`: asks where somebody can be asked, and says
 * what became of it.
 */
#include <jansson.h>
#include <unistd.h>

#include "db/checklist_run.h"
#include "db/checklist_store.h"
#include "screens/check_rows.h"
#include "screens/cmd_check.h"
#include "screens/print_json.h"
#include "screens/reason.h"
#include "zm/clock.h"
#include "zm/str.h"

#define AGAIN_MS 10000

static bool usage(struct zm_error *err, const char *message, const char *hint)
{
    zm_error_set(err, ZM_ERR_USAGE, "", "", "%s", message);
    return zm_error_hint(err, "%s", hint);
}

bool cmd_check_may_write(const struct cmd_check *c, const char *verb, struct zm_error *err)
{
    const struct options *o = c->w.run.options;
    bool says = !zm_streq(verb, "run") && !zm_streq(verb, "clean");

    if (o->read_only && !o->dry_run)
        return zm_error_set(err, ZM_ERR_REFUSED, "", "", "--read-only refuses every write");
    if (c->w.run.conf->guard == CONF_GUARD_READ_ONLY && !o->dry_run)
        return zm_error_set(err, ZM_ERR_REFUSED, "", "",
                            "profile %.60s has guard = \"read_only\", which refuses every write",
                            c->w.run.conf->profile);
    if (says && o->dry_run)
        return usage(err, "--dry-run is for check run",
                     "what is said is only a row of the journal");
    if (says && !reason_check(o->note, "note", "--note 'T-4412 seen with Ana'", err))
        return false;
    if (zm_streq(verb, "waive") != (o->until != NULL))
        return o->until ? usage(err, "--until is for check waive", "zmartctl help check")
                        : usage(err, "the last day of the waiver is needed", "--until 2026-12-31");
    if (o->until && !db_checklist_until(o->until, err))
        return false;
    if (!o->yes && !o->dry_run && !isatty(STDIN_FILENO))
        return usage(err, "there is nobody to be asked: the input is no terminal",
                     "--yes does it without a question, check run --dry-run only tries it");
    return true;
}

/* ---- what people say ---- */

/* In the table a sentence; a row of the step or item as it is now for programs. */
static void print_said(struct cmd_check *c, const char *verb, const char *key, bool changed)
{
    const char *values[CHECK_COLUMNS];
    struct db_check_result result;
    struct zm_error err;
    int item = db_checklist_item_find(key);

    if (!db_checklist_check(&c->list, key, &result, &err))
        return;
    if (item)
        check_item_values(&c->list.arena, &result.items[item - 1], values);
    else
        check_step_values(db_check_step(&result, key), values);
    if (out_format(c->w.out) == OUT_TABLE)
        out_line(c->w.out, "%s %s: %s%s", key, values[2], zm_text(values[5]),
                 changed ? "" : " (nothing was changed)");
    else
        out_row(c->w.out, values, out_wants_json(c->w.out) ? check_object(values) : NULL);
    (void)verb;
}

static bool agreed(struct cmd_check *c, const char *verb, const char *key)
{
    const struct db_step *step = db_step_find(key);
    char question[200];

    if (step && db_step_wants_name(step) && zm_streq(verb, "sign")) {
        snprintf(question, sizeof(question), "Type the profile's name to confirm %s: ", key);
        return command_write_agreed(&c->w, question, c->list.profile);
    }
    snprintf(question, sizeof(question), "%s: %s %s (%.60s)? y/N ", c->list.label, verb, key,
             step ? step->title : db_checklist_item_title(db_checklist_item_find(key)));
    return command_write_agreed(&c->w, question, NULL);
}

int cmd_check_say(struct cmd_check *c, const char *verb, const char *key)
{
    const struct options *o = c->w.run.options;
    /* Typed at the question, or on the command line. */
    const char *typed = o->yes ? o->profile : c->list.profile;
    struct db_statement said = {.key = key, .note = o->note, .until = o->until, .typed = typed};
    struct zm_error err;
    bool ok, changed;

    if (!agreed(c, verb, key))
        return c->w.run.exit_code;
    if (zm_streq(verb, "sign"))
        ok = db_checklist_sign(&c->list, &said, &changed, &err);
    else if (zm_streq(verb, "unsign"))
        ok = db_checklist_unsign(&c->list, &said, &changed, &err);
    else
        ok = db_checklist_waive(&c->list, &said, &changed, &err);
    c->w.run.exit_code = 0; /* a side that is not needed may be away */
    if (!ok) {
        command_fail(&c->w.run, &err);
        return c->w.run.exit_code;
    }
    print_said(c, verb, key, changed);
    return c->w.run.exit_code;
}

/* ---- performing ---- */

static void show_sql(const struct cmd_check *c, const struct db_step_result *s, const char *sql)
{
    bool ascii = c->w.run.ascii;
    struct zm_buf line = {.s = NULL};

    out_note(ascii, "%s %s (%s)", s->step->key, s->step->title, c->list.label);
    while (*sql) {
        size_t n = strcspn(sql, "\n");

        zm_buf_add(&line, sql, n);
        out_detail(ascii, "%s", line.s);
        zm_buf_done(&line);
        sql += n + (sql[n] == '\n');
    }
    if (s->step->kind == DB_STEP_CONCURRENT)
        out_note(ascii, "it runs outside a transaction, on a session of its own, and is not tried "
                        "before");
}

static void print_run(struct cmd_check *c, const struct db_step_run *run)
{
    struct out *out = c->w.out;
    json_t *object;
    char line[1024] = "";

    if (run->err.kind != ZM_ERR_NONE)
        zm_error_line(&run->err, line, sizeof(line));
    if (out_format(out) != OUT_JSON) {
        const char *table[] = {check_sign(run->state), run->key, run->title, run->found};
        const char *csv[CHECK_COLUMNS] = {
            NULL,          run->key,   run->title, db_run_end_key(run->end),
            run->expected, run->found, run->sql};
        char item[2] = {run->key[0], '\0'};

        csv[0] = item;
        out_row(out, out_format(out) == OUT_CSV ? csv : table, NULL);
        return;
    }
    object = json_object();
    json_object_set_new(object, "result", json_string(db_run_end_key(run->end)));
    json_object_set_new(object, "step", json_string(run->key));
    json_object_set_new(object, "title", json_string(run->title));
    json_object_set_new(object, "state", json_string(db_step_state_key(run->state)));
    json_object_set_new(object, "expected", print_json_string(run->expected));
    json_object_set_new(object, "found", print_json_string(run->found));
    json_object_set_new(object, "sql", run->sql[0] ? print_json_string(run->sql) : json_null());
    json_object_set_new(object, "message", line[0] ? print_json_string(line) : json_null());
    out_row(out, NULL, object);
}

/* What was said about a run, on stderr. */
static void explain(struct cmd_check *c, const struct db_step_run *run)
{
    if (run->err.kind != ZM_ERR_NONE)
        command_fail(&c->w.run, &run->err);
    switch (run->end) {
    case DB_RUN_TRIED:
        command_note(&c->w.run,
                     run->kind == DB_STEP_API ? "%s: nothing was sent"
                                              : "%s: it was tried and rolled back",
                     run->key);
        break;
    case DB_RUN_NOTHING:
        command_note(&c->w.run, "%s: it is ok already, nothing was run", run->key);
        break;
    case DB_RUN_FAILED:
        command_note(&c->w.run, "%s: nothing was kept", run->key);
        break;
    case DB_RUN_PARTLY:
        command_note(&c->w.run, "%s: a part of it was done; zmartctl check %s says what is left",
                     run->key, run->key);
        break;
    case DB_RUN_UNKNOWN:
        command_note(&c->w.run, "%s: whether it was done is not known; zmartctl check %s tells",
                     run->key, run->key);
        break;
    case DB_RUN_DONE:
    case DB_RUN_NOT_OK:
    case DB_RUN_REFUSED:
        break;
    }
    if (run->journal_err.kind != ZM_ERR_NONE)
        command_note(&c->w.run, "%s: no journal row (%s); it is in syslog", run->key,
                     run->journal_err.message);
}

static bool is_stopped(void *context)
{
    const struct cmd_check *c = context;

    return c->w.signals && command_signals_got(c->w.signals) != 0;
}

/* Who says it twice does not want to wait until a test user is removed. */
static bool is_abandoned(void *context)
{
    const struct cmd_check *c = context;

    return c->w.signals && command_signals_times(c->w.signals) > 1;
}

/* Of lines that only count seconds one in a while is enough here. */
static void say_line(void *context, const char *line)
{
    struct cmd_check *c = context;
    const char *count = strrchr(line, '(');
    size_t n = count ? (size_t)(count - line) : 0;

    if (n > 0 && n < sizeof(c->said) && strncmp(c->said, line, n) == 0 &&
        zm_now_ms() - c->said_ms < AGAIN_MS)
        return;
    zm_copy(c->said, sizeof(c->said), line);
    c->said_ms = zm_now_ms();
    out_note(c->w.run.ascii, "%s", line);
}

/* What is run is SQL, or the difference that an API is told. */
static bool is_shown(const struct db_step_result *s)
{
    if (s->step->kind == DB_STEP_API)
        return s->step->run && s->bare == DB_STEP_FAIL;
    return !s->step->run &&
           (s->step->kind == DB_STEP_SCHEMA || s->step->kind == DB_STEP_CONCURRENT);
}

/* One step: shows, asks, performs. False: nothing after it is tried; a refused one hinders no
 * other.
 */
static bool run_step(struct cmd_check *c, const char *key, int *ret_code)
{
    const struct options *o = c->w.run.options;
    struct db_step_run run = {.key = key, .dry_run = o->dry_run};
    struct db_check_result result;
    const struct db_step_result *s;
    const char *sql;
    int got;

    db_checklist_begin(&c->list);
    if (!db_checklist_check(&c->list, key, &result, &run.err))
        return command_fail(&c->w.run, &run.err);
    s = db_check_step(&result, key);
    sql = db_step_sql(&c->list, s);
    if (s->bare != DB_STEP_OK && sql[0] && s->finding.state != DB_STEP_BLOCKED && !s->cannot[0] &&
        is_shown(s)) {
        show_sql(c, s, sql);
        if (!command_write_agreed(&c->w, "Apply? y/N ", NULL)) {
            *ret_code = c->w.run.exit_code;
            return false;
        }
        run.agreed = zm_arena_strdup(&run.arena, sql);
    } else if (s->step->run && s->step->kind == DB_STEP_LIVE && !o->dry_run) {
        out_note(c->w.run.ascii, "%s %s (%s)", key, s->step->title, c->list.label);
        if (!command_write_agreed(
                &c->w, "It is performed for real, on test users only. Go on? y/N ", NULL)) {
            *ret_code = c->w.run.exit_code;
            return false;
        }
    }
    c->list.say = say_line;
    c->list.stopped = is_stopped;
    c->list.abandoned = is_abandoned;
    c->list.context = c;
    if (s->step->kind == DB_STEP_LIVE) /* it puts back what it did, also when it is stopped */
        c->w.signals = command_signals_start(&c->w);
    db_step_perform(&c->list, &run);
    got = command_signals_stop(c->w.signals);
    c->w.signals = NULL;
    c->list.say = NULL;
    explain(c, &run);
    print_run(c, &run);
    *ret_code = got ? 128 + got : db_run_exit_code(run.end, &run.err);
    db_step_run_done(&run);
    return !got && run.end != DB_RUN_FAILED && run.end != DB_RUN_PARTLY &&
           run.end != DB_RUN_UNKNOWN;
}

/* Of a whole item: what changes the schema, trials, and settings of the API; what is live is asked
 * for by its key. */
static bool is_for_all(const struct db_step *step)
{
    return step->kind == DB_STEP_SCHEMA || step->kind == DB_STEP_CONCURRENT ||
           step->kind == DB_STEP_TRIAL || (step->kind == DB_STEP_API && step->run);
}

int cmd_check_run(struct cmd_check *c, const char *key)
{
    int item = db_checklist_item_find(key), code = 0, first = 0;
    const struct db_step *step;
    size_t i, n = 0;
    bool go_on = true;

    c->w.terms.dry_run = c->w.run.options->dry_run;
    c->w.run.exit_code = 0;
    if (!item) {
        run_step(c, key, &code);
        return code;
    }
    for (i = 0; go_on && (step = db_step_at(item, i)) != NULL; i++) {
        if (!is_for_all(step))
            continue;
        if (c->w.terms.dry_run && step->kind == DB_STEP_CONCURRENT) {
            command_note(&c->w.run, "%s is not tried: it does not run in a transaction", step->key);
            continue;
        }
        n++;
        code = 0;
        go_on = run_step(c, step->key, &code) || c->w.terms.dry_run;
        first = first ? first : code;
    }
    if (n == 0)
        command_note(&c->w.run, "item %d has no steps that can be run as a whole", item);
    return first;
}
