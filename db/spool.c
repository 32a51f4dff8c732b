/*
 * Replays the spool. The file is taken away by renaming it, so that records which come meanwhile
 * begin a new one; what could not be replayed is put back. Lines that are not whole go to
 * `spool.bad`, which nothing deletes.
 */
#include "db/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/journal.h"
#include "db/pairs.h"
#include "db/spool_file.h"
#include "db/tx.h"
#include "db/write_work.h"
#include "zm/arena.h"

#define SPOOL_MAX (1 << 20) /* bytes; a record is some hundreds */

static void path_of(const struct db_spool *spool, const char *name, char *dst, size_t size)
{
    snprintf(dst, size, "%s/%s", spool->directory, name);
}

/* The whole file, NULL when there is none. ours: it is a plain file of this account that nobody
 * else may write. */
static char *slurp(const char *path, bool *ours)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat st;
    char *text;
    ssize_t n;

    *ours = true;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != getuid() ||
        (st.st_mode & 022) || st.st_size > SPOOL_MAX) {
        *ours = false;
        close(fd);
        return NULL;
    }
    text = zm_malloc((size_t)st.st_size + 1);
    n = read(fd, text, (size_t)st.st_size);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static size_t count(const struct db_spool *spool, const char *name)
{
    char path[600], *text, *line, *next;
    bool ours;
    size_t n = 0;

    path_of(spool, name, path, sizeof(path));
    text = slurp(path, &ours);
    for (line = text; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        n += !strstr(line, " outcome="); /* that one belongs to a record before it */
    }
    free(text);
    return ours ? n : n + 1;
}

size_t db_spool_count(const struct db_spool *spool)
{
    return count(spool, "spool") + count(spool, "spool.replaying");
}

/* A record becomes its journal row and its result row. An id that is there was replayed before. */
static bool replay(struct db_link *brain, const struct db_spool_record *record,
                   struct zm_error *err)
{
    struct db_pairs pairs = {.keys = {.s = NULL}}, result = {.keys = {.s = NULL}};
    const char *request = db_spool_field(record, "request"),
               *subject = db_spool_field(record, "subject"),
               *outcome = db_spool_field(record, "outcome");
    struct db_ask asks[2], login = {.sql = DB_SQL_BRAIN_WRITE_LOGIN, .params = {subject}};
    char id[37];
    size_t i;
    bool ok;

    memset(asks, 0, sizeof(asks));
    for (i = 0; i < record->n; i++)
        if (strcmp(record->field[i].key, "request") != 0 &&
            strcmp(record->field[i].key, "action") != 0)
            db_pairs_add(&pairs, record->field[i].key, record->field[i].value);
    db_pairs_add(&pairs, "breakglass", "true");
    db_pairs_end(&pairs);
    db_pairs_add(&result, "subject", subject);
    db_pairs_add(&result, "ref", request);
    db_pairs_add(&result, "outcome", outcome ? outcome : "unknown");
    db_pairs_end(&result);
    db_journal_result_id(request, id);
    ok = db_link_read(brain, &login, 1, err);
    asks[0] =
        (struct db_ask){.sql = DB_SQL_BRAIN_WRITE_RESULT,
                        .params = {request, ok && login.rows.n ? subject : NULL,
                                   db_spool_field(record, "action"), pairs.keys.s, pairs.values.s}};
    asks[1] = (struct db_ask){
        .sql = DB_SQL_BRAIN_WRITE_RESULT,
        .params = {id, asks[0].params[1], "zmartctl.result", result.keys.s, result.values.s}};
    ok = ok && db_tx_once(brain, asks, outcome ? 2 : 1, err);
    db_asks_done(&login, 1);
    db_asks_done(asks, 2);
    db_pairs_done(&pairs);
    db_pairs_done(&result);
    return ok;
}

static bool is_record(const struct db_spool_record *record)
{
    const char *request = db_spool_field(record, "request"),
               *subject = db_spool_field(record, "subject"),
               *action = db_spool_field(record, "action");

    return request && zm_is_uuid(request) && subject && zm_is_uuid(subject) && action &&
           strncmp(action, "zmartctl.", strlen("zmartctl.")) == 0;
}

/* Replays every line of the text; a line that is left goes back to the spool. ret_kept: every such
 * line is on disk there. */
static bool replay_lines(const struct db_spool *spool, struct db_link *brain, char *text,
                         size_t *ret_replayed, size_t *ret_bad, bool *ret_kept,
                         struct zm_error *err)
{
    char *line = text, *next;
    bool ok = true;

    *ret_kept = true;

    for (; line && *line; line = next) {
        struct db_spool_record record;

        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (!db_spool_parse(line, &record) || !is_record(&record)) {
            *ret_kept = db_spool_append_line(spool, "spool.bad", line) && *ret_kept;
            (*ret_bad)++;
        } else if (ok && replay(brain, &record, err)) {
            *ret_replayed +=
                !db_spool_field(&record, "outcome"); /* that is not a change of its own */
        } else {
            *ret_kept = db_spool_append_line(spool, "spool", line) && *ret_kept;
            ok = false;
        }
        free(record.line);
    }
    return ok;
}

/* Whoever had it open when it was renamed is through. */
static void wait_for_writers(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
        continue;
    if (fd >= 0)
        close(fd);
}

bool db_spool_replay(const struct db_spool *spool, struct db_link *brain, size_t *ret_replayed,
                     size_t *ret_bad, struct zm_error *err)
{
    char path[600], taken[600], *text;
    bool ours, kept = true, ok = true;

    *ret_replayed = *ret_bad = 0;
    path_of(spool, "spool", path, sizeof(path));
    path_of(spool, "spool.replaying", taken, sizeof(taken));
    /* What an earlier replay did not end with comes first. */
    if (access(taken, F_OK) != 0 && rename(path, taken) != 0)
        return errno == ENOENT ||
               zm_error_set(err, ZM_ERR_SYSTEM, path, "replay the spool", "%s", strerror(errno));
    wait_for_writers(taken);
    text = slurp(taken, &ours);
    if (!ours) {
        zm_error_set(err, ZM_ERR_REFUSED, taken, "replay the spool",
                     "it is not a file of this account alone");
        return zm_error_hint(err, "look at it, and take it away");
    }
    if (text)
        ok = replay_lines(spool, brain, text, ret_replayed, ret_bad, &kept, err);
    free(text);
    if (kept) /* else it comes first the next time; what was replayed is found there already */
        unlink(taken);
    return ok;
}
