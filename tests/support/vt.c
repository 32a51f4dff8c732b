/*
 * The program in its pseudo-terminal: how it starts, is fed, waited for and ends.
 */
#include "vt.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "vt_state.h"
#include "zm/clock.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PATIENCE 4
#else
#define PATIENCE 1
#endif

extern char **environ;

/* What a program under test may see of our own environment. */
static const char *const inherited[] = {"PATH",          "ASAN_OPTIONS", "LSAN_OPTIONS",
                                        "UBSAN_OPTIONS", "TSAN_OPTIONS", "TMPDIR"};

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat;
    (void)kind;
    (void)ftw;
    return remove(path);
}

/* Terminals that a failed test left: their programs and folders go when the process ends. */
static struct vt *live[64];
static pid_t owner;

static void end_program(struct vt *vt)
{
    vt->exited = true;
    if (vt->pid <= 0)
        return;
    kill(vt->pid, SIGCONT);
    kill(vt->pid, SIGKILL);
    waitpid(vt->pid, NULL, 0);
}

static void remove_home(const struct vt *vt)
{
    nftw(vt->home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void clean_up(void)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(live) && getpid() == owner; i++) {
        if (live[i] && !live[i]->exited)
            end_program(live[i]);
        if (live[i])
            remove_home(live[i]);
    }
}

static void replace_live(const struct vt *old, struct vt *new)
{
    size_t i;

    if (owner != getpid())
        atexit(clean_up);
    owner = getpid();
    for (i = 0; i < ZM_COUNT(live); i++)
        if (live[i] == old) {
            live[i] = new;
            return;
        }
}

