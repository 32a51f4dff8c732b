/*
 * The Checklist screen: the six items, the steps of one, and all there is to say about a step. This
 * file is the descriptor: keys, moving, what is due. It asks and writes through jobs.
 */
#include "screens/check_state.h"

#include "db/checklist_store.h"
#include "screens/check_rows.h"
#include "screens/guard.h"
#include "zm/clock.h"

#define PROGRESS_MS 250

enum check_action {
    CHECK_ALL = APP_ACTION_OWN,
    CHECK_VERIFY,
    CHECK_FIX,
    CHECK_SIGN_ITEM,
    CHECK_UNSIGN_IT,
    CHECK_WAIVE_STEP,
    CHECK_CONFIRM,
    CHECK_NEXT,
    CHECK_REPORT,
    CHECK_CLEAN_UP,
};

// clang-format off
static const struct tui_binding bindings[] = {
    {"r R F5", CHECK_ALL,        "all",     "all",      "look at all steps", TUI_BIND_BAR},
    {"v",      CHECK_VERIFY,     "verify",  "verify",   "look again, and say what became of this step", TUI_BIND_BAR},
    {"F",      CHECK_FIX,        "fix",     "fix",      "perform this step, or the next of the item: its SQL is shown, tried, rolled back, and applied after y", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"s",      CHECK_SIGN_ITEM,  "sign",    "sign",     "sign this item, all of whose steps are ok or waived", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"y",      CHECK_CONFIRM,    "confirm", "confirm",  "confirm a step that only a person can look at", TUI_BIND_WRITE},
    {"w",      CHECK_WAIVE_STEP, "waive",   "waive",    "let this step count as settled until a day", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"u",      CHECK_UNSIGN_IT,  "unsign",  "un-sign",  "take back a signature, a confirmation or a waiver", TUI_BIND_WRITE},
    {"n",      CHECK_NEXT,       "next",    "next",     "the next step that needs a human, and the question about it", TUI_BIND_BAR},
    {"E",      CHECK_REPORT,     "report",  "report",   "a report as Markdown or JSON, into a file", TUI_BIND_BAR},
    {"C",      CHECK_CLEAN_UP,   "clean",   "clean",    "list the test users that live tests have left behind, and remove them after y", TUI_BIND_WRITE},
};
// clang-format on
static const struct tui_keymap keymap = {"check", "Checklist", bindings, ZM_COUNT(bindings)};

/* ---- what the cursors are on ---- */

struct db_item_result *check_item_at(const struct check *s)
{
    return s->found ? &s->found->result.items[s->item - 1] : NULL;
}

struct db_step_result *check_step_at(const struct check *s)
{
    struct db_item_result *item = check_item_at(s);

    return item && s->steps.cursor < item->n ? &item->steps[s->steps.cursor] : NULL;
}

static void hold_step(struct check *s)
{
    const struct db_step_result *step = check_step_at(s);

    zm_copy(s->step_at, sizeof(s->step_at), step ? step->step->key : "");
    s->detail_top = 0;
}

void check_settle(struct check *s)
{
    const struct db_item_result *item;
    size_t i;

    s->items.rows = DB_ITEMS_OF_CHECKLIST;
    tui_table_fit(&s->items, s->items_page);
    if (s->item != (int)s->items.cursor + 1) {
        s->item = (int)s->items.cursor + 1;
        s->steps.cursor = s->steps.top = 0;
        hold_step(s);
    }
    item = check_item_at(s);
    s->steps.rows = item ? item->n : 0;
    for (i = 0; item && i < item->n; i++)
        if (zm_streq(item->steps[i].step->key, s->step_at))
            s->steps.cursor = i;
    tui_table_fit(&s->steps, s->steps_page);
}

void check_go_to(struct check *s, const char *key)
{
    const struct db_step *step = db_step_find(key);

    if (!step)
        return;
    s->items.cursor = (size_t)step->item - 1;
    check_settle(s);
    zm_copy(s->step_at, sizeof(s->step_at), key);
    s->detail_top = 0;
    s->pane = CHECK_STEPS;
    check_settle(s);
}

