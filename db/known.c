/*
 * Reads and writes the file `known`. Written to a new file that is renamed over the old one, under
 * a lock on the directory: both lanes and other zmartctl processes may be doing the same.
 */
#include "db/known.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zm/str.h"

#define MAX_SIZE 4096

struct entry {
    char system[24], database[12], host[128];
    bool known;
};

struct known {
    const char *file;
    char directory[1024];
    int lock;
    struct entry entry[DB_SIDES];
};

static bool fail(struct zm_error *err, const struct known *known, const char *what)
{
    return zm_error_set(err, ZM_ERR_SYSTEM, "", what, "%s (errno %d)", known->file, errno);
}

/* Makes the directories that are missing, for nobody else to read. */
static bool make_directories(char *path)
{
    char *slash;

    for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES) {
            *slash = '/';
            return false;
        }
        *slash = '/';
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool lock(struct known *known, struct zm_error *err)
{
    char *slash;

    if (!zm_copy(known->directory, sizeof(known->directory), known->file) ||
        !(slash = strrchr(known->directory, '/')) || slash == known->directory)
        return zm_error_set(err, ZM_ERR_SYSTEM, "", "record the server",
                            "\"%s\" is no path of a file in a directory", known->file);
    *slash = '\0';
    if (!make_directories(known->directory))
        return fail(err, known, "record the server");
    known->lock = open(known->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (known->lock >= 0 && flock(known->lock, LOCK_EX) == 0)
        return true;
    fail(err, known, "record the server");
    if (known->lock >= 0)
        close(known->lock);
    return false;
}

static void parse_line(struct known *known, const char *line)
{
    struct entry entry = {.known = true};
    char side[16];
    int i;

    if (sscanf(line, "%15s %23s %11s %127s", side, entry.system, entry.database, entry.host) < 3)
        return;
    for (i = 0; i < DB_SIDES; i++)
        if (zm_streq(side, db_side_key((enum db_side)i)))
            known->entry[i] = entry;
}

/* A file that is not there yet is an empty one. */
static bool load(struct known *known, struct zm_error *err)
{
    char text[MAX_SIZE + 1], *line, *next;
    int fd = open(known->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    struct stat info;
    ssize_t n;

    if (fd < 0)
        return errno == ENOENT || fail(err, known, "read the recorded servers");
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid() ||
        (info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        close(fd);
        return zm_error_set(err, ZM_ERR_SYSTEM, "", "read the recorded servers",
                            "%s is not a file that only you can write", known->file);
    }
    n = read(fd, text, MAX_SIZE);
    close(fd);
    if (n < 0)
        return fail(err, known, "read the recorded servers");
    text[n] = '\0';
    for (line = text; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        parse_line(known, line);
    }
    return true;
}

static bool write_all(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, text, n);

        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            text += written;
            n -= (size_t)written;
        }
    }
    return fsync(fd) == 0;
}

static bool save(const struct known *known, struct zm_error *err)
{
    struct zm_buf text = {.s = NULL};
    char fresh[1100];
    bool ok;
    int fd, i;

    snprintf(fresh, sizeof(fresh), "%s/.known.XXXXXX", known->directory);
    fd = mkstemp(fresh);
    if (fd < 0)
        return fail(err, known, "record the server");
    for (i = 0; i < DB_SIDES; i++)
        if (known->entry[i].known)
            zm_buf_printf(&text, "%s %s %s %s\n", db_side_key((enum db_side)i),
                          known->entry[i].system, known->entry[i].database, known->entry[i].host);
    ok = fchmod(fd, 0600) == 0 && write_all(fd, zm_text(text.s), text.len);
    ok = close(fd) == 0 && ok;
    ok = ok && rename(fresh, known->file) == 0 && fsync(known->lock) == 0;
    if (!ok) {
        fail(err, known, "record the server");
        unlink(fresh);
    }
    zm_buf_done(&text);
    return ok;
}

/* An identifier that may not be read is written as "-". Blanks cannot be in any of them. */
static void describe(const struct db_facts *facts, struct entry *ret)
{
    ret->known = true;
    zm_copy(ret->system, sizeof(ret->system), facts->system[0] ? facts->system : "-");
    zm_copy(ret->database, sizeof(ret->database),
            facts->database_oid[0] ? facts->database_oid : "-");
    zm_copy(ret->host, sizeof(ret->host), facts->host[0] ? facts->host : "-");
    for (char *s = ret->host; *s; s++)
        if (*s == ' ' || *s == '\n' || *s == '\t')
            *s = '?';
}

/* What could not be read the one time or the other proves nothing. */
static bool same(const struct entry *a, const struct entry *b)
{
    bool unknown = zm_streq(a->system, "-") || zm_streq(b->system, "-");

    return (unknown || zm_streq(a->system, b->system)) && zm_streq(a->database, b->database);
}

bool db_known_meet(const char *file, const struct db_facts *facts, enum db_known_server *ret,
                   struct zm_error *err)
{
    struct known known = {.file = file};
    struct entry now = {.known = false}, *then = &known.entry[facts->side];
    bool ok;

    describe(facts, &now);
    if (!lock(&known, err))
        return false;
    ok = load(&known, err);
    if (ok && then->known) {
        *ret = same(then, &now) ? DB_KNOWN_SAME : DB_KNOWN_OTHER;
    } else if (ok) {
        *then = now;
        ok = save(&known, err);
        *ret = DB_KNOWN_FIRST;
    }
    close(known.lock);
    return ok;
}

bool db_known_accept(const char *file, const struct db_facts *facts, struct zm_error *err)
{
    struct known known = {.file = file};
    bool ok;

    if (!lock(&known, err))
        return false;
    ok = load(&known, err);
    describe(facts, &known.entry[facts->side]);
    ok = ok && save(&known, err);
    close(known.lock);
    return ok;
}
