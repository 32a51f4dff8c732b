/*
 * The verdict over a user: what stops him from trading, in one to three lines at the top, and all
 * gates of CAN TRADE over the screen.
 */
#include "screens/user_state.h"

#include <stdlib.h>

#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

/* Words that flow over the rows of a box; without draw they are only measured. */
struct flow {
    struct app *app;
    struct tui_box box;
    int row, col;
    bool draw, full;
};

/* In the last row what does not fit is cut, and nothing follows it. */
static void put(struct flow *f, unsigned style, const char *text)
{
    int cells = tui_text_cells(text, tui_is_ascii(f->app->tui));

    if (f->full)
        return;
    if (f->col > 0 && f->col + cells > f->box.cols) {
        f->full = f->row + 1 >= f->box.rows;
        if (!f->full) {
            f->row++;
            f->col = 2;
        }
    }
    if (f->draw && f->row < f->box.rows)
        tui_draw(f->app->tui, f->box, f->row, f->col, style, text);
    f->col += cells + 2;
}

/* The halves are judged once every side that can answer has; until then what the list knew. */
static const struct db_verdict *verdict_of(const struct app *app, const struct user *u)
{
    bool complete = true;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (!u->side[side].known && app->status[side].state <= DB_UP &&
            u->side[side].err.kind == ZM_ERR_NONE)
            complete = false;
    if (complete && (u->side[DB_BRAIN].known || u->side[DB_BOT].known))
        return &u->record.verdict;
    return u->has_early ? &u->early : NULL;
}

static const char *gate_text(struct app *app, const struct db_gate_result *g)
{
    if (!g->detail[0])
        return db_gate_title(g->gate);
    return zm_arena_printf(&app->frame, "%s: %s", db_gate_title(g->gate), g->detail);
}

static void put_gates(struct flow *f, const struct db_verdict *v)
{
    int failed = 0;
    size_t i;

    for (i = 0; i < v->n; i++)
        if (v->gate[i].ok == DB_FAILS && v->gate[i].level == DB_LEVEL_HARD)
            put(f, TUI_TEXT,
                zm_arena_printf(&f->app->frame, "%d) %s", ++failed,
                                gate_text(f->app, &v->gate[i])));
    for (i = 0; i < v->n; i++)
        if (v->gate[i].ok == DB_UNKNOWN && v->gate[i].level == DB_LEVEL_HARD)
            put(f, TUI_WARN,
                zm_arena_printf(&f->app->frame, "? %s", db_gate_title(v->gate[i].gate)));
    for (i = 0; i < v->n; i++)
        if (v->gate[i].ok == DB_FAILS && v->gate[i].level == DB_LEVEL_WARN)
            put(f, TUI_WARN,
                zm_arena_printf(&f->app->frame, "(%s)", gate_text(f->app, &v->gate[i])));
}

int user_head_draw(struct app *app, const struct user *u, struct tui_box box, bool draw)
{
    const struct db_verdict *v = verdict_of(app, u);
    struct flow f = {.app = app, .box = tui_inset(box, 0, 1), .draw = draw};
    int side;

    if (!v)
        put(&f, TUI_DIM, "CAN TRADE?  loading ...");
    else if (v->can_trade == DB_HOLDS)
        put(&f, TUI_GOOD, "CAN TRADE");
    else if (v->can_trade == DB_FAILS)
        put(&f, TUI_BAD, "CANNOT TRADE");
    else
        put(&f, TUI_WARN, "CAN TRADE?  unknown");
    for (side = 0; v && side < DB_SIDES; side++)
        if (user_is_old(app, u, (enum db_side)side))
            put(&f, TUI_WARN,
                zm_arena_printf(&app->frame, "%s OLD %s", db_side_name((enum db_side)side),
                                app_age(app, u->side[side].read_ms)));
    if (v)
        put_gates(&f, v);
    return f.row + 1 < box.rows ? f.row + 1 : box.rows;
}

/* ---- all gates ---- */

struct gates {
    struct user *user;
    int top;
};

static unsigned box_of(const struct db_gate_result *g, const char **ret)
{
    if (g->ok == DB_HOLDS) {
        *ret = "[ok]";
        return TUI_GOOD;
    }
    if (g->ok == DB_UNKNOWN) {
        *ret = "[??]";
        return TUI_WARN;
    }
    *ret = g->level == DB_LEVEL_HARD ? "[NO]" : "[--]";
    return g->level == DB_LEVEL_HARD ? TUI_BAD : TUI_WARN;
}

static void draw_gate(struct app *app, struct tui_box box, int row, const struct db_gate_result *g)
{
    const char *sign;
    unsigned style = box_of(g, &sign);
    int cells = box.cols >= 46 ? 22 : 18;

    tui_draw(app->tui, box, row, 1, style, sign);
    tui_draw_field(app->tui, box, row, 6, cells, TUI_LEFT, TUI_TEXT, db_gate_title(g->gate));
    tui_draw(app->tui, box, row, 7 + cells, TUI_DIM, db_level_key(g->level));
    tui_draw(app->tui, box, row, 13 + cells, style, g->detail);
}

static void gates_draw(struct app *app, void *state)
{
    struct gates *g = state;
    const struct db_verdict *v = verdict_of(app, g->user);
    struct tui_box all = tui_screen_box(app->tui), box;
    int n = v ? (int)v->n : 1, rows = n + 2 < all.rows - 2 ? n + 2 : all.rows - 2, i;

    box = tui_centre(all, rows, all.cols < 72 ? all.cols - 2 : 72);
    box = tui_draw_frame(app->tui, box, "CAN TRADE? all gates", app->conf->label, TUI_INFO);
    if (g->top > n - box.rows)
        g->top = n - box.rows;
    if (g->top < 0)
        g->top = 0;
    if (!v)
        tui_draw(app->tui, box, 0, 1, TUI_DIM, "loading ...");
    for (i = 0; v && i < box.rows && g->top + i < n; i++)
        draw_gate(app, box, i, &v->gate[g->top + i]);
}

static bool gates_event(struct app *app, void *state, const struct tui_event *event)
{
    struct gates *g = state;

    (void)app;
    if (event->type != TUI_EVENT_KEY)
        return true;
    switch (event->key) {
    case 'j':
    case TUI_KEY_DOWN:
        g->top++;
        return true;
    case 'k':
    case TUI_KEY_UP:
        g->top--;
        return true;
    case 'w':
    case 'q':
    case TUI_KEY_ESC:
    case TUI_KEY_ENTER:
        return false;
    default:
        return true;
    }
}

static void gates_close(struct app *app, void *state)
{
    (void)app;
    free(state);
}

static const struct overlay gates_overlay = {gates_draw, gates_event, gates_close};

void user_gates_open(struct app *app, struct user *u)
{
    struct gates *g = zm_calloc(1, sizeof(*g));

    g->user = u;
    app_overlay(app, &gates_overlay, g);
}
