/*
 * `zmartctl check`: the checklist, an item or a step of it, or a report of all; what is performed
 * or said is in cmd_check_run.c.
 */
#include "screens/cmd_check.h"

#include <jansson.h>

#include "screens/check_report.h"
#include "screens/check_rows.h"
#include "screens/check_terms.h"
#include "screens/commands.h"
#include "screens/log.h"
#include "zm/str.h"

/* clang-format off */
static const struct out_column table_columns[] = {
    {"", false}, {"step", false}, {"title", false}, {"found", false},
};
/* clang-format on */

void cmd_check_complain(struct cmd_check *c, const struct db_check_result *result)
{
    struct command_run *run = &c->w.run;

    if (result->err.kind != ZM_ERR_NONE)
        command_fail(run, &result->err);
    if (result->marks_err.kind != ZM_ERR_NONE)
        command_fail(run, &result->marks_err);
}

/* ---- rows ---- */

static void print_lines(struct out *out, const char *name, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");

        out_line(out, "  %-9s %.*s", name, (int)n, text);
        text += n + (text[n] == '\n');
        name = "";
    }
}

/* All there is to say about one step; for people. */
static void print_step(struct out *out, const struct db_step_result *s)
{
    const struct db_step_finding *f = &s->finding;

    out_line(out, "%s %s  %s", check_sign(f->state), s->step->key, s->step->title);
    print_lines(out, "state", check_state_word(f->state));
    print_lines(out, "expected", f->expected);
    print_lines(out, "found", f->found);
    print_lines(out, "why", s->step->why);
    print_lines(out, "fix", f->fix);
    if (s->cannot[0])
        print_lines(out, "but", s->cannot);
}

static void row_of_step(struct out *out, const struct db_step_result *s)
{
    const char *values[CHECK_COLUMNS];

    check_step_values(s, values);
    if (out_format(out) == OUT_TABLE) {
        const char *brief[] = {check_sign(s->finding.state), s->step->key, s->step->title,
                               values[5]};

        out_row(out, brief, NULL);
        return;
    }
    out_row(out, values, out_wants_json(out) ? check_object(values) : NULL);
}

static void row_of_item(struct cmd_check *c, const struct db_item_result *r)
{
    struct out *out = c->w.out;
    const char *values[CHECK_COLUMNS];

    check_item_values(&c->list.arena, r, values);
    if (out_format(out) == OUT_TABLE) {
        const char *brief[] = {check_sign(r->state), values[0], values[2],
                               check_signed_words(&c->list.arena, r)};

        out_row(out, brief, NULL);
        return;
    }
    out_row(out, values, out_wants_json(out) ? check_object(values) : NULL);
}

static void print_all(struct cmd_check *c, const struct db_check_result *result, const char *key)
{
    struct out *out = c->w.out;
    bool one = key && !db_checklist_item_find(key) && out_format(out) == OUT_TABLE;
    size_t j;
    int i;

    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++) {
        const struct db_item_result *r = &result->items[i];

        if (r->asked)
            row_of_item(c, r);
        for (j = 0; j < r->n; j++) {
            if (r->steps[j].asked && one)
                print_step(out, &r->steps[j]);
            else if (r->steps[j].asked)
                row_of_step(out, &r->steps[j]);
        }
    }
}

static void print_report(struct cmd_check *c, const struct db_check_result *result)
{
    struct zm_buf text = {.s = NULL};

    if (out_wants_json(c->w.out))
        check_report_json(&c->list, result, c->w.run.ascii, &text);
    else
        check_report_markdown(&c->list, result, &text);
    out_json_text(c->w.out, text.s);
    zm_buf_done(&text);
}

/* key: NULL for all. The exit code. */
static int look(struct cmd_check *c, const char *key, bool report)
{
    struct db_check_result result;
    struct zm_error err;

    db_checklist_begin(&c->list);
    if (!db_checklist_check(&c->list, key, &result, &err)) {
        command_fail(&c->w.run, &err);
        return c->w.run.exit_code;
    }
    if (report)
        print_report(c, &result);
    else
        print_all(c, &result, key);
    cmd_check_complain(c, &result);
    if (!key)
        cmd_check_mention_leftovers(c);
    if (c->w.run.exit_code == 0 && !result.all_ok)
        c->w.run.exit_code = 1;
    return c->w.run.exit_code;
}

