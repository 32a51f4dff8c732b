/*
 * The pages of the list of users: asked from Brain's view lane, their other half from Bot's, put
 * together as they arrive. Nothing here waits.
 */
#include "screens/users_state.h"

#include <stdlib.h>

#include "db/facts.h"
#include "zm/clock.h"
#include "zm/str.h"

enum kind { PAGE_NEW, PAGE_AFTER, PAGE_BEFORE, PAGE_LAST, HALVES, REFRESH, REFRESH_HALVES };

/* One request of the list and its answer. */
struct request {
    struct db_job base;
    enum kind kind;
    unsigned generation;
    enum users_source source;
    enum db_sort sort;
    struct db_place place;
    unsigned serial; /* HALVES: the chunk that waits for them */
    char (*id)[37];  /* HALVES, REFRESH */
    const char **id_text;
    size_t n_ids;
    struct db_page page; /* the answer */
    struct db_bot_half half;
};

static void request_drop(struct db_job *job)
{
    struct request *r = (struct request *)job;

    db_page_done(&r->page);
    db_rows_done(&r->half.traders);
    db_rows_done(&r->half.keys);
    free(r->id);
    free(r->id_text);
    free(r);
}

static bool run_page(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct request *r = (struct request *)job;
    bool back = r->kind == PAGE_BEFORE || r->kind == PAGE_LAST;

    if (r->source == USERS_FROM_BOT)
        return db_traders_page(session->link[DB_BOT], &r->place, back, USERS_PAGE, &r->page, err);
    return db_users_page(session->link[DB_BRAIN], r->sort, &r->place, back, USERS_PAGE, &r->page,
                         err);
}

/* The table may be there by now, and all its rows be seen. */
static bool run_halves(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct request *r = (struct request *)job;
    struct db_link *bot = session->link[DB_BOT];

    if (db_users_halves(bot, r->id_text, r->n_ids, &r->half, err))
        return true;
    return (err->kind == ZM_ERR_SHAPE || err->kind == ZM_ERR_PRIVILEGE ||
            err->kind == ZM_ERR_HIDDEN) &&
           db_link_refresh(bot, err) && db_users_halves(bot, r->id_text, r->n_ids, &r->half, err);
}

static bool run_refresh(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct request *r = (struct request *)job;

    return db_users_by_ids(session->link[DB_BRAIN], r->id_text, r->n_ids, &r->page, err);
}

static struct request *request_new(struct users *u, enum kind kind)
{
    struct request *r = zm_calloc(1, sizeof(*r));

    r->kind = kind;
    r->generation = u->generation;
    r->source = u->source;
    r->sort = u->sort;
    r->base.tag = USERS_JOB_LOAD;
    r->base.run = kind == HALVES || kind == REFRESH_HALVES ? run_halves
                  : kind == REFRESH                        ? run_refresh
                                                           : run_page;
    r->base.drop = request_drop;
    return r;
}

static void add_id(struct request *r, const char *id)
{
    zm_copy(r->id[r->n_ids], sizeof(r->id[0]), id);
    r->id_text[r->n_ids] = r->id[r->n_ids];
    r->n_ids++;
}

static void reserve_ids(struct request *r, size_t n)
{
    r->id = zm_calloc(n, sizeof(r->id[0]));
    r->id_text = zm_calloc(n, sizeof(char *));
}

static void take_page_ids(struct request *r, const struct db_page *page)
{
    size_t i;

    reserve_ids(r, page->n);
    for (i = 0; i < page->n; i++)
        add_id(r, page->users[i].id);
}

/* ---- asking ---- */

/* A Brain that is only being connected to is waited for. */
enum users_source users_source_now(const struct app *app)
{
    enum db_state brain = app->status[DB_BRAIN].state;

    return (brain == DB_RETRY || brain == DB_STOPPED) && app_is_up(app, DB_BOT) ? USERS_FROM_BOT
                                                                                : USERS_FROM_BOTH;
}

