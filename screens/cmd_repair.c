/*
 * `zmartctl repair`: compares, or opens a saved plan, asks, and applies it. What may be mended and
 * how is db's; whom it touches is in the plan, which is a file from its beginning.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/compare.h"
#include "db/repair.h"
#include "screens/command_write.h"
#include "screens/commands.h"
#include "screens/progress.h"
#include "screens/reason.h"
#include "screens/replica.h"
#include "zm/str.h"

struct repair {
    struct command_write w;
    unsigned classes; /* DB_CLASS_BIT of those to be mended */
    struct progress progress;
    /* the comparison */
    struct db_session scan;
    struct db_plan_writer *writer;
    char last[37]; /* the user of the row before: a row comes for each class of his */
    struct zm_error err;
    /* the plan */
    char path[600];
    struct db_plan *plan;
    struct db_repair run;
    size_t total;
    int64_t disabled, rightless; /* users of the opt-in classes: who loses rights, who has none */
    int64_t people;              /* users of whom a person has to decide something */
    bool unseen; /* a class that was asked for by name could not be looked at in full */
    int got;     /* the signal that ended it; 0: none */
};

/* ---- what is asked for ---- */

static unsigned classes_of(enum db_mend mend)
{
    unsigned classes = 0;
    int c;

    for (c = 0; c < DB_CLASSES; c++)
        if (db_class_row((enum db_class)c)->mend == mend)
            classes |= DB_CLASS_BIT(c);
    return classes;
}

static bool usage(struct zm_error *err, const char *message, const char *hint)
{
    zm_error_set(err, ZM_ERR_USAGE, "", "", "%s", message);
    return zm_error_hint(err, "%s", hint);
}

static bool take_options(struct repair *r, struct zm_error *err)
{
    const struct options *o = r->w.run.options;
    unsigned safe = classes_of(DB_MEND_SAFE), opt_in = classes_of(DB_MEND_OPT_IN);

    r->classes = o->classes ? o->classes : o->plan ? safe | opt_in : safe;
    if (r->classes & classes_of(DB_MEND_INFO))
        return usage(err, "a class is given in which there is nothing to mend",
                     "zmartctl drift --class C shows it");
    if (r->classes & ~(safe | opt_in))
        return usage(err, "a class is given that repair does not mend: a person decides",
                     "zmartctl drift --class C shows them");
    if (o->plan && o->dry_run)
        return usage(err, "--plan applies a plan, --dry-run makes one", "one of the two");
    if ((!o->dry_run || !reason_is_blank(o->reason)) &&
        !reason_check(o->reason, "reason", "--reason 'nightly', or --dry-run", err))
        return false;
    return command_write_may(&r->w, err);
}

/* ---- comparing ---- */

static bool found(void *context, const struct db_drift *drift)
{
    struct repair *r = context;
    struct db_plan_row row = {.seen = *drift->both};
    bool human = false;
    int c;

    if (strcmp(r->last, drift->both->id) == 0)
        return true;
    zm_copy(r->last, sizeof(r->last), drift->both->id);
    for (c = 0; c < DB_CLASSES; c++) {
        if (!(drift->classified->classes & r->classes & DB_CLASS_BIT(c)))
            continue;
        if (db_classified_mend(drift->classified, (enum db_class)c) == DB_MEND_HUMAN)
            human = true;
        else
            row.classes |= DB_CLASS_BIT(c);
    }
    r->people += human;
    r->rightless += db_plan_row_trim(&row);
    return row.classes == 0 || db_plan_add(r->writer, &row, &r->err);
}

static void tell(void *context, const struct db_compare_progress *progress)
{
    struct repair *r = context;

    progress_compare(&r->progress, progress);
}

static bool stopped(void *context)
{
    const struct repair *r = context;

    return command_signals_got(r->w.signals) != 0;
}

static void fill_head(const struct repair *r, struct db_plan_head *head)
{
    const struct db_operator *who = &r->w.who;
    int i;

    memset(head, 0, sizeof(*head));
    snprintf(head->by, sizeof(head->by), "%.48s@%.48s", who->os_user, who->host);
    zm_copy(head->label, sizeof(head->label), r->w.run.conf->label);
    for (i = 0; i < DB_SIDES; i++) {
        const struct db_facts *facts = db_link_facts(r->w.run.session.link[i]);

        db_plan_of(facts, &head->side[i]);
        *(i == DB_BRAIN ? &head->brain_users : &head->bot_profiles) = facts->estimate;
    }
}

