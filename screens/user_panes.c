/*
 * The panes of a user as a table, and how any of them is drawn: rule with tabs and counts, then
 * lines, rows, or the words for what is not there. What the cells say is in user_brain.c,
 * user_bot.c and user_folio.c.
 */
#include "screens/user_state.h"

#include "screens/wrap.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

#define WIDEST 28     /* of DECIMAL(20,8) with its sign and commas */
#define ABSENT_ROWS 7 /* why a side is away, with its rule */
#define WIDE_LIST 110
#define FULL_TIME 64 /* cells from which on a list shows times with the year and the second */

static const char *const json_activity[] = {"metadata", NULL};
static const char *const json_strategy[] = {"strategy_config", "performance_metrics", NULL};
static const char *const json_key[] = {"permissions", NULL};

// clang-format off
const struct user_pane_row user_panes[USER_PANES] = {
    [USER_PROFILE] = {"ZmartyBrain", "Brain", DB_BRAIN, DB_UB_LOGIN,
        NULL, NULL, NULL, NULL, NULL},
    [USER_SUBSCRIPTIONS] = {"Subscriptions", "Subs", DB_BRAIN, DB_UB_SUBSCRIPTIONS,
        user_subscription_columns, user_subscription_cell, "no subscriptions yet", NULL, "tier"},
    [USER_ACTIVITY] = {"Activity", "Activity", DB_BRAIN, DB_UB_ACTIVITY,
        user_activity_columns, user_activity_cell, "no activity yet", json_activity, "action"},
    [USER_CHANGES] = {"Operator changes", "Changes", DB_BRAIN, DB_UB_OPERATORS,
        user_change_columns, user_change_cell, "no changes by operators yet", json_activity, "action"},
    [USER_TRADER] = {"ZmartBot", "Bot", DB_BOT, DB_UT_TRADERS,
        NULL, NULL, NULL, NULL, NULL},
    [USER_FOLIO] = {"Portfolio", "Folio", DB_BOT, DB_UT_PORTFOLIO,
        user_folio_columns, user_folio_cell, "the portfolio is empty", NULL, "symbol"},
    [USER_TRADES] = {"Trades", "Trades", DB_BOT, DB_UT_TRADES,
        user_trade_columns, user_trade_cell, "no trades yet", NULL, "symbol"},
    [USER_STRATEGIES] = {"Strategies", "Strat", DB_BOT, DB_UT_STRATEGIES,
        user_strategy_columns, user_strategy_cell, "no strategies yet", json_strategy, "strategy_name"},
    [USER_KEYS] = {"API keys", "Keys", DB_BOT, DB_UT_API_KEYS,
        user_key_columns, user_key_cell, "no API keys yet", json_key, "exchange"},
    [USER_COMPARE] = {"Compare", "Compare", DB_BOT, DB_UT_TRADERS,
        NULL, NULL, NULL, NULL, NULL},
};
// clang-format on

const struct db_ask *user_part(const struct user *u, enum user_pane pane)
{
    const struct user_pane_row *row = &user_panes[pane];

    return row->side == DB_BRAIN ? &u->brain.part[row->part] : &u->bot.part[row->part];
}

static const struct user_rows *long_list(const struct user *u, enum user_pane pane)
{
    return pane == USER_ACTIVITY ? &u->activity : pane == USER_TRADES ? &u->trades : NULL;
}

struct user_rows *user_long_list(struct user *u, enum user_pane pane)
{
    return pane == USER_ACTIVITY ? &u->activity : pane == USER_TRADES ? &u->trades : NULL;
}

size_t user_pane_rows(const struct user *u, enum user_pane pane)
{
    const struct user_rows *list = long_list(u, pane);
    const struct db_ask *part = user_part(u, pane);

    if (!u->side[user_panes[pane].side].known || !part->ok)
        return 0;
    return list ? list->n : part->rows.n;
}

static const struct db_shape *const shapes[USER_PANES] = {
    [USER_PROFILE] = &db_shape_login,     [USER_SUBSCRIPTIONS] = &db_shape_subscription,
    [USER_ACTIVITY] = &db_shape_activity, [USER_CHANGES] = &db_shape_operator_change,
    [USER_TRADER] = &db_shape_trader,     [USER_FOLIO] = &db_shape_portfolio,
    [USER_TRADES] = &db_shape_trade,      [USER_STRATEGIES] = &db_shape_strategy,
    [USER_KEYS] = &db_shape_api_key,      [USER_COMPARE] = &db_shape_trader,
};

const void *user_pane_item(const struct user *u, enum user_pane pane, size_t row,
                           const struct db_shape **ret_shape)
{
    const struct user_rows *list = long_list(u, pane);
    const struct db_ask *part = user_part(u, pane);

    if (ret_shape)
        *ret_shape = shapes[pane];
    if (row >= user_pane_rows(u, pane))
        return NULL;
    return list ? user_rows_at(list, row)
                : (const char *)part->rows.items + row * shapes[pane]->size;
}

