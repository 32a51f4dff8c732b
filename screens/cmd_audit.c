/*
 * `zmartctl audit [USER]`: what operators did.
 */
#include "screens/commands.h"
#include "screens/export_audit.h"
#include "screens/since.h"
#include "zm/str.h"

int cmd_audit(const struct options *options, struct conf *conf)
{
    enum out_format format = out_pick(options, OUT_TABLE);
    struct export_run e = {.user = "", .since = ""};
    struct command_run run;
    struct zm_error err;

    if (options->since && !since_parse(options->since, e.since, &err)) {
        out_error(&err, options->ascii);
        return zm_error_exit_code(err.kind);
    }
    if (!command_begin(&run, options, conf))
        return run.exit_code;
    e.run = &run;
    if (options->n_args > 0 && !command_resolve(&run, options->args[0], e.user))
        return command_end(&run, NULL);
    if (run.session.link[DB_BRAIN] && db_session_link(&run.session, DB_BRAIN) &&
        db_link_facts(run.session.link[DB_BRAIN])->journal_unprotected)
        command_note(&run, "unprotected journal: anon or authenticated may write user_activity");
    if (format == OUT_TABLE)
        e.out =
            out_new(NULL, format, options->raw, run.ascii, export_audit_brief, EXPORT_AUDIT_BRIEF);
    else
        e.out = out_new(NULL, format, options->raw, run.ascii, export_audit_columns,
                        EXPORT_AUDIT_COLUMNS);
    export_audit_rows(&e, options->limit);
    return command_end(&run, e.out);
}
