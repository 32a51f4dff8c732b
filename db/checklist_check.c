/*
 * Looks at steps: asks each, then applies what it needs and what is on record. Writes nothing.
 */
#include "db/checklist.h"
#include "db/checklist_work.h"

struct check {
    struct db_checklist *list;
    struct db_check_result *result;
};

static bool is_fine(enum db_step_state state)
{
    return state == DB_STEP_OK || state == DB_STEP_WAIVED;
}

struct db_step_result *db_check_step(struct db_check_result *result, const char *key)
{
    size_t i, j;

    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++)
        for (j = 0; j < result->items[i].n; j++)
            if (zm_streq(result->items[i].steps[j].step->key, key))
                return &result->items[i].steps[j];
    return NULL;
}

/* ---- one step ---- */

static void look(struct check *c, struct db_step_result *s);

/* The next key of "1.2 3": its length, 0 at the end. */
static size_t next_key(const char **at, char ret[16])
{
    size_t n;

    *at += strspn(*at, " ");
    n = strcspn(*at, " ");
    snprintf(ret, 16, "%.*s", (int)(n < 15 ? n : 15), *at);
    *at += n;
    return n;
}

/* Whether a needed step or item is fine; it is looked at when it was not. */
static bool is_met(struct check *c, const char *key)
{
    int item = db_checklist_item_find(key);
    struct db_step_result *s;
    struct db_item_result *r;
    size_t i;
    bool fine = true;

    if (!item) {
        s = db_check_step(c->result, key);
        if (s)
            look(c, s);
        return s && is_fine(s->finding.state);
    }
    r = &c->result->items[item - 1];
    for (i = 0; i < r->n; i++) {
        look(c, &r->steps[i]);
        fine = fine && is_fine(r->steps[i].finding.state);
    }
    return fine && r->n > 0;
}

/* What of the step's needs is not met, blanks between, in the arena. */
static const char *unmet(struct check *c, const struct db_step *step)
{
    const char *at = step->needs ? step->needs : "", *text = "";
    char key[16];

    while (next_key(&at, key) > 0)
        if (!is_met(c, key))
            text = zm_arena_printf(&c->list->arena, "%s%s%s", text, text[0] ? " " : "", key);
    return text;
}

__attribute__((format(printf, 3, 4))) static void
add_found(struct check *c, struct db_step_result *s, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    s->finding.found = zm_arena_printf(&c->list->arena, "%s%s%s", s->finding.found,
                                       s->finding.found[0] ? "; " : "", text);
}

static void apply_waiver(struct check *c, struct db_step_result *s, const char *now)
{
    const struct db_mark *m = &s->mark;

    if (m->expired) {
        add_found(c, s, "its waiver ran out after %s", m->until);
    } else if (zm_streq(now, m->fingerprint)) {
        s->finding.state = DB_STEP_WAIVED;
        add_found(c, s, "waived until %s by %s: %.200s", m->until, m->by, m->note);
    } else if (now[0]) {
        s->finding.state = DB_STEP_STALE;
        add_found(c, s, "waived until %s for something that has changed since", m->until);
    }
}

static void apply_confirmation(struct check *c, struct db_step_result *s, const char *now)
{
    const struct db_mark *m = &s->mark;

    if (zm_streq(now, m->fingerprint)) {
        s->finding.state = DB_STEP_OK;
        s->finding.found =
            zm_arena_printf(&c->list->arena, "confirmed by %s on %.10s: %s", m->by, m->at, m->note);
    } else if (now[0]) {
        s->finding.state = DB_STEP_STALE;
        add_found(c, s, "confirmed on %.10s for something that has changed since", m->at);
    }
}

/* What is on record counts for what was there then. */
static void apply_record(struct check *c, struct db_step_result *s)
{
    char now[37];

    if (s->mark.kind == DB_MARK_NONE || s->mark.kind == DB_MARK_UNSIGNED ||
        s->finding.state == DB_STEP_OK)
        return;
    db_step_fingerprint(c->list, s->step, now);
    if (s->mark.kind == DB_MARK_WAIVED && db_step_may_be_waived(s->step))
        apply_waiver(c, s, now);
    else if (s->mark.kind == DB_MARK_SIGNED && s->finding.state == DB_STEP_WAITING)
        apply_confirmation(c, s, now);
}

static void say(const struct db_checklist *list, const struct db_step *step)
{
    char line[200];

    if (!list->say)
        return;
    snprintf(line, sizeof(line), "%s %s", step->key, step->title);
    list->say(list->context, line);
}

/* A table or a column is not there: items 1 and 2 make it, and nobody failed to answer. */
static void wait_for_tables(struct check *c, struct db_step_result *s)
{
    struct db_step_finding *f = &s->finding;

    f->state = DB_STEP_BLOCKED;
    if (!f->found[0])
        f->found = zm_arena_printf(&c->list->arena, "%s%s%s", f->err.message,
                                   f->err.hint[0] ? "; " : "", f->err.hint);
    f->err.kind = ZM_ERR_NONE;
}

static void look(struct check *c, struct db_step_result *s)
{
    struct db_checklist *list = c->list;
    const char *first;

    if (s->looked || (list->stopped && list->stopped(list->context)))
        return;
    s->looked = true;
    say(list, s->step);
    s->finding =
        (struct db_step_finding){.state = DB_STEP_NOT_RUN, .expected = "", .found = "", .fix = ""};
    s->step->check(list, s->step, &s->finding);
    if (s->finding.err.kind == ZM_ERR_SHAPE)
        wait_for_tables(c, s);
    s->bare = s->finding.state;
    first = unmet(c, s->step);
    if (s->finding.err.kind != ZM_ERR_NONE && c->result->err.kind == ZM_ERR_NONE)
        c->result->err = s->finding.err;
    if (first[0] && !is_fine(s->finding.state)) {
        s->finding.state = DB_STEP_BLOCKED;
        s->finding.found = zm_arena_printf(&list->arena, "needs %s first%s%s", first,
                                           s->finding.found[0] ? "; " : "", s->finding.found);
    }
    db_checklist_mark(list, s->step->key, &s->mark);
    apply_record(c, s);
    s->cannot = is_fine(s->finding.state) || !s->finding.fix[0]
                    ? ""
                    : db_checklist_cannot(list, s->step, s->finding.fix);
}

