/*
 * Where the panes of the Checklist screen stand, and the cells of its lists. Draws from state only.
 */
#include "db/checklist_store.h"
#include "screens/check_rows.h"
#include "screens/check_state.h"
#include "screens/wrap.h"
#include "tui/layout.h"
#include "zm/clock.h"
#include "zm/str.h"

#define STEPS_LEAST 4 /* rows */
#define WIDE_COLS 140 /* three panes beside each other */
#define TALL_ROWS 34  /* the detail has a pane of its own below */

enum item_column { ITEM_TITLE, ITEM_MACHINE, ITEM_HUMAN, ITEM_STATE, ITEM_SIGNED };
enum step_column { STEP_SIGN, STEP_KEY, STEP_TITLE, STEP_FOUND };

// clang-format off
const struct tui_column check_item_columns[] = {
    {"ITEM",   26, 1, 9, TUI_LEFT, ITEM_TITLE},
    {"AUTO",    5, 0, 7, TUI_RIGHT, ITEM_MACHINE},
    {"HUMAN",   5, 0, 5, TUI_RIGHT, ITEM_HUMAN},
    {"STATE",   8, 0, 8, TUI_LEFT, ITEM_STATE},
    {"SIGNED",  6, 0, 6, TUI_LEFT, ITEM_SIGNED},
};
const struct tui_column check_step_columns[] = {
    {"",  4, 0, 9, TUI_LEFT, STEP_SIGN},
    {"",  4, 0, 8, TUI_LEFT, STEP_KEY},
    {"", 34, 2, 7, TUI_LEFT, STEP_TITLE},
    {"", 24, 3, 3, TUI_LEFT, STEP_FOUND},
};
const size_t check_n_item_columns = ZM_COUNT(check_item_columns);
const size_t check_n_step_columns = ZM_COUNT(check_step_columns);
// clang-format on

/* ---- cells ---- */

static const char *count_text(struct check *s, int ok, int all)
{
    char text[16];

    check_count(ok, all, text);
    return zm_arena_strdup(&s->app->frame, text);
}

static void signed_cell(const struct db_item_result *r, struct tui_cell *ret)
{
    static const char *const words[] = {[DB_SIGNED_NO] = "-",
                                        [DB_SIGNED_YES] = "",
                                        [DB_SIGNED_STALE] = "stale",
                                        [DB_SIGNED_UNKNOWN] = "?"};
    static const enum tui_style styles[] = {[DB_SIGNED_NO] = TUI_DIM,
                                            [DB_SIGNED_YES] = TUI_GOOD,
                                            [DB_SIGNED_STALE] = TUI_WARN,
                                            [DB_SIGNED_UNKNOWN] = TUI_DIM};

    ret->text = words[r->is_signed];
    ret->style = styles[r->is_signed];
}

static void item_fields(struct check *s, const struct db_item_result *r, int column,
                        struct tui_cell *ret)
{
    bool blocked = r->state == DB_STEP_BLOCKED && r->blocked_by[0];

    switch ((enum item_column)column) {
    case ITEM_TITLE:
        break;
    case ITEM_MACHINE:
        ret->text = count_text(s, r->machine_ok, r->machine);
        ret->style = r->machine_ok == r->machine ? TUI_TEXT : TUI_STRONG;
        break;
    case ITEM_HUMAN:
        ret->text = count_text(s, r->human_ok, r->human);
        break;
    case ITEM_STATE:
        ret->text = blocked ? zm_arena_printf(&s->app->frame, "after %s", r->blocked_by)
                            : check_state_word(r->state);
        ret->style = (enum tui_style)check_style(r->state);
        break;
    case ITEM_SIGNED:
        signed_cell(r, ret);
        if (r->is_signed == DB_SIGNED_YES && strlen(r->mark.at) > 5)
            ret->text = zm_arena_printf(&s->app->frame, "%.5s", r->mark.at + 5);
        break;
    }
}

void check_item_cell(void *context, size_t n, int column, struct tui_cell *ret)
{
    struct check *s = context;

    ret->text = "";
    ret->style = TUI_TEXT;
    if (column == ITEM_TITLE)
        ret->text =
            zm_arena_printf(&s->app->frame, "%zu %s", n + 1, db_checklist_item_title((int)n + 1));
    else if (s->found)
        item_fields(s, &s->found->result.items[n], column, ret);
}

