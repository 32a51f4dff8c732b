/*
 * The terminal put back from anywhere: a signal handler, exit(3), out of memory. Everything is
 * prepared when the terminal is opened; here are only write, poll and tcsetattr.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "term_state.h"

/* Written by the thread that opens and closes the terminal, read by handlers: `armed` orders it. */
static struct {
    volatile sig_atomic_t armed, registered;
    int in, out;
    struct termios shell;
    char bytes[512];
    size_t n;
} restore;

void tui_restore_arm(const struct tui *tui, const char *bytes)
{
    restore.armed = 0;
    restore.in = tui->in;
    restore.out = tui->out;
    restore.shell = tui->shell;
    zm_copy(restore.bytes, sizeof(restore.bytes), bytes);
    restore.n = strlen(restore.bytes);
    if (!restore.registered && atexit(tui_emergency_restore) == 0)
        restore.registered = 1;
    restore.armed = 1;
}

void tui_restore_disarm(void)
{
    restore.armed = 0;
}

void tui_emergency_restore(void)
{
    struct pollfd p = {.fd = restore.out, .events = POLLOUT};
    size_t sent = 0;
    int tries, saved = errno;

    if (!restore.armed)
        return;
    restore.armed = 0;
    for (tries = 0; tries < 4 && sent < restore.n; tries++) {
        ssize_t n = write(restore.out, restore.bytes + sent, restore.n - sent);

        if (n > 0)
            sent += (size_t)n;
        else if (errno != EAGAIN && errno != EINTR)
            break;
        else
            poll(&p, 1, 50);
    }
    tcsetattr(restore.in, TCSANOW, &restore.shell);
    errno = saved;
}