void users_reload(struct app *app, struct users *u)
{
    struct request *r;

    u->generation++;
    u->loading_before = false;
    u->loading_after = true;
    u->to_last = false;
    u->source =
        app_is_up(app, DB_BRAIN) || !app_is_up(app, DB_BOT) ? USERS_FROM_BOTH : USERS_FROM_BOT;
    r = request_new(u, u->descending ? PAGE_LAST : PAGE_NEW);
    if (u->descending)
        r->place.segment = DB_SEGMENT_END;
    app_submit(app, u, u->source == USERS_FROM_BOT ? DB_LANE_BOT : DB_LANE_BRAIN, &r->base);
}

/* Where the page under the cursor begins, so that reading again keeps it in sight. */
static struct db_place place_here(const struct users *u)
{
    struct db_place start = {0};
    size_t k, first = 0;

    for (k = 0; k + 1 < u->rows.n_edges && first + u->rows.edge[k].n_rows <= u->table.cursor; k++)
        first += u->rows.edge[k].n_rows;
    if (k > 0)
        return u->rows.edge[k - 1].after;
    if (u->rows.n_edges > 0 && !u->at_start)
        return u->rows.edge[0].before;
    return start;
}

void users_reload_here(struct app *app, struct users *u)
{
    struct request *r;

    if (u->search.on || u->rows.n_edges == 0 || u->descending) {
        users_reload(app, u);
        return;
    }
    u->generation++;
    u->loading_before = false;
    u->loading_after = true;
    r = request_new(u, PAGE_NEW);
    r->place = place_here(u);
    app_submit(app, u, u->source == USERS_FROM_BOT ? DB_LANE_BOT : DB_LANE_BRAIN, &r->base);
}

void users_load_last(struct app *app, struct users *u)
{
    struct request *r;

    u->generation++;
    u->to_last = true;
    u->loading_before = true;
    u->loading_after = false;
    r = request_new(u, PAGE_LAST);
    r->place.segment = DB_SEGMENT_END;
    app_submit(app, u, u->source == USERS_FROM_BOT ? DB_LANE_BOT : DB_LANE_BRAIN, &r->base);
}

static void ask_page(struct app *app, struct users *u, enum kind kind)
{
    struct request *r = request_new(u, kind);

    r->place =
        kind == PAGE_AFTER ? u->rows.edge[u->rows.n_edges - 1].after : u->rows.edge[0].before;
    *(kind == PAGE_AFTER ? &u->loading_after : &u->loading_before) = true;
    app_submit(app, u, u->source == USERS_FROM_BOT ? DB_LANE_BOT : DB_LANE_BRAIN, &r->base);
}

void users_load_around(struct app *app, struct users *u)
{
    size_t margin = USERS_MARGIN + (size_t)(u->page > 0 ? u->page : 0);

    if (u->search.on || u->rows.n_edges == 0)
        return;
    if (!u->at_end && !u->loading_after && u->table.cursor + margin >= u->rows.n)
        ask_page(app, u, PAGE_AFTER);
    if (!u->at_start && !u->loading_before && u->table.cursor < margin)
        ask_page(app, u, PAGE_BEFORE);
}

void users_ask_halves(struct app *app, struct users *u, struct users_chunk *chunk)
{
    struct request *r;

    if (chunk->page.n == 0 || chunk->page.bot_known || !app_is_up(app, DB_BOT))
        return;
    r = request_new(u, HALVES);
    r->serial = chunk->serial;
    take_page_ids(r, &chunk->page);
    app_submit(app, u, DB_LANE_BOT, &r->base);
}

static void ask_refresh(struct app *app, struct users *u, size_t from, size_t to)
{
    struct request *r = request_new(u, REFRESH);

    reserve_ids(r, to - from);
    for (; from < to; from++)
        add_id(r, users_rows_at(&u->rows, from)->id);
    u->refreshing = true;
    app_submit(app, u, DB_LANE_BRAIN, &r->base);
}

