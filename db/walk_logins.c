/*
 * Ranges of logins: by e-mail, then by id those whom that order leaves out. Through a view all of
 * them by id, since only a comparison reaches its index.
 */
#include "db/walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/catalog.h"
#include "db/users_read.h"
#include "zm/str.h"

#define GUESSED_TOTAL 1000000 /* where the statistics say nothing */

static const char last_id[] = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/* What of a range by id is looked for; the statement knows them by number. */
enum kind { KIND_ALL, KIND_REST, KIND_SSO };

static bool is_view(const struct db_step *s)
{
    return db_link_facts(s->brain)->logins == DB_LOGINS_VIEW;
}

/* The id that lies about `range` users further on: ids are random, so they lie evenly. */
static void id_ahead(const struct db_walk *walk, char ret[37])
{
    int64_t total = walk->total > 0 ? walk->total : GUESSED_TOTAL;
    double share = (double)walk->range / (double)total;
    char digits[17] = "0000000000000000";
    uint64_t from, width;

    if (walk->place.id[0])
        snprintf(digits, sizeof(digits), "%.8s%.4s%.4s", walk->place.id, walk->place.id + 9,
                 walk->place.id + 14);
    from = strtoull(digits, NULL, 16);
    width = share >= 1 ? UINT64_MAX : (uint64_t)(share * 18446744073709549568.0);
    if (width > UINT64_MAX - from)
        from = UINT64_MAX;
    else
        from += width;
    snprintf(ret, 37, "%08" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-ffff-ffffffffffff", from >> 32,
             from >> 16 & 0xFFFF, from & 0xFFFF);
}

static void passed(struct db_step *s, const struct db_walk_row *row, const char *ahead)
{
    struct db_walk *walk = s->walk;
    bool whole = row->passed == row->in_range && row->in_range < (int64_t)walk->range;
    enum db_segment segment = walk->place.segment;

    walk->searched += row->searched;
    if (row->passed < row->in_range)
        walk->range = (size_t)row->passed; /* the page was full before */
    if (whole && (!ahead || strcmp(ahead, last_id) == 0))
        db_walk_next(walk, segment == DB_SEGMENT_PASSWORD ? DB_SEGMENT_SSO : DB_SEGMENT_ORPHANS);
    else if (whole)
        db_place_set(&walk->place, segment, "", ahead);
    else
        db_place_set(&walk->place, segment, row->email, row->id);
}

static bool read_range(struct db_step *s, struct zm_error *err)
{
    struct db_ask asks[1 + DB_BRAIN_READERS] = {{.sql = DB_SQL_BRAIN_WALK_LOGINS}};
    bool by_email = s->walk->place.segment == DB_SEGMENT_PASSWORD, ok;
    enum kind kind = s->only_rest ? KIND_SSO : is_view(s) ? KIND_ALL : KIND_REST;
    struct zm_error ignored;
    char range[12], number[4], ahead[37];

    snprintf(range, sizeof(range), "%zu", s->walk->range);
    snprintf(number, sizeof(number), "%d", (int)kind);
    id_ahead(s->walk, ahead);
    asks[0].params[0] = by_email ? "t" : "f";
    asks[0].params[1] = s->walk->place.key;
    asks[0].params[2] = s->walk->place.id[0] ? s->walk->place.id : NULL;
    asks[0].params[3] = range;
    asks[0].params[4] = is_view(s) ? ahead : NULL;
    asks[0].params[5] = number;
    asks[0].params[6] = DB_WALK_PAGE;
    db_conditions_login(s->conditions, &asks[0], 7);
    if (s->conditions->of_profile &&
        db_catalog_allows(db_link_catalog(s->brain), DB_SQL_BRAIN_WALK_LOGINS_NAMED, &ignored)) {
        asks[0].sql = DB_SQL_BRAIN_WALK_LOGINS_NAMED;
        db_conditions_named(s->conditions, &asks[0], 7);
    }
    ok = db_brain_read(s->brain, asks, 1, &s->page->brain, err);
    if (ok) {
        s->page->brain_known = true;
        passed(s, DB_ROW(&asks[0].rows, struct db_walk_row, 0), is_view(s) ? ahead : NULL);
    }
    db_asks_done(asks, 1 + DB_BRAIN_READERS);
    return ok;
}

/* Bot's halves of the users that Brain found. */
static bool read_halves(struct db_step *s, struct zm_error *err)
{
    const struct db_rows *logins = &s->page->brain.logins;
    const char **ids;
    size_t i;

    if (!s->bot || logins->n == 0)
        return true;
    ids = zm_calloc(logins->n, sizeof(*ids));
    for (i = 0; i < logins->n; i++)
        ids[i] = DB_ROW(logins, struct db_login, i)->id;
    s->page->bot_known = db_users_halves(s->bot, ids, logins->n, &s->page->bot, err);
    free(ids);
    return s->page->bot_known;
}

bool db_walk_logins(struct db_step *s, struct zm_error *err)
{
    return read_range(s, err) && read_halves(s, err);
}
