/*
 * Reads stdin byte by byte: what was typed ahead stays where it is, and no copy of a password is
 * left in a buffer of stdio.
 */
#include "screens/init_ask.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "tui/text.h"
#include "zm/str.h"

void init_ask_begin(struct init_ask *ask, bool ascii)
{
    memset(ask, 0, sizeof(*ask));
    ask->terminal = isatty(STDIN_FILENO);
    ask->ascii = ascii;
}

static void show(const struct init_ask *ask, const char *text, const char *end)
{
    struct zm_buf clean = {.s = NULL};

    tui_text_clean(&clean, text, ask->ascii);
    fprintf(stderr, "%s%s", clean.s, end);
    zm_buf_done(&clean);
}

void init_say(const struct init_ask *ask, const char *format, ...)
{
    char text[1200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    show(ask, text, "\n");
}

/* ---- one line ---- */

/* Without echo a signal must not leave the terminal so: it is taken here, the terminal put right,
 * and the signal sent again. */
static bool wait_byte(int signals, const struct termios *before)
{
    struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
                            {.fd = signals, .events = POLLIN}};
    struct signalfd_siginfo info;
    sigset_t one;

    while (poll(fds, signals < 0 ? 1 : 2, -1) < 0)
        if (errno != EINTR)
            return false;
    if (signals < 0 || !(fds[1].revents & POLLIN))
        return true;
    if (read(signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return false;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, before);
    fputc('\n', stderr);
    sigemptyset(&one);
    sigaddset(&one, (int)info.ssi_signo);
    raise((int)info.ssi_signo);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    return false;
}

/* -1: the input ended; else the length, which is more than size - 1 when the line did not fit. */
static long read_line(char *dst, size_t size, int signals, const struct termios *before)
{
    size_t n = 0;
    char c;

    for (;;) {
        ssize_t got = wait_byte(signals, before) ? read(STDIN_FILENO, &c, 1) : 0;

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 && n == 0)
            return -1;
        if (got <= 0 || c == '\n')
            break;
        if (n < size - 1)
            dst[n] = c;
        n++;
    }
    dst[n < size - 1 ? n : size - 1] = '\0';
    return (long)n;
}

static bool is_clean(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static void trim(char *text)
{
    size_t n = strlen(text), from = strspn(text, " \t");

    while (n > from && (text[n - 1] == ' ' || text[n - 1] == '\t' || text[n - 1] == '\r'))
        text[--n] = '\0';
    memmove(text, text + from, n - from + 1);
}

/* A bad answer from a file ends the input: the lines after it would answer the wrong questions. */
static bool again(struct init_ask *ask, const char *why)
{
    init_say(ask, "  %s", why);
    ask->ended = !ask->terminal;
    return ask->terminal;
}

bool init_ask_line(struct init_ask *ask, const char *question, const char *fallback, char *dst,
                   size_t size)
{
    char prompt[600];
    long n;

    if (fallback && fallback[0])
        snprintf(prompt, sizeof(prompt), "  %s [%s]: ", question, fallback);
    else
        snprintf(prompt, sizeof(prompt), "  %s: ", question);
    while (!ask->ended) {
        show(ask, prompt, ask->terminal ? "" : "\n");
        n = read_line(dst, size, -1, NULL);
        if (n < 0) {
            ask->ended = true;
            break;
        }
        trim(dst);
        if (n >= (long)size && !again(ask, "that is too long"))
            break;
        if (!is_clean(dst) && !again(ask, "that holds a control character"))
            break;
        if (n >= (long)size || !is_clean(dst))
            continue;
        if (dst[0])
            return true;
        if (fallback)
            return zm_copy(dst, size, fallback);
        if (!again(ask, "an answer is needed"))
            break;
    }
    return false;
}

bool init_ask_secret(struct init_ask *ask, const char *question, char *dst, size_t size)
{
    struct termios before, quiet;
    sigset_t caught, old;
    int signals = -1;
    bool hidden;
    long n;

    if (ask->ended)
        return false;
    hidden = ask->terminal && tcgetattr(STDIN_FILENO, &before) == 0;
    if (hidden) {
        sigemptyset(&caught);
        sigaddset(&caught, SIGINT);
        sigaddset(&caught, SIGTERM);
        sigaddset(&caught, SIGHUP);
        sigaddset(&caught, SIGQUIT);
        sigprocmask(SIG_BLOCK, &caught, &old);
        signals = signalfd(-1, &caught, SFD_CLOEXEC);
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    /* Not before the echo is off: who types at once would see his password. */
    fprintf(stderr, "  %s%s", question, ask->terminal ? " (not shown): " : ":\n");
    n = read_line(dst, size, signals, &before);
    if (hidden) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
        sigprocmask(SIG_SETMASK, &old, NULL);
    }
    if (signals >= 0)
        close(signals);
    if (n > 0 && n < (long)size && is_clean(dst))
        return true;
    if (n >= 0)
        init_say(ask, "  %s", n == 0 ? "an answer is needed" : "that cannot be a password");
    ask->ended = n < 0 || !ask->terminal;
    return ask->ended ? false : init_ask_secret(ask, question, dst, size);
}

int init_ask_choice(struct init_ask *ask, const char *question, const char *const *choices, int n)
{
    char answer[16], prompt[80];
    int i;

    init_say(ask, "  %s", question);
    for (i = 0; i < n; i++)
        init_say(ask, "    %d  %s", i + 1, choices[i]);
    snprintf(prompt, sizeof(prompt), "1 to %d", n);
    while (init_ask_line(ask, prompt, "1", answer, sizeof(answer))) {
        if (answer[0] >= '1' && answer[0] < '1' + n && !answer[1])
            return answer[0] - '0';
        if (!again(ask, "give one of the numbers"))
            break;
    }
    return 0;
}

bool init_ask_yes(struct init_ask *ask, const char *question, bool fallback)
{
    char answer[16];

    while (init_ask_line(ask, question, fallback ? "y" : "n", answer, sizeof(answer))) {
        if (zm_streq(answer, "y") || zm_streq(answer, "yes"))
            return true;
        if (zm_streq(answer, "n") || zm_streq(answer, "no"))
            return false;
        if (!again(ask, "y or n"))
            break;
    }
    return false;
}
