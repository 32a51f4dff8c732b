/*
 * `zmartctl tier`, `trading` and `api`: one change of a user, or of a file of users, through the
 * very protocol that the console's dialogs use. Knows what is asked for; how it is written is db's.
 */
#include "screens/command_write.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "screens/commands.h"
#include "screens/json_user.h"
#include "screens/log.h"
#include "screens/reason.h"
#include "zm/str.h"

/* ---- what is asked for ---- */

static bool usage(struct zm_error *err, const char *message, const char *hint)
{
    zm_error_set(err, ZM_ERR_USAGE, "", "", "%s", message);
    return zm_error_hint(err, "%s", hint);
}

static bool take_tier(struct command_write *w, const char *tier, struct zm_error *err)
{
    if (!db_tier_is_known(tier)) {
        zm_error_set(err, ZM_ERR_USAGE, "", "", "there is no tier '%.60s'", tier);
        return zm_error_hint(err, "free, pro or enterprise");
    }
    w->edit.action = DB_ACTION_TIER;
    w->edit.keep_rights = w->run.options->keep_rights;
    w->edit.create_trader = true;
    db_values_set(&w->edit.want, DB_ITEM_TIER, tier);
    return true;
}

static bool take_flag(struct command_write *w, enum db_action action, enum db_item item,
                      const char *word, struct zm_error *err)
{
    bool on = zm_streq(word, "on");

    if (!on && !zm_streq(word, "off")) {
        zm_error_set(err, ZM_ERR_USAGE, "", "", "'%.60s' is neither on nor off", word);
        return zm_error_hint(err, "zmartctl help %s", w->run.options->command->name);
    }
    w->edit.action = action;
    db_values_set_flag(&w->edit.want, item, on);
    return true;
}

/* USER and value, or the value alone beside --file. */
static bool take_args(struct command_write *w, enum db_action action, struct zm_error *err)
{
    const struct options *o = w->run.options;
    const char *value = o->args[o->n_args - 1];

    if (o->file && o->n_args != 1)
        return usage(err, "--file stands in place of USER", "zmartctl help tier");
    if (o->file && o->create)
        return usage(err, "--create is for one user", "zmartctl repair creates what is missing");
    if (!o->file && o->n_args != 2)
        return usage(err, "a USER and what he gets are needed", "or --file F in place of USER");
    if (!reason_check(o->reason, "reason", "--reason 'T-4412 paid by wire'", err))
        return false;
    w->user = o->file ? NULL : o->args[0];
    w->edit.reason = o->reason;
    if (action == DB_ACTION_TIER)
        return take_tier(w, value, err);
    return take_flag(w, action, action == DB_ACTION_TRADING ? DB_ITEM_TRADING : DB_ITEM_API, value,
                     err);
}

/* What no database needs to be asked for. */
bool command_write_may(const struct command_write *w, struct zm_error *err)
{
    const struct options *o = w->run.options;

    if (o->read_only)
        return zm_error_set(err, ZM_ERR_REFUSED, "", "", "--read-only refuses every write");
    if (w->run.conf->guard == CONF_GUARD_READ_ONLY)
        return zm_error_set(err, ZM_ERR_REFUSED, "", "",
                            "profile %.60s has guard = \"read_only\", which refuses every write",
                            w->run.conf->profile);
    if (!o->yes && !o->dry_run && (!isatty(STDIN_FILENO) || zm_streq(o->file, "-")))
        return usage(err, "there is nobody to be asked: the input is no terminal",
                     "--yes applies it without a question, --dry-run only tries it");
    return true;
}

/* ---- asking ---- */

static bool interrupted(struct command_write *w, int sig)
{
    fputc('\n', stderr); /* the question stands there */
    command_note(&w->run, "ended by signal %d at the question; nothing was changed", sig);
    w->run.exit_code = 128 + sig;
    return false;
}

bool command_write_agreed(struct command_write *w, const char *question, const char *word)
{
    char line[64] = "";
    struct zm_error err;
    size_t n;
    int sig;

    if (w->run.options->yes || w->terms.dry_run)
        return true;
    setvbuf(stdin, NULL, _IONBF, 0); /* a second answer shall not lie where poll cannot see it */
    sig = command_signals_ask(question);
    if (sig)
        return interrupted(w, sig);
    if (!fgets(line, sizeof(line), stdin))
        line[0] = '\0';
    n = strcspn(line, "\r\n");
    line[n] = '\0';
    if (word ? zm_streq(line, word) : zm_streq(line, "y") || zm_streq(line, "yes"))
        return true;
    zm_error_set(&err, ZM_ERR_REFUSED, "", "", "it was not confirmed; nothing was changed");
    w->run.exit_code = 0;
    return command_fail(&w->run, &err);
}

/* ---- one user ---- */

/* What can be read of him; a half that cannot stays unknown, and the protocol says why. */
static const struct db_user *read_user(struct command_write *w, struct db_page *page)
{
    struct db_link *brain = command_link(&w->run, DB_BRAIN), *bot = command_link(&w->run, DB_BOT);
    const char *id = w->edit.user_id;
    struct zm_error err;

    memset(page, 0, sizeof(*page));
    if (brain && !db_users_by_ids(brain, &id, 1, page, &err))
        command_fail(&w->run, &err);
    if (bot) {
        page->bot_known = db_users_halves(bot, &id, 1, &page->bot, &err);
        if (!page->bot_known)
            command_fail(&w->run, &err);
    }
    db_page_join(page, w->terms.policy);
    return page->n > 0 ? &page->users[0] : NULL;
}

