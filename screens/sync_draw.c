/*
 * Where the panes of the Sync screen stand, and what is said while there is nothing to list: before
 * the first scan, while it looks, when it could not. Draws from state only.
 */
#include "screens/sync_state.h"

#include <string.h>

#include "screens/plan.h"
#include "screens/wrap.h"
#include "tui/chart.h"
#include "tui/layout.h"
#include "zm/clock.h"
#include "zm/str.h"

#define WIDE_COLS 140 /* three panes beside each other */
#define TALL_ROWS 34  /* three below each other */
#define BAR_COLS 40
#define LEFT_COLS 62 /* all columns of the classes: at 160 */
#define LEFT_LONG 72 /* and their whole titles: at 200 */

static const char *phase_text(const struct sync *s)
{
    static const char *const texts[] = {
        [DB_COMPARE_SUMS] = "comparing sums by bucket",
        [DB_COMPARE_ROWS] = "reading the rows that differ",
        [DB_COMPARE_GRACE] = "waiting before the second look",
        [DB_COMPARE_CONFIRM] = "looking again at who differs",
    };
    const struct conf *conf = s->app->conf;
    int phase = atomic_load(&s->job->progress.phase);

    if (phase != SYNC_OPENING)
        return texts[phase];
    return conf->has_scan[DB_BRAIN] || conf->has_scan[DB_BOT] ? "waiting for the replica of scan"
                                                              : "opening both databases";
}

/* ---- while it looks ---- */

/* Rows are counted while they are read, and not while something is waited for. */
static bool is_counting(const struct sync *s)
{
    int phase = atomic_load(&s->job->progress.phase);

    return phase == DB_COMPARE_SUMS || phase == DB_COMPARE_ROWS || phase == DB_COMPARE_CONFIRM;
}

static const char *left_text(struct sync *s)
{
    long long left = atomic_load(&s->job->progress.left_ms);
    const char *esc = s->app->overlay ? "" : "Esc cancels"; /* which has that key */

    if (s->cancelling)
        return "cancelling ...";
    return left <= 0 || !is_counting(s)
               ? esc /* not known, or longer than it should take */
               : zm_arena_printf(&s->app->frame, "%lld s left   %s", (left + 999) / 1000, esc);
}

static void draw_side_bar(struct sync *s, struct tui_box box, int row, int side)
{
    const struct sync_progress *p = &s->job->progress;
    long long done = atomic_load(&p->done[side]), total = atomic_load(&p->total[side]);
    int room = box.cols - 36, cells = room > BAR_COLS ? BAR_COLS : room, col = 7;

    tui_draw(s->app->tui, box, row, 0, TUI_TEXT, db_side_short((enum db_side)side));
    if (cells > 4) {
        tui_bar(s->app->tui, box, row, col, cells, TUI_INFO, total > 0 ? (double)done : 0.0,
                total > 0 ? (double)total : 1.0);
        col += cells + 1;
    }
    tui_drawf(s->app->tui, box, row, col, TUI_DIM, "%s of %s", app_count(s->app, done, false),
              total < 0 ? "?" : app_count(s->app, total, true));
}

static void draw_progress(struct sync *s, struct tui_box box)
{
    const struct sync_progress *p = &s->job->progress;
    int side;

    tui_drawf(s->app->tui, box, 0, 0, TUI_INFO, "%s ...  %lld s", phase_text(s),
              (long long)(zm_now_ms() - s->began_ms) / 1000);
    for (side = 0; side < DB_SIDES && is_counting(s); side++)
        draw_side_bar(s, box, 2 + side, side);
    tui_drawf(s->app->tui, box, 5, 0, TUI_DIM, "%s may differ so far   %s",
              app_count(s->app, atomic_load(&p->found), false), left_text(s));
}

/* In one row, above what an earlier scan found. */
static void draw_progress_line(struct sync *s, struct tui_box box)
{
    const struct sync_progress *p = &s->job->progress;
    long long brain = atomic_load(&p->done[DB_BRAIN]), bot = atomic_load(&p->done[DB_BOT]);
    int col = 1;

    col += tui_drawf(s->app->tui, box, 0, col, TUI_INFO, "%s ...  %lld s", phase_text(s),
                     (long long)(zm_now_ms() - s->began_ms) / 1000) +
           3;
    if (is_counting(s) && (brain > 0 || bot > 0))
        col += tui_drawf(s->app->tui, box, 0, col, TUI_DIM, "Brain %s  Bot %s",
                         app_count(s->app, brain, false), app_count(s->app, bot, false)) +
               3;
    tui_draw(s->app->tui, box, 0, col, TUI_DIM, left_text(s));
}

