/*
 * The window of loaded rows behind the list of users. Knows records and ids, no database call, no
 * screen.
 */
#include "screens/users_rows.h"

#include <stdlib.h>
#include <string.h>

#include "zm/arena.h"
#include "zm/str.h"

static void chunk_free(struct users_chunk *chunk)
{
    db_page_done(&chunk->page);
    free(chunk);
}

/* Frees what no row shows any more. */
static void sweep(struct users_rows *rows)
{
    size_t i, kept = 0;

    for (i = 0; i < rows->n_chunks; i++) {
        if (rows->chunk[i]->refs > 0)
            rows->chunk[kept++] = rows->chunk[i];
        else
            chunk_free(rows->chunk[i]);
    }
    rows->n_chunks = kept;
}

static struct users_chunk *adopt(struct users_rows *rows, struct db_page *page)
{
    struct users_chunk *chunk = zm_calloc(1, sizeof(*chunk));

    chunk->page = *page;
    memset(page, 0, sizeof(*page));
    chunk->serial = ++rows->next_serial;
    if (rows->n_chunks == rows->cap_chunks) {
        rows->cap_chunks = rows->cap_chunks ? rows->cap_chunks * 2 : 8;
        rows->chunk = zm_realloc(rows->chunk, rows->cap_chunks * sizeof(struct users_chunk *));
    }
    rows->chunk[rows->n_chunks++] = chunk;
    return chunk;
}

static void reserve(struct users_rows *rows, size_t more)
{
    if (rows->n + more <= rows->cap)
        return;
    rows->cap = (rows->n + more) * 2;
    rows->row = zm_realloc(rows->row, rows->cap * sizeof(*rows->row));
}

static void point(struct users_row *row, struct users_chunk *chunk, size_t i)
{
    row->chunk = chunk;
    row->i = i;
    chunk->refs++;
}

void users_rows_clear(struct users_rows *rows)
{
    unsigned serial = rows->next_serial;
    size_t i;

    for (i = 0; i < rows->n_chunks; i++)
        chunk_free(rows->chunk[i]);
    free(rows->chunk);
    free(rows->row);
    memset(rows, 0, sizeof(*rows));
    rows->next_serial = serial;
}

struct users_chunk *users_rows_add(struct users_rows *rows, struct db_page *page, bool front)
{
    struct users_chunk *chunk = adopt(rows, page);
    struct users_edge edge = {chunk->page.n, chunk->page.before, chunk->page.after};
    size_t n = chunk->page.n, at = front ? 0 : rows->n, i;

    reserve(rows, n);
    if (front)
        memmove(rows->row + n, rows->row, rows->n * sizeof(*rows->row));
    for (i = 0; i < n; i++)
        point(&rows->row[at + i], chunk, i);
    rows->n += n;
    if (rows->n_edges < USERS_EDGES) {
        if (front)
            memmove(rows->edge + 1, rows->edge, rows->n_edges * sizeof(edge));
        rows->edge[front ? 0 : rows->n_edges] = edge;
        rows->n_edges++;
    }
    if (n == 0)
        sweep(rows);
    return n ? chunk : NULL;
}

struct users_chunk *users_rows_merge(struct users_rows *rows, struct db_page *page, size_t room,
                                     size_t *ret_added)
{
    struct users_chunk *chunk = adopt(rows, page);
    size_t i, added = 0, before = rows->n;

    reserve(rows, chunk->page.n);
    for (i = 0; i < chunk->page.n && added < room; i++) {
        if (users_rows_find(rows, chunk->page.users[i].id) >= 0)
            continue;
        point(&rows->row[before + added++], chunk, i);
        rows->n = before + added;
    }
    *ret_added = added;
    if (added == 0)
        sweep(rows);
    return added ? chunk : NULL;
}

struct users_chunk *users_rows_replace(struct users_rows *rows, struct db_page *page)
{
    struct users_chunk *chunk = adopt(rows, page);
    bool used = false;
    size_t i;

    for (i = 0; i < chunk->page.n; i++) {
        long at = users_rows_find(rows, chunk->page.users[i].id);

        if (at < 0)
            continue;
        rows->row[at].chunk->refs--;
        point(&rows->row[at], chunk, i);
        used = true;
    }
    sweep(rows);
    return used ? chunk : NULL;
}

static struct db_trader *copy_trader(struct zm_arena *arena, const struct db_trader *from)
{
    struct db_trader *to = zm_arena_alloc(arena, sizeof(*to));

