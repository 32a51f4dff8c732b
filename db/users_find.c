/*
 * The indexed look-up: for every word the users whose e-mail, phone, id or name begins with it,
 * then of all of these the ones that every word and condition may be true of. One round trip.
 */
#include "db/users.h"

#include <stdio.h>
#include <string.h>

#include "db/catalog.h"
#include "db/conditions.h"
#include "db/ranges.h"
#include "db/users_read.h"

#define WORDS_MAX 3       /* words that are looked up; the others only narrow */
#define CANDIDATES "1000" /* for one index, where they will be narrowed */
#define ASKS_MAX (WORDS_MAX * (DB_RANGES_MAX + 8) + 8)

/* One look-up being put together: its asks and the memory of their parameters. */
struct find {
    struct db_link *brain;
    bool names; /* profiles are looked at */
    struct db_ask asks[ASKS_MAX];
    size_t n;
    struct zm_arena arena;
    struct db_conditions conditions;
    char limit[8];
    const char *candidates;
};

static struct db_ask *add(struct find *f, enum db_sql sql)
{
    struct db_ask *ask = &f->asks[f->n++];

    ask->sql = sql;
    return ask;
}

static bool allows(const struct find *f, enum db_sql sql)
{
    struct zm_error ignored;

    return db_catalog_allows(db_link_catalog(f->brain), sql, &ignored);
}

/* text as a pattern in the arena: for what begins with it, or is it. */
static const char *pattern(struct find *f, const char *text, bool exact)
{
    struct zm_buf buf = {.s = NULL};
    const char *ret;

    db_like_add(&buf, text);
    zm_buf_puts(&buf, exact ? "" : "%");
    ret = zm_arena_strdup(&f->arena, buf.s ? buf.s : "");
    zm_buf_done(&buf);
    return ret;
}

static void add_email(struct find *f, const struct db_filter_term *term)
{
    bool view = db_link_facts(f->brain)->logins == DB_LOGINS_VIEW;
    struct db_ranges *ranges = zm_arena_zalloc(&f->arena, sizeof(*ranges));
    struct db_ask *ask;
    size_t i;

    if (view && !term->exact)
        db_ranges_prefix(term->value, ranges);
    for (i = 0; i <= ranges->n; i++) {
        ask = add(f, DB_SQL_BRAIN_FIND_EMAIL);
        ask->params[0] = term->value;
        ask->params[1] = term->exact ? "t" : "f";
        ask->params[2] = f->candidates;
        ask->params[3] = i > 0 ? ranges->bound[i - 1] : NULL;
        ask->params[4] = i < ranges->n ? ranges->bound[i] : NULL;
    }
    if (view)
        return;
    ask = add(f, DB_SQL_BRAIN_FIND_EMAIL_LOWER);
    ask->params[0] = term->value;
    ask->params[1] = term->exact ? "t" : "f";
    ask->params[2] = f->candidates;
    if (!allows(f, DB_SQL_BRAIN_FIND_IDENTITY))
        return;
    ask = add(f, DB_SQL_BRAIN_FIND_IDENTITY);
    ask->params[0] = pattern(f, term->value, term->exact);
    ask->params[1] = f->candidates;
}

static void add_id(struct find *f, const struct db_filter_term *term)
{
    char *first = zm_arena_alloc(&f->arena, 37), *last = zm_arena_alloc(&f->arena, 37);
    struct db_ask *ask;

    if (!db_filter_id_range(term->value, first, last) || (term->exact && strcmp(first, last) != 0))
        return;
    ask = add(f, DB_SQL_BRAIN_FIND_ID);
    ask->params[0] = first;
    ask->params[1] = last;
    ask->params[2] = f->candidates;
}

static void add_phone(struct find *f, const struct db_filter_term *term)
{
    char *digits = zm_arena_alloc(&f->arena, 20);
    struct db_ask *ask;

    if (!db_filter_phone(term->value, digits))
        return;
    ask = add(f, DB_SQL_BRAIN_FIND_PHONE);
    ask->params[0] = digits;
    ask->params[1] = term->exact ? "t" : "f";
    ask->params[2] = f->candidates;
}

static void add_name(struct find *f, const char *name, bool exact)
{
    struct db_ask *ask;

    if (!f->names)
        return;
    ask = add(f, DB_SQL_BRAIN_FIND_NAME);
    ask->params[0] = pattern(f, name, exact);
    ask->params[1] = f->candidates;
}

/* What is an id first, then e-mails; names begin with more words than e-mails do. */
static void add_words(struct find *f, const struct db_filter *filter)
{
    struct zm_buf phrase = {.s = NULL};
    size_t i, words = 0;

    for (i = 0; i < filter->n; i++) {
        const struct db_filter_term *term = &filter->term[i];

        if (term->key != DB_FILTER_WORD || term->invert || words == WORDS_MAX)
            continue;
        add_id(f, term);
        add_email(f, term);
        add_phone(f, term);
        add_name(f, term->value, term->exact);
        zm_buf_puts(&phrase, words++ > 0 ? " " : "");
        zm_buf_puts(&phrase, term->value);
    }
    if (words > 1) /* "ana pop" is a name before it is two words */
        add_name(f, phrase.s, false);
    zm_buf_done(&phrase);
}

static void add_narrow(struct find *f)
{
    struct db_ask *ask =
        add(f, f->names ? DB_SQL_BRAIN_FIND_NARROW_NAMED : DB_SQL_BRAIN_FIND_NARROW);

    ask->params[0] = f->limit;
    if (f->names)
        db_conditions_named(&f->conditions, ask, 1);
    else
        db_conditions_login(&f->conditions, ask, 1);
}

static bool find(struct db_link *brain, const struct db_filter *filter, size_t limit, bool names,
                 struct db_page *page, struct zm_error *err)
{
    struct find *f = zm_calloc(1, sizeof(*f));
    struct db_brain_half half;
    bool ok;

    f->brain = brain;
    f->names = names;
    snprintf(f->limit, sizeof(f->limit), "%zu", limit);
    f->candidates = filter->n > 1 ? CANDIDATES : f->limit;
    db_conditions_init(&f->conditions, filter);
    add(f, DB_SQL_BRAIN_USERS_GIVEN)->params[0] = "{}";
    add_words(f, filter);
    add_narrow(f);
    ok = db_brain_read(brain, f->asks, f->n, &half, err);
    if (ok) {
        page->brain = half;
        page->brain_known = page->at_start = page->at_end = true;
    }
    db_asks_done(f->asks, f->n + DB_BRAIN_READERS);
    db_conditions_done(&f->conditions);
    zm_arena_done(&f->arena);
    free(f);
    return ok;
}

bool db_users_find(struct db_link *brain, const struct db_filter *filter, size_t limit,
                   struct db_page *page, struct zm_error *err)
{
    const struct db_catalog *catalog = db_link_catalog(brain);
    struct zm_error why;

    if (db_catalog_allows(catalog, DB_SQL_BRAIN_FIND_NAME, &why) &&
        db_catalog_allows(catalog, DB_SQL_BRAIN_FIND_NARROW_NAMED, &why)) {
        if (find(brain, filter, limit, true, page, &why))
            return true;
        if (!db_link_is_open(brain) || why.kind == ZM_ERR_CANCELLED) {
            if (err)
                *err = why;
            return false;
        }
    }
    return find(brain, filter, limit, false, page, err); /* profiles are locked, or not there */
}
