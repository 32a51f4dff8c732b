/*
 * The program on the servers of support/writer.h, from a private directory: for tests of the
 * subcommands that write.
 */
#ifndef INTEGRATION_WRITE_PLACE_H
#define INTEGRATION_WRITE_PLACE_H

#include "run_command.h"

#include <sys/resource.h>
#include <time.h>

#include "support/writer.h"
#include "zm/clock.h"

struct write_place {
    struct writer w;
    char directory[64], conf[96];
};

/* guard: "open", "unlock" or "read_only". extra: more options of the profile. */
static inline void write_conf(const struct write_place *place, const char *guard, const char *extra)
{
    FILE *file = fopen(place->conf, "w");
    int side;

    assert_non_null(file);
    fprintf(file, "profiles: { test: { label = \"TEST\"; guard = \"%s\"; %s\n", guard, extra);
    for (side = 0; side < DB_SIDES; side++)
        fprintf(file, "%s: { host = \"%s\"; port = %s; user = \"%s\"; };\n",
                side == DB_BRAIN ? "brain" : "bot",
                place->w.pooled ? place->w.bouncer[side].directory
                                : place->w.people.cluster[side].directory,
                place->w.pooled ? BOUNCER_PORT : place->w.people.cluster[side].port, place->w.role);
    fprintf(file, "}; };\n");
    fclose(file);
}

/* A private directory, and in it the configuration for the role and the way of the writer. */
static inline void write_place_move_in(struct write_place *place)
{
    make_directory(place->directory);
    snprintf(place->conf, sizeof(place->conf), "%s/zmartctl.conf", place->directory);
    write_conf(place, "unlock", "");
}

static inline struct write_place *write_place_start(const char *role, bool pooled)
{
    struct write_place *place = zm_calloc(1, sizeof(*place));

    writer_start(&place->w, role, pooled);
    write_place_move_in(place);
    return place;
}

static inline void write_place_done(struct write_place *place)
{
    remove_directory(place->directory);
    writer_done(&place->w);
    free(place);
}

static inline struct ran run(const struct write_place *place, const char *line)
{
    return run_line(place->conf, place->directory, line);
}

/* Runs it, looks at the exit code, at words of stdout and stderr (NULL: none). */
static inline void run_says(const struct write_place *place, int code, const char *line,
                            const char *out, const char *err)
{
    struct ran ran = run(place, line);

    assert_says(&ran, code, out, err);
    ran_done(&ran);
}

/* The only line of stdout as JSON; the caller owns it. */
static inline json_t *run_object(const struct write_place *place, int code, const char *line)
{
    struct ran ran = run(place, line);
    const char *at = ran.out;
    json_t *object;

    assert_ran(&ran, code);
    object = next_object(&at);
    assert_non_null(object);
    assert_string_equal(at, "");
    ran_done(&ran);
    return object;
}

static inline const char *text_of(json_t *object, const char *field)
{
    return zm_text(json_string_value(json_object_get(object, field)));
}

/* A field of an object inside: "brain", "tier". */
static inline const char *inside(json_t *object, const char *name, const char *field)
{
    return text_of(json_object_get(object, name), field);
}

static inline void assert_result(json_t *object, const char *result, bool changed)
{
    if (strcmp(text_of(object, "result"), result) != 0 ||
        json_is_true(json_object_get(object, "changed")) != changed)
        fail_msg("not %s: %s", result, json_dumps(object, 0));
}

/* As the superuser. */
static inline long count_in(const struct write_place *place, enum db_side side, const char *sql)
{
    return strtol(writer_value(&place->w, side, sql), NULL, 10);
}

static inline void assert_state(const struct write_place *place, const char *expected)
{
    writer_assert_state(&place->w, expected);
}

/* A file of the private directory. */
static inline void write_file(const struct write_place *place, const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", place->directory, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Starts the program with its output in files of the directory; the caller waits for it. */
static inline pid_t start_program(const struct write_place *place, const char *const *args)
{
    const char *argv[24] = {ZM_BINARY, "-c", place->conf};
    char out[96], err[96];
    size_t n = 3;
    pid_t child;

    while (*args && n < 23)
        argv[n++] = *args++;
    argv[n] = NULL;
    snprintf(out, sizeof(out), "%s/out", place->directory);
    snprintf(err, sizeof(err), "%s/err", place->directory);
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HOME", place->directory, 1);
        unsetenv("XDG_STATE_HOME");
        unsetenv("XDG_CONFIG_HOME");
        if (!freopen("/dev/null", "r", stdin) || !freopen(out, "w", stdout) ||
            !freopen(err, "w", stderr))
            _exit(126);
        execv(ZM_BINARY, (char *const *)argv);
        _exit(127);
    }
    return child;
}

/* Waits for it; the most memory that it had, in kB. */
static inline struct ran end_program(const struct write_place *place, pid_t child, long *ret_kb)
{
    char out[96], err[96];
    struct rusage usage;
    struct ran ran;
    int status;

    assert_int_equal(wait4(child, &status, 0, &usage), child);
    snprintf(out, sizeof(out), "%s/out", place->directory);
    snprintf(err, sizeof(err), "%s/err", place->directory);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ran.out = read_file(out);
    ran.err = read_file(err);
    if (ret_kb)
        *ret_kb = usage.ru_maxrss;
    return ran;
}

/* Until a number in a database is at least n. */
static inline void wait_count(const struct write_place *place, enum db_side side, const char *sql,
                              long n)
{
    const struct timespec pause = {0, 5000000};
    int64_t until = zm_now_ms() + 30000;

    while (count_in(place, side, sql) < n) {
        if (zm_now_ms() > until)
            fail_msg("never came true: %s", sql);
        nanosleep(&pause, NULL);
    }
}

/* Runs the tests as the owner of the tables, and as an operator of least privilege through a
 * transaction pooler. Their state is the place. Returns how many failed. */
static inline int write_place_run(const struct CMUnitTest *tests, size_t n)
{
    static const struct {
        const char *role;
        bool pooled;
    } ways[] = {{"postgres", false}, {"op_olga", true}};
    struct write_place *place = write_place_start(ways[0].role, ways[0].pooled);
    struct CMUnitTest *with_state = zm_calloc(n, sizeof(*with_state));
    int failed = 0;
    size_t i, way;

    memcpy(with_state, tests, n * sizeof(*tests));
    for (i = 0; i < n; i++)
        with_state[i].initial_state = place;
    for (way = 0; way < ZM_COUNT(ways); way++) {
        remove_directory(place->directory);
        writer_as(&place->w, ways[way].role, ways[way].pooled);
        write_place_move_in(place);
        failed += _cmocka_run_group_tests(ways[way].role, with_state, n, NULL, NULL);
    }
    write_place_done(place);
    free(with_state);
    return failed;
}

#endif
