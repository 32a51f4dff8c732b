/*
 * The tables that ZmartBot has beside those of its users: how many rows, and how fresh the newest
 * is. What is old is told by its age, in words as well as in colour.
 */
#include "screens/overview_state.h"

#include <time.h>

#include "zm/str.h"

#define STALE_S (2 * 86400) /* a feed that brought nothing for two days is worth a look */

enum column { COL_NAME, COL_KIND, COL_ROWS, COL_FRESHEST, COL_BRIEF, COL_AGE };

// clang-format off
const struct tui_column overview_table_columns[] = {
    {"TABLE",    16, 1, 6, TUI_LEFT,  COL_NAME},
    {"KIND",      8, 0, 1, TUI_LEFT,  COL_KIND},
    {"ROWS",     10, 0, 5, TUI_RIGHT, COL_ROWS},
    {"FRESHEST", 19, 0, 2, TUI_LEFT,  COL_FRESHEST},
    {"FRESHEST", 11, 0, 3, TUI_LEFT,  COL_BRIEF},
    {"AGE",       4, 0, 4, TUI_RIGHT, COL_AGE},
};
const size_t overview_n_table_columns = ZM_COUNT(overview_table_columns);
// clang-format on

/* Seconds since a timestamp of the server; -1 where it is none (infinity, NULL). */
static long long seconds_since(const char *utc)
{
    struct tm tm = {0};
    const char *end = utc ? strptime(utc, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;

    return end ? (long long)(time(NULL) - timegm(&tm)) : -1;
}

static const char *age_text(struct app *app, long long s)
{
    if (s < 60)
        return "now";
    if (s < 3600)
        return zm_arena_printf(&app->frame, "%lldm", s / 60);
    if (s < 2 * 86400)
        return zm_arena_printf(&app->frame, "%lldh", s / 3600);
    return zm_arena_printf(&app->frame, "%lldd", s / 86400);
}

static void age_cell(struct app *app, const struct db_table_state *t, struct tui_cell *ret)
{
    long long s = seconds_since(t->freshest);

    if (s < 0)
        return;
    ret->text = age_text(app, s);
    ret->style = s > STALE_S ? TUI_WARN : TUI_TEXT;
}

static void fresh_cell(struct app *app, const struct db_table_state *t, bool brief,
                       struct tui_cell *ret)
{
    ret->style = TUI_DIM;
    if (!t->readable)
        ret->text = "not allowed";
    else if (t->freshest)
        ret->text = app_time(app, t->freshest, brief);
    else
        ret->text = t->fresh_column ? "unknown" : "no time";
}

void overview_table_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    const struct overview *o = context;
    const struct db_ask *part = overview_part(o, OVERVIEW_TABLES, DB_BOT);
    const struct db_table_state *t = DB_ROW(&part->rows, struct db_table_state, row);
    bool exact = overview_is_exact(o, OVERVIEW_TABLES, DB_BOT);

    switch (column) {
    case COL_NAME:
        ret->text = t->table_name;
        break;
    case COL_KIND:
        ret->text = t->kind;
        ret->style = TUI_DIM;
        break;
    case COL_ROWS:
        ret->text = t->estimate < 0 ? "-" : app_count(o->app, t->estimate, !exact);
        ret->style = t->estimate == 0 ? TUI_WARN : TUI_TEXT;
        break;
    case COL_FRESHEST:
    case COL_BRIEF:
        fresh_cell(o->app, t, column == COL_BRIEF, ret);
        break;
    default:
        age_cell(o->app, t, ret);
        break;
    }
}

void overview_draw_tables(struct app *app, struct overview *o, struct tui_box box)
{
    o->tables.rows = overview_part(o, OVERVIEW_TABLES, DB_BOT)->rows.n;
    o->tables.hidden = 1u << (box.cols >= 80 ? COL_BRIEF : COL_FRESHEST);
    o->tables.empty = "no table of existing_tables is here";
    o->page[OVERVIEW_TABLES] =
        tui_table_draw(app->tui, box, &o->tables, o->focus == OVERVIEW_TABLES);
    o->rows[OVERVIEW_TABLES] = (int)o->tables.rows;
}

const char *overview_tables_summary(struct app *app, const struct overview *o)
{
    const struct db_ask *part = overview_part(o, OVERVIEW_TABLES, DB_BOT);

    if (!part || !part->ok)
        return "";
    return zm_arena_printf(&app->frame, "%zu%s", part->rows.n,
                           overview_is_exact(o, OVERVIEW_TABLES, DB_BOT) ? ", counted" : "");
}
