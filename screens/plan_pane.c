/*
 * The plan as a part of the Sync screen, where there is room beside the classes: what it comes to
 * and how far it is at the left, its lines at the right. It stays there from stage to stage. Draws
 * from state only.
 */
#include "screens/plan_state.h"

#include "screens/wrap.h"
#include "tui/layout.h"
#include "zm/str.h"

#define LINE_ROWS 5
#define LINES_COLS 86 /* of 160: with changes of tiers whole at both sides */

static bool has_lines(const struct plan *p)
{
    return p->stage != PLAN_MAKING && p->stage != PLAN_FAILED;
}

static const char *title(struct plan *p)
{
    if (!has_lines(p))
        return p->stage == PLAN_MAKING ? "PLAN" : "NO PLAN";
    return zm_arena_printf(&p->app->frame, "%s   %s", plan_title(p), plan_rows_text(p));
}

/* What was applied, below what it came to; before that the line under the cursor. */
static void draw_progress(struct plan *p, struct tui_box box)
{
    if (p->stage != PLAN_RUNNING && p->stage != PLAN_ENDED) {
        box = tui_inset(box, 0, 1);
        if (p->work->kept)
            tui_drawf(p->app->tui, tui_cut_bottom(&box, 1), 0, 0, TUI_DIM, "saved: %s",
                      p->work->path);
        (void)tui_cut_top(&box, 1);
        plan_draw_line(p, tui_cut_top(&box, LINE_ROWS));
        return;
    }
    tui_draw_rule(p->app->tui, tui_cut_top(&box, 1), 0, plan_apply_title(p), TUI_INFO);
    box = tui_inset(box, 0, 1);
    if (p->stage == PLAN_RUNNING)
        plan_draw_running(p, box);
    else
        plan_draw_ended(p, box);
}

void plan_draw_pane(struct app *app, struct tui_box box)
{
    struct plan *p = app->plan;
    struct tui_box left, inner;

    tui_draw_rule(app->tui, tui_cut_top(&box, 1), 0, title(p),
                  p->stage == PLAN_FAILED ? TUI_BAD : TUI_INFO);
    if (!has_lines(p)) {
        inner = tui_inset(box, 0, 1);
        if (p->stage == PLAN_MAKING)
            plan_draw_making(p, inner);
        else
            wrap_error(app, inner, &p->err);
        return;
    }
    left = tui_cut_left(&box, box.cols - box.cols * LINES_COLS / 160);
    tui_draw_vline(app->tui, tui_cut_left(&box, 1), 0);
    inner = tui_inset(left, 0, 1);
    plan_draw_sums(p, &inner, true);
    (void)tui_cut_top(&left, inner.row - left.row);
    draw_progress(p, left);
    plan_draw_lines(p, box, p->stage == PLAN_SHOWN || p->stage == PLAN_ASKING);
}

bool plan_draw_bar(struct app *app, struct tui_box row)
{
    if (!sync_holds_plan(app))
        return false;
    plan_draw_keys(app->plan, tui_inset(row, 0, 1), plan_keys_text(app->plan));
    return true;
}
