/*
 * The demo's servers in use: sessions of a test's own, and outages.
 */
#include "demo.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "admin.h"
#include "process.h"
#include "zm/str.h"

struct pg_conn *demo_connect(const struct demo *demo, enum db_side side, const char *role)
{
    const char *const keywords[] = {"host", "port", "user", "dbname", "connect_timeout", NULL};
    const char *const values[] = {
        demo->sockets[side], DB_SERVERS_PORT, role, "postgres", "10", NULL};
    PGconn *conn = PQconnectdbParams(keywords, values, 0);

    if (PQstatus(conn) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(conn));
    return conn;
}

const char *demo_sql(const struct demo *demo, enum db_side side, const char *sql)
{
    return admin_sql(demo->sockets[side], DB_SERVERS_PORT, sql);
}

void demo_target(const struct demo *demo, enum db_side side, const char *role,
                 struct db_option ret_options[4], struct db_target *ret)
{
    ret_options[0] = (struct db_option){"host", demo->sockets[side]};
    ret_options[1] = (struct db_option){"port", DB_SERVERS_PORT};
    ret_options[2] = (struct db_option){"user", role};
    ret_options[3] = (struct db_option){"dbname", "postgres"};
    memset(ret, 0, sizeof(*ret));
    ret->side = side;
    ret->options = ret_options;
    ret->n_options = 4;
    ret->connect_ms = 10000;
    ret->statement_ms = 10000;
}

void demo_halt(struct demo *demo, enum db_side side)
{
    struct zm_error err;

    admin_forget(demo->sockets[side]);
    assert_true(db_servers_halt(&demo->servers, side, &err));
}

void demo_resume(struct demo *demo, enum db_side side)
{
    struct zm_error err;

    if (!db_servers_resume(&demo->servers, side, &err))
        fail_msg("%s %s", err.message, err.hint);
}

void demo_signal(const struct demo *demo, enum db_side side, int sig)
{
    char path[160], line[32] = "";
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s/postmaster.pid", demo->servers.dir, db_side_key(side));
    file = fopen(path, "r");
    if (!file || !fgets(line, sizeof(line), file))
        fail_msg("no server runs: %s", path);
    fclose(file);
    process_signal_tree((pid_t)strtol(line, NULL, 10), sig);
}
