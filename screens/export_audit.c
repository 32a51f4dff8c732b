/*
 * Prints the journal, a page in memory at a time.
 */
#include "screens/export_audit.h"

#include <jansson.h>
#include <string.h>

#include "db/journal.h"
#include "screens/audit_change.h"
#include "screens/print_json.h"
#include "zm/arena.h"
#include "zm/str.h"

#define PAGE 200

/* clang-format off */
const struct out_column export_audit_columns[EXPORT_AUDIT_COLUMNS] = {
    {"request", false}, {"created_at", false}, {"action", false}, {"user_id", false},
    {"email", false}, {"db_role", false}, {"os_user", false}, {"ssh", false}, {"host", false},
    {"before", false}, {"after", false}, {"bot_before", false}, {"bot_after", false},
    {"reason", false}, {"outcome", false}, {"undo_of", false},
};
const struct out_column export_audit_brief[EXPORT_AUDIT_BRIEF] = {
    {"created_at", false}, {"os_user", false}, {"action", false}, {"email", false},
    {"change", false}, {"reason", false}, {"outcome", false},
};
/* clang-format on */

static void values_of(const struct db_journal_row *row, const char *ret[EXPORT_AUDIT_COLUMNS])
{
    const char *const values[EXPORT_AUDIT_COLUMNS] = {
        row->id,        row->created_at,
        row->action,    row->subject,
        row->email,     row->db_role,
        row->os_user,   row->ssh,
        row->host,      row->before,
        row->after,     row->bot_before,
        row->bot_after, row->reason ? row->reason : row->reason_later,
        row->outcome,   row->undo_of,
    };

    memcpy(ret, values, sizeof(values));
}

static struct json_t *object_of(const char *const values[EXPORT_AUDIT_COLUMNS])
{
    json_t *object = json_object();
    size_t i;

    for (i = 0; i < EXPORT_AUDIT_COLUMNS; i++)
        json_object_set_new(object, export_audit_columns[i].name, print_json_string(values[i]));
    return object;
}

static void print_brief(struct export_run *e, const struct db_journal_row *row)
{
    struct zm_arena arena = {.head = NULL};
    const char *action = zm_text(row->action),
               *reason = row->reason ? row->reason : row->reason_later;
    const char *const brief[EXPORT_AUDIT_BRIEF] = {
        row->created_at,
        row->os_user,
        strncmp(action, "zmartctl.", 9) == 0 ? action + 9 : action, /* all of them are */
        row->email ? row->email : row->subject,
        audit_change(&arena, row, "-"),
        reason ? reason : "(owed)",
        row->outcome ? row->outcome : "OPEN",
    };

    out_row(e->out, brief, NULL);
    zm_arena_done(&arena);
}

static void print(struct export_run *e, const struct db_journal_row *row)
{
    const char *values[EXPORT_AUDIT_COLUMNS];

    if (out_format(e->out) == OUT_TABLE) {
        print_brief(e, row);
    } else {
        values_of(row, values);
        out_row(e->out, values, out_wants_json(e->out) ? object_of(values) : NULL);
    }
    atomic_fetch_add(&e->rows, 1);
}

/* Where a page ends; its rows are freed before the next is read. */
struct place {
    char at[64], id[37];
};

void export_audit_rows(struct export_run *e, long limit)
{
    const struct db_journal_filter filter = {.user_id = e->user[0] ? e->user : NULL,
                                             .since = e->since[0] ? e->since : NULL};
    struct place place = {.at = ""};
    const struct db_journal_row before = {.at = place.at, .id = place.id};
    size_t n = PAGE, i;

    while (n == PAGE && out_alive(e->out) && !(e->cancelled && atomic_load(e->cancelled))) {
        struct db_link *brain = command_link(e->run, DB_BRAIN);
        struct db_rows rows;
        struct zm_error err;

        if (!brain)
            return;
        if (!db_journal_page(brain, &filter, place.id[0] ? &before : NULL, PAGE, &rows, &err)) {
            command_fail(e->run, &err);
            return;
        }
        n = rows.n;
        for (i = 0; i < n && (limit == 0 || atomic_load(&e->rows) < limit); i++)
            print(e, DB_ROW(&rows, struct db_journal_row, i));
        if (i < n)
            n = 0;
        if (n == PAGE) {
            zm_copy(place.at, sizeof(place.at), DB_ROW(&rows, struct db_journal_row, n - 1)->at);
            zm_copy(place.id, sizeof(place.id), DB_ROW(&rows, struct db_journal_row, n - 1)->id);
        }
        db_rows_done(&rows);
        out_pulse(e->out);
    }
}

void export_audit(struct export_run *e)
{
    export_audit_rows(e, 0);
}
