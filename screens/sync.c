/*
 * The Sync screen: classes of drift, their rows, the halves of a row, what goes into the plan. This
 * file is the descriptor: keys, input, what is due. It compares through a job and writes nothing.
 */
#include "screens/sync_state.h"

#include <stdlib.h>

#include "screens/edit.h"
#include "screens/export.h"
#include "screens/plan.h"
#include "screens/user.h"
#include "zm/clock.h"
#include "zm/str.h"

#define PROGRESS_MS 250
#define AGE_MS 60000

enum sync_action {
    SYNC_PLAN = APP_ACTION_OWN,
    SYNC_APPLY,
    SYNC_SHOW,
    SYNC_INCLUDE,
    SYNC_EXCLUDE,
    SYNC_SAVE,
};

// clang-format off
static const struct tui_binding bindings[] = {
    {"p", SYNC_PLAN,    "plan",    "plan",    "make a plan of what is in, and show it", TUI_BIND_BAR},
    {"a", SYNC_APPLY,   "apply",   "apply",   "make a plan and ask whether to apply it", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"i", SYNC_INCLUDE, "include", "include", "put this class, or this row, into the plan", TUI_BIND_BAR},
    {"x", SYNC_EXCLUDE, "exclude", "exclude", "leave this class, or this row, out of the plan", TUI_BIND_BAR},
    {"f", APP_EDIT_REPAIR, "mend", "",         "mend the user under the cursor", TUI_BIND_WRITE},
    {"t", APP_EDIT_TIER,    "tier", "",        "open this user, and change the tier", TUI_BIND_WRITE},
    {"e", APP_EDIT_PROFILE, "edit", "",        "open this user, and change rights and profile", TUI_BIND_WRITE},
    {"X", APP_EDIT_STOP,    "stop-trading", "", "open this user, and stop his trading: X y", TUI_BIND_FIXED | TUI_BIND_WRITE},
    {"u", APP_EDIT_UNDO,    "undo", "",        "open this user, and take the last change back", TUI_BIND_WRITE},
    {"d", SYNC_SHOW,    "diff",    "diff",    "both halves of this user as a text", TUI_BIND_BAR},
    {"R", APP_REFRESH,  "scan",    "rescan",  "compare the two databases again", TUI_BIND_BAR},
    {"W", SYNC_SAVE,    "save",    "",        "make a plan and keep its file; :plan FILE opens one", 0},
    {"E", APP_EXPORT,   "export",  "export",  "compare once more, and write what differs to a file", TUI_BIND_BAR},
};
// clang-format on
static const struct tui_keymap keymap = {"sync", "Sync", bindings, ZM_COUNT(bindings)};

/* ---- what the cursors are on ---- */

enum db_class sync_class(const struct sync *s)
{
    return s->n_shown > 0 ? s->shown[s->classes.cursor] : DB_CLASSES;
}

struct sync_user *sync_user_at(const struct sync *s)
{
    return s->rows.cursor < s->n_list ? s->list[s->rows.cursor] : NULL;
}

/* Where the cursor begins: on one that has rows. */
static enum db_class first_class(const struct sync *s)
{
    unsigned c = 0;

    while (c < DB_CLASSES && s->found->result.classes[c] == 0)
        c++;
    return (enum db_class)c;
}

/* Classes without rows are shown where there is room for them. */
static void settle_classes(struct sync *s)
{
    enum db_class at = s->n_shown > 0 ? sync_class(s) : first_class(s);
    bool all = s->found->result.users > 0 && tui_rows(s->app->tui) >= 34;
    unsigned c;

    s->n_shown = 0;
    for (c = 0; c < DB_CLASSES; c++)
        if (s->found->result.classes[c] > 0 || all || s->found->result.unknown & DB_CLASS_BIT(c))
            s->shown[s->n_shown++] = (enum db_class)c;
    s->classes.rows = s->n_shown;
    for (c = 0; c < s->n_shown; c++)
        if (s->shown[c] == at)
            s->classes.cursor = c;
    tui_table_fit(&s->classes, s->classes_page > 0 ? s->classes_page : (int)s->n_shown);
}

void sync_hold_row(struct sync *s)
{
    const struct sync_user *user = sync_user_at(s);

    zm_copy(s->row_at, sizeof(s->row_at), user ? user->both.id : "");
    s->diff_top = 0;
}

static void settle_rows(struct sync *s)
{
    enum db_class class = sync_class(s);
    size_t i, n = class < DB_CLASSES ? s->found->n_rows[class] : 0;

    free(s->list);
    s->list = zm_calloc(n, sizeof(struct sync_user *));
    s->n_list = 0;
    for (i = 0; i < n; i++)
        if (sync_matches(s->found->rows[class][i], &s->matched))
            s->list[s->n_list++] = s->found->rows[class][i];
    if (class != s->listed)
        s->rows.cursor = s->rows.top = 0;
    for (i = 0; i < s->n_list && class == s->listed; i++)
        if (zm_streq(s->list[i]->both.id, s->row_at))
            s->rows.cursor = i;
    s->listed = class;
    s->rows.rows = s->n_list;
    tui_table_fit(&s->rows, s->rows_page);
    if (sync_user_at(s) && !zm_streq(sync_user_at(s)->both.id, s->row_at))
        sync_hold_row(s);
    s->relist = false;
}