/* Compares, and leaves what is to be mended in a plan. */
static bool make_plan(struct repair *r, struct zm_error *err)
{
    struct db_compare compare = {.scan = &r->scan,
                                 .primary = &r->w.run.session,
                                 .policy = &r->w.run.conf->policy,
                                 .classes = DB_CLASS_ALL,
                                 .grace_ms = DB_COMPARE_GRACE_MS,
                                 .limit_ms = DB_COMPARE_LIMIT_MS,
                                 .found = found,
                                 .progress = tell,
                                 .stopped = stopped,
                                 .context = r};
    const char *directory = conf_state_path(r->w.run.conf, "plans");
    struct db_compare_result result;
    struct db_plan_head head;
    struct zm_error lacks;
    bool ok;

    if (!directory)
        return zm_error_set(err, ZM_ERR_CONFIG, "", "plan",
                            "there is no place to keep a plan: see state_directory");
    fill_head(r, &head);
    db_plan_sweep(directory, r->w.run.conf->plan_hours, false);
    r->writer = db_plan_begin(directory, &head, err);
    if (!r->writer)
        return false;
    ok = replica_open(&r->scan, r->w.run.conf, &r->w.run.session, stopped, r, err) &&
         db_compare_run(&compare, &result, err);
    if (!ok && r->err.kind != ZM_ERR_NONE)
        *err = r->err;
    if (ok && db_compare_lacks(&result, &lacks))
        command_fail(&r->w.run, &lacks);
    if (ok && result.without_subscriptions)
        command_fail(&r->w.run, &result.subscriptions_err);
    r->unseen = ok && (r->w.run.options->classes & result.unknown);
    if (ok) {
        db_plan_count(r->writer, result.brain_users, result.bot_profiles);
        ok = db_plan_end(r->writer, r->path, sizeof(r->path), err);
    } else {
        db_plan_drop(r->writer);
    }
    return ok;
}

static bool is_for_here(const struct repair *r, const struct db_plan_head *head,
                        struct zm_error *err)
{
    const struct db_facts *facts[DB_SIDES];
    int i;

    for (i = 0; i < DB_SIDES; i++)
        facts[i] = db_link_facts(r->w.run.session.link[i]);
    return db_plan_check(head, facts, r->w.run.conf->plan_hours, err);
}

/* One that is not for here is refused by its first line, however long it is. */
static bool open_plan(struct repair *r, struct zm_error *err)
{
    struct db_plan_head head;

    if (!r->w.run.options->plan) {
        if (!make_plan(r, err))
            return false;
    } else if (!zm_copy(r->path, sizeof(r->path), r->w.run.options->plan)) {
        return usage(err, "the name of the plan is too long", "");
    }
    if (!db_plan_peek(r->path, &head, err) || !is_for_here(r, &head, err))
        return false;
    r->plan = db_plan_open(r->path, stopped, r, err);
    return r->plan && is_for_here(r, db_plan_head(r->plan), err);
}

/* Reads through the plan: a class says what is to go off, a row whether it is on. */
static bool count_losing(struct repair *r, struct zm_error *err)
{
    unsigned opt_in = classes_of(DB_MEND_OPT_IN) & r->classes;
    struct db_plan_row row;

    err->kind = ZM_ERR_NONE;
    while (opt_in && db_plan_next(r->plan, &row, err)) {
        row.classes &= opt_in;
        if (row.classes)
            (*(db_plan_row_disables(&row) ? &r->disabled : &r->rightless))++;
    }
    db_plan_rewind(r->plan);
    return err->kind == ZM_ERR_NONE;
}

/* ---- asking ---- */

static void describe_left(const struct repair *r)
{
    if (r->rightless > 0)
        out_detail(r->w.run.ascii, "= %lld without rights or a user behind them: nothing to do",
                   (long long)r->rightless);
    if (r->people > 0)
        out_detail(r->w.run.ascii, "! %lld left to people: zmartctl drift shows what to decide",
                   (long long)r->people);
}

