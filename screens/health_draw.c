/*
 * Health as one sheet that is longer than some terminals: both sides beside each other, what a side
 * that is down means now, what is not as it should be, the last messages. Draws from state only.
 */
#include "screens/health_state.h"

#include <string.h>

#include "db/journal.h"
#include "screens/wrap.h"
#include "tui/chart.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

#define WIDEST 120   /* more is only farther to read */
#define BOTH_COLS 64 /* from here both sides stand beside each other */
#define LABEL_CELLS 10
#define SPARK_CELLS 20
#define LOG_LINES 30

struct sheet {
    struct app *app;
    struct tui_box box;
    size_t skip; /* lines above the box */
    size_t n;    /* lines so far */
};

/* The next line; an empty box where it is not on the screen. */
static struct tui_box next_row(struct sheet *s)
{
    struct tui_box row = s->box;
    size_t at = s->n++;

    row.rows = 0;
    if (at >= s->skip && at - s->skip < (size_t)(s->box.rows > 0 ? s->box.rows : 0)) {
        row.row += (int)(at - s->skip);
        row.rows = 1;
    }
    return row;
}

static void add_rule(struct sheet *s, const char *title)
{
    tui_draw_rule(s->app->tui, next_row(s), 0, title, TUI_TITLE);
}

/* Wrapped, its first row after `label`. */
static void add_text(struct sheet *s, const char *label, unsigned label_style, int label_cells,
                     unsigned style, const char *text)
{
    bool ascii = tui_is_ascii(s->app->tui);
    int cells = s->box.cols - label_cells - 2;

    do {
        const char *next;
        size_t len = wrap_line(text, cells, ascii, &next);
        struct tui_box row = next_row(s);

        (void)tui_cut_left(&row, 1);
        tui_draw_field(s->app->tui, row, 0, 0, label_cells, TUI_LEFT, label_style, label);
        (void)tui_cut_left(&row, label_cells);
        tui_draw_span(s->app->tui, row, 0, 0, style, text, len, 0);
        label = "";
        text = next;
    } while (*text);
}

/* ---- both sides ---- */

static void draw_fact(struct sheet *s, const struct health *h, const struct health_fact *fact,
                      enum db_side side, struct tui_box row)
{
    unsigned style = TUI_TEXT;
    const char *text = fact->text(s->app, h, side, &style);
    int used;

    (void)tui_cut_left(&row, 1);
    tui_draw(s->app->tui, row, 0, 0, TUI_DIM, fact->label);
    (void)tui_cut_left(&row, LABEL_CELLS);
    used = tui_draw(s->app->tui, row, 0, 0, style, text);
    if (fact->label != health_rtt_label || h->rtt[side].n < 2)
        return;
    (void)tui_cut_left(&row, used + 2 < 16 ? 16 : used + 2);
    tui_spark(s->app->tui, row, 0, 0, row.cols - 1 < SPARK_CELLS ? row.cols - 1 : SPARK_CELLS,
              TUI_DIM, h->rtt[side].ms, h->rtt[side].n);
}

static void draw_halves(struct sheet *s, struct tui_box row, struct tui_box half[DB_SIDES])
{
    half[DB_BRAIN] = tui_cut_left(&row, row.cols / 2);
    if (row.rows > 0)
        tui_draw_vline(s->app->tui, row, 0);
    (void)tui_cut_left(&row, 1);
    half[DB_BOT] = row;
}

static void add_sides(struct sheet *s, const struct health *h)
{
    bool both = s->box.cols >= BOTH_COLS;
    const struct health_fact *fact;
    struct tui_box half[DB_SIDES];
    int side;

    if (both) {
        draw_halves(s, next_row(s), half);
        for (side = 0; side < DB_SIDES; side++)
            tui_draw_rule(s->app->tui, half[side], 0, health_heading(s->app, (enum db_side)side),
                          TUI_TITLE);
    } else {
        add_rule(s, zm_arena_printf(&s->app->frame, "%s   (Tab)", health_heading(s->app, h->side)));
    }
    for (fact = health_facts; fact->label; fact++) {
        struct tui_box row = next_row(s);

        if (!both) {
            draw_fact(s, h, fact, h->side, row);
            continue;
        }
        draw_halves(s, row, half);
        for (side = 0; side < DB_SIDES; side++)
            draw_fact(s, h, fact, (enum db_side)side, half[side]);
    }
}