void sync_settle(struct sync *s)
{
    if (!s->found)
        return;
    settle_classes(s);
    if (s->relist || sync_class(s) != s->listed)
        settle_rows(s);
}

/* ---- actions ---- */

static void open_row(struct app *app, struct sync *s)
{
    const struct sync_user *user = sync_user_at(s);

    if (s->pane == SYNC_CLASSES && user)
        s->pane = SYNC_ROWS;
    else if (user)
        app_show(app, &screen_user, user->both.id);
}

static void choose(struct app *app, struct sync *s, bool in)
{
    const struct sync_user *user = sync_user_at(s);
    enum db_class class = sync_class(s);

    if (class == DB_CLASSES)
        return;
    if (s->pane == SYNC_CLASSES)
        sync_choose_class(app, &s->choices, class, in);
    else if (user && sync_choose_row(app, &s->choices, user, class, in))
        sync_move(s, APP_DOWN);
}

/* On a class there is none under the cursor. */
static bool is_on_user(struct app *app, const struct sync *s)
{
    if (s->pane != SYNC_CLASSES && sync_user_at(s))
        return true;
    app_say(app, MESSAGE_WARN, "no user is under the cursor: Tab goes to the rows");
    return false;
}

/* A comparison does not read all that is changed together: his screen does. */
static void edit_user(struct app *app, const struct sync *s, int action)
{
    if (is_on_user(app, s))
        user_show_for(app, sync_user_at(s)->both.id, action);
}

static void mend(struct app *app, const struct sync *s)
{
    const struct sync_user *user = sync_user_at(s);
    struct db_login login = {.email = NULL};
    struct db_user one = {.login = &login, .brain_known = true, .bot_known = true};

    if (!is_on_user(app, s))
        return;
    one.id = user->both.id;
    login.email = sync_name(&user->both);
    edit_act(app, APP_EDIT_REPAIR, &one);
}

/* While it still looks, the plan follows by itself. */
static void plan(struct app *app, struct sync *s, int action)
{
    if (s->job && !s->cancelling) {
        s->plan_wanted = true; /* which sync_line says as long as it is so */
    } else if (s->applied) {   /* what was found is of before */
        s->plan_wanted = true;
        sync_scan(app, s);
    } else if (!s->found) {
        app_say(app, MESSAGE_WARN, "there is no scan to make a plan of; R compares");
    } else if (s->found->result.users == 0 && s->err.kind != ZM_ERR_NONE) {
        app_say(app, MESSAGE_WARN,
                "the last scan could not look: R compares, then there may be "
                "something to plan");
    } else if (s->found->result.users == 0) {
        app_say(app, MESSAGE_INFO, "nothing differs: there is nothing to plan");
    } else if (action == SYNC_SAVE) {
        plan_save(app, s);
    } else if (action == SYNC_PLAN || guard_allows(app, GUARD_WRITE)) {
        plan_make(app, s, action == SYNC_APPLY);
    }
}

static void set_filter(struct sync *s, const char *text)
{
    tui_edit_set(&s->filter, text);
    s->editing = false;
    sync_filter_changed(s);
    sync_settle(s);
}

/* Cancels, then clears, then goes back: one thing a key. */
static bool escape(struct app *app, struct sync *s)
{
    if (s->job && !s->cancelling) {
        sync_scan_cancel(app, s);
        return true;
    }
    if (s->filter.len > 0) {
        set_filter(s, "");
        return true;
    }
    if (s->pane == SYNC_CLASSES)
        return false;
    s->pane = s->pane == SYNC_DIFF ? SYNC_ROWS : SYNC_CLASSES;
    return true;
}

static bool sync_act(struct app *app, void *state, int action)
{
    struct sync *s = state;

    sync_settle(s);
    if (action >= APP_UP && action <= APP_LAST)
        return sync_move(s, action);
    switch (action) {
    case SYNC_PLAN:
    case SYNC_APPLY:
    case SYNC_SAVE:
        plan(app, s, action);
        return true;
    case APP_EDIT_REPAIR:
        mend(app, s);
        return true;
    case APP_EDIT_TIER:
    case APP_EDIT_PROFILE:
    case APP_EDIT_STOP:
    case APP_EDIT_UNDO:
        edit_user(app, s, action);
        return true;
    case SYNC_SHOW:
        sync_show_text(app, s);
        return true;
    case SYNC_INCLUDE:
    case SYNC_EXCLUDE:
        if (s->found)
            choose(app, s, action == SYNC_INCLUDE);
        return true;
    case APP_EXPORT:
        export_open(app, "drift", "what differs", "", NULL);
        return true;
    case APP_OPEN:
        open_row(app, s);
        return true;
    case APP_FILTER: /* it needs no scan; a plan that is to follow one waits for no text */
        s->editing = true;
        s->plan_wanted = false;
        return true;
    case APP_NEXT_PANE:
    case APP_PREV_PANE:
        s->pane = (enum sync_pane)(
            ((int)s->pane + SYNC_PANES + (action == APP_NEXT_PANE ? 1 : -1)) % SYNC_PANES);
        return true;
    case APP_REFRESH:
        sync_scan(app, s); /* where it looks already the screen says so */
        return true;
    case APP_CANCEL:
        if (!s->job)
            return false;
        sync_scan_cancel(app, s);
        return true;
    case APP_COPY:
        app_copy(app, "id", sync_user_at(s) ? sync_user_at(s)->both.id : "");
        return true;
    case APP_ESCAPE:
        return escape(app, s);
    default:
        return false;
    }
}

