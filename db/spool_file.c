/*
 * Lines of the spool. The sum is FNV-1a over what stands before it: it finds accidents, not
 * forgers; whoever may write this file may also use the console.
 */
#include "db/spool_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zm/arena.h"

static const char what[] = "write the spool";

static uint64_t sum_of(const char *text, size_t n)
{
    uint64_t sum = UINT64_C(14695981039346656037);
    size_t i;

    for (i = 0; i < n; i++)
        sum = (sum ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return sum;
}

static void encode(struct zm_buf *to, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c <= ' ' || c == '%' || c == '=' || c >= 0x7f)
            zm_buf_printf(to, "%%%02x", c);
        else
            zm_buf_add(to, text, 1);
    }
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place. False: a % without its two digits, or a NUL. */
static bool decode(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (*text != '%') {
            *to++ = *text;
            continue;
        }
        if (digit(text[1]) < 0 || digit(text[2]) < 0 || (text[1] == '0' && text[2] == '0'))
            return false;
        *to++ = (char)(digit(text[1]) * 16 + digit(text[2]));
        text += 2;
    }
    *to = '\0';
    return true;
}

static bool fail(const char *path, struct zm_error *err)
{
    zm_error_set(err, ZM_ERR_SYSTEM, path, what, "%s", strerror(errno));
    return zm_error_hint(err,
                         "without a record on disk nothing may be changed while ZmartyBrain is "
                         "away");
}

static bool sync_directory(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

static bool write_all(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, text, n);

        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        text += k;
        n -= (size_t)k;
    }
    return true;
}

/* The file, locked; not one that a replay has renamed meanwhile. */
static int open_locked(const char *path)
{
    struct stat mine, now;
    int fd;

    for (;;) {
        fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return -1;
        while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
            continue; /* a file system without locks must not keep anybody from a stop */
        if (fstat(fd, &mine) == 0 && stat(path, &now) == 0 && mine.st_ino == now.st_ino &&
            mine.st_dev == now.st_dev)
            return fd;
        close(fd);
    }
}

/* The whole line or nothing of it: half a line would spoil the next one. */
static bool append_whole(int fd, const char *line, size_t n)
{
    off_t end = lseek(fd, 0, SEEK_END);
    char last = '\n';
    bool ok;
    int why;

    ok = end >= 0 && (end == 0 || pread(fd, &last, 1, end - 1) == 1) &&
         (last == '\n' || write_all(fd, "\n", 1)) && write_all(fd, line, n) && fsync(fd) == 0;
    why = errno;
    if (!ok && end >= 0 && ftruncate(fd, end) != 0)
        last = '\0'; /* then the next one begins a line of its own */
    errno = why;
    return ok;
}

bool db_spool_append_line(const struct db_spool *spool, const char *name, const char *line)
{
    char path[sizeof(spool->directory) + 24];
    struct zm_buf text = {.s = NULL};
    bool ok;
    int fd, why;

    snprintf(path, sizeof(path), "%s/%s", spool->directory, name);
    fd = open_locked(path);
    zm_buf_printf(&text, "%s\n", line);
    ok = fd >= 0 && append_whole(fd, text.s, text.len) && sync_directory(spool->directory);
    why = errno;
    if (fd >= 0)
        close(fd);
    zm_buf_done(&text);
    errno = why;
    return ok;
}

bool db_spool_append(const struct db_spool *spool, const struct db_spool_field *fields, size_t n,
                     struct zm_error *err)
{
    struct zm_buf line = {.s = NULL};
    char path[sizeof(spool->directory) + 8];
    size_t i;
    bool ok;

    zm_buf_puts(&line, "v1");
    for (i = 0; i < n; i++) {
        if (!fields[i].value)
            continue;
        zm_buf_printf(&line, " %s=", fields[i].key);
        encode(&line, fields[i].value);
    }
    zm_buf_printf(&line, " sum=%016" PRIx64, sum_of(line.s, line.len));
    ok = db_spool_append_line(spool, "spool", line.s);
    snprintf(path, sizeof(path), "%s/spool", spool->directory);
    if (!ok)
        fail(path, err);
    zm_buf_done(&line);
    return ok;
}

static bool split(struct db_spool_record *ret)
{
    char *at = ret->line, *next, *equals;

    for (at = strchr(at, ' '); at; at = next) {
        *at++ = '\0';
        next = strchr(at, ' ');
        equals = memchr(at, '=', next ? (size_t)(next - at) : strlen(at));
        if (!equals || ret->n == DB_SPOOL_FIELDS)
            return false;
        *equals = '\0';
        ret->field[ret->n].key = at;
        ret->field[ret->n++].value = equals + 1;
    }
    return strcmp(ret->line, "v1") == 0;
}

bool db_spool_parse(const char *line, struct db_spool_record *ret)
{
    const char *mark = strstr(line, " sum=");
    char sum[32];
    size_t i;

    memset(ret, 0, sizeof(*ret));
    if (!mark)
        return false;
    snprintf(sum, sizeof(sum), " sum=%016" PRIx64, sum_of(line, (size_t)(mark - line)));
    if (strcmp(mark, sum) != 0)
        return false;
    ret->line = zm_strdup(line);
    ret->line[mark - line] = '\0';
    if (!split(ret))
        return false;
    for (i = 0; i < ret->n; i++)
        if (!decode(ret->line + (ret->field[i].value - ret->line)))
            return false;
    return true;
}

const char *db_spool_field(const struct db_spool_record *record, const char *key)
{
    size_t i;

    for (i = 0; i < record->n; i++)
        if (strcmp(record->field[i].key, key) == 0)
            return record->field[i].value;
    return NULL;
}
