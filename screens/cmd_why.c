/*
 * `zmartctl why USER`: the gates of CAN TRADE, and an exit code that says it: 0 yes, 1 no, 3
 * unknown because a database is away. A hard gate that is known to fail says no whatever else is
 * unknown.
 */
#include "screens/command_user.h"
#include "screens/commands.h"
#include "screens/json_user.h"

static void print_csv(const struct command_user *one, struct out *out)
{
    const struct db_verdict *verdict = &one->user.verdict;
    size_t i;

    for (i = 0; i < verdict->n; i++) {
        const struct db_gate_result *g = &verdict->gate[i];
        const char *values[] = {db_gate_key(g->gate), db_level_key(g->level),
                                json_maybe_text((db_maybe)g->ok), g->detail[0] ? g->detail : NULL};

        out_row(out, values, NULL);
    }
}

static int exit_code_of(const struct db_verdict *verdict, int so_far)
{
    if (verdict->can_trade == DB_FAILS)
        return 1;
    if (verdict->can_trade == DB_HOLDS)
        return so_far;
    return so_far ? so_far : 3;
}

int cmd_why(const struct options *options, struct conf *conf)
{
    static const struct out_column columns[] = {
        {"gate", false}, {"level", false}, {"ok", false}, {"detail", false}};
    enum out_format format = out_pick(options, OUT_TABLE);
    struct command_run run;
    struct command_user one;
    struct out *out;

    if (!command_user_begin(&run, options, conf, &one))
        return run.exit_code;
    out = out_new(NULL, format, options->raw, run.ascii, columns, 4);
    if (format == OUT_JSON)
        command_user_print_json(&run, &one, false, out);
    else if (format == OUT_CSV)
        print_csv(&one, out);
    else
        command_user_print_gates(&one, out);
    run.exit_code = exit_code_of(&one.user.verdict, run.exit_code);
    command_user_done(&one);
    return command_end(&run, out);
}
