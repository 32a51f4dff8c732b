/*
 * Waiting: signals, timers, descriptors and keys become what they should, a terminal that went away
 * is said once, a crash gives the terminal back, Ctrl-Z stops and comes back.
 */
#include "tui_screen.h"

#include <signal.h>
#include <sys/wait.h>

#include "tui/loop.h"
#include "zm/clock.h"

#define SOON (zm_now_ms() + 2000)

static struct tui_loop *make(struct test_screen *s)
{
    struct tui_loop *loop = NULL;

    assert_true(tui_loop_new(&loop, NULL));
    test_screen(s, 24, 80, "xterm-256color", NULL);
    return loop;
}

static void done(struct test_screen *s, struct tui_loop *loop)
{
    test_pty_done(s);
    tui_loop_free(loop);
}

static void signals(void **state)
{
    static const struct {
        int signal;
        unsigned woke;
    } cases[] = {{SIGWINCH, TUI_WAKE_RESIZE},
                 {SIGTSTP, TUI_WAKE_SUSPEND},
                 {SIGCONT, TUI_WAKE_CONT | TUI_WAKE_RESIZE},
                 {SIGTERM, TUI_WAKE_QUIT},
                 {SIGINT, TUI_WAKE_QUIT},
                 {SIGQUIT, TUI_WAKE_QUIT},
                 {SIGHUP, TUI_WAKE_QUIT}};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct test_screen s;
        struct tui_loop *loop = make(&s);

        assert_int_equal(tui_loop_signal(loop), 0);
        kill(getpid(), cases[i].signal);
        assert_int_equal(tui_loop_wait(loop, s.tui, -1, SOON), cases[i].woke);
        assert_int_equal(tui_loop_signal(loop),
                         cases[i].woke == TUI_WAKE_QUIT ? cases[i].signal : 0);
        assert_int_equal(tui_loop_wait(loop, s.tui, -1, zm_now_ms() + 10), TUI_WAKE_TIMER);
        done(&s, loop);
    }
}

static void storm_is_one_resize(void **state)
{
    struct test_screen s;
    struct tui_loop *loop = make(&s);
    int i;

    (void)state;
    for (i = 0; i < 1000; i++)
        kill(getpid(), SIGWINCH);
    assert_int_equal(tui_loop_wait(loop, s.tui, -1, SOON), TUI_WAKE_RESIZE);
    assert_int_equal(tui_loop_wait(loop, s.tui, -1, zm_now_ms()), TUI_WAKE_TIMER);
    done(&s, loop);
}

static void timer_key_and_descriptor(void **state)
{
    struct test_screen s;
    struct tui_loop *loop = make(&s);
    struct tui_event event;
    int64_t begun = zm_now_ms();
    int fd[2];

    (void)state;
    assert_int_equal(pipe(fd), 0);
    assert_int_equal(tui_loop_wait(loop, s.tui, fd[0], begun + 30), TUI_WAKE_TIMER);
    assert_in_range(zm_now_ms() - begun, 30, 1500);
    assert_int_equal(write(fd[1], "x", 1), 1);
    assert_int_equal(tui_loop_wait(loop, s.tui, fd[0], SOON), TUI_WAKE_FD);
    test_type(&s, "jk", 2);
    assert_int_equal(tui_loop_wait(loop, s.tui, -1, SOON), TUI_WAKE_INPUT);
    assert_true(tui_read(s.tui, &event) && event.key == 'j');
    assert_int_equal(tui_loop_wait(loop, s.tui, -1, SOON), TUI_WAKE_INPUT); /* there is more */
    assert_true(tui_read(s.tui, &event) && event.key == 'k');
    assert_false(tui_read(s.tui, &event));
    begun = zm_now_ms();
    test_type(&s, "\033", 1);
    while (!tui_read(s.tui, &event)) /* the caller knows nothing of escape sequences */
        assert_true(tui_loop_wait(loop, s.tui, -1, ZM_NEVER) & TUI_WAKE_INPUT);
    assert_int_equal(event.key, TUI_KEY_ESC);
    assert_true(zm_now_ms() - begun < 1500);
    close(fd[0]);
    close(fd[1]);
    done(&s, loop);
}

/* The first key is answered at once; what comes right after its answer is answered together. */
static void keys_gather_after_an_answer(void **state)
{
    struct test_screen s;
    struct tui_loop *loop = make(&s);
    struct tui_event event;
    int keys = 0;

    (void)state;
    test_type(&s, "j", 1);
    assert_int_equal(tui_loop_wait(loop, s.tui, -1, SOON), TUI_WAKE_INPUT);
    assert_true(tui_read(s.tui, &event));
    assert_false(tui_read(s.tui, &event));
    tui_frame_begin(s.tui);
    tui_draw(s.tui, tui_screen_box(s.tui), 0, 0, TUI_TEXT, "answered");
    tui_frame_end(s.tui);
    test_type(&s, "kkkk", 4);
    assert_int_equal(tui_loop_wait(loop, s.tui, -1, SOON), TUI_WAKE_INPUT);
    assert_true(zm_now_us() - tui_sent_us(s.tui) >= 4000);
    while (tui_read(s.tui, &event))
        keys++;
    assert_int_equal(keys, 4);
    done(&s, loop);
}

