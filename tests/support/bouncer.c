/*
 * A configuration in a private directory, and pgbouncer as a child of the test.
 */
#include "bouncer.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "process.h"
#include "zm/clock.h"
#include "zm/str.h"

static void write_file(const struct bouncer *b, const char *name, const char *text)
{
    char path[96];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", b->directory, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0644), 0);
}

/* The pooler alone, or with it the server behind it. */
static bool answers(const struct bouncer *b, const char *role, const char *sql)
{
    const char *const keywords[] = {"host", "port", "user", "dbname", "connect_timeout", NULL};
    const char *const values[] = {b->directory, BOUNCER_PORT, role, "postgres", "2", NULL};
    PGconn *conn = PQconnectdbParams(keywords, values, 0);
    bool ok = PQstatus(conn) == CONNECTION_OK;
    PGresult *result = ok && sql ? PQexec(conn, sql) : NULL;

    ok = ok && (!sql || PQresultStatus(result) == PGRES_TUPLES_OK);
    PQclear(result);
    PQfinish(conn);
    return ok;
}

void bouncer_restart(struct bouncer *b)
{
    char config[96];
    const char *const argv[] = {"pgbouncer", "-q", config, NULL};
    int64_t deadline = zm_now_ms() + 15000;

    snprintf(config, sizeof(config), "%s/bouncer.ini", b->directory);
    b->pid = process_start_server(argv);
    while (!answers(b, "postgres", NULL)) {
        if (zm_now_ms() > deadline || waitpid(b->pid, NULL, WNOHANG) != 0)
            fail_msg("pgbouncer did not start; ZM_TEST_VERBOSE=1 shows why");
        poll(NULL, 0, 20);
    }
}

void bouncer_start(struct bouncer *b, const char *socket_directory, const char *port,
                   const char *mode, int pool)
{
    char text[1024];

    memset(b, 0, sizeof(*b));
    zm_copy(b->directory, sizeof(b->directory), "/tmp/zmb.XXXXXX");
    process_make_dir(b->directory);
    snprintf(text, sizeof(text),
             "[databases]\npostgres = host=%s port=%s\n[pgbouncer]\nlisten_addr =\n"
             "unix_socket_dir = %s\nlisten_port = " BOUNCER_PORT "\npool_mode = %s\n"
             "default_pool_size = %d\nauth_type = trust\nauth_file = %s/users\n"
             "server_login_retry = 1\n",
             socket_directory, port, b->directory, mode, pool, b->directory);
    write_file(b, "bouncer.ini", text);
    write_file(b, "users",
               "\"postgres\" \"\"\n\"supabase_admin\" \"\"\n\"plain\" \"\"\n"
               "\"op_sam\" \"\"\n\"op_olga\" \"\"\n");
    bouncer_restart(b);
}

/* pgbouncer 1.18 dies where a client leaves while its cancel request is on the way to a server that
 * does not answer ("bad client state"). As its service manager would, we start it again. */
static void revive(struct bouncer *b)
{
    if (waitpid(b->pid, NULL, WNOHANG) == b->pid)
        bouncer_restart(b);
}

void bouncer_wait(struct bouncer *b, const char *role)
{
    int64_t deadline = zm_now_ms() + 20000;

    poll(NULL, 0, 30); /* what is on the way when a server goes on may still end it */
    revive(b);
    while (!answers(b, role, "SELECT 1")) {
        if (zm_now_ms() > deadline)
            fail_msg("pgbouncer does not find its server again");
        poll(NULL, 0, 20);
        revive(b);
    }
}

void bouncer_kill(struct bouncer *b)
{
    kill(b->pid, SIGKILL);
    waitpid(b->pid, NULL, 0);
    b->pid = 0;
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat;
    (void)kind;
    (void)ftw;
    return remove(path);
}

void bouncer_stop(struct bouncer *b)
{
    if (b->pid > 0)
        bouncer_kill(b);
    if (b->directory[0])
        nftw(b->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    memset(b, 0, sizeof(*b));
}