/* ---- moving ---- */

static void scroll_detail(struct check *s, int action)
{
    int page = s->detail_page > 2 ? s->detail_page - 1 : 1, last = s->detail_rows - s->detail_page;
    int by = action == APP_DOWN        ? 1
             : action == APP_UP        ? -1
             : action == APP_PAGE_DOWN ? page
             : action == APP_PAGE_UP   ? -page
             : action == APP_HALF_DOWN ? page / 2
             : action == APP_HALF_UP   ? -page / 2
             : action == APP_LAST      ? last
                                       : -s->detail_top;

    s->detail_top += by;
    s->detail_top = s->detail_top > last ? last : s->detail_top;
    s->detail_top = s->detail_top < 0 ? 0 : s->detail_top;
}

static bool move(struct check *s, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };

    if (!s->found)
        return true;
    if (s->pane == CHECK_DETAIL) {
        scroll_detail(s, action);
    } else if (s->pane == CHECK_ITEMS) {
        tui_table_move(&s->items, moves[action], s->items_page);
        check_settle(s);
    } else {
        tui_table_move(&s->steps, moves[action], s->steps_page);
        hold_step(s);
    }
    return true;
}

static bool wants_human(const struct db_step_result *step)
{
    return step && db_step_may_be_confirmed(step) &&
           (step->finding.state == DB_STEP_WAITING || step->finding.state == DB_STEP_STALE);
}

/* From behind the cursor on, round and round; NULL: none. */
static const struct db_step_result *find_human(const struct check *s)
{
    const struct db_step_result *at = s->pane == CHECK_ITEMS ? NULL : check_step_at(s),
                                *first = NULL;
    size_t i, j;
    bool behind = false;

    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++) {
        const struct db_item_result *r = &s->found->result.items[i];

        behind = behind || (!at && r->item == s->item);
        for (j = 0; j < r->n; j++) {
            const struct db_step_result *step = &r->steps[j];

            if (wants_human(step) && behind)
                return step;
            if (wants_human(step) && !first)
                first = step;
            behind = behind || step == at;
        }
    }
    return first;
}

/* Goes there and asks at once, where an answer may be written. */
static void next_human(struct app *app, struct check *s)
{
    const struct db_step_result *step = find_human(s);

    if (!step) {
        app_say(app, MESSAGE_INFO, "no step waits for a human");
        return;
    }
    check_go_to(s, step->step->key);
    if (guard_is_open(app) && !guard_is_final(app) && !s->write)
        check_ask(app, s, CHECK_SIGN, step->step->key);
}

/* ---- actions ---- */

static bool is_due(const struct db_step_result *step)
{
    return step->finding.state == DB_STEP_FAIL && step->finding.fix[0] && !step->cannot[0] &&
           (step->step->kind == DB_STEP_SCHEMA || step->step->kind == DB_STEP_CONCURRENT);
}

/* The step under the cursor; where it is ok already, and on an item, the next one that mends the
 * schema, so that F after F goes through an item. NULL: none is due. */
static const struct db_step_result *to_perform(struct check *s)
{
    const struct db_item_result *item = check_item_at(s);
    const struct db_step_result *at = s->pane == CHECK_ITEMS ? NULL : check_step_at(s);
    size_t i;

    if (at && (at->bare != DB_STEP_OK || at->step->run))
        return at;
    for (i = at ? s->steps.cursor + 1 : 0; item && item->steps && i < item->n; i++) {
        if (!is_due(&item->steps[i]))
            continue;
        check_go_to(s, item->steps[i].step->key);
        return &item->steps[i];
    }
    return at;
}