static void gone_is_said_once(void **state)
{
    struct test_screen s;
    struct tui_loop *loop = make(&s);
    struct tui_event event;
    unsigned woke = 0;
    int64_t begun;
    int quits = 0, turns = 0;

    (void)state;
    close(s.master);
    s.master = -1;
    begun = zm_now_ms();
    while (!(woke & TUI_WAKE_TIMER)) { /* a caller that goes on: it waits, it does not spin */
        woke = tui_loop_wait(loop, s.tui, -1, begun + 100);
        quits += (woke & TUI_WAKE_QUIT) != 0;
        turns++;
        while (tui_read(s.tui, &event))
            assert_int_equal(event.type, TUI_EVENT_EOF);
    }
    assert_int_equal(quits, 1);
    assert_in_range(turns, 1, 5);
    assert_int_equal(tui_loop_signal(loop), 0);
    done(&s, loop);
}

static void sends_what_was_held_back(void **state)
{
    struct test_screen s;
    struct tui_loop *loop = make(&s);
    char got[65536];
    int row, i;

    (void)state;
    test_pty_size(&s, 60, 250);
    tui_resized(s.tui);
    for (i = 0; i < 3; i++) {
        tui_frame_begin(s.tui);
        for (row = 0; row < 60; row++)
            tui_drawf(s.tui, tui_screen_box(s.tui), row, 0, TUI_TEXT, "frame %d %0230d", i,
                      i * row);
        tui_frame_end(s.tui);
    }
    assert_true(tui_output_pending(s.tui));
    for (i = 0; i < 1000 && tui_output_pending(s.tui); i++) {
        test_received(&s, got, sizeof(got), 0);
        assert_int_equal(tui_loop_wait(loop, s.tui, -1, zm_now_ms() + 5), TUI_WAKE_TIMER);
    }
    assert_string_equal(test_cells(59, 0, 7, got, sizeof(got)), "frame 2");
    done(&s, loop);
}

static void freed_loop_leaves_no_trace(void **state)
{
    struct tui_loop *loop = NULL;
    struct sigaction before, after;
    sigset_t mask_before, mask_after;
    int signal;

    (void)state;
    sigprocmask(SIG_SETMASK, NULL, &mask_before);
    sigaction(SIGSEGV, NULL, &before);
    assert_true(tui_loop_new(&loop, NULL));
    kill(getpid(), SIGTERM); /* answered by leaving: must not kill afterwards */
    tui_loop_free(loop);
    sigprocmask(SIG_SETMASK, NULL, &mask_after);
    sigaction(SIGSEGV, NULL, &after);
    for (signal = 1; signal < 32; signal++)
        assert_int_equal(sigismember(&mask_before, signal), sigismember(&mask_after, signal));
    assert_true(before.sa_handler == after.sa_handler);
    tui_loop_free(NULL);
}

/* A child that opens the console and then does what `act` says. */
static pid_t child_with_console(struct test_screen *s, void (*act)(struct test_screen *s))
{
    pid_t child = fork();

    if (child == 0) {
        struct tui_loop *loop;

        if (!tui_loop_new(&loop, NULL) ||
            !tui_open(&(struct tui_options){.ascii = false}, &s->tui, NULL))
            _exit(99);
        tui_frame_begin(s->tui);
        tui_draw(s->tui, tui_screen_box(s->tui), 0, 0, TUI_TEXT, "running");
        tui_frame_end(s->tui);
        act(s);
        tui_close(s->tui);
        _exit(0);
    }
    assert_true(child > 0);
    return child;
}

static void crash(struct test_screen *s)
{
    (void)s;
    if (freopen("/dev/null", "w", stderr))
        abort();
}

static void crash_gives_the_terminal_back(void **state)
{
    struct test_screen s;
    struct termios before, after;
    char got[8192];
    int status;
    pid_t child;

    (void)state;
    memset(&before, 0, sizeof(before));
    memset(&after, 0, sizeof(after));
    test_pty(&s, 24, 80, "xterm-256color");
    tcgetattr(s.slave, &before);
    child = child_with_console(&s, crash);
    assert_int_equal(waitpid(child, &status, 0), child);
    tcgetattr(s.slave, &after);
    test_received(&s, got, sizeof(got), 20);
    test_pty_done(&s);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_memory_equal(&before, &after, sizeof(before));
    assert_non_null(strstr(got, "running"));
    assert_non_null(strstr(strstr(got, "running"), "\033[?1049l"));
}

static void stop(struct test_screen *s)
{
    tui_suspend(s->tui);
    tui_loop_stop();
    tui_resume(s->tui);
}

static void stop_in_own_group(struct test_screen *s)
{
    setpgid(0, 0);
    stop(s);
}

static void stop_in_own_session(struct test_screen *s)
{
    setsid();
    stop(s);
}

static void stops_and_continues(void **state)
{
    struct test_screen s;
    int status;
    pid_t child;

    (void)state;
    test_pty(&s, 24, 80, "xterm-256color");
    child = child_with_console(&s, stop_in_own_group);
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFSTOPPED(status));
    assert_int_equal(WSTOPSIG(status), SIGTSTP);
    kill(child, SIGCONT);
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    /* nobody could continue it there: it must not stop for ever */
    child = child_with_console(&s, stop_in_own_session);
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFEXITED(status));
    test_pty_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals),
        cmocka_unit_test(storm_is_one_resize),
        cmocka_unit_test(timer_key_and_descriptor),
        cmocka_unit_test(keys_gather_after_an_answer),
        cmocka_unit_test(gone_is_said_once),
        cmocka_unit_test(sends_what_was_held_back),
        cmocka_unit_test(freed_loop_leaves_no_trace),
        cmocka_unit_test(crash_gives_the_terminal_back),
        cmocka_unit_test(stops_and_continues),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
