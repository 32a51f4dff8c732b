/*
 * The preview beside the list on wide terminals: the gates of the user under the cursor and, once
 * the cursor has rested, what both databases hold about him.
 */
#include "screens/user_state.h"
#include "screens/users_state.h"

#include <stdlib.h>

#include "screens/wrap.h"
#include "tui/chart.h"
#include "tui/layout.h"
#include "zm/clock.h"
#include "zm/str.h"

/* A cursor that only passes by asks nothing. */
#define REST_MS 120
#define LABEL 13      /* cells of a label */
#define REASON_ROWS 2 /* always, so that what is below stays where it is */

struct preview_job {
    struct db_job base;
    bool brain;
    char id[37];
    struct db_user_brain brain_half;
    struct db_user_bot bot_half;
};

static void preview_drop(struct db_job *job)
{
    struct preview_job *p = (struct preview_job *)job;

    db_user_brain_done(&p->brain_half);
    db_user_bot_done(&p->bot_half);
    free(p);
}

static bool run_preview(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct preview_job *p = (struct preview_job *)job;

    if (p->brain)
        return db_user_read_brain(session->link[DB_BRAIN], p->id, &p->brain_half, err);
    return db_user_read_bot(session->link[DB_BOT], p->id, &p->bot_half, err);
}

static void ask(struct app *app, struct users *u, bool brain)
{
    struct preview_job *p = zm_calloc(1, sizeof(*p));

    p->base.run = run_preview;
    p->base.drop = preview_drop;
    p->base.tag = USERS_JOB_PREVIEW;
    p->brain = brain;
    zm_copy(p->id, sizeof(p->id), u->preview.id);
    app_submit(app, u, brain ? DB_LANE_BRAIN : DB_LANE_BOT, &p->base);
}

void users_preview_moved(struct users *u)
{
    const struct db_user *user = users_rows_at(&u->rows, u->table.cursor);

    if (!user || strcmp(user->id, u->preview.id) == 0)
        return;
    u->preview.due_ms = zm_now_ms() + REST_MS;
}

void users_preview_ask(struct app *app, struct users *u)
{
    const struct db_user *user = users_rows_at(&u->rows, u->table.cursor);

    u->preview.due_ms = ZM_NEVER;
    if (!user || strcmp(user->id, u->preview.id) == 0)
        return;
    users_preview_done(&u->preview);
    zm_copy(u->preview.id, sizeof(u->preview.id), user->id);
    if (app_is_up(app, DB_BRAIN))
        ask(app, u, true);
    if (app_is_up(app, DB_BOT))
        ask(app, u, false);
}

void users_preview_job_done(struct users *u, struct db_job *job)
{
    struct preview_job *p = (struct preview_job *)job;

    if (!job->ok || strcmp(p->id, u->preview.id) != 0)
        return;
    if (p->brain) {
        u->preview.brain = p->brain_half;
        u->preview.has_brain = true;
        memset(&p->brain_half, 0, sizeof(p->brain_half));
    } else {
        u->preview.bot = p->bot_half;
        u->preview.has_bot = true;
        memset(&p->bot_half, 0, sizeof(p->bot_half));
    }
}

void users_preview_done(struct users_preview *preview)
{
    db_user_brain_done(&preview->brain);
    db_user_bot_done(&preview->bot);
    preview->has_brain = preview->has_bot = false;
    preview->id[0] = '\0';
}

/* ---- drawing ---- */

/* "label     text" on the next row. */
static void line(struct app *app, struct tui_box *box, const char *label, const char *text)
{
    struct tui_box row = tui_cut_top(box, 1);

    if (tui_box_empty(row))
        return;
    tui_draw(app->tui, row, 0, 0, TUI_DIM, label);
    tui_draw(app->tui, row, 0, LABEL, TUI_TEXT, text);
}

static void rule(struct app *app, struct tui_box *box, const char *title)
{
    struct tui_box row = tui_cut_top(box, 1);

    if (!tui_box_empty(row))
        tui_draw_rule(app->tui, row, 0, title, TUI_DIM);
}

static void draw_login(struct app *app, const struct db_user *user, struct tui_box *box)
{
    const struct db_profile *p = user->profile;

    line(app, box, "id", user->id);
    if (user->login) {
        line(app, box, "created", app_time(app, user->login->created_at, false));
        line(app, box, "sign-in",
             user->login->last_sign_in_at ? app_time(app, user->login->last_sign_in_at, false)
                                          : "never");
    }
    if (p)
        line(app, box, "name",
             zm_arena_printf(&app->frame, "%s   %s", app_value(app, p->name),
                             app_value(app, p->country)));
}

