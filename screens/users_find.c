/*
 * The filter of the list: while one types, the indexed look-up (exact and prefix) answers first,
 * then a walk reads the rest in ranges on the scan lane and adds what it finds. The next key stops
 * the walk.
 */
#include "screens/users_state.h"

#include <stdlib.h>

#include "zm/clock.h"
#include "zm/str.h"

enum kind { FIND, WALK };

/* How long one job of the walk reads before it reports. */
#define WALK_SLICE_MS 150
#define SLOW_MS 200

struct search_job {
    struct db_job base;
    enum kind kind;
    unsigned generation;
    enum users_source source;
    struct db_filter filter;
    bool only_rest;
    const struct db_policy *policy;
    struct db_walk walk;
    struct db_page page;
};

static void search_drop(struct db_job *job)
{
    struct search_job *s = (struct search_job *)job;

    db_page_done(&s->page);
    free(s);
}

static bool run_find(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct search_job *s = (struct search_job *)job;

    if (s->source == USERS_FROM_BOT)
        return db_traders_find(session->link[DB_BOT], &s->filter, USERS_PAGE, &s->page, err);
    return db_users_find(session->link[DB_BRAIN], &s->filter, USERS_PAGE, &s->page, err);
}

/* Steps until something was found, the slice is over, or nobody wants it any more. */
static bool run_walk(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct search_job *s = (struct search_job *)job;
    int64_t until = zm_now_ms() + WALK_SLICE_MS;

    do {
        db_page_done(&s->page);
        memset(&s->page, 0, sizeof(s->page));
        if (!db_users_walk(session, &s->filter, s->only_rest, s->policy, &s->walk, &s->page, err))
            return false;
    } while (!s->walk.done && s->page.n == 0 && zm_now_ms() < until &&
             !atomic_load(&job->cancelled));
    return true;
}

static struct search_job *job_new(struct app *app, struct users *u, enum kind kind)
{
    struct search_job *s = zm_calloc(1, sizeof(*s));

    s->base.run = kind == FIND ? run_find : run_walk;
    s->base.drop = search_drop;
    s->base.tag = USERS_JOB_FIND;
    s->kind = kind;
    s->generation = u->generation;
    s->source = u->source;
    s->filter = u->search.filter;
    s->policy = &app->conf->policy;
    return s;
}

static void ask_find(struct app *app, struct users *u)
{
    struct search_job *s = job_new(app, u, FIND);

    u->search.finding = true;
    u->search.again = false;
    app_submit(app, u, u->source == USERS_FROM_BOT ? DB_LANE_BOT : DB_LANE_BRAIN, &s->base);
}

static void ask_walk(struct app *app, struct users *u)
{
    struct search_job *s = job_new(app, u, WALK);

    s->walk = u->search.walk;
    s->only_rest = !u->search.on;
    u->search.walking = &s->base;
    app_submit(app, u, DB_LANE_SCAN, &s->base);
}

void users_walk_stop(struct app *app, struct users *u)
{
    struct users_search *search = &u->search;

    if (!search->walking)
        return;
    db_lanes_cancel(app->lanes, search->walking, false);
    search->stopped = true;
}

void users_walk_on(struct app *app, struct users *u)
{
    struct users_search *search = &u->search;

    search->stopped = false;
    if (search->walking || search->walk.done || search->cut || search->finding)
        return;
    search->failed = false;
    ask_walk(app, u);
}

bool users_search_is_slow(const struct users *u)
{
    return u->search.stale && zm_now_ms() - u->search.stale_ms >= SLOW_MS;
}

int64_t users_search_deadline(const struct users *u)
{
    return u->search.stale && !users_search_is_slow(u) ? u->search.stale_ms + SLOW_MS : ZM_NEVER;
}

