/*
 * How a plan looks in each of its stages: as a frame over the screen, and the parts of which
 * plan_pane.c makes a pane of the Sync screen. Draws from state only.
 */
#include "screens/plan_state.h"

#include "screens/wrap.h"
#include "tui/chart.h"
#include "tui/dialog.h"
#include "tui/layout.h"
#include "zm/clock.h"
#include "zm/str.h"

#define WIDEST 110
#define SUM_CELLS 40 /* of a table's name */
#define ROOMY 12     /* rows: so many spare some for the line under the cursor */
#define SPARE 7
#define LONGEST 9 /* rows of a line's change, with its rule and name */
#define LEAST_SAID 8
#define FEW 11 /* rows: with less the list comes before what it comes to */

static struct tui_box frame(struct plan *p, int rows, const char *title, const char *right)
{
    struct tui_box screen = tui_screen_box(p->app->tui);
    int cols = screen.cols < WIDEST ? screen.cols : WIDEST;

    if (rows > screen.rows - 2)
        rows = screen.rows - 2;
    return tui_draw_frame(p->app->tui, tui_centre(screen, rows, cols), title, right, TUI_TITLE);
}

const char *plan_title(struct plan *p)
{
    if (!p->head.id[0])
        return "PLAN";
    return zm_arena_printf(&p->app->frame, "PLAN %.4s   made %s by %s", p->head.id,
                           app_time(p->app, p->head.made_at, false), p->head.by);
}

const char *plan_rows_text(struct plan *p)
{
    return zm_arena_printf(&p->app->frame, "%s   frozen, %s row%s", p->app->conf->label,
                           app_count(p->app, p->head.rows, false), p->head.rows == 1 ? "" : "s");
}

const char *plan_keys_text(const struct plan *p)
{
    switch (p->stage) {
    case PLAN_MAKING:
        return "Esc cancel";
    case PLAN_FAILED:
        return "Esc close, nothing done";
    case PLAN_SHOWN:
        return guard_is_final(p->app) ? "Esc close, nothing done|d SQL of this row|W save"
                                      : "a apply|Esc close, nothing done|d SQL of this row|W save";
    case PLAN_RUNNING:
        return p->stopping           ? "stopping after this batch ..."
               : p->paused && p->job ? "pausing after this batch ...|Space goes on"
               : p->paused           ? "PAUSED|Space goes on|Esc ends it here"
                                     : "Space pauses|Esc stops after this batch";
    case PLAN_ENDED:
        return p->last_top > 0 ? "Enter close|j k PgDn PgUp scroll" : "Enter close";
    default:
        return "";
    }
}

/* What has no key is one word. */
void plan_draw_keys(struct plan *p, struct tui_box row, const char *text)
{
    int col = 0;

    while (*text) { /* "a applies|d SQL" */
        size_t len = strcspn(text, "|"), key = strcspn(text, " |");

        col += tui_draw_span(p->app->tui, row, 0, col, TUI_KEY, text, key, 0);
        col += tui_draw_span(p->app->tui, row, 0, col, TUI_TEXT, text + key, len - key, 0) + 3;
        text += len + (text[len] == '|');
    }
}

/* ---- frozen ---- */

static void sum(struct plan *p, struct tui_box *box, char sign, const char *does, const char *table,
                int64_t n, const char *note)
{
    char text[2] = {sign, '\0'};
    struct tui_box row;

    if (n == 0)
        return;
    row = tui_cut_top(box, 1);
    tui_draw(p->app->tui, row, 0, 0, sync_sign_style(sign), text);
    tui_draw(p->app->tui, row, 0, 2, TUI_TEXT, does);
    tui_draw(p->app->tui, row, 0, 10, TUI_TEXT, table);
    tui_draw_field(p->app->tui, row, 0, SUM_CELLS, 7, TUI_RIGHT, TUI_STRONG,
                   app_count(p->app, n, false));
    tui_draw(p->app->tui, row, 0, SUM_CELLS + 9, TUI_DIM, note);
}

