/*
 * Waiting, and signals made into events. A signalfd takes the ordinary signals; those of a crash
 * have handlers that put the terminal back first. Must not know what the events lead to.
 */
#include "tui/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "zm/arena.h"
#include "zm/clock.h"
#include "zm/str.h"

static const int handled[] = {SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

#define REST_US 4000 /* after the answer to a key: a person does not type faster */

struct tui_loop {
    int fd;
    bool typed; /* the last wait ended with input */
    int signal; /* that asked to quit */
    bool told_gone;
    sigset_t before;
    struct sigaction pipe_before, crash_before[ZM_COUNT(crashes)];
};

/* Only what POSIX allows in a handler. The second time the signal has its usual effect. */
static void on_crash(int sig)
{
    static const char text[] = "zmartctl: crashed; the terminal was restored\n";
    ssize_t n;

    tui_emergency_restore();
    n = write(STDERR_FILENO, text, sizeof(text) - 1);
    (void)n;
    signal(sig, SIG_DFL);
    raise(sig);
}

static void install(struct tui_loop *loop)
{
    struct sigaction crash = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    size_t i;

    sigemptyset(&crash.sa_mask);
    sigemptyset(&ignore.sa_mask);
    for (i = 0; i < ZM_COUNT(crashes); i++)
        sigaction(crashes[i], &crash, &loop->crash_before[i]);
    sigaction(SIGPIPE, &ignore, &loop->pipe_before);
}

bool tui_loop_new(struct tui_loop **ret, struct zm_error *err)
{
    struct tui_loop *loop = zm_calloc(1, sizeof(*loop));
    sigset_t set;
    size_t i;

    sigemptyset(&set);
    for (i = 0; i < ZM_COUNT(handled); i++)
        sigaddset(&set, handled[i]);
    pthread_sigmask(SIG_BLOCK, &set, &loop->before);
    loop->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->fd < 0) {
        zm_error_set(err, ZM_ERR_SYSTEM, NULL, "wait for signals", "%s", strerror(errno));
        pthread_sigmask(SIG_SETMASK, &loop->before, NULL);
        free(loop);
        return false;
    }
    install(loop);
    *ret = loop;
    return true;
}

/* What each signal means to the caller; those that ask to quit are remembered. */
static unsigned take_signals(struct tui_loop *loop, struct tui *tui)
{
    struct signalfd_siginfo info;
    unsigned woke = 0;

    while (read(loop->fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        switch ((int)info.ssi_signo) {
        case SIGWINCH:
            woke |= TUI_WAKE_RESIZE;
            break;
        case SIGTSTP:
            woke |= TUI_WAKE_SUSPEND;
            break;
        case SIGCONT: /* whoever stopped us may have used the terminal, and changed its size */
            tui_resume(tui);
            woke |= TUI_WAKE_CONT | TUI_WAKE_RESIZE;
            break;
        default:
            if (!loop->signal)
                loop->signal = (int)info.ssi_signo;
            woke |= TUI_WAKE_QUIT;
        }
    }
    return woke;
}

void tui_loop_free(struct tui_loop *loop)
{
    struct signalfd_siginfo info;
    size_t i;

    if (!loop)
        return;
    /* What arrived meanwhile was answered by leaving. */
    while (read(loop->fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        ;
    close(loop->fd);
    for (i = 0; i < ZM_COUNT(crashes); i++)
        sigaction(crashes[i], &loop->crash_before[i], NULL);
    sigaction(SIGPIPE, &loop->pipe_before, NULL);
    pthread_sigmask(SIG_SETMASK, &loop->before, NULL);
    free(loop);
}

/* How long the terminal is left alone, in milliseconds; 0: it is not. */
static int64_t rest(const struct tui_loop *loop, const struct tui *tui)
{
    int64_t left = loop->typed ? tui_sent_us(tui) + REST_US - zm_now_us() : 0;

    return left > 0 ? (left + 999) / 1000 : 0;
}

static int64_t soonest(const struct tui_loop *loop, const struct tui *tui, int64_t deadline_ms)
{
    int64_t now = zm_now_ms(), resting = rest(loop, tui);
    int wait = tui_read_wait(tui);

    if (tui_input_ready(tui))
        return 0;
    if (resting > 0 && now + resting < deadline_ms)
        deadline_ms = now + resting;
    return wait >= 0 && now + wait < deadline_ms ? now + wait : deadline_ms;
}

/* The terminal is gone: said once, then it is no longer waited for. */
static unsigned check_gone(struct tui_loop *loop, const struct tui *tui)
{
    if (!tui_is_gone(tui) || loop->told_gone)
        return 0;
    loop->told_gone = true;
    return TUI_WAKE_QUIT;
}

/* One poll; what it found. */
static unsigned once(struct tui_loop *loop, struct tui *tui, int extra_fd, int64_t until_ms)
{
    bool leave = tui_is_gone(tui) || rest(loop, tui) > 0;
    struct pollfd p[] = {
        {.fd = loop->fd, .events = POLLIN},
        {.fd = leave ? -1 : tui_fd(tui), .events = POLLIN},
        {.fd = extra_fd, .events = POLLIN},
        {.fd = tui_output_pending(tui) ? tui_output_fd(tui) : -1, .events = POLLOUT},
    };
    unsigned woke = 0;

    if (poll(p, ZM_COUNT(p), zm_poll_wait(until_ms)) <= 0)
        return 0;
    if (p[3].revents)
        tui_output_ready(tui);
    if (p[0].revents)
        woke |= take_signals(loop, tui);
    if (p[1].revents)
        woke |= TUI_WAKE_INPUT;
    if (p[2].revents)
        woke |= TUI_WAKE_FD;
    return woke;
}

unsigned tui_loop_wait(struct tui_loop *loop, struct tui *tui, int extra_fd, int64_t deadline_ms)
{
    unsigned woke = check_gone(loop, tui);

    while (!woke) {
        int64_t until = soonest(loop, tui, deadline_ms);

        woke = once(loop, tui, extra_fd, until);
        woke |= check_gone(loop, tui);
        if (tui_input_ready(tui) || tui_read_wait(tui) == 0)
            woke |= TUI_WAKE_INPUT;
        if (deadline_ms != ZM_NEVER && zm_now_ms() >= deadline_ms)
            woke |= TUI_WAKE_TIMER;
    }
    loop->typed = (woke & TUI_WAKE_INPUT) != 0;
    return woke;
}

void tui_loop_stop(void)
{
    struct sigaction usual = {.sa_handler = SIG_DFL}, before;
    sigset_t set;

    sigemptyset(&usual.sa_mask);
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    sigaction(SIGTSTP, &usual, &before);
    kill(0, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL); /* stops here */
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    sigaction(SIGTSTP, &before, NULL);
}

int tui_loop_signal(const struct tui_loop *loop)
{
    return loop->signal;
}
