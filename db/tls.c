/*
 * Reads back what libpq made of host and sslmode: a service file may have said something else than
 * the configuration. Decides by the socket itself, never by a name alone.
 */
#include "db/tls.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "zm/str.h"

/* The value of a keyword as libpq holds it; "" when it has none. */
static void effective(PGconn *conn, const char *keyword, char *ret, size_t size)
{
    PQconninfoOption *all = PQconninfo(conn), *o;

    ret[0] = '\0';
    for (o = all; o && o->keyword; o++)
        if (zm_streq(o->keyword, keyword))
            zm_copy(ret, size, o->val);
    PQconninfoFree(all);
}

static bool is_local_name(const char *name)
{
    return name[0] == '/' || name[0] == '@' || zm_streq(name, "localhost") ||
           strncmp(name, "127.", 4) == 0 || zm_streq(name, "::1");
}

/* Whether each of a comma-separated list of hosts is this machine; an empty one is libpq's own
 * socket. */
static bool are_local(char *names)
{
    char *name = names, *comma;

    for (;;) {
        comma = strchr(name, ',');
        if (comma)
            *comma = '\0';
        if (name[0] && !is_local_name(name))
            return false;
        if (!comma)
            return true;
        name = comma + 1;
    }
}

static bool refuse(const struct db_link *link, const char *mode, struct zm_error *err)
{
    zm_error_set(err, ZM_ERR_INSECURE, db_side_name(link->target->side), "connect",
                 "sslmode \"%s\" does not prove who the server is; nothing was sent", mode);
    return zm_error_hint(err, "set sslmode = \"verify-full\" and sslrootcert; allow_insecure_tls = "
                              "true of the profile lets it pass, with a warning on every screen");
}

bool db_tls_check_intent(const struct db_link *link, struct zm_error *err)
{
    char mode[32], host[512], address[512];

    effective(link->conn, "sslmode", mode, sizeof(mode));
    effective(link->conn, "host", host, sizeof(host));
    effective(link->conn, "hostaddr", address, sizeof(address));
    if (zm_streq(mode, "verify-full") || link->target->allow_insecure_tls)
        return true;
    if (are_local(address[0] ? address : host))
        return true;
    return refuse(link, mode, err);
}

enum place { PLACE_SOCKET, PLACE_LOOPBACK, PLACE_NETWORK };

static enum place find_place(int socket)
{
    struct sockaddr_storage peer;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&peer;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&peer;
    socklen_t size = sizeof(peer);

    memset(&peer, 0, sizeof(peer));
    if (getpeername(socket, (struct sockaddr *)&peer, &size) != 0)
        return PLACE_NETWORK;
    if (peer.ss_family == AF_UNIX)
        return PLACE_SOCKET;
    if (peer.ss_family == AF_INET && ntohl(v4->sin_addr.s_addr) >> 24 == 127)
        return PLACE_LOOPBACK;
    if (peer.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr))
        return PLACE_LOOPBACK;
    return PLACE_NETWORK;
}

bool db_tls_check_done(struct db_link *link, struct zm_error *err)
{
    enum place place = find_place(PQsocket(link->conn));
    struct db_facts *facts = &link->facts;
    bool encrypted = PQsslInUse(link->conn), verified;
    char mode[16];

    effective(link->conn, "sslmode", mode, sizeof(mode));
    verified = encrypted && zm_streq(mode, "verify-full");
    link->local = place != PLACE_NETWORK;
    facts->insecure = !verified && !link->local;
    if (facts->insecure && !link->target->allow_insecure_tls)
        return refuse(link, mode, err);
    if (verified)
        zm_copy(facts->tls, sizeof(facts->tls), "verify-full");
    else if (facts->insecure)
        snprintf(facts->tls, sizeof(facts->tls), "INSECURE %s%s", mode,
                 encrypted ? "" : " (not encrypted)");
    else
        zm_copy(facts->tls, sizeof(facts->tls), place == PLACE_SOCKET ? "unix socket" : "loopback");
    return true;
}
