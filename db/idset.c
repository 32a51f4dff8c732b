/*
 * Sorting more than is held in memory: full buffers go to disk as sorted runs, runs are merged, a
 * few at a time, until one is left. Knows no database.
 */
#include "db/idset.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "zm/arena.h"
#include "zm/str.h"

#define ID 16         /* bytes of an id */
#define HELD 8192     /* ids in memory: 128 kB */
#define FAN 32        /* runs that are merged at once */
#define RUN_HELD 128  /* ids in memory of each of them, and of what they become: 66 kB */
#define MOST_RUNS 512 /* then they are merged before more are made: 4 million ids */

struct id {
    unsigned char b[ID];
};

struct run {
    size_t at, n; /* in ids */
};

struct db_idset {
    struct id *held;
    size_t n_held, count;
    FILE *ids, *notes;
    struct run runs[MOST_RUNS];
    size_t n_runs;
    size_t end; /* of ids, in ids */
    bool frozen;
};

struct db_idset *db_idset_new(void)
{
    struct db_idset *set = zm_calloc(1, sizeof(*set));

    set->held = zm_malloc(HELD * sizeof(*set->held));
    return set;
}

void db_idset_free(struct db_idset *set)
{
    if (!set)
        return;
    if (set->ids)
        fclose(set->ids);
    if (set->notes)
        fclose(set->notes);
    free(set->held);
    free(set);
}

size_t db_idset_count(const struct db_idset *set)
{
    return set->count;
}

/* ---- files ---- */

static bool fail(const char *what, struct zm_error *err)
{
    zm_error_set(err, ZM_ERR_SYSTEM, "", what, "%s", strerror(errno));
    return zm_error_hint(err, "a set of users is kept in a temporary file: is there room in "
                              "$TMPDIR or /tmp?");
}

/* Nobody else sees it, and it is gone when we are. */
static FILE *make_file(struct zm_error *err)
{
    const char *directory = getenv("TMPDIR");
    char path[512];
    FILE *file;
    int fd;

    snprintf(path, sizeof(path), "%s/zmartctl.XXXXXX",
             directory && directory[0] == '/' ? directory : "/tmp");
    fd = mkstemp(path);
    if (fd < 0) {
        fail("make a temporary file", err);
        return NULL;
    }
    unlink(path);
    file = fdopen(fd, "w+b");
    if (!file) {
        fail("make a temporary file", err);
        close(fd);
    }
    return file;
}

static bool put(FILE *file, size_t at, const void *bytes, size_t n, struct zm_error *err)
{
    size_t written = 0;

    while (written < n) {
        ssize_t some =
            pwrite(fileno(file), (const char *)bytes + written, n - written, (off_t)(at + written));

        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return fail("write a temporary file", err);
        written += (size_t)some;
    }
    return true;
}

/* What was never written reads as zeros. */
static bool get(FILE *file, size_t at, void *bytes, size_t n, struct zm_error *err)
{
    size_t done = 0;

    while (done < n) {
        ssize_t some = pread(fileno(file), (char *)bytes + done, n - done, (off_t)(at + done));

        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return fail("read a temporary file", err);
        if (some == 0) {
            memset((char *)bytes + done, 0, n - done);
            break;
        }
        done += (size_t)some;
    }
    return true;
}

/* ---- merging ---- */

/* One end of a merge: a run that is read, or the one that is made. */
struct flow {
    FILE *file;
    size_t at, left; /* in ids */
    struct id held[RUN_HELD];
    size_t n, next;
};

/* The next id of a run, NULL at its end. */
static const struct id *peek(struct flow *from, bool *ok, struct zm_error *err)
{
    if (from->next < from->n)
        return &from->held[from->next];
    from->n = from->left < RUN_HELD ? from->left : RUN_HELD;
    from->next = 0;
    if (from->n == 0 || !*ok)
        return NULL;
    *ok = get(from->file, from->at * ID, from->held, from->n * ID, err);
    from->at += from->n;
    from->left -= from->n;
    return *ok ? &from->held[0] : NULL;
}

static bool flush(struct flow *to, struct zm_error *err)
{
    bool ok = put(to->file, to->at * ID, to->held, to->n * ID, err);

    to->at += to->n;
    to->n = 0;
    return ok;
}

/* Appends, but not what is the last one already. */
static bool append(struct flow *to, struct id id, bool first, struct id *last, struct zm_error *err)
{
    if (!first && memcmp(last, &id, ID) == 0)
        return true;
    *last = id;
    to->held[to->n++] = id;
    return to->n < RUN_HELD || flush(to, err);
}

/* Merges n runs of set->ids into one at the end of `file`. */
static bool merge(struct db_idset *set, const struct run *runs, size_t n, FILE *file, size_t at,
                  struct run *ret, struct zm_error *err)
{
    struct flow *flows = zm_calloc(n + 1, sizeof(*flows)), *to = &flows[n];
    struct id last = {{0}};
    bool ok = true, first = true;
    size_t i;

