/*
 * Reads what is on record about the checklist, and what this role may do about its steps.
 */
#include "db/catalog_data.h"
#include "db/checklist_work.h"
#include "db/link.h"
#include "db/pairs.h"

/* clang-format off */
static const struct db_field mark_fields[] = {
    DB_FIELD(struct db_mark_row, subject),
    DB_FIELD(struct db_mark_row, id),
    DB_FIELD(struct db_mark_row, action),
    DB_FIELD(struct db_mark_row, at),
    DB_FIELD(struct db_mark_row, note),
    DB_FIELD(struct db_mark_row, until),
    DB_FIELD(struct db_mark_row, fingerprint),
    DB_FIELD(struct db_mark_row, profile),
    DB_FIELD(struct db_mark_row, db_role),
    DB_FIELD(struct db_mark_row, os_user),
    DB_FIELD(struct db_mark_row, host),
    DB_FIELD(struct db_mark_row, expired),
};
static const struct db_field rights_fields[] = {
    DB_FIELD(struct db_rights_row, is_super),
    DB_FIELD(struct db_rights_row, may_create),
    DB_FIELD(struct db_rights_row, may_extend),
    DB_FIELD(struct db_rights_row, may_create_role),
    DB_FIELD(struct db_rights_row, role),
    DB_FIELD(struct db_rights_row, not_owned),
};
static const struct db_field invalid_fields[] = {
    DB_FIELD(struct db_invalid_index_row, name),
    DB_FIELD(struct db_invalid_index_row, quoted),
};
const struct db_shape db_shape_mark = {
    "mark", sizeof(struct db_mark_row), mark_fields, ZM_COUNT(mark_fields)};
const struct db_shape db_shape_rights = {
    "rights", sizeof(struct db_rights_row), rights_fields, ZM_COUNT(rights_fields)};
const struct db_shape db_shape_invalid_index = {
    "invalid index", sizeof(struct db_invalid_index_row), invalid_fields, ZM_COUNT(invalid_fields)};
static const struct {
    const char *action;
    enum db_mark_kind kind;
} actions[] = {
    {"zmartctl.signoff", DB_MARK_SIGNED},
    {"zmartctl.unsign",  DB_MARK_UNSIGNED},
    {"zmartctl.waive",   DB_MARK_WAIVED},
};
/* clang-format on */

void db_checklist_subject(const char *key, char ret[DB_SUBJECT_SIZE])
{
    snprintf(ret, DB_SUBJECT_SIZE, "checklist %.20s", key);
}

/* ---- reading ---- */

/* All subjects there are, as an array literal. */
static void add_subjects(struct db_pairs *pairs)
{
    char subject[DB_SUBJECT_SIZE], key[2] = "0";
    const struct db_step *step;
    int item;
    size_t i;

    for (item = 1; item <= DB_ITEMS_OF_CHECKLIST; item++) {
        key[0] = (char)('0' + item);
        db_checklist_subject(key, subject);
        db_pairs_add(pairs, subject, "");
        for (i = 0; (step = db_step_at(item, i)) != NULL; i++) {
            db_checklist_subject(step->key, subject);
            db_pairs_add(pairs, subject, "");
        }
    }
    db_pairs_end(pairs);
}

/* The tables of a side that the checklist creates. */
static void add_tables(struct db_pairs *pairs, enum db_side side)
{
    const struct db_known_table *table;
    size_t i;

    for (i = 0; (table = db_known_table(i)) != NULL; i++)
        if (table->side == side)
            db_pairs_add(pairs, strchr(table->name, '.') + 1, "");
    db_pairs_end(pairs);
}

static void take(struct db_ask *ask, struct db_rows *ret, struct zm_error *err)
{
    if (!ask->ok) {
        *err = ask->err;
        return;
    }
    *ret = ask->rows;
    memset(&ask->rows, 0, sizeof(ask->rows));
}

static void read_side(struct db_checklist *list, enum db_side side)
{
    struct db_checklist_record *r = list->record;
    struct db_link *link = db_session_link(list->session, side);
    struct db_pairs subjects = {.keys = {.s = NULL}}, tables = {.keys = {.s = NULL}};
    struct db_ask asks[3];
    size_t n = side == DB_BRAIN ? 3 : 2;

    memset(asks, 0, sizeof(asks));
    add_subjects(&subjects);
    add_tables(&tables, side);
    asks[0] = (struct db_ask){.sql = DB_SQL_EITHER_SCHEMA_RIGHTS, .params = {tables.keys.s}};
    asks[1] = (struct db_ask){.sql = DB_SQL_EITHER_INVALID_INDEXES};
    asks[2] = (struct db_ask){.sql = DB_SQL_BRAIN_CHECKLIST_MARKS, .params = {subjects.keys.s}};
    if (!link) {
        db_session_away(list->session, side, "look at it", &r->side[side].err);
    } else if (db_link_read(link, asks, n, &r->side[side].err)) {
        take(&asks[0], &r->side[side].rights, &r->side[side].err);
        take(&asks[1], &r->side[side].invalid, &r->side[side].err);
        if (side == DB_BRAIN)
            take(&asks[2], &r->marks, &r->marks_err);
    }
    if (side == DB_BRAIN && r->side[side].err.kind != ZM_ERR_NONE)
        r->marks_err = r->side[side].err;
    db_asks_done(asks, 3);
    db_pairs_done(&subjects);
    db_pairs_done(&tables);
}

