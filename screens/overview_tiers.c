/*
 * Tiers in both databases beside each other, as numbers and bars. What the databases hold beside
 * the three tiers that there should be is shown as well.
 */
#include "screens/overview_state.h"

#include "screens/wrap.h"
#include "tui/chart.h"
#include "tui/layout.h"
#include "zm/clock.h"
#include "zm/str.h"

#define TIERS_MAX 12
#define TIER_CELLS 11
#define COUNT_CELLS 11
#define BESIDE_COLS 58 /* from here the bars of both databases stand in one row */

struct tier {
    const char *name; /* NULL: no tier */
    bool estimated[DB_SIDES];
    int64_t n[DB_SIDES];
};

static struct tier *tier_named(struct tier tiers[TIERS_MAX], size_t *n, const char *name)
{
    size_t i;

    for (i = 0; i < *n; i++)
        if (zm_streq(tiers[i].name, name))
            return &tiers[i];
    if (*n == TIERS_MAX)
        return NULL;
    tiers[*n] = (struct tier){.name = name};
    return &tiers[(*n)++];
}

/* The three tiers in their order, then whatever else the databases hold. */
static size_t collect_tiers(const struct overview *o, struct tier tiers[TIERS_MAX])
{
    static const char *const known[] = {"free", "pro", "enterprise"};
    size_t n = 0, i;
    int side;

    for (i = 0; i < ZM_COUNT(known); i++)
        (void)tier_named(tiers, &n, known[i]);
    for (side = 0; side < DB_SIDES; side++) {
        const struct db_ask *part = overview_part(o, OVERVIEW_TIERS, (enum db_side)side);

        for (i = 0; part && part->ok && i < part->rows.n; i++) {
            const struct db_tier_count *row = DB_ROW(&part->rows, struct db_tier_count, i);
            struct tier *tier = tier_named(tiers, &n, row->tier);

            if (!tier)
                continue;
            tier->n[side] = row->users;
            tier->estimated[side] = row->estimated;
        }
    }
    return n;
}

static double most_of(const struct tier *tiers, size_t n)
{
    double most = 1;
    size_t i;
    int side;

    for (i = 0; i < n; i++)
        for (side = 0; side < DB_SIDES; side++)
            if ((double)tiers[i].n[side] > most)
                most = (double)tiers[i].n[side];
    return most;
}

static bool side_told(const struct overview *o, enum db_side side)
{
    const struct db_ask *part = overview_part(o, OVERVIEW_TIERS, side);

    return part && part->ok;
}

/* Number and bar of one database; `box` is one row. */
static void draw_tier_side(struct app *app, const struct overview *o, const struct tier *tier,
                           enum db_side side, double most, struct tui_box box)
{
    bool told = side_told(o, side), comes = !o->live[side].known && app_is_up(app, side);
    const char *text = told    ? app_count(app, tier->n[side], tier->estimated[side])
                       : comes ? ".."
                               : "?";

    tui_draw_field(app->tui, box, 0, 0, COUNT_CELLS, TUI_RIGHT,
                   told    ? TUI_TEXT
                   : comes ? TUI_DIM
                           : TUI_WARN,
                   text);
    (void)tui_cut_left(&box, COUNT_CELLS + 1);
    if (told)
        tui_bar(app->tui, box, 0, 0, box.cols, TUI_INFO, (double)tier->n[side], most);
}

static const char *tier_name(struct app *app, const struct tier *tier)
{
    return tier->name && !tier->name[0] ? "(empty)" : app_value(app, tier->name);
}

