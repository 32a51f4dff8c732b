/*
 * Output that never waits. ncurses loops in write(2) until a terminal has taken everything, so it
 * writes into memory here, and the bytes go to the terminal as it takes them. Must not know what
 * they mean.
 */
#include "term_state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "zm/clock.h"

#define BLOCKING_STEP 256 /* what a terminal that polls as writable takes without waiting */

/* The terminal of fd under another open file description: O_NONBLOCK on the inherited one would
 * be left behind for the shell if we were killed. */
static int reopen(int fd)
{
    struct stat mine, other;
    char path[128];
    int out;

    if (fstat(fd, &mine) != 0 || ttyname_r(fd, path, sizeof(path)) != 0)
        return -1;
    out = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (out >= 0 && (fstat(out, &other) != 0 || other.st_rdev != mine.st_rdev)) {
        close(out);
        out = -1;
    }
    return out;
}

bool tui_out_open(struct tui *tui)
{
    int fd = (int)syscall(SYS_memfd_create, "zmartctl-frame", 1u /* MFD_CLOEXEC */);

    tui->sink = fd >= 0 ? fdopen(fd, "w+") : tmpfile();
    if (!tui->sink)
        return false;
    tui->out = reopen(STDOUT_FILENO);
    tui->own_out = tui->out >= 0;
    if (!tui->own_out)
        tui->out = STDOUT_FILENO;
    return true;
}

void tui_out_close(struct tui *tui)
{
    if (tui->sink)
        fclose(tui->sink);
    if (tui->own_out)
        close(tui->out);
    tui->sink = NULL;
    tui->own_out = false;
    zm_buf_done(&tui->queue);
}

void tui_out_add(struct tui *tui, const char *s, size_t n)
{
    zm_buf_add(&tui->queue, s, n);
}

/* Three bytes for every change of colour that say what is so anyway. */
static void drop_charset(struct zm_buf *queue, size_t from)
{
    static const char choose[] = TUI_CHOOSE_ASCII;
    size_t n = sizeof(choose) - 1, to = from;

    while (from < queue->len) {
        if (queue->len - from >= n && memcmp(queue->s + from, choose, n) == 0)
            from += n;
        else
            queue->s[to++] = queue->s[from++];
    }
    queue->len = to;
}

/* How long the choice of attributes is that begins here (ESC [ digits m); 0: none does. */
static size_t attributes_at(const char *s, size_t n)
{
    size_t i = 2;

    if (n < 3 || s[0] != '\033' || s[1] != '[')
        return 0;
    while (i < n && ((s[i] >= '0' && s[i] <= '9') || s[i] == ';'))
        i++;
    return i < n && s[i] == 'm' ? i + 1 : 0;
}

static bool resets(const char *attributes)
{
    return attributes[2] == 'm' ||
           (attributes[2] == '0' && (attributes[3] == ';' || attributes[3] == 'm'));
}

/* A choice of attributes that the next one takes back before anything was written with it. */
static void drop_vain_attributes(struct zm_buf *queue, size_t from)
{
    size_t to = from, before = SIZE_MAX; /* where one was put just now */

    while (from < queue->len) {
        const char *s = queue->s + from;
        size_t n = attributes_at(s, queue->len - from);

        if (n == 0) {
            before = SIZE_MAX;
            queue->s[to++] = queue->s[from++];
            continue;
        }
        if (before != SIZE_MAX && resets(s))
            to = before;
        else
            before = to;
        memmove(queue->s + to, s, n);
        to += n;
        from += n;
    }
    queue->len = to;
}

void tui_out_collect(struct tui *tui)
{
    int fd = fileno(tui->sink);
    size_t from = tui->queue.len;
    off_t end, at = 0;

    fflush(tui->sink);
    end = lseek(fd, 0, SEEK_CUR);
    while (at < end) {
        char part[8192];
        size_t want = (size_t)(end - at) < sizeof(part) ? (size_t)(end - at) : sizeof(part);
        ssize_t n = pread(fd, part, want, at);

        if (n <= 0)
            break;
        tui_out_add(tui, part, (size_t)n);
        at += n;
    }
    if (end > 0)
        lseek(fd, 0, SEEK_SET);
    if (tui->drops_charset)
        drop_charset(&tui->queue, from);
    drop_vain_attributes(&tui->queue, from);
}

/* One write; false: not now, or never again. */
static bool write_some(struct tui *tui)
{
    size_t n = tui->queue.len - tui->sent;
    ssize_t done;

    if (!tui->own_out) {
        struct pollfd p = {.fd = tui->out, .events = POLLOUT};

        if (poll(&p, 1, 0) != 1 || !(p.revents & POLLOUT))
            return false;
        n = n < BLOCKING_STEP ? n : BLOCKING_STEP;
    }
    done = write(tui->out, tui->queue.s + tui->sent, n);
    if (done >= 0) {
        tui->sent += (size_t)done;
        return done > 0;
    }
    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        tui->gone = true;
    return false;
}

bool tui_out_flush(struct tui *tui)
{
    while (!tui->gone && tui->sent < tui->queue.len)
        if (!write_some(tui))
            break;
    if (tui->sent == tui->queue.len || tui->gone)
        tui->queue.len = tui->sent = 0;
    return tui->queue.len == 0;
}

void tui_out_drain(struct tui *tui, int ms)
{
    int64_t deadline = zm_now_ms() + ms;

    while (!tui_out_flush(tui) && zm_now_ms() < deadline) {
        struct pollfd p = {.fd = tui->out, .events = POLLOUT};

        poll(&p, 1, zm_poll_wait(deadline));
    }
}

bool tui_output_pending(const struct tui *tui)
{
    return !tui->gone && tui->queue.len > tui->sent;
}

int tui_output_fd(const struct tui *tui)
{
    return tui->out;
}

void tui_output_ready(struct tui *tui)
{
    if (tui_out_flush(tui) && tui->stale && !tui->suspended)
        tui_frame_send(tui);
}

bool tui_is_gone(const struct tui *tui)
{
    return tui->gone;
}
