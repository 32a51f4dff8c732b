/*
 * Walks: everything that no index serves, read range by range. A step asks Brain for the next range
 * and those of it who may match, Bot for their other halves, and keeps who matches; then come the
 * orphans, who begin in Bot. Ranges grow and shrink so that a step takes about 100 ms. What names a
 * few users exactly needs no ranges: walk_exact.c.
 */
#include "db/walk.h"

#include <string.h>

#include "zm/clock.h"

#define RANGE_FIRST 1000
#define RANGE_MIN 500
#define RANGE_MAX 20000
#define STEP_US 100000

static void begin(const struct db_step *s)
{
    struct db_walk *walk = s->walk;

    walk->range = RANGE_FIRST;
    walk->total = db_link_facts(s->brain ? s->brain : s->bot)->estimate;
    walk->place.segment = DB_SEGMENT_PASSWORD;
    if (!s->brain || (s->bot && s->conditions->orphans_only))
        walk->place.segment = DB_SEGMENT_ORPHANS;
    else if (s->only_rest || db_link_facts(s->brain)->logins == DB_LOGINS_VIEW)
        walk->place.segment = DB_SEGMENT_SSO;
}

void db_walk_next(struct db_walk *walk, enum db_segment segment)
{
    memset(&walk->place, 0, sizeof(walk->place));
    walk->place.segment = segment;
    walk->done = segment == DB_SEGMENT_END;
}

static void keep_matches(struct db_page *page, const struct db_filter *filter)
{
    size_t i, n = 0;

    for (i = 0; i < page->n; i++)
        if (db_filter_matches(filter, &page->users[i]))
            page->users[n++] = page->users[i];
    page->n = n;
}

static void adapt(struct db_walk *walk, int64_t took_us)
{
    double factor = STEP_US / (double)(took_us > 0 ? took_us : 1);
    double range = (double)walk->range * (factor > 2 ? 2 : factor < 0.5 ? 0.5 : factor);

    walk->range = range < RANGE_MIN ? RANGE_MIN : range > RANGE_MAX ? RANGE_MAX : (size_t)range;
}

static bool step(struct db_step *s, struct zm_error *err)
{
    const struct db_filter_term *exact = db_walk_exact_term(s->filter);
    struct db_walk before = *s->walk;

    if (exact)
        return db_walk_exact(s, exact, err);
    if (!s->brain && s->walk->place.segment != DB_SEGMENT_ORPHANS)
        db_walk_next(s->walk, DB_SEGMENT_ORPHANS); /* Brain has gone away on the way */
    if (s->walk->place.segment == DB_SEGMENT_ORPHANS) {
        if (s->bot)
            return db_walk_traders(s, err);
        db_walk_next(s->walk, DB_SEGMENT_END); /* Bot is away: who is only there cannot be known */
        return true;
    }
    if (db_walk_logins(s, err))
        return true;
    *s->walk = before;
    return false;
}

bool db_users_walk(struct db_session *session, const struct db_filter *filter, bool only_rest,
                   const struct db_policy *policy, struct db_walk *walk, struct db_page *page,
                   struct zm_error *err)
{
    struct db_step s = {.brain = db_session_link(session, DB_BRAIN),
                        .bot = db_session_link(session, DB_BOT),
                        .filter = filter,
                        .only_rest = only_rest,
                        .walk = walk,
                        .page = page};
    struct db_conditions conditions;
    int64_t from = zm_now_us();
    bool ok;

    if (walk->done)
        return true;
    if (!s.brain && !s.bot)
        return db_session_away(session, DB_BRAIN, "list the users", err);
    db_conditions_init(&conditions, filter);
    s.conditions = &conditions;
    if (walk->range == 0)
        begin(&s);
    ok = step(&s, err);
    db_conditions_done(&conditions);
    if (!ok) {
        db_page_done(page);
        return false;
    }
    adapt(walk, zm_now_us() - from);
    db_page_join(page, policy);
    keep_matches(page, filter);
    return true;
}
