/*
 * What a step and an item look like in rows.
 */
#include "screens/check_rows.h"

#include <jansson.h>

#include "screens/print_json.h"
#include "zm/str.h"

/* clang-format off */
const struct out_column check_columns[CHECK_COLUMNS] = {
    {"item", true}, {"step", false}, {"title", false}, {"state", false}, {"expected", false},
    {"found", false}, {"fix", false},
};
static const struct {
    const char *const sign;
    const char *const word;
} states[DB_STEP_STATES] = {
    [DB_STEP_OK]      = {"[ok]", "ok"},
    [DB_STEP_FAIL]    = {"[NO]", "FAIL"},
    [DB_STEP_NOT_RUN] = {"[  ]", "not run"},
    [DB_STEP_BLOCKED] = {"[--]", "blocked"},
    [DB_STEP_WAITING] = {"[..]", "waiting"},
    [DB_STEP_STALE]   = {"[st]", "stale"},
    [DB_STEP_WAIVED]  = {"[wv]", "waived"},
};
static const char *const items[] = {"", "1", "2", "3", "4", "5", "6"};
/* clang-format on */

const char *check_sign(enum db_step_state state)
{
    return states[state].sign;
}

const char *check_state_word(enum db_step_state state)
{
    return states[state].word;
}

const char *check_signed_words(struct zm_arena *arena, const struct db_item_result *item)
{
    const struct db_mark *m = &item->mark;

    switch (item->is_signed) {
    case DB_SIGNED_NO:
        break;
    case DB_SIGNED_YES:
        return zm_arena_printf(arena, "signed %.10s by %s: %s", m->at, m->by, m->note);
    case DB_SIGNED_STALE:
        return zm_arena_printf(arena, "signed %.10s by %s for what has changed since: %s", m->at,
                               m->by, m->note);
    case DB_SIGNED_UNKNOWN:
        if (m->kind == DB_MARK_SIGNED)
            return zm_arena_printf(arena,
                                   "signed %.10s by %s; whether it has changed since cannot be "
                                   "looked at here: %s",
                                   m->at, m->by, m->note);
        return "not known whether it is signed";
    }
    return m->kind == DB_MARK_UNSIGNED
               ? zm_arena_printf(arena, "taken back %.10s by %s: %s", m->at, m->by, m->note)
               : "not signed";
}

void check_count(int ok, int all, char ret[16])
{
    if (all == 0)
        snprintf(ret, 16, "-");
    else
        snprintf(ret, 16, "%d/%d", ok, all);
}

void check_step_values(const struct db_step_result *s, const char *values[CHECK_COLUMNS])
{
    const struct db_step_finding *f = &s->finding;
    size_t n = 0;

    values[n++] = items[s->step->item];
    values[n++] = s->step->key;
    values[n++] = s->step->title;
    values[n++] = db_step_state_key(f->state);
    values[n++] = f->expected;
    values[n++] = f->err.kind != ZM_ERR_NONE && !f->found[0] ? NULL : f->found;
    values[n++] = f->fix[0] ? f->fix : NULL;
}

void check_item_values(struct zm_arena *arena, const struct db_item_result *r,
                       const char *values[CHECK_COLUMNS])
{
    size_t n = 0;

    values[n++] = items[r->item];
    values[n++] = NULL;
    values[n++] = db_checklist_item_title(r->item);
    values[n++] = db_step_state_key(r->state);
    values[n++] = "signed";
    values[n++] = r->is_signed == DB_SIGNED_UNKNOWN ? NULL : check_signed_words(arena, r);
    values[n++] = NULL;
}

json_t *check_object(const char *const values[CHECK_COLUMNS])
{
    json_t *object = json_object();
    size_t i;

    json_object_set_new(object, check_columns[0].name, json_integer(values[0][0] - '0'));
    for (i = 1; i < CHECK_COLUMNS; i++)
        json_object_set_new(object, check_columns[i].name,
                            values[i] ? print_json_string(values[i]) : json_null());
    return object;
}
