/*
 * The command line: what is taken, what is refused and what it suggests; and that help, man page
 * and completion, made from the same tables, name every command and option.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "screens/conf_options.h"
#include "screens/help.h"
#include "screens/options.h"
#include "zm/str.h"

#define MAX_WORDS 24

/* Splits at blanks; the words stay in a static place until the next call. */
static bool parse(const char *line, struct options *ret, struct zm_error *err)
{
    static char text[512];
    char *argv[MAX_WORDS + 1] = {text}, *word;
    int argc = 0;
    bool help;

    snprintf(text, sizeof(text), "zmartctl %s", line);
    for (word = strtok(text, " "); word && argc < MAX_WORDS; word = strtok(NULL, " "))
        argv[argc++] = word;
    memset(err, 0, sizeof(*err));
    return options_parse(argc, argv, ret, &help, err);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in '%s'", part, text);
}

static void nothing_opens_the_console(void **state)
{
    struct options options;
    struct zm_error err;

    (void)state;
    assert_true(parse("", &options, &err));
    assert_null(options.command);
    assert_false(options.read_only || options.ascii || options.no_color);
    assert_int_equal(options.format, OUT_AUTO);
    assert_true(parse("--read-only --ascii --no-color -c f -p q --log l", &options, &err));
    assert_true(options.read_only && options.ascii && options.no_color);
    assert_string_equal(options.config, "f");
    assert_string_equal(options.profile, "q");
    assert_string_equal(options.log, "l");
}

/* In any order, whatever POSIXLY_CORRECT asks of getopt. */
static void options_stand_before_and_behind_the_command(void **state)
{
    struct options options;
    struct zm_error err;
    int i;

    (void)state;
    for (i = 0; i < 2; i++) {
        assert_true(parse("--json users tier:pro --limit 50 -cf !ana --profile=p", &options, &err));
        assert_string_equal(options.command->name, "users");
        assert_int_equal(options.n_args, 2);
        assert_string_equal(options.args[0], "tier:pro");
        assert_string_equal(options.args[1], "!ana");
        assert_int_equal(options.limit, 50);
        assert_int_equal(options.format, OUT_JSON);
        assert_string_equal(options.config, "f");
        assert_string_equal(options.profile, "p");
        setenv("POSIXLY_CORRECT", "1", 1);
    }
    unsetenv("POSIXLY_CORRECT");
    assert_true(parse("users -- -word --limit", &options, &err));
    assert_int_equal(options.n_args, 2);
    assert_string_equal(options.args[1], "--limit");
    assert_int_equal(options.limit, 0);
}

static void every_command_takes_its_options(void **state)
{
    struct options options;
    struct zm_error err;

    (void)state;
    assert_true(parse("export trades --user u --since 2026-11-01 --raw", &options, &err));
    assert_string_equal(options.user, "u");
    assert_string_equal(options.since, "2026-11-01");
    assert_true(options.raw);
    assert_true(parse("demo --users 600 --as-written --keep", &options, &err));
    assert_int_equal(options.users, 600);
    assert_true(options.as_written && options.keep);
    assert_true(parse("demo --detach d", &options, &err));
    assert_string_equal(options.detach, "d");
    assert_true(parse("init --accept", &options, &err));
    assert_true(options.accept);
    assert_true(parse("why u --format csv", &options, &err));
    assert_int_equal(options.format, OUT_CSV);
}

/* clang-format off */
static const struct { const char *line, *says; } wrong[] = {
    {"uesr",                    "there is no command 'uesr', did you mean 'user'?"},
    {"haelth",                  "did you mean 'health'?"},
    {"xyzzy",                   "there is no command 'xyzzy'"},
    {"users --fromat json",     "there is no option '--fromat', did you mean '--format'?"},
    {"users --jsn",             "did you mean '--json'?"},
    {"--nonsense",              "there is no option '--nonsense'"},
    {"users -x",                "there is no option '-x'"},
    {"users --format xml",      "there is no format 'xml'"},
    {"users --limit",           "--limit wants N"},
    {"-c",                      "--config wants FILE"},
    {"users --limit 5x",        "--limit 5x is not a number"},
    {"users --limit 0",         "--limit 0 is out of range"},
    {"users --limit -5",        "--limit -5 is out of range"},
    {"users --limit 99999999999999999999", "is not a number"},
    {"demo --users 20000000",   "--users 20000000 is out of range (1 to 10000000)"},
    {"health --limit 5",        "--limit is not for health"},
    {"--json",                  "--json is not for the console"},
    {"demo --json",             "--json is not for demo"},
    {"user",                    "usage: zmartctl user USER"},
    {"why",                     "usage: zmartctl why USER"},
    {"export",                  "usage: zmartctl export"},
    {"user a b",                "user: what is 'b' for?"},
    {"health now",              "health: what is 'now' for?"},
    {"--config= health",        "--config is empty"},
};
/* clang-format on */

static void what_is_wrong_is_named(void **state)
{
    struct options options;
    struct zm_error err;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(wrong); i++) {
        if (parse(wrong[i].line, &options, &err))
            fail_msg("taken: %s", wrong[i].line);
        assert_int_equal(zm_error_exit_code(err.kind), 2);
        assert_has(err.message, wrong[i].says);
        assert_true(err.hint[0]);
    }
}

