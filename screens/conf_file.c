/*
 * libconfig 1.5 is lenient and slow on bad input: integers wrap, a NUL ends a text, @include reads
 * other files, deep nesting and megabytes hang it. So the bytes are judged before it sees them. The
 * scan below follows the same rules for texts and comments as its scanner does.
 */
#include "screens/conf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool conf_file_fail(const struct conf_file *file, int line, struct zm_error *err,
                    const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return zm_error_set(err, ZM_ERR_CONFIG, "", "", "%s:%d: %s", file->name, line, text);
}

static bool refuse(const struct conf_file *file, struct zm_error *err, const char *why)
{
    return zm_error_set(err, ZM_ERR_CONFIG, "", "read the configuration", "%s %s", file->name, why);
}

static void name(struct conf_file *file, const char *path)
{
    size_t n = strlen(path), room = 120;

    file->path = path;
    if (n <= room)
        zm_copy(file->name, sizeof(file->name), path);
    else
        snprintf(file->name, sizeof(file->name), "...%s", path + n - room);
}

/* ---- the file ---- */

/* In a directory that others may write they could put another file in its place; in a sticky one
 * (/tmp) only files of their own. */
static bool check_directory(const struct conf_file *file, int fd, struct zm_error *err)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return refuse(file, err, strerror(errno));
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) == 0 || (info.st_mode & S_ISVTX) != 0)
        return true;
    zm_error_set(err, ZM_ERR_CONFIG, "", "read the configuration",
                 "others may write the directory of %s (mode %04o)", file->name,
                 (unsigned)info.st_mode & 07777U);
    return zm_error_hint(err, "chmod go-w the directory");
}

static bool check_file(struct conf_file *file, int fd, struct zm_error *err)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return refuse(file, err, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return refuse(file, err, S_ISDIR(info.st_mode) ? "is a directory" : "is not a plain file");
    if (info.st_uid != geteuid() && info.st_uid != 0) {
        zm_error_set(err, ZM_ERR_CONFIG, "", "read the configuration",
                     "%s belongs to another account (uid %ld)", file->name, (long)info.st_uid);
        return zm_error_hint(err, "use a file of your own or of root");
    }
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        zm_error_set(err, ZM_ERR_CONFIG, "", "read the configuration",
                     "others may write %s (mode %04o)", file->name,
                     (unsigned)info.st_mode & 07777U);
        return zm_error_hint(err, "chmod 600 %s", file->name);
    }
    if (info.st_size > CONF_FILE_MAX)
        return refuse(file, err, "is larger than 64 KiB");
    file->others_read = (info.st_mode & (S_IRGRP | S_IROTH)) != 0;
    return true;
}

/* Symbolic links are followed first, so that the directory that is judged is the one that holds the
 * file; O_NONBLOCK keeps a FIFO from waiting for a writer. */
static int open_file(struct conf_file *file, struct zm_error *err)
{
    char *real = realpath(file->path, NULL), *copy, *base;
    int directory, fd = -1;

    if (!real) {
        refuse(file, err, strerror(errno));
        return -1;
    }
    copy = zm_strdup(real);
    base = strrchr(real, '/') + 1;
    directory = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        refuse(file, err, strerror(errno));
    } else if (check_directory(file, directory, err)) {
        fd = openat(directory, base[0] ? base : ".",
                    O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);
        if (fd < 0)
            refuse(file, err, strerror(errno));
    }
    if (directory >= 0)
        close(directory);
    free(copy);
    free(real);
    return fd;
}

static bool read_all(struct conf_file *file, int fd, struct zm_error *err)
{
    char bytes[4096];
    ssize_t n;

    /* Never grown, so that no copy is left behind to wipe. */
    file->text.cap = CONF_FILE_MAX + 2 * sizeof(bytes);
    file->text.s = zm_calloc(1, file->text.cap);
    while (file->text.len <= CONF_FILE_MAX && (n = read(fd, bytes, sizeof(bytes))) != 0) {
        if (n < 0 && errno != EINTR)
            return refuse(file, err, strerror(errno));
        if (n > 0)
            zm_buf_add(&file->text, bytes, (size_t)n);
    }
    explicit_bzero(bytes, sizeof(bytes));
    if (file->text.len > CONF_FILE_MAX)
        return refuse(file, err, "is larger than 64 KiB");
    if (memchr(file->text.s, '\0', file->text.len))
        return refuse(file, err, "holds a NUL byte");
    if (file->text.len >= 3 && memcmp(file->text.s, "\xef\xbb\xbf", 3) == 0)
        memcpy(file->text.s, "   ", 3);
    return true;
}

