/*
 * Takes an expression apart into tokens, leaves out what says nothing, and writes it again. Knows
 * the few ways in which PostgreSQL prints the expressions of the source document, not SQL.
 */
#include "db/schema_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_TOKENS 400

struct token {
    const char *s;
    size_t n;
};

struct tokens {
    struct token at[MAX_TOKENS];
    size_t n;
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is(const struct token *t, const char *word)
{
    return t->n == strlen(word) && strncasecmp(t->s, word, t->n) == 0;
}

/* The length of what begins at s and ends with the same quote; a doubled one belongs to it. */
static size_t quoted_length(const char *s)
{
    size_t i;

    for (i = 1; s[i]; i++) {
        if (s[i] != s[0])
            continue;
        if (s[i + 1] != s[0])
            return i + 1;
        i++;
    }
    return i;
}

static size_t token_length(const char *s)
{
    size_t n = 0;

    if (s[0] == '\'' || s[0] == '"')
        return quoted_length(s);
    while (is_word(s[n]))
        n++;
    if (n > 0)
        return n;
    if (strchr("()[],.;", s[0]))
        return 1;
    if (s[0] == ':' && s[1] == ':')
        return 2;
    while (s[n] && strchr("+-*/<>=~!@#%^&|`?:", s[n]))
        n++;
    return n > 0 ? n : 1;
}

static bool split(const char *s, struct tokens *ret)
{
    ret->n = 0;
    while (*(s += strspn(s, " \t\r\n"))) {
        if (ret->n == MAX_TOKENS)
            return false;
        ret->at[ret->n] = (struct token){s, token_length(s)};
        s += ret->at[ret->n++].n;
    }
    return true;
}

/* The index behind the type whose name begins at i: "character varying(20)[]". */
static size_t skip_type(const struct tokens *t, size_t i)
{
    static const char *const more[] = {"varying", "precision", "without", "with", "time", "zone"};
    size_t m;

    i++;
    while (i + 1 < t->n && is(&t->at[i], "."))
        i += 2;
    for (;;) {
        for (m = 0; i < t->n && m < ZM_COUNT(more) && !is(&t->at[i], more[m]); m++)
            continue;
        if (i < t->n && m < ZM_COUNT(more)) {
            i++;
        } else if (i < t->n && is(&t->at[i], "(")) {
            while (i < t->n && !is(&t->at[i], ")"))
                i++;
            i++;
        } else if (i + 1 < t->n && is(&t->at[i], "[") && is(&t->at[i + 1], "]")) {
            i += 2;
        } else {
            return i < t->n ? i : t->n;
        }
    }
}

static void drop_casts(struct tokens *t)
{
    size_t from, to = 0;

    for (from = 0; from < t->n;) {
        if (is(&t->at[from], "::") && from + 1 < t->n)
            from = skip_type(t, from + 1);
        else
            t->at[to++] = t->at[from++];
    }
    t->n = to;
}

/* The schemas that make no difference. */
static bool is_schema_of_no_matter(const struct tokens *t, size_t i)
{
    if (i + 2 >= t->n || !is(&t->at[i + 1], "."))
        return false;
    return is(&t->at[i], "pg_catalog") || is(&t->at[i + 2], "uuid_generate_v4");
}

static void unify_names(struct tokens *t)
{
    static const struct token now[] = {{"now", 3}, {"(", 1}, {")", 1}};
    size_t i, from, to = 0;

    for (from = 0; from < t->n; from++) {
        if (is_schema_of_no_matter(t, from))
            from += 2;
        t->at[to++] = t->at[from];
        if (is(&t->at[from], "transaction_timestamp"))
            t->at[to - 1] = now[0];
    }
    t->n = to;
    for (i = 0; i < t->n && t->n + 2 <= MAX_TOKENS; i++) {
        if (!is(&t->at[i], "current_timestamp") && !is(&t->at[i], "localtimestamp"))
            continue;
        memmove(&t->at[i + 3], &t->at[i + 1], (t->n - i - 1) * sizeof(t->at[0]));
        memcpy(&t->at[i], now, sizeof(now));
        t->n += 2;
    }
}

/* ( SELECT auth.uid() AS uid): how the server writes what is asked once a statement. */
static void unwrap_selects(struct tokens *t)
{
    size_t from, to = 0;

    for (from = 0; from < t->n; from++) {
        if (is(&t->at[from], "SELECT") && from > 0 && is(&t->at[from - 1], "("))
            continue;
        if (is(&t->at[from], "AS") && from + 2 < t->n && is(&t->at[from + 2], ")")) {
            from++;
            continue;
        }
        t->at[to++] = t->at[from];
    }
    t->n = to;
}

/* Whether "(" at i follows the name of a function. */
static bool is_call(const struct tokens *t, size_t i)
{
    static const char *const operators[] = {"ANY",   "ALL",  "AND",    "OR",   "NOT",
                                            "CHECK", "CASE", "SELECT", "WHEN", "IN"};
    size_t o;

    if (i == 0 || (!is_word(t->at[i - 1].s[0]) && t->at[i - 1].s[0] != '"'))
        return false;
    for (o = 0; o < ZM_COUNT(operators); o++)
        if (is(&t->at[i - 1], operators[o]))
            return false;
    return true;
}

static void drop_groups(struct tokens *t)
{
    bool keep[MAX_TOKENS];
    size_t open[MAX_TOKENS], depth = 0, i, to = 0;

    for (i = 0; i < t->n; i++) {
        keep[i] = true;
        if (is(&t->at[i], "(")) {
            keep[i] = is_call(t, i);
            open[depth++] = i;
        } else if (is(&t->at[i], ")") && depth > 0) {
            keep[i] = keep[open[--depth]];
        }
    }
    for (i = 0; i < t->n; i++)
        if (keep[i] && !(i == 0 && is(&t->at[i], "CHECK")))
            t->at[to++] = t->at[i];
    t->n = to;
}

static int by_text(const void *a, const void *b)
{
    const struct token *x = a, *y = b;
    int way = memcmp(x->s, y->s, x->n < y->n ? x->n : y->n);

    return way ? way : (x->n > y->n) - (x->n < y->n);
}

/* 'c' , 'a' , 'b' between the brackets of ARRAY. */
static void sort_words(struct tokens *t, size_t from)
{
    struct token words[MAX_TOKENS];
    size_t n = 0, i;

    for (i = from; i < t->n && !is(&t->at[i], "]"); i++) {
        if ((i - from) % 2 == 1 ? !is(&t->at[i], ",") : t->at[i].s[0] != '\'')
            return;
        if ((i - from) % 2 == 0)
            words[n++] = t->at[i];
    }
    if (n > 0)
        qsort(words, n, sizeof(words[0]), by_text);
    for (i = 0; i < n; i++)
        t->at[from + 2 * i] = words[i];
}

static bool is_connective(const struct token *t)
{
    return is(t, "AND") || is(t, "OR") || is(t, "NOT");
}

static void write_range(const struct tokens *t, size_t from, size_t to, struct zm_buf *ret)
{
    size_t i;

    for (i = from; i < to; i++) {
        const struct token *last = i > from ? &t->at[i - 1] : NULL;
        bool words = last && is_word(t->at[i].s[0]) && (is_word(last->s[0]) || last->s[0] == '\'');

        if (words || (last && (is_connective(last) || is_connective(&t->at[i]))))
            zm_buf_puts(ret, " ");
        zm_buf_add(ret, t->at[i].s, t->at[i].n);
    }
}

/* The index of a lone "=", n where there is more than that. */
static size_t find_equals(const struct tokens *t)
{
    size_t i, at = t->n;

    for (i = 0; i < t->n; i++) {
        if (is_connective(&t->at[i]) || is(&t->at[i], "ANY"))
            return t->n;
        if (is(&t->at[i], "=") && at < t->n)
            return t->n;
        if (is(&t->at[i], "="))
            at = i;
    }
    return at;
}

static void write_sides(const struct tokens *t, size_t equals, struct zm_buf *ret)
{
    struct zm_buf left = {.s = NULL}, right = {.s = NULL};
    bool turned;

    write_range(t, 0, equals, &left);
    write_range(t, equals + 1, t->n, &right);
    turned = strcmp(zm_text(left.s), zm_text(right.s)) > 0;
    zm_buf_printf(ret, "%s=%s", zm_text(turned ? right.s : left.s),
                  zm_text(turned ? left.s : right.s));
    zm_buf_done(&left);
    zm_buf_done(&right);
}

void db_schema_text(const char *expression, struct zm_buf *ret)
{
    struct tokens t;
    size_t i, equals;

    if (!expression)
        return;
    if (!split(expression, &t)) {
        zm_buf_puts(ret, expression);
        return;
    }
    drop_casts(&t);
    unify_names(&t);
    unwrap_selects(&t);
    drop_groups(&t);
    for (i = 1; i < t.n; i++)
        if (is(&t.at[i], "[") && is(&t.at[i - 1], "ARRAY"))
            sort_words(&t, i + 1);
    equals = find_equals(&t);
    if (equals < t.n)
        write_sides(&t, equals, ret);
    else
        write_range(&t, 0, t.n, ret);
}

bool db_schema_text_same(const char *a, const char *b)
{
    struct zm_buf x = {.s = NULL}, y = {.s = NULL};
    bool same;

    if (!a || !b)
        return a == b;
    db_schema_text(a, &x);
    db_schema_text(b, &y);
    same = strcmp(zm_text(x.s), zm_text(y.s)) == 0;
    zm_buf_done(&x);
    zm_buf_done(&y);
    return same;
}