/* One row a tier: name, Brain, Bot. Returns the rows of all. */
static int draw_tiers_beside(struct app *app, struct overview *o, struct tui_box box,
                             const struct tier *tiers, size_t n)
{
    double most = most_of(tiers, n);
    int half = (box.cols - TIER_CELLS - 2) / 2, side, row;
    struct tui_box head = tui_cut_top(&box, 1);

    o->page[OVERVIEW_TIERS] = box.rows;
    (void)tui_cut_left(&head, TIER_CELLS);
    for (side = 0; side < DB_SIDES; side++) {
        tui_draw(app->tui, head, 0, COUNT_CELLS + 1, TUI_HEAD, db_side_name((enum db_side)side));
        (void)tui_cut_left(&head, half + 2);
    }
    for (row = 0; row < box.rows && row + o->top[OVERVIEW_TIERS] < (int)n; row++) {
        const struct tier *tier = &tiers[row + o->top[OVERVIEW_TIERS]];
        struct tui_box line = {box.row + row, box.col, 1, box.cols};

        tui_draw_field(app->tui, line, 0, 0, TIER_CELLS - 1, TUI_LEFT, TUI_TEXT,
                       tier_name(app, tier));
        (void)tui_cut_left(&line, TIER_CELLS);
        for (side = 0; side < DB_SIDES; side++) {
            draw_tier_side(app, o, tier, (enum db_side)side, most, tui_cut_left(&line, half));
            (void)tui_cut_left(&line, 2);
        }
    }
    return (int)n;
}

/* Two rows a tier, where there is no room beside each other. */
static int draw_tiers_below(struct app *app, struct overview *o, struct tui_box box,
                            const struct tier *tiers, size_t n)
{
    double most = most_of(tiers, n);
    int row;

    for (row = 0; row < box.rows; row++) {
        int at = row + o->top[OVERVIEW_TIERS];
        struct tui_box line = {box.row + row, box.col, 1, box.cols};
        enum db_side side = at % 2 ? DB_BOT : DB_BRAIN;

        if (at >= (int)n * 2)
            break;
        if (side == DB_BRAIN)
            tui_draw_field(app->tui, line, 0, 0, TIER_CELLS - 1, TUI_LEFT, TUI_TEXT,
                           tier_name(app, &tiers[at / 2]));
        (void)tui_cut_left(&line, TIER_CELLS);
        tui_draw(app->tui, line, 0, 0, TUI_DIM, db_side_short(side));
        (void)tui_cut_left(&line, 5);
        draw_tier_side(app, o, &tiers[at / 2], side, most, line);
    }
    return (int)n * 2;
}

void overview_draw_tiers(struct app *app, struct overview *o, struct tui_box box)
{
    struct tier tiers[TIERS_MAX];
    size_t n = collect_tiers(o, tiers);
    int side, rows;

    if (!side_told(o, DB_BRAIN) && !side_told(o, DB_BOT)) {
        (void)overview_draw_absent(app, o, OVERVIEW_TIERS, DB_BRAIN, box);
        return;
    }
    for (side = 0; side < DB_SIDES; side++) { /* the other one has its figures */
        const struct db_ask *part = overview_part(o, OVERVIEW_TIERS, (enum db_side)side);

        if (part && !part->ok && box.rows > 3)
            (void)tui_cut_top(&box, wrap_error(app, tui_inset(box, 0, 1), &part->err));
    }
    o->page[OVERVIEW_TIERS] = box.rows;
    rows = box.cols >= BESIDE_COLS ? draw_tiers_beside(app, o, box, tiers, n)
                                   : draw_tiers_below(app, o, box, tiers, n);
    o->rows[OVERVIEW_TIERS] = rows;
    if (o->top[OVERVIEW_TIERS] >= rows)
        o->top[OVERVIEW_TIERS] = 0;
}

static const char *counted_text(struct app *app, int64_t read_ms)
{
    if (zm_now_ms() - read_ms < 60000)
        return "counted just now";
    return zm_arena_printf(&app->frame, "counted %s ago", app_age(app, read_ms));
}

const char *overview_tiers_summary(struct app *app, const struct overview *o)
{
    int64_t brain = o->live[DB_BRAIN].known ? o->brain.users : -1;
    int64_t bot = o->live[DB_BOT].known ? o->bot.traders : -1;

    if (overview_is_exact(o, OVERVIEW_TIERS, DB_BRAIN) &&
        overview_is_exact(o, OVERVIEW_TIERS, DB_BOT))
        return counted_text(app, o->exact[DB_BOT].read_ms);
    if (brain < 0 && bot < 0)
        return "";
    return zm_arena_printf(&app->frame, "%s users, %s trading profiles",
                           app_count(app, brain, true), app_count(app, bot, true));
}