static void describe(const struct repair *r)
{
    const struct db_plan_head *head = db_plan_head(r->plan);
    int c;

    out_note(r->w.run.ascii, "plan %.8s of %s by %s on %s: %zu user%s", head->id, head->made_at,
             head->by, head->label, r->total, r->total == 1 ? "" : "s");
    for (c = 0; c < DB_CLASSES; c++)
        if (head->classes[c] && (r->classes & DB_CLASS_BIT(c)))
            out_detail(r->w.run.ascii, "%c %lld %s: %s", db_class_row((enum db_class)c)->sign,
                       (long long)head->classes[c], db_class_row((enum db_class)c)->key,
                       db_class_row((enum db_class)c)->repair);
    describe_left(r);
    if (db_bulk_slow(&r->w.run.session))
        out_detail(
            r->w.run.ascii,
            "? it takes long: no index %s, so each user costs a read of the table; checklist "
            "item 6 creates it",
            db_bulk_slow(&r->w.run.session));
}

/* Taking all rights away takes its own count, beside the one of all users. */
static bool agreed_to_lose(struct repair *r)
{
    char question[100], word[24];

    snprintf(word, sizeof(word), "%lld", (long long)r->disabled);
    snprintf(question, sizeof(question), "So many users lose all their rights. Type %s: ", word);
    return r->disabled == 0 || command_write_agreed(&r->w, question, word);
}

static bool agreed(struct repair *r)
{
    enum db_plan_size size = db_plan_size((int64_t)r->total, db_plan_head(r->plan)->brain_users);
    char question[60], word[24];
    struct zm_error err;

    describe(r);
    if (size == DB_PLAN_MASS && !r->w.run.options->allow_mass) {
        zm_error_set(&err, ZM_ERR_REFUSED, "", "repair",
                     "%zu of %lld users would be changed, more than 20 %%", r->total,
                     (long long)db_plan_head(r->plan)->brain_users);
        zm_error_hint(&err, "nothing was changed; is one of the two half restored? --allow-mass if "
                            "it is meant");
        return command_fail(&r->w.run, &err);
    }
    snprintf(word, sizeof(word), "%zu", r->total);
    if (size == DB_PLAN_SMALL) {
        snprintf(question, sizeof(question), "Apply %zu user%s? y/N ", r->total,
                 r->total == 1 ? "" : "s");
        return command_write_agreed(&r->w, question, NULL) && agreed_to_lose(r);
    }
    snprintf(question, sizeof(question), "Type %s to apply: ", word);
    return command_write_agreed(&r->w, question, word) && agreed_to_lose(r);
}

/* ---- applying ---- */

static void take(void *context, const struct db_plan_row *row, const struct db_written *written)
{
    struct repair *r = context;

    command_write_print(
        &r->w, row->seen.id,
        row->seen.email && row->seen.email[0] ? row->seen.email : row->seen.bot_email, written);
}

static void say_end(struct repair *r)
{
    struct command_run *run = &r->w.run;
    const struct db_repair *at = &r->run;

    if (at->state == DB_REPAIR_ERRORS)
        command_note(run, "stopped after %zu errors (stop_errors); the last was user %s",
                     at->counts.failed + at->counts.unknown, at->culprit);
    else if (at->state == DB_REPAIR_BROKEN)
        command_fail(run, &at->err);
    if (at->counts.not_tried > 0)
        command_note(run, "%zu user%s not tried; repair again plans again", at->counts.not_tried,
                     at->counts.not_tried == 1 ? " was" : "s were");
}

/* A run that ended before anybody was touched fails as a single change does: 3 where a database
 * could not be reached, else refused. */
static int exit_code_of(const struct db_repair *at)
{
    const struct db_repair_counts *c = &at->counts;

    if (at->state == DB_REPAIR_BROKEN && !c->done && !c->failed && !c->unknown)
        return db_written_exit_code(
            &(struct db_written){.result = DB_RESULT_NOTHING_CHANGED, .err = at->err});
    return c->skipped || c->refused || c->failed || c->unknown || c->not_tried ? 4 : 0;
}

