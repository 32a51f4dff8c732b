/*
 * `tier`, `trading` and `api` for a file of users: one set, one change, batch by batch.
 */
#include <unistd.h>

#include "screens/command_write.h"
#include "screens/json_user.h"
#include "zm/clock.h"
#include "zm/str.h"

#define SHOWN 10     /* users of whom the plan is shown */
#define TELL_MS 1000 /* between two lines of progress */

struct file_run {
    struct command_write *w;
    struct db_bulk bulk;
    struct command_names names;
    size_t shown, refused;
    bool tell; /* progress on stderr */
    int64_t began_ms, told_ms;
};

/* ---- what will be done ---- */

/* A column of that name is in ZmartyBrain too. */
static bool is_bots_copy(const struct db_plan_line *line)
{
    return line->side == DB_BOT && zm_streq(line->column, "tier");
}

static void see(void *context, const char *id, const struct db_user *user, const struct db_now *now,
                const struct db_decision *decision)
{
    struct file_run *f = context;
    const char *email = user ? json_user_email(user) : NULL;
    struct db_plan_line lines[DB_PLAN_LINES];
    struct zm_buf text = {.s = NULL};
    size_t i, n;

    if (decision->result == DB_RESULT_REFUSED && f->refused++ < SHOWN)
        out_detail(f->w->run.ascii, "%-36s  refused: %s", email ? email : id, decision->message);
    if (decision->result != DB_RESULT_DONE || f->shown == SHOWN)
        return;
    n = db_plan_lines(&f->w->edit, now, decision, lines);
    for (i = 0; i < n; i++)
        if (lines[i].column[0])
            zm_buf_printf(&text, "%s%s%s %.40s -> %.40s", text.len ? ", " : "",
                          is_bots_copy(&lines[i]) ? "Bot's " : "", lines[i].column,
                          zm_text(lines[i].before), zm_text(lines[i].after));
    if (text.s) {
        out_detail(f->w->run.ascii, "%-36s  %s", email ? email : id, text.s);
        f->shown++;
    }
    zm_buf_done(&text);
}

/* Counts all of them, and asks. */
static bool agreed(struct file_run *f)
{
    struct command_write *w = f->w;
    const struct db_bulk_plan *plan = &f->bulk.plan;
    char question[80], word[24];
    struct zm_error err;

    if (w->run.options->yes || w->terms.dry_run)
        return true;
    out_note(w->run.ascii, "%s: %zu users on %s", db_action_title(w->edit.action),
             db_idset_count(f->bulk.set), w->run.conf->label);
    while (db_bulk_look(&w->run.session, &f->bulk, &err))
        ;
    if (err.kind != ZM_ERR_NONE)
        return command_fail(&w->run, &err);
    if (plan->change > f->shown)
        out_detail(w->run.ascii, "... and %zu more", plan->change - f->shown);
    out_note(w->run.ascii,
             "will change %zu, already so %zu, other than expected %zu, refused %zu; %zu line%s "
             "nobody or several",
             plan->change, plan->unchanged, plan->stale, plan->refused, f->names.failed,
             f->names.failed == 1 ? " names" : "s name");
    if (plan->change == 0)
        return true;
    snprintf(word, sizeof(word), "%zu", plan->change);
    snprintf(question, sizeof(question), "Type %s to apply: ", word);
    return command_write_agreed(w, question, word);
}

/* ---- doing it ---- */

static void take(void *context, const struct db_edit *edit, const struct db_user *user,
                 const struct db_written *written)
{
    struct file_run *f = context;

    command_write_print(f->w, edit->user_id, user ? json_user_email(user) : NULL, written);
}

static void tell(struct file_run *f, bool last)
{
    const struct db_bulk *b = &f->bulk;
    int64_t now = zm_now_ms(), took = now - f->began_ms;
    size_t all = db_idset_count(b->set), rate;

    if (!f->tell || (!last && now - f->told_ms < TELL_MS))
        return;
    f->told_ms = now;
    rate = took > 0 ? b->settled * 1000 / (size_t)took : 0;
    fprintf(stderr, "\r%zu of %zu, %zu/s, %zu s left      %s", b->settled, all, rate,
            rate ? (all - b->settled) / rate : 0, last ? "\n" : "");
    fflush(stderr);
}

static void say_end(struct file_run *f, int got)
{
    struct db_bulk *b = &f->bulk;
    struct command_run *run = &f->w->run;

    switch (b->state) {
    case DB_BULK_ERRORS:
        command_note(run, "stopped after %zu errors (stop_errors); the last was user %s",
                     b->counts.failed + b->counts.unknown, b->culprit);
        break;
    case DB_BULK_BROKEN:
        command_fail(run, &b->err);
        if (b->culprit[0])
            command_note(run, "it ended at user %s", b->culprit);
        break;
    default:
        if (got)
            command_note(run, "stopped by signal %d", got);
        break;
    }
    if (b->counts.not_tried > 0)
        command_note(run, "%zu user%s not tried; the same command goes on where it ended",
                     b->counts.not_tried, b->counts.not_tried == 1 ? " was" : "s were");
}

/* A run that a server ended before anybody was touched fails as a single change does. */
static int exit_code_of(const struct db_bulk *b)
{
    const struct db_bulk_counts *c = &b->counts;

    if (b->state == DB_BULK_BROKEN && !c->done && !c->failed && !c->unknown)
        return db_written_exit_code(
            &(struct db_written){.result = DB_RESULT_NOTHING_CHANGED, .err = b->err});
    return c->stale || c->refused || c->failed || c->unknown || c->not_tried ? 4 : 0;
}

static int apply(struct file_run *f)
{
    struct command_write *w = f->w;
    struct db_bulk_counts *counts = &f->bulk.counts;
    int got;

    f->tell = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
    f->began_ms = f->told_ms = zm_now_ms();
    w->signals = command_signals_start(w);
    while (command_signals_got(w->signals) == 0 && out_alive(w->out) &&
           db_bulk_step(&w->run.session, &f->bulk)) {
        tell(f, false);
        command_signals_breathe(w->signals);
    }
    got = command_signals_stop(w->signals);
    w->signals = NULL;
    tell(f, true);
    say_end(f, got);
    counts->failed += f->names.failed;
    command_write_print_summary(w, counts);
    return got ? 128 + got : exit_code_of(&f->bulk);
}

int command_write_file(struct command_write *w)
{
    struct db_idset *set = db_idset_new();
    struct file_run f = {.w = w};
    int code;

    f.bulk.terms = &w->terms;
    f.bulk.edit = w->edit;
    f.bulk.expect = w->run.options->expect;
    f.bulk.set = set;
    f.bulk.stop_errors = (size_t)w->run.conf->stop_errors;
    f.bulk.take = take;
    f.bulk.see = see;
    f.bulk.context = &f;
    if (!command_write_names(w, set, &f.names)) {
        db_idset_free(set);
        return w->run.exit_code;
    }
    db_bulk_begin(&f.bulk);
    if (agreed(&f)) {
        code = apply(&f);
    } else {
        command_write_print_untouched(w, db_idset_count(set));
        code = w->run.exit_code;
    }
    db_bulk_done(&f.bulk);
    db_idset_free(set);
    return code;
}
