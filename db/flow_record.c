/*
 * Writes and reads how tests ended. Must not know what they test.
 */
#include "db/flow.h"

#include "db/checklist_work.h"
#include "db/link.h"
#include "db/pairs.h"
#include "db/schema.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_field fields[] = {
    DB_FIELD(struct db_flow_record_row, at),
    DB_FIELD(struct db_flow_record_row, outcome),
    DB_FIELD(struct db_flow_record_row, found),
    DB_FIELD(struct db_flow_record_row, fingerprint),
    DB_FIELD(struct db_flow_record_row, os_user),
};
const struct db_shape db_shape_flow_record = {
    "flow record", sizeof(struct db_flow_record_row), fields, ZM_COUNT(fields)};
/* clang-format on */

bool db_flow_record_write(struct db_checklist *list, const struct db_step *step, bool ok,
                          const char *found, struct zm_error *err)
{
    struct db_pairs pairs = {.keys = {.s = NULL}};
    char now[37];

    db_step_fingerprint(list, step, now);
    db_pairs_add(&pairs, "outcome", ok ? "ok" : "fail");
    db_pairs_add(&pairs, "new", ok ? "ok" : "fail");
    db_pairs_add(&pairs, "found", found);
    db_pairs_add(&pairs, "reason", step->title);
    db_pairs_add(&pairs, "fingerprint", now);
    return db_checklist_write_row(list, "zmartctl.flow_test", step->key, &pairs, err);
}

static void judge(struct db_checklist *list, const struct db_step *step,
                  const struct db_flow_record_row *row, struct db_step_finding *ret)
{
    char now[37];

    db_step_fingerprint(list, step, now);
    ret->found = zm_arena_printf(&list->arena, "%s (%.10s, %s)", zm_text(row->found),
                                 zm_text(row->at), zm_text(row->os_user));
    if (!zm_streq(now, row->fingerprint)) {
        ret->state = DB_STEP_STALE;
        ret->found =
            zm_arena_printf(&list->arena, "%s; what it tested has changed since", ret->found);
        return;
    }
    ret->state = zm_streq(row->outcome, "ok") ? DB_STEP_OK : DB_STEP_FAIL;
}

void db_flow_record_check(struct db_checklist *list, const struct db_step *step,
                          const char *expected, struct db_step_finding *ret)
{
    struct db_link *brain = db_session_link(list->session, DB_BRAIN);
    char subject[DB_SUBJECT_SIZE];
    struct db_ask ask = {.sql = DB_SQL_BRAIN_FLOW_RECORD, .params = {subject}};

    db_checklist_subject(step->key, subject);
    ret->state = DB_STEP_NOT_RUN;
    ret->expected = expected;
    ret->found = "it was not performed yet";
    ret->fix = zm_arena_printf(&list->arena, "-- zmartctl check run %s, or F on it", step->key);
    if (!brain)
        db_session_away(list->session, DB_BRAIN, "look at it", &ret->err);
    else if (db_link_read(brain, &ask, 1, &ret->err) && !ask.ok && ask.err.kind != ZM_ERR_SHAPE)
        ret->err = ask.err;
    if (ask.ok && ask.rows.n > 0)
        judge(list, step, DB_ROW(&ask.rows, struct db_flow_record_row, 0), ret);
    db_asks_done(&ask, 1);
}

/* What follows a sign-up by itself. */
static void add_triggers(const struct db_schema *schema, struct zm_buf *ret)
{
    size_t i;

    for (i = 0; schema && i < DB_SCHEMA_N(schema, TRIGGERS); i++) {
        const struct db_schema_trigger *row = DB_SCHEMA_ROW(schema, TRIGGERS, trigger, i);

        if (strncmp(row->table_name, "auth.", 5) == 0)
            zm_buf_printf(ret, "%s %d %s %d %s\n", row->definition, row->enabled, row->function,
                          row->definer, row->body);
    }
}

void db_flow_fingerprint(struct db_checklist *list, const struct db_step *step, struct zm_buf *ret)
{
    static const char *const keys[] = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7",
                                       "1.8", "2.2", "2.7", "2.9", "2.10"};
    size_t i;

    zm_buf_printf(ret, "%s\n", step->key);
    for (i = 0; i < ZM_COUNT(keys); i++) {
        const struct db_step *part = db_step_find(keys[i]);

        if (part && part->fingerprint)
            part->fingerprint(list, part, ret);
    }
    add_triggers(list->schema[DB_BRAIN], ret);
}
