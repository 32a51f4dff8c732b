/*
 * Tables that say what a refusal means. Knows libpq's ways of wording, no statement and no screen.
 *
 * What is read before TLS is whatever somebody on the way wants it to be, so it only selects a row
 * of our own texts and is not passed on.
 */
#include "db/link_error.h"

#include <ctype.h>
#include <libpq-fe.h>
#include <string.h>

#include "zm/str.h"

struct state_row {
    const char *prefix; /* of the SQLSTATE; the first that fits counts */
    enum zm_error_kind kind;
};

/* clang-format off */
static const struct state_row states[] = {
    {"57014", ZM_ERR_TIMEOUT},    /* statement_timeout; a cancel of ours is known before it comes here */
    {"57P0",  ZM_ERR_LOST},       /* shut down, crash, starting up */
    {"55P03", ZM_ERR_LOCKED},
    {"40P01", ZM_ERR_LOCKED},     /* deadlock */
    {"42P01", ZM_ERR_SHAPE},      /* no such table */
    {"42703", ZM_ERR_SHAPE},      /* no such column */
    {"42883", ZM_ERR_SHAPE},      /* no such function or operator: a column of another type */
    {"42804", ZM_ERR_SHAPE},      /* datatype mismatch: likewise */
    {"42P18", ZM_ERR_SHAPE},
    {"3F000", ZM_ERR_SHAPE},      /* no such schema */
    {"42501", ZM_ERR_PRIVILEGE},
    {"25006", ZM_ERR_READ_ONLY},
    {"25P03", ZM_ERR_LOST},       /* idle_in_transaction_session_timeout */
    {"53300", ZM_ERR_CONNECT},    /* too many connections */
    {"08",    ZM_ERR_LOST},
};

/* A connection that was refused: by SQLSTATE, then by what the text contains. */
struct refusal_row {
    const char *sqlstate; /* NULL: any */
    const char *contains; /* NULL: any */
    enum zm_error_kind kind;
    const char *message;  /* ours; NULL: the server's own where it can be trusted */
    const char *hint;
};

static const char pooler_hint[] =
    "the direct host of a Supabase project is IPv6-only: use the session pooler's host (port 5432)";
static const char auth_failed[] = "authentication failed";
static const char mend_password[] =
    "not tried again by itself: three wrong passwords get the address banned; see user, ~/.pgpass, "
    "password_command";
static const char ban_hint[] =
    "after wrong passwords Supabase bans the address for a while: see Network Bans of the project";

