/*
 * `zmartctl init`: asks for both connections, tries them, and saves only what worked.
 * `zmartctl init --accept`: records servers that are not the ones that were met before.
 */
#include <stdlib.h>
#include <unistd.h>

#include "db/known.h"
#include "db/session.h"
#include "screens/command.h"
#include "screens/commands.h"
#include "screens/conf_place.h"
#include "screens/environment.h"
#include "screens/init_save.h"
#include "screens/init_side.h"
#include "screens/log.h"
#include "zm/str.h"

struct init {
    const struct options *options;
    struct init_ask ask;
    struct zm_arena arena;
    const char *path;
    const char *given[DB_SIDES]; /* passwords of the environment */
    struct init_profile profile;
    struct db_facts facts[DB_SIDES];
};

static int stop(const struct init *init, const struct zm_error *err)
{
    out_error(err, init->options->ascii);
    log_write(init->options->log, MESSAGE_ERROR, err);
    init_say(&init->ask, "nothing was saved");
    return zm_error_exit_code(err->kind);
}

static int stop_ended(const struct init *init)
{
    struct zm_error err;

    zm_error_set(&err, ZM_ERR_USAGE, "", "", "the input ended before the last question");
    return stop(init, &err);
}

/* ---- both connections ---- */

/* Asks again on a terminal; a wrong password is not tried twice by itself. */
static bool reach(struct init *init, enum db_side side, struct zm_error *err)
{
    for (;;) {
        if (!init_side_ask(&init->ask, side, init->given[side], &init->profile.side[side]))
            return zm_error_set(err, ZM_ERR_NONE, "", "", "the input ended");
        init_say(&init->ask, "  connecting ...");
        if (init_side_try(&init->ask, side, &init->profile.side[side], &init->facts[side], err))
            return true;
        if (!init->ask.terminal)
            return false;
        out_error(err, init->options->ascii);
        if (!init_ask_yes(&init->ask, "answer again?", true))
            return false;
    }
}

static bool reach_both(struct init *init, struct zm_error *err)
{
    return reach(init, DB_BRAIN, err) && reach(init, DB_BOT, err) &&
           db_pair_check(&init->facts[DB_BRAIN], &init->facts[DB_BOT], err);
}

/* ---- the profile ---- */

static bool is_name(const char *name)
{
    const char *s = name;

    if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z')))
        return false;
    for (; *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') ||
              *s == '-' || *s == '_'))
            return false;
    return true;
}

static bool ask_profile(struct init *init)
{
    static const char *const guards[] = {"unlock: read-only until :rw",
                                         "read_only: no write at all",
                                         "open: writes at any time (not for production)"};
    static const char *const names[] = {"unlock", "read_only", "open"};
    struct init_profile *p = &init->profile;
    const char *wanted = init->options->profile;
    int guard;

    init_say(&init->ask, "%s", "");
    init_say(&init->ask, "The profile");
    for (;;) {
        if (!init_ask_line(&init->ask, "name", wanted ? wanted : "production", p->name,
                           sizeof(p->name)))
            return false;
        if (is_name(p->name))
            break;
        init_say(&init->ask, "  letters, digits, - and _");
        init->ask.ended = !init->ask.terminal;
    }
    if (!init_ask_line(&init->ask, "label, for the title",
                       zm_streq(p->name, "production") ? "PROD" : p->name, p->label,
                       sizeof(p->label)))
        return false;
    guard = init_ask_choice(&init->ask, "what may be written?", guards, 3);
    if (guard > 0)
        zm_copy(p->guard, sizeof(p->guard), names[guard - 1]);
    return guard > 0;
}

/* ---- saving ---- */

