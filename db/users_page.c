/*
 * Pages of users in an order that an index serves. A page is one or two segments of that order,
 * asked for in one round trip: the second costs nothing where the first has filled the page.
 */
#include "db/users.h"

#include <stdio.h>
#include <string.h>

#include "db/ranges.h"
#include "db/users_read.h"
#include "zm/str.h"

#define LIMIT_MAX 200

/* A segment of an order: users with a value by it, then users without one by id. */
struct selector {
    enum db_sql forward, back; /* DB_SQL_NONE: there is no such segment */
    bool by_key;               /* $1 is the place's key; else its id */
    void (*ranges)(const char *from, bool back, struct db_ranges *ret); /* for a view; NULL: none */
};

/* clang-format off */
static const struct selector selectors[DB_SORT_COUNT][2] = {
    [DB_SORT_EMAIL] = {
        {DB_SQL_BRAIN_USERS_BY_EMAIL, DB_SQL_BRAIN_USERS_BY_EMAIL_BACK, true, db_ranges_email},
        {DB_SQL_BRAIN_USERS_NO_EMAIL, DB_SQL_BRAIN_USERS_NO_EMAIL_BACK, false, NULL}},
    [DB_SORT_ID] = {
        {DB_SQL_BRAIN_USERS_BY_ID, DB_SQL_BRAIN_USERS_BY_ID_BACK, false, db_ranges_id},
        {DB_SQL_NONE, DB_SQL_NONE, false, NULL}},
    [DB_SORT_CREATED] = {
        {DB_SQL_BRAIN_USERS_BY_CREATED, DB_SQL_BRAIN_USERS_BY_CREATED_BACK, true, NULL},
        {DB_SQL_BRAIN_USERS_NO_CREATED, DB_SQL_BRAIN_USERS_NO_CREATED_BACK, false, NULL}},
    [DB_SORT_SIGN_IN] = {
        {DB_SQL_BRAIN_USERS_BY_SIGN_IN, DB_SQL_BRAIN_USERS_BY_SIGN_IN_BACK, true, NULL},
        {DB_SQL_BRAIN_USERS_NO_SIGN_IN, DB_SQL_BRAIN_USERS_NO_SIGN_IN_BACK, false, NULL}},
};
/* clang-format on */

/* The selectors of one page and the memory of their parameters. */
struct plan {
    struct db_ask
        asks[1 + DB_RANGES_MAX + 1 + DB_BRAIN_READERS]; /* the empty page, both segments */
    size_t n;
    struct db_ranges ranges;
    char limit[8];
};

/* Adds the asks for a segment, from the place or from its own beginning (end). */
static void add_segment(struct plan *plan, const struct selector *s, const struct db_place *place,
                        bool back, bool view)
{
    size_t i, n = 1, at = s->by_key ? 3 : 2;
    bool edge = !place || !place->id[0];

    if (s->forward == DB_SQL_NONE)
        return;
    if (view && s->ranges) {
        s->ranges(edge ? NULL : s->by_key ? place->key : place->id, back, &plan->ranges);
        n = plan->ranges.n + 1;
    }
    for (i = 0; i < n; i++) {
        struct db_ask *ask = &plan->asks[plan->n++];

        ask->sql = back ? s->back : s->forward;
        if (!edge && s->by_key)
            ask->params[0] = place->key;
        if (!edge)
            ask->params[at - 2] = place->id;
        ask->params[at - 1] = plan->limit;
        if (n > 1 && i > 0)
            ask->params[at] = plan->ranges.bound[i - 1];
        if (i + 1 < n)
            ask->params[at + 1] = plan->ranges.bound[i];
    }
}

static void add_segments(struct plan *plan, enum db_sort sort, const struct db_place *place,
                         bool back, bool view)
{
    const struct selector *with = &selectors[sort][0], *without = &selectors[sort][1];

    if (!back && place->segment == DB_SEGMENT_PASSWORD) {
        add_segment(plan, with, place, back, view);
        add_segment(plan, without, NULL, back, view);
    } else if (!back && place->segment == DB_SEGMENT_NO_EMAIL) {
        add_segment(plan, without, place, back, view);
    } else if (back && place->segment == DB_SEGMENT_PASSWORD) {
        if (place->id[0]) /* nothing is before the beginning */
            add_segment(plan, with, place, back, view);
    } else if (back) {
        add_segment(plan, without, place->segment == DB_SEGMENT_NO_EMAIL ? place : NULL, back,
                    view);
        add_segment(plan, with, NULL, back, view);
    }
}

static bool is_start(const struct db_place *place)
{
    return place->segment == DB_SEGMENT_PASSWORD && !place->id[0];
}

static void set_edges(struct db_page *page, enum db_sort sort, const struct db_place *place,
                      bool back, size_t limit)
{
    const struct db_rows *logins = &page->brain.logins;
    bool cut = logins->n >= limit;

    page->before = page->after = *place;
    if (logins->n > 0) {
        db_place_of(sort, DB_ROW(logins, struct db_login, 0), &page->before);
        db_place_of(sort, DB_ROW(logins, struct db_login, logins->n - 1), &page->after);
    }
    page->at_start = back ? !cut : is_start(place);
    page->at_end = back ? place->segment >= DB_SEGMENT_SSO : !cut;
}

bool db_users_page(struct db_link *brain, enum db_sort sort, const struct db_place *place,
                   bool back, size_t limit, struct db_page *page, struct zm_error *err)
{
    bool view = db_link_facts(brain)->logins == DB_LOGINS_VIEW, ok;
    struct plan *plan = zm_calloc(1, sizeof(*plan));
    struct db_brain_half half;

    if (limit > LIMIT_MAX)
        limit = LIMIT_MAX;
    snprintf(plan->limit, sizeof(plan->limit), "%zu", limit);
    plan->asks[plan->n++].sql = DB_SQL_BRAIN_USERS_GIVEN;
    plan->asks[0].params[0] = "{}";
    add_segments(plan, sort, place, back, view);
    ok = db_brain_read(brain, plan->asks, plan->n, &half, err);
    if (ok) {
        page->brain = half;
        page->brain_known = true;
        set_edges(page, sort, place, back, limit);
    }
    db_asks_done(plan->asks, plan->n + DB_BRAIN_READERS);
    free(plan);
    return ok;
}
