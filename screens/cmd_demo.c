/*
 * The demo: starts the servers, loads them, writes a configuration beside them, opens the console
 * on it.
 */
#include "screens/cmd_demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/sample.h"
#include "db/servers.h"
#include "screens/app.h"
#include "screens/conf.h"
#include "screens/print.h"
#include "zm/clock.h"
#include "zm/str.h"

#define DEFAULT_USERS 600

static const char conf_text[] =
    "// The demo's configuration. Its two servers and its local state live beside this file.\n"
    "default_profile = \"demo\";\n"
    "profiles: {\n"
    "  demo: {\n"
    "    label = \"DEMO\";\n"
    "    guard = \"open\";\n"
    "    state_directory = \"%s/state\";\n"
    "    brain: { host = \"%s\"; port = 5432; dbname = \"postgres\"; user = \"postgres\";\n"
    "             project = \"xhskmqsgtdhehzlvtuns\"; };\n"
    "    bot:   { host = \"%s\"; port = 5432; dbname = \"postgres\"; user = \"postgres\";\n"
    "             project = \"asjtxrmftmutcsnqgidy\"; };\n"
    "    existing_tables = [\"cryptometer_*\", \"cryptoverse_*\", \"risk_metric_grid\",\n"
    "                       \"orchestration_states\", \"service_communications\",\n"
    "                       \"alert_collections\", \"Zmart Vaults\"];\n"
    "  };\n"
    "};\n";

static bool write_conf(const struct db_servers *servers, char path[128], struct zm_error *err)
{
    char brain[96], bot[96];
    FILE *file;
    bool ok;

    snprintf(path, 128, "%s/zmartctl.conf", servers->dir);
    file = fopen(path, "we");
    if (!file)
        return zm_error_set(err, ZM_ERR_SYSTEM, "", "start the demo", "cannot write %s: %s", path,
                            strerror(errno));
    ok = fprintf(file, conf_text, servers->dir, db_servers_socket(servers, DB_BRAIN, brain),
                 db_servers_socket(servers, DB_BOT, bot)) > 0;
    ok = fchmod(fileno(file), 0600) == 0 && ok;
    if (fclose(file) == 0 && ok)
        return true;
    return zm_error_set(err, ZM_ERR_SYSTEM, "", "start the demo", "cannot write %s: %s", path,
                        strerror(errno));
}

static void say_done(int64_t since_ms)
{
    fprintf(stderr, " %.1f s\n", (double)(zm_now_ms() - since_ms) / 1000);
}

static bool prepare(const struct options *options, struct db_servers *servers, char path[128],
                    struct zm_error *err)
{
    struct db_sample_options sample = {options->users ? options->users : DEFAULT_USERS,
                                       options->as_written};
    int64_t since = zm_now_ms();

    fprintf(stderr, "starting two PostgreSQL servers ...");
    if (!db_servers_start(servers, options->detach, err))
        return false;
    say_done(since);
    since = zm_now_ms();
    fprintf(stderr, "loading %ld people ...", sample.users);
    if (!db_sample_load(servers, &sample, err) || !write_conf(servers, path, err))
        return false;
    say_done(since);
    return true;
}

static int run_console(const struct options *options, const struct db_servers *servers,
                       const char *path)
{
    struct options with = *options;
    struct conf conf = {0};
    struct zm_error err;
    int code;

    with.demo = servers;
    if (!conf_load(path, NULL, &conf, &err)) {
        out_error(&err, options->ascii);
        return zm_error_exit_code(err.kind);
    }
    code = console_run(&with, &conf);
    conf_done(&conf);
    return code;
}

int cmd_demo(const struct options *options, struct conf *unused)
{
    struct db_servers servers = {.guardian_fd = -1};
    struct zm_error err;
    char path[128];
    int code = 0;

    (void)unused;
    if (options->stop) {
        if (db_servers_stop_dir(options->stop, &err))
            return 0;
        out_error(&err, options->ascii);
        return zm_error_exit_code(err.kind);
    }
    if (!prepare(options, &servers, path, &err)) {
        fputc('\n', stderr);
        out_error(&err, options->ascii);
        db_servers_stop(&servers);
        return zm_error_exit_code(err.kind);
    }
    if (options->detach) {
        printf("%s\n", path);
        return 0;
    }
    servers.keep = options->keep;
    code = run_console(options, &servers, path);
    if (options->keep)
        fprintf(stderr, "kept: %s\n", servers.dir);
    db_servers_stop(&servers);
    return code;
}