static bool confirm(struct init *init)
{
    struct zm_buf text = {.s = NULL};
    char question[400], *line, *next;
    bool there = access(init->path, F_OK) == 0;

    init_save_text(&text, &init->profile, true);
    init_say(&init->ask, "%s", "");
    for (line = text.s; *line; line = next) {
        next = line + strcspn(line, "\n");
        *next++ = '\0';
        init_say(&init->ask, "  %s", line);
    }
    zm_buf_done(&text);
    init_say(&init->ask, "%s", "");
    if (there)
        snprintf(question, sizeof(question), "%.200s exists. Replace it, keeping it as .old? y/n",
                 init->path);
    else
        snprintf(question, sizeof(question), "save to %.200s? y/n", init->path);
    return init_ask_yes(&init->ask, question, !there);
}

/* The servers that were just tried are the ones to be recognised from now on. */
static void record(struct init *init)
{
    const char *state = conf_place_state(&init->arena, init->profile.name);
    const char *file;
    struct zm_error err;
    int i;

    if (!state)
        return;
    file = zm_arena_printf(&init->arena, "%s/known", state);
    for (i = 0; i < DB_SIDES; i++)
        if (!db_known_accept(file, &init->facts[i], &err))
            out_error(&err, init->options->ascii);
}

static int run(struct init *init)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};

    init_say(&init->ask, "Two connections are asked for and tried; then they are saved to %s.",
             init->path);
    init_say(&init->ask, "Enter takes what stands in [brackets].");
    if (!reach_both(init, &err))
        return err.kind == ZM_ERR_NONE ? stop_ended(init) : stop(init, &err);
    if (!ask_profile(init))
        return stop_ended(init);
    if (!confirm(init)) {
        if (init->ask.ended)
            return stop_ended(init);
        init_say(&init->ask, "nothing was saved");
        return 5;
    }
    if (!init_save_file(init->path, &init->profile, &err))
        return stop(init, &err);
    record(init);
    init_say(&init->ask, "saved to %s (mode 600). Try: zmartctl health", init->path);
    return 0;
}

/* ---- --accept ---- */

static int accept_servers(const struct options *options)
{
    struct command_run run;
    struct conf conf;
    struct zm_error err;
    int i, code;

    if (!conf_load(options->config, options->profile, &conf, &err)) {
        out_error(&err, options->ascii);
        return zm_error_exit_code(err.kind);
    }
    if (!command_begin(&run, options, &conf)) {
        conf_done(&conf);
        return run.exit_code;
    }
    for (i = 0; i < DB_SIDES; i++) {
        const struct db_link *link = command_link(&run, (enum db_side)i);
        const struct db_facts *facts = link ? db_link_facts(link) : NULL;

        if (!facts || !conf.target[i].known_file)
            continue;
        if (!facts->changed_server)
            command_note(&run, "%s: the recorded server; nothing to accept",
                         db_side_name(facts->side));
        else if (db_known_accept(conf.target[i].known_file, facts, &err))
            command_note(&run, "%s: %s is recorded now (system %s)", db_side_name(facts->side),
                         facts->host, facts->system[0] ? facts->system : "unknown");
        else
            command_fail(&run, &err);
    }
    code = command_end(&run, NULL);
    conf_done(&conf);
    return code;
}

int cmd_init(const struct options *options, struct conf *conf)
{
    struct init init = {.options = options};
    const char *named = options->config ? options->config : getenv("ZMARTCTL_CONFIG");
    struct zm_error err;
    int i, code;

    (void)conf;
    if (options->accept)
        return accept_servers(options);
    init_ask_begin(&init.ask, options->ascii);
    init.path = named && named[0] ? named : conf_place_own(&init.arena);
    if (!init.path) {
        zm_error_set(&err, ZM_ERR_CONFIG, "", "", "there is no home directory to write to");
        zm_error_hint(&err, "choose a file with -c FILE");
        return stop(&init, &err);
    }
    for (i = 0; i < DB_SIDES; i++)
        init.given[i] = zm_text(environment_take_password((enum db_side)i, &init.arena));
    code = run(&init);
    explicit_bzero(&init.profile, sizeof(init.profile));
    zm_arena_done(&init.arena);
    return code;
}