void users_refresh(struct app *app, struct users *u)
{
    size_t from = u->table.top, to = from + (size_t)(u->page > 0 ? u->page : 24);

    u->refreshed_ms = zm_now_ms();
    if (to > u->rows.n)
        to = u->rows.n;
    if (from < to && !u->refreshing && app_is_up(app, DB_BRAIN))
        ask_refresh(app, u, from, to);
}

void users_refresh_all(struct app *app, struct users *u)
{
    size_t from, to;

    for (from = 0; from < u->rows.n; from = to) {
        to = from + USERS_PAGE < u->rows.n ? from + USERS_PAGE : u->rows.n;
        ask_refresh(app, u, from, to);
    }
}

/* A side went away: what it said last stays on the screen, but nothing is concluded from it any
 * more. */
void users_side_lost(struct app *app, struct users *u, enum db_side side)
{
    size_t i, k;

    if (side == DB_BOT)
        u->bot_err.kind = ZM_ERR_NONE; /* it is away, whatever it said */
    for (i = 0; i < u->rows.n_chunks; i++) {
        struct db_page *page = &u->rows.chunk[i]->page;

        if (side == DB_BOT)
            page->bot_known = false;
        for (k = 0; k < page->n; k++) {
            *(side == DB_BOT ? &page->users[k].bot_known : &page->users[k].brain_known) = false;
            db_user_judge(&page->users[k], &app->conf->policy);
        }
    }
}

/* ---- answers ---- */

void users_hold(const struct users *u, struct users_anchor *ret)
{
    const struct db_user *user = users_rows_at(&u->rows, u->table.cursor);

    zm_copy(ret->id, sizeof(ret->id), user ? user->id : "");
    ret->offset = u->table.cursor - u->table.top;
}

void users_settle(struct users *u, const struct users_anchor *anchor)
{
    long at = anchor->id[0] ? users_rows_find(&u->rows, anchor->id) : -1;

    u->table.rows = u->rows.n;
    if (at >= 0) {
        u->table.cursor = (size_t)at;
        u->table.top = u->table.cursor > anchor->offset ? u->table.cursor - anchor->offset : 0;
    }
    tui_table_fit(&u->table, u->page);
}

/* A page has left the window: there is more again on that side. */
static void forget_edge(struct users *u, bool front)
{
    if (front) {
        u->at_start = false;
        return;
    }
    u->at_end = false;
    memset(&u->search.walk, 0, sizeof(u->search.walk));
}

static void show_page(struct app *app, struct users *u, struct request *r)
{
    bool front = r->kind == PAGE_BEFORE, fresh = r->kind == PAGE_NEW || r->kind == PAGE_LAST;
    struct users_anchor anchor;
    struct users_chunk *chunk;

    users_hold(u, &anchor);
    if (fresh) {
        users_rows_clear(&u->rows);
        u->at_start = u->at_end = false;
    }
    if (fresh || front)
        u->at_start = r->page.at_start;
    if (fresh || !front)
        u->at_end = r->page.at_end;
    db_page_join(&r->page, &app->conf->policy);
    if (users_rows_trim(&u->rows, !front) > 0)
        forget_edge(u, !front);
    chunk = users_rows_add(&u->rows, &r->page, front);
    users_settle(u, &anchor);
    if (u->to_last && u->rows.n > 0) {
        u->table.cursor = u->rows.n - 1;
        tui_table_fit(&u->table, u->page);
        u->to_last = false;
    }
    u->loaded = true;
    u->refreshed_ms = zm_now_ms();
    if (chunk)
        users_ask_halves(app, u, chunk);
    users_load_around(app, u);
    users_preview_moved(u);
}