/* "tier 4, e-mail 2, rights 1": what there is none of is left out. */
static const char *updates_text(struct plan *p)
{
    const struct plan_sums *sums = &p->work->sums;
    const struct {
        const char *what;
        int64_t n;
    } parts[] = {{"tier", sums->tier}, {"e-mail", sums->email}, {"rights", sums->rights}};
    const char *text = "";
    size_t i;

    for (i = 0; i < ZM_COUNT(parts); i++)
        if (parts[i].n > 0)
            text = zm_arena_printf(&p->app->frame, "%s%s%s %s", text, text[0] ? ", " : "",
                                   parts[i].what, app_count(p->app, parts[i].n, false));
    return text;
}

static void draw_updates(struct plan *p, struct tui_box *box, bool each)
{
    static const char table[] = "ZmartBot.user_trading_profiles";
    const struct plan_sums *sums = &p->work->sums;

    if (!each) {
        sum(p, box, '~', "update", table, sums->tier + sums->email + sums->rights, updates_text(p));
        return;
    }
    sum(p, box, '~', "update", table, sums->tier, "tier");
    sum(p, box, '~', "update", table, sums->email, "e-mail");
    sum(p, box, '~', "update", table, sums->rights, "rights that exceed");
}

void plan_draw_sums(struct plan *p, struct tui_box *box, bool each)
{
    const struct plan_sums *sums = &p->work->sums;

    sum(p, box, '+', "create", "ZmartBot.user_trading_profiles", sums->create_bot, "rights off");
    sum(p, box, '+', "create", "ZmartyBrain.user_profiles", sums->create_brain, "free");
    draw_updates(p, box, each);
    sum(p, box, '-', "disable", "ZmartBot.user_trading_profiles", sums->disable,
        "rights off, rows kept");
    if (p->left_out[0])
        (void)tui_cut_top(box,
                          wrap_draw(p->app, *box, TUI_DIM,
                                    zm_arena_printf(&p->app->frame, "left out: %s", p->left_out)));
    if (sums->losing > 0)
        tui_drawf(p->app->tui, tui_cut_top(box, 1), 0, 0, TUI_WARN,
                  "%s of them LOSE%s a tier or a right the moment it is applied",
                  app_count(p->app, sums->losing, false), sums->losing == 1 ? "S" : "");
}

/* The same where there are few rows: "+ 5  ~ 10  - 2   3 LOSE". */
static void draw_brief_sums(struct plan *p, struct tui_box *box)
{
    const struct plan_sums *sums = &p->work->sums;
    const struct {
        char sign[2];
        int64_t n;
    } parts[] = {{"+", sums->create_bot + sums->create_brain},
                 {"~", sums->tier + sums->email + sums->rights},
                 {"-", sums->disable}};
    struct tui_box row = tui_cut_top(box, 1);
    int col = 0;
    size_t i;

    for (i = 0; i < ZM_COUNT(parts); i++)
        if (parts[i].n > 0) {
            col += tui_draw(p->app->tui, row, 0, col, sync_sign_style(parts[i].sign[0]),
                            parts[i].sign) +
                   1;
            col += tui_draw(p->app->tui, row, 0, col, TUI_STRONG,
                            app_count(p->app, parts[i].n, false)) +
                   3;
        }
    if (sums->losing > 0)
        tui_drawf(p->app->tui, row, 0, col, TUI_WARN, "%s LOSE%s",
                  app_count(p->app, sums->losing, false), sums->losing == 1 ? "S" : "");
}

void plan_draw_lines(struct plan *p, struct tui_box box, bool focused)
{
    if (p->work->all_lines > (int64_t)p->work->n_lines)
        tui_drawf(p->app->tui, tui_cut_bottom(&box, 1), 0, 0, TUI_DIM,
                  "the first %s of %s lines; the file has all",
                  app_count(p->app, (int64_t)p->work->n_lines, false),
                  app_count(p->app, p->work->all_lines, false));
    plan_share_columns(p, box);
    p->page = tui_table_draw(p->app->tui, box, &p->table, focused);
}

static const char *change_text(struct plan *p, const struct plan_line *line)
{
    return zm_arena_printf(&p->app->frame, "%s  %s%s%s", line->what, app_line(p->app, line->change),
                           line->loses[0] ? "  " : "", line->loses);
}