/* No command of a later version is offered, and none exists without help. */
static void the_tables_are_whole(void **state)
{
    const struct option_row *row;
    size_t i, k;

    (void)state;
    for (i = 0; commands[i].name; i++) {
        assert_true(commands[i].help[0]);
        assert_non_null(commands[i].more);
        assert_non_null(commands[i].run);
        assert_true(commands[i].min_args <= commands[i].max_args);
        assert_true(commands[i].max_args <= OPTIONS_MAX_ARGS);
    }
    for (i = 0; (row = option_row(i)); i++) {
        bool used = row->commands == NULL;

        for (k = 0; commands[k].name; k++)
            used = used || option_is_for(row, &commands[k]);
        if (!used)
            fail_msg("--%s is for no command", row->name);
        for (k = 0; k < i; k++)
            assert_string_not_equal(option_row(k)->name, row->name);
    }
}

/* ---- what is made from the tables ---- */

static char *printed(void (*print)(FILE *to))
{
    char *text = NULL;
    size_t n;
    FILE *to = open_memstream(&text, &n);

    print(to);
    fclose(to);
    return text;
}

static void print_help(FILE *to)
{
    help_print(to, NULL);
}

static void help_names_everything(void **state)
{
    char *text = printed(print_help);
    const struct option_row *row;
    char name[64];
    size_t i;

    (void)state;
    for (i = 0; commands[i].name; i++) {
        snprintf(name, sizeof(name), "\n  %s", commands[i].name);
        assert_has(text, name);
    }
    for (i = 0; (row = option_row(i)); i++) {
        snprintf(name, sizeof(name), "--%s", row->name);
        if (row->help)
            assert_has(text, name);
        else
            assert_null(strstr(text, name));
    }
    free(text);
}

static void print_every_help(FILE *to)
{
    size_t i;

    help_print(to, NULL);
    for (i = 0; commands[i].name; i++)
        help_print(to, &commands[i]);
}

static void help_fits_in_80_columns(void **state)
{
    char *text = printed(print_every_help), *line, *next;

    (void)state;
    for (line = text; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (next - line > 80)
            fail_msg("too long: %.*s", (int)(next - line), line);
        next += *next == '\n';
    }
    free(text);
}

static void the_man_page_is_roff_with_every_option(void **state)
{
    char *text = printed(help_print_man);
    const struct conf_option *option;
    char name[80];
    size_t i;

    (void)state;
    assert_int_equal(strncmp(text, ".TH ZMARTCTL 1", 14), 0);
    for (i = 0; commands[i].name; i++) {
        snprintf(name, sizeof(name), ".SS zmartctl %s", commands[i].name);
        assert_has(text, name);
    }
    for (i = 0; (option = conf_option(i)); i++) {
        snprintf(name, sizeof(name), ".B %s\n", option->name);
        assert_has(text, name);
    }
    assert_has(text, "\\-\\-read\\-only");
    free(text);
}

/* Sources the completion in bash and completes a line; the words in dst. False: there is no bash.
 */
static bool complete(const char *words, char *dst, size_t size)
{
    char path[] = "/tmp/zmbash.XXXXXX", line[512];
    char *text = printed(help_print_completion);
    int fd = mkstemp(path), out[2];
    ssize_t n, got = 0;
    pid_t child;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    free(text);
    snprintf(line, sizeof(line),
             ". %s; compopt() { :; }; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); "
             "_zmartctl; echo \"${COMPREPLY[@]}\"",
             path, words);
    assert_int_equal(pipe(out), 0);
    fflush(NULL);
    child = fork();
    if (child == 0) {
        dup2(out[1], STDOUT_FILENO);
        execlp("bash", "bash", "--norc", "-uc", line, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    while ((n = read(out[0], dst + got, size - 1 - (size_t)got)) > 0)
        got += n;
    dst[got] = '\0';
    close(out[0]);
    waitpid(child, &fd, 0);
    unlink(path);
    return WEXITSTATUS(fd) != 127;
}

/* clang-format off */
static const struct { const char *words, *offered, *not_offered; } lines[] = {
    {"zmartctl ''",               "users user why tier trading api drift repair check health audit export init demo help", NULL},
    {"zmartctl he",               "health help", "users"},
    {"zmartctl users --l",        "--limit", "--user"},
    {"zmartctl users tie",        "tier:", NULL},
    {"zmartctl export ''",        "users trades portfolios", "--limit"},
    {"zmartctl export --s",       "--since", NULL},
    {"zmartctl users --format j", "json", "csv"},
    {"zmartctl demo --",          "--as-written", "--limit"},
    {"zmartctl help ex",          "export", NULL},
    {"zmartctl -c /etc/pass",     "/etc/passwd", NULL},
};
/* clang-format on */

static void bash_completes(void **state)
{
    char text[4096];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(lines); i++) {
        if (!complete(lines[i].words, text, sizeof(text)))
            skip();
        assert_has(text, lines[i].offered);
        if (lines[i].not_offered && strstr(text, lines[i].not_offered))
            fail_msg("%s: offers %s", lines[i].words, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_opens_the_console),
        cmocka_unit_test(options_stand_before_and_behind_the_command),
        cmocka_unit_test(every_command_takes_its_options),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(the_tables_are_whole),
        cmocka_unit_test(help_names_everything),
        cmocka_unit_test(help_fits_in_80_columns),
        cmocka_unit_test(the_man_page_is_roff_with_every_option),
        cmocka_unit_test(bash_completes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
