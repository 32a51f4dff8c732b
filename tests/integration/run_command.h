/*
 * Runs the real program as a shell would, and keeps what it prints.
 */
#ifndef INTEGRATION_RUN_COMMAND_H
#define INTEGRATION_RUN_COMMAND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "zm/str.h"

struct ran {
    int code;        /* exit code, or 128 + the signal */
    char *out, *err; /* owned; ran_done frees them */
};

static inline char *read_file(const char *path)
{
    struct zm_buf text = {.s = NULL};
    char bytes[65536];
    FILE *file = fopen(path, "r");
    size_t n;

    assert_non_null(file);
    zm_buf_add(&text, "", 0);
    while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
        zm_buf_add(&text, bytes, n);
    fclose(file);
    return text.s;
}

/* `line` is a command of sh; $Z is the program with the configuration, $D a private directory. */
static inline struct ran run_line(const char *conf, const char *directory, const char *line)
{
    char out[128], err[128], z[512];
    struct ran ran;
    int status;
    pid_t child;

    snprintf(out, sizeof(out), "%s/out", directory);
    snprintf(err, sizeof(err), "%s/err", directory);
    snprintf(z, sizeof(z), "%s%s%s", ZM_BINARY, conf[0] ? " -c " : "", conf);
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("Z", z, 1);
        setenv("D", directory, 1);
        setenv("HOME", directory, 1);
        unsetenv("XDG_STATE_HOME");
        unsetenv("XDG_CONFIG_HOME");
        if (!freopen("/dev/null", "r", stdin) || !freopen(out, "w", stdout) ||
            !freopen(err, "w", stderr))
            _exit(126);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ran.out = read_file(out);
    ran.err = read_file(err);
    return ran;
}

static inline void ran_done(struct ran *ran)
{
    free(ran->out);
    free(ran->err);
}

static inline void assert_ran(const struct ran *ran, int code)
{
    if (ran->code != code)
        fail_msg("exit code %d, not %d; stdout: %.400s; stderr: %.400s", ran->code, code, ran->out,
                 ran->err);
}

static inline void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in '%.600s'", part, text);
}

/* Its exit code, and words of stdout and stderr; NULL: none are looked for. */
static inline void assert_says(const struct ran *ran, int code, const char *out, const char *err)
{
    assert_ran(ran, code);
    if (out)
        assert_holds(ran->out, out);
    if (err)
        assert_holds(ran->err, err);
}

static inline long count_lines(const char *text)
{
    long n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* The line that begins at *at as JSON; moves on. NULL at the end. */
static inline json_t *next_object(const char **at)
{
    size_t n = strcspn(*at, "\n");
    json_error_t error;
    json_t *object;

    if (!**at)
        return NULL;
    object = json_loadb(*at, n, 0, &error);
    if (!object)
        fail_msg("not JSON: %s: %.*s", error.text, (int)(n < 300 ? n : 300), *at);
    *at += n + ((*at)[n] == '\n');
    return object;
}

/* The names of an object's fields, in their order, each followed by a blank. */
static inline const char *field_names(json_t *object, char *dst, size_t size)
{
    const char *name;
    json_t *value;
    size_t n = 0;

    dst[0] = '\0';
    json_object_foreach(object, name, value) n += (size_t)snprintf(dst + n, size - n, "%s ", name);
    return dst;
}

/* A private directory that the caller removes with remove_directory. */
static inline void make_directory(char path[64])
{
    snprintf(path, 64, "/tmp/zmcmd.XXXXXX");
    assert_non_null(mkdtemp(path));
}

static inline void remove_directory(const char *path)
{
    pid_t child = fork();

    if (child == 0) {
        execlp("rm", "rm", "-rf", path, (char *)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

#endif
