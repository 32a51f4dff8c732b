/*
 * Who is to be looked at again, and sets of ids. Knows no connection.
 */
#include "db/compare_work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- ids ---- */

void db_ids_add(struct db_ids *ids, const char *id)
{
    if (ids->n == ids->cap) {
        ids->cap = ids->cap ? 2 * ids->cap : 64;
        ids->id = zm_realloc(ids->id, ids->cap * sizeof(*ids->id));
    }
    zm_copy(ids->id[ids->n++], sizeof(*ids->id), id);
}

void db_ids_add_all(struct db_ids *ids, const struct db_ids *more)
{
    size_t i;

    for (i = 0; i < more->n; i++)
        db_ids_add(ids, more->id[i]);
}

void db_ids_take(const struct db_rows *rows, struct db_ids *ret)
{
    size_t i;

    for (i = 0; i < rows->n; i++)
        db_ids_add(ret, DB_ROW(rows, struct db_id_row, i)->id);
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void sort(struct db_ids *ids)
{
    if (ids->n > 1)
        qsort(ids->id, ids->n, sizeof(*ids->id), compare_ids);
}

void db_ids_unite(struct db_ids *ids)
{
    size_t i, n = 0;

    sort(ids);
    for (i = 0; i < ids->n; i++)
        if (i == 0 || compare_ids(ids->id[i], ids->id[n - 1]) != 0)
            memmove(ids->id[n++], ids->id[i], sizeof(*ids->id));
    ids->n = n;
}

bool db_ids_has(const struct db_ids *ids, const char *id)
{
    return ids->n > 0 && bsearch(id, ids->id, ids->n, sizeof(*ids->id), compare_ids);
}

void db_ids_done(struct db_ids *ids)
{
    free(ids->id);
    memset(ids, 0, sizeof(*ids));
}

void db_ids_text(const struct db_ids *ids, size_t from, size_t n, struct zm_buf *ret)
{
    size_t i;

    ret->len = 0;
    zm_buf_add(ret, "{", 1);
    for (i = from; i < from + n && i < ids->n; i++) {
        if (i > from)
            zm_buf_add(ret, ",", 1);
        zm_buf_puts(ret, ids->id[i]);
    }
    zm_buf_add(ret, "}", 1);
}

/* ---- what was seen ---- */

#define PRIME 1099511628211U

static uint64_t add(uint64_t hash, const void *data, size_t n)
{
    const unsigned char *bytes = data;
    size_t i;

    for (i = 0; i < n; i++)
        hash = (hash ^ bytes[i]) * PRIME; /* FNV-1a */
    return hash;
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    return text ? add(add(hash, "+", 1), text, strlen(text) + 1) : add(hash, "-", 1);
}

uint64_t db_suspects_hash(const struct db_both *both)
{
    const int64_t numbers[] = {both->login,           both->deleted,   both->profiles,
                               both->subscriptions,   both->traders,   both->rights,
                               both->trading_enabled, both->api_access};
    uint64_t hash = 14695981039346656037U;
    size_t i;

    for (i = 0; i < ZM_COUNT(numbers); i++)
        hash = (hash ^ (uint64_t)numbers[i]) * PRIME;
    hash = add_text(add_text(hash, zm_text(both->email)), both->tier);
    hash = add_text(hash, both->subscription_tier);
    return add_text(add_text(hash, zm_text(both->bot_email)), both->bot_tier);
}

static bool fail(const char *what, struct zm_error *err)
{
    return zm_error_set(err, ZM_ERR_SYSTEM, "", what, "%s", strerror(errno));
}

bool db_suspects_add(struct db_suspects *found, const struct db_both *both, struct zm_error *err)
{
    struct db_suspect one;

    memset(&one, 0, sizeof(one));
    zm_copy(one.id, sizeof(one.id), both->id);
    one.seen = db_suspects_hash(both);
    if (!found->file)
        found->file = tmpfile();
    if (!found->file || fwrite(&one, sizeof(one), 1, found->file) != 1)
        return fail("keep what differs in a temporary file", err);
    found->n++;
    return true;
}

bool db_suspects_rewind(struct db_suspects *found, struct zm_error *err)
{
    if (!found->file)
        return true;
    if (fflush(found->file) != 0 || fseek(found->file, 0, SEEK_SET) != 0)
        return fail("read what differs from a temporary file", err);
    return true;
}

bool db_suspects_next(struct db_suspects *found, struct db_suspect *ret)
{
    return found->file && fread(ret, sizeof(*ret), 1, found->file) == 1;
}

void db_suspects_done(struct db_suspects *found)
{
    if (found->file)
        fclose(found->file);
    memset(found, 0, sizeof(*found));
}

/* ---- all who were seen, in the order of their ids ---- */

bool db_runs_begin(struct db_runs *runs, struct db_suspects *found, struct zm_error *err)
{
    int i;

    memset(runs, 0, sizeof(*runs));
    runs->found = found;
    for (i = 0; i < DB_FOUND_RUNS; i++) {
        if (!db_suspects_rewind(&found[i], err))
            return false;
        runs->has[i] = db_suspects_next(&found[i], &runs->head[i]);
        runs->n += found[i].n;
    }
    return true;
}

bool db_runs_next(struct db_runs *runs, struct db_suspect *ret)
{
    int i, first = -1;

    for (i = 0; i < DB_FOUND_RUNS; i++)
        if (runs->has[i] && (first < 0 || strcmp(runs->head[i].id, runs->head[first].id) < 0))
            first = i;
    if (first < 0)
        return false;
    *ret = runs->head[first];
    runs->has[first] = db_suspects_next(&runs->found[first], &runs->head[first]);
    runs->taken++;
    return true;
}
