/*
 * The frame of a subcommand. Data goes to stdout, everything here to stderr and the log.
 */
#include "screens/command.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>

#include "screens/log.h"
#include "zm/str.h"

static void keep(struct command_run *run, int exit_code)
{
    if (run->exit_code == 0)
        run->exit_code = exit_code;
}

static bool was_said(const struct command_run *run, const struct zm_error *err)
{
    size_t i;

    for (i = 0; i < run->n_said; i++)
        if (zm_streq(run->said[i].where, err->where) &&
            zm_streq(run->said[i].message, err->message))
            return true;
    return false;
}

bool command_fail(struct command_run *run, const struct zm_error *err)
{
    if (!was_said(run, err)) {
        if (run->n_said < COMMAND_SAID)
            run->said[run->n_said++] = *err;
        if (!run->silent) {
            out_error(err, run->ascii);
            log_write(run->options->log, MESSAGE_ERROR, err);
        }
    }
    if (err->kind != ZM_ERR_SHAPE)
        keep(run, zm_error_exit_code(err->kind));
    return false;
}

void command_note(const struct command_run *run, const char *format, ...)
{
    struct zm_error note = {.kind = ZM_ERR_NONE};
    va_list args;

    va_start(args, format);
    vsnprintf(note.message, sizeof(note.message), format, args);
    va_end(args);
    if (run->silent)
        return;
    out_note(run->ascii, "%s", note.message);
    log_write(run->options->log, MESSAGE_INFO, &note);
}

void command_check_asks(struct command_run *run, const struct db_ask *asks, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (!asks[i].ok && asks[i].err.kind != ZM_ERR_NONE)
            command_fail(run, &asks[i].err);
}

/* ---- begin and end ---- */

static void greet(const struct command_run *run, enum db_side side)
{
    const struct db_facts *facts = db_link_facts(run->session.link[side]);

    if (facts->first_contact)
        command_note(run, "%s: first contact with %s; its identity was recorded",
                     db_side_name(side), facts->host);
    if (facts->changed_server)
        command_note(run,
                     "%s: %s is not the server that was recorded; writes wait for zmartctl init "
                     "--accept",
                     db_side_name(side), facts->host);
    if (facts->insecure)
        command_note(run, "%s: the connection is not verified (%s)", db_side_name(side),
                     facts->tls);
}

/* Wrong TLS or a wrong server is a matter of the configuration, not of a side that is away. */
static bool is_refusal(const struct zm_error *err)
{
    return err->kind == ZM_ERR_INSECURE || err->kind == ZM_ERR_IDENTITY ||
           err->kind == ZM_ERR_CONFIG;
}

bool command_begin(struct command_run *run, const struct options *options, struct conf *conf)
{
    struct zm_error err;
    bool ok;
    int i;

    memset(run, 0, sizeof(*run));
    run->options = options;
    run->conf = conf;
    run->ascii = options->ascii || conf->ascii;
    ok = db_session_open(&run->session, conf->target, &err);
    if (!ok && is_refusal(&err))
        return command_fail(run, &err);
    for (i = 0; i < DB_SIDES; i++) {
        if (run->session.err[i].kind != ZM_ERR_NONE)
            command_fail(run, &run->session.err[i]);
        else if (command_link(run, (enum db_side)i))
            greet(run, (enum db_side)i);
        ok = ok && !is_refusal(&run->session.err[i]);
    }
    if (!ok)
        db_session_close(&run->session);
    return ok;
}

int command_end(struct command_run *run, struct out *out)
{
    struct zm_error err;

    db_session_close(&run->session);
    if (out && !out_done(out)) {
        if (errno == EPIPE)
            return 128 + 13; /* SIGPIPE was ignored by whoever started us */
        zm_error_set(&err, ZM_ERR_SYSTEM, "", "write the output", "%s", strerror(errno));
        command_fail(run, &err);
        return 4;
    }
    return run->exit_code;
}

struct db_link *command_link(const struct command_run *run, enum db_side side)
{
    return db_session_link(&run->session, side);
}

/* ---- USER ---- */

static bool say_several(struct command_run *run, const char *who, const struct db_candidates *found)
{
    struct zm_error err;
    size_t i;

    zm_error_set(&err, ZM_ERR_NOT_FOUND, "", "", "'%.100s' is not one user but %s%zu:", who,
                 found->n == DB_CANDIDATES ? "at least " : "", found->n);
    command_fail(run, &err);
    for (i = 0; i < found->n; i++)
        out_detail(run->ascii, "%s  %s", found->row[i].id, found->row[i].text);
    return false;
}

bool command_resolve(struct command_run *run, const char *who, char ret[37])
{
    struct db_candidates found = {.n = 0};
    struct zm_error err;
    size_t i;

    if (zm_is_uuid(who)) /* shown even when the side that knows him is away */
        for (i = 0; i < 37; i++)
            ret[i] = (char)tolower((unsigned char)who[i]);
    if (!db_user_resolve(&run->session, who, &found, &err)) {
        command_fail(run, &err);
        return zm_is_uuid(who);
    }
    if (found.n > 1)
        return say_several(run, who, &found);
    if (found.n == 1) {
        zm_copy(ret, 37, found.row[0].id);
        return true;
    }
    if (zm_is_uuid(who) && run->exit_code == 3)
        return true;
    zm_error_set(&err, ZM_ERR_NOT_FOUND, "", "", "there is no user '%.150s'", who);
    if (run->exit_code == 3)
        zm_error_hint(&err, "a database is away; he may be there");
    else
        zm_error_hint(&err, "give an id, a whole e-mail or a whole phone number; zmartctl users "
                            "WORD searches");
    return command_fail(run, &err);
}