/* ---- words ---- */

enum verb { VERB_LOOK, VERB_REPORT, VERB_CLEAN, VERB_RUN, VERB_SAY };

static enum verb verb_of(const struct options *o)
{
    if (o->n_args == 0)
        return VERB_LOOK;
    if (zm_streq(o->args[0], "report"))
        return VERB_REPORT;
    if (zm_streq(o->args[0], "clean"))
        return VERB_CLEAN;
    if (zm_streq(o->args[0], "run"))
        return VERB_RUN;
    return zm_streq(o->args[0], "sign") || zm_streq(o->args[0], "unsign") ||
                   zm_streq(o->args[0], "waive")
               ? VERB_SAY
               : VERB_LOOK;
}

static bool key_exists(const char *key, struct zm_error *err)
{
    if (db_checklist_item_find(key) || db_step_find(key))
        return true;
    zm_error_set(err, ZM_ERR_USAGE, "", "", "there is no step '%.40s'", key);
    return zm_error_hint(err, "an item as 2, or a step as 2.6; zmartctl check lists them");
}

static bool check_words(const struct cmd_check *c, enum verb verb, struct zm_error *err)
{
    const struct options *o = c->w.run.options;
    size_t wanted = verb == VERB_LOOK ? o->n_args : verb <= VERB_CLEAN ? 1 : 2;

    if (o->n_args > wanted || (verb == VERB_LOOK && o->n_args > 1)) {
        zm_error_set(err, ZM_ERR_USAGE, "", "", "check: what is '%.60s' for?",
                     o->args[verb == VERB_LOOK ? 1 : wanted]);
        return zm_error_hint(err, "zmartctl help check");
    }
    if (o->n_args < wanted) {
        zm_error_set(err, ZM_ERR_USAGE, "", "", "check %.20s: a step or an item is missing",
                     o->args[0]);
        return zm_error_hint(err, "zmartctl help check");
    }
    if ((verb == VERB_LOOK || verb > VERB_CLEAN) && o->n_args > 0 &&
        !key_exists(o->args[o->n_args - 1], err))
        return false;
    return verb == VERB_LOOK || verb == VERB_REPORT || cmd_check_may_write(c, o->args[0], err);
}

int cmd_check(const struct options *options, struct conf *conf)
{
    struct cmd_check c = {.w = {.run = {.options = options, .conf = conf}}};
    enum verb verb = verb_of(options);
    bool table = out_pick(options, OUT_TABLE) == OUT_TABLE;
    const char *key = options->n_args > 0 ? options->args[options->n_args - 1] : NULL;
    struct zm_error err;

    if (!check_words(&c, verb, &err)) {
        out_error(&err, options->ascii);
        log_write(options->log, MESSAGE_ERROR, &err);
        return zm_error_exit_code(err.kind);
    }
    if (!command_begin(&c.w.run, options, conf))
        return c.w.run.exit_code;
    db_operator_self(&c.w.who, ZM_VERSION);
    check_terms(conf, &c.w.who, &c.w.run.session, &c.list);
    c.w.format = out_pick(options, OUT_TABLE);
    c.w.out = out_new(NULL, c.w.format, options->raw, c.w.run.ascii,
                      table ? table_columns : check_columns,
                      table ? ZM_COUNT(table_columns) : CHECK_COLUMNS);
    if (verb == VERB_RUN)
        c.w.run.exit_code = cmd_check_run(&c, key);
    else if (verb == VERB_CLEAN)
        c.w.run.exit_code = cmd_check_clean(&c);
    else if (verb == VERB_SAY)
        c.w.run.exit_code = cmd_check_say(&c, options->args[0], key);
    else
        look(&c, verb == VERB_REPORT ? NULL : key, verb == VERB_REPORT);
    db_checklist_done(&c.list);
    return command_end(&c.w.run, c.w.out);
}
