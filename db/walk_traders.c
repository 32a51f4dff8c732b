/*
 * Ranges of trading profiles, for the orphans: users of Bot whom Brain does not know.
 */
#include "db/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/users_read.h"
#include "zm/str.h"

static void passed_traders(struct db_step *s, const struct db_walk_row *row)
{
    if (!s->brain)
        s->walk->searched += row->searched;
    if (row->passed < row->in_range)
        s->walk->range = (size_t)row->passed; /* the page was full before */
    if (row->passed == row->in_range && row->in_range < (int64_t)s->walk->range)
        db_walk_next(s->walk, DB_SEGMENT_END);
    else
        db_place_set(&s->walk->place, DB_SEGMENT_ORPHANS, "", row->id);
}

static void ask_traders(const struct db_step *s, struct db_ask *ask, char range[12])
{
    snprintf(range, 12, "%zu", s->walk->range);
    ask->sql = DB_SQL_BOT_WALK_TRADERS;
    ask->params[0] = s->walk->place.id[0] ? s->walk->place.id : NULL;
    ask->params[1] = range;
    ask->params[2] = s->brain ? range : DB_WALK_PAGE; /* ids only, or rows */
    db_conditions_text(s->conditions, ask, 3);
}

/* Which of the users of a range of Bot have no login, and their rows. */
static bool keep_orphans(struct db_step *s, const char *users, struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BRAIN_LOGINS_MISSING, .params = {users}};
    const char **ids;
    size_t i;
    bool ok = true;

    if (!db_link_read(s->brain, &ask, 1, err))
        return false;
    if (!ask.ok) {
        if (err)
            *err = ask.err;
        return false;
    }
    ids = zm_calloc(ask.rows.n, sizeof(*ids));
    for (i = 0; i < ask.rows.n; i++)
        ids[i] = DB_ROW(&ask.rows, struct db_id_row, i)->id;
    if (ask.rows.n > 0)
        ok = db_users_halves(s->bot, ids, ask.rows.n, &s->page->bot, err);
    s->page->brain_known = s->page->bot_known = true;
    s->page->brain.profile_known = s->page->brain.active_known = true; /* they need a login */
    free(ids);
    db_asks_done(&ask, 1);
    return ok;
}

/* With Brain away everybody in Bot is somebody of whom the rest is unknown. */
bool db_walk_traders(struct db_step *s, struct zm_error *err)
{
    struct db_ask asks[1 + DB_BOT_READERS];
    struct db_walk before = *s->walk;
    char range[12];
    bool ok;

    memset(asks, 0, sizeof(asks));
    ask_traders(s, &asks[0], range);
    if (!s->brain) {
        ok = db_bot_read(s->bot, asks, 1, &s->page->bot, err);
        s->page->bot_known = ok;
    } else {
        ok = db_link_read(s->bot, asks, 1, err);
        if (ok && !asks[0].ok && err)
            *err = asks[0].err;
        ok = ok && asks[0].ok;
    }
    if (ok) {
        const struct db_walk_row *row = DB_ROW(&asks[0].rows, struct db_walk_row, 0);

        passed_traders(s, row);
        if (s->brain)
            ok = keep_orphans(s, row->page, err);
    }
    if (!ok)
        *s->walk = before;
    db_asks_done(asks, 1 + DB_BOT_READERS);
    return ok;
}
