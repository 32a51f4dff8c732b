/*
 * Sign-ups and trades of the last 30 days as columns, and the symbols with the most trades as bars.
 */
#include "screens/overview_state.h"

#include <string.h>
#include <time.h>

#include "db/indexes.h"
#include "screens/wrap.h"
#include "tui/chart.h"
#include "tui/layout.h"

#define SYMBOL_CELLS 7
#define TRADES_CELLS 10
#define DAY_S 86400

/* ---- days ---- */

/* Days since 1970 of "2026-11-22"; -1 where it is none. */
static long day_number(const char *day)
{
    struct tm tm = {0};
    const char *end = strptime(day, "%Y-%m-%d", &tm);

    return end && !*end ? (long)(timegm(&tm) / DAY_S) : -1;
}

void overview_days(const struct db_ask *part, int64_t now, double ret[OVERVIEW_DAYS])
{
    long today = (long)(now / DAY_S);
    size_t i;

    memset(ret, 0, OVERVIEW_DAYS * sizeof(ret[0]));
    for (i = 0; i < part->rows.n; i++) {
        const struct db_day_count *row = DB_ROW(&part->rows, struct db_day_count, i);
        long day = row->day ? day_number(row->day) : -1;

        if (day > today - OVERVIEW_DAYS && day <= today)
            ret[OVERVIEW_DAYS - 1 - (today - day)] = (double)row->n;
    }
}

static const char *days_summary(struct app *app, const struct overview *o, enum overview_pane pane,
                                enum db_side side)
{
    const struct db_ask *part = overview_part(o, pane, side);
    double days[OVERVIEW_DAYS], sum = 0;
    int i;

    if (!part || !part->ok)
        return "";
    overview_days(part, time(NULL), days);
    for (i = 0; i < OVERVIEW_DAYS; i++)
        sum += days[i];
    return zm_arena_printf(&app->frame, "%s in %d days", app_count(app, (int64_t)sum, false),
                           OVERVIEW_DAYS);
}

const char *overview_sign_ups_summary(struct app *app, const struct overview *o)
{
    return days_summary(app, o, OVERVIEW_SIGN_UPS, DB_BRAIN);
}

const char *overview_trades_summary(struct app *app, const struct overview *o)
{
    return days_summary(app, o, OVERVIEW_TRADES, DB_BOT);
}

static const char *short_day(struct app *app, time_t at)
{
    char text[16];
    struct tm tm;

    gmtime_r(&at, &tm);
    strftime(text, sizeof(text), "%m-%d", &tm);
    return zm_arena_strdup(&app->frame, text);
}

/* Under the columns, which say their largest themselves: the first day and today. */
static void draw_axis(struct app *app, struct tui_box box, int cells, double today)
{
    const char *last =
        zm_arena_printf(&app->frame, "today %s", app_count(app, (int64_t)today, false));

    tui_draw(app->tui, box, 0, 0, TUI_DIM,
             short_day(app, time(NULL) - (time_t)(OVERVIEW_DAYS - 1) * DAY_S));
    tui_draw_field(app->tui, box, 0, 6, cells - 6, TUI_RIGHT, TUI_DIM, last);
}

/* As wide as the box allows: a day takes one cell or more, with a gap from three on. */
static void draw_days(struct app *app, struct tui_box box, const struct db_ask *part,
                      enum db_index index)
{
    double days[OVERVIEW_DAYS], wide[OVERVIEW_DAYS * 4] = {0};
    int each = box.cols / OVERVIEW_DAYS, i, k, n = 0;
    const struct db_facts *f = &app->status[db_index_row(index)->side].facts;

    each = each < 1 ? 1 : each > 4 ? 4 : each;
    overview_days(part, time(NULL), days);
    for (i = 0; i < OVERVIEW_DAYS; i++)
        for (k = 0; k < each; k++)
            wide[n++] = each > 2 && k == each - 1 ? 0 : days[i];
    if (!((f->indexes >> index) & 1u) && box.rows > 3)
        (void)tui_cut_top(&box, wrap_draw(app, box, TUI_WARN,
                                          zm_arena_printf(&app->frame, "slow: no index %s",
                                                          db_index_row(index)->name)));
    if (box.rows > 2)
        draw_axis(app, tui_cut_bottom(&box, 1), n < box.cols ? n : box.cols,
                  days[OVERVIEW_DAYS - 1]);
    tui_columns(app->tui, box, TUI_INFO, wide, (size_t)n);
}

void overview_draw_sign_ups(struct app *app, struct overview *o, struct tui_box box)
{
    draw_days(app, box, overview_part(o, OVERVIEW_SIGN_UPS, DB_BRAIN), DB_INDEX_PROFILES_CREATED);
}

void overview_draw_trades(struct app *app, struct overview *o, struct tui_box box)
{
    draw_days(app, box, overview_part(o, OVERVIEW_TRADES, DB_BOT), DB_INDEX_TRADES_CREATED);
}

/* ---- symbols ---- */

void overview_draw_symbols(struct app *app, struct overview *o, struct tui_box box)
{
    const struct db_ask *part = overview_part(o, OVERVIEW_SYMBOLS, DB_BOT);
    double most = 1;
    size_t i;
    int row;

    o->rows[OVERVIEW_SYMBOLS] = (int)part->rows.n;
    if (o->top[OVERVIEW_SYMBOLS] >= o->rows[OVERVIEW_SYMBOLS])
        o->top[OVERVIEW_SYMBOLS] = 0;
    if (part->rows.n == 0)
        tui_draw(app->tui, box, 0, 0, TUI_DIM, "no trades yet");
    for (i = 0; i < part->rows.n; i++) {
        int64_t n = DB_ROW(&part->rows, struct db_symbol_count, i)->trades;

        most = (double)n > most ? (double)n : most;
    }
    for (row = 0; row < box.rows; row++) {
        const struct db_symbol_count *s;
        struct tui_box line = {box.row + row, box.col, 1, box.cols};

        i = (size_t)(row + o->top[OVERVIEW_SYMBOLS]);
        if (i >= part->rows.n)
            break;
        s = DB_ROW(&part->rows, struct db_symbol_count, i);
        tui_draw_field(app->tui, line, 0, 0, SYMBOL_CELLS, TUI_LEFT, TUI_TEXT,
                       app_value(app, s->symbol));
        (void)tui_cut_left(&line, SYMBOL_CELLS + 1);
        tui_draw_field(app->tui, line, 0, 0, TRADES_CELLS, TUI_RIGHT, TUI_TEXT,
                       app_count(app, s->trades, s->estimated));
        (void)tui_cut_left(&line, TRADES_CELLS + 1);
        tui_bar(app->tui, line, 0, 0, line.cols, TUI_INFO, (double)s->trades, most);
    }
}
