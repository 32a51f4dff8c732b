/*
 * `zmartctl repair --plan` with plans that are far too large: refused with exit code 5, one that
 * was made for other databases without reading it, and in memory that does not grow with the rows.
 * 50,000 of them, or as many as ZM_TRUTH_PLAN says.
 */
#include "drift_place.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

#include "db/plan.h"
#include "support/process.h"
#include "zm/clock.h"

struct rig {
    struct drift_place place;
    long rows;
    char large[600], small[600], strange[600]; /* paths */
};

/* ---- plans ---- */

static void make(struct rig *rig, long rows, bool strange, char path[600])
{
    struct db_plan_head head = {.by = "test", .label = "TEST"};
    struct db_plan_row row = {.classes = DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS)};
    struct db_plan_writer *writer;
    struct zm_error err;
    char id[48];
    long n;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        db_plan_of(db_link_facts(rig->place.people.session.link[i]), &head.side[i]);
    if (strange)
        zm_copy(head.side[DB_BOT].system, sizeof(head.side[DB_BOT].system), "1");
    writer = db_plan_begin(rig->place.directory, &head, &err);
    assert_non_null(writer);
    row.seen = (struct db_both){.id = id,
                                .login = true,
                                .email = "somebody.with.a.name@example.com",
                                .profiles = 1,
                                .tier = "free",
                                .profile_updated_at = "2026-11-20 10:00:00",
                                .subscriptions_known = true,
                                .traders = 1,
                                .bot_email = "somebody.with.a.name@example.com",
                                .bot_tier = "pro",
                                .bot_updated_at = "2026-11-20 10:00:00"};
    for (n = 0; n < rows; n++) {
        snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012ld", n);
        if (!db_plan_add(writer, &row, &err))
            fail_msg("%s", err.message);
    }
    db_plan_count(writer, 100, 100);
    assert_true(db_plan_end(writer, path, 600, &err));
}

/* ---- the program ---- */

struct used {
    int code; /* exit code, or 128 + the signal */
    long kb;  /* at most in memory */
    int64_t ms;
    char *err; /* owned */
};

/* sig: sent as soon as it reads the plan; 0: none. */
static struct used apply(const struct rig *rig, const char *plan, int sig)
{
    char path[96];
    int64_t began = zm_now_ms();
    struct rusage usage;
    struct used used;
    int status;
    pid_t child;

    snprintf(path, sizeof(path), "%s/err", rig->place.directory);
    unlink(path);
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HOME", rig->place.directory, 1);
        /* what was freed is free, under a sanitizer too */
        setenv("ASAN_OPTIONS", "quarantine_size_mb=1", 1);
        if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout) ||
            !freopen(path, "w", stderr))
            _exit(126);
        execl(ZM_BINARY, ZM_BINARY, "-c", rig->place.conf, "repair", "--reason", "x", "--yes",
              "--plan", plan, (char *)NULL);
        _exit(127);
    }
    if (sig) {
        char fds[64];
        bool reads = false;

        snprintf(fds, sizeof(fds), "ls -l /proc/%d/fd 2>&1 | grep -q json", (int)child);
        while (!reads && zm_now_ms() - began < 20000) {
            const char *const argv[] = {"sh", "-c", fds, NULL};

            reads = process_run(argv) == 0;
        }
        assert_true(reads);
        began = zm_now_ms();
        kill(child, sig);
    }
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    used.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    used.kb = usage.ru_maxrss;
    used.ms = zm_now_ms() - began;
    used.err = read_file(path);
    if (getenv("ZM_TEST_VERBOSE"))
        fprintf(stderr, "%s: %d, %ld kB, %ld ms\n", plan, used.code, used.kb, (long)used.ms);
    return used;
}

static void refused(const struct rig *rig, const char *plan, const char *says, struct used *ret)
{
    *ret = apply(rig, plan, 0);
    if (ret->code != 5 || !strstr(ret->err, says))
        fail_msg("exit code %d: %.300s", ret->code, ret->err);
    free(ret->err);
    ret->err = NULL;
}

/* ---- tests ---- */

static void a_large_one_takes_no_memory(void **state)
{
    const struct rig *rig = *state;
    struct used small, large;

    refused(rig, rig->small, "more than 20 %", &small);
    refused(rig, rig->large, "more than 20 %", &large);
    assert_in_range(large.kb, 1, small.kb + 4096);
}

/* Its first line says whose it is. */
static void a_strange_one_is_not_read(void **state)
{
    const struct rig *rig = *state;
    struct used large, strange;

    refused(rig, rig->large, "more than 20 %", &large);
    refused(rig, rig->strange, "made for another database", &strange);
    assert_true(strange.ms * 3 < large.ms);
}

static void a_signal_ends_the_reading(void **state)
{
    const struct rig *rig = *state;
    struct used used = apply(rig, rig->large, SIGINT);

    assert_int_equal(used.code, 128 + SIGINT);
    free(used.err);
}

static int start(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    const char *rows = getenv("ZM_TRUTH_PLAN");

    rig->rows = rows ? strtol(rows, NULL, 10) : 50000;
    place_start(&rig->place, false);
    people_open(&rig->place.people, "postgres");
    make(rig, 1000, false, rig->small);
    make(rig, rig->rows, false, rig->large);
    make(rig, rig->rows, true, rig->strange);
    *state = rig;
    return 0;
}

static int stop(void **state)
{
    struct rig *rig = *state;

    place_done(&rig->place);
    free(rig);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_one_takes_no_memory),
        cmocka_unit_test(a_strange_one_is_not_read),
        cmocka_unit_test(a_signal_ends_the_reading),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