static void take_page(struct app *app, struct users *u, struct request *r)
{
    bool front = r->kind == PAGE_BEFORE || r->kind == PAGE_LAST;

    *(front ? &u->loading_before : &u->loading_after) = false;
    if (!r->base.ok) {
        u->err = r->base.err;
        app_fail(app, &r->base.err);
        return;
    }
    memset(&u->err, 0, sizeof(u->err));
    show_page(app, u, r);
}

bool users_half_is_coming(const struct app *app, const struct users *u, const struct db_user *user)
{
    return !user->bot_known && app_is_up(app, DB_BOT) && u->bot_err.kind == ZM_ERR_NONE;
}

/* A table that is missing, or rows that are hidden: said once. A side that is lost is said by row
 * 1. */
static bool heard_half(struct app *app, struct users *u, const struct request *r)
{
    bool known = u->bot_err.kind == r->base.err.kind, again = u->bot_err.kind != ZM_ERR_NONE;
    size_t i;

    if (r->base.ok) {
        u->bot_err.kind = ZM_ERR_NONE;
        for (i = 0; again && i < u->rows.n_chunks; i++)
            users_ask_halves(app, u, u->rows.chunk[i]);
        return true;
    }
    if (r->base.err.kind == ZM_ERR_CANCELLED || r->base.err.kind == ZM_ERR_LOST)
        return false;
    u->bot_err = r->base.err;
    if (!known)
        app_fail(app, &u->bot_err);
    return false;
}

static void take_halves(struct app *app, struct users *u, struct request *r)
{
    struct users_chunk *chunk = users_rows_chunk(&u->rows, r->serial);
    struct users_anchor anchor;

    if (!heard_half(app, u, r) || !chunk)
        return;
    users_hold(u, &anchor);
    db_rows_done(&chunk->page.bot.traders);
    db_rows_done(&chunk->page.bot.keys);
    chunk->page.bot = r->half;
    memset(&r->half, 0, sizeof(r->half));
    chunk->page.bot_known = true;
    db_page_join(&chunk->page, &app->conf->policy);
    if (u->search.on) /* the indexed look-up knew only Brain's conditions */
        users_rows_keep(&u->rows, chunk, &u->search.filter);
    users_settle(u, &anchor);
}

/* Brain's half has been read again; the rows change only when Bot's has come too, so that none
 * shows "unknown" in between. */
static void take_refresh(struct app *app, struct users *u, struct request *r)
{
    struct request *second;

    u->refreshing = false;
    if (!r->base.ok)
        return;
    db_page_join(&r->page, &app->conf->policy);
    if (!app_is_up(app, DB_BOT)) {
        users_rows_carry(&u->rows, &r->page);
        users_rows_replace(&u->rows, &r->page);
        return;
    }
    second = request_new(u, REFRESH_HALVES);
    second->id = r->id; /* all that were asked: an orphan has no login */
    second->id_text = r->id_text;
    second->n_ids = r->n_ids;
    r->id = NULL;
    r->id_text = NULL;
    second->page = r->page;
    memset(&r->page, 0, sizeof(r->page));
    app_submit(app, u, DB_LANE_BOT, &second->base);
}

static void take_refresh_halves(struct app *app, struct users *u, struct request *r)
{
    if (heard_half(app, u, r)) {
        r->page.bot = r->half;
        memset(&r->half, 0, sizeof(r->half));
        r->page.bot_known = true;
        db_page_join(&r->page, &app->conf->policy);
    } else {
        users_rows_carry(&u->rows, &r->page);
    }
    users_rows_replace(&u->rows, &r->page);
}

void users_job_done(struct app *app, struct users *u, struct db_job *job)
{
    struct request *r = (struct request *)job;

    if (r->kind == REFRESH)
        u->refreshing = false;
    if (r->generation != u->generation)
        return;
    switch (r->kind) {
    case HALVES:
        take_halves(app, u, r);
        break;
    case REFRESH:
        take_refresh(app, u, r);
        break;
    case REFRESH_HALVES:
        take_refresh_halves(app, u, r);
        break;
    default:
        take_page(app, u, r);
        break;
    }
}