void plan_draw_line(struct plan *p, struct tui_box box)
{
    const struct plan_line *line;
    struct tui_box who;
    int rows;

    if (p->table.cursor >= p->work->n_lines)
        return;
    line = &p->work->lines[p->table.cursor];
    if (box.rows == 1) {
        tui_draw_field(p->app->tui, box, 0, 0, box.cols, TUI_LEFT, TUI_STRONG,
                       change_text(p, line));
        return;
    }
    who = tui_cut_top(&box, box.rows >= 4 ? 2 : 1);
    rows = wrap_draw(p->app, who, TUI_TEXT,
                     zm_streq(line->who, line->row.seen.id)
                         ? line->who
                         : zm_arena_printf(&p->app->frame, "%s  %s", line->row.seen.id,
                                           app_line(p->app, line->who)));
    box.row -= who.rows - rows;
    box.rows += who.rows - rows;
    wrap_draw(p->app, box, TUI_STRONG, change_text(p, line));
}

/* Of the line under the cursor, whose change may be long: what the list does not need. */
static int line_rows(const struct plan *p, int rows)
{
    int least = rows >= ROOMY ? 4 : 3, spare = rows - (int)p->table.rows - 1;

    return spare <= least ? least : spare < LONGEST ? spare : LONGEST;
}

static void draw_shown(struct plan *p)
{
    int sums = 14 + (int)p->table.rows;
    struct tui_box box = frame(p, sums < 20 ? 20 : sums, plan_title(p), plan_rows_text(p));

    if (p->work->kept)
        tui_drawf(p->app->tui, tui_cut_bottom(&box, 1), 0, 0, TUI_DIM, "saved: %s", p->work->path);
    plan_draw_keys(p, tui_cut_bottom(&box, 1), plan_keys_text(p));
    if (box.rows < FEW) {
        draw_brief_sums(p, &box);
    } else {
        plan_draw_sums(p, &box, false);
        tui_draw_rule(p->app->tui, tui_cut_top(&box, 1), 0, NULL, TUI_DIM);
    }
    if (box.rows >= SPARE) {
        struct tui_box line = tui_cut_bottom(&box, line_rows(p, box.rows));

        tui_draw_rule(p->app->tui, tui_cut_top(&line, 1), 0, NULL, TUI_DIM);
        plan_draw_line(p, line);
    } else if (box.rows >= 4) {
        plan_draw_line(p, tui_cut_bottom(&box, 1));
    }
    plan_draw_lines(p, box, true);
}

/* ---- running, and the end ---- */

static size_t settled(const struct plan *p)
{
    const struct db_repair_counts *c = &p->view.counts;

    return c->done + c->unchanged + c->skipped + c->refused + c->failed + c->unknown;
}

static double rate_of(const struct plan *p)
{
    int64_t took = p->stage == PLAN_RUNNING && !p->paused ? zm_now_ms() - p->began_ms : p->took_ms;

    return took > 0 ? (double)settled(p) * 1000.0 / (double)took : 0.0;
}

static const char *left_text(struct plan *p, double rate)
{
    double left = rate > 0 ? ((double)p->head.rows - (double)settled(p)) / rate : 0;

    if (left < 0.5 || p->paused || p->stage == PLAN_ENDED)
        return "";
    return left < 120 ? zm_arena_printf(&p->app->frame, "   eta %.0f s", left)
                      : zm_arena_printf(&p->app->frame, "   eta %.0f min", left / 60);
}

static void draw_bar(struct plan *p, struct tui_box row)
{
    double rate = rate_of(p);
    const char *speed = p->view.counts.done > 0 /* else nothing was written */
                            ? zm_arena_printf(&p->app->frame, "   %.1f rows/s", rate)
                            : "";
    const char *text =
        zm_arena_printf(&p->app->frame, "%s/%s%s%s", app_count(p->app, (int64_t)settled(p), false),
                        app_count(p->app, p->head.rows, false), speed, left_text(p, rate));
    int cells = row.cols - (int)strlen(text) - 4;

    if (cells > 4) {
        tui_draw(p->app->tui, row, 0, 0, TUI_DIM, "[");
        tui_bar(p->app->tui, row, 0, 1, cells, TUI_GOOD, (double)settled(p),
                p->head.rows > 0 ? (double)p->head.rows : 1.0);
        tui_draw(p->app->tui, row, 0, cells + 1, TUI_DIM, "]");
    }
    tui_draw(p->app->tui, row, 0, cells > 4 ? cells + 4 : 0, TUI_TEXT, text);
}