    *to = *from;
    to->id = zm_arena_strdup(arena, from->id);
    to->user_id = zm_arena_strdup(arena, from->user_id);
    to->email = zm_arena_strdup(arena, from->email);
    to->tier = zm_arena_strdup(arena, from->tier);
    to->created_at = zm_arena_strdup(arena, from->created_at);
    to->updated_at = zm_arena_strdup(arena, from->updated_at);
    return to;
}

void users_rows_carry(const struct users_rows *rows, struct db_page *page)
{
    size_t i;

    for (i = 0; i < page->n; i++) {
        struct db_user *user = &page->users[i];
        long at = users_rows_find(rows, user->id);
        const struct db_user *old = at < 0 ? NULL : users_rows_at(rows, (size_t)at);

        if (!old || !old->trader)
            continue;
        user->trader = copy_trader(&page->arena, old->trader);
        user->read_ms = old->read_ms;
        if (old->keys) {
            struct db_keys *keys = zm_arena_alloc(&page->arena, sizeof(*keys));

            *keys = *old->keys;
            keys->user_id = user->id;
            user->keys = keys;
            user->keys_known = true;
        }
    }
}

void users_rows_keep(struct users_rows *rows, const struct users_chunk *chunk,
                     const struct db_filter *filter)
{
    size_t i, kept = 0;

    for (i = 0; i < rows->n; i++) {
        struct users_row row = rows->row[i];

        if (row.chunk == chunk && !db_filter_matches(filter, &chunk->page.users[row.i]))
            row.chunk->refs--;
        else
            rows->row[kept++] = row;
    }
    rows->n = kept;
    sweep(rows);
}

/* Rows behind the last page: what a walk added. */
static size_t rest(const struct users_rows *rows)
{
    size_t i, n = rows->n;

    for (i = 0; i < rows->n_edges; i++)
        n -= rows->edge[i].n_rows;
    return n;
}

size_t users_rows_trim(struct users_rows *rows, bool front)
{
    size_t n, i, at;

    if (rows->n_edges < USERS_EDGES)
        return 0;
    n = front ? rows->edge[0].n_rows : rows->edge[rows->n_edges - 1].n_rows + rest(rows);
    at = front ? 0 : rows->n - n;
    for (i = at; i < at + n; i++)
        rows->row[i].chunk->refs--;
    if (front) {
        memmove(rows->row, rows->row + n, (rows->n - n) * sizeof(*rows->row));
        memmove(rows->edge, rows->edge + 1, (rows->n_edges - 1) * sizeof(rows->edge[0]));
    }
    rows->n -= n;
    rows->n_edges--;
    sweep(rows);
    return n;
}

const struct db_user *users_rows_at(const struct users_rows *rows, size_t row)
{
    const struct users_row *r;

    if (row >= rows->n)
        return NULL;
    r = &rows->row[row];
    return &r->chunk->page.users[r->i];
}

long users_rows_find(const struct users_rows *rows, const char *id)
{
    size_t i;

    for (i = 0; i < rows->n; i++)
        if (strcmp(rows->row[i].chunk->page.users[rows->row[i].i].id, id) == 0)
            return (long)i;
    return -1;
}

struct users_chunk *users_rows_chunk(const struct users_rows *rows, unsigned serial)
{
    size_t i;

    for (i = 0; i < rows->n_chunks; i++)
        if (rows->chunk[i]->serial == serial)
            return rows->chunk[i];
    return NULL;
}

/* ---- marks ---- */

/* Where the id stands, or belongs. */
static size_t mark_place(const struct users_marks *marks, const char *id)
{
    size_t low = 0, high = marks->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(marks->id[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool users_marks_has(const struct users_marks *marks, const char *id)
{
    size_t at = mark_place(marks, id);

    return at < marks->n && strcmp(marks->id[at], id) == 0;
}

void users_marks_set(struct users_marks *marks, const char *id, bool on)
{
    size_t at = mark_place(marks, id);

    if (on == users_marks_has(marks, id))
        return;
    if (!on) {
        memmove(marks->id + at, marks->id + at + 1, (marks->n - at - 1) * sizeof(marks->id[0]));
        marks->n--;
        return;
    }
    if (marks->n == marks->cap) {
        marks->cap = marks->cap ? marks->cap * 2 : 64;
        marks->id = zm_realloc(marks->id, marks->cap * sizeof(marks->id[0]));
    }
    memmove(marks->id + at + 1, marks->id + at, (marks->n - at) * sizeof(marks->id[0]));
    zm_copy(marks->id[at], sizeof(marks->id[0]), id);
    marks->n++;
}

void users_marks_done(struct users_marks *marks)
{
    free(marks->id);
    memset(marks, 0, sizeof(*marks));
}