void db_checklist_read_record(struct db_checklist *list)
{
    list->record = zm_calloc(1, sizeof(*list->record));
    read_side(list, DB_BRAIN);
    read_side(list, DB_BOT);
    /* Without the table nothing can be on record. */
    if (list->record->marks_err.kind == ZM_ERR_SHAPE)
        list->record->marks_err.kind = ZM_ERR_NONE;
}

void db_checklist_free_record(struct db_checklist *list)
{
    int side;

    if (!list->record)
        return;
    db_rows_done(&list->record->marks);
    for (side = 0; side < DB_SIDES; side++) {
        db_rows_done(&list->record->side[side].rights);
        db_rows_done(&list->record->side[side].invalid);
    }
    free(list->record);
    list->record = NULL;
}

/* ---- answering ---- */

static void fill(struct zm_arena *arena, const struct db_mark_row *row, struct db_mark *ret)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(actions); i++)
        if (zm_streq(row->action, actions[i].action))
            ret->kind = actions[i].kind;
    ret->expired = row->expired;
    ret->id = zm_arena_strdup(arena, row->id);
    ret->at = zm_arena_strdup(arena, zm_text(row->at));
    ret->by = row->os_user ? zm_arena_printf(arena, "%s@%s", row->os_user, zm_text(row->host))
                           : zm_arena_strdup(arena, zm_text(row->db_role));
    ret->note = zm_arena_strdup(arena, zm_text(row->note));
    ret->until = zm_arena_strdup(arena, zm_text(row->until));
    ret->fingerprint = zm_arena_strdup(arena, zm_text(row->fingerprint));
    ret->profile = zm_arena_strdup(arena, zm_text(row->profile));
}

void db_checklist_mark(struct db_checklist *list, const char *key, struct db_mark *ret)
{
    static const struct db_mark nothing = {
        .at = "", .by = "", .note = "", .until = "", .fingerprint = "", .profile = ""};
    char subject[DB_SUBJECT_SIZE];
    size_t i;

    *ret = nothing;
    db_checklist_subject(key, subject);
    for (i = 0; list->record && i < list->record->marks.n; i++) {
        const struct db_mark_row *row = DB_ROW(&list->record->marks, struct db_mark_row, i);

        if (zm_streq(row->subject, subject))
            fill(&list->arena, row, ret);
    }
}

/* Of "user_trades (ana), user_api_keys (bo)" those that the SQL names; "" none. */
static const char *not_owned_of(struct zm_arena *arena, const char *not_owned, const char *sql)
{
    const char *text = "", *at = zm_text(not_owned);
    char name[80];
    size_t n;

    for (; *at; at += n + strspn(at + n, ", ")) {
        n = strcspn(at, ",");
        snprintf(name, sizeof(name), "public.%.*s", (int)strcspn(at, " "), at);
        if (strstr(sql, name))
            text = zm_arena_printf(arena, "%s%s%.*s", text, text[0] ? ", " : "", (int)n, at);
    }
    return text;
}

/* What the SQL wants and the role may not, as "does not own user_trades (ana)"; "" nothing. */
static const char *lacking(struct zm_arena *arena, const struct db_rights_row *row, const char *sql)
{
    const char *not_owned = not_owned_of(arena, row->not_owned, sql);

    if (row->is_super)
        return "";
    if (not_owned[0])
        return zm_arena_printf(arena, "does not own %s", not_owned);
    if (strstr(sql, "CREATE ROLE") && !row->may_create_role)
        return "may not create roles";
    if ((strstr(sql, "CREATE SCHEMA") || strstr(sql, "CREATE EXTENSION")) && !row->may_extend)
        return "may not create schemas or extensions in this database";
    if ((strstr(sql, "CREATE TABLE") || strstr(sql, "INDEX CONCURRENTLY")) && !row->may_create)
        return "may not create in schema public";
    return "";
}

static const char *cannot_on(struct db_checklist *list, const struct db_step *step,
                             enum db_side side, const char *sql)
{
    const struct db_rows *rows = &list->record->side[side].rights;
    const struct db_link *link = db_session_link(list->session, side);
    const struct db_rights_row *row;
    const char *lacks;

    if (list->admin[side])
        return "";
    if (!link || rows->n == 0)
        return zm_arena_printf(&list->arena, "%s is away", db_side_name(side));
    if (step->kind == DB_STEP_CONCURRENT && db_link_facts(link)->via == DB_VIA_TRANSACTION_POOLER)
        return zm_arena_printf(&list->arena,
                               "%s is reached through a transaction pooler; it wants a session "
                               "(port 5432, or admin of the profile)",
                               db_side_name(side));
    row = DB_ROW(rows, struct db_rights_row, 0);
    lacks = lacking(&list->arena, row, sql);
    return lacks[0] ? zm_arena_printf(&list->arena, "%s %s, and the profile has no admin for %s",
                                      zm_text(row->role), lacks, db_side_key(side))
                    : "";
}

const char *db_checklist_cannot(struct db_checklist *list, const struct db_step *step,
                                const char *sql)
{
    const char *why = "";
    int side;

    if (step->kind != DB_STEP_SCHEMA && step->kind != DB_STEP_CONCURRENT)
        return "";
    for (side = 0; side < DB_SIDES && !why[0]; side++)
        if (db_step_is_on(step, (enum db_side)side))
            why = cannot_on(list, step, (enum db_side)side, sql);
    return why;
}