static int count(struct plan *p, struct tui_box row, int col, const char *what, size_t n,
                 unsigned style)
{
    col += tui_drawf(p->app->tui, row, 0, col, n > 0 ? style : TUI_DIM, "%s %s", what,
                     app_count(p->app, (int64_t)n, false));
    return col + 3;
}

static void draw_counts(struct plan *p, struct tui_box row)
{
    const struct db_repair_counts *c = &p->view.counts;
    size_t left = (size_t)p->head.rows > settled(p) ? (size_t)p->head.rows - settled(p) : 0;
    bool room = row.cols >= 70, more = c->unchanged + c->refused > 0;
    int col = 0;

    col = count(p, row, col, "ok", c->done, TUI_GOOD);
    if (c->unchanged > 0)
        col = count(p, row, col, room ? "already so" : "same", c->unchanged, TUI_TEXT);
    col = count(p, row, col,
                !room  ? "skip"
                : more ? "skipped"
                       : "changed since plan, skipped",
                c->skipped, TUI_WARN);
    if (c->refused > 0)
        col = count(p, row, col, room ? "refused" : "no", c->refused, TUI_BAD);
    col = count(p, row, col, room ? "failed" : "fail", c->failed + c->unknown, TUI_BAD);
    count(p, row, col, room ? "not started" : "left", left, TUI_TEXT);
}

static unsigned style_of(const char *said)
{
    return strncmp(said, "ok", 2) == 0     ? TUI_TEXT
           : strncmp(said, "same", 4) == 0 ? TUI_DIM
           : strncmp(said, "SKIP", 4) == 0 ? TUI_WARN
                                           : TUI_BAD;
}

const char *plan_apply_title(struct plan *p)
{
    return zm_arena_printf(&p->app->frame, "APPLY %.4s", p->head.id);
}

void plan_draw_running(struct plan *p, struct tui_box box)
{
    size_t i, n = p->view.n_recent;

    draw_bar(p, tui_cut_top(&box, 1));
    draw_counts(p, tui_cut_top(&box, 1));
    (void)tui_cut_top(&box, 1);
    i = box.rows > 0 && n > (size_t)box.rows ? n - (size_t)box.rows : 0; /* the newest */
    for (; i < n; i++)
        tui_draw(p->app->tui, tui_cut_top(&box, 1), 0, 0, style_of(p->view.recent[i]),
                 p->view.recent[i]);
    if (n == 0)
        tui_draw(p->app->tui, box, 0, 0, TUI_DIM, "the first batch is under way ...");
}

static const char *end_text(const struct plan *p)
{
    switch (p->view.state) {
    case DB_REPAIR_FINISHED:
        return "All were tried.";
    case DB_REPAIR_ERRORS:
        return "It stopped because too many of them failed (stop_errors).";
    case DB_REPAIR_BROKEN:
        return "It stopped: the other rows would have failed as well.";
    default:
        return "It was stopped.";
    }
}

/* Who was not mended and why; where all were, the last of them. */
static void draw_said(struct plan *p, struct tui_box box)
{
    const struct plan_view *v = &p->view;
    const char(*said)[PLAN_SAID] = v->n_named > 0 ? v->named : v->recent;
    size_t n = v->n_named > 0 ? v->n_named : v->n_recent, last = n, i;
    int rows = 0;

    while (last > 0 && (rows += wrap_rows(p->app, box.cols, said[last - 1])) <= box.rows)
        last--;
    p->last_top = last < n ? last : n > 0 ? n - 1 : 0;
    p->top = p->top < p->last_top ? p->top : p->last_top;
    for (i = p->top; i < n && box.rows > 0; i++)
        (void)tui_cut_top(&box, wrap_draw(p->app, box, style_of(said[i]), said[i]));
    p->said_page = (int)(i - p->top);
}

