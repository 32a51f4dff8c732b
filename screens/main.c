/*
 * The program: a safe process, the command line, the configuration, and whoever is asked for.
 */
#include <errno.h>
#include <jansson.h>
#include <langinfo.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screens/app.h"
#include "screens/conf.h"
#include "screens/environment.h"
#include "screens/log.h"
#include "screens/options.h"
#include "screens/print.h"
#include "zm/arena.h"
#include "zm/str.h"

#define LARGEST_LOG (1024 * 1024)

static int fail(const struct options *options, const struct zm_error *err)
{
    out_error(err, options->ascii);
    log_write(options->log, MESSAGE_ERROR, err);
    return zm_error_exit_code(err->kind);
}

/* Without a UTF-8 locale a terminal gets ASCII; a pipe gets the true text all the same. */
static void choose_charset(struct options *options)
{
    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
        return;
    if (isatty(STDOUT_FILENO))
        options->ascii = true;
    else
        setlocale(LC_CTYPE, "C.UTF-8");
}

/* The console's own log, where --log names no other: kept from growing for ever. */
static void choose_log(struct options *options, struct conf *conf)
{
    const char *path = options->log ? NULL : conf_state_path(conf, "log");
    struct stat info;

    if (!path)
        return;
    if (stat(path, &info) == 0 && info.st_size > LARGEST_LOG)
        rename(path, zm_arena_printf(&conf->arena, "%s.old", path));
    options->log = path;
}

static int run_console(struct options *options)
{
    struct zm_error err;
    struct conf conf;
    int code;

    if (!conf_load(options->config, options->profile, &conf, &err))
        return fail(options, &err);
    choose_log(options, &conf);
    code = console_run(options, &conf);
    options->log = NULL;
    conf_done(&conf);
    return code;
}

/* `| head` ends a command by SIGPIPE, as it ends every other tool. */
static int run_command(const struct options *options)
{
    struct zm_error err;
    struct conf conf;
    int code;

    signal(SIGPIPE, SIG_DFL);
    if (!options->command->needs_conf)
        return options->command->run(options, NULL);
    if (!conf_load(options->config, options->profile, &conf, &err))
        return fail(options, &err);
    code = options->command->run(options, &conf);
    conf_done(&conf);
    return code;
}

/* The help itself. */
static int was_written(const struct options *options)
{
    struct zm_error err;

    if (fflush(stdout) == 0)
        return 0;
    zm_error_set(&err, ZM_ERR_SYSTEM, "", "write the output", "%s", strerror(errno));
    fail(options, &err);
    return 4;
}

int main(int argc, char **argv)
{
    struct options options = {.ascii = false};
    struct zm_error err;
    bool help;

    mallopt(M_ARENA_MAX, 1); /* rows come from one thread and go in another: 1 MB less */
    json_set_alloc_funcs(zm_malloc, free);
    if (!environment_prepare(&err))
        return fail(&options, &err);
    if (!options_parse(argc, argv, &options, &help, &err))
        return fail(&options, &err);
    if (help)
        return was_written(&options);
    choose_charset(&options);
    if (!log_check(options.log, &err))
        return fail(&options, &err);
    return options.command ? run_command(&options) : run_console(&options);
}
