/*
 * The look-up behind `:user WHO`: asks both databases on the scan lane; one answer opens the user
 * at once, several are offered, none is said. Stands over the screen it was opened from.
 */
#include "screens/lookup.h"

#include <stdlib.h>

#include "db/user.h"
#include "screens/wrap.h"
#include "tui/layout.h"
#include "tui/table.h"
#include "zm/clock.h"
#include "zm/str.h"

struct lookup {
    char who[200];
    struct db_job *asking; /* owned by its lane; NULL: it has answered */
    int64_t ticked_ms, asked_ms;
    struct zm_error err;
    struct db_candidates found;
    struct tui_table table;
    int page;
};

struct lookup_job {
    struct db_job base;
    char who[200];
    struct db_candidates found;
};

static const struct tui_column columns[] = {
    {"USER", 20, 1, 2, TUI_LEFT, 0},
    {"ID", 36, 0, 1, TUI_LEFT, 1},
};

static void cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    const struct lookup *l = context;

    ret->text = column == 0 ? l->found.row[row].text : l->found.row[row].id;
    ret->style = column == 0 ? TUI_TEXT : TUI_DIM;
}

static bool run_lookup(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct lookup_job *j = (struct lookup_job *)job;

    return db_user_resolve(session, j->who, &j->found, err);
}

static void drop_lookup(struct db_job *job)
{
    free(job);
}

static void ask(struct app *app, struct lookup *l)
{
    struct lookup_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run_lookup;
    j->base.drop = drop_lookup;
    zm_copy(j->who, sizeof(j->who), l->who);
    l->err.kind = ZM_ERR_NONE;
    l->asking = &j->base;
    l->asked_ms = l->ticked_ms = zm_now_ms();
    app_submit(app, l, DB_LANE_SCAN, &j->base);
}

static void open_found(struct app *app, const struct lookup *l, size_t row)
{
    char id[37];

    zm_copy(id, sizeof(id), l->found.row[row].id);
    app_back(app); /* l is gone */
    app_show(app, &screen_user, id);
}

static void lookup_done(struct app *app, void *state, struct db_job *job)
{
    struct lookup_job *j = (struct lookup_job *)job;
    struct lookup *l = state;

    l->asking = NULL;
    if (!job->ok) {
        l->err = job->err;
        return;
    }
    l->found = j->found;
    l->table.rows = j->found.n;
    if (app->view->state != l)
        return; /* something else was opened over it: the answer waits */
    if (j->found.n == 0) {
        app_say(app, MESSAGE_WARN, "no user has the id, e-mail or phone '%s'; / also finds parts",
                l->who);
        app_back(app);
    } else if (j->found.n == 1) {
        open_found(app, l, 0);
    }
}

static void leave(struct app *app, struct lookup *l)
{
    if (l->asking)
        db_lanes_cancel(app->lanes, l->asking, true);
    app_back(app);
}

static bool lookup_act(struct app *app, void *state, int action)
{
    struct lookup *l = state;

    switch (action) {
    case APP_UP:
    case APP_DOWN:
        tui_table_move(&l->table, action == APP_UP ? TUI_MOVE_UP : TUI_MOVE_DOWN, l->page);
        return true;
    case APP_OPEN:
        if (!l->asking && l->found.n > 0)
            open_found(app, l, l->table.cursor);
        return true;
    case APP_REFRESH:
        if (!l->asking)
            ask(app, l);
        return true;
    case APP_ESCAPE:
    case APP_CLOSE:
    case APP_CANCEL:
        leave(app, l);
        return true;
    default:
        return false;
    }
}

static void lookup_draw(struct app *app, void *state, struct tui_box body)
{
    struct lookup *l = state;

    tui_draw_rule(app->tui, body, 0, l->who, TUI_TITLE);
    (void)tui_cut_top(&body, 1);
    if (l->asking) {
        tui_drawf(app->tui, body, 0, 2, TUI_DIM, "looking in both databases ... %s",
                  app_age(app, l->asked_ms));
    } else if (l->err.kind != ZM_ERR_NONE) {
        wrap_error(app, tui_inset(body, 0, 2), &l->err);
    } else {
        tui_drawf(app->tui, body, 0, 2, TUI_TEXT, "%zu %s; Enter opens", l->found.n,
                  l->found.n == 1 ? "user" : "users are meant");
        (void)tui_cut_top(&body, 1);
        l->page = tui_table_draw(app->tui, body, &l->table, true);
    }
}

static int64_t lookup_deadline(struct app *app, void *state)
{
    const struct lookup *l = state;

    (void)app;
    return l->asking ? l->ticked_ms + 1000 : ZM_NEVER;
}

static void lookup_tick(struct app *app, void *state)
{
    struct lookup *l = state;

    l->ticked_ms = zm_now_ms();
    app->dirty = true;
}

static void lookup_crumb(struct app *app, void *state, char *dst, size_t size)
{
    const struct lookup *l = state;

    (void)app;
    snprintf(dst, size, "User > %s", l->who);
}

void lookup_open(struct app *app, const char *who)
{
    struct lookup *l;

    app_show(app, &screen_lookup, NULL);
    l = app->view->state;
    zm_copy(l->who, sizeof(l->who), who);
    l->table.columns = columns;
    l->table.n_columns = ZM_COUNT(columns);
    l->table.sorted = -1;
    l->table.cell = cell;
    l->table.context = l;
    ask(app, l);
}

const struct screen screen_lookup = {
    .name = "lookup",
    .title = "Look-up",
    .bar = "open",
    .state_size = sizeof(struct lookup),
    .draw = lookup_draw,
    .act = lookup_act,
    .done = lookup_done,
    .deadline = lookup_deadline,
    .tick = lookup_tick,
    .crumb = lookup_crumb,
};
