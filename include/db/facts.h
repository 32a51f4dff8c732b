/*
 * What is known of a connected server: a plain value that is copied from a lane to the screen.
 */
#ifndef DB_FACTS_H
#define DB_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "db/side.h"
#include "zm/error.h"

enum db_via { DB_VIA_DIRECT, DB_VIA_SESSION_POOLER, DB_VIA_TRANSACTION_POOLER, DB_VIA_SOCKET };

enum db_logins {
    DB_LOGINS_NONE,  /* neither relation can be read */
    DB_LOGINS_TABLE, /* auth.users */
    DB_LOGINS_VIEW,  /* zmartctl.users */
};

struct db_facts {
    enum db_side side;
    char host[128]; /* as configured; a directory for a unix socket */
    char port[8];
    char dbname[64];
    char project[64]; /* "" when the profile names none */
    char role[64];    /* session_user */
    char server[64];  /* "15.18" */
    int version;      /* 150018 */
    char tls[48];     /* "verify-full", "unix socket", "loopback", "INSECURE require" */
    bool insecure;    /* below verify-full and allowed by the profile: the permanent banner */
    enum db_via via;
    char system[24]; /* system identifier; "" when it may not be read */
    char database_oid[12];
    bool standby;        /* pg_is_in_recovery() */
    bool read_only;      /* default_transaction_read_only */
    bool first_contact;  /* was not in `known` */
    bool changed_server; /* differs from `known`: writes wait for `init --accept` */
    enum db_logins logins;
    int64_t estimate; /* users: rows of logins (Brain) or of user_trading_profiles (Bot) by the
                         planner's statistics; -1 unknown */
    uint64_t indexes; /* bit i: wanted index i (db/indexes.h) is there and valid */
    bool journal_unprotected; /* Brain: anon or authenticated may write user_activity */
    bool misplaced;           /* tables of the other side are here too: a warning */
    char hidden[128];         /* tables whose rows row security hides from this role, "" for none */
    char writable[128];       /* "4 of 5 tables": what this role may write */
    char warnings[512];       /* one a line: old libpq, shared role, unknown newer server, misplaced
                                 tables */
};

enum db_state {
    DB_OFF, /* not asked for yet */
    DB_CONNECTING,
    DB_UP,
    DB_RETRY,   /* lost or could not connect; the next try is at retry_at_ms */
    DB_STOPPED, /* refused (authentication, TLS, identity): waits for the person */
};

/* A side as the screens see it; published by its view lane on every change. */
struct db_status {
    enum db_side side;
    enum db_state state;
    int64_t since_ms;      /* monotonic: when this state began */
    int64_t retry_at_ms;   /* DB_RETRY */
    int tries;             /* failed tries in a row */
    int rtt_ms;            /* of the last round trip; -1 before one */
    struct zm_error err;   /* DB_RETRY, DB_STOPPED: why */
    struct db_facts facts; /* as last known; zeroed before the first connection */
};

#endif