/* ---- what the last scan came to ---- */

static void draw_error(struct sync *s, struct tui_box box)
{
    int rows;

    tui_draw(s->app->tui, box, 0, 0, TUI_BAD,
             "? It is not known what differs: the databases could not be compared.");
    (void)tui_cut_top(&box, 2);
    rows = wrap_error(s->app, box, &s->err);
    (void)tui_cut_top(&box, rows + 1);
    tui_draw(s->app->tui, box, 0, 0, TUI_DIM, "R looks again.");
}

/* What nobody could look at, and why; NULL: nothing. */
static const char *lacking_text(struct sync *s)
{
    const struct db_compare_result *r = &s->found->result;
    struct zm_error err;

    if (db_compare_lacks(r, &err))
        return zm_arena_printf(&s->app->frame, "? not compared in full: %s; %s", err.message,
                               err.hint);
    if (r->without_subscriptions)
        return zm_arena_printf(&s->app->frame, "? not compared in full: %s; Check (3) says more",
                               r->subscriptions_err.message);
    return NULL;
}

/* Why what is shown is not the newest, or not all. Returns its rows. */
static int draw_above(struct sync *s, struct tui_box box)
{
    const char *lacking = lacking_text(s);
    char line[700];

    if (s->err.kind == ZM_ERR_NONE || s->err.kind == ZM_ERR_CANCELLED)
        return lacking ? wrap_draw(s->app, tui_inset(box, 0, 1), TUI_WARN, lacking) : 0;
    return wrap_draw(s->app, tui_inset(box, 0, 1), TUI_BAD,
                     zm_arena_printf(&s->app->frame,
                                     "? could not look again: %s; below is the "
                                     "scan before",
                                     zm_error_line(&s->err, line, sizeof(line))));
}

static void draw_equal(struct sync *s, struct tui_box box)
{
    const struct db_compare_result *r = &s->found->result;

    tui_draw(s->app->tui, box, 0, 0, TUI_GOOD, "= Nothing differs.");
    wrap_draw(s->app, (struct tui_box){box.row + 2, box.col, box.rows - 2, box.cols}, TUI_TEXT,
              zm_arena_printf(&s->app->frame,
                              "%s users of ZmartyBrain and %s trading profiles of ZmartBot were "
                              "compared, up to %s.",
                              app_count(s->app, r->brain_users, false),
                              app_count(s->app, r->bot_profiles, false),
                              app_time(s->app, s->found->at, false)));
}

/* ---- panes ---- */

static struct tui_box pane(struct sync *s, struct tui_box box, const char *title, bool focused)
{
    tui_draw_rule(s->app->tui, box, 0, title, focused ? TUI_INFO : TUI_TITLE);
    (void)tui_cut_top(&box, 1);
    return box;
}

/* The pane that keys go to; SYNC_PANES: they go to the plan. */
static enum sync_pane focus_of(const struct sync *s)
{
    return sync_holds_plan(s->app) ? SYNC_PANES : s->pane;
}

static void draw_classes(struct sync *s, struct tui_box box)
{
    sync_measure_titles(s, box);
    s->place[SYNC_CLASSES] = box;
    s->classes_page = tui_table_draw(s->app->tui, box, &s->classes, focus_of(s) == SYNC_CLASSES);
}

/* On a rule at a list of classes that does not show all. */
static void draw_classes_more(struct sync *s, struct tui_box rule)
{
    size_t shown = s->classes.top + (size_t)s->classes_page, above = s->classes.top;
    size_t below = s->n_shown > shown ? s->n_shown - shown : 0, n = below ? below : above;
    const char *text = "";

    if (above + below == 0)
        return;
    if (above > 0 && below > 0)
        text = zm_arena_printf(&s->app->frame, "%zu above, ", above);
    text = zm_arena_printf(&s->app->frame, " %s%zu more class%s%s ", text, n, n == 1 ? "" : "es",
                           below == 0  ? " above"
                           : above > 0 ? " below"
                                       : "");
    tui_draw(s->app->tui, rule, 0, rule.cols - (int)strlen(text) - 1, TUI_DIM, text);
}

static int64_t count_listed(const struct sync *s)
{
    return s->listed < DB_CLASSES ? s->found->result.classes[s->listed] : 0;
}

/* The list holds the first rows only; a plan is made of all. */
static bool is_cut(const struct sync *s)
{
    return count_listed(s) > SYNC_ROWS_MAX;
}