/* ---- the filter prompt ---- */

/* It stays open over a text that cannot be read: nobody plans by what it does not say. */
static bool prompt_key(struct sync *s, int key)
{
    if (key == TUI_KEY_ESC || key == (TUI_KEY_CTRL | 'c'))
        set_filter(s, "");
    else if (key == TUI_KEY_ENTER)
        s->editing = s->filter_err.kind != ZM_ERR_NONE;
    else if (key == TUI_KEY_UP || key == TUI_KEY_DOWN)
        return sync_move(s, key == TUI_KEY_UP ? APP_UP : APP_DOWN);
    else if (tui_edit_key(&s->filter, key))
        sync_filter_changed(s);
    sync_settle(s);
    return true;
}

static bool sync_event(struct app *app, void *state, const struct tui_event *event)
{
    struct sync *s = state;

    (void)app;
    if (event->type == TUI_EVENT_MOUSE)
        return sync_mouse(s, event);
    if (!s->editing)
        return false;
    if (event->type == TUI_EVENT_PASTE) {
        tui_edit_paste(&s->filter, event->text, event->text_len);
        sync_filter_changed(s);
        sync_settle(s);
        return true;
    }
    return event->type == TUI_EVENT_KEY && prompt_key(s, event->key);
}

/* ---- what happens by itself ---- */

static unsigned class_state(void *context, size_t row)
{
    const struct sync *s = context;

    return row == s->classes.cursor && (s->pane != SYNC_CLASSES || sync_holds_plan(s->app))
               ? TUI_MARKED
               : 0;
}

static unsigned row_state(void *context, size_t row)
{
    const struct sync *s = context;

    return row == s->rows.cursor &&
                   (s->pane == SYNC_DIFF || (s->pane == SYNC_ROWS && sync_holds_plan(s->app)))
               ? TUI_MARKED
               : 0;
}

static void sync_open(struct app *app, void *state, const char *arg)
{
    struct sync *s = state;

    s->app = app;
    s->listed = DB_CLASSES;
    s->classes = (struct tui_table){.columns = s->class_columns,
                                    .n_columns = SYNC_CLASS_COLUMNS,
                                    .sorted = -1,
                                    .cell = sync_class_cell,
                                    .row_state = class_state,
                                    .context = s};
    s->rows = (struct tui_table){.columns = s->row_columns,
                                 .n_columns = SYNC_ROW_COLUMNS,
                                 .sorted = -1,
                                 .cell = sync_row_cell,
                                 .row_state = row_state,
                                 .context = s};
    tui_edit_set(&s->filter, arg ? arg : "");
    sync_filter_changed(s);
    s->editing = s->filter_err.kind != ZM_ERR_NONE;
    sync_choices_start(&s->choices);
    sync_scan(app, s);
}

static void sync_close(struct app *app, void *state)
{
    struct sync *s = state;

    (void)app;
    sync_found_free(s->found);
    sync_choices_done(&s->choices);
    free(s->list);
}

static void sync_done(struct app *app, void *state, struct db_job *job)
{
    sync_scan_done(app, state, job);
}

/* A scan that failed, because a side was away, is taken again when both are there, and so is one
 * that should have followed a plan. */
static void sync_status(struct app *app, void *state, enum db_side side)
{
    struct sync *s = state;
    bool failed = s->err.kind != ZM_ERR_NONE && s->err.kind != ZM_ERR_CANCELLED;

    if (app_is_up(app, side) && (failed || s->due) && !s->job && app_is_up(app, DB_BRAIN) &&
        app_is_up(app, DB_BOT))
        sync_scan(app, s);
}

static int64_t sync_deadline(struct app *app, void *state)
{
    const struct sync *s = state;

    (void)app;
    if (s->job)
        return s->ticked_ms + PROGRESS_MS;
    return s->found ? s->ticked_ms + AGE_MS : ZM_NEVER;
}

static void sync_tick(struct app *app, void *state)
{
    struct sync *s = state;

    s->ticked_ms = zm_now_ms();
    app->dirty = true;
}

const struct screen screen_sync = {
    .name = "sync",
    .title = "Sync",
    .key = '2',
    .single = true,
    .keymap = &keymap,
    .bar = "open filter",
    .state_size = sizeof(struct sync),
    .open = sync_open,
    .close = sync_close,
    .draw = sync_draw,
    .act = sync_act,
    .event = sync_event,
    .done = sync_done,
    .status = sync_status,
    .deadline = sync_deadline,
    .tick = sync_tick,
    .crumb = sync_crumb,
    .line = sync_line,
};