/* ---- a side that is down ---- */

static bool is_away(const struct app *app, enum db_side side)
{
    enum db_state state = app->status[side].state;

    return state == DB_RETRY || state == DB_STOPPED;
}

static void add_last_error(struct sheet *s, enum db_side side)
{
    const struct zm_error *err = &s->app->status[side].err;
    char line[700];

    add_rule(s, zm_arena_printf(&s->app->frame, "%s: last error", db_side_name(side)));
    add_text(s, "", TUI_DIM, 0, TUI_BAD, zm_error_line(err, line, sizeof(line)));
    if (err->detail[0])
        add_text(s, "detail", TUI_DIM, LABEL_CELLS, TUI_TEXT, err->detail);
    if (err->hint[0])
        add_text(s, "hint", TUI_DIM, LABEL_CELLS, TUI_INFO, err->hint);
    add_text(s, "shell", TUI_DIM, LABEL_CELLS, TUI_TEXT, "zmartctl health says the same");
}

/* "11-23 09:14  ana  tier_change free -> pro  ana.pop@example.ro" */
static const char *unfinished_text(struct app *app, const struct db_journal_row *row)
{
    const char *dot = strchr(zm_text(row->action), '.');

    return zm_arena_printf(
        &app->frame, "%s  %s  %s %s -> %s  %s", app_time(app, row->created_at, true),
        zm_text(row->os_user), dot ? dot + 1 : row->action, app_value(app, row->before),
        app_value(app, row->after), row->email ? row->email : zm_text(row->subject));
}

static void add_unfinished(struct sheet *s)
{
    const struct db_rows *rows = &s->app->unfinished.rows;
    size_t i;

    if (rows->n == 0)
        return;
    add_rule(s, zm_arena_printf(&s->app->frame, "unfinished two-database writes: %zu", rows->n));
    for (i = 0; i < rows->n; i++) {
        const struct db_journal_row *row = DB_ROW(rows, struct db_journal_row, i);

        add_text(s, (long)i == unfinished_at(s->app) ? ">" : "", TUI_INFO, 2, TUI_BAD,
                 unfinished_text(s->app, row));
        add_text(s, "", TUI_DIM, 4, TUI_WARN, zm_text(unfinished_leg(s->app, row->id)));
    }
    add_text(s, "", TUI_DIM, 2, TUI_DIM,
             rows->n == 1 ? "f finishes it, u reverses it: a dialog shows how"
                          : "f finishes the one at >, u reverses it: a dialog shows how; n next");
}

static void add_effect(struct sheet *s)
{
    bool brain = is_away(s->app, DB_BRAIN), bot = is_away(s->app, DB_BOT);

    if (!brain && !bot)
        return;
    add_rule(s, "effect now");
    if (brain && bot)
        add_text(s, "", TUI_DIM, 0, TUI_TEXT,
                 "What is on the screens is what was read last, marked OLD with its age. Nothing "
                 "can be looked up until one of them is back.");
    else if (bot)
        add_text(s, "", TUI_DIM, 0, TUI_TEXT,
                 "Users are found and shown by ZmartyBrain alone. ZmartBot's half shows what was "
                 "read last, marked OLD; the sign is ? and CAN TRADE says NO only where a gate of "
                 "ZmartyBrain fails.");
    else
        add_text(s, "", TUI_DIM, 0, TUI_TEXT,
                 "The list of users comes from ZmartBot's trading profiles, by e-mail; names and "
                 "phones cannot be searched. The sign is ? and CAN TRADE says NO only where a gate "
                 "of ZmartBot fails.");
    add_text(s, "", TUI_DIM, 0, TUI_TEXT, "Nothing is shown as missing because of it.");
}

/* ---- notes and log ---- */

