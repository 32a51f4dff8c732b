/*
 * The differences of two texts by their longest common sequence of lines. Pure.
 */
#include "db/text_diff.h"

#include "zm/arena.h"

#define CONTEXT 2
#define CELLS (2 * 1024 * 1024) /* of the table of lengths; beyond it nothing is compared */

struct line {
    const char *s;
    size_t n;
};
struct text {
    struct line *line;
    size_t n;
};
struct edit {
    char sign; /* ' ', '-' or '+' */
    struct line line;
};
struct edits {
    struct edit *edit;
    size_t n;
};

static void split(struct zm_arena *arena, const char *s, struct text *ret)
{
    const char *at;
    size_t count = 1;

    for (at = s; *at; at++)
        count += *at == '\n';
    ret->line = zm_arena_alloc(arena, count * sizeof(*ret->line));
    for (ret->n = 0; *s; ret->n++) {
        ret->line[ret->n] = (struct line){s, strcspn(s, "\n")};
        s += ret->line[ret->n].n;
        s += *s == '\n';
    }
}

static bool same(const struct line *a, const struct line *b)
{
    return a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

static void add(struct edits *e, char sign, const struct line *line)
{
    e->edit[e->n++] = (struct edit){sign, *line};
}

/* The lines that neither begin nor end both texts; lengths are those of what follows. */
static void compare(struct zm_arena *arena, const struct text *a, const struct text *b,
                    struct edits *ret)
{
    size_t i, j, wide = b->n + 1, cells = (a->n + 1) * wide;
    unsigned *length = cells <= CELLS ? zm_arena_zalloc(arena, cells * sizeof(*length)) : NULL;

    for (i = a->n; length && i-- > 0;)
        for (j = b->n; j-- > 0;) {
            unsigned down = length[(i + 1) * wide + j], right = length[i * wide + j + 1];

            length[i * wide + j] = same(&a->line[i], &b->line[j])
                                       ? length[(i + 1) * wide + j + 1] + 1
                                   : down > right ? down
                                                  : right;
        }
    for (i = j = 0; i < a->n || j < b->n;) {
        bool both = i < a->n && j < b->n;

        if (length && both && same(&a->line[i], &b->line[j])) {
            add(ret, ' ', &a->line[i++]);
            j++;
        } else if (j == b->n ||
                   (both && (!length || length[(i + 1) * wide + j] >= length[i * wide + j + 1]))) {
            add(ret, '-', &a->line[i++]);
        } else {
            add(ret, '+', &b->line[j++]);
        }
    }
}

static void make_edits(struct zm_arena *arena, const struct text *a, const struct text *b,
                       struct edits *ret)
{
    size_t first = 0, last = 0, i;
    struct text middle_a, middle_b;

    while (first < a->n && first < b->n && same(&a->line[first], &b->line[first]))
        first++;
    while (last < a->n - first && last < b->n - first &&
           same(&a->line[a->n - 1 - last], &b->line[b->n - 1 - last]))
        last++;
    ret->edit = zm_arena_alloc(arena, (a->n + b->n + 1) * sizeof(*ret->edit));
    for (i = 0; i < first; i++)
        add(ret, ' ', &a->line[i]);
    middle_a = (struct text){a->line + first, a->n - first - last};
    middle_b = (struct text){b->line + first, b->n - first - last};
    compare(arena, &middle_a, &middle_b, ret);
    for (i = a->n - last; i < a->n; i++)
        add(ret, ' ', &a->line[i]);
}

/* Where the hunk that holds the change at `from` ends: after as many equal lines as are shown. */
static size_t hunk_end(const struct edits *e, size_t from)
{
    size_t i, end = from;

    for (i = from; i < e->n && i <= end + 2 * CONTEXT + 1; i++)
        if (e->edit[i].sign != ' ')
            end = i;
    return end + 1 + CONTEXT < e->n ? end + 1 + CONTEXT : e->n;
}

static void add_hunk(const struct edits *e, size_t from, size_t to, size_t before, size_t after,
                     struct zm_buf *ret)
{
    size_t i, n_before = 0, n_after = 0;

    for (i = from; i < to; i++) {
        n_before += e->edit[i].sign != '+';
        n_after += e->edit[i].sign != '-';
    }
    zm_buf_printf(ret, "@@ -%zu,%zu +%zu,%zu @@\n", before + (n_before > 0), n_before,
                  after + (n_after > 0), n_after);
    for (i = from; i < to; i++) {
        zm_buf_add(ret, &e->edit[i].sign, 1);
        zm_buf_add(ret, e->edit[i].line.s, e->edit[i].line.n);
        zm_buf_puts(ret, "\n");
    }
}

void db_text_diff(const char *name_before, const char *before, const char *name_after,
                  const char *after, struct zm_buf *ret)
{
    struct zm_arena arena = {.head = NULL};
    struct edits e = {.edit = NULL};
    struct text a, b;
    size_t i, done = 0, at_before = 0, at_after = 0;

    split(&arena, before, &a);
    split(&arena, after, &b);
    make_edits(&arena, &a, &b, &e);
    for (i = 0; i < e.n; i++) {
        size_t from = i > CONTEXT ? i - CONTEXT : 0, to;

        if (e.edit[i].sign == ' ')
            continue;
        if (done == 0)
            zm_buf_printf(ret, "--- %s\n+++ %s\n", name_before, name_after);
        to = hunk_end(&e, i);
        for (; done < from; done++) {
            at_before += e.edit[done].sign != '+';
            at_after += e.edit[done].sign != '-';
        }
        add_hunk(&e, from, to, at_before, at_after, ret);
        i = to - 1;
        for (; done < to; done++) {
            at_before += e.edit[done].sign != '+';
            at_after += e.edit[done].sign != '-';
        }
    }
    zm_arena_done(&arena);
}

int db_text_first_difference(const char *before, const char *after, const char **ret_before,
                             const char **ret_after)
{
    int line = 1;

    *ret_before = before;
    *ret_after = after;
    for (; *before && *before == *after; before++, after++)
        if (*before == '\n') {
            line++;
            *ret_before = before + 1;
            *ret_after = after + 1;
        }
    return *before == *after ? 0 : line;
}
