/*
 * initdb and a postmaster as a child of the test. As root it runs under the postgres account, which
 * is what initdb insists on.
 */
#include "cluster.h"

#include <arpa/inet.h>
#include <glob.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "admin.h"
#include "process.h"
#include "zm/clock.h"
#include "zm/str.h"

/* The newest server on this machine. */
static void find_program(const char *name, char *ret, size_t size)
{
    char pattern[128];
    glob_t found;

    snprintf(pattern, sizeof(pattern), "/usr/lib/postgresql/*/bin/%s", name);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    zm_copy(ret, size, found.gl_pathv[found.gl_pathc - 1]);
    globfree(&found);
}

void cluster_run(const char *const *argv)
{
    int status;

    assert_int_equal(waitpid(process_start_server(argv), &status, 0) > 0 ? status : -1, 0);
}

static void launch(struct cluster *c)
{
    char program[128], socket[96], port[16], listen_on[96], data[96];
    const char *argv[] = {program,   "-D",
                          data,      "-c",
                          socket,    "-c",
                          listen_on, "-p",
                          port,      "-F",
                          "-c",      "shared_buffers=8MB",
                          "-c",      "max_connections=40",
                          NULL};
    int64_t deadline = zm_now_ms() + 30000;
    struct pg_conn *conn;

    find_program("postgres", program, sizeof(program));
    snprintf(data, sizeof(data), "%s/data", c->directory);
    snprintf(socket, sizeof(socket), "unix_socket_directories=%s", c->directory);
    snprintf(listen_on, sizeof(listen_on), "listen_addresses=%s", c->listen_on);
    zm_copy(port, sizeof(port), c->port);
    c->pid = process_start_server(argv);
    while (!(conn = admin_take(c->directory, c->port))) {
        const struct timespec pause = {.tv_nsec = 20000000};

        assert_true(zm_now_ms() < deadline);
        assert_int_equal(waitpid(c->pid, NULL, WNOHANG), 0);
        nanosleep(&pause, NULL);
    }
    admin_give(c->directory, conn);
}

static void find_port(char ret[8])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    snprintf(ret, 8, "%d", (int)ntohs(address.sin_port));
}

static void make_directory(struct cluster *c)
{
    process_data_path(c->directory, sizeof(c->directory), "zmt");
    process_make_dir(c->directory);
    find_port(c->port);
}

void cluster_start_standby(struct cluster *c, const struct cluster *primary)
{
    char program[128], data[96];
    const char *argv[] = {
        program,          "-D", data,   "-R", "-h", primary->directory, "-p", primary->port, "-U",
        "supabase_admin", "-c", "fast", NULL};

    memset(c, 0, sizeof(*c));
    make_directory(c);
    find_program("pg_basebackup", program, sizeof(program));
    snprintf(data, sizeof(data), "%s/data", c->directory);
    cluster_run(argv);
    launch(c);
}

void cluster_make(const char *data)
{
    char program[128];
    const char *argv[] = {program,
                          "-D",
                          data,
                          "-U",
                          "supabase_admin",
                          "--no-sync",
                          "-E",
                          "UTF8",
                          "--locale=C.UTF-8",
                          "--auth-local=trust",
                          "--auth-host=scram-sha-256",
                          NULL};

    find_program("initdb", program, sizeof(program));
    cluster_run(argv);
}

/* Which originals this process runs a copy of. */
static bool *taken_templates(void)
{
    static bool taken[CLUSTER_TEMPLATES];

    return taken;
}

/* A copy of one that was made for all tests; of each runs one copy at a time, since a copy has the
 * identity of its original. */
static bool copy_template(struct cluster *c, const char *data)
{
    bool *taken = taken_templates();
    char place[64] = "", template[96];
    const char *const argv[] = {"cp", "-r", template, data, NULL};
    FILE *record = fopen(ZM_TEMPLATE_RECORD, "r");
    bool ok = record && fgets(place, sizeof(place), record);
    int i = 0;

    if (record)
        fclose(record);
    while (i < CLUSTER_TEMPLATES && taken[i])
        i++;
    snprintf(template, sizeof(template), "%s/%d", place, i);
    if (!ok || i == CLUSTER_TEMPLATES || access(template, F_OK) != 0)
        return false;
    taken[i] = true;
    c->template = i + 1;
    cluster_run(argv);
    return true;
}

void cluster_start(struct cluster *c, bool with_tcp)
{
    char data[96];

    memset(c, 0, sizeof(*c));
    zm_copy(c->listen_on, sizeof(c->listen_on), with_tcp ? "127.0.0.1" : "");
    make_directory(c);
    snprintf(data, sizeof(data), "%s/data", c->directory);
    if (!copy_template(c, data))
        cluster_make(data);
    launch(c);
}

void cluster_halt(struct cluster *c)
{
    admin_forget(c->directory);
    kill(c->pid, SIGCONT);
    kill(c->pid, SIGQUIT);
    waitpid(c->pid, NULL, 0);
    c->pid = 0;
}

void cluster_resume(struct cluster *c)
{
    launch(c);
}

void cluster_done(struct cluster *c)
{
    const char *const argv[] = {"rm", "-rf", c->directory, NULL};

    if (c->pid > 0)
        cluster_halt(c);
    if (c->directory[0])
        cluster_run(argv);
    if (c->directory[0])
        rmdir(c->directory);
    if (c->template)
        taken_templates()[c->template - 1] = false;
    memset(c, 0, sizeof(*c));
}

void cluster_sql(const struct cluster *c, const char *sql)
{
    admin_sql(c->directory, c->port, sql);
}

const char *cluster_value(const struct cluster *c, const char *sql)
{
    return admin_sql(c->directory, c->port, sql);
}

struct pg_conn *cluster_hold(const struct cluster *c, const char *sql)
{
    PGconn *conn = admin_take(c->directory, c->port);

    assert_non_null(conn);
    PQclear(PQexec(conn, "BEGIN"));
    PQclear(PQexec(conn, sql));
    assert_int_equal(PQtransactionStatus(conn), PQTRANS_INTRANS);
    return conn;
}

void cluster_release(struct pg_conn *session)
{
    PQfinish(session);
}

pid_t cluster_backend(const struct cluster *c)
{
    return (pid_t)strtol(cluster_value(c,
                                       "SELECT pid FROM pg_stat_activity WHERE application_name = "
                                       "'zmartctl' ORDER BY backend_start DESC LIMIT 1"),
                         NULL, 10);
}

void cluster_target(const struct cluster *c, enum db_side side, const char *role,
                    struct db_option ret_options[4], struct db_target *ret)
{
    ret_options[0] = (struct db_option){"host", c->directory};
    ret_options[1] = (struct db_option){"port", c->port};
    ret_options[2] = (struct db_option){"user", role};
    ret_options[3] = (struct db_option){"dbname", "postgres"};
    memset(ret, 0, sizeof(*ret));
    ret->side = side;
    ret->options = ret_options;
    ret->n_options = 4;
    ret->connect_ms = 5000;
    ret->statement_ms = 5000;
}

void *cluster_cancel_soon(void *link)
{
    const struct timespec soon = {.tv_nsec = 200000000};

    nanosleep(&soon, NULL);
    db_link_cancel(link);
    return NULL;
}
