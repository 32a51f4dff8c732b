/*
 * zmartctl.conf.example and the table of options say the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_place.h"
#include "screens/conf.h"
#include "screens/conf_options.h"
#include "zm/str.h"

static char *read_example(void)
{
    struct zm_buf text = {.s = NULL};
    char line[1024];
    FILE *file = fopen(ZM_SOURCE_DIR "/zmartctl.conf.example", "r");

    assert_non_null(file);
    while (fgets(line, sizeof(line), file))
        zm_buf_puts(&text, line);
    fclose(file);
    return text.s;
}

/* The name of an option that a line sets or, behind its slashes, shows; false for a remark. */
static bool option_of_line(const char *line, char name[64])
{
    size_t n;

    line += strspn(line, " ");
    if (strncmp(line, "// ", 3) == 0)
        line += 3;
    n = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
    if (n == 0 || n > 60 || (strncmp(line + n, " = ", 3) != 0 && strncmp(line + n, ": {", 3) != 0))
        return false;
    snprintf(name, 64, "%.*s", (int)n, line);
    return true;
}

static bool is_name_of_an_option(const char *name)
{
    const struct conf_option *row;
    size_t i;

    for (i = 0; (row = conf_option(i)); i++)
        if (zm_streq(row->name, name))
            return true;
    return zm_streq(name, "production") || zm_streq(name, "users"); /* a profile, a screen */
}

static void the_example_has_every_option_and_no_other(void **state)
{
    char *text = read_example(), *line, *next, name[64];
    const struct conf_option *row;
    bool found[200] = {false};
    size_t i;

    (void)state;
    for (line = text; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        if (!option_of_line(line, name))
            continue;
        if (!is_name_of_an_option(name))
            fail_msg("zmartctl.conf.example shows '%s', which is no option", name);
        for (i = 0; (row = conf_option(i)); i++)
            found[i] = found[i] || zm_streq(row->name, name);
    }
    for (i = 0; (row = conf_option(i)); i++)
        if (!found[i])
            fail_msg("zmartctl.conf.example does not show '%s'", row->name);
    free(text);
}

/* "// name = value;" with the default of the table as value. */
static void the_example_shows_the_defaults(void **state)
{
    const struct conf_option *row;
    char *text = read_example();
    char wanted[128];
    size_t i;

    (void)state;
    for (i = 0; (row = conf_option(i)); i++) {
        bool bare = row->type == CONF_NUMBER || row->type == CONF_FLAG || row->max > 0;

        if (!row->fallback || row->type == CONF_LIST || row->type == CONF_TIERS)
            continue;
        snprintf(wanted, sizeof(wanted), bare ? "// %s = %s;" : "// %s = \"%s\";", row->name,
                 row->fallback);
        if (!strstr(text, wanted))
            fail_msg("zmartctl.conf.example lacks: %s", wanted);
    }
    free(text);
}

static void the_example_works(void **state)
{
    const struct place *place = *state;
    char *text = read_example();
    struct zm_error err;
    struct conf conf;

    write_text(place, text);
    if (!conf_load(place->path, NULL, &conf, &err))
        fail_msg("%s", err.message);
    assert_string_equal(conf.profile, "production");
    conf_done(&conf);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_example_has_every_option_and_no_other),
        CASE(the_example_shows_the_defaults),
        CASE(the_example_works),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