static const struct refusal_row refusals[] = {
    {NULL, "ECIRCUITBREAKER", ZM_ERR_AUTH, "the pooler refuses connections after too many failed passwords",
     "mend the password, wait two minutes, then connect again"},
    {NULL, "ENOTFOUND", ZM_ERR_AUTH, "the pooler does not know this project or role",
     "the role is written role.PROJECT; a paused project is not known either"},
    {NULL, "enant or user not found", ZM_ERR_AUTH, "the pooler does not know this project or role",
     "the role is written role.PROJECT; a paused project is not known either"},
    {NULL, "ENOIDENTIFIER", ZM_ERR_AUTH, "the pooler was not told which project is meant",
     "through the pooler the role is written role.PROJECT"},
    {NULL, "EMAXCONNSESSION", ZM_ERR_CONNECT, "the session pooler is full",
     "its clients are limited by the project's pool size"},
    {"28P01", NULL, ZM_ERR_AUTH, auth_failed,
     mend_password},
    {"28000", NULL, ZM_ERR_AUTH, NULL, "see the role, the database and the server's pg_hba rules"},
    {"3D000", NULL, ZM_ERR_AUTH, NULL, "see dbname of the profile"},
    {"42501", NULL, ZM_ERR_AUTH, NULL, "this role may not connect to the database"},
    {"53300", NULL, ZM_ERR_CONNECT, "the server has no free connection",
     "it is tried again; see the connection limits of server and role"},
    {"57P03", NULL, ZM_ERR_CONNECT, "the server is starting up or shutting down", "it is tried again"},
    {"57P0",  NULL, ZM_ERR_CONNECT, NULL, "it is tried again"},
    {NULL, "password authentication failed", ZM_ERR_AUTH, auth_failed,
     mend_password},
    {NULL, "authentication failed", ZM_ERR_AUTH, auth_failed,
     mend_password},
    {NULL, "no such user", ZM_ERR_AUTH, "the pooler does not know this role", ""},
    {NULL, "no such database", ZM_ERR_AUTH, "the pooler does not know this database", ""},
    {NULL, "no password supplied", ZM_ERR_AUTH, "the server asks for a password and none is configured",
     "use ~/.pgpass, password_command or the ZMARTCTL_..._PASSWORD variable"},
    {NULL, "no more connections allowed", ZM_ERR_CONNECT, "the pooler is full", "it is tried again"},
    {NULL, "does not support SSL", ZM_ERR_INSECURE, "the server does not offer TLS and the profile asks for it",
     "nothing was sent; see host and port"},
    {NULL, "does not match host name", ZM_ERR_INSECURE,
     "the server's certificate is for another host name", "connect by the name that it is for"},
    {NULL, "certificate has expired", ZM_ERR_INSECURE, "the server's certificate has expired",
     "or this machine's clock is wrong"},
    {NULL, "certificate is not yet valid", ZM_ERR_INSECURE, "the server's certificate is not valid yet",
     "or this machine's clock is wrong"},
    {NULL, "certificate revoked", ZM_ERR_INSECURE, "the server's certificate was revoked", ""},
    {NULL, "certificate verify failed", ZM_ERR_INSECURE,
     "the server's certificate is not signed by the authority of sslrootcert, or is out of date",
     "Supabase has an authority of its own: see the project's database settings, and this machine's clock"},
    {NULL, "root certificate file", ZM_ERR_INSECURE, "the file of sslrootcert cannot be read",
     "verify-full needs the authority's certificate; Supabase's is in the project's database settings"},
    {NULL, "could not translate host name", ZM_ERR_CONNECT, "the host name does not resolve",
     "a paused Supabase project has no name; see host"},
    {NULL, "Network is unreachable", ZM_ERR_CONNECT, "the network is unreachable", pooler_hint},
    {NULL, "No route to host", ZM_ERR_CONNECT, "no route to the host", pooler_hint},
    {NULL, "Cannot assign requested address", ZM_ERR_CONNECT, "no address of this kind here", pooler_hint},
    {NULL, "accepting connections on that socket", ZM_ERR_CONNECT, "no server listens on this socket",
     "is it running? see host and port"},
    {NULL, "Connection refused", ZM_ERR_CONNECT, "connection refused", ban_hint},
    {NULL, "No such file or directory", ZM_ERR_CONNECT, "no server listens on this socket",
     "is it running? see host and port"},
    {NULL, "Permission denied", ZM_ERR_CONNECT, "the socket may not be used", "see host and port"},
    {NULL, "Connection timed out", ZM_ERR_CONNECT, "no answer to the connection", ban_hint},
    {NULL, "server closed the connection unexpectedly", ZM_ERR_CONNECT,
     "the server closed the connection before it was made", "it is tried again"},
    {NULL, "definition of service", ZM_ERR_CONFIG, "the service is in no service file", "see service"},
};
/* clang-format on */

enum zm_error_kind db_error_kind(const char *sqlstate)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(states); i++)
        if (strncmp(sqlstate, states[i].prefix, strlen(states[i].prefix)) == 0)
            return states[i].kind;
    return ZM_ERR_SQL;
}

bool db_error_result(struct zm_error *err, const struct db_link *link, const char *what,
                     const struct pg_result *result)
{
    const char *sqlstate = zm_text(PQresultErrorField(result, PG_DIAG_SQLSTATE));
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

    if (!err)
        return false;
    zm_error_set(err, db_error_kind(sqlstate), db_side_name(link->target->side), what, "%s",
                 message ? message : "the server reported an error without a text");
    zm_error_copy(err->sqlstate, sizeof(err->sqlstate), sqlstate);
    zm_error_copy(err->detail, sizeof(err->detail),
                  PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
    zm_error_copy(err->hint, sizeof(err->hint), PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
    if (err->kind == ZM_ERR_LOCKED)
        zm_error_hint(err, "somebody holds a lock on it; try again");
    if (err->kind == ZM_ERR_PRIVILEGE && !err->hint[0])
        zm_error_hint(err, "health names this role; the checklist says which privileges it needs");
    return false;
}

/* The SQLSTATE in "FATAL:  28P01: text" as verbose messages have it; "" when there is none. */
static void find_sqlstate(const char *text, char ret[6])
{
    const char *at;
    size_t i;

    ret[0] = '\0';
    for (at = strstr(text, ":  "); at; at = strstr(at + 1, ":  ")) {
        for (i = 0; i < 5; i++)
            if (!isupper((unsigned char)at[3 + i]) && !isdigit((unsigned char)at[3 + i]))
                break;
        if (i == 5 && at[8] == ':') {
            memcpy(ret, at + 3, 5);
            ret[5] = '\0';
            return;
        }
    }
}

/* The server's own words out of the verbose text: after the SQLSTATE, to the end of the line. */
static void copy_words(char *dst, size_t size, const char *text, const char *sqlstate)
{
    const char *from = sqlstate[0] ? strstr(text, sqlstate) : NULL;
    char line[512];

    zm_copy(line, sizeof(line), from ? from + 7 : text);
    line[strcspn(line, "\n")] = '\0';
    zm_error_copy(dst, size, line);
}

static const struct refusal_row *find_refusal(const char *sqlstate, const char *text)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(refusals); i++) {
        const struct refusal_row *row = &refusals[i];

        if (row->sqlstate && strncmp(sqlstate, row->sqlstate, strlen(row->sqlstate)) != 0)
            continue;
        if (row->contains && !strstr(text, row->contains))
            continue;
        return row;
    }
    return NULL;
}