static void fix(struct app *app, struct check *s)
{
    const struct db_step_result *step;

    if (s->write) {
        app_say(app, MESSAGE_WARN, "one after the other: another write is under way");
        return;
    }
    step = to_perform(s);
    if (!step)
        app_say(app, MESSAGE_INFO, "Enter chooses a step, F performs it");
    else if (guard_allows(app, GUARD_WRITE))
        check_fix_open(app, s, step);
}

static void ask(struct app *app, struct check *s, enum check_task task, bool of_step)
{
    const struct db_step_result *step = check_step_at(s);
    char item[2] = {(char)('0' + s->item), '\0'};

    if (of_step && !step)
        return;
    if (s->write)
        app_say(app, MESSAGE_WARN, "one after the other: another write is under way");
    else if (guard_allows(app, GUARD_WRITE))
        check_ask(app, s, task, of_step ? step->step->key : item);
}

/* Nobody is asked for what would be refused; what has changed since the last look, r finds. */
static void sign(struct app *app, struct check *s)
{
    struct zm_error err;

    if (db_item_is_done(check_item_at(s), &err))
        ask(app, s, CHECK_SIGN, false);
    else
        app_fail(app, &err);
}

static void unsign(struct app *app, struct check *s)
{
    const struct db_step_result *step = s->pane == CHECK_ITEMS ? NULL : check_step_at(s);
    bool of_step = step && (step->mark.kind == DB_MARK_SIGNED || step->mark.kind == DB_MARK_WAIVED);

    if (!of_step && check_item_at(s)->mark.kind != DB_MARK_SIGNED)
        app_say(app, MESSAGE_INFO, "nothing is signed, confirmed or waived here");
    else
        ask(app, s, CHECK_UNSIGN, of_step);
}

static void confirm(struct app *app, struct check *s)
{
    const struct db_step_result *step = check_step_at(s);

    if (step && db_step_may_be_confirmed(step))
        ask(app, s, CHECK_SIGN, true);
    else
        app_say(app, MESSAGE_INFO, "zmartctl looks at this step itself; s signs the item");
}

static void waive(struct app *app, struct check *s)
{
    const struct db_step_result *step = check_step_at(s);

    if (s->pane == CHECK_ITEMS || !step)
        app_say(app, MESSAGE_INFO, "steps are waived, one by one: Enter chooses one");
    else if (step->bare == DB_STEP_OK)
        app_say(app, MESSAGE_INFO, "%s is ok", step->step->key);
    else if (!db_step_may_be_waived(step->step))
        app_say(app, MESSAGE_INFO, "%s is never waived: %s", step->step->key,
                db_step_wants_name(step->step) ? "y types the name" : "sign the items before it");
    else
        ask(app, s, CHECK_WAIVE, true);
}

static void open_it(struct app *app, struct check *s)
{
    if (s->pane == CHECK_ITEMS && s->steps.rows > 0)
        s->pane = CHECK_STEPS;
    else if (check_step_at(s))
        check_show_text(app, s);
}

static void verify(struct app *app, struct check *s)
{
    const struct db_step_result *step = check_step_at(s);

    check_look(app, s, s->pane == CHECK_ITEMS || !step ? "" : step->step->key);
}

/* What can be done without anything found yet. */
static bool act_always(struct app *app, struct check *s, int action)
{
    switch (action) {
    case CHECK_ALL:
    case APP_REFRESH:
        check_look(app, s, "");
        return true;
    case APP_CANCEL:
        return check_cancel(app, s, true);
    case APP_ESCAPE:
        if (check_cancel(app, s, false))
            return true;
        if (s->pane == CHECK_ITEMS)
            return false;
        s->pane = s->pane == CHECK_DETAIL ? CHECK_STEPS : CHECK_ITEMS;
        return true;
    case APP_NEXT_PANE:
    case APP_PREV_PANE:
        s->pane = (enum check_pane)(
            ((int)s->pane + CHECK_PANES + (action == APP_NEXT_PANE ? 1 : -1)) % CHECK_PANES);
        return true;
    default:
        return false;
    }
}

