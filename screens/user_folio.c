/*
 * The portfolio of a user: rows, exact totals of the server, shares as bars; and the days of his
 * trades as a sparkline. Shares are for the eye only: no figure on the screen is computed from
 * them.
 */
#include "screens/user_state.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "tui/chart.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

enum { FOLIO_SYMBOL, FOLIO_AMOUNT, FOLIO_PRICE, FOLIO_VALUE, FOLIO_PNL, FOLIO_SHARE };

// clang-format off
const struct tui_column user_folio_columns[] = {
    {"SYMBOL",   6, 1, 99, TUI_LEFT,  FOLIO_SYMBOL},
    {"AMOUNT",   8, 2, 90, TUI_RIGHT, FOLIO_AMOUNT},
    {"AVG BUY",  8, 2, 70, TUI_RIGHT, FOLIO_PRICE},
    {"VALUE",    8, 2, 98, TUI_RIGHT, FOLIO_VALUE},
    {"PNL",      8, 2, 95, TUI_RIGHT, FOLIO_PNL},
    {"SHARE",   12, 3, 60, TUI_LEFT,  FOLIO_SHARE},
    {NULL,       0, 0,  0, TUI_LEFT,  0},
};
// clang-format on

#define SHARE_TEXT 4 /* cells of " 78%" */
#define DAYS 30

static enum tui_style pnl_style(const char *pnl)
{
    double value = pnl ? strtod(pnl, NULL) : 0;

    return value > 0 ? TUI_GOOD : value < 0 ? TUI_BAD : TUI_TEXT;
}

void user_folio_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    struct user *u = context;
    const struct db_portfolio *p = user_pane_item(u, USER_FOLIO, row, NULL);
    int *places = u->places[USER_FOLIO];

    ret->text = "";
    ret->style = TUI_TEXT;
    if (!p)
        return;
    switch (column) {
    case FOLIO_SYMBOL:
        ret->text = app_value(u->app, p->symbol);
        ret->style = TUI_STRONG;
        break;
    case FOLIO_AMOUNT:
        ret->text = user_decimal(u->app, p->amount, &places[0], false);
        break;
    case FOLIO_PRICE:
        ret->text = user_decimal(u->app, p->avg_buy_price, &places[1], false);
        break;
    case FOLIO_VALUE:
        ret->text = user_decimal(u->app, p->current_value, &places[2], false);
        break;
    case FOLIO_PNL:
        ret->text = user_decimal(u->app, p->pnl, &places[3], true);
        ret->style = pnl_style(p->pnl);
        break;
    default:
        break;
    }
}

/* ---- shares ---- */

static double value_of(const struct user *u, size_t row)
{
    const struct db_portfolio *p = user_pane_item(u, USER_FOLIO, row, NULL);
    double value = p && p->current_value ? strtod(p->current_value, NULL) : 0;

    return isfinite(value) && value > 0 ? value : 0;
}

static double value_sum(const struct user *u)
{
    size_t i, n = user_pane_rows(u, USER_FOLIO);
    double sum = 0;

    for (i = 0; i < n; i++)
        sum += value_of(u, i);
    return sum;
}

static void draw_share(struct app *app, struct tui_box box, int row, int col, int cells,
                       double value, double sum)
{
    if (cells < SHARE_TEXT + 4 || sum <= 0)
        return;
    tui_bar(app->tui, box, row, col, cells - SHARE_TEXT, TUI_INFO, value, sum);
    tui_drawf(app->tui, box, row, col + cells - SHARE_TEXT, TUI_DIM, "%3.0f%%", 100 * value / sum);
}

/* Bars in the table's own last column. */
static void draw_shares(struct app *app, const struct user *u, struct tui_box box, int page)
{
    const struct tui_table *table = &u->table[USER_FOLIO];
    int col = tui_table_column_at(table, box, FOLIO_SHARE), i;
    double sum = value_sum(u);

    for (i = 0; col >= 0 && i < page && table->top + (size_t)i < table->rows; i++) {
        size_t row = table->top + (size_t)i;

        draw_share(app, box, i + 1, col, box.cols - col - 1, value_of(u, row), sum);
    }
}

/* The same below the totals where the table has no room for its column. */
static void draw_chart(struct app *app, const struct user *u, struct tui_box box)
{
    double sum = value_sum(u);
    size_t i, n = user_pane_rows(u, USER_FOLIO);
    int row = 0;

    for (i = 0; i < n && row < box.rows; i++) {
        const struct db_portfolio *p = user_pane_item(u, USER_FOLIO, i, NULL);

        if (value_of(u, i) <= 0)
            continue;
        tui_draw_field(app->tui, box, row, 2, 6, TUI_LEFT, TUI_DIM, app_value(app, p->symbol));
        draw_share(app, box, row, 9, box.cols - 10, value_of(u, i), sum);
        row++;
    }
}

/* ---- totals ---- */

/* Below a column of the table, right-aligned as it is. */
static void draw_below(struct app *app, const struct user *u, struct tui_box box, int column,
                       enum tui_style style, const char *text)
{
    const struct tui_table *table = &u->table[USER_FOLIO];
    int from = tui_table_column_at(table, box, column), to = box.cols, next;

    if (from < 0)
        return;
    for (next = column + 1; next <= FOLIO_SHARE; next++) {
        int at = tui_table_column_at(table, box, next);

        if (at > from) {
            to = at - 1;
            break;
        }
    }
    tui_draw_field(app->tui, box, 0, from, to - from, TUI_RIGHT, style, text);
}