/* ---- the text ---- */

struct scan {
    const struct conf_file *file;
    const char *at;
    int line, depth;
    int open_line; /* where what is not closed begins; 0: nothing */
};

static void skip(struct scan *scan, size_t n)
{
    for (; n > 0 && *scan->at; n--, scan->at++)
        scan->line += *scan->at == '\n';
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '*';
}

/* Over a comment or a text; false when here is neither. One that is not closed ends the file. */
static bool skip_quiet(struct scan *scan)
{
    const char *s = scan->at, *end;
    int line = scan->line;

    if (*s == '#' || (s[0] == '/' && s[1] == '/')) {
        skip(scan, strcspn(s, "\n"));
    } else if (s[0] == '/' && s[1] == '*') {
        end = strstr(s + 2, "*/");
        skip(scan, end ? (size_t)(end + 2 - s) : strlen(s));
        scan->open_line = end ? 0 : line;
    } else if (*s == '"') {
        for (end = s + 1; *end && *end != '"'; end++)
            end += *end == '\\' && (end[1] == '\\' || end[1] == '"');
        skip(scan, (size_t)(end - s) + (*end == '"'));
        scan->open_line = *end ? 0 : line;
    } else {
        return false;
    }
    return true;
}

/* An integer that does not fit wraps silently in libconfig. */
static bool check_number(struct scan *scan, struct zm_error *err)
{
    size_t n = strspn(scan->at, "0123456789abcdefABCDEFxXL");
    bool real = scan->at[n] == '.' || scan->at[n] == '+';
    char *end;
    unsigned long long value;

    errno = 0;
    value = strtoull(scan->at, &end, scan->at[1] == 'x' || scan->at[1] == 'X' ? 16 : 10);
    if (!real && (errno == ERANGE || value > INT_MAX))
        return conf_file_fail(scan->file, scan->line, err, "the number %.*s is too large",
                              (int)(n < 40 ? n : 40), scan->at);
    skip(scan, n);
    return true;
}

static bool scan_token(struct scan *scan, struct zm_error *err)
{
    char c = *scan->at;

    if (c == '@') {
        conf_file_fail(scan->file, scan->line, err, "@include is not supported");
        return zm_error_hint(err, "put everything into one file");
    }
    if (c == '{' || c == '(' || c == '[')
        scan->depth++;
    if ((c == '}' || c == ')' || c == ']') && scan->depth > 0)
        scan->depth--;
    if (scan->depth > CONF_DEPTH_MAX)
        return conf_file_fail(scan->file, scan->line, err, "groups are nested too deeply");
    if (c >= '0' && c <= '9')
        return check_number(scan, err);
    if (is_name_char(c) && c != '-')
        for (; is_name_char(scan->at[1]); scan->at++)
            ;
    skip(scan, 1);
    return true;
}

static bool scan_text(const struct conf_file *file, struct zm_error *err)
{
    struct scan scan = {.file = file, .at = file->text.s, .line = 1};

    while (*scan.at)
        if (!skip_quiet(&scan) && !scan_token(&scan, err))
            return false;
    return !scan.open_line ||
           conf_file_fail(file, scan.open_line, err, "a text or remark begins and does not end");
}

bool conf_file_read(const char *path, struct conf_file *ret, struct zm_error *err)
{
    bool ok;
    int fd;

    memset(ret, 0, sizeof(*ret));
    name(ret, path);
    fd = open_file(ret, err);
    if (fd < 0)
        return false;
    ok = check_file(ret, fd, err) && read_all(ret, fd, err) && scan_text(ret, err);
    close(fd);
    if (!ok)
        conf_file_done(ret);
    return ok;
}

void conf_file_done(struct conf_file *file)
{
    if (file->text.s)
        explicit_bzero(file->text.s, file->text.cap);
    zm_buf_done(&file->text);
}

void conf_file_name_at(const struct conf_file *file, int line, char *dst, size_t size)
{
    const char *s = file->text.s;
    size_t n = 0;

    for (; line > 1 && s; line--)
        s = (s = strchr(s, '\n')) ? s + 1 : NULL;
    if (s) {
        s += strspn(s, " \t{");
        while (n < size - 1 && is_name_char(s[n]))
            n++;
        memcpy(dst, s, n);
    }
    dst[n] = '\0';
}