static void add_notes(struct sheet *s)
{
    struct health_note notes[HEALTH_NOTES];
    size_t n = health_notes(s->app, notes), i;
    bool quiet = app_is_up(s->app, DB_BRAIN) && app_is_up(s->app, DB_BOT);

    add_rule(s, "notes");
    for (i = 0; i < n; i++)
        add_text(s, db_side_short(notes[i].side), TUI_DIM, 7, notes[i].style, notes[i].text);
    if (n == 0 && quiet)
        add_text(s, "", TUI_DIM, 0, TUI_DIM, "nothing to warn about; all wanted indexes are there");
    else if (n == 0)
        add_text(s, "", TUI_DIM, 0, TUI_DIM, "nothing is known to warn about");
}

static void add_log(struct sheet *s)
{
    static const enum tui_style styles[] = {
        [MESSAGE_INFO] = TUI_DIM, [MESSAGE_WARN] = TUI_WARN, [MESSAGE_ERROR] = TUI_BAD};
    const struct message *m;
    char line[700];
    size_t i;

    add_rule(s, "log   (7: all, with details)");
    for (i = 0; i < LOG_LINES && (m = messages_get(&s->app->messages, i)); i++) {
        struct tui_box row = next_row(s);
        const char *time = app_time(s->app, m->time, false);

        if (row.rows == 0)
            continue;
        tui_draw(s->app->tui, row, 0, 1, TUI_DIM, strlen(time) == 19 ? time + 11 : time);
        (void)tui_cut_left(&row, 11);
        tui_draw(s->app->tui, row, 0, 0, styles[m->level],
                 zm_error_line(&m->err, line, sizeof(line)));
    }
    if (i == 0)
        add_text(s, "", TUI_DIM, 0, TUI_DIM, "nothing was said yet");
}

static void fill(struct sheet *s, const struct health *h)
{
    int side;

    add_sides(s, h);
    for (side = 0; side < DB_SIDES; side++)
        if (is_away(s->app, (enum db_side)side))
            add_last_error(s, (enum db_side)side);
    add_effect(s);
    add_unfinished(s);
    add_notes(s);
    add_log(s);
}

void health_draw_sheet(struct app *app, struct health *h, struct tui_box body)
{
    struct sheet measure = {.app = app}, sheet = {.app = app};

    measure.box = tui_centre(body, body.rows, WIDEST);
    measure.skip = (size_t)-1 / 2;
    fill(&measure, h);
    h->lines = measure.n;
    h->page = body.rows;
    if (h->top + (size_t)h->page > h->lines)
        h->top = h->lines > (size_t)h->page ? h->lines - (size_t)h->page : 0;
    sheet.box = measure.box;
    sheet.skip = h->top;
    fill(&sheet, h);
    if (h->top + (size_t)h->page < h->lines)
        tui_draw(app->tui, body, body.rows - 1, body.cols - 1, TUI_DIM,
                 tui_is_ascii(app->tui) ? "v" : "\u2193");
}

const char *health_copy_text(struct app *app, const struct health *h)
{
    struct zm_buf buf = {0};
    const struct health_fact *fact;
    struct health_note notes[HEALTH_NOTES];
    size_t n = health_notes(app, notes), i;
    const char *text;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        const struct db_status *s = &app->status[side];
        unsigned style;
        char line[700];

        zm_buf_printf(&buf, "%s\n", health_heading(app, (enum db_side)side));
        for (fact = health_facts; fact->label; fact++)
            zm_buf_printf(&buf, "  %-10s %s\n", fact->label,
                          fact->text(app, h, (enum db_side)side, &style));
        if (s->err.kind != ZM_ERR_NONE)
            zm_buf_printf(&buf, "  %-10s %s\n", "last error",
                          zm_error_line(&s->err, line, sizeof(line)));
        for (i = 0; i < n; i++)
            if ((int)notes[i].side == side)
                zm_buf_printf(&buf, "  %-10s %s\n", "note", notes[i].text);
    }
    text = zm_arena_strdup(&app->frame, buf.s);
    zm_buf_done(&buf);
    return text;
}