/* ---- items ---- */

/* Which state speaks for the whole item: the first of these that one of its steps is in. */
static enum db_step_state worst(const struct db_item_result *r)
{
    static const enum db_step_state order[] = {DB_STEP_FAIL,    DB_STEP_STALE,   DB_STEP_BLOCKED,
                                               DB_STEP_WAITING, DB_STEP_NOT_RUN, DB_STEP_OK};
    size_t i, j;

    for (i = 0; i < ZM_COUNT(order); i++)
        for (j = 0; j < r->n; j++)
            if (r->steps[j].finding.state == order[i])
                return order[i];
    return r->n ? DB_STEP_WAIVED : DB_STEP_NOT_RUN;
}

static bool is_human(const struct db_step *step)
{
    return step->kind == DB_STEP_HUMAN;
}

/* "1,2,3" of the items that the blocked steps of this one wait for. */
static const char *blockers(struct check *c, const struct db_item_result *r)
{
    bool by[DB_ITEMS_OF_CHECKLIST] = {false};
    const char *text = "", *at;
    char key[16];
    size_t i;

    for (i = 0; i < r->n; i++) {
        if (r->steps[i].finding.state != DB_STEP_BLOCKED)
            continue;
        for (at = r->steps[i].step->needs; next_key(&at, key) > 0;)
            if (key[0] >= '1' && key[0] <= '6' && key[0] - '0' != r->item && !is_met(c, key))
                by[key[0] - '1'] = true;
    }
    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++)
        if (by[i])
            text = zm_arena_printf(&c->list->arena, "%s%s%zu", text, text[0] ? "," : "", i + 1);
    return text;
}

static void sum_up(struct check *c, struct db_item_result *r)
{
    char key[2] = {(char)('0' + r->item), '\0'};
    size_t i;

    for (i = 0; i < r->n; i++) {
        enum db_step_state state = r->steps[i].finding.state;
        bool human = is_human(r->steps[i].step);

        *(human ? &r->human : &r->machine) += 1;
        *(human ? &r->human_ok : &r->machine_ok) += is_fine(state);
        r->waived += state == DB_STEP_WAIVED;
        r->stale += state == DB_STEP_STALE;
    }
    r->state = worst(r);
    r->blocked_by = r->state == DB_STEP_BLOCKED ? blockers(c, r) : "";
    db_checklist_mark(c->list, key, &r->mark);
    if (!r->asked)
        return;
    db_checklist_fingerprint(c->list, r->item, r->fingerprint);
    r->is_signed = db_checklist_signed(c->list, r->item);
    if (is_fine(r->state) && r->is_signed == DB_SIGNED_STALE)
        r->state = DB_STEP_STALE;
}

/* Whether all that was asked for is fine. */
static void conclude(struct db_check_result *result)
{
    size_t i, j;

    result->all_ok = true;
    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++) {
        const struct db_item_result *r = &result->items[i];

        if (r->asked && (!is_fine(r->state) || (result->all && r->is_signed != DB_SIGNED_YES)))
            result->all_ok = false;
        for (j = 0; j < r->n; j++)
            if (r->steps[j].asked && !is_fine(r->steps[j].finding.state))
                result->all_ok = false;
    }
}

/* ---- the whole ---- */

static void lay_out(struct db_checklist *list, const char *key, struct db_check_result *ret)
{
    size_t i, n;

    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++) {
        struct db_item_result *r = &ret->items[i];

        r->item = (int)i + 1;
        r->asked = !key || db_checklist_item_find(key) == r->item;
        for (r->n = 0; db_step_at(r->item, r->n);)
            r->n++;
        r->steps = zm_arena_zalloc(&list->arena, (r->n + 1) * sizeof(*r->steps));
        for (n = 0; n < r->n; n++) {
            r->steps[n].step = db_step_at(r->item, n);
            r->steps[n].asked = r->asked || zm_streq(r->steps[n].step->key, key);
            r->steps[n].cannot = "";
            r->steps[n].finding = (struct db_step_finding){
                .state = DB_STEP_NOT_RUN, .expected = "", .found = "", .fix = ""};
        }
    }
}

bool db_checklist_check(struct db_checklist *list, const char *key, struct db_check_result *ret,
                        struct zm_error *err)
{
    struct check c = {.list = list, .result = ret};
    size_t i, j;

    memset(ret, 0, sizeof(*ret));
    if (key && !db_checklist_item_find(key) && !db_step_find(key)) {
        zm_error_set(err, ZM_ERR_NOT_FOUND, "", "", "there is no step '%.40s'", key);
        return zm_error_hint(err, "an item as 2, or a step as 2.6; zmartctl check lists them");
    }
    ret->all = !key;
    ret->marks_err = list->record->marks_err;
    lay_out(list, key, ret);
    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++)
        for (j = 0; j < ret->items[i].n; j++)
            if (ret->items[i].steps[j].asked)
                look(&c, &ret->items[i].steps[j]);
    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++)
        sum_up(&c, &ret->items[i]);
    conclude(ret);
    if (list->stopped && list->stopped(list->context))
        return zm_error_set(err, ZM_ERR_CANCELLED, "", "look at the checklist", "it was stopped");
    return true;
}
