/*
 * `zmartctl health`: both connections, one line each, and what is to be said about them.
 */
#include <jansson.h>
#include <stdlib.h>

#include "db/indexes.h"
#include "screens/command.h"
#include "screens/commands.h"
#include "screens/print_json.h"
#include "zm/str.h"

/* clang-format off */
static const struct out_column columns[] = {
    {"database", false},
    {"state", false},
    {"server_version", false},
    {"tls", false},
    {"role", false},
    {"writable", false},
    {"rtt_ms", true},
    {"error", false}, /* not in the table: it is on stderr, whole */
};
/* clang-format on */

static bool is_writable(const struct db_facts *facts)
{
    return !facts->standby && !facts->read_only && strncmp(facts->writable, "0 ", 2) != 0;
}

/* "yes, 5 of 5 tables"; for people. */
static const char *describe_writable(const struct db_facts *facts, char *dst, size_t size)
{
    if (facts->standby)
        return "no, a standby";
    if (facts->read_only)
        return "no, read-only";
    snprintf(dst, size, "%s, %s", is_writable(facts) ? "yes" : "no", facts->writable);
    return dst;
}

static void print_up(struct out *out, const struct db_link *link)
{
    const struct db_facts *facts = db_link_facts(link);
    bool table = out_format(out) == OUT_TABLE;
    int rtt = db_link_rtt_ms(link);
    char ms[16], writable[160];
    json_t *object = json_object();
    const char *values[ZM_COUNT(columns)] = {
        table ? db_side_name(facts->side) : db_side_key(facts->side),
        "up",
        facts->server,
        facts->tls,
        facts->role,
        table ? describe_writable(facts, writable, sizeof(writable))
              : (is_writable(facts) ? "true" : "false"),
        rtt < 0 ? NULL : ms,
        NULL,
    };
    size_t i;

    snprintf(ms, sizeof(ms), "%d", rtt);
    for (i = 0; i < 5; i++)
        json_object_set_new(object, columns[i].name, print_json_string(values[i]));
    json_object_set_new(object, "writable", json_boolean(is_writable(facts)));
    json_object_set_new(object, "rtt_ms", rtt < 0 ? json_null() : json_integer(rtt));
    json_object_set_new(object, "error", json_null());
    out_row(out, values, object);
}

static void print_down(struct out *out, enum db_side side, const struct zm_error *err)
{
    bool table = out_format(out) == OUT_TABLE;
    json_t *object = json_object();
    char line[700];
    const char *values[ZM_COUNT(columns)] = {
        table ? db_side_name(side) : db_side_key(side), "down", NULL, NULL, NULL, NULL, NULL,
        zm_error_line(err, line, sizeof(line))};
    size_t i;

    for (i = 0; i < ZM_COUNT(columns); i++)
        json_object_set_new(object, columns[i].name, print_json_string(values[i]));
    out_row(out, values, object);
}

/* ---- what is to be said ---- */

static void say_indexes(const struct command_run *run, const struct db_facts *facts)
{
    struct zm_buf missing = {.s = NULL};
    int i;

    for (i = 0; i < DB_INDEX_COUNT; i++) {
        const struct db_index_row *row = db_index_row((enum db_index)i);

        if (row->side == facts->side && !(facts->indexes >> i & 1))
            zm_buf_printf(&missing, "%s%s", missing.len ? ", " : "", row->name);
    }
    if (missing.len > 0)
        command_note(run, "%s: missing indexes make lists slow: %s", db_side_name(facts->side),
                     missing.s);
    zm_buf_done(&missing);
}

static void say(const struct command_run *run, const struct db_facts *facts)
{
    const char *line = facts->warnings;

    for (; *line; line += strcspn(line, "\n"), line += *line == '\n')
        command_note(run, "%s: %.*s", db_side_name(facts->side), (int)strcspn(line, "\n"), line);
    if (facts->hidden[0])
        command_note(run, "%s: row security hides rows from role %s in %s",
                     db_side_name(facts->side), facts->role, facts->hidden);
    say_indexes(run, facts);
}

int cmd_health(const struct options *options, struct conf *conf)
{
    enum out_format format = out_pick(options, OUT_TABLE);
    struct command_run run;
    bool open;
    struct out *out;
    int i;

    open = command_begin(&run, options, conf);
    out = out_new(NULL, format, options->raw, run.ascii, columns,
                  ZM_COUNT(columns) - (format == OUT_TABLE));
    for (i = 0; i < DB_SIDES; i++) {
        const struct db_link *link = open ? command_link(&run, (enum db_side)i) : NULL;
        const struct zm_error *own = &run.session.err[i];

        if (link)
            print_up(out, link);
        else
            print_down(out, (enum db_side)i, own->kind != ZM_ERR_NONE ? own : &run.said[0]);
    }
    for (i = 0; i < DB_SIDES && open; i++)
        if (command_link(&run, (enum db_side)i))
            say(&run, db_link_facts(command_link(&run, (enum db_side)i)));
    return command_end(&run, out);
}