/* The list becomes what the filter finds: new rows, from the top. */
static void begin(struct app *app, struct users *u)
{
    struct users_search *search = &u->search;

    users_walk_stop(app, u);
    u->generation++;
    u->source = users_source_now(app);
    search->on = true;
    search->walking = NULL;
    search->stopped = search->cut = search->failed = false;
    memset(&search->walk, 0, sizeof(search->walk));
    if (search->finding) {
        search->again = true;
    } else if (db_filter_has_words(&search->filter)) {
        ask_find(app, u);
    } else { /* conditions only: no index serves them */
        search->stale = false;
        users_rows_clear(&u->rows);
        u->table.cursor = u->table.top = u->table.rows = 0;
        users_walk_on(app, u);
    }
}

void users_search_clear(struct app *app, struct users *u)
{
    struct users_search *search = &u->search;
    bool was_on = search->on;

    users_walk_stop(app, u);
    tui_edit_set(&search->edit, "");
    memset(&search->filter, 0, sizeof(search->filter));
    memset(&search->walk, 0, sizeof(search->walk));
    search->walking = NULL;
    search->on = search->editing = search->again = search->stopped = search->cut = false;
    search->stale = search->open = false;
    search->err.kind = ZM_ERR_NONE;
    if (was_on)
        users_reload(app, u);
}

void users_search_changed(struct app *app, struct users *u)
{
    struct users_search *search = &u->search;
    struct db_filter filter;

    if (!db_filter_parse(search->edit.text, &filter, &search->err))
        return;
    search->err.kind = ZM_ERR_NONE;
    if (db_filter_is_empty(&filter)) {
        bool editing = search->editing;
        struct tui_edit edit = search->edit;

        users_search_clear(app, u);
        search->editing = editing;
        search->edit = edit;
        return;
    }
    if (search->on && strcmp(search->applied, search->edit.text) == 0)
        return;
    search->filter = filter;
    zm_copy(search->applied, sizeof(search->applied), search->edit.text);
    if (!search->stale)
        search->stale_ms = zm_now_ms();
    search->stale = true;
    begin(app, u);
}

void users_search_again(struct app *app, struct users *u)
{
    if (u->search.on)
        begin(app, u);
}

/* ---- answers ---- */

static void merge(struct app *app, struct users *u, struct db_page *page)
{
    size_t room = USERS_FOUND_MAX - u->rows.n, added = 0, n = page->n;
    struct users_anchor anchor;
    struct users_chunk *chunk;

    if (n == 0)
        return;
    users_hold(u, &anchor);
    chunk = users_rows_merge(&u->rows, page, room, &added);
    users_settle(u, &anchor);
    if (u->rows.n >= USERS_FOUND_MAX)
        u->search.cut = true;
    if (chunk)
        users_ask_halves(app, u, chunk);
    users_preview_moved(u);
}

static void take_find(struct app *app, struct users *u, struct search_job *s)
{
    struct users_search *search = &u->search;

    search->finding = false;
    if (search->again && search->on) {
        search->again = false;
        begin(app, u);
        return;
    }
    search->stale = false;
    if (s->generation != u->generation || !search->on)
        return;
    users_rows_clear(&u->rows);
    u->table.cursor = u->table.top = 0;
    u->table.rows = 0;
    u->loaded = true;
    u->refreshed_ms = zm_now_ms();
    if (!s->base.ok) {
        u->err = s->base.err;
        app_fail(app, &s->base.err);
        return;
    }
    u->err.kind = ZM_ERR_NONE;
    db_page_join(&s->page, &app->conf->policy);
    merge(app, u, &s->page);
    users_walk_on(app, u);
}

static void take_walk(struct app *app, struct users *u, struct search_job *s)
{
    struct users_search *search = &u->search;

    if (search->walking != &s->base)
        return;
    search->walking = NULL;
    if (!s->base.ok) {
        if (s->base.err.kind != ZM_ERR_CANCELLED) {
            search->failed = true;
            search->err_walk = s->base.err;
            app_fail(app, &s->base.err);
        }
        return;
    }
    search->walk = s->walk;
    merge(app, u, &s->page);
    if (!search->walk.done && !search->stopped && !search->cut)
        ask_walk(app, u);
}

void users_search_done(struct app *app, struct users *u, struct db_job *job)
{
    struct search_job *s = (struct search_job *)job;

    if (s->kind == FIND)
        take_find(app, u, s);
    else
        take_walk(app, u, s);
}