bool user_is_old(const struct app *app, const struct user *u, enum db_side side)
{
    return u->side[side].known && (!app_is_up(app, side) || u->side[side].err.kind != ZM_ERR_NONE);
}

/* ---- the rule: title or tabs, counts, age ---- */

/* Beside tabs that are OLD there is no room for counts of then. */
static const char *count_text(struct app *app, const struct user *u, enum user_pane pane, bool tabs)
{
    const struct user_rows *list = long_list(u, pane);
    const struct db_ask *part = user_part(u, pane), *counted = &u->bot.part[DB_UT_TRADE_COUNT];
    int64_t n;

    if (!user_panes[pane].columns || !u->side[user_panes[pane].side].known ||
        (tabs && user_is_old(app, u, user_panes[pane].side)))
        return "";
    if (!part->ok)
        return " !";
    if (pane == USER_TRADES && counted->ok && counted->rows.n > 0) {
        n = DB_ROW(&counted->rows, struct db_trade_count, 0)->trades;
        return zm_arena_printf(&app->frame, " %s%s", app_count(app, n > 10000 ? 10000 : n, false),
                               n > 10000 ? "+" : "");
    }
    n = (int64_t)user_pane_rows(u, pane);
    return zm_arena_printf(&app->frame, " %s%s", app_count(app, n, false),
                           list && !list->at_end && n > 0 ? "+" : "");
}

static void draw_old(struct app *app, const struct user *u, struct tui_box rule, enum db_side side)
{
    const char *text;
    int cells;

    if (!user_is_old(app, u, side))
        return;
    text = zm_arena_printf(&app->frame, " OLD %s ", app_age(app, u->side[side].read_ms));
    cells = tui_text_cells(text, tui_is_ascii(app->tui));
    if (rule.cols > cells + 12)
        tui_draw(app->tui, rule, 0, rule.cols - cells - 1, TUI_WARN, text);
}

static void draw_rule(struct app *app, const struct user *u, const struct user_place *place,
                      struct tui_box rule)
{
    bool tabs = (place->panes & (place->panes - 1)) != 0;
    int col = 1, pane;

    tui_draw_rule(app->tui, rule, 0, NULL, TUI_DIM);
    for (pane = 0; pane < USER_PANES; pane++) {
        bool here = pane == (int)place->pane, focused = here && place->pane == u->focus;
        const struct user_pane_row *row = &user_panes[pane];
        const char *text, *count;

        if (!(place->panes & (1u << pane)) || (!here && col + 6 >= rule.cols))
            continue;
        count = count_text(app, u, (enum user_pane)pane, tabs);
        if (tabs)
            text = zm_arena_printf(&app->frame, here ? "[%s%s]" : " %s%s ", row->tab, count);
        else
            text = zm_arena_printf(&app->frame, " %s%s ", row->title, count);
        col += tui_draw(app->tui, rule, 0, col,
                        focused ? TUI_INFO
                        : here  ? TUI_TITLE
                                : TUI_DIM,
                        text);
    }
    draw_old(app, u, rule, user_panes[place->pane].side);
}

/* ---- the body ---- */

/* Says why there is nothing to show; false: there is. */
static bool draw_absent(struct app *app, const struct user *u, enum user_pane pane,
                        struct tui_box box)
{
    enum db_side side = user_panes[pane].side;
    const struct user_side *s = &u->side[side];
    const struct db_status *status = &app->status[side];

    box = tui_inset(box, 0, 1);
    if (s->known) {
        const struct db_ask *part = user_part(u, pane);

        if (user_panes[pane].columns && !part->ok)
            (void)wrap_error(app, box, &part->err);
        return user_panes[pane].columns && !part->ok;
    }
    if (status->state == DB_RETRY || status->state == DB_STOPPED) {
        const char *text = zm_arena_printf(&app->frame, "%s is away for %s: unknown",
                                           db_side_name(side), app_age(app, status->since_ms));
        int rows = wrap_draw(app, box, TUI_WARN, text);

        (void)tui_cut_top(&box, rows);
        if (!user_panes[pane].columns) /* why is said once */
            (void)wrap_error(app, box, &status->err);
    } else if (s->err.kind != ZM_ERR_NONE && !s->loading) {
        (void)wrap_error(app, box, &s->err);
    } else {
        tui_draw(app->tui, box, 0, 0, TUI_DIM,
                 status->state == DB_UP ? "loading ..." : "connecting ...");
    }
    return true;
}

static void draw_lines(const struct user *u, enum user_pane pane, struct user_lines *lines)
{
    if (pane == USER_PROFILE)
        user_profile_draw(u, lines);
    else if (pane == USER_TRADER)
        user_trader_draw(u, lines);
    else
        user_compare_draw(u, lines);
}

static size_t count_lines(const struct user *u, enum user_pane pane, int cols)
{
    struct user_lines lines = {.app = u->app, .box.cols = cols};

    draw_lines(u, pane, &lines);
    return lines.n;
}