void check_step_cell(void *context, size_t n, int column, struct tui_cell *ret)
{
    struct check *s = context;
    const struct db_item_result *item = check_item_at(s);
    const struct db_step_result *step = item && n < item->n ? &item->steps[n] : NULL;

    ret->text = "";
    ret->style = TUI_TEXT;
    if (!step)
        return;
    switch ((enum step_column)column) {
    case STEP_SIGN:
        ret->text = check_sign(step->finding.state);
        ret->style = (enum tui_style)check_style(step->finding.state);
        break;
    case STEP_KEY:
        ret->text = step->step->key;
        ret->style = TUI_DIM;
        break;
    case STEP_TITLE:
        ret->text = step->step->title;
        break;
    case STEP_FOUND:
        ret->text = step->finding.found;
        ret->style = TUI_DIM;
        break;
    }
}

/* ---- panes ---- */

static struct tui_box pane(struct check *s, struct tui_box box, const char *title, bool focused)
{
    tui_draw_rule(s->app->tui, box, 0, title, focused ? TUI_INFO : TUI_TITLE);
    (void)tui_cut_top(&box, 1);
    return box;
}

static const char *steps_title(struct check *s)
{
    const struct db_item_result *r = check_item_at(s);

    return zm_arena_printf(&s->app->frame, "%d %s   %d/%d", s->item,
                           db_checklist_item_title(s->item), r->machine_ok + r->human_ok,
                           r->machine + r->human);
}

static const char *detail_title(struct check *s)
{
    const struct db_step_result *step = check_step_at(s);

    return step ? zm_arena_printf(&s->app->frame, "%s %s", step->step->key, step->step->title)
                : "no step";
}

static void draw_items(struct check *s, struct tui_box box)
{
    s->items_page = tui_table_draw(s->app->tui, box, &s->items, s->pane == CHECK_ITEMS);
}

static void draw_steps(struct check *s, struct tui_box box)
{
    box = pane(s, box, steps_title(s), s->pane == CHECK_STEPS);
    s->steps.hidden = box.cols < 76 ? 1U << STEP_FOUND : 0;
    s->steps_page = tui_table_draw(s->app->tui, box, &s->steps, s->pane == CHECK_STEPS);
}

static void draw_detail(struct check *s, struct tui_box box)
{
    box = pane(s, box, detail_title(s), s->pane == CHECK_DETAIL);
    check_draw_detail(s, tui_inset(box, 0, 1));
}

/* Below the items where there is room: how it stands. */
static void draw_summary(struct check *s, struct tui_box box)
{
    const struct db_item_result *r = check_item_at(s);
    int i, waived = 0, stale = 0, is_signed = 0, row = 1;

    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++) {
        const struct db_item_result *item = &s->found->result.items[i];

        waived += item->waived;
        stale += item->stale + (item->is_signed == DB_SIGNED_STALE);
        is_signed += item->is_signed == DB_SIGNED_YES;
    }
    tui_drawf(s->app->tui, box, row++, 1, TUI_TEXT, "signed %d/%d   waived %d   stale %d",
              is_signed, DB_ITEMS_OF_CHECKLIST, waived, stale);
    if (r->fingerprint[0])
        tui_drawf(s->app->tui, box, row++, 1, TUI_DIM, "item %d: fingerprint %.8s", s->item,
                  r->fingerprint);
    box = tui_inset(box, 0, 1);
    (void)tui_cut_top(&box, row);
    wrap_draw(s->app, box, r->is_signed == DB_SIGNED_STALE ? TUI_WARN : TUI_DIM,
              check_signed_words(&s->app->frame, r));
}

static void draw_wide(struct check *s, struct tui_box box)
{
    int spare = box.cols - WIDE_COLS;
    struct tui_box left = tui_cut_left(&box, 54 + spare / 4), middle, line, items;

    line = tui_cut_left(&box, 1);
    tui_draw_vline(s->app->tui, line, 0);
    middle = tui_cut_left(&box, 46 + spare / 4);
    line = tui_cut_left(&box, 1);
    tui_draw_vline(s->app->tui, line, 0);
    left = pane(s, left, "items", s->pane == CHECK_ITEMS);
    items = tui_cut_top(&left, DB_ITEMS_OF_CHECKLIST + 1);
    draw_items(s, items);
    draw_summary(s, left);
    draw_steps(s, middle);
    draw_detail(s, box);
}

