/*
 * Who is at the keyboard, for the journal: collected once at start. The database role is what the
 * server says; the rest is what this machine claims.
 */
#ifndef DB_OPERATOR_H
#define DB_OPERATOR_H

struct db_operator {
    char os_user[64];  /* of getuid() */
    char loginuid[16]; /* /proc/self/loginuid, "" where there is none */
    char ssh[128];     /* SSH_CONNECTION, "" outside SSH */
    char host[64];
    char version[32]; /* of this program */
};

/* Reads small local files and the environment; does not ask a name server. */
void db_operator_self(struct db_operator *ret, const char *version);

#endif