static const char *rows_title(struct sync *s)
{
    int64_t n = count_listed(s);
    const char *all = app_count(s->app, n, false);
    const char *first = app_count(s->app, SYNC_ROWS_MAX, false);
    const char *match = app_count(s->app, (int64_t)s->n_list, false);

    if (s->listed == DB_CLASSES)
        return "rows";
    if (s->filter_err.kind != ZM_ERR_NONE) /* what it would match is not known */
        return zm_arena_printf(&s->app->frame, "%c %s", db_class_row(s->listed)->sign,
                               db_class_row(s->listed)->title);
    if (s->filter.len && is_cut(s))
        return zm_arena_printf(&s->app->frame,
                               "%c %s (%s of the first %s match /%s; p searches %s)",
                               db_class_row(s->listed)->sign, db_class_row(s->listed)->title, match,
                               first, s->filter.text, all);
    if (s->filter.len)
        return zm_arena_printf(&s->app->frame, "%c %s (%s of %s match /%s)",
                               db_class_row(s->listed)->sign, db_class_row(s->listed)->title, match,
                               all, s->filter.text);
    if (is_cut(s))
        return zm_arena_printf(&s->app->frame, "%c %s (the first %s of %s)",
                               db_class_row(s->listed)->sign, db_class_row(s->listed)->title, first,
                               all);
    return zm_arena_printf(&s->app->frame, "%c %s (%s)", db_class_row(s->listed)->sign,
                           db_class_row(s->listed)->title, all);
}

/* What there is to know about the row under the cursor before it is planned; NULL: nothing. */
static const char *note_of(struct sync *s, unsigned *style)
{
    const struct sync_user *user = sync_user_at(s);

    *style = TUI_BAD;
    if (!user)
        return NULL;
    if (user->bot_newer && s->listed == DB_CLASS_TIER_DIFFERS && s->pane != SYNC_CLASSES)
        return zm_arena_printf(&s->app->frame, "!  Newer in Bot, with more rights. %s. %s.",
                               app_newer_text(s->app),
                               sync_is_in(&s->choices, user, s->listed)
                                   ? "You included it"
                                   : "Left out of the plan unless you include it with i");
    *style = TUI_DIM;
    if (db_class_row(s->listed)->mend == DB_MEND_HUMAN)
        return zm_arena_printf(&s->app->frame, "!  %s. While it stays: %s.",
                               db_class_row(s->listed)->repair, db_class_row(s->listed)->risk);
    return NULL;
}

static void draw_rows(struct sync *s, struct tui_box box, bool notes)
{
    unsigned style;
    const char *note = notes && box.rows >= 6 ? note_of(s, &style) : NULL;

    if (note)
        wrap_draw(s->app, tui_inset(tui_cut_bottom(&box, 2), 0, 1), style, note);
    s->rows.empty = s->filter_err.kind != ZM_ERR_NONE ? "what that would match is not known"
                    : !s->filter.len                  ? "no rows"
                    : is_cut(s) ? "none of those matches; the plan searches all; Esc clears"
                                : "no row matches; Esc clears the filter";
    sync_share_rows(s, box.cols);
    s->place[SYNC_ROWS] = box;
    s->rows_page = tui_table_draw(s->app->tui, box, &s->rows, focus_of(s) == SYNC_ROWS);
}

static const char *diff_title(struct sync *s)
{
    const struct sync_user *user = sync_user_at(s);

    return user ? zm_arena_printf(&s->app->frame, "diff: %s", sync_name(&user->both)) : "diff";
}

static void draw_diff(struct sync *s, struct tui_box box)
{
    box = pane(s, box, diff_title(s), focus_of(s) == SYNC_DIFF);
    s->place[SYNC_DIFF] = box;
    sync_draw_diff(s, tui_inset(box, 0, 1));
}

static int left_cols(int spare)
{
    int cols = 50 + spare * 3 / 5, most = LEFT_COLS + (spare - 40) / 2;

    most = most < LEFT_COLS ? LEFT_COLS : most > LEFT_LONG ? LEFT_LONG : most;
    return cols < most ? cols : most;
}

static void draw_wide(struct sync *s, struct tui_box box)
{
    int spare = box.cols - WIDE_COLS;
    struct tui_box left = tui_cut_left(&box, left_cols(spare) + sync_share_classes(s)), middle,
                   line;

    line = tui_cut_left(&box, 1);
    tui_draw_vline(s->app->tui, line, 0);
    middle = tui_cut_left(&box, 54 + spare / 3 > 74 ? 74 : 54 + spare / 3); /* an id: at 200 */
    line = tui_cut_left(&box, 1);
    tui_draw_vline(s->app->tui, line, 0);
    draw_classes(s, pane(s, left, "classes", focus_of(s) == SYNC_CLASSES));
    draw_classes_more(s, left);
    draw_rows(s, pane(s, middle, rows_title(s), focus_of(s) == SYNC_ROWS), false);
    draw_diff(s, box);
}

