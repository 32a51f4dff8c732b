/*
 * The state file of comparisons. Lines of words, "key=number", so that a newer version may add
 * some.
 */
#include "screens/scans.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "zm/str.h"

#define VERSION "v1"
#define TAIL 16384
#define LONG (16 * TAIL) /* of a file: it is cut to its tail then */

static bool put(int fd, const char *text, size_t n)
{
    return write(fd, text, n) == (ssize_t)n;
}

/* The last lines of a file that has grown long, in place of all of it. Who adds one meanwhile may
 * lose it. */
static void cut(const char *path)
{
    char text[TAIL], next[PATH_MAX];
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), to = -1;
    off_t size = from >= 0 ? lseek(from, 0, SEEK_END) : 0;
    ssize_t n = size > LONG ? pread(from, text, TAIL, size - TAIL) : 0;
    const char *line = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;
    bool ok;

    if (from >= 0)
        close(from);
    snprintf(next, sizeof(next), "%s.next", path);
    if (line)
        to = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0)
        return;
    line++;
    ok = put(to, line, (size_t)(text + n - line));
    if (close(to) != 0 || !ok || rename(next, path) != 0)
        unlink(next);
}

void scans_add(const char *path, const struct db_compare_result *result)
{
    struct zm_buf line = {.s = NULL};
    time_t now = time(NULL);
    struct tm tm;
    char at[24];
    int c, fd;

    gmtime_r(&now, &tm);
    strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &tm);
    zm_buf_printf(&line, VERSION " %s users=%" PRId64 " brain_users=%" PRId64 " ms=%" PRId64, at,
                  result->users, result->brain_users, (int64_t)(result->seconds * 1000));
    for (c = 0; c < DB_CLASSES; c++)
        if (result->classes[c] > 0)
            zm_buf_printf(&line, " %s=%" PRId64, db_class_row((enum db_class)c)->key,
                          result->classes[c]);
    if (result->unknown)
        zm_buf_puts(&line, " partly=1");
    zm_buf_puts(&line, "\n");
    fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    if (fd >= 0) {
        off_t end = lseek(fd, 0, SEEK_END);

        if (!put(fd, line.s, line.len) && ftruncate(fd, end) != 0)
            (void)put(fd, "\n", 1); /* a torn line that stays shall not take the next one with it */
        close(fd);
        cut(path);
    }
    zm_buf_done(&line);
}

/* "2026-11-22T12:00:41Z" */
static bool parse_at(const char *text, int64_t *ret)
{
    struct tm tm = {.tm_isdst = 0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);

    if (!end || *end)
        return false;
    *ret = (int64_t)timegm(&tm);
    return true;
}

static bool take_number(struct scan_line *ret, const char *key, const char *value)
{
    enum db_class class = db_class_find(key);
    char *end;
    int64_t n = strtoll(value, &end, 10);

    if (*end || end == value || n < 0)
        return false;
    if (class != DB_CLASSES)
        ret->classes[class] = n;
    else if (zm_streq(key, "users"))
        ret->users = n;
    else if (zm_streq(key, "brain_users"))
        ret->brain_users = n;
    else if (zm_streq(key, "ms"))
        ret->ms = n;
    else if (zm_streq(key, "partly"))
        ret->partly = n > 0;
    return true;
}

/* Takes the line apart; false: it is torn, or of another version. */
static bool parse(char *line, struct scan_line *ret)
{
    char *rest = NULL, *word = strtok_r(line, " ", &rest), *equals;

    memset(ret, 0, sizeof(*ret));
    ret->users = -1;
    if (!word || !zm_streq(word, VERSION))
        return false;
    word = strtok_r(NULL, " ", &rest);
    if (!word || !parse_at(word, &ret->at_s))
        return false;
    zm_copy(ret->at, sizeof(ret->at), word);
    while ((word = strtok_r(NULL, " ", &rest))) {
        equals = strchr(word, '=');
        if (!equals)
            return false;
        *equals = '\0';
        if (!take_number(ret, word, equals + 1))
            return false;
    }
    return ret->users >= 0;
}

static void add(struct scans *scans, const struct scan_line *line)
{
    if (scans->n == SCANS_KEPT) {
        memmove(scans->line, scans->line + 1, (SCANS_KEPT - 1) * sizeof(*line));
        scans->n--;
    }
    scans->line[scans->n++] = *line;
}

void scans_load(const char *path, struct scans *ret)
{
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
    off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
    char text[TAIL + 1], *line = text, *next;
    struct scan_line one;
    ssize_t n = 0;

    memset(ret, 0, sizeof(*ret));
    if (fd >= 0) {
        n = pread(fd, text, TAIL, size > TAIL ? size - TAIL : 0);
        close(fd);
    }
    if (n <= 0)
        return;
    text[n] = '\0';
    if (size > TAIL) /* the first line is cut */
        line = strchr(text, '\n') ? strchr(text, '\n') + 1 : text + n;
    for (; *line && (next = strchr(line, '\n')); line = next + 1) {
        *next = '\0';
        if (parse(line, &one))
            add(ret, &one);
    }
}

const struct scan_line *scans_last(const struct scans *scans)
{
    return scans->n > 0 ? &scans->line[scans->n - 1] : NULL;
}

void scans_expect(const char *path, struct db_compare *ret)
{
    struct scans scans;
    const struct scan_line *last;

    scans_load(path, &scans);
    last = scans_last(&scans);
    ret->expected = last ? last->users : 0;
    ret->expected_ms = last ? last->ms : 0;
}