static bool check_act(struct app *app, void *state, int action)
{
    struct check *s = state;

    check_settle(s);
    if (action >= APP_UP && action <= APP_LAST)
        return move(s, action);
    if (act_always(app, s, action))
        return true;
    if (!s->found)
        return action >= APP_ACTION_OWN;
    switch (action) {
    case CHECK_VERIFY:
        verify(app, s);
        return true;
    case CHECK_FIX:
        fix(app, s);
        return true;
    case CHECK_SIGN_ITEM:
        sign(app, s);
        return true;
    case CHECK_UNSIGN_IT:
        unsign(app, s);
        return true;
    case CHECK_WAIVE_STEP:
        waive(app, s);
        return true;
    case CHECK_CONFIRM:
        confirm(app, s);
        return true;
    case CHECK_NEXT:
        next_human(app, s);
        return true;
    case CHECK_CLEAN_UP:
        check_clean_open(app, s);
        return true;
    case CHECK_REPORT:
        check_save(app, s);
        return true;
    case APP_OPEN:
        open_it(app, s);
        return true;
    default:
        return false;
    }
}

static bool check_event(struct app *app, void *state, const struct tui_event *event)
{
    (void)app;
    if (event->type != TUI_EVENT_MOUSE || !event->wheel)
        return false;
    return move(state, event->wheel > 0 ? APP_DOWN : APP_UP);
}

/* ---- what happens by itself ---- */

static unsigned item_state(void *context, size_t row)
{
    const struct check *s = context;

    return s->pane != CHECK_ITEMS && row == s->items.cursor ? TUI_MARKED : 0;
}

static unsigned step_state(void *context, size_t row)
{
    const struct check *s = context;

    return s->pane == CHECK_DETAIL && row == s->steps.cursor ? TUI_MARKED : 0;
}

static void check_open(struct app *app, void *state, const char *arg)
{
    struct check *s = state;

    s->app = app;
    s->items = (struct tui_table){.columns = check_item_columns,
                                  .n_columns = check_n_item_columns,
                                  .sorted = -1,
                                  .cell = check_item_cell,
                                  .row_state = item_state,
                                  .context = s};
    s->steps = (struct tui_table){.columns = check_step_columns,
                                  .n_columns = check_n_step_columns,
                                  .sorted = -1,
                                  .no_head = true,
                                  .cell = check_step_cell,
                                  .row_state = step_state,
                                  .context = s,
                                  .empty = "no steps"};
    check_settle(s);
    if (arg)
        check_go_to(s, arg);
    check_look(app, s, "");
    leftover_ask(app);
}

static void check_close(struct app *app, void *state)
{
    struct check *s = state;

    (void)app;
    check_found_free(s->found);
}

/* What could not be looked at because a side was away is looked at when it is back. */
static void check_status(struct app *app, void *state, enum db_side side)
{
    struct check *s = state;

    if (app_is_up(app, side) && !s->look &&
        (s->err.kind != ZM_ERR_NONE || (s->found && s->found->result.err.kind != ZM_ERR_NONE)))
        check_look(app, s, "");
}

static int64_t check_deadline(struct app *app, void *state)
{
    const struct check *s = state;

    (void)app;
    return s->look || s->write ? s->ticked_ms + PROGRESS_MS : ZM_NEVER;
}

static void check_tick(struct app *app, void *state)
{
    struct check *s = state;

    s->ticked_ms = zm_now_ms();
    app->dirty = true;
}

const struct screen screen_check = {
    .name = "check",
    .title = "Check",
    .key = '3',
    .single = true,
    .keymap = &keymap,
    .bar = "open",
    .state_size = sizeof(struct check),
    .open = check_open,
    .close = check_close,
    .draw = check_draw,
    .act = check_act,
    .event = check_event,
    .done = check_done,
    .status = check_status,
    .deadline = check_deadline,
    .tick = check_tick,
    .crumb = check_crumb,
    .line = check_line_text,
};
