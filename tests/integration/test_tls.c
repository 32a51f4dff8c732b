/*
 * TLS against a real server with certificates of our own: what verify-full proves, and what a
 * person is told when it does not hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "db/link.h"
#include "support/cluster.h"
#include "zm/str.h"

struct rig {
    struct cluster cluster;
    char address[48]; /* of this machine on a network; "" when it has none */
    char ca[96], other_ca[96];
};

static void run_script(const char *directory, const char *script)
{
    const char *const argv[] = {"sh", "-ec", script, "sh", directory, NULL};

    cluster_run(argv);
}

/* An authority, a certificate of it for db.example.com, one that is over, and an authority that
 * signed nothing. */
static const char make_certificates[] =
    "cd \"$1\"; exec 2>/dev/null; ec='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';"
    "for ca in ca other; do openssl req -x509 $ec -keyout $ca.key -out $ca.crt -subj /CN=$ca"
    " -days 2; done;"
    "openssl req $ec -keyout server.key -out server.csr -subj /CN=db.example.com;"
    "sign='openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial';"
    "$sign -days 2 -out server.crt; $sign -days -1 -out expired.crt; chmod 600 server.key";

static void find_address(char *ret, size_t size)
{
    struct ifaddrs *all = NULL, *one;

    ret[0] = '\0';
    assert_int_equal(getifaddrs(&all), 0);
    for (one = all; one; one = one->ifa_next) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)one->ifa_addr;

        if (one->ifa_addr && one->ifa_addr->sa_family == AF_INET &&
            ntohl(v4->sin_addr.s_addr) >> 24 != 127)
            inet_ntop(AF_INET, &v4->sin_addr, ret, (socklen_t)size);
    }
    freeifaddrs(all);
}

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    const char *dir;
    char sql[512];

    cluster_start(&rig->cluster, true);
    cluster_load(&rig->cluster, DB_BOT);
    dir = rig->cluster.directory;
    run_script(dir, make_certificates);
    snprintf(sql, sizeof(sql), "ALTER SYSTEM SET ssl_cert_file = '%s/server.crt'", dir);
    cluster_sql(&rig->cluster, sql);
    snprintf(sql, sizeof(sql), "ALTER SYSTEM SET ssl_key_file = '%s/server.key'", dir);
    cluster_sql(&rig->cluster, sql);
    cluster_sql(&rig->cluster, "ALTER SYSTEM SET ssl = on");
    cluster_sql(&rig->cluster, "CREATE ROLE guarded LOGIN PASSWORD 'right'");
    snprintf(rig->ca, sizeof(rig->ca), "%s/ca.crt", dir);
    snprintf(rig->other_ca, sizeof(rig->other_ca), "%s/other.crt", dir);
    run_script(dir, "echo 'host all all all scram-sha-256' >> \"$1\"/data/pg_hba.conf");
    find_address(rig->address, sizeof(rig->address));
    snprintf(rig->cluster.listen_on, sizeof(rig->cluster.listen_on), "127.0.0.1%s%s",
             rig->address[0] ? "," : "", rig->address);
    cluster_halt(&rig->cluster);
    cluster_resume(&rig->cluster);
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;

    cluster_done(&rig->cluster);
    free(rig);
    return 0;
}

struct attempt {
    const char *host, *address, *sslmode, *root, *password;
    bool allow_insecure;
};

/* A link that was opened, for the caller to free, or NULL and why. */
static struct db_link *try(const struct rig *rig, const struct attempt *attempt,
                           struct zm_error *ret)
{
    const struct db_option options[] = {
        {"host", attempt->host},       {"hostaddr", attempt->address},
        {"port", rig->cluster.port},   {"user", "guarded"},
        {"dbname", "postgres"},        {"sslmode", attempt->sslmode},
        {"sslrootcert", attempt->root}};
    const struct db_target target = {.side = DB_BOT,
                                     .options = options,
                                     .n_options = ZM_COUNT(options),
                                     .password = attempt->password,
                                     .allow_insecure_tls = attempt->allow_insecure,
                                     .connect_ms = 5000,
                                     .statement_ms = 5000};
    struct db_link *link = db_link_new(&target);

    if (db_link_open(link, ret))
        return link;
    db_link_free(link);
    return NULL;
}

static void verified(void **state)
{
    const struct rig *rig = *state;
    const struct attempt good = {"db.example.com", "127.0.0.1", "verify-full",
                                 rig->ca,          "right",     false};
    struct zm_error err;
    struct db_link *link = try(rig, &good, &err);

    if (!link)
        fail_msg("%s; %s", err.message, err.detail);
    assert_string_equal(db_link_facts(link)->tls, "verify-full");
    assert_false(db_link_facts(link)->insecure);
    db_link_free(link);
}

static void refused(const struct rig *rig, const struct attempt *attempt, enum zm_error_kind kind,
                    const char *message)
{
    struct zm_error err;

    assert_null(try(rig, attempt, &err));
    if (err.kind != kind || !strstr(err.message, message))
        fail_msg("kind %d: %s; %s", err.kind, err.message, err.detail);
}

static void not_verified(void **state)
{
    struct rig *rig = *state;
    struct attempt a = {"db.example.com", "127.0.0.1", "verify-full", rig->ca, "right", false};
    char sql[256];

    a.host = "other.example.com";
    refused(rig, &a, ZM_ERR_INSECURE, "for another host name");
    a.host = "db.example.com";
    a.root = rig->other_ca;
    refused(rig, &a, ZM_ERR_INSECURE, "not signed by the authority");
    a.root = "/nowhere/ca.crt";
    refused(rig, &a, ZM_ERR_INSECURE, "sslrootcert cannot be read");
    a.root = rig->ca;
    a.password = "wrong";
    refused(rig, &a, ZM_ERR_AUTH, "authentication failed for role guarded");
    a.password = "right";
    snprintf(sql, sizeof(sql), "ALTER SYSTEM SET ssl_cert_file = '%s/expired.crt'",
             rig->cluster.directory);
    cluster_sql(&rig->cluster, sql);
    cluster_halt(&rig->cluster);
    cluster_resume(&rig->cluster);
    refused(rig, &a, ZM_ERR_INSECURE, "or is out of date");
    snprintf(sql, sizeof(sql), "ALTER SYSTEM SET ssl_cert_file = '%s/server.crt'",
             rig->cluster.directory);
    cluster_sql(&rig->cluster, sql);
    cluster_halt(&rig->cluster);
    cluster_resume(&rig->cluster);
}

/* A name that says localhost and is not: judged by the socket after all. */
static void over_a_network(void **state)
{
    const struct rig *rig = *state;
    struct attempt a = {"localhost", rig->address, "require", NULL, "right", true};
    struct zm_error err;
    struct db_link *link;

    if (!rig->address[0])
        skip();
    link = try(rig, &a, &err);
    if (!link)
        fail_msg("%s; %s", err.message, err.detail);
    assert_true(db_link_facts(link)->insecure);
    assert_string_equal(db_link_facts(link)->tls, "INSECURE require");
    db_link_free(link);
    a.sslmode = "disable";
    link = try(rig, &a, &err);
    assert_non_null(link);
    assert_string_equal(db_link_facts(link)->tls, "INSECURE disable (not encrypted)");
    db_link_free(link);
    a.allow_insecure = false;
    refused(rig, &a, ZM_ERR_INSECURE, "sslmode \"disable\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verified),
        cmocka_unit_test(not_verified),
        cmocka_unit_test(over_a_network),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