static void set_environment(const struct vt *vt, const char *const *env)
{
    char *kept[ZM_COUNT(inherited)];
    char path[128];
    size_t i;

    for (i = 0; i < ZM_COUNT(inherited); i++)
        kept[i] = getenv(inherited[i]) ? strdup(getenv(inherited[i])) : NULL;
    environ = NULL;
    for (i = 0; i < ZM_COUNT(inherited); i++)
        if (kept[i])
            setenv(inherited[i], kept[i], 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("LANG", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    setenv("HOME", vt->home, 1);
    snprintf(path, sizeof(path), "%s/config", vt->home);
    setenv("XDG_CONFIG_HOME", path, 1);
    snprintf(path, sizeof(path), "%s/state", vt->home);
    setenv("XDG_STATE_HOME", path, 1);
    for (; env && *env; env++) {
        char *copy = strdup(*env), *value = copy ? strchr(copy, '=') : NULL;

        if (value)
            *value = '\0';
        if (value)
            setenv(copy, value + 1, 1);
        else
            unsetenv(*env);
    }
}

static void become_program(const struct vt *vt, const char *const *argv, const char *const *env)
{
    sigset_t none;
    int fd, sig;

    for (sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    ioctl(vt->slave, TIOCSCTTY, 0);
    for (fd = 0; fd < 3; fd++)
        dup2(vt->slave, fd);
    for (fd = 3; fd < 256; fd++)
        close(fd);
    set_environment(vt, env);
    execvp(argv[0], (char *const *)(const void *)argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

struct vt *vt_start(const char *const *argv, const char *const *env, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    struct vt *vt = zm_calloc(1, sizeof(*vt));

    assert_in_range(cols, 0, VT_MAX_COLS);
    vt->rows = rows > 0 ? rows : 1;
    vt->cols = cols > 0 ? cols : 1;
    zm_copy(vt->home, sizeof(vt->home), "/tmp/zmh.XXXXXX");
    assert_non_null(mkdtemp(vt->home));
    replace_live(NULL, vt);
    assert_int_equal(openpty(&vt->master, &vt->slave, NULL, NULL, &size), 0);
    fcntl(vt->master, F_SETFL, O_NONBLOCK);
    assert_int_equal(tcgetattr(vt->slave, &vt->before), 0);
    vt->vterm = vterm_new(vt->rows, vt->cols);
    vterm_set_utf8(vt->vterm, 1);
    vt->screen = vterm_obtain_screen(vt->vterm);
    vterm_screen_enable_altscreen(vt->screen, 1);
    vterm_screen_reset(vt->screen, 1);
    fflush(NULL);
    vt->pid = fork();
    assert_true(vt->pid >= 0);
    if (vt->pid == 0)
        become_program(vt, argv, env);
    return vt;
}

/* Notes the end of the program once. */
static void reap(struct vt *vt)
{
    int status;

    if (vt->exited || waitpid(vt->pid, &status, WNOHANG) != vt->pid)
        return;
    vt->exited = true;
    vt->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Reads once, waiting at most ms; false when nothing came. */
static bool read_some(struct vt *vt, int ms)
{
    struct pollfd poll_for = {.fd = vt->master, .events = POLLIN};
    char bytes[65536];
    ssize_t n;

    if (poll(&poll_for, 1, ms) <= 0 || !(poll_for.revents & POLLIN))
        return false;
    n = read(vt->master, bytes, sizeof(bytes));
    if (n <= 0)
        return false;
    zm_buf_add(&vt->log, bytes, (size_t)n);
    vt_stream_feed(&vt->stream, bytes, (size_t)n);
    vterm_input_write(vt->vterm, bytes, (size_t)n);
    return true;
}

void vt_pump(struct vt *vt)
{
    while (vt->master >= 0 && read_some(vt, 0))
        continue;
}

void vt_done(struct vt *vt)
{
    if (!vt)
        return;
    reap(vt);
    if (!vt->exited)
        end_program(vt);
    if (vt->master >= 0)
        close(vt->master);
    if (vt->slave >= 0)
        close(vt->slave);
    remove_home(vt);
    replace_live(vt, NULL);
    vterm_free(vt->vterm);
    vt_stream_done(&vt->stream);
    zm_buf_done(&vt->log);
    free(vt);
}

void vt_type(struct vt *vt, const char *text)
{
    size_t left = strlen(text);
    int64_t deadline = zm_now_ms() + (int64_t)VT_SOON_MS * PATIENCE;

    while (left > 0) {
        ssize_t n = write(vt->master, text, left);

        if (n < 0 && errno != EAGAIN)
            return; /* the program is gone: what is waited for next says so */
        if (n < 0 && zm_now_ms() > deadline)
            fail_msg("the program does not read its keyboard");
        if (n < 0)
            read_some(vt, 10);
        text += n > 0 ? n : 0;
        left -= n > 0 ? (size_t)n : 0;
    }
}

static bool has_text(struct vt *vt, void *context)
{
    return vt_find(vt, context, NULL) >= 0;
}

static bool lacks_text(struct vt *vt, void *context)
{
    return vt_find(vt, context, NULL) < 0;
}

static bool has_exited(struct vt *vt, void *context)
{
    (void)context;
    reap(vt);
    return vt->exited;
}

void vt_wait_until(struct vt *vt, bool (*holds)(struct vt *vt, void *context), void *context,
                   const char *what, int ms)
{
    int64_t deadline = zm_now_ms() + (int64_t)ms * PATIENCE;

    for (;;) {
        vt_pump(vt);
        if (holds(vt, context))
            return;
        reap(vt);
        if (vt->exited || zm_now_ms() >= deadline)
            break;
        if (vt->master < 0 || !read_some(vt, 20))
            poll(NULL, 0, 2); /* the end of a program makes no noise here */
    }
    vt_pump(vt);
    if (holds(vt, context))
        return;
    vt_dump(vt);
    if (vt->exited)
        fail_msg("the program ended with %d before: %s", vt->code, what);
    fail_msg("not within %d ms: %s", ms * PATIENCE, what);
}

void vt_wait(struct vt *vt, const char *text, int ms)
{
    char what[512];

    snprintf(what, sizeof(what), "the screen shows '%s'", text);
    vt_wait_until(vt, has_text, (void *)(uintptr_t)text, what, ms);
}

void vt_wait_gone(struct vt *vt, const char *text, int ms)
{
    char what[512];

    snprintf(what, sizeof(what), "'%s' is gone from the screen", text);
    vt_wait_until(vt, lacks_text, (void *)(uintptr_t)text, what, ms);
}

int vt_wait_exit(struct vt *vt, int ms)
{
    vt_wait_until(vt, has_exited, NULL, "the program ends", ms);
    return vt->code;
}

void vt_settle(struct vt *vt, int quiet_ms, int ms)
{
    int64_t deadline = zm_now_ms() + (int64_t)ms * PATIENCE;

    while (read_some(vt, quiet_ms))
        if (zm_now_ms() > deadline)
            fail_msg("the program does not stop writing: %lld bytes", vt->stream.bytes);
}

void vt_signal(struct vt *vt, int signal)
{
    assert_int_equal(kill(vt->pid, signal), 0);
}

void vt_hang_up(struct vt *vt)
{
    vt_pump(vt);
    close(vt->master);
    close(vt->slave);
    vt->master = vt->slave = -1;
}
