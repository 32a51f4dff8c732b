/*
 * The Health screen: both connections, and what it means when one is down. While it is shown it
 * measures the round trip of both sides; everything else it shows is published by the lanes.
 */
#include "screens/health_state.h"

#include <stdlib.h>
#include <string.h>

#include "db/journal.h"
#include "screens/edit.h"
#include "tui/table.h"
#include "zm/clock.h"
#include "zm/str.h"

enum health_action {
    HEALTH_CONNECT = APP_ACTION_OWN,
    HEALTH_LOG,
    HEALTH_FINISH,
    HEALTH_REVERSE,
    HEALTH_NEXT
};

// clang-format off
static const struct tui_binding bindings[] = {
    {"c", HEALTH_CONNECT, "connect-now", "connect now", "connect to what is away, now", TUI_BIND_BAR},
    {"f", HEALTH_FINISH,  "finish",      "finish",      "finish the unfinished write that is chosen", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"u", HEALTH_REVERSE, "reverse",     "reverse",     "reverse the unfinished write that is chosen", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"n", HEALTH_NEXT,    "next",        "next",        "choose the next unfinished write", 0},
    {"l", HEALTH_LOG,     "log",         "log",         "all messages with their details", TUI_BIND_BAR},
};
static const struct tui_keymap keymap = {"health", "Health", bindings, ZM_COUNT(bindings)};
// clang-format on

/* ---- the round trip ---- */

struct rtt_job {
    struct db_job base;
    enum db_side side;
    int rtt_ms;
};

static bool run_rtt(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct rtt_job *j = (struct rtt_job *)job;
    struct db_ask ask = {.sql = DB_SQL_EITHER_IDENTITY};
    bool ok = db_link_read(session->link[j->side], &ask, 1, err);

    j->rtt_ms = db_link_rtt_ms(session->link[j->side]);
    db_asks_done(&ask, 1);
    return ok;
}

static void drop_rtt(struct db_job *job)
{
    free(job);
}

static void measure(struct app *app, struct health *h)
{
    int side;

    h->measured_ms = zm_now_ms();
    for (side = 0; side < DB_SIDES; side++) {
        struct rtt_job *j;

        if (h->asking[side] || !app_is_up(app, (enum db_side)side))
            continue;
        j = zm_calloc(1, sizeof(*j));
        j->base.run = run_rtt;
        j->base.drop = drop_rtt;
        j->side = (enum db_side)side;
        h->asking[side] = true;
        app_submit(app, h, side == DB_BRAIN ? DB_LANE_BRAIN : DB_LANE_BOT, &j->base);
    }
}

static void health_done(struct app *app, void *state, struct db_job *job)
{
    struct rtt_job *j = (struct rtt_job *)job;
    struct health *h = state;
    struct health_rtt *rtt = &h->rtt[j->side];

    (void)app;
    h->asking[j->side] = false;
    if (!job->ok || j->rtt_ms < 0)
        return;
    if (rtt->n == HEALTH_SAMPLES)
        memmove(rtt->ms, rtt->ms + 1, --rtt->n * sizeof(rtt->ms[0]));
    rtt->ms[rtt->n++] = j->rtt_ms;
}

/* ---- keys ---- */

static bool scroll(struct health *h, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };
    size_t page = (size_t)h->page;
    struct tui_table as_list = {.rows = h->lines > page ? h->lines - page + 1 : 1,
                                .cursor = h->top};

    tui_table_move(&as_list, moves[action], h->page);
    h->top = as_list.cursor;
    return true;
}

static void connect_now(struct app *app)
{
    if (app_is_up(app, DB_BRAIN) && app_is_up(app, DB_BOT))
        app_say(app, MESSAGE_INFO, "both databases are connected");
    else
        app_act(app, APP_CONNECT);
}

static void settle(struct app *app, bool reverse)
{
    long at = unfinished_at(app);
    const struct db_journal_row *row =
        at < 0 ? NULL : DB_ROW(&app->unfinished.rows, struct db_journal_row, (size_t)at);

    if (!row)
        app_say(app, MESSAGE_INFO, "there is no unfinished write");
    else if (!row->subject || !zm_is_uuid(row->subject))
        app_say(app, MESSAGE_WARN, "this row names no user: zmartctl did not write it");
    else
        edit_finish_request(app, row->subject, row->email ? row->email : row->subject, row->id,
                            reverse);
}

static bool health_act(struct app *app, void *state, int action)
{
    struct health *h = state;

    if (action >= APP_UP && action <= APP_LAST)
        return scroll(h, action);
    switch (action) {
    case HEALTH_CONNECT:
        connect_now(app);
        return true;
    case HEALTH_FINISH:
    case HEALTH_REVERSE:
        settle(app, action == HEALTH_REVERSE);
        return true;
    case HEALTH_NEXT:
        unfinished_choose_next(app);
        return true;
    case HEALTH_LOG:
        app_show(app, &screen_messages, NULL);
        return true;
    case APP_NEXT_PANE:
    case APP_PREV_PANE:
        h->side = h->side == DB_BRAIN ? DB_BOT : DB_BRAIN;
        return true;
    case APP_REFRESH:
        measure(app, h);
        unfinished_read(app);
        return true;
    case APP_COPY:
        app_copy(app, "details", health_copy_text(app, h));
        return true;
    default:
        return false;
    }
}

static bool health_event(struct app *app, void *state, const struct tui_event *event)
{
    (void)app;
    if (event->type != TUI_EVENT_MOUSE || !event->wheel)
        return false;
    return scroll(state, event->wheel > 0 ? APP_DOWN : APP_UP);
}

/* ---- what happens by itself ---- */

static void health_open(struct app *app, void *state, const char *arg)
{
    (void)arg;
    measure(app, state);
    unfinished_read(app);
}

static void health_status(struct app *app, void *state, enum db_side side)
{
    struct health *h = state;

    if (app_is_up(app, side))
        measure(app, h);
    else if (app->status[side].state != DB_CONNECTING)
        h->side = side; /* where one is shown: the one that is in trouble */
}

static int64_t health_deadline(struct app *app, void *state)
{
    const struct health *h = state;

    if (app->paused || app->conf->refresh_seconds <= 0)
        return ZM_NEVER;
    return h->measured_ms + (int64_t)app->conf->refresh_seconds * 1000;
}

static void health_tick(struct app *app, void *state)
{
    measure(app, state);
}

static void health_draw(struct app *app, void *state, struct tui_box body)
{
    health_draw_sheet(app, state, body);
}

static void health_crumb(struct app *app, void *state, char *dst, size_t size)
{
    (void)app;
    (void)state;
    snprintf(dst, size, "Health");
}

static void health_line(struct app *app, void *state, char *dst, size_t size)
{
    size_t used = 0;
    int side;

    (void)state;
    for (side = 0; side < DB_SIDES && used < size; side++)
        used += (size_t)snprintf(dst + used, size - used, "%s%s %s", side ? ", " : "",
                                 db_side_short((enum db_side)side),
                                 app_is_up(app, (enum db_side)side) ? "is live" : "is away");
    if (app->paused && used < size)
        snprintf(dst + used, size - used, "   paused (Z)");
}

const struct screen screen_health = {
    .name = "health",
    .title = "Health",
    .key = '4',
    .single = true,
    .keymap = &keymap,
    .state_size = sizeof(struct health),
    .open = health_open,
    .draw = health_draw,
    .act = health_act,
    .event = health_event,
    .done = health_done,
    .status = health_status,
    .deadline = health_deadline,
    .tick = health_tick,
    .crumb = health_crumb,
    .line = health_line,
};
