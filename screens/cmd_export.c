/*
 * `zmartctl export WHAT`: whole tables as a stream, for files.
 */
#include "screens/commands.h"
#include "screens/export_run.h"
#include "screens/since.h"

int cmd_export(const struct options *options, struct conf *conf)
{
    struct export_run e = {.user = "", .since = ""};
    const struct export_kind *kind;
    struct command_run run;
    struct zm_error err;

    if (!export_find(options->args[0], &kind, &err) ||
        (options->since && !since_parse(options->since, e.since, &err))) {
        out_error(&err, options->ascii);
        return zm_error_exit_code(err.kind);
    }
    if (!command_begin(&run, options, conf))
        return run.exit_code;
    e.run = &run;
    if (options->user && !command_resolve(&run, options->user, e.user))
        return command_end(&run, NULL);
    e.out =
        out_new(NULL, out_pick(options, OUT_CSV), options->raw, run.ascii, kind->columns, kind->n);
    kind->run(&e);
    return command_end(&run, e.out);
}
