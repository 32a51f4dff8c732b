/*
 * The checklist as one table, put together from the tables of db/steps_*.c, and what is read once
 * for all steps. Knows no single step.
 */
#include "db/checklist.h"

#include <uuid/uuid.h>

#include "db/checklist_work.h"
#include "db/mail_look.h"
#include "db/steps.h"
#include "db/steps_tables.h"

/* clang-format off */
static const char *const titles[DB_ITEMS_OF_CHECKLIST] = { /* the source document's words */
    "Create tables in ZmartyBrain",
    "Create tables in ZmartBot",
    "Test user registration flow",
    "Test data sync between projects",
    "Configure email templates",
    "Deploy to production",
};
static const struct db_step *const tables[] = {
    db_steps_tables,
    db_steps_flow,
    db_steps_live,
    db_steps_templates,
    db_steps_hardening,
    db_steps_production,
    db_steps_sign_up,
};
static const char *const state_keys[DB_STEP_STATES] = {
    [DB_STEP_OK] = "ok",           [DB_STEP_FAIL] = "fail",       [DB_STEP_NOT_RUN] = "not_run",
    [DB_STEP_BLOCKED] = "blocked", [DB_STEP_WAITING] = "waiting", [DB_STEP_STALE] = "stale",
    [DB_STEP_WAIVED] = "waived",
};
/* clang-format on */

const char *db_step_state_key(enum db_step_state state)
{
    return state_keys[state];
}

const char *db_checklist_item_title(int item)
{
    return item >= 1 && item <= DB_ITEMS_OF_CHECKLIST ? titles[item - 1] : "";
}

int db_checklist_item_find(const char *key)
{
    return key && key[0] >= '1' && key[0] <= '0' + DB_ITEMS_OF_CHECKLIST && !key[1] ? key[0] - '0'
                                                                                    : 0;
}

const struct db_step *db_step_at(int item, size_t i)
{
    const struct db_step *step;
    size_t t;

    for (t = 0; t < ZM_COUNT(tables); t++)
        for (step = tables[t]; step->key; step++)
            if (step->item == item && i-- == 0)
                return step;
    return NULL;
}

const struct db_step *db_step_find(const char *key)
{
    const struct db_step *step;
    size_t t;

    for (t = 0; t < ZM_COUNT(tables); t++)
        for (step = tables[t]; step->key; step++)
            if (zm_streq(step->key, key))
                return step;
    return NULL;
}

bool db_step_is_on(const struct db_step *step, enum db_side side)
{
    return step->where == DB_STEP_BOTH || step->where == (enum db_step_where)side;
}

/* ---- what is read once ---- */

static void forget(struct db_checklist *list)
{
    db_checklist_free_record(list);
    db_steps_schema_forget(list);
    db_mail_look_forget(list);
    zm_arena_done(&list->arena);
}

void db_checklist_begin(struct db_checklist *list)
{
    int side;

    forget(list);
    for (side = 0; side < DB_SIDES; side++)
        db_steps_schema(list, (enum db_side)side);
    db_checklist_read_record(list);
}

void db_checklist_done(struct db_checklist *list)
{
    forget(list);
}

/* ---- what a sign-off is bound to ---- */

/* Whether what the step names can be read at all. */
static bool is_known(struct db_checklist *list, const struct db_step *step)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (db_step_is_on(step, (enum db_side)side) &&
            (!db_session_link(list->session, (enum db_side)side) ||
             list->schema_err[side].kind != ZM_ERR_NONE))
            return false;
    return db_steps_templates_known(list, step);
}

static void hash(struct zm_buf *text, char ret[37])
{
    uuid_t nobody, id;

    uuid_clear(nobody);
    zm_buf_puts(text, "");
    uuid_generate_sha1(id, nobody, text->s, text->len);
    uuid_unparse_lower(id, ret);
    zm_buf_done(text);
}

void db_step_fingerprint(struct db_checklist *list, const struct db_step *step, char ret[37])
{
    struct zm_buf text = {.s = NULL};

    ret[0] = '\0';
    if (!step->fingerprint || !is_known(list, step))
        return;
    step->fingerprint(list, step, &text);
    hash(&text, ret);
}

void db_checklist_fingerprint(struct db_checklist *list, int item, char ret[37])
{
    struct db_checklist_hash *memo = &list->record->hash[item - 1];
    struct zm_buf text = {.s = NULL};
    const struct db_step *step;
    bool known = true;
    size_t i;

    zm_copy(ret, 37, memo->text);
    if (memo->known)
        return;
    for (i = 0; known && (step = db_step_at(item, i)) != NULL; i++) {
        if (!step->fingerprint)
            continue;
        known = is_known(list, step);
        if (known)
            step->fingerprint(list, step, &text);
    }
    hash(&text, memo->text);
    memo->known = true;
    if (!known)
        memo->text[0] = '\0';
    zm_copy(ret, 37, memo->text);
}

enum db_signed db_checklist_signed(struct db_checklist *list, int item)
{
    struct db_mark mark;
    char now[37], key[2] = {(char)('0' + item), '\0'};

    if (!list->record || list->record->marks_err.kind != ZM_ERR_NONE)
        return DB_SIGNED_UNKNOWN;
    db_checklist_mark(list, key, &mark);
    if (mark.kind != DB_MARK_SIGNED)
        return DB_SIGNED_NO;
    db_checklist_fingerprint(list, item, now);
    if (!now[0])
        return DB_SIGNED_UNKNOWN;
    if (zm_streq(now, mark.fingerprint))
        return DB_SIGNED_YES;
    return db_steps_templates_seen(list, item) ? DB_SIGNED_STALE : DB_SIGNED_UNKNOWN;
}
