/*
 * Signals at a question, which they end, and while something is written: a thread waits for them
 * and cancels the links; what that means at each step is the protocol's business. The thread that
 * writes sees none of them.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "screens/command_write.h"
#include "screens/replica.h"

struct command_signals {
    const struct command_write *w;
    sigset_t before;
    int signals, end; /* signalfd, eventfd */
    pthread_t thread;
    bool running;
    atomic_int got, times;
};

static void fill_ends(sigset_t *ret)
{
    sigemptyset(ret);
    sigaddset(ret, SIGHUP);
    sigaddset(ret, SIGINT);
    sigaddset(ret, SIGTERM);
}

/* The first cuts the links off; what then has to be put back is not cut off by a second. */
static void cancel(struct command_signals *s, int sig)
{
    const struct command_run *run = &s->w->run;
    int side;

    if (atomic_fetch_add(&s->times, 1) > 0)
        return;
    atomic_store(&s->got, sig);
    for (side = 0; side < DB_SIDES; side++)
        if (run->session.link[side])
            db_link_cancel(run->session.link[side]);
    if (s->w->scan)
        replica_cancel(s->w->scan, run->conf);
}

static void *wait_for_signals(void *arg)
{
    struct command_signals *s = arg;
    struct pollfd fds[2] = {{.fd = s->signals, .events = POLLIN}, {.fd = s->end, .events = POLLIN}};
    struct signalfd_siginfo info;

    while (!(fds[1].revents & POLLIN)) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            break;
        if ((fds[0].revents & POLLIN) &&
            read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
            cancel(s, (int)info.ssi_signo);
    }
    return NULL;
}

struct command_signals *command_signals_start(const struct command_write *w)
{
    struct command_signals *s = zm_calloc(1, sizeof(*s));
    sigset_t ends, all;

    s->w = w;
    fill_ends(&ends);
    all = ends;
    sigaddset(&all, SIGTSTP);
    s->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    s->end = eventfd(0, EFD_CLOEXEC);
    pthread_sigmask(SIG_BLOCK, &all, &s->before);
    s->running = s->signals >= 0 && s->end >= 0 &&
                 pthread_create(&s->thread, NULL, wait_for_signals, s) == 0;
    if (!s->running) /* then they end the process, and the servers roll back */
        pthread_sigmask(SIG_SETMASK, &s->before, NULL);
    return s;
}

int command_signals_got(const struct command_signals *signals)
{
    return atomic_load(&signals->got);
}

int command_signals_times(const struct command_signals *signals)
{
    return atomic_load(&signals->times);
}

void command_signals_breathe(const struct command_signals *signals)
{
    sigset_t stop, now;

    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    if (!signals->running)
        return;
    pthread_sigmask(SIG_UNBLOCK, &stop, &now);
    pthread_sigmask(SIG_SETMASK, &now, NULL);
}

int command_signals_stop(struct command_signals *signals)
{
    uint64_t one = 1;
    int got;

    if (!signals)
        return 0;
    if (signals->running && write(signals->end, &one, sizeof(one)) == (ssize_t)sizeof(one)) {
        pthread_join(signals->thread, NULL);
        pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
    }
    if (signals->signals >= 0)
        close(signals->signals);
    if (signals->end >= 0)
        close(signals->end);
    got = atomic_load(&signals->got);
    free(signals);
    return got;
}

/* ---- before it, at a question ---- */

static void put_question(const char *question)
{
    tcflush(STDIN_FILENO, TCIFLUSH); /* what was typed ahead was no answer to this */
    fputs(question, stderr);
    fflush(stderr);
}

int command_signals_ask(const char *question)
{
    struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};
    struct signalfd_siginfo info = {.ssi_signo = 0};
    sigset_t ends, before;

    fill_ends(&ends);
    fds[1].fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fds[1].fd < 0) { /* then a signal ends the process; nothing was begun */
        put_question(question);
        return 0;
    }
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    put_question(question);
    while (!fds[0].revents && !fds[1].revents)
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            break;
    if (fds[1].revents && read(fds[1].fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
        info.ssi_signo = 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(fds[1].fd);
    return (int)info.ssi_signo;
}