/* What was found at the step under the cursor, in a few rows. */
static void draw_brief(struct check *s, struct tui_box box)
{
    const struct db_step_result *step = check_step_at(s);
    int rows;

    tui_draw_rule(s->app->tui, box, 0, detail_title(s), TUI_TITLE);
    (void)tui_cut_top(&box, 1);
    box = tui_inset(box, 0, 1);
    if (!step)
        return;
    rows = wrap_draw(s->app, (struct tui_box){box.row, box.col, 2, box.cols},
                     step->finding.state == DB_STEP_OK ? TUI_TEXT : TUI_STRONG,
                     step->finding.found[0] ? step->finding.found : step->finding.err.message);
    (void)tui_cut_top(&box, rows);
    if (step->cannot[0])
        wrap_draw(s->app, box, TUI_BAD, step->cannot);
    else
        wrap_draw(s->app, box, TUI_DIM, step->step->why);
}

static void draw_stacked(struct check *s, struct tui_box box)
{
    bool both = box.rows >= DB_ITEMS_OF_CHECKLIST + 1 + STEPS_LEAST;

    if (!both && s->pane == CHECK_ITEMS) { /* one pane at a time */
        draw_items(s, box);
        return;
    }
    if (both)
        draw_items(s, tui_cut_top(&box, DB_ITEMS_OF_CHECKLIST + 1));
    if (s->pane == CHECK_DETAIL && box.rows < TALL_ROWS - 12) {
        draw_detail(s, box);
        return;
    }
    if (box.rows >= TALL_ROWS - 12)
        draw_detail(s, tui_cut_bottom(&box, box.rows / 2));
    else if (box.rows >= 10)
        draw_brief(s, tui_cut_bottom(&box, 4));
    draw_steps(s, box);
}

/* ---- the whole ---- */

static void draw_nothing(struct check *s, struct tui_box box)
{
    int rows;

    if (s->look) {
        tui_draw(s->app->tui, box, 0, 0, TUI_INFO, "looking at both databases ...");
        tui_draw(s->app->tui, box, 1, 0, TUI_DIM, check_progress(s->look));
    } else if (s->err.kind != ZM_ERR_NONE) {
        tui_draw(s->app->tui, box, 0, 0, TUI_BAD, "? The checklist could not be looked at.");
        (void)tui_cut_top(&box, 2);
        rows = wrap_error(s->app, box, &s->err);
        (void)tui_cut_top(&box, rows + 1);
        tui_draw(s->app->tui, box, 0, 0, TUI_DIM, "r looks again.");
    }
}

void check_draw(struct app *app, void *state, struct tui_box body)
{
    struct check *s = state;

    (void)app;
    check_settle(s);
    if (!s->found)
        draw_nothing(s, tui_inset(body, 1, 2));
    else if (body.cols >= WIDE_COLS)
        draw_wide(s, body);
    else
        draw_stacked(s, body);
}

void check_crumb(struct app *app, void *state, char *dst, size_t size)
{
    const struct check *s = state;

    if (s->found)
        snprintf(dst, size, "Checklist  %s", app_time(app, s->found->at, true));
    else
        snprintf(dst, size, "Checklist");
}

void check_line_text(struct app *app, void *state, char *dst, size_t size)
{
    const struct check *s = state;
    const struct db_step_result *next = NULL;
    size_t i, j;

    (void)app;
    dst[0] = '\0';
    if (s->write) {
        snprintf(dst, size, "%s: %.150s", s->write->key, check_progress(s->write));
    } else if (s->look) {
        snprintf(dst, size, "looking: %.150s", check_progress(s->look));
    } else if (s->found) {
        for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++)
            for (j = 0; j < s->found->result.items[i].n && !next; j++)
                if (db_step_may_be_confirmed(&s->found->result.items[i].steps[j]) &&
                    s->found->result.items[i].steps[j].finding.state == DB_STEP_WAITING)
                    next = &s->found->result.items[i].steps[j];
        if (next)
            snprintf(dst, size, "n: next that needs a human is %s   y confirms it",
                     next->step->key);
    }
}
