/*
 * The demo as tests use it: two servers with sample data, made by `zmartctl demo --detach`. One is
 * shared by all tests and started once by ctest; tests that destroy things start their own.
 * Everything here fails the test when it does not work.
 */
#ifndef SUPPORT_DEMO_H
#define SUPPORT_DEMO_H

#include "db/link.h"
#include "db/servers.h"
#include "db/side.h"

struct pg_conn; /* libpq's PGconn */

struct demo {
    struct db_servers servers;  /* their directory, db_servers_socket */
    char conf[128];             /* for zmartctl -c */
    char sockets[DB_SIDES][96]; /* directories; the port is DB_SERVERS_PORT */
    int guard_fd;               /* private ones only: closing it ends the servers */
    pid_t guard;
};

/* The shared one, 600 people. Tests only read it or put back what they changed: several run at
 * once. demo_done is not needed. */
void demo_shared(struct demo *demo);
/* A private one, which ends with the test, however that ends. extra: another option such as
 * "--as-written", or NULL. */
void demo_start(struct demo *demo, long users, const char *extra);
void demo_done(struct demo *demo);
/* The same around a group of tests whose state it is: a private one of so many people. */
int demo_of_50(void **state);
int demo_of_60(void **state);
int demo_of_600(void **state);
int demo_end(void **state);

/* Writes a configuration for the same servers that names another project of Brain. */
void demo_conf_of_another(const struct demo *demo, const char *conf);

/* As the superuser. The first value, "" for none; valid until the next call. */
const char *demo_sql(const struct demo *demo, enum db_side side, const char *sql);
/* A session of one's own as that role; PQfinish ends it. */
struct pg_conn *demo_connect(const struct demo *demo, enum db_side side, const char *role);
/* A target over the socket as that role; its options live in ret_options[4] and in the demo. */
void demo_target(const struct demo *demo, enum db_side side, const char *role,
                 struct db_option ret_options[4], struct db_target *ret);

/* Outages of one side, of private demos: a crash and its end; SIGSTOP or SIGCONT to a server and
 * all its processes. */
void demo_halt(struct demo *demo, enum db_side side);
void demo_resume(struct demo *demo, enum db_side side);
void demo_signal(const struct demo *demo, enum db_side side, int sig);

#endif