static void draw_trades(struct app *app, const struct users *u, struct tui_box *box)
{
    const struct db_ask *part = u->preview.bot.part;
    double days[30] = {0};
    size_t i, n = 0;
    struct tui_box row;

    if (part[DB_UT_TRADE_COUNT].ok && part[DB_UT_TRADE_COUNT].rows.n > 0) {
        const struct db_trade_count *c =
            DB_ROW(&part[DB_UT_TRADE_COUNT].rows, struct db_trade_count, 0);

        line(app, box, "trades",
             c->trades == 0
                 ? "none"
                 : zm_arena_printf(&app->frame, "%s%s (%s pending)   last %s",
                                   app_count(app, c->trades > 10000 ? 10000 : c->trades, false),
                                   c->trades > 10000 ? "+" : "", app_count(app, c->pending, false),
                                   c->last_at ? app_time(app, c->last_at, true) : "never"));
    }
    if (!part[DB_UT_TRADE_DAYS].ok)
        return;
    for (i = 0; i < part[DB_UT_TRADE_DAYS].rows.n && n < ZM_COUNT(days); i++)
        days[n++] = (double)DB_ROW(&part[DB_UT_TRADE_DAYS].rows, struct db_trade_day, i)->trades;
    if (n == 0)
        return;
    row = tui_cut_top(box, 1);
    if (tui_box_empty(row))
        return;
    tui_draw(app->tui, row, 0, 0, TUI_DIM, "a day");
    tui_spark(app->tui, row, 0, LABEL, row.cols - LABEL < 30 ? row.cols - LABEL : 30, TUI_INFO,
              days, n);
}

static void draw_bot(struct app *app, const struct users *u, struct tui_box *box)
{
    const struct db_ask *part = u->preview.bot.part;

    if (part[DB_UT_TOTAL].ok && part[DB_UT_TOTAL].rows.n > 0) {
        const struct db_portfolio_total *t =
            DB_ROW(&part[DB_UT_TOTAL].rows, struct db_portfolio_total, 0);
        int value = 0, pnl = 0;

        line(app, box, "portfolio",
             t->symbols == 0 ? "empty"
                             : zm_arena_printf(&app->frame, "%s   %lld symbol%s",
                                               user_decimal(app, t->current_value, &value, false),
                                               (long long)t->symbols, t->symbols == 1 ? "" : "s"));
        if (t->symbols > 0)
            line(app, box, "pnl", user_decimal(app, t->pnl, &pnl, true));
    }
    draw_trades(app, u, box);
    if (part[DB_UT_STRATEGIES].ok)
        line(app, box, "strategies",
             part[DB_UT_STRATEGIES].rows.n == 0
                 ? "none"
                 : app_count(app, (int64_t)part[DB_UT_STRATEGIES].rows.n, false));
    if (part[DB_UT_API_KEYS].ok) {
        struct zm_buf keys = {0};
        size_t i;

        for (i = 0; i < part[DB_UT_API_KEYS].rows.n; i++)
            zm_buf_printf(
                &keys, "%s%s", i ? ", " : "",
                zm_text(DB_ROW(&part[DB_UT_API_KEYS].rows, struct db_api_key, i)->exchange));
        line(app, box, "keys", keys.s ? zm_arena_strdup(&app->frame, keys.s) : "none");
        zm_buf_done(&keys);
    }
}

static void draw_changes(struct app *app, const struct users *u, struct tui_box *box)
{
    const struct db_ask *ask_part = &u->preview.brain.part[DB_UB_OPERATORS];
    size_t i;

    if (!ask_part->ok || ask_part->rows.n == 0)
        return;
    rule(app, box, "last changes by operators");
    for (i = 0; i < ask_part->rows.n && box->rows > 0; i++) {
        const struct db_operator_change *c = DB_ROW(&ask_part->rows, struct db_operator_change, i);

        line(app, box, app_time(app, c->created_at, true),
             zm_arena_printf(&app->frame, "%s  %s %s -> %s  '%s'", app_value(app, c->os_user),
                             user_what_text(app, c->action), user_change_text(app, c->before),
                             user_change_text(app, c->after), zm_text(c->reason)));
    }
}

void users_preview_draw(struct app *app, struct users *u, struct tui_box box)
{
    const struct db_user *user = users_rows_at(&u->rows, u->table.cursor);
    bool same = user && strcmp(user->id, u->preview.id) == 0;
    const char *verdict;
    int rows;

    if (!user)
        return;
    if (!user->trader && users_half_is_coming(app, u, user)) {
        tui_draw(app->tui, box, 0, 0, TUI_DIM, "reading ZmartBot ...");
        return;
    }
    verdict = user->verdict.can_trade == DB_HOLDS   ? "CAN TRADE"
              : user->verdict.can_trade == DB_FAILS ? "CANNOT TRADE"
              : app_is_up(app, DB_BOT) && app_is_up(app, DB_BRAIN)
                  ? "UNKNOWN: a database could not be read"
                  : "UNKNOWN: a database is away";
    tui_draw(app->tui, tui_cut_top(&box, 1), 0, 0,
             user->verdict.can_trade == DB_HOLDS   ? TUI_GOOD
             : user->verdict.can_trade == DB_FAILS ? TUI_BAD
                                                   : TUI_WARN,
             verdict);
    wrap_draw(app, tui_cut_top(&box, REASON_ROWS), TUI_BAD, users_reasons(app, user));
    rows = users_draw_gates(app, box, user);
    (void)tui_cut_top(&box, rows);
    rule(app, &box, "user");
    draw_login(app, user, &box);
    if (same && u->preview.has_bot) {
        rule(app, &box, "trading");
        draw_bot(app, u, &box);
    }
    if (same && u->preview.has_brain)
        draw_changes(app, u, &box);
}