static void draw_fields(struct app *app, struct user *u, enum user_pane pane, struct tui_box box)
{
    struct tui_table *table = &u->table[pane];
    struct user_lines lines = {.app = app, .box = box};

    u->cols[pane] = box.cols;
    table->rows = count_lines(u, pane, box.cols);
    if (table->top + (size_t)box.rows > table->rows)
        table->top = table->rows > (size_t)box.rows ? table->rows - (size_t)box.rows : 0;
    lines.skip = table->top;
    draw_lines(u, pane, &lines);
    u->page[pane] = box.rows;
    if (table->top + (size_t)box.rows < lines.n && box.rows > 0)
        tui_draw(app->tui, box, box.rows - 1, box.cols - 2, TUI_DIM,
                 tui_is_ascii(app->tui) ? "v" : "\xe2\x86\x93");
}

void user_fit_column(struct user *u, enum user_pane pane, int column, const char *text)
{
    struct tui_table *table = &u->table[pane];
    int cells = tui_text_cells(text, tui_is_ascii(u->app->tui));
    size_t i;

    for (i = 0; i < table->n_columns; i++)
        if (u->columns[pane][i].id == column && u->columns[pane][i].min < cells && cells <= WIDEST)
            u->columns[pane][i].min = cells;
}

/* Figures are never cut where a column of less weight can go: widths follow what is shown. The
 * first pass finds how many decimals there are, the second how wide that makes them. */
static void fit_columns(struct user *u, enum user_pane pane, int rows)
{
    struct tui_table *table = &u->table[pane];
    size_t i, row, to = table->top + (size_t)(rows > 0 ? rows : 0), pass;
    struct tui_cell cell;

    for (pass = 0; pass < 2; pass++)
        for (row = table->top; row < to && row < table->rows; row++)
            for (i = 0; i < table->n_columns; i++) {
                if (table->columns[i].align != TUI_RIGHT)
                    continue;
                table->cell(u, row, table->columns[i].id, &cell);
                if (pass > 0)
                    user_fit_column(u, pane, table->columns[i].id, cell.text);
            }
}

static void draw_list(struct app *app, struct user *u, enum user_pane pane, struct tui_box box)
{
    struct tui_table *table = &u->table[pane];
    enum db_side side = user_panes[pane].side;
    bool focused = pane == u->focus, failed;
    struct tui_box note = {0};

    if (box.cols > WIDE_LIST && pane != USER_ACTIVITY && pane != USER_CHANGES)
        box.cols = WIDE_LIST; /* columns that belong together stay together */
    table->rows = user_pane_rows(u, pane);
    u->cols[pane] = box.cols;
    if (pane == USER_ACTIVITY || pane == USER_CHANGES || pane == USER_TRADES)
        table->hidden = 1u << (box.cols < FULL_TIME ? USER_COL_FULL : USER_COL_BRIEF);
    fit_columns(u, pane, box.rows);
    failed = user_long_list(u, pane) && u->more_err[side].kind != ZM_ERR_NONE;
    if (failed && box.rows > 3)
        note = tui_cut_bottom(&box, 1);
    if (pane == USER_FOLIO && table->rows > 0) {
        u->page[pane] = user_folio_draw(app, u, box, focused);
    } else if (pane == USER_TRADES && table->rows > 0 && box.rows > 6) {
        user_days_draw(app, u, tui_cut_bottom(&box, 1));
        u->page[pane] = tui_table_draw(app->tui, box, table, focused);
    } else {
        u->page[pane] = tui_table_draw(app->tui, box, table, focused);
    }
    if (!tui_box_empty(note)) {
        char line[700];

        zm_error_line(&u->more_err[side], line, sizeof(line));
        tui_drawf(app->tui, note, 0, 1, TUI_WARN, "more: %s", line);
    }
}

void user_pane_draw(struct app *app, struct user *u, const struct user_place *place)
{
    struct tui_box box = place->box, rule = tui_cut_top(&box, 1);

    draw_rule(app, u, place, rule);
    if (tui_box_empty(box))
        return;
    if (place->pane == USER_PROFILE && !u->side[DB_BRAIN].known) /* what the list knew */
        draw_fields(app, u, place->pane, tui_cut_top(&box, 2));
    if (place->pane != USER_COMPARE && draw_absent(app, u, place->pane, box))
        return;
    if (user_panes[place->pane].columns)
        draw_list(app, u, place->pane, box);
    else
        draw_fields(app, u, place->pane, box);
}

int user_pane_want(const struct user *u, enum user_pane pane)
{
    const struct user_pane_row *row = &user_panes[pane];
    size_t n = row->columns ? user_pane_rows(u, pane) : count_lines(u, pane, u->cols[pane]);
    int extra = !row->columns ? 1 : pane == USER_FOLIO ? 5 : 2;

    if (!row->columns && !u->side[row->side].known)
        return ABSENT_ROWS;
    if (n > 500)
        n = 500;
    return extra + (n ? (int)n : 1);
}