    for (i = 0; i < n; i++)
        flows[i] = (struct flow){.file = set->ids, .at = runs[i].at, .left = runs[i].n};
    *to = (struct flow){.file = file, .at = at};
    while (ok) {
        struct flow *least = NULL;
        const struct id *least_id = NULL;

        for (i = 0; i < n; i++) {
            const struct id *id = peek(&flows[i], &ok, err);

            if (id && (!least || memcmp(id, least_id, ID) < 0)) {
                least = &flows[i];
                least_id = id;
            }
        }
        if (!least || !ok)
            break;
        ok = append(to, *least_id, first, &last, err);
        least->next++;
        first = false;
    }
    ok = ok && flush(to, err);
    *ret = (struct run){at, to->at - at};
    free(flows);
    return ok;
}

/* All runs, FAN at a time, into a new file. */
static bool merge_all(struct db_idset *set, struct zm_error *err)
{
    FILE *file = make_file(err);
    size_t i, n = 0, end = 0;
    bool ok = file != NULL;

    for (i = 0; ok && i < set->n_runs; i += FAN) {
        size_t some = set->n_runs - i < FAN ? set->n_runs - i : FAN;
        struct run made;

        ok = merge(set, &set->runs[i], some, file, end, &made, err);
        end += made.n;
        set->runs[n++] = made; /* n is never past i */
    }
    if (!ok) {
        if (file)
            fclose(file);
        return false;
    }
    fclose(set->ids);
    set->ids = file;
    set->n_runs = n;
    set->end = end;
    return true;
}

/* ---- filling ---- */

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, ID);
}

/* What is held becomes a run. */
static bool spill(struct db_idset *set, struct zm_error *err)
{
    size_t i, n = 0;

    if (set->n_held == 0)
        return true;
    if (!set->ids && !(set->ids = make_file(err)))
        return false;
    if (set->n_runs == MOST_RUNS && !merge_all(set, err))
        return false;
    qsort(set->held, set->n_held, sizeof(*set->held), compare);
    for (i = 0; i < set->n_held; i++)
        if (n == 0 || memcmp(&set->held[n - 1], &set->held[i], ID) != 0)
            set->held[n++] = set->held[i];
    if (!put(set->ids, set->end * ID, set->held, n * ID, err))
        return false;
    set->runs[set->n_runs++] = (struct run){set->end, n};
    set->end += n;
    set->n_held = 0;
    return true;
}

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

bool db_idset_add(struct db_idset *set, const char *id, struct zm_error *err)
{
    struct id *to;
    size_t i, n = 0;

    if (set->frozen)
        return zm_error_set(err, ZM_ERR_USAGE, "", "", "the set of users is frozen");
    if (!id || !zm_is_uuid(id))
        return zm_error_set(err, ZM_ERR_USAGE, "", "", "'%.60s' is no id", zm_text(id));
    if (set->n_held == HELD && !spill(set, err))
        return false;
    to = &set->held[set->n_held++];
    for (i = 0; i < 36; i += 2) {
        i += id[i] == '-';
        to->b[n++] = (unsigned char)(digit(id[i]) << 4 | digit(id[i + 1]));
    }
    set->count++;
    return true;
}

bool db_idset_freeze(struct db_idset *set, struct zm_error *err)
{
    if (set->frozen)
        return true;
    if (!spill(set, err))
        return false;
    while (set->n_runs > 1)
        if (!merge_all(set, err))
            return false;
    set->count = set->n_runs ? set->runs[0].n : 0;
    set->frozen = true;
    free(set->held);
    set->held = NULL;
    return true;
}

/* ---- reading ---- */

static void write_id(const struct id *id, char ret[37])
{
    static const char digits[] = "0123456789abcdef";
    size_t i, n = 0;

    for (i = 0; i < ID; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            ret[n++] = '-';
        ret[n++] = digits[id->b[i] >> 4];
        ret[n++] = digits[id->b[i] & 15];
    }
    ret[n] = '\0';
}

static size_t reach(const struct db_idset *set, size_t from, size_t n)
{
    if (!set->frozen || from >= set->count)
        return 0;
    return set->count - from < n ? set->count - from : n;
}

bool db_idset_read(struct db_idset *set, size_t from, char (*ids)[37], size_t n, size_t *ret_n,
                   struct zm_error *err)
{
    size_t i, room = reach(set, from, n);
    struct id *some;
    bool ok;

    *ret_n = 0;
    if (room == 0)
        return true;
    some = zm_malloc(room * sizeof(*some));
    ok = get(set->ids, (set->runs[0].at + from) * ID, some, room * ID, err);
    for (i = 0; ok && i < room; i++)
        write_id(&some[i], ids[i]);
    free(some);
    *ret_n = ok ? room : 0;
    return ok;
}

bool db_idset_note(struct db_idset *set, size_t from, const uint64_t *notes, size_t n,
                   struct zm_error *err)
{
    n = reach(set, from, n);
    if (!set->notes && !(set->notes = make_file(err)))
        return false;
    return put(set->notes, from * sizeof(*notes), notes, n * sizeof(*notes), err);
}

bool db_idset_notes(struct db_idset *set, size_t from, uint64_t *ret_notes, size_t n,
                    struct zm_error *err)
{
    memset(ret_notes, 0, n * sizeof(*ret_notes));
    n = reach(set, from, n);
    return !set->notes ||
           get(set->notes, from * sizeof(*ret_notes), ret_notes, n * sizeof(*ret_notes), err);
}