void plan_draw_ended(struct plan *p, struct tui_box box)
{
    const struct plan_view *v = &p->view;
    char line[700];

    draw_bar(p, tui_cut_top(&box, 1));
    draw_counts(p, tui_cut_top(&box, 1));
    (void)tui_cut_top(&box, 1);
    tui_draw(p->app->tui, tui_cut_top(&box, 1), 0, 0,
             v->state != DB_REPAIR_FINISHED ? TUI_BAD
             : v->n_named > 0               ? TUI_WARN
                                            : TUI_GOOD,
             end_text(p));
    if (v->err.kind != ZM_ERR_NONE && v->state != DB_REPAIR_CANCELLED)
        (void)tui_cut_top(
            &box, wrap_draw(p->app, box, TUI_BAD, zm_error_line(&v->err, line, sizeof(line))));
    if (v->err.hint[0] && v->state != DB_REPAIR_CANCELLED)
        (void)tui_cut_top(&box, wrap_draw(p->app, box, TUI_DIM, v->err.hint));
    if (v->culprit[0])
        tui_drawf(p->app->tui, tui_cut_top(&box, 1), 0, 0, TUI_TEXT, "at user %s", v->culprit);
    if (v->state != DB_REPAIR_FINISHED)
        tui_draw(p->app->tui, tui_cut_top(&box, 1), 0, 0, TUI_TEXT,
                 "What is done stays done; a new plan does the rest.");
    draw_said(p, box);
}

static void draw_apply(struct plan *p)
{
    int rows = p->head.rows < PLAN_RECENT ? (int)p->head.rows : PLAN_RECENT;
    struct tui_box box, keys;

    if (p->stage == PLAN_ENDED && p->view.n_named > 0)
        rows = 2 * (int)p->view.n_named;
    box = frame(p, (rows < LEAST_SAID ? LEAST_SAID : rows) + 10, plan_apply_title(p),
                p->app->conf->label);
    keys = tui_cut_bottom(&box, 1);
    if (p->stage == PLAN_RUNNING)
        plan_draw_running(p, box);
    else
        plan_draw_ended(p, box);
    plan_draw_keys(p, keys, plan_keys_text(p));
}

/* ---- before there is one ---- */

void plan_draw_making(struct plan *p, struct tui_box box)
{
    int side, row = 1;

    for (side = 0; side < DB_SIDES; side++)
        if (!app_is_up(p->app, (enum db_side)side))
            tui_drawf(p->app->tui, box, row++, 0, TUI_WARN, "waiting for %s, which is down ...",
                      db_side_name((enum db_side)side));
    if (row == 1)
        tui_draw(p->app->tui, box, row, 0, TUI_DIM,
                 p->opened ? "reading the plan ..." : "reading what was found ...");
}

static void draw_making(struct plan *p)
{
    struct tui_box box = frame(p, 7, "PLAN", p->app->conf->label);

    plan_draw_keys(p, tui_cut_bottom(&box, 1), plan_keys_text(p));
    plan_draw_making(p, box);
}

static void draw_failed(struct plan *p)
{
    struct tui_box box = frame(p, 9, "NO PLAN", p->app->conf->label);

    plan_draw_keys(p, tui_cut_bottom(&box, 1), plan_keys_text(p));
    wrap_error(p->app, box, &p->err);
}

static void draw_frame(struct plan *p)
{
    switch (p->stage) {
    case PLAN_MAKING:
        draw_making(p);
        break;
    case PLAN_FAILED:
        draw_failed(p);
        break;
    case PLAN_SHOWN:
        draw_shown(p);
        break;
    case PLAN_ASKING:
        break;
    case PLAN_RUNNING:
    case PLAN_ENDED:
        draw_apply(p);
        break;
    }
}

void plan_draw(struct app *app, void *state)
{
    struct plan *p = state;

    if (p->showing_sql) {
        tui_notice_scroll(app->tui, "SQL of this row", app->conf->label, p->sql, &p->sql_top);
    } else if (p->stage == PLAN_ASKING) {
        plan_ask_show(p);
        tui_form_draw(app->tui, &p->form);
    } else if (!sync_holds_plan(app)) {
        draw_frame(p);
    }
}
