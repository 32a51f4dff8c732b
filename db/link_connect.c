/*
 * Makes a connection with PQconnectStartParams and the deadline-aware wait. Reads no environment:
 * what is not in the target comes from libpq's own files (service file, ~/.pgpass).
 */
#include "db/link_connect.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/link_error.h"
#include "db/password.h"
#include "db/tls.h"
#include "zm/str.h"

#define OLDEST_VERSION 130000
#define NEWEST_VERSION 189999

/* clang-format off */
static const struct db_option first[] = { /* the configuration may say otherwise */
    {"keepalives",          "1"},
    {"keepalives_idle",     "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count",    "3"},
    {"tcp_user_timeout",    "15000"},
};
static const struct db_option last[] = { /* it may not */
    {"client_encoding",     "UTF8"},
    {"application_name",    "zmartctl"},
    {"gssencmode",          "disable"},
};
/* clang-format on */

#define MAX_KEYWORDS 64

struct keywords {
    const char *keyword[MAX_KEYWORDS + 1], *value[MAX_KEYWORDS + 1];
    size_t n;
};

static void add(struct keywords *k, const struct db_option *options, size_t n)
{
    size_t i;

    for (i = 0; i < n && k->n < MAX_KEYWORDS; i++, k->n++) {
        k->keyword[k->n] = options[i].keyword;
        k->value[k->n] = options[i].value;
    }
}

static const char *option(const struct db_target *target, const char *keyword)
{
    size_t i;

    for (i = 0; i < target->n_options; i++)
        if (zm_streq(target->options[i].keyword, keyword))
            return target->options[i].value;
    return NULL;
}

/* Collects what the server says beside its answers; by default libpq prints it on the screen. */
static void notice(void *arg, const PGresult *result)
{
    struct db_link *link = arg;
    struct zm_error *to;

    if (link->n_notices == DB_LINK_NOTICES) {
        memmove(link->notice, link->notice + 1, sizeof(link->notice) - sizeof(link->notice[0]));
        link->n_notices--;
    }
    to = &link->notice[link->n_notices++];
    zm_error_set(to, ZM_ERR_NONE, db_side_name(link->target->side),
                 zm_text(PQresultErrorField(result, PG_DIAG_SEVERITY)), "%s",
                 zm_text(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)));
    zm_error_copy(to->sqlstate, sizeof(to->sqlstate), PQresultErrorField(result, PG_DIAG_SQLSTATE));
    zm_error_copy(to->detail, sizeof(to->detail),
                  PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
    zm_error_copy(to->hint, sizeof(to->hint), PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
}

/* expand_dbname is 0: a dbname of the form "x sslmode=disable" is the name of a database. */
static bool start(struct db_link *link, const char *password, struct zm_error *err)
{
    const struct db_target *target = link->target;
    const struct db_option secret = {"password", password};
    struct keywords k = {.n = 0};

    add(&k, first, ZM_COUNT(first));
    add(&k, target->options, target->n_options);
    add(&k, last, ZM_COUNT(last));
    if (password)
        add(&k, &secret, 1);
    link->conn = PQconnectStartParams(k.keyword, k.value, 0);
    if (!link->conn)
        return zm_error_set(err, ZM_ERR_SYSTEM, db_side_name(target->side), "connect",
                            "out of memory");
    PQsetNoticeReceiver(link->conn, notice, link);
    if (PQstatus(link->conn) == CONNECTION_BAD)
        return db_error_connect(err, link);
    /* The only way to learn the SQLSTATE of a refusal. */
    PQsetErrorVerbosity(link->conn, PQERRORS_VERBOSE);
    return db_tls_check_intent(link, err);
}

static bool shake_hands(struct db_link *link, struct zm_error *err)
{
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    struct db_time time;

    db_time_start(&time, link, link->target->connect_ms);
    while (status != PGRES_POLLING_OK) {
        if (!db_io_wait(link, status == PGRES_POLLING_READING ? POLLIN : POLLOUT, &time, "connect",
                        err)) {
            if (err && err->kind == ZM_ERR_TIMEOUT) {
                err->kind = ZM_ERR_CONNECT;
                zm_error_hint(err, "is the host right, and does a firewall or a network ban keep "
                                   "this address out?");
            }
            return false;
        }
        status = PQconnectPoll(link->conn);
        if (status == PGRES_POLLING_FAILED)
            return db_error_connect(err, link);
    }
    return true;
}

/* "15.18 (Debian 15.18-1)" -> "15.18" */
static bool check_version(struct db_link *link, struct zm_error *err)
{
    struct db_facts *facts = &link->facts;

    zm_copy(facts->server, sizeof(facts->server),
            zm_text(PQparameterStatus(link->conn, "server_version")));
    facts->server[strcspn(facts->server, " ")] = '\0';
    facts->version = PQserverVersion(link->conn);
    if (facts->version >= OLDEST_VERSION)
        return true;
    zm_error_set(err, ZM_ERR_CONNECT, db_side_name(link->target->side), "connect",
                 "the server is PostgreSQL %s; 13 is the oldest that works", facts->server);
    return zm_error_hint(err, "upgrade the server");
}

static void note_target(struct db_link *link)
{
    struct db_facts *facts = &link->facts;

    zm_copy(facts->host, sizeof(facts->host), zm_text(PQhost(link->conn)));
    zm_copy(facts->port, sizeof(facts->port), zm_text(PQport(link->conn)));
    zm_copy(facts->dbname, sizeof(facts->dbname), zm_text(PQdb(link->conn)));
    zm_copy(facts->project, sizeof(facts->project), link->target->project);
    zm_copy(facts->role, sizeof(facts->role), zm_text(PQuser(link->conn)));
    if (facts->version > NEWEST_VERSION)
        snprintf(facts->warnings, sizeof(facts->warnings),
                 "PostgreSQL %s is newer than this zmartctl knows\n", facts->server);
}

static bool connect_with(struct db_link *link, const char *password, struct zm_error *err)
{
    if (start(link, password, err) && shake_hands(link, err) && check_version(link, err) &&
        db_tls_check_done(link, err)) {
        PQsetErrorVerbosity(link->conn, PQERRORS_DEFAULT);
        PQsetnonblocking(link->conn, 1);
        note_target(link);
        return true;
    }
    PQfinish(link->conn);
    link->conn = NULL;
    return false;
}

bool db_link_connect(struct db_link *link, struct zm_error *err)
{
    const struct db_target *target = link->target;
    const struct db_password_stop stop = {.fd = link->cancel_fd};
    char password[DB_PASSWORD_MAX + 1];
    bool ok;

    memset(&link->facts, 0, sizeof(link->facts));
    link->facts.side = target->side;
    link->facts.estimate = -1;
    link->n_notices = 0;
    if (target->password || !target->password_argv || option(target, "password"))
        return connect_with(link, target->password, err);
    if (!db_password_run(target->password_argv, &stop, db_side_name(target->side), password, err))
        return false;
    ok = connect_with(link, password, err);
    explicit_bzero(password, sizeof(password));
    return ok;
}
