/*
 * Turns a filter into parameters: arrays of patterns and values. No SQL is built here; every
 * statement takes the same parameters whatever the filter, empty ones excluding nothing.
 */
#include "db/conditions.h"

#include <string.h>

void db_array_add(struct zm_buf *array, const char *element)
{
    zm_buf_puts(array, array->len ? ",\"" : "{\"");
    for (; *element; element++) {
        if (*element == '"' || *element == '\\')
            zm_buf_puts(array, "\\");
        zm_buf_add(array, element, 1);
    }
    zm_buf_puts(array, "\"");
}

void db_array_close(struct zm_buf *array)
{
    zm_buf_puts(array, array->len ? "}" : "{}");
}

void db_array_ids(struct zm_buf *array, const char *const *ids, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        zm_buf_puts(array, i ? "," : "{");
        zm_buf_puts(array, ids[i]);
    }
    zm_buf_puts(array, n ? "}" : "{}");
}

void db_like_add(struct zm_buf *pattern, const char *text)
{
    for (; *text; text++) {
        if (strchr("%_\\", *text))
            zm_buf_puts(pattern, "\\");
        zm_buf_add(pattern, text, 1);
    }
}

static void add_pattern(struct zm_buf *array, const char *text, bool whole)
{
    struct zm_buf pattern = {.s = NULL};

    zm_buf_puts(&pattern, whole ? "%\n" : "%");
    db_like_add(&pattern, text);
    zm_buf_puts(&pattern, whole ? "\n%" : "%");
    db_array_add(array, pattern.s);
    zm_buf_done(&pattern);
}

/* A phone is stored without its plus, so a typed one must not exclude it: the digits do for
 * finding. */
static void add_word(struct db_conditions *c, const struct db_filter_term *term)
{
    char first[37], last[37], digits[20];

    if (term->invert) {
        add_pattern(&c->unlike, term->value, term->exact);
        return;
    }
    if (db_filter_id_range(term->value, first, last))
        c->by_id = "t";
    if (term->value[0] == '+' && db_filter_phone(term->value, digits))
        add_pattern(&c->like, digits, false);
    else
        add_pattern(&c->like, term->value, term->exact);
}

/* yes and no at once keeps too much here, which is allowed. */
static const char *flag(const struct db_filter_term *term)
{
    return zm_streq(term->value, "yes") != term->invert ? "t" : "f";
}

void db_conditions_init(struct db_conditions *ret, const struct db_filter *filter)
{
    size_t i;

    memset(ret, 0, sizeof(*ret));
    ret->by_id = "f";
    for (i = 0; i < filter->n; i++) {
        const struct db_filter_term *term = &filter->term[i];

        if (term->key == DB_FILTER_WORD)
            add_word(ret, term);
        else if (term->key == DB_FILTER_TIER)
            db_array_add(term->invert ? &ret->not_tiers : &ret->tiers, term->value);
        else if (term->key == DB_FILTER_COUNTRY)
            db_array_add(term->invert ? &ret->not_countries : &ret->countries, term->value);
        else if (term->key == DB_FILTER_BANNED)
            ret->banned = flag(term);
        else if (term->key == DB_FILTER_CONFIRMED)
            ret->confirmed = flag(term);
        else if (term->key == DB_FILTER_SYNC && !term->invert)
            ret->orphans_only |= zm_streq(term->value, "orphan_in_bot");
    }
    ret->of_profile = ret->like.len || ret->unlike.len || ret->tiers.len || ret->not_tiers.len ||
                      ret->countries.len || ret->not_countries.len;
    db_array_close(&ret->like);
    db_array_close(&ret->unlike);
    db_array_close(&ret->tiers);
    db_array_close(&ret->not_tiers);
    db_array_close(&ret->countries);
    db_array_close(&ret->not_countries);
}

void db_conditions_done(struct db_conditions *c)
{
    zm_buf_done(&c->like);
    zm_buf_done(&c->unlike);
    zm_buf_done(&c->tiers);
    zm_buf_done(&c->not_tiers);
    zm_buf_done(&c->countries);
    zm_buf_done(&c->not_countries);
}

void db_conditions_text(const struct db_conditions *c, struct db_ask *ask, size_t at)
{
    ask->params[at] = c->like.s;
    ask->params[at + 1] = c->unlike.s;
    ask->params[at + 2] = c->by_id;
}

void db_conditions_login(const struct db_conditions *c, struct db_ask *ask, size_t at)
{
    db_conditions_text(c, ask, at);
    ask->params[at + 3] = c->banned;
    ask->params[at + 4] = c->confirmed;
}

void db_conditions_named(const struct db_conditions *c, struct db_ask *ask, size_t at)
{
    db_conditions_login(c, ask, at);
    ask->params[at + 5] = c->tiers.s;
    ask->params[at + 6] = c->not_tiers.s;
    ask->params[at + 7] = c->countries.s;
    ask->params[at + 8] = c->not_countries.s;
}