/* Whether what the server says reached us as it was sent. */
static bool is_trusted(const struct db_link *link)
{
    const char *host = PQhost(link->conn);

    return PQsslInUse(link->conn) || link->target->allow_insecure_tls || !host || !host[0] ||
           host[0] == '/' || host[0] == '@' || zm_streq(host, "localhost") ||
           strncmp(host, "127.", 4) == 0 || zm_streq(host, "::1");
}

/* Our own words for a row, with what they are about. */
static void word(struct zm_error *err, const struct db_link *link, const char *message)
{
    const char *host = zm_text(PQhost(link->conn));

    if (zm_streq(message, auth_failed))
        snprintf(err->message, sizeof(err->message), "%s for role %.200s", message,
                 zm_text(PQuser(link->conn)));
    else if (err->kind == ZM_ERR_CONNECT)
        snprintf(err->message, sizeof(err->message), "%s (%.100s%sport %s)", message, host,
                 host[0] ? " " : "", zm_text(PQport(link->conn)));
    else
        zm_error_copy(err->message, sizeof(err->message), message);
}

/* A role other than postgres, through Supabase's pooler: reports of whether that works conflict. */
static bool is_own_role_at_pooler(const struct db_link *link)
{
    static const char pooler[] = ".pooler.supabase.com", owner[] = "postgres";
    const char *host = zm_text(PQhost(link->conn)), *user = zm_text(PQuser(link->conn));
    size_t n = strlen(host), role = strcspn(user, ".");

    return n > strlen(pooler) && zm_streq(host + n - strlen(pooler), pooler) &&
           (role != strlen(owner) || strncmp(user, owner, role) != 0);
}

bool db_error_connect(struct zm_error *err, const struct db_link *link)
{
    const char *text = PQerrorMessage(link->conn);
    const struct refusal_row *row;
    char sqlstate[6];

    if (!err)
        return false;
    find_sqlstate(text, sqlstate);
    row = find_refusal(sqlstate, text);
    zm_error_set(err, row ? row->kind : ZM_ERR_CONNECT, db_side_name(link->target->side), "connect",
                 "the connection was refused");
    if (row)
        zm_error_copy(err->hint, sizeof(err->hint), row->hint);
    if (row && row->kind == ZM_ERR_AUTH && is_own_role_at_pooler(link))
        zm_error_hint(err,
                      "a role of your own may be refused by Supabase's pooler: use the direct "
                      "host db.PROJECT.supabase.co (IPv6); %s",
                      row->hint);
    if (row && row->message)
        word(err, link, row->message);
    if (!is_trusted(link))
        return false;
    zm_error_copy(err->sqlstate, sizeof(err->sqlstate), sqlstate);
    if (row && row->message)
        copy_words(err->detail, sizeof(err->detail), text, sqlstate);
    else
        copy_words(err->message, sizeof(err->message), text, sqlstate);
    return false;
}

bool db_error_lost(struct zm_error *err, const struct db_link *link, const char *what)
{
    const char *text = PQerrorMessage(link->conn);
    const struct zm_error *last = link->n_notices ? &link->notice[link->n_notices - 1] : NULL;
    bool said = last && strncmp(last->sqlstate, "57P", 3) == 0;

    zm_error_set(err, ZM_ERR_LOST, db_side_name(link->target->side), what, "%s",
                 strstr(text, "closed the connection") ? "the server closed the connection"
                                                       : "the connection broke");
    if (!err)
        return false;
    if (said) {
        zm_error_copy(err->message, sizeof(err->message), last->message);
        zm_error_copy(err->sqlstate, sizeof(err->sqlstate), last->sqlstate);
    }
    copy_words(err->detail, sizeof(err->detail), text, "");
    return false;
}
