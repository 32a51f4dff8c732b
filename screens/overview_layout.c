/*
 * Which pane of the Overview stands where, its rule, and what it says while it has nothing to show.
 * Knows sizes and states, not what the panes hold.
 */
#include "screens/overview_state.h"

#include <string.h>

#include "screens/wrap.h"
#include "tui/layout.h"
#include "tui/text.h"

// clang-format off
const struct overview_pane_row overview_panes[OVERVIEW_PANES] = {
    [OVERVIEW_TIERS]    = {"Tiers",              DB_SIDES, overview_draw_tiers,    overview_tiers_summary},
    [OVERVIEW_SIGN_UPS] = {"Sign-ups per day",   DB_BRAIN, overview_draw_sign_ups, overview_sign_ups_summary},
    [OVERVIEW_TRADES]   = {"Trades per day",     DB_BOT,   overview_draw_trades,   overview_trades_summary},
    [OVERVIEW_SYMBOLS]  = {"Top symbols",        DB_BOT,   overview_draw_symbols,  NULL},
    [OVERVIEW_TABLES]   = {"ZmartBot's tables",  DB_BOT,   overview_draw_tables,   overview_tables_summary},
};
// clang-format on

#define WIDE_COLS 132 /* three panes beside each other */
#define TWO_COLS 64   /* two */
#define TWO_ROWS 18   /* body rows that two rows of panes and the tiers need */
#define WIDEST 200    /* more is only farther to read */

/* ---- places ---- */

static void place_wide(struct overview *o, struct tui_box body)
{
    int rows = body.rows / 3 < 8 ? 8 : body.rows / 3 > 14 ? 14 : body.rows / 3;
    struct tui_box top = tui_cut_top(&body, rows);

    o->place[OVERVIEW_TIERS] = tui_cut_left(&top, top.cols * 2 / 5);
    (void)tui_cut_left(&top, 2);
    o->place[OVERVIEW_SIGN_UPS] = tui_cut_left(&top, (top.cols - 2) / 2);
    (void)tui_cut_left(&top, 2);
    o->place[OVERVIEW_TRADES] = top;
    o->place[OVERVIEW_SYMBOLS] = tui_cut_left(&body, body.cols * 2 / 5);
    (void)tui_cut_left(&body, 2);
    o->place[OVERVIEW_TABLES] = body;
}

static void place_two(struct overview *o, struct tui_box body)
{
    int spare = body.rows - TWO_ROWS;
    struct tui_box middle;

    o->place[OVERVIEW_TIERS] = tui_cut_top(&body, 5 + (spare > 4 ? 2 : spare / 2));
    middle = tui_cut_top(&body, 6 + (spare > 12 ? 3 : spare / 4));
    o->place[OVERVIEW_SIGN_UPS] = tui_cut_left(&middle, (middle.cols - 2) / 2);
    (void)tui_cut_left(&middle, 2);
    o->place[OVERVIEW_TRADES] = middle;
    o->place[OVERVIEW_SYMBOLS] = tui_cut_left(&body, (body.cols - 2) / 3);
    (void)tui_cut_left(&body, 2);
    o->place[OVERVIEW_TABLES] = body;
}

static void place_panes(struct overview *o, struct tui_box body)
{
    memset(o->place, 0, sizeof(o->place));
    o->alone = body.cols < TWO_COLS || body.rows < TWO_ROWS;
    if (o->alone || o->zoom)
        o->place[o->focus] = body;
    else if (body.cols >= WIDE_COLS)
        place_wide(o, body);
    else
        place_two(o, body);
}

/* ---- a pane ---- */

/* "OLD 2m": what is shown is not of now. */
static const char *age_text(struct app *app, const struct overview *o, enum overview_pane pane)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (overview_part(o, pane, (enum db_side)side) &&
            overview_is_old(app, o, (enum db_side)side))
            return zm_arena_printf(&app->frame, "%s OLD %s", db_side_short((enum db_side)side),
                                   app_age(app, overview_is_exact(o, pane, (enum db_side)side)
                                                    ? o->exact[side].read_ms
                                                    : o->live[side].read_ms));
    return NULL;
}

static void draw_rule(struct app *app, const struct overview *o, enum overview_pane pane,
                      struct tui_box row)
{
    const struct overview_pane_row *p = &overview_panes[pane];
    const char *old = age_text(app, o, pane);
    const char *right = old ? old : p->summary ? p->summary(app, o) : "";
    int more = pane == OVERVIEW_TABLES ? 0 : o->rows[pane] - o->top[pane] - o->page[pane];
    int cells, title;

    if (more > 0)
        right = zm_arena_printf(&app->frame, "%s%s%d more", right, right[0] ? ", " : "", more);
    cells = tui_text_cells(right, tui_is_ascii(app->tui));
    tui_draw_rule(app->tui, row, 0, p->title, o->focus == pane ? TUI_INFO : TUI_TITLE);
    title = (int)strlen(p->title) + 6;
    if (cells == 0 || title + cells + 3 > row.cols)
        return;
    tui_draw_blank(app->tui, row, 0, row.cols - cells - 3, cells + 2, TUI_TEXT);
    tui_draw(app->tui, row, 0, row.cols - cells - 2, old ? TUI_WARN : TUI_DIM, right);
}

bool overview_draw_absent(struct app *app, const struct overview *o, enum overview_pane pane,
                          enum db_side side, struct tui_box box)
{
    const struct db_ask *part = overview_part(o, pane, side);
    const struct db_status *s = &app->status[side];

    if (part) {
        if (!part->ok)
            wrap_error(app, box, &part->err);
        return !part->ok;
    }
    if (s->state == DB_RETRY || s->state == DB_STOPPED)
        wrap_draw(app, box, TUI_WARN,
                  zm_arena_printf(&app->frame, "%s is away for %s: unknown", db_side_name(side),
                                  app_age(app, s->since_ms)));
    else if (o->live[side].err.kind != ZM_ERR_NONE && !o->live[side].asking)
        wrap_error(app, box, &o->live[side].err);
    else
        tui_draw(app->tui, box, 0, 0, TUI_DIM,
                 s->state == DB_UP ? "loading ..." : "connecting ...");
    return true;
}

static void draw_pane(struct app *app, struct overview *o, enum overview_pane pane)
{
    const struct overview_pane_row *p = &overview_panes[pane];
    struct tui_box box = o->place[pane], rule = tui_cut_top(&box, 1);

    o->rows[pane] = 0;
    if (pane != OVERVIEW_TABLES)
        box = tui_inset(box, 0, 1);
    o->page[pane] = box.rows;
    if (!tui_box_empty(box) &&
        (p->side == DB_SIDES || !overview_draw_absent(app, o, pane, p->side, tui_inset(box, 0, 1))))
        p->draw(app, o, box);
    draw_rule(app, o, pane, rule); /* says how many rows there was no room for */
}

void overview_draw_all(struct app *app, struct overview *o, struct tui_box body)
{
    int i;

    place_panes(o, tui_centre(body, body.rows, WIDEST));
    for (i = 0; i < OVERVIEW_PANES; i++)
        if (!tui_box_empty(o->place[i]))
            draw_pane(app, o, (enum overview_pane)i);
}
