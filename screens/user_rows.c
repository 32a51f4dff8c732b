/*
 * The window over a long list of one user: the places where its pages begin, and the rows around
 * what is shown. Knows rows by their shape only; asks no database and draws nothing.
 */
#include "screens/user_rows.h"

#include <stdlib.h>
#include <string.h>

#include "zm/arena.h"
#include "zm/str.h"

static const char *text_member(const struct db_shape *shape, const void *item, const char *name)
{
    size_t i;

    for (i = 0; i < shape->n_fields; i++)
        if (strcmp(shape->fields[i].name, name) == 0)
            return *(const char *const *)(const void *)((const char *)item +
                                                        shape->fields[i].offset);
    return NULL;
}

static const void *item_of(const struct user_rows *list, const struct db_rows *rows, size_t i)
{
    return (const char *)rows->items + i * list->shape->size;
}

static struct user_key key_of(const struct user_rows *list, const struct db_rows *rows, size_t i)
{
    const void *item = item_of(list, rows, i);
    struct user_key key = {{0}, {0}};

    zm_copy(key.created_at, sizeof(key.created_at), text_member(list->shape, item, "created_at"));
    zm_copy(key.id, sizeof(key.id), text_member(list->shape, item, "id"));
    return key;
}

static bool same_key(const struct user_key *a, const struct user_key *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->created_at, b->created_at) == 0;
}

static void unload(struct user_page *page)
{
    db_rows_done(&page->rows);
    memset(&page->rows, 0, sizeof(page->rows));
    page->loaded = false;
    page->skip = 0;
}

void user_rows_done(struct user_rows *list)
{
    const struct db_shape *shape = list->shape;
    size_t i;

    for (i = 0; i < list->n_pages; i++)
        unload(&list->page[i]);
    free(list->page);
    memset(list, 0, sizeof(*list));
    list->shape = shape;
}

static void count(struct user_rows *list)
{
    size_t i;

    list->n = 0;
    for (i = 0; i < list->n_pages; i++) {
        list->page[i].first = list->n;
        list->n += list->page[i].n;
    }
}

static struct user_page *insert(struct user_rows *list, size_t at)
{
    if (list->n_pages == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 8;
        list->page = zm_realloc(list->page, list->cap * sizeof(*list->page));
    }
    memmove(list->page + at + 1, list->page + at, (list->n_pages - at) * sizeof(*list->page));
    memset(&list->page[at], 0, sizeof(list->page[at]));
    list->n_pages++;
    return &list->page[at];
}

static void drop_page(struct user_rows *list, size_t at)
{
    unload(&list->page[at]);
    list->n_pages--;
    memmove(list->page + at, list->page + at + 1, (list->n_pages - at) * sizeof(*list->page));
}

static void load(struct user_page *page, struct db_rows *rows, size_t skip)
{
    unload(page);
    page->rows = *rows;
    page->skip = skip;
    page->loaded = true;
    memset(rows, 0, sizeof(*rows));
}

static void begin(struct user_rows *list, struct db_rows *rows, size_t limit)
{
    struct user_page *page;
    size_t n = rows->n;

    user_rows_done(list);
    list->at_end = n < limit;
    if (n == 0) {
        db_rows_done(rows);
        memset(rows, 0, sizeof(*rows));
        return;
    }
    list->newest = key_of(list, rows, 0);
    list->oldest = key_of(list, rows, n - 1);
    page = insert(list, 0);
    page->n = n;
    load(page, rows, 0);
    count(list);
}

/* The row of the answer that was the newest before; rows->n when it is not among them. */
static size_t find_newest(const struct user_rows *list, const struct db_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        struct user_key key = key_of(list, rows, i);

        if (same_key(&key, &list->newest))
            break;
    }
    return i;
}

/* Nothing is new: the first page shows the same rows with today's values. False: some are gone. */
static bool renew(struct user_rows *list, struct db_rows *rows)
{
    struct user_page *page = &list->page[0];
    struct user_key last;

    if (rows->n < page->n)
        return false;
    last = key_of(list, rows, page->n - 1);
    if (!same_key(&last, list->n_pages > 1 ? &list->page[1].after : &list->oldest))
        return false;
    load(page, rows, 0);
    return true;
}

/* k rows are new: a page in front, which takes over the rows of the old first page that it also
 * has. */
static void extend(struct user_rows *list, struct db_rows *rows, size_t k)
{
    size_t old = list->page[0].n, covered = rows->n - k < old ? rows->n - k : old;
    struct user_page *page;

    list->newest = key_of(list, rows, 0);
    if (covered == old) {
        drop_page(list, 0);
    } else {
        page = &list->page[0];
        page->skip += covered;
        page->n -= covered;
        page->after = key_of(list, rows, k + covered - 1);
    }
    page = insert(list, 0);
    page->n = k + covered;
    load(page, rows, 0);
    count(list);
}