static bool agreed(struct command_write *w, const struct db_user *user, const struct db_now *now)
{
    struct db_decision decision;

    if (w->run.options->yes || w->terms.dry_run)
        return true;
    db_decide(w->terms.policy, &w->edit, now, &decision);
    if (decision.result != DB_RESULT_DONE || !(decision.write_brain || decision.write_bot))
        return true; /* nothing will be done; the protocol says why */
    command_write_print_plan(w, user, now, &decision);
    if (!now->brain_known)
        return command_write_agreed(w,
                                    "ZmartyBrain is away; the audit record waits on this machine. "
                                    "Type STOP to go on: ",
                                    "STOP");
    return command_write_agreed(w, "Apply? y/N ", NULL);
}

int command_write_perform(struct command_write *w, struct db_written *ret)
{
    int got;

    w->signals = command_signals_start(w);
    db_write(&w->run.session, &w->terms, &w->edit, ret);
    got = command_signals_stop(w->signals);
    w->signals = NULL;
    return got ? 128 + got : db_written_exit_code(ret);
}

static int read_and_write(struct command_write *w, struct db_page *page)
{
    const struct db_user *user = read_user(w, page);
    struct db_now now = {.brain_known = false};
    struct db_written written;
    int code = 0;

    if (user)
        db_now_of_user(user, &now);
    if (command_write_lacks_trader(w, &now)) {
        if (!command_write_create(w, user, &now, &code))
            return code;
        db_page_done(page);
        user = read_user(w, page);
        if (user)
            db_now_of_user(user, &now);
    }
    db_bulk_see_now(&w->edit, &now, w->run.options->expect);
    if (!agreed(w, user, &now))
        return w->run.exit_code;
    code = command_write_perform(w, &written);
    command_write_print(w, w->edit.user_id, user ? json_user_email(user) : NULL, &written);
    command_write_print_stop(w, &written);
    db_written_done(&written);
    return code;
}

static int write_one(struct command_write *w)
{
    struct db_page page;
    int code;

    if (!command_resolve(&w->run, w->user, w->edit.user_id)) {
        command_note(&w->run, "nothing was changed");
        return w->run.exit_code;
    }
    db_request_new(w->edit.request);
    code = read_and_write(w, &page);
    db_page_done(&page);
    return code;
}

/* ---- the frame ---- */

static void replay_spool(struct command_write *w)
{
    struct db_link *brain = command_link(&w->run, DB_BRAIN);
    size_t replayed = 0, bad = 0;
    struct zm_error err;

    if (!w->terms.spool || !brain || w->terms.dry_run || db_spool_count(&w->spool) == 0)
        return;
    if (!db_spool_replay(&w->spool, brain, &replayed, &bad, &err)) {
        int before = w->run.exit_code;

        command_fail(&w->run, &err);
        w->run.exit_code = before;
    }
    if (replayed > 0)
        command_note(&w->run, "%zu audit record%s that waited here %s written to ZmartyBrain",
                     replayed, replayed == 1 ? "" : "s", replayed == 1 ? "was" : "were");
    if (bad > 0)
        command_note(&w->run, "%zu record%s of the spool could not be read: put aside in %s", bad,
                     bad == 1 ? "" : "s", w->spool.directory);
}

void command_write_prepare(struct command_write *w)
{
    struct conf *conf = w->run.conf;

    db_operator_self(&w->who, ZM_VERSION);
    w->terms = (struct db_terms){
        .policy = &conf->policy, .who = &w->who, .dry_run = w->run.options->dry_run};
    if (conf_state_path(conf, "spool") &&
        zm_copy(w->spool.directory, sizeof(w->spool.directory), conf->state_dir))
        w->terms.spool = &w->spool;
    replay_spool(w);
}

static int fail(const struct options *options, const struct zm_error *err)
{
    out_error(err, options->ascii);
    log_write(options->log, MESSAGE_ERROR, err);
    return zm_error_exit_code(err->kind);
}

static int run_write(const struct options *options, struct conf *conf, enum db_action action)
{
    struct command_write w = {.run = {.options = options, .conf = conf}};
    struct zm_error err;
    int code;

    if (!take_args(&w, action, &err) || !command_write_may(&w, &err))
        return fail(options, &err);
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away ends it between two transactions */
    if (!command_begin(&w.run, options, conf)) {
        out_note(options->ascii, "nothing was changed");
        return w.run.exit_code;
    }
    command_write_prepare(&w);
    w.format = out_pick(options, OUT_TABLE);
    w.out = out_new(NULL, w.format, options->raw, w.run.ascii, command_write_columns,
                    COMMAND_WRITE_COLUMNS);
    code = options->file ? command_write_file(&w) : write_one(&w);
    w.run.exit_code = code;
    return command_end(&w.run, w.out);
}

int cmd_tier(const struct options *options, struct conf *conf)
{
    return run_write(options, conf, DB_ACTION_TIER);
}

int cmd_trading(const struct options *options, struct conf *conf)
{
    return run_write(options, conf, DB_ACTION_TRADING);
}

int cmd_api(const struct options *options, struct conf *conf)
{
    return run_write(options, conf, DB_ACTION_API);
}