/* The plan's part of the rows: more than half, and the list of classes whole. */
static int plan_rows(const struct sync *s, int rows)
{
    int classes = (int)s->n_shown + 2, most = rows - classes, wanted = rows * 3 / 5;

    return wanted < most ? wanted : most;
}

bool sync_holds_plan(const struct app *app)
{
    const struct sync *s = app->view->state;

    return app->plan && app->view->screen == &screen_sync && s->found && s->n_shown > 0 &&
           tui_cols(app->tui) >= WIDE_COLS && tui_rows(app->tui) >= TALL_ROWS;
}

static void draw_stacked(struct sync *s, struct tui_box box)
{
    int rows = (int)s->n_shown + 1, most = box.rows - 7;
    struct tui_box diff, rule;

    (void)sync_share_classes(s);
    if (most < 4 && s->pane == SYNC_CLASSES) { /* one pane at a time */
        rule = tui_cut_bottom(&box, rows > box.rows);
        tui_draw_rule(s->app->tui, rule, 0, NULL, TUI_DIM);
        draw_classes(s, box);
        draw_classes_more(s, rule);
        return;
    }
    if (most >= 4)
        draw_classes(s, tui_cut_top(&box, rows > most ? most : rows));
    rule = box;
    if (box.rows >= TALL_ROWS - 14) {
        diff = tui_cut_bottom(&box, 16);
        draw_rows(s, pane(s, box, rows_title(s), s->pane == SYNC_ROWS), false);
        draw_diff(s, diff);
    } else if (s->pane == SYNC_DIFF) {
        draw_diff(s, box);
    } else {
        draw_rows(s, pane(s, box, rows_title(s), s->pane == SYNC_ROWS), true);
    }
    if (most >= 4)
        draw_classes_more(s, rule);
}

/* What is wrong with its text stands behind it, or where that is too long, above it and whole.
 * Returns the rows of the body that this takes. */
static int draw_prompt(struct sync *s, struct tui_box body)
{
    struct tui_box row = {body.row + body.rows, body.col, 1, body.cols}, above;
    int col = row.cols * 3 / 10 < 24 ? row.cols * 3 / 10 : 24, rows = 0;
    const char *wrong =
        s->filter_err.kind == ZM_ERR_NONE
            ? ""
            : zm_arena_printf(&s->app->frame, "%s; %s", s->filter_err.message, s->filter_err.hint);
    bool fits = wrap_rows(s->app, row.cols - col, wrong) <= 1;

    tui_draw(s->app->tui, row, 0, 1, TUI_INFO, "/");
    tui_edit_draw(s->app->tui, row, 0, 2, wrong[0] && fits ? col - 4 : row.cols - 4, &s->filter);
    if (fits) {
        tui_draw(s->app->tui, row, 0, col, TUI_BAD, wrong);
        return 0;
    }
    rows = wrap_rows(s->app, body.cols - 2, wrong);
    above = tui_cut_bottom(&body, rows);
    wrap_draw(s->app, tui_inset(above, 0, 1), TUI_BAD, wrong);
    return rows;
}

void sync_draw(struct app *app, void *state, struct tui_box body)
{
    struct sync *s = state;
    struct tui_box box = body;

    memset(s->place, 0, sizeof(s->place));
    sync_settle(s);
    if (s->editing)
        (void)tui_cut_bottom(&box, draw_prompt(s, body));
    if (!s->found) {
        box = tui_inset(box, 1, 2);
        if (s->job)
            draw_progress(s, box);
        else if (s->err.kind != ZM_ERR_NONE)
            draw_error(s, box);
        else
            tui_draw(app->tui, box, 0, 0, TUI_DIM, "R compares the two databases.");
        return;
    }
    if (s->job) /* in place of what will be said anew, so that nothing below moves */
        draw_progress_line(s, tui_cut_top(&box, 1));
    else
        sync_draw_head(s, tui_cut_top(&box, 1));
    (void)tui_cut_top(&box, draw_above(s, box));
    if (s->n_shown == 0)
        draw_equal(s, tui_inset(box, 1, 2));
    else if (body.cols >= WIDE_COLS) {
        if (sync_holds_plan(app))
            plan_draw_pane(app, tui_cut_bottom(&box, plan_rows(s, box.rows)));
        draw_wide(s, box);
    } else
        draw_stacked(s, box);
}