static void apply(struct repair *r)
{
    const struct db_repair_counts *c = &r->run.counts;

    r->w.signals = command_signals_start(&r->w);
    progress_apply(&r->progress, 0, r->total, false);
    while (command_signals_got(r->w.signals) == 0 && out_alive(r->w.out) &&
           db_repair_step(&r->w.run.session, &r->run)) {
        progress_apply(&r->progress, r->total - c->not_tried, r->total, false);
        command_signals_breathe(r->w.signals);
    }
    r->got = command_signals_stop(r->w.signals);
    progress_apply(&r->progress, r->total - c->not_tried, r->total, true);
    say_end(r);
    command_write_print_summary(&r->w, &(struct db_bulk_counts){c->done, c->unchanged, c->skipped,
                                                                c->refused, c->failed, c->unknown,
                                                                c->not_tried});
    r->w.run.exit_code = exit_code_of(&r->run);
}

/* A plan that was made here and is done with is of no use any more. */
static void put_away(struct repair *r)
{
    bool mine = r->path[0] && !r->w.run.options->plan;

    db_plan_close(r->plan);
    if (mine && !r->w.terms.dry_run && r->run.state == DB_REPAIR_FINISHED)
        unlink(r->path);
    else if (mine && r->total > 0)
        command_note(&r->w.run, "the plan is kept: %s", r->path);
}

static void say_nobody(struct repair *r)
{
    if (r->w.run.options->plan && r->w.run.options->classes)
        command_note(&r->w.run, "the plan has nobody of the classes given");
    else if (r->people > 0 || r->rightless > 0)
        command_note(&r->w.run, "there is nobody to repair");
    describe_left(r);
    command_write_print_summary(&r->w, &(struct db_bulk_counts){.done = 0});
}

/* The plan, unless a signal came meanwhile, however late. False: said. */
static bool prepare(struct repair *r)
{
    struct zm_error err;
    bool ok;

    replica_prepare(&r->scan, r->w.run.conf);
    r->w.scan = &r->scan;
    r->w.signals = command_signals_start(&r->w);
    ok = open_plan(r, &err);
    r->got = command_signals_stop(r->w.signals);
    if (ok && !r->got)
        return true;
    if (ok) {
        command_note(&r->w.run, "ended by signal %d; nothing was changed", r->got);
        r->total = (size_t)db_plan_head(r->plan)->rows;
        return false;
    }
    command_fail(&r->w.run, &err);
    command_note(&r->w.run, "nothing was changed");
    if (r->w.run.exit_code == 0) /* a shape that lacks what is compared: nobody looked */
        r->w.run.exit_code = 3;
    return false;
}

static void repair(struct repair *r)
{
    struct zm_error err;

    if (!prepare(r))
        return;
    r->run = (struct db_repair){.terms = &r->w.terms,
                                .plan = r->plan,
                                .classes = r->classes,
                                .reason = r->w.run.options->reason,
                                .stop_errors = (size_t)r->w.run.conf->stop_errors,
                                .take = take,
                                .context = r};
    if (!count_losing(r, &err) || !db_repair_begin(&r->run, &err)) {
        command_fail(&r->w.run, &err);
        return;
    }
    r->total = r->run.counts.not_tried;
    if (r->total == 0)
        say_nobody(r);
    else if (agreed(r))
        apply(r);
    else
        command_write_print_untouched(&r->w, r->total);
    db_repair_done(&r->run);
    if (r->unseen && r->w.run.exit_code == 0)
        r->w.run.exit_code = 3;
}

int cmd_repair(const struct options *options, struct conf *conf)
{
    struct repair *r = zm_calloc(1, sizeof(*r));
    struct command_run *run = &r->w.run;
    struct zm_error err;
    int code;

    run->options = options;
    run->conf = conf;
    if (!take_options(r, &err)) {
        out_error(&err, options->ascii);
        free(r);
        return zm_error_exit_code(err.kind);
    }
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away ends it between two transactions */
    if (command_begin(run, options, conf) && run->exit_code == 0) {
        command_write_prepare(&r->w);
        r->progress = (struct progress){.on = options->progress, .ascii = run->ascii};
        r->w.format = out_pick(options, OUT_TABLE);
        r->w.out = out_new(NULL, r->w.format, options->raw, run->ascii, command_write_columns,
                           COMMAND_WRITE_COLUMNS);
        repair(r);
        put_away(r);
        replica_close(&r->scan, conf);
        if (r->got)
            run->exit_code = 128 + r->got;
        code = command_end(run, r->w.out);
    } else {
        out_note(options->ascii, "nothing was changed");
        code = run->n_said || run->session.link[DB_BRAIN] ? command_end(run, NULL) : run->exit_code;
    }
    free(r);
    return code;
}