size_t user_rows_newest(struct user_rows *list, struct db_rows *rows, size_t limit, size_t top,
                        size_t page, bool *ret_restarted)
{
    size_t k = list->n_pages ? find_newest(list, rows) : rows->n;
    bool overlaps = list->n_pages && k < rows->n;

    *ret_restarted = false;
    if (overlaps && k == 0 && renew(list, rows))
        return 0;
    if (overlaps && k > 0 && top + page + k > rows->n) {
        extend(list, rows, k);
        return k;
    }
    if (!overlaps && top > 0 &&
        rows->n > 0) { /* far below, and too much is new: keep what is shown */
        db_rows_done(rows);
        memset(rows, 0, sizeof(*rows));
        return 0;
    }
    *ret_restarted = !overlaps || k == 0;
    begin(list, rows, limit);
    return overlaps ? k : 0;
}

/* The index of the page that holds a row; n_pages past the end. */
static size_t page_of(const struct user_rows *list, size_t row)
{
    size_t low = 0, high = list->n_pages;

    if (row >= list->n)
        return list->n_pages;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (list->page[middle].first <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool user_rows_wants(const struct user_rows *list, size_t top, size_t page, struct user_key *ret)
{
    size_t from = top > USER_ROWS_AHEAD ? top - USER_ROWS_AHEAD : 0;
    size_t to = top + page + USER_ROWS_AHEAD, i;

    for (i = page_of(list, from); i < list->n_pages && list->page[i].first < to; i++)
        if (!list->page[i].loaded) {
            *ret = list->page[i].after;
            return true;
        }
    if (to < list->n || list->at_end || list->n == 0)
        return false;
    *ret = list->oldest;
    return true;
}

bool user_rows_page_of(const struct user_rows *list, size_t row, struct user_key *ret)
{
    size_t at = page_of(list, row);

    if (at == 0 || at == list->n_pages)
        return false;
    *ret = list->page[at].after;
    return true;
}

/* What lies after the oldest row so far. */
static void append(struct user_rows *list, struct db_rows *rows)
{
    struct user_page *page;

    list->at_end = rows->n < USER_ROWS_PAGE;
    if (rows->n == 0) {
        db_rows_done(rows);
        memset(rows, 0, sizeof(*rows));
        return;
    }
    page = insert(list, list->n_pages);
    page->after = list->oldest;
    page->n = rows->n;
    list->oldest = key_of(list, rows, rows->n - 1);
    load(page, rows, 0);
    count(list);
}

void user_rows_put(struct user_rows *list, const struct user_key *after, struct db_rows *rows)
{
    size_t i;

    if (list->n_pages && same_key(after, &list->oldest)) {
        append(list, rows);
        return;
    }
    for (i = 0; i < list->n_pages; i++)
        if (same_key(after, &list->page[i].after)) {
            if (rows->n < list->page[i].n)
                list->page[i].n = rows->n;
            load(&list->page[i], rows, 0);
            count(list);
            return;
        }
    db_rows_done(rows);
    memset(rows, 0, sizeof(*rows));
}

void user_rows_trim(struct user_rows *list, size_t top, size_t page)
{
    size_t from = top > USER_ROWS_KEEP ? top - USER_ROWS_KEEP : 0, to = top + page + USER_ROWS_KEEP;
    size_t i;

    for (i = 1; i < list->n_pages; i++) /* the newest is read by every refresh anyway */
        if (list->page[i].first >= to || list->page[i].first + list->page[i].n <= from)
            unload(&list->page[i]);
    for (i = 1; i + 1 < list->n_pages;) {
        struct user_page *p = &list->page[i], *next = p + 1;

        if (p->loaded || next->loaded || p->n + next->n > USER_ROWS_PAGE) {
            i++;
            continue;
        }
        p->n += next->n; /* what refreshes have cut into pieces is read as one page again */
        drop_page(list, i + 1);
    }
    count(list);
}

const void *user_rows_at(const struct user_rows *list, size_t row)
{
    size_t at = page_of(list, row), i;

    if (at == list->n_pages || !list->page[at].loaded)
        return NULL;
    i = list->page[at].skip + row - list->page[at].first;
    return i < list->page[at].rows.n ? item_of(list, &list->page[at].rows, i) : NULL;
}

size_t user_rows_held(const struct user_rows *list)
{
    size_t i, n = 0;

    for (i = 0; i < list->n_pages; i++)
        n += list->page[i].loaded;
    return n;
}
