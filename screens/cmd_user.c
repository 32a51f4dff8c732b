/*
 * `zmartctl user USER`: everything that both databases hold about one user.
 */
#include "screens/command_user.h"
#include "screens/commands.h"
#include "screens/json_user.h"

static void print_csv(const struct command_user *one, struct out *out)
{
    struct json_user_values values;

    json_user_values(&one->user, &values);
    out_row(out, values.value, NULL);
}

int cmd_user(const struct options *options, struct conf *conf)
{
    enum out_format format = out_pick(options, OUT_TABLE);
    struct command_run run;
    struct command_user one;
    struct out *out;

    if (!command_user_begin(&run, options, conf, &one))
        return run.exit_code;
    out = out_new(NULL, format, options->raw, run.ascii, json_user_columns, JSON_USER_COLUMNS);
    if (format == OUT_JSON)
        command_user_print_json(&run, &one, true, out);
    else if (format == OUT_CSV)
        print_csv(&one, out);
    else
        command_user_print_text(&run, &one, out);
    command_user_done(&one);
    return command_end(&run, out);
}
