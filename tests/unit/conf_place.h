/*
 * A configuration file in a private directory, for the tests of the configuration.
 */
#ifndef UNIT_CONF_PLACE_H
#define UNIT_CONF_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screens/conf.h"
#include "zm/str.h"

struct place {
    char directory[64], path[96];
};

static inline int set_up(void **state)
{
    struct place *place = zm_calloc(1, sizeof(*place));

    snprintf(place->directory, sizeof(place->directory), "/tmp/zmconf.XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof(place->path), "%s/zmartctl.conf", place->directory);
    setenv("HOME", place->directory, 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("ZMARTCTL_CONFIG");
    unsetenv("ZMARTCTL_BRAIN_PASSWORD");
    unsetenv("ZMARTCTL_BOT_PASSWORD");
    *state = place;
    return 0;
}

static inline int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];

    unlink(place->path);
    snprintf(command, sizeof(command), "%s/.local/state/zmartctl/a", place->directory);
    rmdir(command);
    snprintf(command, sizeof(command), "%s/.local/state/zmartctl", place->directory);
    rmdir(command);
    snprintf(command, sizeof(command), "%s/.local/state", place->directory);
    rmdir(command);
    snprintf(command, sizeof(command), "%s/.local", place->directory);
    rmdir(command);
    assert_int_equal(rmdir(place->directory), 0);
    free(place);
    return 0;
}

static inline void write_bytes(const struct place *place, const char *bytes, size_t n, mode_t mode)
{
    int fd = open(place->path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), (ssize_t)n);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static inline void write_text(const struct place *place, const char *text)
{
    write_bytes(place, text, strlen(text), 0600);
}

#define BOTH "brain: { host = \"/b\"; }; bot: { host = \"/t\"; };"
#define FILE_WITH(brain)                                                                           \
    "profiles: {\n a: {\n  brain: {\n" brain "\n };\n bot: { host = \"/t\"; }; }; };"

/* One line: message, then hint. */
static inline const char *refusal(const struct place *place, const char *text, struct zm_error *err)
{
    struct conf conf;

    write_text(place, text);
    memset(err, 0, sizeof(*err));
    if (conf_load(place->path, NULL, &conf, err))
        fail_msg("understood: %s", text);
    assert_int_equal(zm_error_exit_code(err->kind), 2);
    return err->message;
}

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in '%s'", part, text);
}

static inline const char *keyword(const struct db_target *target, const char *name)
{
    size_t i;

    for (i = 0; i < target->n_options; i++)
        if (zm_streq(target->options[i].keyword, name))
            return target->options[i].value;
    return NULL;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