static void draw_total(struct app *app, struct user *u, struct tui_box row)
{
    const struct db_ask *part = &u->bot.part[DB_UT_TOTAL];
    const struct db_portfolio_total *t;

    if (!part->ok || part->rows.n == 0)
        return;
    t = DB_ROW(&part->rows, struct db_portfolio_total, 0);
    tui_draw(app->tui, row, 0, 2, TUI_TITLE, "TOTAL");
    draw_below(app, u, row, FOLIO_VALUE, TUI_STRONG,
               user_decimal(app, t->current_value, &u->places[USER_FOLIO][2], false));
    draw_below(app, u, row, FOLIO_PNL, pnl_style(t->pnl),
               user_decimal(app, t->pnl, &u->places[USER_FOLIO][3], true));
}

/* The totals are the widest figures: their columns make room for them too. */
static void fit_totals(struct app *app, struct user *u)
{
    const struct db_ask *part = &u->bot.part[DB_UT_TOTAL];
    const struct db_portfolio_total *t;

    if (!part->ok || part->rows.n == 0)
        return;
    t = DB_ROW(&part->rows, struct db_portfolio_total, 0);
    user_fit_column(u, USER_FOLIO, FOLIO_VALUE,
                    user_decimal(app, t->current_value, &u->places[USER_FOLIO][2], false));
    user_fit_column(u, USER_FOLIO, FOLIO_PNL,
                    user_decimal(app, t->pnl, &u->places[USER_FOLIO][3], true));
}

int user_folio_draw(struct app *app, struct user *u, struct tui_box box, bool focused)
{
    struct tui_table *table = &u->table[USER_FOLIO];
    struct tui_box list, spark = {0};
    int below = box.rows >= 6 ? 2 : 1, page;

    fit_totals(app, u);
    if (box.rows >= 7 && !user_is_shown(u, USER_TRADES)) /* they have the days themselves */
        spark = tui_cut_bottom(&box, 1);
    if (box.rows < 4) /* no room for totals */
        return tui_table_draw(app->tui, box, table, focused);
    list = tui_cut_top(&box, (int)table->rows + 1 < box.rows - below ? (int)table->rows + 1
                                                                     : box.rows - below);
    page = tui_table_draw(app->tui, list, table, focused);
    draw_shares(app, u, list, page);
    if (below > 1)
        tui_draw_rule(app->tui, tui_inset(tui_cut_top(&box, 1), 0, 2), 0, NULL, TUI_DIM);
    draw_total(app, u, tui_cut_top(&box, 1));
    if (box.rows > 1 && tui_table_column_at(table, list, FOLIO_SHARE) < 0) {
        (void)tui_cut_top(&box, 1);
        draw_chart(app, u, box);
    }
    if (!tui_box_empty(spark))
        user_days_draw(app, u, spark);
    return page;
}

/* ---- days ---- */

/* Days since 1970 of "2026-11-22"; -1 for anything else. */
static long day_number(const char *day)
{
    struct tm tm = {0};
    const char *end = day ? strptime(day, "%Y-%m-%d", &tm) : NULL;

    return end && *end == '\0' ? (long)(timegm(&tm) / 86400) : -1;
}

/* Of the newest trades: what has not been done yet. */
static const char *pending_text(struct app *app, const struct user *u)
{
    const struct db_ask *part = &u->bot.part[DB_UT_TRADE_COUNT];
    int64_t n =
        part->ok && part->rows.n ? DB_ROW(&part->rows, struct db_trade_count, 0)->pending : 0;

    return n > 0 ? zm_arena_printf(&app->frame, ", %s pending", app_count(app, n, false)) : "";
}

/* Trades a day of the last 30 days, the newest at the end; returns their sum. */
static double read_days(const struct db_ask *part, double days[DAYS])
{
    long today = (long)(time(NULL) / 86400);
    double sum = 0;
    size_t i;

    for (i = 0; i < part->rows.n; i++) {
        const struct db_trade_day *d = DB_ROW(&part->rows, struct db_trade_day, i);
        long at = DAYS - 1 - (today - day_number(d->day));

        if (at >= 0 && at < DAYS) {
            days[at] += (double)d->trades;
            sum += (double)d->trades;
        }
    }
    return sum;
}

void user_days_draw(struct app *app, struct user *u, struct tui_box row)
{
    const struct db_ask *part = &u->bot.part[DB_UT_TRADE_DAYS];
    double days[DAYS] = {0}, sum;
    const char *text;
    int room, width = 1, i, col = 10;

    if (!part->ok)
        return;
    sum = read_days(part, days);
    text = zm_arena_printf(&app->frame, "%s trades%s", app_count(app, (int64_t)sum, false),
                           pending_text(app, u));
    room = row.cols - col - 2 - tui_text_cells(text, tui_is_ascii(app->tui));
    while (width < 3 && DAYS / width > room)
        width++; /* two or three days a cell where there is less room */
    tui_draw(app->tui, row, 0, 2, TUI_DIM, "30 days");
    if (sum > 0 && DAYS / width <= room) {
        for (i = 0; i < DAYS; i++)
            days[i / width] = i % width ? days[i / width] + days[i] : days[i];
        tui_spark(app->tui, row, 0, col, DAYS / width, TUI_INFO, days, (size_t)(DAYS / width));
        col += DAYS / width + 1;
    }
    tui_draw(app->tui, row, 0, col, TUI_DIM, text);
}
