/*
 * What a write says, for programs and for people.
 */
#include <jansson.h>

#include "screens/command_write.h"
#include "screens/json_user.h"
#include "screens/print_json.h"
#include "tui/text.h"
#include "zm/str.h"

/* clang-format off */
const struct out_column command_write_columns[COMMAND_WRITE_COLUMNS] = {
    {"result", false}, {"changed", false}, {"request", false}, {"user_id", false},
    {"message", false},
};
/* clang-format on */

/* The values of a side as they are now, by the names of their columns; null when none is known. */
static json_t *half(const struct db_values *values, enum db_side side)
{
    json_t *object = json_object();
    int i;

    for (i = 0; i < DB_ITEMS; i++) {
        const struct db_item_row *row = db_item_row((enum db_item)i);
        const char *text = values->text[i];

        if (row->side != side || !values->known[i])
            continue;
        if (row->is_flag && text)
            json_object_set_new(object, row->column, json_boolean(zm_streq(text, "true")));
        else
            json_object_set_new(object, row->column, print_json_string(text));
    }
    if (json_object_size(object) > 0)
        return object;
    json_decref(object);
    return json_null();
}

static json_t *object_of(const char *user_id, const struct db_written *written)
{
    json_t *object = json_object();

    json_object_set_new(object, "result", json_string(db_result_key(written->result)));
    json_object_set_new(object, "changed", json_boolean(written->changed));
    json_object_set_new(object, "request", json_string(written->request));
    json_object_set_new(object, "user_id", json_string(user_id));
    json_object_set_new(object, "brain", half(&written->after, DB_BRAIN));
    json_object_set_new(object, "bot", half(&written->after, DB_BOT));
    json_object_set_new(object, "message", print_json_string(written->message));
    return object;
}

void command_write_print(const struct command_write *w, const char *user_id, const char *email,
                         const struct db_written *written)
{
    const char *values[COMMAND_WRITE_COLUMNS] = {db_result_key(written->result),
                                                 written->changed ? "true" : "false",
                                                 written->request, user_id, written->message};

    switch (w->format) {
    case OUT_JSON:
        out_row(w->out, NULL, object_of(user_id, written));
        break;
    case OUT_CSV:
        out_row(w->out, values, NULL);
        break;
    default:
        out_line(w->out, "%s: %s%s%s%s", email && email[0] ? email : user_id, written->message,
                 written->changed ? " (request " : "", written->changed ? written->request : "",
                 written->changed ? ")" : "");
        break;
    }
}

void command_write_print_summary(const struct command_write *w, const struct db_bulk_counts *c)
{
    json_t *object;

    if (w->format != OUT_JSON) {
        const char *what = w->terms.dry_run ? "would be changed" : "changed";

        if (w->format == OUT_TABLE)
            out_line(w->out,
                     "%zu %s, %zu already so, %zu changed since, %zu refused, %zu failed, %zu "
                     "unknown, %zu not tried",
                     c->done, what, c->unchanged, c->stale, c->refused, c->failed, c->unknown,
                     c->not_tried);
        return;
    }
    object = json_object();
    json_object_set_new(object, "summary", json_true());
    json_object_set_new(object, "done", json_integer((json_int_t)c->done));
    json_object_set_new(object, "unchanged", json_integer((json_int_t)c->unchanged));
    json_object_set_new(object, "stale", json_integer((json_int_t)c->stale));
    json_object_set_new(object, "refused", json_integer((json_int_t)c->refused));
    json_object_set_new(object, "failed", json_integer((json_int_t)c->failed));
    json_object_set_new(object, "unknown", json_integer((json_int_t)c->unknown));
    json_object_set_new(object, "not_tried", json_integer((json_int_t)c->not_tried));
    out_row(w->out, NULL, object);
}

void command_write_print_untouched(const struct command_write *w, size_t n)
{
    if (w->format == OUT_JSON)
        command_write_print_summary(w, &(struct db_bulk_counts){.not_tried = n});
}

/* ---- for other hands ---- */

void command_write_print_stop(const struct command_write *w, const struct db_written *written)
{
    const struct db_values *want = &w->edit.want;
    struct zm_buf sql = {.s = NULL};
    const char *at;
    int n;

    if (!want->known[DB_ITEM_TRADING] || db_values_is_on(want, DB_ITEM_TRADING) ||
        !db_written_lacks(written, DB_BOT))
        return;
    db_stop_sql(w->edit.user_id, &sql);
    out_note(w->run.ascii, "this stops him where ZmartBot can be reached; the journal will not "
                           "know of it:");
    for (at = sql.s; *at; at += n + (at[n] == '\n')) {
        n = (int)strcspn(at, "\n");
        out_detail(w->run.ascii, "%.*s", n, at);
    }
    zm_buf_done(&sql);
}

/* ---- the plan ---- */

static const char *shown(const char *text)
{
    return text ? text : "NULL";
}

void command_write_print_plan(const struct command_write *w, const struct db_user *user,
                              const struct db_now *now, const struct db_decision *decision)
{
    struct db_plan_line lines[DB_PLAN_LINES];
    size_t n = db_plan_lines(&w->edit, now, decision, lines), i;
    const char *email = user ? json_user_email(user) : NULL;

    out_note(w->run.ascii, "%s: %s%s%s on %s", db_action_title(w->edit.action),
             email ? email : w->edit.user_id, email ? ", " : "", email ? w->edit.user_id : "",
             w->run.conf->label);
    for (i = 0; i < n; i++) {
        char column[160], values[400] = "";

        snprintf(column, sizeof(column), "%s%s%s", lines[i].table, lines[i].column[0] ? "." : "",
                 lines[i].column);
        if (lines[i].column[0])
            snprintf(values, sizeof(values), "%.160s -> %.160s", shown(lines[i].before),
                     shown(lines[i].after));
        out_detail(w->run.ascii, "%-12s %-40s %s%s%s", db_side_name(lines[i].side), column, values,
                   lines[i].note[0] && values[0] ? "  " : "", lines[i].note);
    }
    if (decision->message[0])
        out_detail(w->run.ascii, "%s", decision->message);
}
