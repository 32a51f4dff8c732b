/*
 * The file is opened for every line: it may be rotated at any time, and there are few lines.
 * Nothing is kept between two calls; the real stderr waits under a fixed number while it is
 * redirected.
 */
#include "screens/log.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "tui/text.h"
#include "zm/str.h"

#define SAVED_STDERR 60

static int open_log(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
}

static const char *level_name(enum message_level level)
{
    return level == MESSAGE_INFO ? "info" : level == MESSAGE_WARN ? "warning" : "error";
}

static void add_field(struct zm_buf *line, const char *before, const char *text)
{
    if (!text[0])
        return;
    zm_buf_puts(line, before);
    tui_text_clean(line, text, false);
}

void log_write(const char *path, enum message_level level, const struct zm_error *err)
{
    log_write_at(path, time(NULL), level, err);
}

void log_write_at(const char *path, time_t at, enum message_level level, const struct zm_error *err)
{
    struct zm_buf line = {.s = NULL};
    char text[700], stamp[24];
    struct tm tm;
    int fd;

    if (!path || (fd = open_log(path)) < 0)
        return;
    gmtime_r(&at, &tm);
    strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
    zm_buf_printf(&line, "%s %s", stamp, level_name(level));
    add_field(&line, " ", zm_error_line(err, text, sizeof(text)));
    add_field(&line, " | ", err->detail);
    add_field(&line, " | ", err->hint);
    zm_buf_puts(&line, "\n");
    if (write(fd, line.s, line.len) < 0)
        errno = 0; /* a full disk: see log_write's comment */
    close(fd);
    zm_buf_done(&line);
}

bool log_check(const char *path, struct zm_error *err)
{
    int fd;

    if (!path)
        return true;
    fd = open_log(path);
    if (fd >= 0) {
        close(fd);
        return true;
    }
    return zm_error_set(err, ZM_ERR_USAGE, "", "write the log", "%s: %s", path, strerror(errno));
}

void log_redirect_stderr(const char *path)
{
    int fd = path ? open_log(path) : -1;

    if (fd < 0)
        fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (fd >= 0 && fcntl(SAVED_STDERR, F_GETFD) < 0 && dup2(STDERR_FILENO, SAVED_STDERR) >= 0) {
        fcntl(SAVED_STDERR, F_SETFD, FD_CLOEXEC);
        dup2(fd, STDERR_FILENO);
    }
    if (fd >= 0)
        close(fd);
}

void log_restore_stderr(void)
{
    if (fcntl(SAVED_STDERR, F_GETFD) < 0)
        return;
    dup2(SAVED_STDERR, STDERR_FILENO);
    close(SAVED_STDERR);
}
